"""Latency, throughput, order and memory of a running assistant, seen from outside."""

import asyncio
import statistics
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil
import yaml

from scripts.assistant import Assistant

MESSAGES: list[str] = yaml.safe_load((Path(__file__).resolve().parent / "messages.yml").read_text())


@dataclass
class Latency:
    """Milliseconds a reply took: half of them less than p50, 95 % less than p95."""

    p50: float
    p95: float


def latency(milliseconds: list[float]) -> Latency:
    """Sums up single times."""
    return Latency(statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1])


async def _say(session: aiohttp.ClientSession, url: str, sender: str, text: str) -> tuple[float, list[dict]]:
    start = time.perf_counter()
    async with session.post(f"{url}/webhooks/rest/webhook", json={"sender": sender, "message": text}) as answer:
        replies = await answer.json()
    return (time.perf_counter() - start) * 1000, replies


async def _alone(url: str, rounds: int) -> list[float]:
    async with aiohttp.ClientSession() as session:
        for text in MESSAGES:  # warm up
            await _say(session, url, "warm-up", text)
        times = []
        for _ in range(rounds):
            sender = uuid.uuid4().hex
            times += [(await _say(session, url, sender, text))[0] for text in MESSAGES]
        return times


def one_at_a_time(assistant: Assistant, rounds: int = 5) -> Latency:
    """Plays the conversation `rounds` times, each in a conversation of its own."""
    return latency(asyncio.run(_alone(assistant.url, rounds)))


async def _long(url: str, last: int) -> list[float]:
    async with aiohttp.ClientSession() as session:
        sender, times = uuid.uuid4().hex, []
        for number in range(last):
            times.append((await _say(session, url, sender, MESSAGES[number % len(MESSAGES)]))[0])
        return times


def growth(assistant: Assistant, last: int = 300, repeats: int = 3) -> tuple[float, float]:
    """Returns the median time of messages 5 to 24 and `last` to `last` + 19, in milliseconds.

    Both are one whole round of the conversation, so both medians are over the same messages.
    """
    early: list[float] = []
    late: list[float] = []
    for _ in range(repeats):
        times = asyncio.run(_long(assistant.url, last + len(MESSAGES)))
        early += times[5 : 5 + len(MESSAGES)]
        late += times[last : last + len(MESSAGES)]
    return statistics.median(early), statistics.median(late)


@dataclass
class Crowd:
    """Many conversations at once: messages a second, replies missing, replies that fit another message."""

    per_second: float
    lost: int
    wrong: int


def crowd(assistant: Assistant, people: int = 50) -> Crowd:
    """Lets `people` hold the conversation at once and compares each reply with that of one person alone."""

    async def play(session: aiohttp.ClientSession) -> list[str]:
        sender = uuid.uuid4().hex
        return [
            " | ".join(reply.get("text", "") for reply in (await _say(session, assistant.url, sender, text))[1])
            for text in MESSAGES
        ]

    async def play_all() -> tuple[list[str], list[list[str]], float]:
        timeout = aiohttp.ClientTimeout(total=600)
        connector = aiohttp.TCPConnector(limit=people)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
            expected = await play(session)
            start = time.perf_counter()
            heard = await asyncio.gather(*(play(session) for _ in range(people)))
            return expected, heard, time.perf_counter() - start

    expected, heard, seconds = asyncio.run(play_all())
    replies = [(want, got) for answers in heard for want, got in zip(expected, answers, strict=True)]
    return Crowd(
        per_second=len(replies) / seconds,
        lost=sum(bool(want) and not got for want, got in replies),
        wrong=sum(bool(got) and want != got for want, got in replies),
    )


def memory(assistant: Assistant) -> float:
    """Returns the resident memory of the assistant and the action server together, in MB."""
    total = 0
    for process in (assistant.server, assistant.actions):
        if process is not None:
            root = psutil.Process(process.pid)
            total += sum(each.memory_info().rss for each in [root, *root.children(recursive=True)])
    return total / 1e6
