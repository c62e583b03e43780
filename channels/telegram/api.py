"""A small client of Telegram's Bot API (https://core.telegram.org/bots/api)."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp

from channels.commands import COMMANDS

UPDATES = ["message", "edited_message", "callback_query"]  # what the connector wants to be told
ATTEMPTS = 4
TIMEOUT_SECONDS = 20
LONGEST_WAIT_SECONDS = 30


class TelegramError(Exception):
    """Telegram refused a request, or could not be reached (code 0).

    Its text is Telegram's own. It never holds the address of the request, of which the token is a part.
    """

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}")
        self.code = code


class TelegramApi:
    """Calls methods of the Bot API.

    Args:
        url: Address of the Bot API server.
        token: The bot's token.
    """

    def __init__(self, url: str, token: str) -> None:
        self._base = f"{url.rstrip('/')}/bot{token}"
        self._session: aiohttp.ClientSession | None = None
        self.photos: dict[bytes, str] = {}  # the names by which Telegram knows what was uploaded before

    async def call(self, method: str, wait_seconds: float = 0, **params: Any) -> Any:
        """Calls a method, again where Telegram asks for patience or is out of order.

        Args:
            method: Name of the method.
            wait_seconds: How long Telegram may wait before it answers.
            params: Parameters of the method.

        Returns:
            The result.

        Raises:
            TelegramError: It was refused, or failed several times.
        """
        return await self._insist(method, wait_seconds, lambda: {"json": params})

    async def upload(self, method: str, files: dict[str, bytes], **params: Any) -> Any:
        """Calls a method with PNG files, by the names of their parameters; otherwise like `call`."""
        return await self._insist(method, 0, lambda: {"data": _form(files, params)})

    async def _insist(self, method: str, wait_seconds: float, body: Callable[[], dict[str, Any]]) -> Any:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._call(method, wait_seconds, body())
            except _Later as error:
                if attempt == ATTEMPTS:
                    raise TelegramError(error.code, error.description) from None
                await asyncio.sleep(min(error.seconds or 2**attempt / 4, LONGEST_WAIT_SECONDS))

    async def _call(self, method: str, wait_seconds: float, body: dict[str, Any]) -> Any:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=True)
        timeout = aiohttp.ClientTimeout(total=wait_seconds + TIMEOUT_SECONDS)
        try:
            async with self._session.post(f"{self._base}/{method}", **body, timeout=timeout) as response:
                answer = await response.json(content_type=None)
                status = response.status
        except aiohttp.ClientConnectorError as error:  # it never got there, so it can be sent again
            raise _Later(0, type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise TelegramError(0, type(error).__name__) from None
        if not isinstance(answer, dict):
            raise TelegramError(status, "no answer of the Bot API")
        if answer.get("ok"):
            return answer.get("result")
        code = answer.get("error_code") or status
        description = str(answer.get("description"))
        if code == 429 or code >= 500:
            raise _Later(code, description, (answer.get("parameters") or {}).get("retry_after"))
        raise TelegramError(code, description)

    async def close(self) -> None:
        """Closes the connections."""
        if self._session:
            await self._session.close()


async def set_commands(api: TelegramApi) -> None:
    """Names the commands in Telegram's menu; raises TelegramError."""
    commands = [{"command": name, "description": what} for name, what in COMMANDS.items()]
    await api.call("setMyCommands", commands=commands)


def _form(files: dict[str, bytes], params: dict[str, Any]) -> aiohttp.FormData:
    """Returns a form, which can be sent once."""
    form = aiohttp.FormData()
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for name, content in files.items():
        form.add_field(name, content, filename=f"{name}.png", content_type="image/png")
    return form


class _Later(Exception):
    def __init__(self, code: int, description: str, seconds: float | None = None) -> None:
        self.code, self.description, self.seconds = code, description, seconds
