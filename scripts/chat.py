"""The assistant in the terminal: `make chat`."""

import sys
import tempfile
import uuid
from pathlib import Path
from typing import Any

import requests

from scripts.assistant import Assistant
from scripts.processes import StartError
from settings import Settings

Buttons = list[dict[str, str]]


def main() -> int:
    """Talks to the assistant of `make run`, or starts one; returns the exit status."""
    settings = Settings()
    assistant = None
    try:
        if not _is_running(settings):
            print("Starting the assistant; this takes about half a minute ...", flush=True)
            assistant = Assistant(settings, log=Path(tempfile.mkdtemp(prefix="hamstring-")))
            assistant.start()
        print("Write to the assistant, or the number of a choice. Ctrl-D ends.\n")
        _talk(f"http://{settings.host}:{settings.port}/webhooks/rest/webhook", settings.rest_token)
        return 0
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("\nTake care.")
        return 0
    finally:
        if assistant:
            assistant.stop()


def _is_running(settings: Settings) -> bool:
    try:
        return requests.get(f"http://{settings.host}:{settings.port}/webhooks/rest/", timeout=5).ok
    except requests.ConnectionError:
        return False


def _talk(url: str, token: str | None) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    sender, buttons = f"terminal-{uuid.uuid4().hex}", []  # type: tuple[str, Buttons]
    while True:
        typed = input("You: ").strip()
        if not typed:
            continue
        choice = int(typed) - 1 if typed.isdigit() else -1
        text = buttons[choice]["payload"] if 0 <= choice < len(buttons) else typed
        try:
            replies = requests.post(url, json={"sender": sender, "message": text}, headers=headers, timeout=60).json()
        except (requests.RequestException, ValueError):
            print("The assistant did not answer. Is it still running?")
            continue
        buttons = _show(replies)


def _show(replies: Any) -> Buttons:
    """Prints the replies and returns the buttons of the last one that has some."""
    buttons: Buttons = []
    for reply in replies if isinstance(replies, list) else [{"text": replies["error"]["message"]}]:
        if reply.get("text"):
            print(f"\n{reply['text']}")
        if reply.get("buttons"):
            buttons = reply["buttons"]
            print(*(f"  {number}. {button['title']}" for number, button in enumerate(buttons, 1)), sep="\n")
    print()
    return buttons


if __name__ == "__main__":
    raise SystemExit(main())
