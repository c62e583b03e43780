"""Light Markdown in Telegram's and Slack's own markup, and within their limits."""

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.markup import clean, plain, split, utf16
from channels.messenger import Button, Reply
from channels.slack.channel import render_reply as for_slack
from channels.slack.channel import unescape
from channels.telegram.channel import render_reply as for_telegram
from tests.channels import slack_service, telegram_service
from tests.support.domain import whole_domain

RESPONSES: dict[str, list[dict[str, Any]]] = whole_domain()["responses"]
TEXTS = [(name, variant["text"]) for name, variants in RESPONSES.items() for variant in variants]
ESCALATIONS = ("utter_see_doctor", "utter_emergency", "utter_acute_injury")
MARKDOWN = "**Hold** for 30 s & breathe, if x < 3:\n- see [the NHS](https://www.nhs.uk/a?b=1&c=2)\n- **stop**"
anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip)


def test_telegram_html() -> None:
    (message,) = for_telegram(Reply(MARKDOWN))
    assert message["text"] == (
        "<b>Hold</b> for 30 s &amp; breathe, if x &lt; 3:\n"
        '• see <a href="https://www.nhs.uk/a?b=1&amp;c=2">the NHS</a>\n'
        "• <b>stop</b>"
    )


def test_slack_mrkdwn() -> None:
    (message,) = for_slack(Reply(MARKDOWN))
    assert [block["text"]["text"] for block in message["blocks"]] == [
        "*Hold* for 30 s &amp; breathe, if x &lt; 3:\n• see <https://www.nhs.uk/a?b=1&amp;c=2|the NHS>\n• *stop*"
    ]
    assert html.unescape(message["text"]) == plain(MARKDOWN)


def test_plain_is_what_a_reader_sees() -> None:
    assert plain(MARKDOWN) == "Hold for 30 s & breathe, if x < 3:\n• see the NHS\n• stop"


@given(anything)
def test_whatever_is_said_telegram_takes_it(text: str) -> None:
    messages = for_telegram(Reply(text))
    for message in messages:
        telegram_service.check("sendMessage", {"chat_id": 1, **message})
    if len(messages) == 1:
        assert telegram_service.visible(messages[0]) == plain(text.strip())


@given(anything)
def test_whatever_is_said_slack_takes_it(text: str) -> None:
    for message in for_slack(Reply(text)):
        slack_service.check_message(message)


@given(st.text(st.sampled_from("ab .!?\n*[](")), st.integers(5, 40))
def test_split_loses_nothing_and_fits(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece) <= limit for piece in pieces)


def test_split_at_sentence_ends() -> None:
    text = "1. Lie on your back. Hold for 30 s! Then change sides."
    assert split(text, 40) == ["1. Lie on your back. Hold for 30 s!", "Then change sides."]


def test_split_at_paragraphs_first() -> None:
    assert split("One. Two.\n\nThree. Four. Five.", 25) == ["One. Two.", "Three. Four. Five."]


def test_split_keeps_bold_and_links_whole() -> None:
    text = "Some words first **bold. words. here** and more"
    assert split(text, 30) == ["Some words first", "**bold. words. here** and more"]


def test_split_without_spaces() -> None:
    assert split("a" * 10, 4) == ["aaaa", "aaaa", "aa"]


def test_long_text_is_split_for_telegram_in_its_own_units() -> None:
    sentence = "Stretch 🦵 slowly & breathe. "
    messages = for_telegram(Reply(sentence * 300, (Button("More", "t"),)))
    assert len(messages) == 3
    for message in messages:
        telegram_service.check("sendMessage", {"chat_id": 1, **message})
        assert telegram_service.visible(message).endswith("breathe.")
    assert ["reply_markup" in message for message in messages] == [False, False, True]


def test_long_text_is_one_message_in_slack() -> None:
    (message,) = for_slack(Reply("Stretch slowly & breathe. " * 1000))
    slack_service.check_message(message)
    assert len(message["blocks"]) > 1


@pytest.mark.parametrize("name", ESCALATIONS)
def test_an_escalation_is_one_whole_message(name: str) -> None:
    for variant in RESPONSES[name]:
        buttons = tuple(Button(button["title"], "t") for button in variant.get("buttons", []))
        (message,) = for_telegram(Reply(variant["text"], buttons))
        assert telegram_service.visible(message) == plain(variant["text"].strip())
        (message,) = for_slack(Reply(variant["text"], buttons))
        assert len([block for block in message["blocks"] if block["type"] == "section"]) == 1
        assert slack_service.seen(message) == plain(variant["text"].strip())
        assert [element["text"]["text"] for element in slack_service.elements(message)] == [
            button.title for button in buttons
        ]


@pytest.mark.parametrize(("name", "text"), TEXTS, ids=[f"{name}-{i}" for i, (name, _) in enumerate(TEXTS)])
def test_every_response_looks_as_it_should(name: str, text: str) -> None:
    (message,) = for_telegram(Reply(text))
    telegram_service.check("sendMessage", {"chat_id": 1, **message})
    assert telegram_service.visible(message) == plain(text.strip())
    (message,) = for_slack(Reply(text))
    slack_service.check_message(message)
    assert slack_service.seen(message) == plain(text.strip())
    assert "**" not in plain(text)


def test_short_titles_share_a_row_and_long_ones_have_their_own() -> None:
    (short,) = for_telegram(Reply("?", tuple(Button(title, title) for title in ("Yes", "No", "Later", "Why?"))))
    assert [[key["text"] for key in row] for row in short["reply_markup"]["inline_keyboard"]] == [
        ["Yes", "No", "Later"],
        ["Why?"],
    ]
    (long,) = for_telegram(Reply("?", (Button("Yes", "y"), Button("How do I do the seated stretch?", "n"))))
    assert [[key["text"] for key in row] for row in long["reply_markup"]["inline_keyboard"]] == [
        ["Yes"],
        ["How do I do the seated stretch?"],
    ]


def test_slack_takes_many_and_long_buttons() -> None:
    (message,) = for_slack(Reply("?", tuple(Button(f"{number} " + "long " * 30 + "end", "t") for number in range(30))))
    slack_service.check_message(message)
    titles = [element["text"]["text"] for element in slack_service.elements(message)]
    assert len(titles) == 30
    assert titles[0] == "0 " + "long " * 14 + "…"
    assert [len(block["elements"]) for block in message["blocks"] if block["type"] == "actions"] == [25, 5]


def test_what_people_type_in_slack() -> None:
    typed = "<@U0BOT> is 3 &lt; 4 &amp; <https://a.example/x|a.example/x> <mailto:a@b.example|a@b.example> <!here>"
    assert unescape(typed) == "is 3 < 4 & a.example/x a@b.example"


def test_what_no_database_stores_is_replaced() -> None:
    assert clean(" a\0b \ud83e ") == "a b ?"


def test_telegram_counts_in_utf16() -> None:
    assert [utf16(text) for text in ("a", "é", "🦵")] == [1, 1, 2]
