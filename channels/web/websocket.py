"""Reading from a Sanic WebSocket on Python 3.11."""

import asyncio
from typing import Any


async def receive(ws: Any, timeout: float | None) -> str | bytes | None:
    """Returns the next message; None once the connection has ended, or nothing came for `timeout` seconds.

    Sanic 21.12's own `recv()` gives a coroutine to `asyncio.wait`, which Python 3.11 refuses (Sanic mended
    that in 22.9; Rasa needs 21.12). This does the same with a task.
    """
    if ws.recv_cancel or ws.connection.state.name != "OPEN":
        return None
    ws.recv_cancel = asyncio.get_running_loop().create_future()  # Sanic cancels it when the connection ends
    reading = asyncio.create_task(ws.assembler.get())
    try:
        await asyncio.wait((ws.recv_cancel, reading), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        return reading.result() if reading.done() else None
    finally:
        reading.cancel()
        ws.recv_cancel = None
