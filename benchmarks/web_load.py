"""Load on the web channel: many people at once, each in a conversation of their own.

`python -m benchmarks.web_load` starts an assistant, or measures one that runs (`--url`, with limits that allow it).
Every answer is checked to belong to the question of the session that it reached; it exits with 1 if one does not.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from websockets.client import connect

from scripts.assistant import Assistant
from settings import Settings

# What is asked, and how the answer to it begins: so an answer that reached somebody else is noticed.
QUESTIONS = {
    "/ask_anatomy": "Your hamstrings are three",
    "/ask_causes": "Five causes explain",
    "/ask_cause_sitting": "While you sit",
    "why are my hamstrings so tight?": "Hamstrings are seldom",
    "/bot_challenge": "I'm a computer program",
    "/ask_recovery": "- **Just tight",
}


class Session:
    """One person in a browser, who asks, waits, and asks again."""

    def __init__(self, number: int, messages: int) -> None:
        self.number = number
        self.seconds: list[float] = []
        self.trouble: Counter[str] = Counter()
        self._asked = random.Random(number).choices(list(QUESTIONS), k=messages)

    async def run(self, url: str, think: float, start: asyncio.Event) -> None:
        """Talks: `think` is the mean pause before each question, in seconds."""
        address = f"{url.replace('http', 'ws', 1)}/webhooks/web/socket"
        async with connect(address, origin=url, open_timeout=60) as socket:  # type: ignore[arg-type]
            await socket.send(json.dumps({"type": "hello"}))
            token = json.loads(await socket.recv())["token"]
            await start.wait()
            pause = random.Random(-self.number)
            for number, text in enumerate(self._asked):
                await asyncio.sleep(pause.uniform(0, 2 * think))
                await self._ask(socket, f"{self.number}-{number}", text)
        async with connect(address, origin=url, open_timeout=60) as socket:  # type: ignore[arg-type]
            await socket.send(json.dumps({"type": "hello", "token": token}))
            history = json.loads(await socket.recv())["history"]
        if [message["text"] for message in history if message["type"] == "user"] != self._asked:
            self.trouble["history is not what was asked"] += 1

    async def _ask(self, socket: Any, message_id: str, text: str) -> None:
        begun = time.perf_counter()
        await socket.send(json.dumps({"type": "message", "id": message_id, "text": text}))
        answers = []
        while True:
            got = json.loads(await asyncio.wait_for(socket.recv(), 120))
            if got["type"] == "bot":
                answers.append(got["text"])
            elif got["type"] == "error":
                self.trouble[got["error"]["code"]] += 1
                return
            elif got["type"] == "done":
                break
        self.seconds.append(time.perf_counter() - begun)
        if got["id"] != message_id:
            self.trouble["answer to another message"] += 1
        if not answers:
            self.trouble["lost"] += 1
        elif not all(answer.startswith(QUESTIONS[text]) for answer in answers):
            self.trouble["crossed over"] += 1


async def measure(url: str, sessions: int, messages: int, think: float) -> dict[str, Any]:
    """Returns messages a second, latencies in milliseconds and everything that went wrong."""
    people = [Session(number, messages) for number in range(sessions)]
    start = asyncio.Event()
    tasks = [asyncio.create_task(person.run(url, think, start)) for person in people]
    begun = time.perf_counter()
    start.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    took = time.perf_counter() - begun
    trouble: Counter[str] = Counter(type(result).__name__ for result in results if isinstance(result, Exception))
    for person in people:
        trouble += person.trouble
    seconds = [second for person in people for second in person.seconds]
    cuts = statistics.quantiles(seconds, n=100)
    return {
        "sessions": sessions,
        "mean pause s": think,
        "messages": len(seconds),
        "messages/s": round(len(seconds) / took, 1),
        **{f"p{cut} ms": round(1000 * cuts[cut - 1]) for cut in (50, 95, 99)},
        "max ms": round(1000 * max(seconds)),
        "trouble": dict(trouble) or "none",
        "missing": sessions * messages - len(seconds),
    }


def main() -> int:
    """Measures people who think, and people who don't; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an assistant that runs")
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--messages", type=int, default=10, help="a session")
    parser.add_argument("--think", type=float, nargs="*", default=[0, 10], help="mean pause before a message, in s")
    options = parser.parse_args()
    assistant = None
    if not options.url:
        folder = Path(tempfile.mkdtemp(prefix="hamstring-load-"))
        settings = Settings(
            database_url=f"sqlite:///{folder}/exercises.db",
            conversations_url=f"sqlite:///{folder}/conversations.db",
            state_dir=folder,
            connections_per_address=10_000,
            session_messages_per_minute=1_000_000,
            address_messages_per_minute=1_000_000,
        )
        assistant = Assistant(settings, log=folder)
        assistant.start()
    try:
        url = options.url or (assistant.url if assistant else "")
        fine = True
        for think in options.think:
            result = asyncio.run(measure(url, options.sessions, options.messages, think))
            print(json.dumps(result), flush=True)
            fine = fine and result["trouble"] == "none" and not result["missing"]
        return 0 if fine else 1
    finally:
        if assistant:
            assistant.stop()


if __name__ == "__main__":
    sys.exit(main())
