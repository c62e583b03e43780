"""Finds red flags in what people write. `docs/escalation.md` explains it for clinicians."""

from safety.assessment import Assessment, Finding
from safety.detector import RedFlags
from safety.lexicon import Advice

__all__ = ["Advice", "Assessment", "Finding", "RedFlags"]
