"""The table of urgency (data/red_flags/levels.yml): levels, their intents, holds and answers."""

from dataclasses import dataclass

import yaml

from settings import ROOT

FILE = ROOT / "data" / "red_flags" / "levels.yml"


@dataclass(frozen=True)
class Level:
    """One level of urgency.

    Attributes:
        name: as the lexicon writes it.
        rank: the higher, the more urgent.
        intent: what a report of this level becomes; `<intent>_<part>` counts as the same.
        hold: value of the slot `safety_hold` that follows.
        response: the answer where the sign has no advice of its own.
    """

    name: str
    rank: int
    intent: str
    hold: str
    response: str


LEVELS = {
    name: Level(name, **entry) for name, entry in yaml.safe_load(FILE.read_text(encoding="utf-8"))["levels"].items()
}
NAMES = ("none", *sorted(LEVELS, key=lambda name: LEVELS[name].rank))
ALARMS = tuple(name for name in NAMES if name not in ("none", "unclear"))  # these stop a person


def of_hold(hold: str | None) -> str | None:
    """Returns the level that a value of `safety_hold` stands for, None if there is no hold."""
    return next((level.name for level in LEVELS.values() if level.hold == hold), None)


def of_intent(intent: str | None) -> str | None:
    """Returns the level that `intent` reports, None if it is no report."""
    return next((level.name for level in LEVELS.values() if f"{intent}_".startswith(f"{level.intent}_")), None)


def rank(level: str | None) -> int:
    """Returns the urgency of a level or hold, 0 for none."""
    name = level if level in LEVELS else of_hold(level)
    return LEVELS[name].rank if name else 0
