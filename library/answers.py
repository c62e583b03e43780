"""The answers of data/answers: one file each, read and checked.

An entry says how its question is asked, what is said the first time, the second and the third, what is said
while exercises are on hold, what follow-ups get, which buttons follow, and where it comes from.
`data/answers/README.md` explains each field; `schema.json` beside it checks them.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

from settings import ROOT

FOLDER = ROOT / "data" / "answers"
SAME = "same"  # `on_hold: same`: the text names no exercise, so it is said during a hold too
WORDS_AT_MOST = 90


class AnswersError(ValueError):
    """An entry that can't be used; the text names the file, the line and what to do."""


@dataclass(frozen=True)
class Answer:
    """One entry. Texts may hold `{slot}` gaps, as Rasa's responses do.

    Attributes:
        intent: what is learned; parts of a contract intent carry its name as a prefix.
        response: the Rasa response that says it.
        title: how it is offered as "did you mean".
        button: its title as a button.
        asked: examples of the question.
        short: the answer in one sentence, for messages with several wishes and for the impatient.
        tellings: what is said the first, second, third time it is asked.
        on_hold: what is said during a hold; None where nothing may be said then.
        variants: (slot conditions, text) that go before the first telling.
        aspects: follow-up (why, how_long, ...) -> text.
        buttons, hold_buttons: what follows, as Rasa buttons.
        offer: payload that a "yes" takes; None for the first button.
        exercises: entities of the search that the answer calls for.
        show_exercises: whether the search follows at once.
        screening: whether the screening question is asked before it, once.
        topic: whether follow-ups may be about it.
        between_questions: whether it may come between two questions of the cause finder.
        source: where added facts come from.
    """

    intent: str
    response: str
    title: str
    button: str
    asked: tuple[str, ...] = ()
    short: str | None = None
    tellings: tuple[str, ...] = ()
    on_hold: str | None = None
    variants: tuple[tuple[dict[str, Any], str], ...] = ()
    aspects: dict[str, str] = field(default_factory=dict)
    buttons: tuple[dict[str, str], ...] = ()
    hold_buttons: tuple[dict[str, str], ...] = ()
    offer: str | None = None
    exercises: dict[str, Any] = field(default_factory=dict)
    show_exercises: bool = False
    screening: bool = False
    topic: bool = True
    between_questions: bool = True
    source: tuple[dict[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The topic's name: the response without `utter_`."""
        return self.response.removeprefix("utter_")


@cache
def read_answers(folder: Path = FOLDER) -> dict[str, Answer]:
    """Reads every entry below `folder`.

    Returns:
        The answers by intent, in the order of their files.

    Raises:
        AnswersError: An entry breaks the schema, repeats an intent, is too long, or names an unknown button.
    """
    validator = Draft7Validator(json.loads((folder / "schema.json").read_text(encoding="utf-8")))
    entries: dict[Path, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*.yml")):
        if path.name != "buttons.yml":
            entries[path] = _read(path, validator)
    owners: dict[str, Path] = {}
    for path, entry in entries.items():
        if entry["intent"] in owners:
            raise AnswersError(f"{path}: {entry['intent']} is the intent of {owners[entry['intent']].name} too.")
        owners[entry["intent"]] = path
    known = yaml.safe_load((folder / "buttons.yml").read_text(encoding="utf-8"))
    known |= {
        entry["intent"]: {"title": entry.get("button", entry["title"]), "payload": f"/{entry['intent']}"}
        for entry in entries.values()
    }
    return {entry["intent"]: _answer(entry, path, known) for path, entry in entries.items()}


def topics(folder: Path = FOLDER) -> dict[str, Answer]:
    """Returns the answers that follow-ups may be about, by topic name."""
    return {answer.name: answer for answer in read_answers(folder).values() if answer.topic}


def _read(path: Path, validator: Draft7Validator) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        entry = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AnswersError(f"{path} is not readable YAML: {' '.join(str(error).split())}") from error
    for error in sorted(validator.iter_errors(entry), key=lambda error: [str(part) for part in error.path]):
        raise AnswersError(f"{path}, line {_line(text, list(error.path))}: {error.message}")
    for key in ("text", "more", "do"):
        words = sum(any(map(str.isalnum, word)) for word in entry.get(key, "").split())
        if words > WORDS_AT_MOST:
            raise AnswersError(f"{path}, line {_line(text, [key])}: {key} has {words} words; use {WORDS_AT_MOST}.")
    return entry


def _line(text: str, path: list[Any]) -> int:
    """Returns the line of the outermost key of `path` (1 for the whole file)."""
    starts = (n for n, line in enumerate(text.splitlines(), 1) if path and line.startswith(f"{path[0]}:"))
    return next(starts, 1)


def _answer(entry: dict[str, Any], path: Path, known: dict[str, dict[str, str]]) -> Answer:
    def buttons(key: str) -> tuple[dict[str, str], ...]:
        names = entry.get(key, [])
        if unknown := [name for name in names if name not in known]:
            raise AnswersError(f"{path}: no answer and no entry of buttons.yml is called {', '.join(unknown)}.")
        return tuple(known[name] for name in names)

    tellings = [entry[key] for key in ("text", "more", "do") if entry.get(key)]
    if len(tellings) == 1 and entry.get("short"):
        tellings.append(f"In short: {entry['short']}")
    on_hold = entry["text"] if entry.get("on_hold") == SAME else entry.get("on_hold")
    return Answer(
        intent=entry["intent"],
        response=entry.get("response", f"utter_{entry['intent'].removeprefix('ask_')}"),
        title=entry["title"],
        button=entry.get("button", entry["title"]),
        asked=tuple(entry.get("asked", ())),
        short=entry.get("short"),
        tellings=tuple(tellings),
        on_hold=on_hold,
        variants=tuple((variant["when"], variant["text"]) for variant in entry.get("variants", ())),
        aspects=entry.get("aspects", {}),
        buttons=buttons("buttons"),
        hold_buttons=buttons("hold_buttons"),
        offer=entry.get("offer"),
        exercises=entry.get("exercises", {}),
        show_exercises=entry.get("show_exercises", False),
        screening=entry.get("screening", False),
        topic=entry.get("topic", True),
        between_questions=entry.get("between_questions", True),
        source=tuple(entry.get("source", ())),
    )
