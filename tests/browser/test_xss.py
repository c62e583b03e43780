"""Whatever is said, by whom ever, is shown as text and runs nothing."""

import json
import sqlite3
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Chat
from tests.support.web_client import XSS

UNSAFE = """root => {
    const found = [];
    const look = root => root.querySelectorAll('*').forEach(element => {
        if (/^(script|img|iframe|object|embed|style|form|base|link|meta|template|video|audio)$/i.test(element.tagName)
            && element.closest('.log')) found.push(element.outerHTML);
        for (const attribute of element.attributes || [])
            if (/^on/i.test(attribute.name) || /^\\s*(javascript|data|vbscript):/i.test(attribute.value))
                found.push(element.outerHTML);
        if (element.shadowRoot) look(element.shadowRoot);
    });
    look(document);
    return found;
}"""


def test_what_the_person_types_is_text(chat: Chat) -> None:
    chat.go()
    for number, text in enumerate(XSS):
        chat.say(text)
        expect(chat.mine.nth(number).locator(".bubble")).to_have_text(text)
    assert chat.page.evaluate(UNSAFE) == []
    chat.page.reload()
    expect(chat.mine).to_have_count(len(XSS))
    assert chat.page.evaluate(UNSAFE) == []
    chat.picture("xss-typed")


def test_what_the_assistant_says_is_text(chat: Chat) -> None:
    """Its answers come from files and a database: here they hold attacks, as if somebody had got at those."""
    chat.go()
    chat.say("hello")
    with sqlite3.connect(chat.site.settings.conversations_url.removeprefix("sqlite:///")) as database:
        (session,) = database.execute("SELECT sender_id FROM events ORDER BY id DESC LIMIT 1").fetchone()
        for text in XSS:
            card = {
                name: text
                for name in ("name", "kind", "position", "level", "purpose", "feel", "picture", "picture_text")
            }
            card |= {
                name: [text] for name in ("equipment", "steps", "cues", "mistakes", "stop_if", "avoid_if", "areas")
            }
            custom = {"type": "exercise", **card, "dose": {"text": text}, "source": {"name": text, "url": text}}
            buttons = [{"title": text, "payload": text}]
            for data in ({"buttons": buttons}, {"custom": custom}, {"image": text}):
                event = {"event": "bot", "timestamp": time.time(), "text": text, "data": data, "metadata": {}}
                database.execute(
                    "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'bot', ?, ?)",
                    [session, event["timestamp"], json.dumps(event)],
                )
    chat.page.reload()
    expect(chat.answers).to_have_count(1 + 3 * len(XSS))
    assert chat.page.evaluate(UNSAFE) == []
    shown = chat.page.locator(".entry.said .text").all_inner_texts()
    for text in XSS[:9]:
        assert text in shown
    chat.picture("xss-said")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://www.nhs.uk/conditions/", True),
        ("http://example.org/", True),
        ("mailto:someone@example.org", True),
        ("tel:112", True),
        ("ftp://example.org/", False),
        ("file:///etc/passwd", False),
        ("blob:https://example.org/1", False),
        ("//example.org", False),
        ("/relative", False),
    ],
)
def test_links_lead_only_where_they_may(chat: Chat, address: str, kept: bool) -> None:
    chat.go()
    chat.say("hello")
    with sqlite3.connect(chat.site.settings.conversations_url.removeprefix("sqlite:///")) as database:
        (session,) = database.execute("SELECT sender_id FROM events ORDER BY id DESC LIMIT 1").fetchone()
        event = {"event": "bot", "timestamp": time.time(), "text": f"[a link]({address})", "data": {}, "metadata": {}}
        database.execute(
            "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, 'bot', ?, ?)",
            [session, event["timestamp"], json.dumps(event)],
        )
    chat.page.reload()
    link = chat.answers.last.locator("a")
    expect(chat.answers.last).to_contain_text("a link")
    if kept:
        expect(link).to_have_attribute("href", address)
        expect(link).to_have_attribute("rel", "noopener noreferrer")
    else:
        assert link.evaluate_all("links => links.map(link => link.getAttribute('href'))") in ([], [None])
