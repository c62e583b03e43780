"""Slack for the tests: a local server that accepts what Slack's documents allow and refuses the rest.

https://docs.slack.dev/reference/methods and .../reference/block-kit. The shape of blocks is checked with
slack_sdk's own models too; requests to the bot are signed with slack_sdk's SignatureVerifier.
"""

import asyncio
import html
import json
import re
import threading
import time
import uuid
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import requests
from aiohttp import web
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier

from tests.support.assistant import free_port
from tests.support.local_server import LocalServer, until

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-test", "xapp-test", "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, BOT_USER = "T0HAMSTRING", "U0BOT"
TEXT_OBJECTS = {"plain_text", "mrkdwn"}


class Refused(Exception):
    """The error code that Slack answers with."""


def check_message(params: dict[str, Any]) -> None:
    """Raises Refused for what Slack would refuse, or show wrong."""
    if "as_user" in params:
        raise Refused("as_user_not_supported")
    text, blocks = params.get("text") or "", params.get("blocks") or []
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    if not text:
        raise Refused("no_text")  # blocks alone leave screen readers and notifications empty
    if len(text) > 40_000:
        raise Refused("msg_too_long")
    check_mrkdwn(text)
    if len(blocks) > 50:
        raise Refused("invalid_blocks: more than 50")
    ids: Counter[str] = Counter()
    for block in blocks:
        _check_block(block, ids)
    if twice := [action for action, times in ids.items() if times > 1]:
        raise Refused(f"invalid_blocks: action_id {twice[0]} is not unique")
    try:
        for parsed in Block.parse_all(blocks):
            parsed.validate_json()
    except SlackObjectFormationError as error:
        raise Refused(f"invalid_blocks: {error}") from None


def _check_block(block: dict[str, Any], ids: Counter[str]) -> None:
    kind = block.get("type")
    if kind == "section":
        _check_text(block["text"], TEXT_OBJECTS, 3000)
    elif kind == "context":
        if not 1 <= len(block["elements"]) <= 10:
            raise Refused("invalid_blocks: context elements")
        for element in block["elements"]:
            _check_text(element, TEXT_OBJECTS, 2000)
    elif kind == "actions":
        if not 1 <= len(block["elements"]) <= 25:
            raise Refused("invalid_blocks: actions elements")
        for element in block["elements"]:
            if element["type"] != "button":
                raise Refused("invalid_blocks: element type")
            _check_text(element["text"], {"plain_text"}, 75)
            if not 1 <= len(element["value"]) <= 2000 or not 1 <= len(element["action_id"]) <= 255:
                raise Refused("invalid_blocks: value or action_id")
            ids[element["action_id"]] += 1
    else:
        raise Refused(f"invalid_blocks: unknown type {kind}")


def _check_text(text: dict[str, str], kinds: set[str], limit: int) -> None:
    if text["type"] not in kinds or not 1 <= len(text["text"]) <= limit:
        raise Refused("invalid_blocks: text object")
    if text["type"] == "mrkdwn":
        check_mrkdwn(text["text"])


def check_mrkdwn(text: str) -> None:
    """Raises Refused for `&`, `<` and `>` that stand for nothing."""
    rest = re.sub(r"<https?://[^|<>\s]+(\|[^<>\n]+)?>", "", text)
    if re.search(r"[<>]|&(?!(amp|lt|gt);)", rest):
        raise Refused("unescaped text")


def seen(message: dict[str, Any]) -> str:
    """Returns the text that a person sees: that of the blocks, formatted."""
    texts = [block["text"]["text"] for block in message["blocks"] if block["type"] == "section"]
    text = re.sub(r"<[^|<>]+\|([^<>]+)>", r"\1", "\n".join(texts))
    return html.unescape(re.sub(r"\*([^*\n]+)\*", r"\1", text))


class SlackService:
    """Slack's Web API and Socket Mode."""

    def __init__(self) -> None:
        self._server = LocalServer(free_port())
        self.url = f"{self._server.url}/api/"
        self._server.app.router.add_post("/api/{method}", self._serve)
        self._server.app.router.add_post("/upload/{file}", self._upload)
        self._server.app.router.add_get("/link", self._link)
        self.bot = ""  # where HTTP deliveries go; empty: through Socket Mode
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[str] = []
        self.messages: dict[tuple[str, str], dict[str, Any]] = {}  # by channel and ts
        self.files: dict[str, dict[str, Any]] = {}  # by id
        self.acknowledged: dict[str, Any] = {}  # by envelope
        self.sockets: list[web.WebSocketResponse] = []
        self.failing: dict[str, list[tuple[int, dict[str, str]]]] = {}  # by method: status and headers of next answers
        self.gate = threading.Event()  # while it is not set, Slack lets the bot wait
        self.gate.set()
        self._clock = 1_700_000_000

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    def called(self, method: str, channel: str | None = None) -> list[dict[str, Any]]:
        """Returns the parameters of all calls of a method, for one channel."""
        return [
            params
            for name, params in list(self.calls)
            if name == method and (channel is None or params.get("channel") == channel)
        ]

    async def _serve(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body = await request.text()
        if request.content_type == "application/json":
            params = json.loads(body)
        else:
            params = {**request.query, **await request.post()}
        await asyncio.to_thread(self.gate.wait, 30)
        if self.failing.get(method):
            status, headers = self.failing[method].pop(0)
            return web.json_response({"ok": False, "error": "ratelimited"}, status=status, headers=headers)
        try:
            return web.json_response({"ok": True, **self._do(method, params, request.headers)})
        except Refused as error:
            self.refusals.append(f"{method}: {error}")
            return web.json_response({"ok": False, "error": str(error)})

    def _do(self, method: str, params: dict[str, Any], headers: Any) -> dict[str, Any]:
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if headers.get("Authorization") != f"Bearer {token}":
            raise Refused("invalid_auth")
        self.calls.append((method, params))
        if method == "apps.connections.open":
            return {"url": f"{self._server.url.replace('http', 'ws')}/link?ticket={uuid.uuid4()}"}
        if method == "conversations.open":
            if not str(params.get("users", "")).startswith("U"):
                raise Refused("user_not_found")
            return {"channel": {"id": direct(params["users"])}}
        if method == "files.getUploadURLExternal":
            if int(params["length"]) < 1 or not params["filename"] or len(params.get("alt_txt", "")) > 1000:
                raise Refused("invalid_arguments")
            number = f"F{len(self.files):08}"
            self.files[number] = {**params, "content": b""}
            return {"file_id": number, "upload_url": f"{self._server.url}/upload/{number}"}
        if method == "files.completeUploadExternal":
            return self._share(params)
        if not re.fullmatch("[CD][A-Z0-9]+", params.get("channel", "")):
            raise Refused("channel_not_found")
        check_message({**params, "blocks": params.get("blocks")})
        if method == "chat.postMessage":
            self._clock += 1
            ts = f"{self._clock}.000100"
            self.messages[params["channel"], ts] = {**params, "ts": ts}
            return {"channel": params["channel"], "ts": ts}
        if method == "chat.update":
            if (params["channel"], params.get("ts")) not in self.messages:
                raise Refused("message_not_found")
            self.messages[params["channel"], params["ts"]].update(params)
            return {"channel": params["channel"], "ts": params["ts"]}
        if method == "chat.postEphemeral":
            if not params.get("user"):
                raise Refused("user_not_in_channel")
            return {"message_ts": f"{self._clock}.000200"}
        raise Refused("unknown_method")

    async def _upload(self, request: web.Request) -> web.Response:
        file = self.files[request.match_info["file"]]
        file["content"] = await request.read()
        return web.Response(status=200 if len(file["content"]) == int(file["length"]) else 400)

    def _share(self, params: dict[str, Any]) -> dict[str, Any]:
        files = json.loads(params["files"]) if isinstance(params["files"], str) else params["files"]
        if not re.fullmatch("[CD][A-Z0-9]+", params["channel_id"]):
            raise Refused("channel_not_found")
        for given in files:
            file = self.files[given["id"]]
            if not file["content"]:
                raise Refused("file_not_found")
            file |= {"title": given["title"], "channel": params["channel_id"], "thread_ts": params.get("thread_ts")}
        return {"files": files}

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.sockets.append(socket)
        async for frame in socket:
            answer = json.loads(frame.data)
            self.acknowledged[answer["envelope_id"]] = answer.get("payload")
        self.sockets.remove(socket)
        return socket

    def disconnect(self) -> None:
        """Asks the bot to connect anew, as Slack does every few hours."""
        self._server.run(self.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"}))

    def cut(self) -> None:
        """Ends the connection without a word."""
        self._server.run(self.sockets[-1].close())

    def send(self, frame: str) -> None:
        """Sends something over Socket Mode."""
        until(lambda: self.sockets, "a Socket Mode connection")
        self._server.run(self.sockets[-1].send_str(frame))

    def deliver(self, kind: str, payload: dict[str, Any]) -> Any:
        """Delivers over HTTP or Socket Mode, and returns what is shown at once."""
        if not self.bot:
            return self._deliver_by_socket(kind, payload)
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = {"payload": json.dumps(payload)} if kind == "interactive" else payload
            body, content_type = urlencode(form), "application/x-www-form-urlencoded"
        response = self.post(body, content_type)
        assert response.status_code == 200, response.status_code
        return response.json() if response.text else None

    def post(self, body: str | bytes, content_type: str = "application/json", **headers: str) -> requests.Response:
        """Posts to the bot, signed as Slack signs unless `headers` say otherwise."""
        stamp = str(int(time.time()))
        try:
            signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        except UnicodeDecodeError:
            signature = "v0=none"
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature, "Content-Type": content_type}
        data = body.encode() if isinstance(body, str) else body
        return requests.post(self.bot, data=data, headers={**signed, **headers}, timeout=30)

    def _deliver_by_socket(self, kind: str, payload: dict[str, Any]) -> Any:
        envelope = str(uuid.uuid4())
        until(lambda: self.sockets, "a Socket Mode connection")
        frame = {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        self._server.run(self.sockets[-1].send_json(frame))
        until(lambda: envelope in self.acknowledged, "an acknowledgement")
        return self.acknowledged[envelope]


def direct(user: str) -> str:
    """Returns the channel of the direct messages between a person and the bot."""
    return f"D{user[1:]}"


class SlackPerson:
    """Somebody who writes to the bot in Slack: in direct messages, or by mentioning it in `channel`."""

    def __init__(self, service: SlackService, user: str, channel: str | None = None) -> None:
        self.service, self.user = service, user
        self.channel = channel or direct(user)
        self._received = 0
        self.last: list[dict[str, Any]] = []

    @property
    def sender_id(self) -> str:
        place = "" if self.channel.startswith("D") else f"{self.channel}-"
        return f"slack-{TEAM}-{place}{self.user}"

    def event(self, text: str, **more: Any) -> dict[str, Any]:
        """Returns the delivery of a message."""
        event: dict[str, Any] = {
            "user": self.user,
            "channel": self.channel,
            "text": html.escape(text, quote=False),
            "ts": f"{time.time():.6f}",
        }
        if self.channel.startswith("D"):
            event |= {"type": "message", "channel_type": "im"}
        else:
            event |= {"type": "app_mention", "text": f"<@{BOT_USER}> {event['text']}"}
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
            "event": {**event, **more},
        }

    def write(self, text: str, **more: Any) -> None:
        self.service.deliver("events_api", self.event(text, **more))

    def command(self, text: str) -> Any:
        """Uses /hamstring in some channel, and returns what is shown at once."""
        payload = {
            "command": "/hamstring",
            "text": text,
            "team_id": TEAM,
            "user_id": self.user,
            "channel_id": "C0GENERAL",
            "trigger_id": uuid.uuid4().hex,
        }
        return self.service.deliver("slash_commands", payload)

    def interaction(self, value: str, message: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Returns the delivery of a pressed button."""
        return {
            "type": "block_actions",
            "trigger_id": uuid.uuid4().hex,
            "team": {"id": TEAM},
            "user": {"id": self.user},
            "channel": {"id": self.channel},
            "message": {key: message[key] for key in ("ts", "thread_ts", "text", "blocks") if message.get(key)},
            "actions": [{"type": "button", "action_id": "choice-0", "value": value}],
            **more,
        }

    def press(self, title: str) -> None:
        """Presses a button of the last message that has it."""
        for message in reversed(self.last):
            for element in elements(message):
                if element["text"]["text"] == title:
                    self.service.deliver("interactive", self.interaction(element["value"], message))
                    return
        raise AssertionError(f"There is no button {title!r}")

    def receive(self) -> list[dict[str, Any]]:
        """Returns the messages of the bot that were not received yet."""
        posted = [
            dict(message) for (channel, _), message in list(self.service.messages.items()) if channel == self.channel
        ]
        new = posted[self._received :]
        self._received = len(posted)
        self.last.extend(new)
        return new

    def hear(self, number: int = 1) -> list[str]:
        """Waits for that many messages of the bot; returns what the person sees of them."""
        heard: list[dict[str, Any]] = []

        def enough() -> bool:
            heard.extend(self.receive())
            return len(heard) >= number

        until(enough, f"{number} messages, after {[seen(message) for message in heard]}")
        return [seen(message) for message in heard]

    def buttons(self) -> list[str]:
        """Returns the titles at the last message."""
        return [element["text"]["text"] for element in elements(self.last[-1])]


def elements(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the buttons of a message."""
    return [element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]]
