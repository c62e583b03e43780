"""Conversations as people write them in YAML: read, and checked for slips of the pen."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
STEP_KEYS = {"user", "button", "bot", "buttons", "slots", "must_not_say"}


class ScriptError(Exception):
    """A conversation is not written as it should be; the text says where."""


@dataclass(frozen=True)
class Step:
    """One turn: what the person says or presses, and what must, and must not, come back."""

    user: str | None = None
    button: str | None = None
    bot: list[str] | None = None
    buttons: list[str] | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    must_not_say: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Conversation:
    """A named conversation."""

    name: str
    steps: list[Step]


def read_conversations(folder: Path = FOLDER) -> list[Conversation]:
    """Reads all conversations of the YAML files in `folder`, each file's in its order.

    Raises:
        ScriptError: A file or step is not as it should be, or two conversations have one name.
    """
    conversations = [_conversation(entry, path) for path in sorted(folder.glob("*.yml")) for entry in _entries(path)]
    names = [conversation.name for conversation in conversations]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ScriptError(f"Two conversations have the same name: {', '.join(sorted(twice))}.")
    return conversations


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ScriptError(f"{path.name} is not readable YAML: {error}") from error
    if not isinstance(entries, list):
        raise ScriptError(f"{path.name} must be a list of conversations, each with `name` and `steps`.")
    return entries


def _conversation(entry: dict[str, Any], path: Path) -> Conversation:
    if set(entry) != {"name", "steps"}:
        raise ScriptError(f"{path.name}: a conversation has `name` and `steps`, not {sorted(entry)}.")
    return Conversation(entry["name"], [_step(step, f"{path.name}, {entry['name']}") for step in entry["steps"]])


def _step(step: dict[str, Any], place: str) -> Step:
    if unknown := set(step) - STEP_KEYS:
        raise ScriptError(f"{place}: unknown key {sorted(unknown)}; a step has {sorted(STEP_KEYS)}.")
    if ("user" in step) == ("button" in step):
        raise ScriptError(f"{place}: a step has either `user` or `button`.")
    if not {"bot", "buttons", "slots", "must_not_say"} & set(step):
        raise ScriptError(f"{place}: the step {step} expects nothing.")
    lists = {
        key: [step[key]] if isinstance(step[key], str) else step[key] for key in ("bot", "must_not_say") if key in step
    }
    return Step(**{**step, **lists})
