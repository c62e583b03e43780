"""What the detector says about a message."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One sign that is reported, in the person's own words."""

    sign: str
    level: str
    rule: str
    words: str
    pattern: str = ""  # of the lexicon, as it is written there
    body_part: str | None = None
    whose: str = "self"
    context: str | None = None  # "activity", "upper_limb" or None
    when: str | None = None  # how soon a doctor should see it: "now", "today", "days"; None: as its level says


@dataclass(frozen=True)
class Assessment:
    """All that is reported in one message; `level` is that of its most urgent finding.

    `intent`: what the message becomes. `trigger`: who found it, "rules" or "reader" (with its `certainty`).
    `dismissed` says that each sentence (but for very short ones) names signs only in denials, figures of
    speech or general questions, so that nothing is left for the learned reader to judge.
    """

    level: str = "none"
    intent: str | None = None
    findings: tuple[Finding, ...] = ()
    language: str = "en"
    trigger: str | None = None
    certainty: float | None = None
    clearance: bool = False
    correction: bool = False
    dismissed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Returns the JSON form that goes into the parse result."""
        return {**asdict(self), "findings": [asdict(finding) for finding in self.findings]}
