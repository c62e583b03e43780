"""A real assistant for the tests: trained model, action server, Rasa, and databases of their own."""

import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import requests

from scripts.serve import Assistant
from settings import Settings

# The same examples in every run: what turns it red is a change, not the draw.
hypothesis.settings.register_profile("repeatable", derandomize=True)
hypothesis.settings.load_profile("repeatable")

Replies = list[dict[str, Any]]


def free_port() -> int:
    """Returns a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_assistant(folder: Path, **settings: Any) -> Assistant:
    """Returns an assistant, not started, on free ports and with new databases and logs in `folder`."""
    defaults: dict[str, Any] = {
        "port": free_port(),
        "actions_port": free_port(),
        "database_url": f"sqlite:///{folder}/exercises.db",
        "conversations_url": f"sqlite:///{folder}/conversations.db",
    }
    return Assistant(Settings(**{**defaults, **settings}), log=folder)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The assistant that most tests share; each test talks under names of its own."""
    with make_assistant(tmp_path_factory.mktemp("assistant")) as running:
        yield running


class Person:
    """Somebody who talks to an assistant over REST, in a conversation of their own."""

    def __init__(self, assistant: Assistant, name: str | None = None) -> None:
        self.assistant = assistant
        self.name = name or f"test-{uuid.uuid4().hex}"

    def say(self, text: str) -> Replies:
        """Sends a message and returns all replies."""
        answer = requests.post(
            f"{self.assistant.url}/webhooks/rest/webhook",
            json={"sender": self.name, "message": text},
            timeout=60,
        )
        answer.raise_for_status()
        return answer.json()

    def hear(self, text: str) -> str:
        """Sends a message and returns the texts of all replies, one below the other."""
        return "\n".join(reply["text"] for reply in self.say(text) if reply.get("text"))


@pytest.fixture
def person(assistant: Assistant) -> Callable[[], Person]:
    """Makes people who talk to the shared assistant."""
    return lambda: Person(assistant)
