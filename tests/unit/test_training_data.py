"""The training data: enough of it, nothing twice, and nothing that understanding is measured with."""

import re
from collections import Counter

import pytest

from benchmarks.understanding import read_unseen
from components.importers.answers_importer import AnswersImporter
from settings import ROOT
from tests.support.domain import whole_domain

AT_LEAST = {"out_of_scope": 150, "report_red_flag": 150, "report_emergency": 150, "report_acute_injury": 150}
QUESTIONS = [
    *("ask_why_tight", "ask_causes", "ask_cause_sitting", "ask_cause_pelvic_tilt", "ask_cause_hip_flexors"),
    *("ask_cause_neural_tension", "ask_cause_previous_injury", "ask_side_effects", "ask_back_pain", "ask_knee_pain"),
    *("ask_foot_pain", "ask_how_to_loosen", "find_exercises", "ask_exercise_howto", "ask_routine", "ask_recovery"),
    "ask_see_doctor",
]


def normalise(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip() or text


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str]]:
    """All that training sees, the importer's additions too."""
    data = AnswersImporter(training_data_paths=str(ROOT / "data")).get_nlu_data()
    return [(example.get("text"), example.get("intent")) for example in data.intent_examples]


def test_each_intent_has_enough_examples(examples: list[tuple[str, str]]) -> None:
    count = Counter(intent for _, intent in examples)
    few = {i: count[i] for i in [*QUESTIONS, *AT_LEAST] if count[i] < AT_LEAST.get(i, 60)}
    assert not few
    intents = whole_domain()["intents"]
    assert not set(intents) - set(count)


def test_no_example_stands_twice(examples: list[tuple[str, str]]) -> None:
    count = Counter(text.lower().strip() for text, _ in examples)
    assert [text for text, times in count.items() if times > 1] == []


def test_unseen_messages_are_unseen(examples: list[tuple[str, str]]) -> None:
    trained = {normalise(text) for text, _ in examples}
    assert [text for text, _ in read_unseen() if normalise(text) in trained] == []
