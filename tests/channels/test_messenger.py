"""What the connectors share, on a real conversation store: buttons that last, patience that ends."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.messenger import MAX_WAITING, TOO_FAST, Messenger, Output, Place, Press, Reply
from conversations.deliveries import REMEMBERED, Deliveries
from conversations.store import ConversationStore
from conversations.summary import TURNS

PAYLOAD = '/find_exercises{"body_area": "' + "k" * 2000 + '"}'


class Chat(Place):
    """A place that keeps what is sent."""

    def __init__(self, sender_id: str) -> None:
        self.sender_id = sender_id
        self.sent: list[Reply] = []
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, reply: Reply) -> None:
        await self.open.wait()
        self.sent.append(reply)


class Click(Press):
    """A press that keeps what came of it."""

    def __init__(self, token: str, message: str = "1") -> None:
        self.token, self.message = token, message
        self.outcome: list[str | None] = []

    async def accept(self, title: str | None) -> None:
        self.outcome.append(title)

    async def refuse(self, text: str) -> None:
        self.outcome.append(text)


class Channel(Messenger):
    """A connector whose assistant offers one long button, and says what it was told."""

    app_name = "Test"

    @classmethod
    def name(cls) -> str:
        return "test"

    def __init__(self, store: ConversationStore) -> None:
        super().__init__()
        self._server = SimpleNamespace(ctx=SimpleNamespace(agent=SimpleNamespace(tracker_store=store)))  # type: ignore
        self._on_new_message = self._handle
        self.heard: list[str] = []
        self.chats: dict[str, Chat] = {}

    def receive(self, payload: Any) -> None:
        self.answer(self.chats[payload["chat"]], payload["text"])

    async def _handle(self, message: UserMessage) -> None:
        self.heard.append(message.text)
        tracker = await self.store.get_or_create_tracker(message.sender_id, append_action_listen=False)
        offer = BotUttered("Which?", {"buttons": [{"title": "This one", "payload": PAYLOAD}]})
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        tracker.update(offer)
        await self.store.save(tracker)
        await message.output_channel.send_response(message.sender_id, offer.message())

    async def done(self) -> None:
        while self._tasks:
            await asyncio.wait(self._tasks)


@pytest.fixture
async def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ConversationStore]:
    monkeypatch.setenv("CONVERSATIONS_URL", f"sqlite:///{tmp_path}/conversations.db")
    opened = ConversationStore(Domain.empty())
    yield opened
    await opened.close()


async def test_a_long_payload_fits_every_button(store: ConversationStore) -> None:
    channel, chat = Channel(store), Chat("a")
    channel.answer(chat, "hello")
    await channel.done()
    (button,) = chat.sent[0].buttons
    assert len(button.token.encode()) <= 64
    click = Click(button.token)
    channel.press(chat, click)
    await channel.done()
    assert click.outcome == ["This one"]
    assert channel.heard == ["hello", PAYLOAD]


async def test_a_button_survives_a_restart(store: ConversationStore) -> None:
    channel, chat = Channel(store), Chat("a")
    channel.answer(chat, "hello")
    await channel.done()
    for number in range(3 * TURNS):  # long ago, too
        channel.answer(chat, f"message {number}")
        await channel.done()
    await store.close()
    again = Channel(ConversationStore(Domain.empty()))
    click = Click(chat.sent[0].buttons[0].token)
    again.press(chat, click)
    await again.done()
    assert click.outcome == ["This one"]
    assert again.heard == [PAYLOAD]


async def test_buttons_of_others_are_refused(store: ConversationStore) -> None:
    channel, ann, ben = Channel(store), Chat("ann"), Chat("ben")
    channel.answer(ann, "hello")
    channel.answer(ben, "hello")
    await channel.done()
    click = Click(ann.sent[0].buttons[0].token)
    channel.press(ben, click)
    await channel.done()
    assert click.outcome != ["This one"]
    assert channel.heard == ["hello", "hello"]


@pytest.mark.parametrize(("payload", "found"), [("/affirm", None), ("/deny", None), ("/ask_help", "/ask_help")])
async def test_yes_and_no_end_with_their_question(store: ConversationStore, payload: str, found: str | None) -> None:
    channel = Channel(store)
    offer = BotUttered("Numb?", {"buttons": [{"title": "Choice", "payload": payload}]})
    events: list[Event] = [SessionStarted(), ActionExecuted("action_listen"), UserUttered("hello"), offer]
    await store.save(DialogueStateTracker.from_events("a", events, domain=Domain.empty()))
    output = Output()
    await output.send_response("a", offer.message())
    token = output.replies[0].buttons[0].token
    assert await channel.find_offer("a", token) == ("Choice", payload)
    tracker = await store.retrieve("a")
    assert tracker
    tracker.update(UserUttered("what do you mean?"))
    await store.save(tracker)
    assert (await channel.find_offer("a", token))[1] == found


async def test_patience_ends(store: ConversationStore) -> None:
    channel, chat, other = Channel(store), Chat("a"), Chat("b")
    chat.open.clear()
    for number in range(3 * MAX_WAITING):
        channel.answer(chat, f"message {number}")
    channel.answer(other, "hello")
    while not other.sent:
        await asyncio.sleep(0)
    chat.open.set()
    await channel.done()
    assert [reply.text for reply in chat.sent] == ["Which?"] * MAX_WAITING + [TOO_FAST]
    assert [text for text in channel.heard if text != "hello"] == [f"message {number}" for number in range(MAX_WAITING)]


async def test_nothing_is_remembered_for_ever() -> None:
    deliveries = Deliveries()
    assert deliveries.is_new("a", 1)
    assert not deliveries.is_new("a", 1)
    for number in range(REMEMBERED):
        deliveries.is_new("b", number)
    assert deliveries.is_new("a", 1)


# --- Stored, then acknowledged ---


async def restart(channel: Channel, store: ConversationStore) -> Channel:
    """Returns the channel as a start after a crash has it: it takes what was not answered."""
    again = Channel(store)
    again.chats = channel.chats
    for delivery in await store.inbox.waiting("test"):
        again._begin(delivery, again=True)
    await again.done()
    return again


async def test_what_was_acknowledged_is_answered_after_a_crash_in_order(store: ConversationStore) -> None:
    channel = Channel(store)
    channel.chats = {"a": Chat("a")}
    channel._begin = lambda delivery, again: None  # type: ignore[assignment]  # the crash, right after it was stored
    for number in range(3):
        await channel.take(f"{number}", {"chat": "a", "text": f"message {number}"})
    again = await restart(channel, store)
    assert again.heard == ["message 0", "message 1", "message 2"]
    assert len(channel.chats["a"].sent) == 3
    assert await store.inbox.waiting("test") == []


async def test_what_was_answered_but_not_sent_is_sent_after_a_crash_and_not_answered_twice(
    store: ConversationStore,
) -> None:
    channel, chat = Channel(store), Chat("a")
    channel.chats = {"a": chat}
    chat.open.clear()
    await channel.take("1", {"chat": "a", "text": "hello"})
    while not await store.retrieve("a"):
        await asyncio.sleep(0.01)
    for task in channel._tasks:  # the crash, while it is being sent
        task.cancel()
    chat.open.set()
    again = await restart(channel, store)
    assert (channel.heard, again.heard) == (["hello"], [])
    assert [reply.text for reply in chat.sent] == ["Which?"]


async def test_a_delivery_that_comes_twice_is_answered_once_also_after_a_restart(store: ConversationStore) -> None:
    channel = Channel(store)
    channel.chats = {"a": Chat("a")}
    for _ in range(2):
        await channel.take("1", {"chat": "a", "text": "hello"})
        await channel.done()
    again = Channel(store)
    again.chats = channel.chats
    await again.take("1", {"chat": "a", "text": "hello"})
    await again.done()
    assert (channel.heard, again.heard) == (["hello"], [])


async def test_with_the_database_gone_a_delivery_is_answered_all_the_same(
    store: ConversationStore, tmp_path: Path
) -> None:
    channel = Channel(store)
    channel.chats = {"a": Chat("a")}
    for file in tmp_path.glob("conversations.db*"):
        file.unlink()
    (tmp_path / "conversations.db").mkdir()  # something that is no database
    await channel.take("1", {"chat": "a", "text": "hello"})
    await channel.done()
    assert [reply.text for reply in channel.chats["a"].sent] == ["Which?"]


async def test_no_text_stays_in_the_inbox(store: ConversationStore, tmp_path: Path) -> None:
    channel = Channel(store)
    channel.chats = {"a": Chat("a")}
    await channel.take("1", {"chat": "a", "text": "hello xylo"})
    await channel.done()
    with sqlite3.connect(tmp_path / "conversations.db") as database:
        assert database.execute("SELECT channel, delivery_key, payload FROM inbox").fetchall() == [("test", "1", None)]
