"""`make explain`: the line that fired, and what would be said."""

import re

import pytest

from scripts import explain
from settings import ROOT


@pytest.fixture(autouse=True)
def without_a_model(monkeypatch, tmp_path):
    monkeypatch.setattr(explain, "MODEL", tmp_path / "none.tar.gz")


def test_line_that_fired_is_named():
    lines = explain.explain("since this morning my foot is numb")
    (place,) = {match for line in lines if (match := re.search(r"(data/red_flags/\w+\.yml):(\d+): <numb>", line))}
    assert "numbness" in lines[1]
    written = (ROOT / place.group(1)).read_text(encoding="utf-8").splitlines()[int(place.group(2)) - 1]
    assert "<numb>" in written
    assert any(line.startswith("said: utter_see_doctor") for line in lines)


def test_denied_sign_is_shown_as_not_counted():
    lines = explain.explain("no numbness")
    assert lines[0].startswith("rules: none (all denied")
    assert any(line.startswith("  not counted: data/red_flags/see_doctor.yml:") for line in lines)
    assert lines[-1] == "said: nothing about signs"
