"""The REST channel: bad requests, long messages, order."""

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
import requests

from conversations.limits import TOO_LONG
from scripts.serve import Assistant
from tests.conftest import Person


def post(assistant: Assistant, body: bytes) -> requests.Response:
    return requests.post(f"{assistant.url}/webhooks/rest/webhook", data=body, timeout=10)


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"", 400, "The request must be JSON in UTF-8."),
        (b"\xff\xfe\x00\x01", 400, "The request must be JSON in UTF-8."),
        (b"[" * 100_000, 400, "The request must be JSON in UTF-8."),
        (b"[]", 400, 'Send an object: {"sender": "...", "message": "..."}.'),
        (b'{"sender": "x"}', 400, '"message" must be a text.'),
        (b'{"message": 5}', 400, '"message" must be a text.'),
        (b'{"message": "hi", "sender": ""}', 400, '"sender" must be a text of 1 to 255 characters.'),
        (b'{"message": "hi", "sender": ["x"]}', 400, '"sender" must be a text of 1 to 255 characters.'),
        (b'{"message": "hi", "metadata": 1}', 400, '"metadata" must be an object.'),
        (b'{"message": "' + b"x" * 1_000_001 + b'"}', 413, "The request is larger than 1,000,000 bytes."),
    ],
)
def test_a_bad_request_gets_a_clear_error_and_the_next_message_an_answer(
    assistant: Assistant, person: Callable[[], Person], body: bytes, status: int, message: str
) -> None:
    answer = post(assistant, body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"] == message
    assert person().hear("hello").startswith("Hello!")


@pytest.mark.parametrize("text", ["a" * 100_000, "why so tight? " * 7000, "\U0001f9b5" * 50_000, "\n" * 99_999 + "x"])
def test_a_message_that_is_too_long_is_refused_kindly(person: Callable[[], Person], text: str) -> None:
    someone = person()
    assert someone.hear(text) == TOO_LONG.format(limit="1,000")
    assert someone.hear("hello").startswith("Hello!")


@pytest.mark.parametrize(
    "text", ["", " ", "?", "x", "\U0001f642", "\U0001f642\U0001f9b5", "...", "\u0000", "\ud83d", "١"]
)
def test_nothing_to_read_gets_a_sentence(assistant: Assistant, text: str) -> None:
    import json

    answer = post(assistant, json.dumps({"sender": f"nothing-{text!r}", "message": text}).encode())
    assert answer.status_code == 200
    assert answer.json()[0]["text"].startswith("Sorry, I didn't understand that.")


async def test_messages_sent_fast_are_answered_in_order(assistant: Assistant) -> None:
    texts = ["hello", "what are hamstrings?", "why are my hamstrings tight?", "thanks", "bye"] * 3
    alone = [Person(assistant, "slow").hear(text) for text in texts]
    answered: list[tuple[int, str]] = []

    async def send(session: aiohttp.ClientSession, number: int, text: str) -> None:
        body: dict[str, Any] = {"sender": "fast", "message": text}
        async with session.post(f"{assistant.url}/webhooks/rest/webhook", json=body) as answer:
            replies = await answer.json()
        answered.append((number, "\n".join(reply["text"] for reply in replies)))

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=20)) as session:
        tasks = []
        for number, text in enumerate(texts):
            tasks.append(asyncio.create_task(send(session, number, text)))
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
    assert sorted(answered) == list(enumerate(alone))
