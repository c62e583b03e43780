"""Whose turn it is: in order within a conversation, and nobody's messages keep all the others waiting."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore


class ConversationLock(LockStore):
    """One asyncio lock a conversation, for a single server process.

    Rasa's own lock stores look once a second whether it is their turn.
    """

    def __init__(self, endpoint: Any = None, **kwargs: Any) -> None:
        """Creates an empty store; `endpoint` is the entry of endpoints.yml, which has no options."""
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = 1,
    ) -> AsyncGenerator[None, None]:
        """Waits for the messages that came before, at most `lock_lifetime` seconds.

        Raises:
            LockError: They took longer than that.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._users[conversation_id] = self._users.get(conversation_id, 0) + 1
        try:
            try:
                await asyncio.wait_for(lock.acquire(), lock_lifetime)
            except TimeoutError:
                raise LockError(f"Earlier messages took more than {lock_lifetime} s.") from None
            try:
                yield
            finally:
                lock.release()
        finally:
            self._users[conversation_id] -= 1
            if not self._users[conversation_id]:
                del self._users[conversation_id], self._locks[conversation_id]


class Shares:
    """Lets so many pieces of work of each key go on at once; the others of that key wait, in order."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._shares: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, key: str) -> AsyncGenerator[None, None]:
        """Waits for a share of `key`."""
        share = self._shares.setdefault(key, asyncio.Semaphore(self._most))
        async with share:
            yield
