"""Finds red flags in what people write. `docs/escalation.md` explains it for clinicians."""

from safety.assessment import Assessment, Finding
from safety.detector import RedFlags

__all__ = ["Assessment", "Finding", "RedFlags"]
