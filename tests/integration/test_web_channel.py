"""The web channel of a running assistant: who may speak for whom, order, limits, history, deletion."""

import asyncio
import base64
import json
import sqlite3
import uuid
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests
from websockets.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatusCode

from library.pictures.drawing import picture_svg
from scripts.assistant import Assistant
from tests.support.assistant import make_assistant
from tests.support.domain import is_said
from tests.support.web_client import XSS, Message, Tab, get

PER_MINUTE = 8


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """An assistant with low limits, one allowed site, and a key of its own; tests may restart it."""
    folder = tmp_path_factory.mktemp("strict")
    with make_assistant(
        folder,
        state_dir=folder / "state",
        allowed_origins="https://running.example, https://yoga.example",
        session_messages_per_minute=PER_MINUTE,
        address_messages_per_minute=3 * PER_MINUTE,
        connections_per_address=12,
    ) as running:
        yield running


def session_of(token: str) -> str:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=="))["sub"]


def stored(assistant: Assistant, session: str) -> list[str]:
    """Returns the types of all events that the database has of a session."""
    with sqlite3.connect(assistant.settings.conversations_url.removeprefix("sqlite:///")) as database:
        return [row[0] for row in database.execute("SELECT type_name FROM events WHERE sender_id = ?", [session])]


def texts(messages: list[Message]) -> list[str]:
    return [message["text"] for message in messages]


# --- Sessions ---


async def test_a_session_is_minted_by_the_server_and_continues_with_its_token(assistant: Assistant) -> None:
    first = await Tab.open(assistant)
    answer = await first.say("why are my hamstrings tight?")
    await first.close()
    again = await Tab.open(assistant, first.token)
    assert session_of(again.token) == session_of(first.token)
    assert again.history[0]["text"] == "why are my hamstrings tight?"
    assert again.history[1:] == answer
    await again.close()


async def test_whoever_has_no_valid_token_gets_a_new_session(assistant: Assistant) -> None:
    mine = await Tab.open(assistant)
    await mine.say("hello")
    header, payload, signature = mine.token.split(".")
    session = session_of(mine.token)
    claims = {"sub": session, "aud": "web", "exp": 4_000_000_000}
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    forged: list[Any] = [
        session,
        None,
        "",
        "x",
        17,
        {"sub": session},
        f"{header}.{payload}.{signature[:-4]}AAAA",
        f"{header}.{payload}.",
        f"{unsigned}.{payload}.",
        jwt.encode(claims, "another key that is long enough to sign", "HS256"),
        jwt.encode({**claims, "exp": 1}, "another key that is long enough to sign", "HS256"),
    ]
    for token in forged:
        other = await Tab.open(assistant, token)
        assert session_of(other.token) != session, token
        assert other.history == [], token
        await other.close()
    await mine.close()


async def test_a_connection_keeps_its_session(assistant: Assistant) -> None:
    victim, attacker = await Tab.open(assistant), await Tab.open(assistant)
    await attacker.send(type="hello", token=victim.token)
    assert await attacker.next() == {
        "type": "error",
        "error": {"code": "already_in_session", "message": "This connection has its session already."},
    }
    # Naming a session in a message changes nothing either.
    await attacker.say("hello", sender=session_of(victim.token), session=session_of(victim.token))
    assert stored(assistant, session_of(victim.token)) == []
    assert "user" in stored(assistant, session_of(attacker.token))
    await victim.close()
    await attacker.close()


async def test_the_key_survives_a_restart_and_is_not_readable_by_others(strict: Assistant) -> None:
    tab = await Tab.open(strict)
    answer = await tab.say("my toes are tingling")
    assert is_said("utter_see_doctor", answer[0]["text"])
    await tab.close()
    strict.server.stop()
    strict.server.start()
    again = await Tab.open(strict, tab.token)
    assert again.history[1:] == answer
    assert again.history[1]["alert"] == "see_doctor"
    assert ((strict.settings.state_dir / "session.key").stat().st_mode & 0o777) == 0o600
    await again.close()


# --- Origin ---


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://running.example.evil.example", "http://running.example"]
)
async def test_other_sites_may_not_connect(strict: Assistant, origin: str) -> None:
    with pytest.raises(InvalidStatusCode) as refused:
        await Tab.open(strict, origin=origin)
    assert refused.value.status_code == 403
    answer = get(strict, "/webhooks/web/socket", Origin=origin, Connection="Upgrade", Upgrade="websocket")
    assert answer.json() == {
        "error": {
            "code": "origin_not_allowed",
            "message": "This site may not use the assistant. See ALLOWED_ORIGINS.",
        }
    }


async def test_a_connection_without_an_origin_is_refused(strict: Assistant) -> None:
    with pytest.raises(InvalidStatusCode) as refused:
        await connect(f"{strict.url.replace('http', 'ws')}/webhooks/web/socket")
    assert refused.value.status_code == 403


@pytest.mark.parametrize("origin", ["https://running.example", "https://yoga.example"])
async def test_allowed_sites_may_connect(strict: Assistant, origin: str) -> None:
    tab = await Tab.open(strict, origin=origin)
    assert tab.history == []
    await tab.close()


# --- Order ---


async def test_messages_sent_at_once_are_answered_in_order_and_once(assistant: Assistant) -> None:
    tab = await Tab.open(assistant)
    said = ["hello", "what are the hamstrings?", "why are they tight?", "does it affect my knee?", "thank you", "bye"]
    alone = []
    for text in said:
        other = await Tab.open(assistant)
        alone.append(texts(await other.say(text)))
        await other.close()
    for number, text in enumerate(said):
        await tab.send(type="message", id=f"m{number}", text=text)
    heard = await tab.until("done", id=f"m{len(said) - 1}")
    assert texts([message for message in heard if message["type"] == "bot"]) == sum(alone, [])
    assert [message["id"] for message in heard if message["type"] == "done"] == [f"m{n}" for n in range(len(said))]
    again = await Tab.open(assistant, tab.token)
    assert [message["text"] for message in again.history if message["type"] == "user"] == said
    await tab.close()
    await again.close()


async def test_a_message_sent_again_is_answered_once(assistant: Assistant) -> None:
    tab = await Tab.open(assistant)
    for _ in range(3):
        await tab.send(type="message", id="same", text="what are the hamstrings?")
    heard = await tab.until("done", id="same")
    assert len([message for message in heard if message["type"] == "bot"]) == 1
    assert await tab.say("what are the hamstrings?", id="same") == []
    # Also by a tab that knows it only from the history, as after a restart.
    await tab.close()
    again = await Tab.open(assistant, tab.token)
    assert await again.say("what are the hamstrings?", id="same") == []
    assert [message["type"] for message in again.history] == ["user", "bot"]
    await again.close()


async def test_tabs_of_a_session_show_the_same(assistant: Assistant) -> None:
    one = await Tab.open(assistant)
    two = await Tab.open(assistant, one.token)
    stranger = await Tab.open(assistant)
    answer = await one.say("/ask_anatomy", id="a", title="What are the hamstrings?")
    assert await two.until("done", id="a") == [
        {"type": "user", "id": "a", "text": "What are the hamstrings?"},
        *answer,
        {"type": "done", "id": "a"},
    ]
    await stranger.send(type="ping")
    assert await stranger.next() == {"type": "pong"}
    for tab in (one, two, stranger):
        await tab.close()


async def test_conversations_do_not_mix(assistant: Assistant) -> None:
    async def talk(number: int) -> None:
        tab = await Tab.open(assistant)
        text = ["what are the hamstrings?", "my toes are tingling", "hello"][number % 3]
        expected = ["Your hamstrings are", "You said: ", "Hello!"][number % 3]
        answer = await tab.say(text)
        again = await Tab.open(assistant, tab.token)
        assert texts(answer)[0].startswith(expected)
        assert again.history[1:] == answer
        await tab.close()
        await again.close()

    await asyncio.gather(*(talk(number) for number in range(15)))


# --- Limits ---


async def test_a_message_may_have_4000_characters(assistant: Assistant) -> None:
    tab = await Tab.open(assistant)
    fits = "what are the hamstrings? ".ljust(4000, "?")
    assert len(await tab.say(fits)) >= 1
    (kind,) = await tab.say("why? " * 801)
    assert kind["text"] == (
        "That message is too long for me: I read up to 4,000 characters at a time. "
        "Please send the most important part in a few sentences. "
        "If you have tingling, numbness, burning or weakness, or trouble with your bladder or bowel, "
        "write that first, and see a doctor."
    )
    # A report is not lost at the end of a long message.
    (alert,) = await tab.say("I sit a lot at work. " * 200 + "My toes are tingling.")
    assert is_said("utter_see_doctor", alert["text"])
    assert alert["alert"] == "see_doctor"
    await tab.close()


async def test_a_session_that_sends_too_much_is_told_when_to_go_on(strict: Assistant) -> None:
    tab = await Tab.open(strict)
    for number in range(PER_MINUTE):
        await tab.say("hello", id=str(number))
    await tab.send(type="message", id="over", text="hello")
    refused = await tab.next()
    seconds = refused["error"]["retry_after"]
    assert 1 <= seconds <= 60 / PER_MINUTE + 1
    assert refused == {
        "type": "error",
        "id": "over",
        "error": {
            "code": "too_many_messages",
            "message": (
                f"That was a lot at once. Please try again in {seconds} second{'s' if seconds > 1 else ''}. "
                "If it is urgent, don't wait for me: see a doctor, or call your emergency number."
            ),
            "retry_after": seconds,
        },
    }
    # Other sessions of the same address go on, up to the limit of the address.
    sent, code = 0, None
    while code is None and sent <= 3 * PER_MINUTE:
        other = await Tab.open(strict)
        for _ in range(PER_MINUTE):
            await other.send(type="message", id=uuid.uuid4().hex, text="hello")
            answer = await other.next()
            while answer["type"] not in ("ack", "error"):
                answer = await other.next()
            code = answer.get("error", {}).get("code")
            sent += code is None
        await other.close()
    assert (code, sent >= PER_MINUTE) == ("too_many_messages", True)
    await tab.close()


async def test_an_address_may_open_so_many_chats(strict: Assistant) -> None:
    address = f"{strict.url.replace('http', 'ws')}/webhooks/web/socket"
    sockets = [await connect(address, origin=strict.url) for _ in range(12)]
    with pytest.raises(InvalidStatusCode) as refused:
        await connect(address, origin=strict.url)
    assert refused.value.status_code == 429
    for socket in sockets:
        await socket.close()
    answer = None
    while answer is None:  # until the server has noticed
        try:
            answer = await connect(address, origin=strict.url)
        except InvalidStatusCode:
            await asyncio.sleep(0.05)
    await answer.close()


async def test_frames_that_are_too_large_end_the_connection(assistant: Assistant) -> None:
    tab = await Tab.open(assistant)
    await tab.socket.send(json.dumps({"type": "message", "id": "x", "text": "a" * 1_100_000}))
    with pytest.raises(ConnectionClosed) as closed:
        await tab.next()
    assert closed.value.rcvd and closed.value.rcvd.code == 1009
    other = await Tab.open(assistant)
    assert (await other.say("hello"))[0]["text"].startswith("Hello!")
    await other.close()


# --- Bad input ---


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_an_object"),
        ('"hello"', "not_an_object"),
        ("{}", "unknown_type"),
        ('{"type": "x"}', "unknown_type"),
        ('{"type": ["message"]}', "unknown_type"),
        ('{"type": "message", "text": "hello"}', "bad_id"),
        ('{"type": "message", "id": 1, "text": "hello"}', "bad_id"),
        ('{"type": "message", "id": "%s", "text": "hello"}' % ("x" * 65), "bad_id"),
        ('{"type": "message", "id": "a"}', "empty_message"),
        ('{"type": "message", "id": "a", "text": "  "}', "empty_message"),
        ('{"type": "message", "id": "a", "text": {"$ne": 1}}', "empty_message"),
        ('{"type": "message", "id": "a", "text": "hello", "title": 5}', "bad_title"),
    ],
)
async def test_what_cannot_be_read_is_named_and_the_conversation_goes_on(
    assistant: Assistant, frame: str, code: str
) -> None:
    tab = await Tab.open(assistant)
    await tab.socket.send(frame)
    refused = await tab.next()
    assert (refused["type"], refused["error"]["code"]) == ("error", code)
    assert refused["error"]["message"].endswith(".")
    assert (await tab.say("hello"))[0]["text"].startswith("Hello!")
    await tab.close()


async def test_nothing_is_answered_before_hello(assistant: Assistant) -> None:
    socket = await connect(f"{assistant.url.replace('http', 'ws')}/webhooks/web/socket", origin=assistant.url)
    await socket.send(json.dumps({"type": "message", "id": "a", "text": "hello"}))
    assert json.loads(await socket.recv())["error"]["code"] == "no_session"
    await socket.close()


@pytest.mark.parametrize(
    "text", ["\0", "a\0b", "\ud800", "\U0001f9b5" * 40, "?" * 999, "/" * 50, "/{", '/x{"a": }', "\u202egnilgnit"]
)
async def test_odd_characters_get_an_answer(assistant: Assistant, text: str) -> None:
    tab = await Tab.open(assistant)
    answers = await tab.say(f"hello {text}")
    assert answers and answers[0]["text"]
    await tab.close()


@pytest.mark.parametrize("text", XSS)
async def test_markup_is_kept_as_it_was_typed(assistant: Assistant, text: str) -> None:
    tab = await Tab.open(assistant)
    await tab.say(text)
    again = await Tab.open(assistant, tab.token)
    assert again.history[0]["text"] == text
    await tab.close()
    await again.close()


# --- Deletion ---


async def test_delete_removes_everything_and_starts_anew(assistant: Assistant) -> None:
    tab = await Tab.open(assistant)
    second = await Tab.open(assistant, tab.token)
    await tab.say("my toes are tingling", id="a")
    await second.until("done", id="a")
    old = session_of(tab.token)
    assert "user" in stored(assistant, old)
    await tab.send(type="delete")
    (deleted,) = await tab.until("deleted")
    assert session_of(deleted["token"]) != old
    assert (await second.next())["token"] == deleted["token"]
    assert stored(assistant, old) == []
    # The old token leads to an empty conversation, in memory too.
    stale = await Tab.open(assistant, tab.token)
    assert stale.history == []
    # What is said now is kept under the new session, and both tabs are in it.
    await tab.say("hello", id="b")
    assert [message["type"] for message in await second.until("done", id="b")] == ["user", "bot", "done"]
    assert stored(assistant, old) == []
    assert "user" in stored(assistant, session_of(deleted["token"]))
    for each in (tab, second, stale):
        await each.close()


async def test_messages_on_their_way_are_not_stored_after_a_deletion(assistant: Assistant) -> None:
    tab, second = await Tab.open(assistant), None
    second = await Tab.open(assistant, tab.token)
    old = session_of(tab.token)
    for number in range(3):
        await tab.send(type="message", id=f"before-{number}", text="hello")
    await second.send(type="delete")
    for number in range(3):
        await tab.send(type="message", id=f"after-{number}", text="hello")
    await second.until("deleted")
    await tab.say("what are the hamstrings?", id="last")
    assert stored(assistant, old) == []
    await tab.close()
    await second.close()


# --- What is served ---


def test_pages_are_served_with_a_strict_policy(assistant: Assistant) -> None:
    for path, title in {"/": "Hamstring assistant", "/embed-demo": "A page with the hamstring assistant"}.items():
        page = get(assistant, path)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert f"<title>{title}</title>" in page.text
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "http:" not in page.text.replace("http://www.w3.org", "")


def test_the_widget_is_small_cached_and_usable_from_other_sites(assistant: Assistant) -> None:
    widget = requests.get(f"{assistant.url}/widget.js", headers={"Accept-Encoding": "gzip"}, timeout=20, stream=True)
    assert len(widget.raw.read(decode_content=False)) <= 45_000
    assert widget.headers["content-type"] == "text/javascript; charset=utf-8"
    assert widget.headers["cross-origin-resource-policy"] == "cross-origin"
    assert get(assistant, "/widget.js", **{"If-None-Match": widget.headers["etag"]}).status_code == 304
    assert b"hamstring-chat" in get(assistant, "/widget.js", **{"Accept-Encoding": "identity"}).content


def test_pictures_are_served_to_every_page_and_cached(assistant: Assistant) -> None:
    picture = get(assistant, "/pictures/glute-bridge.svg", Origin="https://running.example")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["content-encoding"] == "gzip"
    assert picture.headers["access-control-allow-origin"] == "*"
    assert "script" not in picture.headers["content-security-policy"]
    assert picture.text == picture_svg("glute-bridge")
    assert get(assistant, "/pictures/glute-bridge.svg?step=3").text == picture_svg("glute-bridge", 3)
    still = get(assistant, "/pictures/glute-bridge.svg?still=1").text
    assert still == picture_svg("glute-bridge", moving=False) and "animation" not in still
    again = get(assistant, "/pictures/glute-bridge.svg", **{"If-None-Match": picture.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["the-splits.svg", "glute-bridge.png", "..%2Fschema.svg", "GLUTE-BRIDGE.svg", ""])
def test_there_are_no_other_pictures(assistant: Assistant, path: str) -> None:
    assert get(assistant, f"/pictures/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/conversations/default/tracker", "/model", "/domain", "/status", "/..%2fsettings.py", "/web/src/chat.ts"]
)
def test_rasas_http_api_and_other_files_are_off(assistant: Assistant, path: str) -> None:
    assert get(assistant, path).status_code == 404
