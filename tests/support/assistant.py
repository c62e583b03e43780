"""Real assistants for tests and benchmarks, and people who talk to them."""

import socket
import uuid
from pathlib import Path
from typing import Any

import requests

from scripts.assistant import MODEL, Assistant
from settings import Settings

Replies = list[dict[str, Any]]


def free_port() -> int:
    """Returns a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_assistant(folder: Path, model: Path = MODEL, **settings: Any) -> Assistant:
    """Returns an assistant, not started, on free ports and with new databases and logs in `folder`."""
    defaults: dict[str, Any] = {
        "port": free_port(),
        "actions_port": free_port(),
        "database_url": f"sqlite:///{folder}/exercises.db",
        "conversations_url": f"sqlite:///{folder}/conversations.db",
    }
    return Assistant(Settings(**{**defaults, **settings}), model, log=folder)


class Person:
    """Somebody who talks to an assistant over REST, in a conversation of their own."""

    def __init__(self, assistant: Assistant, name: str | None = None) -> None:
        self.assistant = assistant
        self.name = name or f"test-{uuid.uuid4().hex}"
        self.sender_id = f"rest-{self.name}"  # as the conversations are stored

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
