"""A computer without a public address: long polling and Socket Mode, which start after the assistant does."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from channels.messenger import STOPPED
from scripts.assistant import Assistant
from tests.channels.conftest import TOKEN
from tests.channels.slack_service import APP_TOKEN, BOT_TOKEN, SlackPerson, SlackService
from tests.channels.telegram_service import TelegramPerson, TelegramService, visible
from tests.support.assistant import Person, make_assistant
from tests.support.local_server import until

NUMB = "my foot is numb"
ALERT = f'You said: "{NUMB}".\nPlease stop stretching and see a doctor'


@dataclass
class Laptop:
    assistant: Assistant
    telegram: TelegramService
    slack: SlackService
    answer_without_network: str


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    """An assistant that started without a network; then the network comes."""
    telegram, slack = TelegramService(), SlackService()
    running = make_assistant(
        tmp_path_factory.mktemp("laptop"),
        telegram_token=TOKEN,
        telegram_api_url=telegram.url,
        slack_bot_token=BOT_TOKEN,
        slack_app_token=APP_TOKEN,
        slack_api_url=slack.url,
    )
    with running:
        answer = Person(running).hear("hello")
        telegram.start()
        slack.start()
        yield Laptop(running, telegram, slack, answer)
    telegram.stop()
    slack.stop()


def test_it_starts_without_a_network(laptop: Laptop) -> None:
    assert "Hello" in laptop.answer_without_network


def test_telegram_by_long_polling(laptop: Laptop) -> None:
    person = TelegramPerson(laptop.telegram, TOKEN, 1)
    person.write("/start")
    person.write("/stop")
    assert person.hear(2)[1] == STOPPED
    person.press("Why are they tight?")
    person.hear()
    person.write(NUMB)
    until(person.receive)
    assert visible(person.last[-1]["message"]).startswith(ALERT)
    assert [command["command"] for command in laptop.telegram.called("setMyCommands")[0]["commands"]] == [
        "start",
        "help",
        "stop",
        "delete",
    ]
    assert laptop.telegram.called("setWebhook") == []
    assert laptop.telegram.refusals == []


def test_polling_goes_on_after_an_error(laptop: Laptop) -> None:
    person = TelegramPerson(laptop.telegram, TOKEN, 2)
    laptop.telegram.failing["getUpdates"] = [{"ok": False, "error_code": 409, "description": "Conflict"}]
    person.write("hello")
    person.hear()
    until(lambda: not laptop.telegram.failing["getUpdates"])
    person.write("/stop")
    assert STOPPED in person.hear()


def test_slack_by_socket_mode(laptop: Laptop) -> None:
    person = SlackPerson(laptop.slack, "U1")
    person.write(NUMB)
    (text,) = person.hear()
    assert text.startswith(ALERT)
    assert person.command("stop")["response_type"] == "ephemeral"
    person.hear()
    person.command("delete")
    person.hear()
    person.press("Delete it")
    person.hear()
    assert laptop.slack.refusals == []


@pytest.mark.parametrize("how", ["asked", "cut"])
def test_socket_mode_connects_anew(laptop: Laptop, how: str) -> None:
    until(lambda: laptop.slack.sockets)
    before = len(laptop.slack.called("apps.connections.open"))
    if how == "asked":
        laptop.slack.disconnect()
    else:
        laptop.slack.cut()
    until(lambda: len(laptop.slack.called("apps.connections.open")) > before and laptop.slack.sockets)
    person = SlackPerson(laptop.slack, f"U{how.upper()}")
    person.write("hello")
    person.hear()


def test_garbage_in_the_socket_is_dropped(laptop: Laptop) -> None:
    for frame in ("", "{", "[]", "null", '{"type": "events_api", "envelope_id": "e", "payload": []}'):
        laptop.slack.send(frame)
    person = SlackPerson(laptop.slack, "UGARBAGE")
    person.write("hello")
    person.hear()


def test_there_is_no_webhook(laptop: Laptop) -> None:
    for channel in ("telegram", "slack"):
        answer = requests.post(f"{laptop.assistant.url}/webhooks/{channel}/webhook", json={}, timeout=30)
        assert answer.status_code == 404
