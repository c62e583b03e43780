"""Telegram connector: webhook for a server with a public address, long polling for a laptop."""

import asyncio
import hmac
import html
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from pydantic import BaseModel, Field, ValidationError
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from channels.commands import COMMANDS
from channels.markup import render, split, utf16
from channels.messenger import EDITED, ONLY_TEXT, Button, Messenger, Picture, Place, Press, Reply
from channels.telegram.api import UPDATES, TelegramApi, TelegramError, set_commands
from settings import Settings

log = structlog.get_logger()

MAX_TEXT = 4096  # UTF-16 code units, markup not counted
MAX_BODY_BYTES = 1_000_000
SHORT_TITLE = 12  # up to this, three buttons fit a row on a phone
POLL_SECONDS = 50
LONGEST_PAUSE = 60  # seconds between two tries without a network
# What a person may send instead of text. Other messages without text are notices about the chat.
NO_TEXT = {
    *("animation", "audio", "contact", "dice", "document", "location", "photo", "poll", "sticker", "story"),
    *("venue", "video", "video_note", "voice"),
}
_COMMANDS = {f"/{command}" for command in COMMANDS}


class User(BaseModel):
    """A person or a bot."""

    id: int
    is_bot: bool = False
    username: str | None = None


class Chat(BaseModel):
    """A private chat, a group or a channel."""

    id: int
    type: str


class Message(BaseModel, extra="allow"):
    """A message; of what is not named here only the names are looked at."""

    message_id: int
    chat: Chat
    sender: User | None = Field(None, alias="from")
    text: str | None = None
    caption: str | None = None
    entities: list[dict[str, Any]] = []
    media_group_id: str | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    reply_to_message: "Message | None" = None


class CallbackQuery(BaseModel):
    """A button that was pressed."""

    id: str
    sender: User = Field(alias="from")
    message: Message | None = None
    data: str = ""


class Update(BaseModel):
    """What Telegram delivers."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None


Message.update_forward_refs()


class TelegramPlace(Place):
    """A person in a Telegram chat. In a group, answers refer to the message that they answer."""

    def __init__(self, api: TelegramApi, message: Message, sender: User) -> None:
        self._api = api
        self.sender_id = f"telegram-{message.chat.id}-{sender.id}"
        self._to: dict[str, Any] = {"chat_id": message.chat.id}
        if message.is_topic_message:
            self._to["message_thread_id"] = message.message_thread_id
        self._refer: dict[str, Any] = {}
        if message.chat.type != "private":
            refer = {"message_id": message.message_id, "allow_sending_without_reply": True}
            self._refer = {"reply_parameters": refer}

    async def typing(self) -> None:
        """Shows "typing ..."."""
        try:
            await self._api.call("sendChatAction", **self._to, action="typing")
        except TelegramError as error:
            log.warning("telegram.typing.failed", code=error.code)

    async def show(self, picture: Picture, png: bytes) -> None:
        """Sends a photo, uploaded the first time only; raises TelegramError."""
        where = {**self._to, **self._refer, "caption": picture.name}
        if known := self._api.photos.get(png):
            try:
                await self._api.call("sendPhoto", **where, photo=known)
                return
            except TelegramError as error:
                log.warning("telegram.photo.forgotten", code=error.code)
        sent = await self._api.upload("sendPhoto", {"photo": png}, **where)
        self._api.photos[png] = sent["photo"][-1]["file_id"]

    async def send(self, reply: Reply) -> None:
        """Sends a message; raises TelegramError."""
        for message in render_reply(reply):
            await self._api.call("sendMessage", **self._to, **self._refer, **message)


class TelegramPress(Press):
    """A callback query."""

    def __init__(self, api: TelegramApi, query: CallbackQuery, message: Message) -> None:
        self._api, self._query, self._message = api, query, message
        self.token = query.data
        self.message = f"{message.chat.id}-{message.message_id}"

    async def accept(self, title: str | None) -> None:
        """Ends the button's waiting sign, and replaces the buttons by the choice."""
        await self._try("answerCallbackQuery", callback_query_id=self._query.id)
        if title is None:
            return
        message = self._message
        where = {"chat_id": message.chat.id, "message_id": message.message_id}
        text = f"{message.text}\n\n✓ {title}"
        if message.text and utf16(text) <= MAX_TEXT:
            await self._try(
                "editMessageText",
                **where,
                text=text,
                entities=message.entities,
                link_preview_options={"is_disabled": True},
                reply_markup={"inline_keyboard": []},
            )
        else:
            await self._try("editMessageReplyMarkup", **where, reply_markup={"inline_keyboard": []})

    async def refuse(self, text: str) -> None:
        """Shows the text to the one who pressed."""
        await self._try("answerCallbackQuery", callback_query_id=self._query.id, text=text, show_alert=True)

    async def _try(self, method: str, **params: Any) -> None:
        """Does what is only a courtesy: where it fails, the answer matters more."""
        try:
            await self._api.call(method, **params)
        except TelegramError as error:
            log.warning("telegram.courtesy.failed", method=method, code=error.code)


class TelegramChannel(Messenger):
    """`POST /webhooks/telegram/webhook`, or long polling without `TELEGRAM_WEBHOOK_SECRET`; off without a token."""

    app_name = "Telegram"

    @classmethod
    def name(cls) -> str:
        """Returns the name in the URL."""
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Returns the channel as the settings say; credentials.yml has nothing to add."""
        settings = Settings()
        return cls(settings.telegram_token, settings.telegram_webhook_secret, settings.telegram_api_url)

    def __init__(self, token: str | None, secret: str | None, url: str) -> None:
        super().__init__()
        self._secret = secret
        self._api = TelegramApi(url, token) if token else None
        self._me: User | None = None
        self._polling: asyncio.Task[None] | None = None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Returns the routes: none without a token, and no webhook without a secret."""
        blueprint = Blueprint("telegram_channel", "telegram")
        if self._api is None:
            return blueprint
        self.connect(blueprint, on_new_message)
        if self._secret:
            secret = self._secret.encode()

            @blueprint.post("/webhook")
            async def webhook(request: Request) -> HTTPResponse:
                given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
                if not hmac.compare_digest(given.encode("utf-8", "replace"), secret):
                    return response.empty(403)
                # From here on always 200: what can't be handled now can't be handled later either.
                if len(request.body) > MAX_BODY_BYTES:
                    log.warning("telegram.update.too_large", size=len(request.body))
                else:
                    try:
                        update = json.loads(request.body)
                        await self.take(_key(update), update)
                    except (ValueError, RecursionError):
                        log.warning("telegram.update.not_json")
                return response.empty(200)

        return blueprint

    async def start(self) -> None:
        """Starts long polling, unless there is a webhook."""
        if not self._secret:
            self._polling = asyncio.create_task(self._poll())

    async def stop(self) -> None:
        """Ends long polling."""
        if self._polling:
            self._polling.cancel()

    async def close(self) -> None:
        """Closes the connections to Telegram."""
        assert self._api
        await self._api.close()

    def reason(self, error: Exception) -> str:
        """Returns Telegram's reason, or the kind of error."""
        return str(error) if isinstance(error, TelegramError) else super().reason(error)

    def receive(self, data: Any) -> None:
        """Takes an update, from the webhook or from polling; never raises, and answers in the background."""
        assert self._api
        try:
            update = Update.parse_obj(data)
        except (ValidationError, RecursionError, OverflowError):
            log.warning("telegram.update.malformed")
            return
        if not self.deliveries.is_new("update", update.update_id):
            return
        if update.callback_query and update.callback_query.message:
            query, message = update.callback_query, update.callback_query.message
            if self.deliveries.is_new("query", query.id):
                self.press(TelegramPlace(self._api, message, query.sender), TelegramPress(self._api, query, message))
            return
        received = update.message or update.edited_message
        if received is None or received.sender is None or received.sender.is_bot:
            return
        place = TelegramPlace(self._api, received, received.sender)
        if update.edited_message:
            if received.chat.type == "private" and received.text:
                self.say(place, EDITED)
        elif received.chat.type == "private":
            self._take(place, received)
        elif received.chat.type in ("group", "supergroup"):
            self.soon(place, lambda: self._overhear(place, received))

    def _take(self, place: TelegramPlace, message: Message) -> None:
        text = message.text or message.caption
        if text:
            self.answer(place, text)
        elif message.__fields_set__ & NO_TEXT:
            album = message.media_group_id
            if album is None or self.deliveries.is_new("album", place.sender_id, album):
                self.say(place, ONLY_TEXT)

    async def _overhear(self, place: TelegramPlace, message: Message) -> None:
        """In a group, answers what is said to the bot: with its name, as a reply to it, or by a command."""
        assert self._api
        if self._me is None:
            try:
                self._me = User.parse_obj(await self._api.call("getMe"))
            except (TelegramError, ValidationError) as error:  # no answer: who knows whether it was meant for the bot
                log.warning("telegram.name.unknown", error=type(error).__name__)
                return
        text = message.text or message.caption or ""
        name = f"@{self._me.username}".lower()
        at = text.lower().find(name)
        to_me = message.reply_to_message and message.reply_to_message.sender
        if at >= 0:
            text = text[:at] + text[at + len(name) :]
        elif not (text.lower() in _COMMANDS or (to_me and to_me.id == self._me.id)):
            return
        if not text.strip() and not message.__fields_set__ & NO_TEXT:
            text = "/start"  # only called by name
        self._take(place, message.copy(update={"text": text.strip(), "caption": None}))

    async def _poll(self) -> None:
        """Fetches updates for ever, patiently where there is no network."""
        assert self._api
        offset, pause, greeted = 0, 1, False
        while True:
            try:
                if not greeted:
                    await set_commands(self._api)
                    greeted = True
                updates = await self._api.call(
                    "getUpdates", POLL_SECONDS, offset=offset, timeout=POLL_SECONDS, allowed_updates=UPDATES
                )
            except TelegramError as error:
                log.warning("telegram.polling.failed", reason=str(error), again_in_seconds=pause)
                if error.code == 409:
                    log.warning(
                        "telegram.polling.conflict",
                        hint="A webhook is set, or another program polls. "
                        "`python -m scripts.telegram_webhook --delete` removes the webhook.",
                    )
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = 1
            for update in updates:
                await self.take(_key(update), update)
                if isinstance(update, dict) and isinstance(update.get("update_id"), int):
                    offset = max(offset, update["update_id"] + 1)


def _key(update: Any) -> str | None:
    """Returns the name of an update; None where it has none, and so is none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return str(number) if isinstance(number, int) else None


def render_reply(reply: Reply) -> list[dict[str, Any]]:
    """Returns the parameters of `sendMessage` for a reply: more than one only beyond 4,096 characters."""
    messages: list[dict[str, Any]] = [
        {
            "text": render(piece, html.escape, "<b>{text}</b>", '<a href="{url}">{text}</a>'),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        for piece in split(reply.text, MAX_TEXT, utf16)
    ]
    if reply.buttons:
        messages[-1]["reply_markup"] = {"inline_keyboard": _rows(reply.buttons)}
    return messages


def _rows(buttons: tuple[Button, ...]) -> list[list[dict[str, str]]]:
    """Returns the rows of a keyboard: three short buttons a row, or one where a title is long."""
    width = 3 if all(len(button.title) <= SHORT_TITLE for button in buttons) else 1
    keys = [{"text": button.title, "callback_data": button.token} for button in buttons]
    return [keys[i : i + width] for i in range(0, len(keys), width)]
