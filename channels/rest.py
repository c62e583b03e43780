"""REST channel: Rasa's, with clear answers to bad requests and long messages."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from conversations.limits import shorten

log = structlog.get_logger()

MAX_BODY_BYTES = 1_000_000
MAX_SENDER_CHARS = 255  # of the conversation database
FAILED = "Sorry, something went wrong on my side. Please send that again in a moment."


class BadRequest(Exception):
    """A request that can't be read: HTTP status, code and a sentence for whoever wrote the client."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class WholeReplies(CollectingOutputChannel):
    """Collects replies without cutting them at blank lines, as Rasa's own class does."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Collects one text."""
        await self._persist_message(self._message(recipient_id, text=text))


class RestChannel(InputChannel):
    """`POST /webhooks/rest/webhook` with `{"sender": "...", "message": "..."}` returns a list of replies.

    For trusted callers: whoever knows a sender's name speaks in their name. For the open web there is
    `channels.web.channel.WebChannel`.
    """

    @classmethod
    def name(cls) -> str:
        """Returns the name in the URL, that of Rasa's own REST channel."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns the routes; `on_new_message` hands a message to the assistant."""
        blueprint = Blueprint("rest_channel", "rest")

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text, metadata = _read(request.body)
            except BadRequest as error:
                body = {"error": {"code": error.code, "message": error.message}}
                return response.json(body, status=error.status)
            text, refusal = shorten(text)
            if refusal:
                return response.json([{"recipient_id": sender, "text": refusal}])
            output = WholeReplies()
            message = UserMessage(text, output, sender, input_channel=self.name(), metadata=metadata)
            try:
                await on_new_message(message)
            except Exception as error:  # whatever it was, the user gets a sentence
                log.error("rest.message.failed", error=type(error).__name__)
                output.messages.append({"recipient_id": sender, "text": FAILED})
            return response.json(output.messages)

        return blueprint


def _read(body: bytes) -> tuple[str | None, str, dict[str, Any] | None]:
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
    if sender is not None and not (isinstance(sender, str) and 0 < len(sender) <= MAX_SENDER_CHARS):
        raise BadRequest(400, "bad_sender", f'"sender" must be a text of 1 to {MAX_SENDER_CHARS} characters.')
    if metadata is not None and not isinstance(metadata, dict):
        raise BadRequest(400, "bad_metadata", '"metadata" must be an object.')
    # Characters that no database stores: NUL, and halves of surrogate pairs.
    clean = text.replace("\0", " ").encode("utf-8", "replace").decode()
    return sender, clean, metadata
