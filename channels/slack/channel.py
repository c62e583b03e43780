"""Slack connector: Events API, interactivity and a slash command, over HTTP or Socket Mode."""

import asyncio
import html
import json
import re
import textwrap
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import structlog
from pydantic import BaseModel, Field, ValidationError
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import InvalidConfigException
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from channels.commands import COMMANDS
from channels.markup import plain, render, split
from channels.messenger import EDITED, ONLY_TEXT, Button, Messenger, Picture, Place, Press, Reply
from settings import Settings

log = structlog.get_logger()

MAX_BODY_BYTES = 1_000_000
MAX_SECTION = 3000  # characters, markup counted
MAX_SECTIONS = 40  # of the 50 blocks of a message
MAX_ELEMENTS = 25  # of an actions block
MAX_TITLE = 75
MAX_ALT = 1000
MAX_KEY = 255
LONGEST_PAUSE = 60  # seconds between two tries without a network
HEARTBEAT_SECONDS = 20
IN_DIRECT_MESSAGE = "I answer in our direct messages: they are under Apps."
# Messages that a person wrote; other subtypes are notices about the channel.
WRITTEN = {None, "file_share", "thread_broadcast", "me_message"}
# Neither goes past another "<": else a thousand of them would each be searched to the end.
_MENTION = re.compile(r"<[@!][^<>]*>")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


class SlackMessage(BaseModel):
    """A message inside an event."""

    text: str = ""
    user: str | None = None
    bot_id: str | None = None
    edited: dict[str, Any] | None = None
    thread_ts: str | None = None


class Event(SlackMessage):
    """An event: `message` in a direct message, or `app_mention`."""

    type: str
    subtype: str | None = None
    channel: str | None = None
    channel_type: str | None = None
    ts: str | None = None
    message: SlackMessage | None = None
    previous_message: SlackMessage | None = None


class Delivery(BaseModel):
    """What the Events API delivers."""

    event_id: str
    team_id: str
    event: Event


class Named(BaseModel):
    """Something of which only the id matters."""

    id: str


class Action(BaseModel):
    """A pressed button."""

    type: str
    value: str = ""


class ActionMessage(BaseModel):
    """The message that a pressed button belongs to."""

    ts: str
    thread_ts: str | None = None
    text: str = ""
    blocks: list[dict[str, Any]] = []


class Interaction(BaseModel):
    """What interactivity delivers."""

    type: str
    trigger_id: str
    team: Named
    user: Named
    channel: Named
    message: ActionMessage
    actions: list[Action] = Field(min_items=1)


class Command(BaseModel):
    """What a slash command delivers."""

    trigger_id: str
    team_id: str
    user_id: str
    text: str = ""


class SlackPlace(Place):
    """A person in a channel, or (with no channel) in the direct messages with the bot."""

    def __init__(self, client: AsyncWebClient, team: str, user: str, channel: str | None, thread: str | None) -> None:
        self._client, self._user, self._channel, self._thread = client, user, channel, thread
        direct = channel is None or channel.startswith("D")
        self.sender_id = f"slack-{team}-{user}" if direct else f"slack-{team}-{channel}-{user}"

    async def show(self, picture: Picture, png: bytes) -> None:
        """Uploads a picture; raises SlackClientError."""
        await self._client.files_upload_v2(
            channel=await self._open(),
            thread_ts=self._thread,
            content=png,
            filename=f"{picture.slug}.png",
            title=picture.name,
            alt_txt=textwrap.shorten(picture.text, MAX_ALT, placeholder=" …"),
        )

    async def send(self, reply: Reply) -> None:
        """Sends a message; raises SlackClientError."""
        channel = await self._open()
        for message in render_reply(reply):
            await self._client.chat_postMessage(
                channel=channel, thread_ts=self._thread, unfurl_links=False, unfurl_media=False, **message
            )

    async def _open(self) -> str:
        """Returns the channel; opens the direct messages where there is none yet."""
        if self._channel is None:
            opened = await self._client.conversations_open(users=self._user)
            self._channel = str(opened["channel"]["id"])
        return self._channel


class SlackPress(Press):
    """A pressed button in a message."""

    def __init__(self, client: AsyncWebClient, interaction: Interaction) -> None:
        self._client, self._interaction = client, interaction
        self.token = interaction.actions[0].value
        self.message = f"{interaction.channel.id}-{interaction.message.ts}"

    async def accept(self, title: str | None) -> None:
        """Replaces the buttons by the choice."""
        if title is None:
            return
        message = self._interaction.message
        kept = [block for block in message.blocks if block.get("type") != "actions"]
        chosen = {"type": "context", "elements": [{"type": "plain_text", "text": f"✓ {title}"[:MAX_SECTION]}]}
        await self._try(
            self._client.chat_update(
                channel=self._interaction.channel.id,
                ts=message.ts,
                text=f"{message.text}\n✓ {title}",
                blocks=[*kept, chosen],
            )
        )

    async def refuse(self, text: str) -> None:
        """Tells the one who pressed."""
        message = self._interaction.message
        await self._try(
            self._client.chat_postEphemeral(
                channel=self._interaction.channel.id,
                user=self._interaction.user.id,
                thread_ts=message.thread_ts,
                text=text,
            )
        )

    async def _try(self, call: Awaitable[Any]) -> None:
        """Does what is only a courtesy: where it fails, the answer matters more."""
        try:
            await call
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("slack.courtesy.failed", reason=_reason(error))


class SlackChannel(Messenger):
    """`POST /webhooks/slack/webhook` with `SLACK_SIGNING_SECRET`, Socket Mode with `SLACK_APP_TOKEN`.

    Off without `SLACK_BOT_TOKEN`.
    """

    app_name = "Slack"
    slash = "/hamstring "

    @classmethod
    def name(cls) -> str:
        """Returns the name in the URL."""
        return "slack"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Returns the channel as the settings say; credentials.yml has nothing to add.

        Raises:
            InvalidConfigException: There is a token, and nothing that tells Slack's requests from others.
        """
        settings = Settings()
        if settings.slack_bot_token and not (settings.slack_signing_secret or settings.slack_app_token):
            raise InvalidConfigException(
                "SLACK_BOT_TOKEN is set. Set SLACK_SIGNING_SECRET too, without which anybody could speak for Slack; "
                "or, for a computer without a public address, SLACK_APP_TOKEN. See docs/slack.md."
            )
        return cls(
            settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token, settings.slack_api_url
        )

    def __init__(self, token: str | None, secret: str | None, app_token: str | None, url: str) -> None:
        super().__init__()
        self._token, self._secret, self._app_token, self._url = token, secret, app_token, url
        self._client: AsyncWebClient
        self._listening: asyncio.Task[None] | None = None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns the routes: none without a token, and no webhook without a signing secret."""
        blueprint = Blueprint("slack_channel", "slack")
        if not self._token:
            return blueprint
        self.connect(blueprint, on_new_message)
        if self._secret:
            verifier = SignatureVerifier(self._secret)

            @blueprint.post("/webhook")
            async def webhook(request: Request) -> HTTPResponse:
                if len(request.body) > MAX_BODY_BYTES:
                    log.warning("slack.request.too_large", size=len(request.body))
                    return response.empty(413)
                if not _is_signed(verifier, request):
                    return response.empty(401)
                try:
                    kind, payload = _read(request.body, request.headers.get("content-type", ""))
                except (ValueError, RecursionError):
                    log.warning("slack.request.malformed")
                    return response.empty(200)
                if kind == "url_verification":
                    return response.text(str(payload.get("challenge", "")))
                answer = await self.take(_key(payload), {"kind": kind, "payload": payload})
                return response.json(answer) if answer else response.empty(200)

        return blueprint

    async def start(self) -> None:
        """Starts Socket Mode, where there is a token for it."""
        self._client = AsyncWebClient(self._token, base_url=self._url)
        self._client.retry_handlers = [
            AsyncConnectionErrorRetryHandler(max_retry_count=3),
            AsyncRateLimitErrorRetryHandler(max_retry_count=3),
        ]
        if self._app_token:
            self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        """Ends Socket Mode."""
        if self._listening:
            self._listening.cancel()

    def reason(self, error: Exception) -> str:
        """Returns Slack's reason, or the kind of error."""
        return _reason(error)

    def receive(self, payload: Any) -> dict[str, str] | None:
        """Takes what Slack delivers; never raises, and answers in the background.

        Args:
            payload: `kind`, as Socket Mode names it (`events_api`, `interactive` or `slash_commands`), and the
                body as `payload`.

        Returns:
            What to show at once to the one who used a slash command.
        """
        kind, payload = payload["kind"], payload["payload"]
        try:
            if kind == "events_api":
                self._take_event(Delivery.parse_obj(payload))
            elif kind == "interactive":
                if payload.get("type") == "block_actions":
                    self._take_press(Interaction.parse_obj(payload))
            elif kind == "slash_commands":
                return self._take_command(Command.parse_obj(payload))
        except (ValidationError, AttributeError, RecursionError):
            log.warning("slack.request.malformed")
        return None

    def _take_event(self, delivery: Delivery) -> None:
        event = delivery.event
        if not self.deliveries.is_new("event", delivery.event_id) or not event.channel:
            return
        direct = event.type == "message" and event.channel_type == "im"
        changed = event.message
        if direct and event.subtype == "message_changed" and changed and changed.user and not changed.bot_id:
            before = event.previous_message
            if before is None or before.text != changed.text:  # else Slack only added a preview
                self.say(self._place(delivery.team_id, changed.user, event.channel, changed.thread_ts), EDITED)
            return
        if not (direct or event.type == "app_mention") or event.subtype not in WRITTEN:
            return
        if not event.user or event.bot_id or event.edited or not self.deliveries.is_new("ts", event.channel, event.ts):
            return
        thread = event.thread_ts if direct else event.thread_ts or event.ts
        place = self._place(delivery.team_id, event.user, event.channel, thread)
        text = unescape(event.text)
        if text:
            self.answer(place, text)
        elif direct:
            self.say(place, ONLY_TEXT)
        else:
            self.answer(place, "/start")  # only called by name

    def _take_press(self, interaction: Interaction) -> None:
        if interaction.actions[0].type != "button" or not self.deliveries.is_new("trigger", interaction.trigger_id):
            return
        thread = interaction.message.thread_ts
        place = self._place(interaction.team.id, interaction.user.id, interaction.channel.id, thread)
        self.press(place, SlackPress(self._client, interaction))

    def _take_command(self, command: Command) -> dict[str, str] | None:
        if not self.deliveries.is_new("trigger", command.trigger_id):
            return None
        text = unescape(command.text)
        if not text or text.lower() in COMMANDS:
            text = f"/{text or 'start'}"
        self.answer(self._place(command.team_id, command.user_id, None, None), text)
        return {"response_type": "ephemeral", "text": IN_DIRECT_MESSAGE}

    def _place(self, team: str, user: str, channel: str | None, thread: str | None) -> SlackPlace:
        return SlackPlace(self._client, team, user, channel, thread)

    async def _listen(self) -> None:
        """Keeps a Socket Mode connection, patiently where there is no network.

        slack_sdk's own client tries a connection address again that has expired, without a pause that grows.
        """
        pause = 1
        while True:
            try:
                opened = await self._client.apps_connections_open(app_token=self._app_token or "")
                async with (
                    aiohttp.ClientSession(trust_env=True) as session,
                    session.ws_connect(opened["url"], heartbeat=HEARTBEAT_SECONDS) as socket,
                ):
                    async for frame in socket:
                        pause = 1
                        if frame.type == aiohttp.WSMsgType.TEXT and not await self._take_frame(socket, frame.data):
                            break
            except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
                log.warning("slack.socket.failed", reason=_reason(error), again_in_seconds=pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _take_frame(self, socket: aiohttp.ClientWebSocketResponse, data: str) -> bool:
        """Acknowledges and takes a delivery; returns False where Slack wants a new connection."""
        try:
            frame = json.loads(data)
            kind, envelope = frame.get("type"), frame.get("envelope_id")
        except (ValueError, RecursionError, AttributeError):
            log.warning("slack.request.malformed")
            return True
        if envelope:
            payload = frame.get("payload")
            answer = await self.take(_key(payload), {"kind": kind, "payload": payload})
            await socket.send_json({"envelope_id": envelope, **({"payload": answer} if answer else {})})
        return kind != "disconnect"


def _key(payload: Any) -> str | None:
    """Returns Slack's name of a delivery; None where it has none."""
    key = (payload.get("event_id") or payload.get("trigger_id")) if isinstance(payload, dict) else None
    return key if isinstance(key, str) and 0 < len(key) <= MAX_KEY else None


def render_reply(reply: Reply) -> list[dict[str, Any]]:
    """Returns `text` and `blocks` of `chat.postMessage`: more than one message only beyond 100,000 characters."""
    sections = [
        {"type": "section", "text": {"type": "mrkdwn", "text": _mrkdwn(piece)}}
        for piece in split(reply.text, MAX_SECTION, lambda piece: len(_mrkdwn(piece)))
    ]
    messages: list[dict[str, Any]] = [
        {"text": _escape(plain(reply.text)), "blocks": sections[i : i + MAX_SECTIONS]}
        for i in range(0, len(sections), MAX_SECTIONS)
    ]
    messages[-1]["blocks"].extend(_actions(reply.buttons))
    return messages


def _actions(buttons: tuple[Button, ...]) -> list[dict[str, Any]]:
    elements = [
        {
            "type": "button",
            "action_id": f"choice-{number}",
            "text": {"type": "plain_text", "text": shorten_title(button.title)},
            "value": button.token,
        }
        for number, button in enumerate(buttons)
    ]
    return [
        {"type": "actions", "elements": elements[i : i + MAX_ELEMENTS]} for i in range(0, len(elements), MAX_ELEMENTS)
    ]


def shorten_title(title: str) -> str:
    """Fits a button's title to Slack's 75 characters, at the end of a word."""
    return textwrap.shorten(title, MAX_TITLE, placeholder=" …")


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _mrkdwn(text: str) -> str:
    return render(text, _escape, "*{text}*", "<{url}|{text}>")


def unescape(text: str) -> str:
    """Returns what a person typed: without mentions, links as they look, and `&`, `<` and `>` as such."""
    text = _LINK.sub(lambda link: link[2] or link[1], _MENTION.sub("", text))
    return html.unescape(text).strip()


def _read(body: bytes, content_type: str) -> tuple[str, Any]:
    """Returns kind and payload of a request over HTTP; raises ValueError."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return ("interactive", json.loads(form["payload"])) if "payload" in form else ("slash_commands", form)
    payload = json.loads(body)
    if not isinstance(payload, dict):
        raise ValueError("not an object")
    return ("url_verification" if payload.get("type") == "url_verification" else "events_api"), payload


def _is_signed(verifier: SignatureVerifier, request: Request) -> bool:
    timestamp = request.headers.get("X-Slack-Request-Timestamp")
    signature = request.headers.get("X-Slack-Signature")
    try:
        return verifier.is_valid(request.body, timestamp, signature)
    except (ValueError, TypeError):  # a timestamp that is no number, a body or signature that is no text
        return False


def _reason(error: Exception) -> str:
    """Returns Slack's name of the error; never the request, which holds what was said."""
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
