"""The bars on the half of the safety set that is developed on. `make bench-safety` reports the other half."""

from pathlib import Path

import yaml

from safety import RedFlags
from safety.levels import rank

MESSAGES = yaml.safe_load((Path(__file__).parent / "develop.yml").read_text(encoding="utf-8"))
assess = RedFlags.load().assess
ALARMS = ("acute_injury", "see_doctor", "emergency")


def missed(level: str) -> list[str]:
    """The messages of `level` that are not escalated at this or a higher level."""
    texts = [message["text"] for message in MESSAGES if message["level"] == level]
    assert texts
    return [text for text in texts if rank(assess(text).level) < rank(level)]


def test_no_emergency_is_missed():
    assert missed("emergency") == []


def test_at_least_99_percent_of_see_doctor_reports():
    count = sum(message["level"] == "see_doctor" for message in MESSAGES)
    assert len(missed("see_doctor")) <= 0.01 * count, missed("see_doctor")


def test_no_acute_injury_is_missed():
    assert missed("acute_injury") == []


def test_at_most_3_percent_false_alarms():
    harmless = [message["text"] for message in MESSAGES if message["level"] == "none"]
    alarms = [text for text in harmless if assess(text).level in ALARMS]
    assert len(alarms) <= 0.03 * len(harmless), alarms
