"""Plays a conversation with a running assistant and compares every turn."""

import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from scripts.assistant import Assistant
from tests.conversations.coverage import Reached
from tests.conversations.script import Conversation, Step
from tests.support.assistant import Person, Replies
from tests.support.domain import whole_domain

ROOT = Path(__file__).resolve().parents[2]
DOMAIN: dict[str, Any] = whole_domain()


def play(conversation: Conversation, assistant: Assistant, reached: Reached) -> None:
    """Plays all steps and notes in `reached` what was seen; raises AssertionError with a readable diff."""
    person = Person(assistant)
    shown: dict[str, str] = {}
    for number, step in enumerate(conversation.steps, 1):
        where = f"{conversation.name}, step {number}: {step.user or step.button}"
        if step.button is not None:
            assert step.button in shown, f"{where}\nThere is no such button. Shown were: {list(shown)}"
        said = shown[step.button] if step.button is not None else step.user or ""
        replies = person.say(said)
        reached.payloads.add(said)
        if any(reply.get("buttons") for reply in replies):
            shown = {button["title"]: button["payload"] for reply in replies for button in reply.get("buttons") or []}
        reached.shown |= set(shown.values())
        slots = read_slots(assistant, person.sender_id)
        _compare(where, step, replies, slots, reached)
    reached.add_events(read_events(assistant, person.sender_id))


def read_events(assistant: Assistant, sender: str) -> list[dict[str, Any]]:
    """Returns the events of a conversation from the tracker store, oldest first."""
    engine = sa.create_engine(assistant.conversations)
    query = sa.text("SELECT data FROM events WHERE sender_id = :sender ORDER BY id")
    with engine.connect() as connection:
        return [json.loads(row[0]) for row in connection.execute(query, {"sender": sender})]


def read_slots(assistant: Assistant, sender: str) -> dict[str, Any]:
    """Returns the slots of a conversation from the tracker store."""
    slots = {name: slot.get("initial_value") for name, slot in DOMAIN["slots"].items()}
    events = read_events(assistant, sender)
    return slots | {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def _compare(where: str, step: Step, replies: Replies, slots: dict[str, Any], reached: Reached) -> None:
    if step.bot is not None:
        expected, actual = _as_lines(step, replies, slots)
        assert expected == actual, f"{where}\n{_difference(expected, actual)}"
        reached.responses |= {line for line in step.bot if line in DOMAIN["responses"]}
    titles = [button["title"] for reply in replies for button in reply.get("buttons") or []]
    if step.buttons is not None:
        assert step.buttons == titles, f"{where}\nButtons:\n{_difference(step.buttons, titles)}"
    for name, value in step.slots.items():
        assert slots.get(name) == value, f"{where}\nThe slot {name} is {slots.get(name)!r}, not {value!r}."
    whole = "\n".join(reply.get("text") or "" for reply in replies)
    for words in step.must_not_say:
        assert words.lower() not in whole.lower(), f"{where}\nIt must not say {words!r}, but said:\n{whole}"
    # Never a button that nothing handles.
    for payload in (button["payload"] for reply in replies for button in reply.get("buttons") or []):
        assert is_handled(payload), f"{where}\nNothing handles the button {payload}"


def is_handled(payload: str) -> bool:
    """Returns whether a payload is plain words, or an intent of the domain with entities of the domain."""
    if not payload.startswith("/"):
        return True
    intent, brace, entities = payload[1:].partition("{")
    known = {name for entity in DOMAIN["entities"] for name in entity}
    return intent in DOMAIN["intents"] and (not brace or set(json.loads("{" + entities)) <= known)


def _as_lines(step: Step, replies: Replies, slots: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Returns what should have been and what was said, as lines.

    Where a response is named its buttons count, unless the step lists buttons itself.
    """
    bot, own_buttons = step.bot or [], step.buttons is not None
    expected: list[str] = []
    actual: list[str] = []
    replies = [reply for reply in replies if reply.get("text")]  # a card says what its text says
    for index in range(max(len(bot), len(replies))):
        entry = bot[index] if index < len(bot) else None
        reply = replies[index] if index < len(replies) else None
        named = entry in DOMAIN["responses"]
        variants = (
            _rendered(entry, slots, not own_buttons) if named and entry else [[*(entry or "").strip().splitlines()]]
        )
        lines = _lines(reply, buttons=named and not own_buttons) if reply else []
        if entry is not None:
            expected += [*(lines if lines in variants else variants[0]), ""]
        if reply is not None:
            actual += [*lines, ""]
    return expected, actual


def as_said(reply: dict[str, Any], slots: dict[str, Any]) -> str:
    """Returns the name of the response that a reply is, or else its text."""
    lines = _lines(reply, buttons=True)
    return next((name for name in DOMAIN["responses"] if lines in _rendered(name, slots)), reply["text"])


def _rendered(name: str, slots: dict[str, Any], buttons: bool = True) -> list[list[str]]:
    """Returns the variants of a response that the slots allow, as lines."""
    variants = DOMAIN["responses"][name]
    fitting = [
        variant
        for variant in variants
        if "condition" in variant
        and all(slots.get(condition["name"]) == condition["value"] for condition in variant["condition"])
    ]
    fitting = fitting or [variant for variant in variants if "condition" not in variant]
    filled = [
        {
            "text": _filled(variant["text"], slots),
            "buttons": [
                {**button, "payload": _filled(button["payload"], slots)} for button in variant.get("buttons", [])
            ],
        }
        for variant in fitting
    ]
    return [_lines(reply, buttons) for reply in filled]


def _filled(text: str, slots: dict[str, Any]) -> str:
    for name, value in slots.items():
        text = text.replace("{" + name + "}", str(value))
    return text.replace("{{", "{").replace("}}", "}")


def _lines(reply: dict[str, Any], buttons: bool) -> list[str]:
    lines = (reply.get("text") or "").strip().splitlines()
    if buttons:
        lines += [f"[{button['title']}] {button['payload']}" for button in reply.get("buttons") or []]
    return lines


def _difference(expected: Iterable[str], actual: Iterable[str]) -> str:
    lines = difflib.ndiff(list(expected), list(actual))
    return "(- expected, + said)\n" + "\n".join(line for line in lines if not line.startswith("?"))
