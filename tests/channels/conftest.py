"""An assistant with Slack and Telegram switched on, between a Telegram and a Slack of the tests' own."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from scripts.assistant import Assistant
from settings import ROOT
from tests.channels.slack_service import BOT_TOKEN, SECRET, SlackPerson, SlackService
from tests.channels.telegram_service import TelegramPerson, TelegramService
from tests.support.assistant import make_assistant

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"  # the example of Telegram's documents
WEBHOOK_SECRET = "a-Secret_123"
ADDRESS = "https://bot.example.org"
_ids = itertools.count(1000)


@pytest.fixture(scope="session")
def telegram() -> Iterator[TelegramService]:
    service = TelegramService()
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="session")
def slack() -> Iterator[SlackService]:
    service = SlackService()
    service.start()
    yield service
    service.stop()


@pytest.fixture(scope="session")
def public(
    tmp_path_factory: pytest.TempPathFactory, telegram: TelegramService, slack: SlackService
) -> Iterator[Assistant]:
    """An assistant with a public address: both services deliver over HTTP."""
    running = make_assistant(
        tmp_path_factory.mktemp("public"),
        telegram_token=TOKEN,
        telegram_webhook_secret=WEBHOOK_SECRET,
        telegram_api_url=telegram.url,
        slack_bot_token=BOT_TOKEN,
        slack_signing_secret=SECRET,
        slack_api_url=slack.url,
    )
    with running:
        slack.bot = f"{running.url}/webhooks/slack/webhook"
        telegram.hosts[ADDRESS] = running.url
        done = operate(
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_WEBHOOK_SECRET=WEBHOOK_SECRET,
            TELEGRAM_WEBHOOK_URL=ADDRESS,
            TELEGRAM_API_URL=telegram.url,
        )
        assert done.stdout == f"Telegram delivers to {ADDRESS}/webhooks/telegram/webhook.\n", done.stderr
        yield running


def operate(*options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs `python -m scripts.telegram_webhook` with settings in the environment."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.telegram_webhook", *options],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def on_telegram(public: Assistant, telegram: TelegramService) -> Callable[..., TelegramPerson]:
    """Makes people who write on Telegram; with `chat`, in that group."""
    return lambda chat=None: TelegramPerson(telegram, TOKEN, next(_ids), chat)


@pytest.fixture
def on_slack(public: Assistant, slack: SlackService) -> Callable[..., SlackPerson]:
    """Makes people who write in Slack; with `channel`, in that channel."""
    return lambda channel=None: SlackPerson(slack, f"U{next(_ids)}", channel)
