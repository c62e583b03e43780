"""The REST channel: bad requests, long messages, order."""

import asyncio
import json
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
import requests

from conversations.limits import TOO_LONG
from scripts.assistant import Assistant
from tests.support.assistant import Person, make_assistant

SENDER = '"sender" must be a text of 1 to 200 characters that can be printed.'
METADATA = '"metadata" must be an object of texts that can be printed.'


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
        (b'{"message": "hi", "sender": ""}', 400, SENDER),
        (b'{"message": "hi", "sender": ["x"]}', 400, SENDER),
        (rb'{"message": "hi", "sender": "a\ud800"}', 400, SENDER),
        (rb'{"message": "hi", "sender": "a\u0000"}', 400, SENDER),
        (rb'{"message": "hi", "metadata": {"x": "\ud800"}}', 400, METADATA),
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
    assert someone.hear(text) == TOO_LONG.format(limit="4,000")
    assert someone.hear("hello").startswith("Hello!")


@pytest.mark.parametrize(
    "text", ["", " ", "?", "x", "\U0001f642", "\U0001f642\U0001f9b5", "...", "\u0000", "\ud83d", "١"]
)
def test_nothing_to_read_gets_a_sentence(assistant: Assistant, text: str) -> None:
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


# --- Who may use it ---


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Origin": "https://evil.example"}, 403, "foreign_origin"),
        ({"Origin": "null"}, 403, "foreign_origin"),
        ({"Origin": "http://evil.example:5005", "Host": "evil.example:5005"}, 403, "foreign_origin"),
        ({"Host": "evil.example"}, 403, "local_only"),
        ({"X-Forwarded-For": "203.0.113.5"}, 403, "local_only"),
        ({"Forwarded": "for=203.0.113.5"}, 403, "local_only"),
        ({}, 200, None),
        ({"Host": "localhost:5005"}, 200, None),
    ],
)
def test_without_a_token_only_programs_on_this_computer_are_answered(
    assistant: Assistant, headers: dict[str, str], status: int, code: str | None
) -> None:
    body = {"sender": "somebody", "message": "hello"}
    answer = requests.post(f"{assistant.url}/webhooks/rest/webhook", json=body, headers=headers, timeout=10)
    assert answer.status_code == status
    assert (answer.json()["error"]["code"] if code else None) == code


def test_a_sender_of_another_channel_is_somebody_else(assistant: Assistant, person: Callable[[], Person]) -> None:
    someone = person()
    someone.say("my foot is numb")
    other = Person(assistant, someone.sender_id)  # as a program would name a conversation that it found
    assert other.hear("show me exercises for my knee") != someone.hear("show me exercises for my knee")
    assert other.say("hello")[0]["recipient_id"] == other.name


def test_with_a_token_and_a_limit(tmp_path_factory: pytest.TempPathFactory) -> None:
    token = uuid.uuid4().hex
    with make_assistant(tmp_path_factory.mktemp("token"), rest_token=token, rest_messages_per_minute=5) as strict:

        def say(text: str, **headers: str) -> requests.Response:
            body = {"sender": "somebody", "message": text}
            return requests.post(f"{strict.url}/webhooks/rest/webhook", json=body, headers=headers, timeout=10)

        assert [say("hello").status_code, say("hello", Authorization="Bearer x").status_code] == [401, 401]
        right = {"Authorization": f"Bearer {token}"}
        elsewhere = {**right, "X-Forwarded-For": "203.0.113.5"}
        assert [say("hello", **elsewhere).status_code for _ in range(6)] == [200] * 5 + [429]
        assert int(say("hello", **right).headers["Retry-After"]) >= 1
        # A sign is answered all the same.
        assert "see a doctor" in say("my foot is numb", **right).json()[0]["text"]


def test_what_is_typed_after_a_slash_is_in_no_log(assistant: Assistant, person: Callable[[], Person]) -> None:
    word = f"xylo{uuid.uuid4().hex}"
    typed = [
        "/WORD",
        "/{WORD",
        "/ {WORD",
        "/greet{WORD",
        '/greet{"WORD": 1}',
        '/WORD{"a": 1}',
        "/WORD@1",
        "/greet@WORD",
    ]
    for text in typed:
        assert person().hear(text.replace("WORD", word)), text
    assert assistant.log
    assert word not in (assistant.log / "server.log").read_text()
