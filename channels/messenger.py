"""What the connectors of chat apps have in common: order, buttons, commands, deletion and errors."""

import asyncio
import hashlib
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic

from channels.commands import COMMANDS
from channels.markup import clean
from conversations.deliveries import Deliveries
from conversations.inbox import Delivery
from conversations.limits import shorten
from conversations.order import ConversationLock
from conversations.store import ConversationStore, unwrap
from library.pictures.png import picture_png
from settings import Settings

log = structlog.get_logger()

# Alone in its message: "/help my foot is numb" is a message like any other.
_COMMAND = re.compile(rf"/({'|'.join(COMMANDS)})(@\w+)?\s*", re.IGNORECASE)

FAILED = "Sorry, something went wrong on my side. Please send that again in a moment."
ONLY_TEXT = "I can read text only. Please write what you would like to know."
EDITED = "I don't see changes to a message that you have already sent. Please send it again as a new message."
NOT_OFFERED = "This button is no longer in use, or is meant for somebody else. Please write what you would like."
TOO_FAST = "You write faster than I can answer. Please wait for my answers, then send the rest again."
HELP = (
    "{slash}stop stops the questions, {slash}delete deletes our conversation. "
    "I delete what is older than {days:g} days anyway, and I never write first."
)
STOPPED = "I have stopped, and I never write first. Write to me whenever you want to go on."
ASK_DELETE = (
    "Shall I delete our conversation? I then forget all that you told me here. "
    "If I asked you to see a doctor, that advice still holds."
)
DELETED = (
    "I have deleted our conversation. The messages that you see here are kept by {app}; delete them there if you like."
)
KEPT = "Nothing was deleted."
DELETE, KEEP = "Delete it", "Keep it"
ANSWERS = {"/affirm", "/deny"}

MAX_WAITING = 20  # messages of one conversation
TURN_SECONDS = 300  # how long a message waits for those before it
STOP_SECONDS = 10  # how long a stopping server waits for answers


class _Current(NamedTuple):
    """The delivery that is being handled; `again`: after a restart."""

    key: str
    again: bool


_CURRENT: ContextVar[_Current | None] = ContextVar("delivery", default=None)


@dataclass(frozen=True)
class Button:
    """A choice; `token` comes back when it is pressed, and means nothing to others."""

    title: str
    token: str


@dataclass(frozen=True)
class Picture:
    """The picture of an exercise: its slug, its name, and what it shows in words."""

    slug: str
    name: str
    text: str


@dataclass(frozen=True)
class Reply:
    """A message to a person, in light Markdown, below a picture if there is one."""

    text: str
    buttons: tuple[Button, ...] = ()
    picture: Picture | None = None


class Place(ABC):
    """One person in one chat: where a conversation takes place."""

    sender_id: str

    @abstractmethod
    async def send(self, reply: Reply) -> None:
        """Sends a message; raises an error of the service."""

    async def show(self, picture: Picture, png: bytes) -> None:
        """Sends a picture, where the app can; raises an error of the service."""
        return None

    async def typing(self) -> None:
        """Shows that an answer is on its way, where the app can; raises nothing."""
        return None


class Press(ABC):
    """A button that somebody pressed."""

    token: str
    message: str  # the message that it belongs to

    @abstractmethod
    async def accept(self, title: str | None) -> None:
        """Acknowledges it; with a title, replaces the message's buttons by that choice."""

    @abstractmethod
    async def refuse(self, text: str) -> None:
        """Tells the one who pressed it, and nobody else, why nothing happens."""


class Rehearsal(Place):
    """A place that nobody sees."""

    def __init__(self, sender_id: str) -> None:
        self.sender_id = sender_id
        self.heard: list[str] = []

    async def send(self, reply: Reply) -> None:
        """Keeps the text."""
        self.heard.append(reply.text)


class Output(OutputChannel):
    """Collects replies. They go out once the conversation is saved: a network error then costs no state."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps text, buttons and picture. The rest of a card (`custom`) repeats the text, so it is left out."""
        if message.get("text"):
            buttons = (Button(offer["title"], _token(message, offer)) for offer in _offers(message))
            self.replies.append(Reply(message["text"], tuple(buttons), _picture(message)))


class Messenger(InputChannel):
    """A connector of a chat app; subclasses translate between the app and `Place`, `Press` and `Reply`."""

    app_name = ""
    slash = "/"  # what a command begins with

    def __init__(self) -> None:
        self.deliveries = Deliveries()
        self._turns = ConversationLock()
        self._waiting: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: Sanic | None = None
        self._on_new_message: Callable[[UserMessage], Awaitable[Any]] | None = None

    def connect(self, blueprint: Blueprint, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> None:
        """Ties the channel to Rasa: how messages are handed over, and what happens at start and stop."""
        self._on_new_message = on_new_message

        @blueprint.listener("after_server_start")
        async def start(app: Sanic, _: Any) -> None:
            self._server = app
            waiting = await self.store.inbox.waiting(self.name())
            await self.start()
            for delivery in waiting:  # what a crash or the end of the server left unanswered
                self._begin(delivery, again=True)

        @blueprint.listener("before_server_stop")
        async def stop(_: Sanic, __: Any) -> None:
            await self.stop()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
            await self.close()

    async def start(self) -> None:
        """Begins to fetch messages, where the app doesn't deliver them."""

    async def stop(self) -> None:
        """Takes no more messages."""

    async def close(self) -> None:
        """Frees the connections to the app."""

    async def self_test(self, text: str, agent: Agent) -> tuple[str, list[str]] | None:
        """Answers a text as if somebody had written it; None where the channel is off."""
        if self._on_new_message is None:
            return None
        place = Rehearsal(f"{self.name()}-self-test")
        async with self._turns.lock(place.sender_id, TURN_SECONDS):
            await self._answer(place, text)
        return place.sender_id, place.heard

    def reason(self, error: Exception) -> str:
        """Returns what may be logged of an error: nothing that a person said."""
        return type(error).__name__

    def receive(self, payload: Any) -> Any:
        """Takes what the app delivered; never raises, answers in the background, returns what to show at once."""
        raise NotImplementedError

    async def take(self, key: str | None, payload: Any) -> Any:
        """Stores what the app delivered and takes it; only then may it be acknowledged.

        Args:
            key: How the app names the delivery, and names it again when it delivers it twice; None: it doesn't.
            payload: Whatever `receive` wants.

        Returns:
            What `receive` returns; None for what came before.
        """
        if key is None:
            return self.receive(payload)
        if not await self.store.inbox.put(self.name(), key, payload):
            return None
        return self._begin(Delivery(key, payload), again=False)

    def _begin(self, delivery: Delivery, again: bool) -> Any:
        before = set(self._tasks)
        token = _CURRENT.set(_Current(delivery.key, again))
        try:
            answer = self.receive(delivery.payload)
        finally:
            _CURRENT.reset(token)
        self._keep(asyncio.create_task(self._finish(delivery.key, self._tasks - before)))
        return answer

    async def _finish(self, key: str, tasks: set[asyncio.Task[None]]) -> None:
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.store.inbox.done(self.name(), key)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def answer(self, place: Place, text: str) -> None:
        """Answers what somebody wrote: soon, after what they wrote before."""
        self.soon(place, lambda: self._answer(place, text))

    def say(self, place: Place, text: str) -> None:
        """Says something of the channel's own."""
        self.soon(place, lambda: place.send(Reply(text)))

    def press(self, place: Place, press: Press) -> None:
        """Does what a button stands for."""
        self.soon(place, lambda: self._press(place, press))

    def soon(self, place: Place, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Does the work in the background, in order within a conversation."""
        waiting = self._waiting[place.sender_id]
        if waiting > MAX_WAITING:  # they have been told
            log.warning(f"{self.name()}.flood")
            return
        if waiting == MAX_WAITING:
            work = lambda: place.send(Reply(TOO_FAST))  # noqa: E731
        self._waiting[place.sender_id] += 1
        self._keep(asyncio.create_task(self._take_turn(place, work)))

    async def _take_turn(self, place: Place, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            async with self._turns.lock(place.sender_id, TURN_SECONDS):
                try:
                    if not await self._say_again(place):
                        await work()
                except Exception as error:  # whatever it was, the person gets a sentence, and the log no text of theirs
                    log.error(f"{self.name()}.message.failed", reason=self.reason(error))
                    await place.send(Reply(FAILED))
        except Exception as error:
            log.error(f"{self.name()}.unreachable", reason=self.reason(error))
        finally:
            self._waiting[place.sender_id] -= 1
            if not self._waiting[place.sender_id]:
                del self._waiting[place.sender_id]

    async def _say_again(self, place: Place) -> bool:
        """Sends the replies to a delivery that was answered just before a crash; returns whether it was."""
        current = _CURRENT.get()
        if not (current and current.again):
            return False
        tracker = await self.store.retrieve(place.sender_id)
        output, found = Output(), False
        for event in tracker.events if tracker else []:
            if isinstance(event, UserUttered):
                found = event.message_id == current.key
            elif found and isinstance(event, BotUttered):
                await output.send_response(place.sender_id, event.message())
        for reply in output.replies:
            await place.send(reply)
        return bool(output.replies)

    async def _answer(self, place: Place, text: str) -> None:
        text = clean(text)
        if command := _COMMAND.fullmatch(text):
            await self._obey(place, command[1].lower())
            return
        text, refusal = shorten(text)
        # What is typed is never taken for an intent or a payload.
        text = text.lstrip("/ \n\t")
        if refusal or not text:
            await place.send(Reply(refusal or ONLY_TEXT))
        else:
            await self._ask(place, text)

    async def _obey(self, place: Place, command: str) -> None:
        if command == "start":
            await self._ask(place, "/greet")
        elif command == "help":
            await self._ask(place, "/ask_help")
            await place.send(Reply(HELP.format(slash=self.slash, days=Settings().retention_days)))
        elif command == "stop":
            tracker = await self.store.retrieve(place.sender_id)
            if tracker and tracker.active_loop_name:
                await self._ask(place, "/stop_assessment")
            await place.send(Reply(STOPPED))
        elif command == "delete":
            buttons = tuple(Button(title, digest(title + place.sender_id)) for title in (DELETE, KEEP))
            await place.send(Reply(ASK_DELETE, buttons))

    async def _ask(self, place: Place, text: str) -> None:
        assert self._on_new_message
        output = Output()
        typing = asyncio.create_task(place.typing())
        current = _CURRENT.get()
        key = current.key if current else None
        message = UserMessage(text, output, place.sender_id, input_channel=self.name(), message_id=key)
        await self._on_new_message(message)
        await typing
        for reply in output.replies or [Reply(FAILED)]:
            if reply.picture:
                await self._show(place, reply.picture)
            await place.send(reply)

    async def _show(self, place: Place, picture: Picture) -> None:
        """Shows a picture. Where that fails, the words that follow matter more."""
        try:
            await place.show(picture, await asyncio.to_thread(picture_png, picture.slug))
        except Exception as error:
            log.warning(f"{self.name()}.picture.failed", slug=picture.slug, reason=self.reason(error))

    async def _press(self, place: Place, press: Press) -> None:
        own = {digest(title + place.sender_id): title for title in (DELETE, KEEP)}
        title = own.get(press.token)
        payload = None
        if not title:
            title, payload = await self.find_offer(place.sender_id, press.token)
        if not title:
            await press.refuse(NOT_OFFERED)
        elif not self.deliveries.is_new("used", press.message):
            await press.accept(None)
        else:
            await press.accept(title)
            if payload:
                await self._ask(place, payload)
            elif title == DELETE:
                async with self.agent.lock_store.lock(place.sender_id):
                    await self.store.delete(place.sender_id)
                await place.send(Reply(DELETED.format(app=self.app_name)))
            else:
                await place.send(Reply(KEPT))

    async def find_offer(self, sender_id: str, token: str) -> tuple[str | None, str | None]:
        """Returns title and payload of a button that the assistant offered in this conversation.

        "Yes" and "No" are answers to one question only: once something else was said, they are gone.
        """
        for load in (self.store.retrieve, self.store.retrieve_full_tracker):
            tracker: DialogueStateTracker | None = await load(sender_id)
            past = False
            for event in reversed(tracker.events if tracker else []):
                past = past or isinstance(event, UserUttered)
                if isinstance(event, BotUttered):
                    message = event.message()
                    for offer in _offers(message):
                        if _token(message, offer) == token and not (past and offer["payload"] in ANSWERS):
                            return offer["title"], offer["payload"]
        return None, None

    @property
    def agent(self) -> Agent:
        """The running assistant."""
        assert self._server
        return self._server.ctx.agent

    @property
    def store(self) -> ConversationStore:
        """The conversations, without the wrappers that Rasa puts around them."""
        return unwrap(self.agent.tracker_store)


def _offers(message: dict[str, Any]) -> list[dict[str, str]]:
    return [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]


def _picture(message: dict[str, Any]) -> Picture | None:
    card = message.get("custom") or {}
    return Picture(card["slug"], card["name"], card["picture_text"]) if card.get("picture") else None


def _token(message: dict[str, Any], offer: dict[str, str]) -> str:
    return digest(f"{message['timestamp']} {offer['payload']}")


def digest(text: str) -> str:
    """Returns 32 characters that stand for a text, short enough for every app's buttons."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
