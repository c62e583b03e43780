"""REST channel: Rasa's, for those who may use it, with clear answers to bad requests and long messages."""

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.constants import DEFAULT_SENDER_ID
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from channels.callers import address, has_token, is_foreign, is_local
from conversations.limits import Limits, shorten
from conversations.payloads import as_sent, storable
from settings import Settings

log = structlog.get_logger()

MAX_BODY_BYTES = 1_000_000
MAX_SENDER_CHARS = 200  # the conversation database takes 255
PREFIX = "rest-"  # of senders: nobody here speaks in a conversation of another channel
FAILED = "Sorry, something went wrong on my side. Please send that again in a moment."


class BadRequest(Exception):
    """A request that can't be read: HTTP status, code and a sentence for whoever wrote the client."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers


class WholeReplies(CollectingOutputChannel):
    """Collects replies without cutting them at blank lines, as Rasa's own class does."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Collects one text."""
        await self._persist_message(self._message(recipient_id, text=text))


class RestChannel(InputChannel):
    """`POST /webhooks/rest/webhook` with `{"sender": "...", "message": "..."}` returns a list of replies.

    For programs, which speak for whom they say. With `REST_TOKEN` they show it (`Authorization: Bearer`);
    without one only programs on this computer are answered. Their senders are apart from those of other
    channels. For the open web there is `channels.web.channel.WebChannel`.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.limits = Limits(self.settings.rest_messages_per_minute)

    @classmethod
    def name(cls) -> str:
        """Returns the name in the URL, that of Rasa's own REST channel."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns the routes; `on_new_message` hands a message to the assistant."""
        self._on_new_message = on_new_message
        blueprint = Blueprint("rest_channel", "rest")

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                self._admit(request)
                sender, text, metadata = _read(request.body)
                self._count(request, text)
            except BadRequest as error:
                body = {"error": {"code": error.code, "message": error.message}}
                return response.json(body, status=error.status, headers=error.headers)
            return response.json(await self._answer(sender, text, metadata, request.app.ctx.agent))

        return blueprint

    async def self_test(self, text: str, agent: Agent) -> tuple[str, list[str]]:
        """Answers a text as if a program had sent it."""
        sender = "self-test"
        replies = await self._answer(sender, text, None, agent)
        return f"{PREFIX}{sender}", [reply.get("text", "") for reply in replies]

    async def _answer(
        self, sender: str, text: str, metadata: dict[str, Any] | None, agent: Agent
    ) -> list[dict[str, Any]]:
        text, refusal = shorten(text)
        if refusal:
            return [{"recipient_id": sender, "text": refusal}]
        output = WholeReplies()
        text = as_sent(text, agent.domain) if agent.domain else text
        message = UserMessage(text, output, f"{PREFIX}{sender}", input_channel=self.name(), metadata=metadata)
        try:
            await self._on_new_message(message)
        except Exception as error:  # whatever it was, the user gets a sentence
            log.error("rest.message.failed", error=type(error).__name__)
            output.messages.append({"text": FAILED})
        return [{**reply, "recipient_id": sender} for reply in output.messages]

    def _admit(self, request: Request) -> None:
        if is_foreign(request, set()):
            raise BadRequest(403, "foreign_origin", "This address is for programs, not for web pages.")
        token = self.settings.rest_token
        if token and not has_token(request, token):
            raise BadRequest(
                401, "no_token", "Send the REST_TOKEN: `Authorization: Bearer ...`.", {"WWW-Authenticate": "Bearer"}
            )
        if not token and not is_local(request):
            raise BadRequest(
                403, "local_only", "Only programs on this computer may use this address, unless REST_TOKEN is set."
            )

    def _count(self, request: Request, text: str) -> None:
        if wait := self.limits.wait(text, address(request)):
            seconds = math.ceil(wait)
            raise BadRequest(
                429,
                "too_many_messages",
                f"That was a lot at once. Please try again in {seconds} s.",
                {"Retry-After": str(seconds)},
            )


def _read(body: bytes) -> tuple[str, str, dict[str, Any] | None]:
    """Returns sender, text and metadata of a request; raises BadRequest."""
    if len(body) > MAX_BODY_BYTES:
        raise BadRequest(413, "too_large", f"The request is larger than {MAX_BODY_BYTES:,} bytes.")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(400, "not_json", "The request must be JSON in UTF-8.") from None
    if not isinstance(data, dict):
        raise BadRequest(400, "not_an_object", 'Send an object: {"sender": "...", "message": "..."}.')
    text, sender, metadata = data.get("message"), data.get("sender"), data.get("metadata")
    if not isinstance(text, str):
        raise BadRequest(400, "no_message", '"message" must be a text.')
    sender = DEFAULT_SENDER_ID if sender is None else sender
    if not (isinstance(sender, str) and 0 < len(sender) <= MAX_SENDER_CHARS and _is_storable(sender)):
        raise BadRequest(
            400, "bad_sender", f'"sender" must be a text of 1 to {MAX_SENDER_CHARS} characters that can be printed.'
        )
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequest(400, "bad_metadata", '"metadata" must be an object.')
    if metadata is not None and not _is_storable(json.dumps(metadata, ensure_ascii=False)):
        raise BadRequest(400, "bad_metadata", '"metadata" must be an object of texts that can be printed.')
    return sender, storable(text), metadata


def _is_storable(text: str) -> bool:
    return storable(text) == text
