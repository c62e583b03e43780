"""What the assistant says over REST, it says in Telegram and Slack too: the same words, the same choices.

Left out are conversations in which somebody types a payload: in chat apps that is only text.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from channels.markup import plain
from channels.slack.channel import shorten_title
from scripts.assistant import Assistant
from tests.channels.slack_service import SlackPerson, SlackService
from tests.channels.telegram_service import TelegramPerson, TelegramService
from tests.conversations.script import Conversation, read_conversations
from tests.support.assistant import Person

CONVERSATIONS = [
    conversation
    for conversation in read_conversations()
    if not any((step.user or "").startswith("/") for step in conversation.steps)
]


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation.name)
def test_same_answers(
    conversation: Conversation,
    public: Assistant,
    on_telegram: Callable[..., TelegramPerson],
    on_slack: Callable[..., SlackPerson],
    telegram: TelegramService,
    slack: SlackService,
) -> None:
    rest = Person(public, f"rest-{uuid.uuid4().hex}")
    in_telegram, in_slack = on_telegram(), on_slack()
    payloads: dict[str, str] = {}
    for number, step in enumerate(conversation.steps, 1):
        where = f"{conversation.name}, step {number}: {step.user or step.button}"
        if step.button is not None:
            assert step.button in payloads, f"{where}\nThere is no such button. Shown were: {list(payloads)}"
            replies = rest.say(payloads[step.button])
            in_telegram.press(step.button)
            in_slack.press(shorten_title(step.button))
        else:
            replies = rest.say(step.user or "")
            in_telegram.write(step.user)
            in_slack.write(step.user or "")
        replies = [reply for reply in replies if reply.get("text")]
        texts = [plain(reply["text"]) for reply in replies]
        assert in_telegram.hear(len(texts)) == texts, where
        assert [one_line(text) for text in in_slack.hear(len(texts))] == [one_line(text) for text in texts], where
        titles = [button["title"] for reply in replies for button in reply.get("buttons") or []]
        assert new_buttons(in_telegram, len(texts)) == titles, where
        assert new_buttons(in_slack, len(texts)) == [shorten_title(title) for title in titles], where
        payloads |= {button["title"]: button["payload"] for reply in replies for button in reply.get("buttons") or []}
    assert not telegram.refusals
    assert not slack.refusals


def one_line(text: str) -> str:
    """Slack's sections begin new lines of their own."""
    return " ".join(text.split())


def new_buttons(person: Any, messages: int) -> list[str]:
    """Returns the titles at the last messages."""
    titles: list[str] = []
    everything = person.last
    for message in everything[len(everything) - messages :]:
        person.last = [message]
        titles += person.buttons()
    person.last = everything
    return titles
