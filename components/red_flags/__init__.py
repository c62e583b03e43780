"""Finds red flags in what people write. `docs/escalation.md` explains it for clinicians."""

from components.red_flags.assessment import Assessment, Finding
from components.red_flags.detector import RedFlags

__all__ = ["Assessment", "Finding", "RedFlags"]
