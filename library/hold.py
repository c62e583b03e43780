"""What is said during a hold: data/hold, read and checked.

`turns.yml` has what people say to it and the response that answers, `defaults.yml` what is said about a report
whose sign has no advice of its own.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from safety.notation import Notation, Pattern
from safety.words import fold
from settings import ROOT

FOLDER = ROOT / "data" / "hold"


@dataclass(frozen=True)
class Turn:
    """One thing that people say during a hold.

    Attributes:
        name: what it is.
        response: the response that answers it; empty where a question is opened instead.
        confirm: that question, "clearance" or "correction".
        patterns: any of which means it.
        unless: any of which means that it is something else.
        whole: whole messages that mean it.
        intents: what means the same.
        examples, misses: tested.
    """

    name: str
    response: str = ""
    confirm: str = ""
    patterns: tuple[Pattern, ...] = ()
    unless: tuple[Pattern, ...] = ()
    whole: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()
    examples: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    def is_said(self, words: str) -> bool:
        """Returns whether `words` (see `spoken`) say this."""
        if words.strip() in self.whole:
            return True
        found = any(pattern.regex.search(words) for pattern in self.patterns)
        return found and not any(pattern.regex.search(words) for pattern in self.unless)


def find_turn(text: str, intent: str | None) -> Turn | None:
    """Returns what a message says: its words decide before its intent; None where it is something else."""
    words = spoken(text)
    said = (turn for turn in read_turns() if turn.is_said(words)) if not text.startswith("/") else iter(())
    return next(said, None) or next((turn for turn in read_turns() if intent in turn.intents), None)


def spoken(text: str) -> str:
    """Returns the words of a message as patterns want them: small, without apostrophes, each with a space after it."""
    return "".join(f"{word} " for word in re.findall(r"[^\W_]+|\?", fold(text).replace("'", "")))


@cache
def read_turns() -> tuple[Turn, ...]:
    """Returns all turns in their order; raises `NotationError` for a pattern that can't be read."""
    content = yaml.safe_load((FOLDER / "turns.yml").read_text(encoding="utf-8"))
    notation = Notation(content["words"])
    return tuple(_turn(entry, notation) for entry in content["turns"])


def _turn(entry: dict[str, Any], notation: Notation) -> Turn:
    return Turn(
        name=entry["name"],
        response=entry.get("response", ""),
        confirm=entry.get("confirm", ""),
        patterns=tuple(map(notation.compile, entry.get("patterns", ()))),
        unless=tuple(map(notation.compile, entry.get("unless", ()))),
        whole=frozenset(entry.get("whole", ())),
        intents=frozenset(entry.get("intents", ())),
        examples=tuple(entry.get("examples", ())),
        misses=tuple(entry.get("not", ())),
    )


@cache
def read_defaults() -> dict[str, dict[str, Any]]:
    """Returns what is said about a report without advice of its own, by level, and for "unsure"."""
    return yaml.safe_load((FOLDER / "defaults.yml").read_text(encoding="utf-8"))
