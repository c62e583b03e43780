"""What people write is in no log; what is switched off is silent."""

import uuid
from collections.abc import Callable
from pathlib import Path

import requests

from channels.messenger import FAILED
from scripts.assistant import Assistant
from tests.channels.slack_service import SlackPerson
from tests.channels.telegram_service import TelegramPerson, TelegramService
from tests.support.assistant import Person


def test_no_log_holds_what_people_write(
    public: Assistant,
    on_telegram: Callable[..., TelegramPerson],
    on_slack: Callable[..., SlackPerson],
    telegram: TelegramService,
) -> None:
    word = f"xylo{uuid.uuid4().hex}"
    texts = [
        f"hello {word}",
        f"my foot is numb {word}",
        f'/find_exercises{{"body_area": "{word}"}}',
        f"{word} " * 400,
        f"show me exercises for my {word}",
    ]
    in_telegram, in_slack, over_rest = on_telegram(), on_slack(), Person(public)
    for text in texts:
        over_rest.say(text)
        for person in (in_telegram, in_slack):
            person.write(text)
            person.hear()
    in_telegram.write(photo=[{"file_id": "x"}], caption=word)
    in_telegram.hear()
    telegram.failing["sendMessage"] = [{"ok": False, "error_code": 400, "description": "Bad Request: whatever"}]
    in_telegram.write(word)
    while FAILED not in in_telegram.hear():
        pass
    assert public.log
    logs = {path.name: path.read_text() for path in Path(public.log).glob("*.log")}
    assert set(logs) == {"server.log", "actions.log"}
    assert "telegram.message.failed" in logs["server.log"]
    for name, log in logs.items():
        assert word not in log, name
        assert str(in_telegram.user) not in log.replace(str(public.settings.port), ""), name


def test_a_token_is_in_no_log(public: Assistant) -> None:
    assert public.log
    log = (Path(public.log) / "server.log").read_text()
    for secret in (
        public.settings.telegram_token,
        public.settings.slack_bot_token,
        public.settings.slack_signing_secret,
    ):
        assert secret
        assert secret not in log


def test_without_tokens_there_is_nothing(assistant: Assistant) -> None:
    for path in ("telegram", "telegram/webhook", "telegram/set_webhook", "slack", "slack/webhook"):
        for method in ("GET", "POST"):
            answer = requests.request(method, f"{assistant.url}/webhooks/{path}", timeout=30)
            assert answer.status_code == 404, path
    assert Person(assistant).say("hello")
    assert assistant.log
    log = (Path(assistant.log) / "server.log").read_text()
    assert "telegram" not in log.lower()
    assert "slack" not in log.lower()
