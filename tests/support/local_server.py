"""An aiohttp server in a thread of its own, for the services that connectors talk to."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any

from aiohttp import web

WAIT_SECONDS = 30


class LocalServer:
    """Serves `app` at 127.0.0.1 from `start()` to `stop()`; `port` is known before it starts."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.app = web.Application(client_max_size=10_000_000)
        self.loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def start(self) -> None:
        self.run(self._start())

    def stop(self) -> None:
        if self._runner:
            self.run(self._runner.cleanup())
        self.loop.call_soon_threadsafe(self.loop.stop)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Does work on the server's loop and returns its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(WAIT_SECONDS)

    async def _start(self) -> None:
        self._runner = web.AppRunner(self.app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()


def until(condition: Callable[[], Any], what: str = "") -> Any:
    """Waits for a condition and returns what it returned; fails after 30 s."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.02)
    raise AssertionError(f"This never came: {what or condition}")
