"""The lock store: order within a conversation, none between conversations."""

import asyncio

import pytest
from rasa.core.lock_store import LockError

from conversations.order import ConversationLock


async def test_messages_of_one_conversation_wait_in_order() -> None:
    store, served = ConversationLock(), []

    async def message(number: int) -> None:
        async with store.lock("one"):
            await asyncio.sleep(0)
            served.append(number)

    await asyncio.gather(*(message(number) for number in range(20)))
    assert served == list(range(20))
    assert not store._locks


async def test_conversations_do_not_wait_for_each_other() -> None:
    store = ConversationLock()
    async with store.lock("one"), store.lock("another"):
        pass


async def test_a_message_that_waits_too_long_says_so_and_leaves_no_trace() -> None:
    store = ConversationLock()
    async with store.lock("one"):
        with pytest.raises(LockError, match="Earlier messages took more than 0.01 s"):
            async with store.lock("one", lock_lifetime=0.01):
                pass
    async with store.lock("one", lock_lifetime=0.01):
        pass
