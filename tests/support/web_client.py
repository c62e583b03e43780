"""A client of the web channel for tests, and what the tests have in common."""

import json
import uuid
from typing import Any

import requests
from websockets.client import WebSocketClientProtocol, connect

from scripts.assistant import Assistant

Message = dict[str, Any]

# From the OWASP and PortSwigger cheat sheets: each runs a script where text is inserted as HTML.
XSS = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    "<svg onload=window.hacked=1>",
    "<svg><animate onbegin=window.hacked=1 attributeName=x dur=1s>",
    '"><img src=x onerror="window.hacked=1">',
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "<details open ontoggle=window.hacked=1>x</details>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.hacked=1>",
    "<a href='javascript:window.hacked=1'>x</a>",
    "[x](javascript:window.hacked=1)",
    "[x](JaVaScRiPt:window.hacked=1)",
    "[x](data:text/html,<script>window.hacked=1</script>)",
    "[x](vbscript:x)",
    "<javascript:window.hacked=1>",
    '![x](x"onerror="window.hacked=1)',
    "![x](https://example.org/tracker.png)",
    "`<img src=x onerror=window.hacked=1>`",
    "<style>@import 'javascript:window.hacked=1'</style>",
    "<form action=javascript:window.hacked=1><button>x</button></form>",
    "<body onload=window.hacked=1>",
    "<template><img src=x onerror=window.hacked=1></template>",
    "<noscript><p title='</noscript><img src=x onerror=window.hacked=1>'>",
    "&lt;img src=x onerror=window.hacked=1&gt;",
    "${window.hacked=1} {{window.hacked=1}}",
]


class Tab:
    """One connection to the web channel, as the widget makes it."""

    def __init__(self, assistant: Assistant, socket: WebSocketClientProtocol) -> None:
        self.assistant = assistant
        self.socket = socket
        self.token = ""
        self.history: list[Message] = []

    @classmethod
    async def open(
        cls, assistant: Assistant, token: str | None = None, origin: str | None = None, client: str | None = None
    ) -> "Tab":
        """Connects and says hello; `origin` is the assistant's own unless given, `client` what a proxy would say."""
        address = f"{assistant.url.replace('http', 'ws')}/webhooks/web/socket"
        headers = {"X-Forwarded-For": client} if client else {}
        tab = cls(assistant, await connect(address, origin=origin or assistant.url, extra_headers=headers))
        await tab.send(type="hello", token=token)
        session = await tab.next()
        assert session["type"] == "session"
        tab.token, tab.history = session["token"], session["history"]
        return tab

    async def send(self, **message: Any) -> None:
        """Sends an object as it is."""
        await self.socket.send(json.dumps(message))

    async def next(self) -> Message:
        """Returns what comes next."""
        return json.loads(await self.socket.recv())

    async def until(self, kind: str, **values: Any) -> list[Message]:
        """Returns everything up to a message of a type with the given values, that one included."""
        seen = [await self.next()]
        while seen[-1]["type"] != kind or any(seen[-1].get(name) != value for name, value in values.items()):
            seen.append(await self.next())
        return seen

    async def say(self, text: str, **more: Any) -> list[Message]:
        """Sends a text and returns the assistant's answers, once they are all there."""
        message_id = more.pop("id", uuid.uuid4().hex)
        await self.send(type="message", id=message_id, text=text, **more)
        return [seen for seen in await self.until("done", id=message_id) if seen["type"] == "bot"]

    async def close(self) -> None:
        """Closes the tab."""
        await self.socket.close()


def get(assistant: Assistant, path: str, **headers: str) -> requests.Response:
    """Returns what the assistant serves at a path."""
    return requests.get(f"{assistant.url}{path}", headers=headers, timeout=20)
