"""What belongs to the server and not to one channel: is it alive, is it ready, and an orderly end.

`GET /healthz` answers while the server lives. `GET /readyz` says of each part whether it works, and 503 where
one does not; above all it tries, by each channel's own path, whether a red flag gets its answer.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, runtime_checkable

import aiohttp
import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.events import BotUttered
from sanic import Blueprint, Request, Sanic, response
from sanic.response import HTTPResponse

from conversations.database import StorageError
from conversations.store import ConversationStore, unwrap

log = structlog.get_logger()

REPORT, ANSWER = "my foot is numb", "utter_see_doctor"
TESTED_SECONDS = 60  # how long the outcome of a self-test counts
ACTIONS_SECONDS = 2
OK = "ok"


@runtime_checkable
class SelfTested(Protocol):
    """A channel that can try itself."""

    @classmethod
    def name(cls) -> str:
        """Returns the name of the channel."""

    async def self_test(self, text: str, agent: Agent) -> tuple[str, list[str]] | None:
        """Says a text by the channel's own path, without its network.

        Returns:
            The sender that it was said as, and the texts of all replies; None where the channel is off.
        """


class ServerChannel(InputChannel):
    """Liveness, readiness and shutdown."""

    def __init__(self) -> None:
        self._testing = asyncio.Lock()
        self._tested: dict[str, str] = {}
        self._tested_at = float("-inf")

    @classmethod
    def name(cls) -> str:
        """Returns the name in the URL, under which there is nothing."""
        return "server"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns no routes: a middleware answers, as Rasa puts channels under /webhooks."""
        blueprint = Blueprint("server_channel", "server")

        @blueprint.listener("before_server_start")
        async def configure(app: Sanic, _: object) -> None:
            app.register_middleware(self._answer, "request")

        @blueprint.listener("after_server_stop")
        async def close(app: Sanic, _: object) -> None:
            agent = getattr(app.ctx, "agent", None)
            if agent and isinstance(store := unwrap(agent.tracker_store), ConversationStore):
                await store.close()

        return blueprint

    async def _answer(self, request: Request) -> HTTPResponse | None:
        if request.path == "/healthz":
            return response.json({"status": OK})
        if request.path == "/readyz":
            parts = await self._parts(request.app)
            return response.json(parts, status=200 if set(parts.values()) == {OK} else 503)
        return None

    async def _parts(self, app: Sanic) -> dict[str, str]:
        agent: Agent | None = getattr(app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return {"model": "not loaded"}
        store = unwrap(agent.tracker_store)
        saving = not isinstance(store, ConversationStore) or store.is_saving
        return {
            "model": OK,
            "database": OK if saving else "not saving",
            "actions": await _actions(agent),
            **await self._channels(app, agent),
        }

    async def _channels(self, app: Sanic, agent: Agent) -> dict[str, str]:
        async with self._testing:
            if time.monotonic() - self._tested_at > TESTED_SECONDS:
                channels = [channel for channel in app.ctx.input_channels if isinstance(channel, SelfTested)]
                outcomes = [(channel.name(), await _outcome(channel, agent)) for channel in channels]
                self._tested = {name: outcome for name, outcome in outcomes if outcome}
                # What failed is tried again the next time.
                if set(self._tested.values()) <= {OK}:
                    self._tested_at = time.monotonic()
            return self._tested


async def _outcome(channel: SelfTested, agent: Agent) -> str | None:
    store: Any = unwrap(agent.tracker_store)
    try:
        test = await channel.self_test(REPORT, agent)
        if test is None:
            return None
        sender, heard = test
        tracker = await store.retrieve(sender)
        said = [
            event.text or ""
            for event in (tracker.events if tracker else [])
            if isinstance(event, BotUttered) and event.metadata.get("utter_action") == ANSWER
        ]
        await store.delete(sender)
    except StorageError:
        return "not saving"
    except Exception as error:  # whatever it is, the channel does not work
        log.error("server.self_test.failed", error=type(error).__name__)
        return "failed"
    return OK if said and said[-1] in heard else "a red flag gets no answer"


async def _actions(agent: Agent) -> str:
    endpoint = agent.action_endpoint
    if endpoint is None:
        return "not configured"
    url = f"{endpoint.url.rsplit('/', 1)[0]}/health"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ACTIONS_SECONDS)) as session,
            session.get(url) as answer,
        ):
            return OK if answer.status == 200 else "failed"
    except (aiohttp.ClientError, TimeoutError, OSError):
        return "not reachable"
