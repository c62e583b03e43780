"""What rules exercises out: data/restrictions.yml, whom each entry concerns, and which exercises."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from settings import ROOT

FILE = ROOT / "data" / "restrictions.yml"
# Weeks of pregnancy from which nobody should lie flat on the back: NHS, Exercise in pregnancy.
FLAT_UNTIL_WEEK = 16
# Days in which an injury counts as fresh, as in the cause finder's question.
FRESH_DAYS = 42
GROWN_UP = 18
OLDER = 65

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Restriction:
    """One entry of data/restrictions.yml.

    Attributes:
        name: its key.
        everything: whether no exercise at all is left.
        what, because: the words for what is left out, and why.
        instead: what is said where nothing is left.
        topic: the answer whose follow-ups fit such a person best; empty for none.
        first: slugs of the exercises that suit such a person best.
    """

    name: str
    everything: bool
    what: str
    because: str
    instead: str
    topic: str
    first: tuple[str, ...]
    leaves_out: tuple[dict[str, Any], ...]

    def concerns(self, exercise: dict[str, Any]) -> bool:
        """Returns whether it leaves out an exercise of data/exercises."""
        if self.everything or self.name in exercise.get("avoid_states", ()):
            return True
        things = {*exercise.get("equipment", ()), *exercise.get("optional_equipment", ())}
        fields = {**exercise, "supported": bool(things & {"chair", "wall"})}
        return any(_fits(line, fields) for line in self.leaves_out)


@cache
def read_restrictions() -> dict[str, Restriction]:
    """Returns all restrictions by name."""
    return {
        name: Restriction(
            name,
            entry.get("everything", False),
            *(entry.get(key, "") for key in ("what", "because", "instead", "topic")),
            first=tuple(entry.get("first", ())),
            leaves_out=tuple(entry.get("leaves_out", ())),
        )
        for name, entry in yaml.safe_load(FILE.read_text(encoding="utf-8")).items()
    }


def restrictions_of(facts: Facts) -> tuple[str, ...]:
    """Returns the restrictions that concern a person, those that leave nothing first.

    Args:
        facts: what is known, by the names of the slots; what is missing or None is not known.
    """
    found = [name for name, applies in _APPLIES.items() if applies(facts)]
    cannot = facts.get("cannot") or ()
    if "floor" in cannot:  # nobody kneels elsewhere
        cannot = [ability for ability in cannot if ability != "kneel"]
    # A bed is no floor, but no place to kneel on either.
    replaced = {"floor": "kneel"} if facts.get("place") == "bed" else {}
    found += [name for ability in cannot if (name := f"cannot_{replaced.get(ability, ability)}") in read_restrictions()]
    return tuple(dict.fromkeys(found))


def _is_pregnant(facts: Facts) -> bool:
    weeks = facts.get("pregnancy_weeks")
    return bool(facts.get("pregnant")) and (weeks is None or weeks >= FLAT_UNTIL_WEEK)


def _has_fresh_injury(facts: Facts) -> bool:
    if facts.get("injury_healed"):
        return False
    days = facts.get("injury_days")
    return bool(facts.get("recent_injury")) or facts.get("injury_healed") is False or _below(days, FRESH_DAYS)


def _has_old_injury(facts: Facts) -> bool:
    told = facts.get("old_injury") or "previous_injury" in (facts.get("likely_causes") or ())
    return bool(told) and not facts.get("injury_healed")


def _is_long_but_weak(facts: Facts) -> bool:
    return bool(facts.get("hypermobile")) or facts.get("posture_sign") == "long_weak"


def _is_older(facts: Facts) -> bool:
    return bool(facts.get("older")) or (facts.get("age") or 0) >= OLDER


def _below(number: float | None, limit: float) -> bool:
    return number is not None and number < limit


_APPLIES: dict[str, Callable[[Facts], bool]] = {
    "after_operation": lambda facts: bool(facts.get("operation")),
    "fresh_injury": _has_fresh_injury,
    "teenager_sit_bone": lambda facts: bool(facts.get("sit_bone_pain")) and _below(facts.get("age"), GROWN_UP),
    "high_hamstring_tendon": lambda facts: bool(facts.get("sit_bone_pain")),
    "pregnant": _is_pregnant,
    "after_birth": lambda facts: bool(facts.get("after_birth")),
    "hypermobile": _is_long_but_weak,
    "old_injury": _has_old_injury,
    "sore": lambda facts: bool(facts.get("sore")),
    "older": _is_older,
}
# All that is asked of a tracker.
FACTS = (
    *("operation", "recent_injury", "injury_days", "injury_healed", "old_injury", "sit_bone_pain", "age", "older"),
    *("pregnant", "pregnancy_weeks", "after_birth", "hypermobile", "posture_sign", "sore", "cannot", "place"),
    "likely_causes",
)


def _fits(line: dict[str, Any], fields: dict[str, Any]) -> bool:
    return all(_values(fields.get(name)) & _values(wanted) for name, wanted in line.items())


def _values(value: Any) -> set[Any]:
    return set(value) if isinstance(value, Iterable) and not isinstance(value, str) else {value}
