"""Conversations of browsers on a real store: stored, then acknowledged; saved, then shown; answered once."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered

from channels.web.conversations import Connection, Conversations
from conversations.order import ConversationLock
from conversations.store import ConversationStore


class Browser:
    """A socket that keeps what is sent, and can be waited for."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []

    async def send(self, message: str) -> None:
        self.frames.append(json.loads(message))

    async def close(self) -> None:
        pass

    async def until(self, kind: str, number: int = 1) -> None:
        while [frame["type"] for frame in self.frames].count(kind) < number:
            await asyncio.sleep(0.005)


class Assistant:
    """An assistant that answers "yes?", and not before it may."""

    def __init__(self, store: ConversationStore) -> None:
        self.agent: Any = SimpleNamespace(tracker_store=store, lock_store=ConversationLock(), domain=Domain.empty())
        self.store = store
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.heard: list[str] = []
        self.conversations = Conversations(self._handle, {})

    async def _handle(self, message: UserMessage) -> None:
        await self.may_answer.wait()
        self.heard.append(message.text)
        tracker = await self.store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        tracker.update(BotUttered("yes?"))
        await message.output_channel.send_response(message.sender_id, {"text": "yes?"})
        await self.store.save(tracker)

    async def open(self, session: str) -> tuple[Connection, Browser]:
        browser = Browser()
        connection = Connection(browser, "203.0.113.5")
        await self.conversations.join(connection, session, "token", self.agent)
        return connection, browser

    async def say(self, connection: Connection, number: int) -> None:
        await self.conversations.receive(connection, f"{number}", f"message {number}", "", self.agent)

    async def done(self) -> None:
        while self.conversations._tasks:
            await asyncio.wait(self.conversations._tasks)


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ConversationStore]:
    monkeypatch.setenv("CONVERSATIONS_URL", f"sqlite:///{tmp_path}/conversations.db")
    opened = ConversationStore(Domain.empty())
    yield opened
    await opened.close()


async def test_nothing_is_shown_before_it_is_saved(store: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = Assistant(store)
    connection, browser = await assistant.open("a")
    saved: list[bool] = []
    show = browser.send

    async def send(message: str) -> None:
        if json.loads(message)["type"] == "bot":
            record = await store.retrieve_full_tracker("a")
            saved.append(any(isinstance(event, BotUttered) for event in record.events))
        await show(message)

    monkeypatch.setattr(browser, "send", send)
    await assistant.say(connection, 0)
    await browser.until("done")
    assert saved == [True]


async def test_what_was_acknowledged_is_answered_after_a_crash_in_order(store: ConversationStore) -> None:
    crashed = Assistant(store)
    connection, browser = await crashed.open("a")
    crashed.may_answer.clear()
    for number in range(3):
        await crashed.say(connection, number)
    await browser.until("ack", 3)
    restarted = Assistant(store)  # while what waits in the other one never goes on
    await restarted.conversations.resume(restarted.agent)
    await restarted.done()
    assert restarted.heard == ["message 0", "message 1", "message 2"]
    assert await store.inbox.waiting("web") == []
    _, browser = await restarted.open("a")
    assert [message["text"] for message in browser.frames[0]["history"]] == [
        text for number in range(3) for text in (f"message {number}", "yes?")
    ]


async def test_what_is_sent_again_after_a_crash_is_answered_once(store: ConversationStore) -> None:
    first = Assistant(store)
    connection, browser = await first.open("a")
    await first.say(connection, 0)
    await browser.until("done")
    await first.done()
    restarted = Assistant(store)
    await restarted.conversations.resume(restarted.agent)
    other, browser = await restarted.open("b")  # a tab that does not know the history
    other.conversation.session = "a"  # type: ignore[union-attr]
    await restarted.say(other, 0)
    await browser.until("done")
    assert (first.heard, restarted.heard) == (["message 0"], [])


async def test_what_waits_when_a_conversation_is_deleted_is_gone(store: ConversationStore) -> None:
    assistant = Assistant(store)
    connection, browser = await assistant.open("a")
    assistant.may_answer.clear()
    await assistant.say(connection, 0)
    await assistant.say(connection, 1)
    assert connection.conversation
    deletion = asyncio.create_task(
        assistant.conversations.delete(connection.conversation, "new", "token", assistant.agent)
    )
    await assistant.say(connection, 2)
    assistant.may_answer.set()
    await deletion
    await assistant.done()
    assert assistant.heard == ["message 0", "message 1"]
    assert await store.retrieve("a") is None
    assert await store.inbox.waiting("web") == []
