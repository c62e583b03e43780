"""Fills in what the assistant says wherever a conversation expects "?".

`python -m tests.conversations.record` starts the assistant, plays the conversations and writes the texts into
the files. Read them: from then on they are what it must say.
"""

import tempfile
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from tests.conversations.runner import as_said, read_slots
from tests.conversations.script import FOLDER
from tests.support.assistant import Person, make_assistant

UNKNOWN = "?"


def main() -> None:
    """Fills in all files."""
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 4096, True
    with make_assistant(Path(tempfile.mkdtemp())) as assistant:
        for path in sorted(FOLDER.glob("*.yml")):
            conversations = yaml.load(path.read_text(encoding="utf-8"))
            unknown = [conversation for conversation in conversations if UNKNOWN in str(conversation)]
            for conversation in unknown:
                _fill(conversation, Person(assistant), assistant)
            if unknown:
                yaml.dump(conversations, path)


def _fill(conversation: dict[str, Any], person: Person, assistant: Any) -> None:
    shown: dict[str, str] = {}
    for step in conversation["steps"]:
        if step.get("button", None) not in {None, *shown}:
            print(f"{conversation['name']}: there is no button {step['button']!r}; shown were {list(shown)}")
            return
        replies = person.say(shown[step["button"]] if "button" in step else step["user"])
        buttons = [button for reply in replies for button in reply.get("buttons") or []]
        shown = {button["title"]: button["payload"] for button in buttons} or shown
        if UNKNOWN in (step.get("bot") or []):
            said = [as_said(reply, read_slots(assistant, person.sender_id)) for reply in replies if reply.get("text")]
            step["bot"] = [LiteralScalarString(text) if "\n" in text else text for text in said]


if __name__ == "__main__":
    main()
