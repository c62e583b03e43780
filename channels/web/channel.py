"""The web channel: the chat page, the widget, and the socket that they talk over.

One WebSocket carries everything, as JSON objects with a `type`:

    browser: hello {token?}, message {id, text, title?}, delete, ping
    server:  session {token, history, contacts}, ack {id}, bot {...}, user {...}, done {id}, deleted {token}, pong,
             error {error: {code, message, retry_after?}, id?}
"""

import asyncio
import gzip
import hashlib
import json
import math
import re
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, Sanic, response
from sanic.response import HTTPResponse

from channels.callers import address, is_foreign
from channels.web.conversations import Connection, Conversations
from channels.web.pictures import picture
from channels.web.sessions import Sessions
from channels.web.websocket import receive
from conversations.database import StorageError
from conversations.limits import Limits
from conversations.payloads import storable
from settings import ROOT, Settings

log = structlog.get_logger()

HELLO_SECONDS = 10
REHEARSAL_SECONDS = 30
MAX_ID_CHARS = 64
MAX_TITLE_CHARS = 200

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
# Other sites load the widget, also those that isolate themselves (COEP) or check its hash (SRI).
WIDGET_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, no-cache",
}
WEB = ROOT / "web"
HTML, CSS, JS = (f"text/{kind}; charset=utf-8" for kind in ("html", "css", "javascript"))
SVG = "image/svg+xml"
# What is served outside /webhooks: path, file, content type.
FILES: dict[str, tuple[Path, str, dict[str, str]]] = {
    "/": (WEB / "pages" / "chat.html", HTML, PAGE_HEADERS),
    "/embed-demo": (WEB / "pages" / "embed-demo.html", HTML, PAGE_HEADERS),
    "/embed-demo.css": (WEB / "pages" / "embed-demo.css", CSS, PAGE_HEADERS),
    "/icon.svg": (WEB / "pages" / "icon.svg", SVG, PAGE_HEADERS),
    "/widget.js": (WEB / "dist" / "widget.js", JS, WIDGET_HEADERS),
}
# What widget.js loads. The names carry a hash: what one holds never changes.
_ASSET = re.compile(r"/assets/[a-z]+-[A-Z0-9]{8}\.js")
ASSET_HEADERS = {**WIDGET_HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}


class Refused(Exception):
    """Something that the channel doesn't take: a code for programs, a sentence for people."""

    def __init__(self, code: str, message: str, status: int = 400, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"error": {"code": code, "message": message}}
        if retry_after is not None:
            self.body["error"]["retry_after"] = math.ceil(retry_after)


class Rehearsal:
    """A browser that nobody sees."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.done = asyncio.Event()

    async def send(self, text: str) -> None:
        """Keeps what is said."""
        message = json.loads(text)
        if message["type"] == "bot":
            self.heard.append(message.get("text", ""))
        elif message["type"] == "done":
            self.done.set()

    async def close(self) -> None:
        """Has nothing to close."""


class WebChannel(InputChannel):
    """Serves the widget and answers it. Sessions are minted here; a browser can't choose one."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.sessions = Sessions.from_settings(self.settings)
        self.origins = set(self.settings.allowed_origins.replace(",", " ").split())
        self.limits = Limits(self.settings.session_messages_per_minute, self.settings.address_messages_per_minute)
        self.connected: Counter[str] = Counter()

    @classmethod
    def name(cls) -> str:
        """Returns the name in the URL."""
        return "web"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns the routes; `on_new_message` hands a message to the assistant."""
        blueprint = Blueprint("web_channel", "web")
        contacts = self.settings.dict(include={"emergency_number", "crisis_line"})
        conversations = self._conversations = Conversations(on_new_message, contacts)

        @blueprint.listener("before_server_start")
        async def configure(app: Sanic, _: object) -> None:
            app.config.PROXIES_COUNT = self.settings.proxies or None
            # Rasa puts channels under /webhooks and keeps / for itself: a middleware comes before both.
            app.register_middleware(_file, "request")
            app.register_middleware(picture, "request")

        @blueprint.listener("after_server_start")
        async def resume(app: Sanic, _: object) -> None:
            await conversations.resume(app.ctx.agent)

        @blueprint.middleware("request")
        async def check(request: Request) -> HTTPResponse | None:
            try:
                if request.path.endswith("/socket"):
                    self._check_origin(request)
                    self._check_connections(request)
            except Refused as refusal:
                return response.json(refusal.body, status=refusal.status)
            return None

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.websocket("/socket")
        async def socket(request: Request, ws: Any) -> None:
            connection = Connection(ws, address(request))
            self.connected[connection.address] += 1
            try:
                await self._talk(connection, ws, conversations, request.app)
            finally:
                conversations.leave(connection)
                self.connected[connection.address] -= 1
                self.connected += Counter()  # drops addresses that are gone

        return blueprint

    async def self_test(self, text: str, agent: Agent) -> tuple[str, list[str]]:
        """Answers a text as if a browser had sent it."""
        session = "web-self-test"
        browser = Rehearsal()
        connection = Connection(browser, session)
        await self._conversations.join(connection, session, "", agent)
        try:
            await self._conversations.receive(connection, uuid.uuid4().hex, text, "", agent)
            await asyncio.wait_for(browser.done.wait(), REHEARSAL_SECONDS)
        finally:
            self._conversations.leave(connection)
        return session, browser.heard

    async def _talk(self, connection: Connection, ws: Any, conversations: Conversations, app: Sanic) -> None:
        # Whoever is silent before saying hello is let go.
        while (frame := await receive(ws, None if connection.conversation else HELLO_SECONDS)) is not None:
            data: dict[str, Any] = {}
            try:
                data = _read(frame)
                await self._handle(data, connection, conversations, app)
            except Refused as refusal:
                about = {"id": data["id"]} if isinstance(data.get("id"), str) else {}
                await connection.send({"type": "error", **refusal.body, **about})

    async def _handle(
        self, data: dict[str, Any], connection: Connection, conversations: Conversations, app: Sanic
    ) -> None:
        agent = app.ctx.agent
        kind = data.get("type")
        if kind == "ping":
            await connection.send({"type": "pong"})
        elif kind == "hello":
            if connection.conversation:
                raise Refused("already_in_session", "This connection has its session already.")
            session, token = self.sessions.mint(self.sessions.read(data.get("token")))
            await conversations.join(connection, session, token, agent)
        elif connection.conversation is None:
            raise Refused("no_session", "Say hello first.")
        elif kind == "message":
            await self._message(data, connection, conversations, agent)
        elif kind == "delete":
            try:
                await conversations.delete(connection.conversation, *self.sessions.mint(), agent)
            except StorageError as error:
                log.error("web.delete.failed", error=str(error))
                raise Refused(
                    "not_deleted", "Your conversation could not be deleted just now. Please try again in a moment."
                ) from None
        else:
            raise Refused("unknown_type", "This server does not know that type of message.")

    async def _message(
        self, data: dict[str, Any], connection: Connection, conversations: Conversations, agent: Any
    ) -> None:
        message_id, text, title = data.get("id"), data.get("text"), data.get("title")
        if not (
            isinstance(message_id, str) and 0 < len(message_id) <= MAX_ID_CHARS and storable(message_id) == message_id
        ):
            raise Refused("bad_id", f'"id" must be a text of 1 to {MAX_ID_CHARS} characters.')
        if not isinstance(text, str) or not text.strip():
            raise Refused("empty_message", "Please write something first.")
        if title is not None and not (isinstance(title, str) and len(title) <= MAX_TITLE_CHARS):
            raise Refused("bad_title", f'"title" must be a text of at most {MAX_TITLE_CHARS} characters.')
        assert connection.conversation
        answered = connection.conversation.received.get(message_id)
        if answered is not None:  # sent again, because the browser could not know that it had arrived
            await connection.send({"type": "done" if answered else "ack", "id": message_id})
            return
        if wait := self.limits.wait(text, connection.conversation.session, connection.address):
            seconds = math.ceil(wait)
            raise Refused(
                "too_many_messages",
                f"That was a lot at once. Please try again in {seconds} second{'s' if seconds > 1 else ''}. "
                "If it is urgent, don't wait for me: see a doctor, or call your emergency number.",
                429,
                wait,
            )
        await conversations.receive(connection, message_id, storable(text), storable(title or ""), agent)

    def _check_origin(self, request: Request) -> None:
        nameless = "origin" not in request.headers and "*" not in self.origins
        if nameless or is_foreign(request, self.origins):
            raise Refused("origin_not_allowed", "This site may not use the assistant. See ALLOWED_ORIGINS.", 403)

    def _check_connections(self, request: Request) -> None:
        if self.connected[address(request)] >= self.settings.connections_per_address:
            raise Refused("too_many_connections", "Too many chats are open from this address.", 429, 30)


@dataclass
class _File:
    body: bytes
    zipped: bytes
    etag: str
    changed: float


_files: dict[Path, _File] = {}


async def _file(request: Request) -> HTTPResponse | None:
    """Answers GET for `FILES` and the assets; None leaves a request to Rasa."""
    if request.method not in ("GET", "HEAD"):
        return None
    if request.path in FILES:
        path, content_type, headers = FILES[request.path]
    elif _ASSET.fullmatch(request.path):
        path, content_type, headers = WEB / "dist" / request.path[1:], JS, ASSET_HEADERS
    else:
        return None
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:
        if request.path not in FILES:
            return None
        refusal = Refused("not_built", "The widget is not built yet. Run `make web`.", 503)
        return response.json(refusal.body, status=refusal.status)
    file = _files.get(path)
    if file is None or file.changed != changed:
        body = path.read_bytes()
        file = _files[path] = _File(body, gzip.compress(body), f'"{hashlib.sha256(body).hexdigest()[:20]}"', changed)
    headers = {**headers, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return response.empty(304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return response.raw(file.zipped, headers={**headers, "Content-Encoding": "gzip"}, content_type=content_type)
    return response.raw(file.body, headers=headers, content_type=content_type)


def _read(frame: Any) -> dict[str, Any]:
    try:
        data = json.loads(frame)
    except (ValueError, RecursionError):
        raise Refused("not_json", "Send JSON in UTF-8.") from None
    if not isinstance(data, dict):
        raise Refused("not_an_object", 'Send an object, such as {"type": "hello"}.')
    return data
