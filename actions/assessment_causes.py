"""Which causes are likely, and why: the rules of data/causes.yml applied to a person's answers."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CAUSES = Path(__file__).resolve().parent.parent / "data" / "causes.yml"


@dataclass(frozen=True)
class LikelyCause:
    """A cause that the answers point to: its entry in data/causes.yml, its points and the reasons for them."""

    slug: str
    name: str
    question: str
    helps: list[str]
    avoid: str
    points: int
    reasons: list[str]


def rank_causes(answers: dict[str, Any]) -> list[LikelyCause]:
    """Returns the likely causes, most likely first; none if the answers point nowhere.

    Args:
        answers: The slots of the cause finder by name; hours as a number, None for what was not answered.
    """
    rules = _rules()
    causes = [_weigh(cause, answers) for cause in rules["causes"]]
    named = [cause for cause in causes if cause.points >= rules["named_from"]]
    return sorted(named, key=lambda cause: -cause.points)[: rules["named_at_most"]]


@cache
def _rules() -> dict[str, Any]:
    return yaml.safe_load(CAUSES.read_text(encoding="utf-8"))


def _weigh(cause: dict[str, Any], answers: dict[str, Any]) -> LikelyCause:
    fitting = [evidence for evidence in cause["evidence"] if _fits(evidence, answers.get(evidence["slot"]))]
    readable = {name: f"{value:g}" if isinstance(value, float | int) else value for name, value in answers.items()}
    return LikelyCause(
        **{key: cause[key] for key in ("slug", "name", "question", "helps", "avoid")},
        points=sum(evidence["weight"] for evidence in fitting),
        reasons=[evidence["because"].format(**readable) for evidence in fitting],
    )


def _fits(evidence: dict[str, Any], answer: Any) -> bool:
    if answer is None:
        return False
    if "is" in evidence:
        return answer == evidence["is"]
    return evidence.get("at_least", 0) <= answer < evidence.get("below", float("inf"))
