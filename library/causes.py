"""Which causes are likely, and why: the entries of data/causes applied to what a person told."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from settings import ROOT

FOLDER = ROOT / "data" / "causes"
NAMED_FROM = 2  # points
NAMED_AT_MOST = 3  # causes


@dataclass(frozen=True)
class LikelyCause:
    """A cause that the facts point to: its entry in data/causes, its points and the reasons for them."""

    slug: str
    name: str
    question: str
    helps: list[str]
    avoid: str
    today: str
    points: int
    reasons: list[str]


def rank_causes(facts: dict[str, Any]) -> list[LikelyCause]:
    """Returns the likely causes, most likely first; none if the facts point nowhere.

    Args:
        facts: Slots by name; hours as a number, None for what is not known.
    """
    causes = [_weigh(cause, facts) for cause in read_causes()]
    named = [cause for cause in causes if cause.points >= NAMED_FROM]
    return sorted(named, key=lambda cause: -cause.points)[:NAMED_AT_MOST]


@cache
def read_causes(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Returns the entries of the causes in their order."""
    entries = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yml")]
    return sorted(entries, key=lambda entry: entry["order"])


def _weigh(cause: dict[str, Any], facts: dict[str, Any]) -> LikelyCause:
    fitting = [evidence for evidence in cause["evidence"] if _fits(evidence, facts.get(evidence["slot"]))]
    readable = {name: f"{value:g}" if isinstance(value, float | int) else value for name, value in facts.items()}
    return LikelyCause(
        **{key: cause[key] for key in ("slug", "name", "question", "helps", "avoid", "today")},
        points=sum(evidence["weight"] for evidence in fitting),
        reasons=[evidence["because"].format(**readable) for evidence in fitting],
    )


def _fits(evidence: dict[str, Any], value: Any) -> bool:
    if value is None or value == []:
        return False
    if "is" in evidence:
        return evidence["is"] in value if isinstance(value, list) else value == evidence["is"]
    if not isinstance(value, float | int):
        return False
    return evidence.get("at_least", 0) <= value < evidence.get("below", float("inf"))
