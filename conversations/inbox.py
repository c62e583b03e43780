"""What was delivered and is not answered yet: stored before it is acknowledged, so that no crash loses it."""

import asyncio
import json
import logging
import time
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from conversations.database import INBOX, Database, StorageError

logger = logging.getLogger(__name__)


class Delivery(NamedTuple):
    """One delivery, by the key that its service gave it."""

    key: str
    payload: Any


class Inbox:
    """Deliveries of all channels. Where the database fails, they are answered all the same, from memory."""

    def __init__(self, database: Database) -> None:
        """Takes the database of conversations."""
        self._database = database

    async def put(self, channel: str, key: str, payload: Any, sender_id: str | None = None) -> bool:
        """Stores a delivery; returns False where it came before."""
        try:
            return await asyncio.to_thread(self._put, channel, key, payload, sender_id)
        except StorageError as error:
            logger.error("Delivery kept in memory, the database failed: %s", error)
            return True

    async def done(self, channel: str, key: str) -> None:
        """Notes that a delivery is answered: its text goes, its key stays."""
        try:
            await asyncio.to_thread(self._done, channel, key)
        except StorageError as error:
            logger.error("Delivery not marked as answered, the database failed: %s", error)

    async def waiting(self, channel: str) -> list[Delivery]:
        """Returns what was not answered before the last stop, in the order of arrival."""
        try:
            return await asyncio.to_thread(self._waiting, channel)
        except StorageError as error:
            logger.error("Deliveries not read, the database failed: %s", error)
            return []

    def _put(self, channel: str, key: str, payload: Any, sender_id: str | None) -> bool:
        row = {"channel": channel, "delivery_key": key, "sender_id": sender_id, "received": time.time()}
        try:
            with self._database.transaction() as connection:
                connection.execute(sa.insert(INBOX), {**row, "payload": json.dumps(payload)})
        except StorageError as error:
            if isinstance(error.__cause__, IntegrityError):
                return False
            raise
        return True

    def _done(self, channel: str, key: str) -> None:
        this = (INBOX.c.channel == channel) & (INBOX.c.delivery_key == key)
        with self._database.transaction() as connection:
            connection.execute(sa.update(INBOX).where(this).values(payload=None))

    def _waiting(self, channel: str) -> list[Delivery]:
        these = (INBOX.c.channel == channel) & INBOX.c.payload.is_not(None)
        query = sa.select(INBOX.c.delivery_key, INBOX.c.payload).where(these).order_by(INBOX.c.id)
        with self._database.transaction() as connection:
            return [Delivery(row.delivery_key, json.loads(row.payload)) for row in connection.execute(query)]
