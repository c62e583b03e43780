"""Conversations that browsers have open: order, several tabs, nothing answered twice."""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, NamedTuple, Protocol

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import UserUttered

from channels.web import messages as web_messages
from channels.web.messages import Message
from conversations.limits import shorten
from conversations.order import Shares
from conversations.payloads import as_sent
from conversations.store import unwrap

log = structlog.get_logger()

FAILED = "Sorry, something went wrong on my side. Please send that again in a moment."
NO_REPLY = "Sorry, I have no answer to that just now. Please try to say it in other words."
REMEMBERED_IDS = 500  # messages of a conversation that are recognised when sent again
PER_ADDRESS = 4  # messages from one address that are worked on at once: others wait for no more than these
SEND_SECONDS = 10  # a browser that takes nothing for so long is let go


class Socket(Protocol):
    """The part of a WebSocket that is used here."""

    async def send(self, message: str) -> None:
        """Sends a text."""

    async def close(self) -> None:
        """Ends the connection."""


class Connection:
    """One tab of one browser."""

    def __init__(self, socket: Socket, address: str) -> None:
        self.address = address
        self.conversation: Conversation | None = None
        self._socket = socket

    async def send(self, message: Message) -> None:
        """Sends a message; a connection that is gone or stuck is closed instead."""
        try:
            await asyncio.wait_for(self._socket.send(json.dumps(message)), SEND_SECONDS)
        except Exception as error:  # whatever broke it, the browser connects again and asks for the history
            log.info("web.connection.lost", error=type(error).__name__)
            await self._socket.close()


class Conversation:
    """A session, the tabs that show it, and what was received in it."""

    def __init__(self, session: str) -> None:
        self.session = session
        self.connections: set[Connection] = set()
        self.lock = asyncio.Lock()  # served in the order of arrival
        self.received: OrderedDict[str, bool] = OrderedDict()  # message id: answered?
        self.waiting = 0
        self.deleted = False

    def remember(self, message_id: str, answered: bool) -> None:
        """Notes that a message came, and whether it has been answered."""
        self.received[message_id] = answered
        while len(self.received) > REMEMBERED_IDS:
            self.received.popitem(last=False)

    async def broadcast(self, message: Message, but: Connection | None = None) -> None:
        """Sends a message to every tab, except one."""
        await asyncio.gather(*(c.send(message) for c in list(self.connections) if c is not but))


class Typed(NamedTuple):
    """What somebody wrote in a browser, or pressed."""

    session: str
    id: str
    text: str
    title: str

    @property
    def key(self) -> str:
        """Its name among all deliveries."""
        return f"{self.session}:{self.id}"


class WebOutput(OutputChannel):
    """Collects the assistant's messages, whole. They are shown once they are saved: nothing shown is lost."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.messages: list[Message] = []

    @classmethod
    def name(cls) -> str:
        """Returns the name of the channel, for response variations."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps one message, with everything that belongs to it."""
        self.messages.append(web_messages.bot_message(message))


class Conversations:
    """All conversations that are open somewhere."""

    def __init__(self, on_new_message: Callable[[UserMessage], Awaitable[Any]], contacts: dict[str, str]) -> None:
        self._on_new_message = on_new_message
        self._contacts = contacts
        self._open: dict[str, Conversation] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._shares = Shares(PER_ADDRESS)

    async def join(self, connection: Connection, session: str, token: str, agent: Agent) -> None:
        """Adds a tab to a conversation and sends what was said so far.

        It waits for the messages that are being answered: so the history is whole, and every later message
        reaches the tab, once.
        """
        conversation = self._open.setdefault(session, Conversation(session))
        conversation.waiting += 1
        connection.conversation = conversation
        try:
            async with conversation.lock:
                tracker = await agent.tracker_store.retrieve_full_tracker(session)
                messages = web_messages.history(tracker)
                for message in messages:
                    if message["type"] == "user":
                        conversation.remember(message["id"], answered=True)
                conversation.connections.add(connection)
                session_message = {"type": "session", "token": token, "history": messages, "contacts": self._contacts}
                await connection.send(session_message)
        finally:
            conversation.waiting -= 1

    def leave(self, connection: Connection) -> None:
        """Removes a tab."""
        if connection.conversation:
            connection.conversation.connections.discard(connection)
            self._forget(connection.conversation)

    async def receive(self, connection: Connection, message_id: str, text: str, title: str, agent: Agent) -> None:
        """Stores a message, then acknowledges it; it is answered after those that came before it."""
        conversation = connection.conversation
        assert conversation
        conversation.remember(message_id, answered=False)
        conversation.waiting += 1
        message = Typed(conversation.session, message_id, text, title)
        # A tab that closes now cancels what it waits for; what was received is stored and answered all the same.
        if not await asyncio.shield(self._keep(self._accept(conversation, connection.address, message, agent))):
            await connection.send({"type": "done", "id": message_id})
            return
        await connection.send({"type": "ack", "id": message_id})
        shown = web_messages.user_message(message_id, text, {"title": title})
        await conversation.broadcast(shown, but=connection)

    async def _accept(self, conversation: Conversation, address: str, message: Typed, agent: Agent) -> bool:
        """Stores a message and begins its answer; returns whether it is new, not answered long ago."""
        if await unwrap(agent.tracker_store).inbox.put("web", message.key, message._asdict(), conversation.session):
            self._start(conversation, address, message, agent)
            return True
        conversation.waiting -= 1
        conversation.remember(message.id, answered=True)
        return False

    async def resume(self, agent: Agent) -> None:
        """Answers what a crash, or the end of the server, left unanswered; the browsers find it in the history."""
        store = unwrap(agent.tracker_store)
        for delivery in await store.inbox.waiting("web"):
            message = Typed(**delivery.payload)
            tracker = await store.retrieve(message.session)
            answered = (
                [event.message_id for event in tracker.events if isinstance(event, UserUttered)] if tracker else []
            )
            if message.id in answered:
                await store.inbox.done("web", message.key)
                continue
            conversation = self._open.setdefault(message.session, Conversation(message.session))
            conversation.remember(message.id, answered=False)
            conversation.waiting += 1
            self._start(conversation, "", message, agent)

    def _start(self, conversation: Conversation, address: str, message: Typed, agent: Agent) -> None:
        self._keep(self._answer(conversation, address, message, agent))

    def _keep(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Runs work that nobody's leaving ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def delete(self, conversation: Conversation, session: str, token: str, agent: Agent) -> None:
        """Deletes what is stored of a conversation; its tabs go on with a new, empty one.

        Raises:
            StorageError: It could not be deleted; nothing has changed.
        """
        async with conversation.lock, agent.lock_store.lock(conversation.session):
            await unwrap(agent.tracker_store).delete(conversation.session)
            conversation.deleted = True  # what still waits in it is not answered, and so not stored again
            new = self._open[session] = Conversation(session)
            new.connections, conversation.connections = conversation.connections, set()
            for connection in new.connections:
                connection.conversation = new
            await new.broadcast({"type": "deleted", "token": token})
        self._forget(conversation)
        self._forget(new)

    async def _answer(self, conversation: Conversation, address: str, message: Typed, agent: Agent) -> None:
        output, text = WebOutput(agent), message.text
        async with conversation.lock, self._shares.take(address):
            try:
                if conversation.deleted:
                    return
                text, refusal = shorten(text)
                if refusal:
                    await output.send_response(conversation.session, {"text": refusal})
                else:
                    text = as_sent(text, agent.domain) if agent.domain else text
                    metadata = {"title": message.title} if message.title else None
                    await self._on_new_message(
                        UserMessage(text, output, conversation.session, None, "web", message.id, metadata)
                    )
                if not output.messages:
                    await output.send_response(conversation.session, {"text": NO_REPLY})
            except Exception as error:  # whatever it was, the user gets a sentence
                log.error("web.message.failed", error=type(error).__name__)
                await output.send_response(conversation.session, {"text": FAILED})
            finally:
                for reply in output.messages:
                    await conversation.broadcast(reply)
                conversation.waiting -= 1
                conversation.remember(message.id, answered=True)
                await conversation.broadcast({"type": "done", "id": message.id})
                self._forget(conversation)
                await unwrap(agent.tracker_store).inbox.done("web", message.key)

    def _forget(self, conversation: Conversation) -> None:
        unused = not conversation.connections and not conversation.waiting
        if unused and self._open.get(conversation.session) is conversation:
            del self._open[conversation.session]
