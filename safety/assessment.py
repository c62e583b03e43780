"""What the detector says about a message."""

from dataclasses import asdict, dataclass
from typing import Any

# From the least to the most urgent.
LEVELS = ("none", "unclear", "acute_injury", "see_doctor", "emergency")


@dataclass(frozen=True)
class Finding:
    """One sign that is reported, in the person's own words."""

    sign: str
    level: str
    rule: str
    words: str
    body_part: str | None = None
    whose: str = "self"
    context: str | None = None  # "activity", "upper_limb" or None


@dataclass(frozen=True)
class Assessment:
    """All that is reported in one message; `level` is that of its most urgent finding.

    `dismissed` says that each sentence (but for very short ones) names signs only in denials, figures of
    speech or general questions, so that nothing is left for the trained classifier to judge.
    """

    level: str = "none"
    findings: tuple[Finding, ...] = ()
    language: str = "en"
    trigger: str | None = None
    clearance: bool = False
    correction: bool = False
    dismissed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Returns the JSON form that goes into the parse result."""
        return {**asdict(self), "findings": [asdict(finding) for finding in self.findings]}


def rank(level: str) -> int:
    """Returns the urgency of `level` (0: none)."""
    return LEVELS.index(level)
