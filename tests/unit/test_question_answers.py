"""Answers to each question as they are typed, and offers as they are taken."""

from typing import Any

import pytest

from library.question_answers import read_answer, take_offer
from library.questions import questions, questions_domain
from tests.unit.test_replies import NEVER_A_NO

OFFER = [
    {"title": "Exercises for the knee", "payload": "/a"},
    {"title": "Find my cause", "payload": "/b"},
    {"title": "When to see a doctor", "payload": "/c"},
]


@pytest.mark.parametrize("name", ["screening", "nerve_signs"])
@pytest.mark.parametrize("text", [" ".join(text.split()) for text in NEVER_A_NO.split("·")])
@pytest.mark.parametrize("explained", [False, True])
def test_no_limited_answer_clears_a_question_about_signs(name: str, text: str, explained: bool) -> None:
    hesitant = {"not exactly"}  # a no, once the signs were explained
    assert read_answer(questions()[name], text, explained) != "no" or (explained and text in hesitant)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("screening", "2", "no"),
        ("screening", "1", "yes"),
        ("screening", "the second one", "yes"),
        ("screening", "what do you mean?", "why"),
        ("screening", "just show me the exercises", None),
        ("recent_injury", "no, but longer ago", "long_ago"),
        ("recent_injury", "3", "long_ago"),
        ("recent_injury", "not a pop but a tear", "partly"),
        ("recent_injury", "no... actually yes last week", "partly"),
        ("recent_injury", "no only yesterday", "partly"),
        ("recent_injury", "I haven't pulled it", "no"),
        ("sitting_hours", "2", 2),
        ("sitting_hours", "#2", 6),
        ("sitting_hours", "9 hours, is that bad?", 9),
        ("sitting_hours", "how much is too much?", None),
        ("sitting_hours", "dunno", "unsure"),
        ("sitting_hours", "not sure, maybe 8", 8),
        ("pain_area", "back", "back"),
        ("pain_area", "go back", "previous"),
        ("pain_area", "3", "foot"),
        ("pain_area", "the last one", "none"),
        ("posture_sign", "arched bakc", "arched_back"),
        ("posture_sign", "no idea", "unsure"),
        ("training_load", "some running", "some"),
        ("training_load", "some exercises please", None),
        ("clearance", "yes", "yes"),
        ("clearance", "no, not yet", "no"),
        ("clearance", "I think so", "partly"),
        ("clearance", "ok", None),
        ("correction", "none", "yes"),
        ("correction", "no", "unsure"),
        ("correction", "yes I do", "no"),
        ("correction", "That was a mistake", "yes"),
        ("correction", "a doctor has cleared me", "cleared"),
        ("whose", "for me", "self"),
        ("whose", "him", "other"),
        ("whose", "it's my husband, not me", "other"),
        ("answers_confirmed", "no", "no"),
    ],
)
def test_answers(name: str, text: str, value: Any) -> None:
    assert read_answer(questions()[name], text) == value


@pytest.mark.parametrize("question", questions().values(), ids=lambda question: question.name)
def test_each_button_is_read_from_its_title_and_its_number(question: Any) -> None:
    for number, button in enumerate(question.buttons, 1):
        assert read_answer(question, button["title"]) == button["value"]
        if question.kind != "number":
            assert read_answer(question, str(number)) == button["value"]
            assert read_answer(question, f"option {number}") == button["value"]


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("yes", "/a"),
        ("Yes please!", "/a"),
        ("ok", "/a"),
        ("2", "/b"),
        ("the last one", "/c"),
        ("exercises for knee", "/a"),
        ("fin my cause", "/b"),
        ("4", None),
        ("no", None),
        ("thanks", None),
        ("and now?", None),
        ("yes but only standing", None),
        ("yes my foot is numb", None),
    ],
)
def test_offers(text: str, payload: str | None) -> None:
    assert take_offer(OFFER, text) == payload


def test_questions_never_say_the_same_twice_in_a_row() -> None:
    """Each wording of a question differs from the others."""
    for question in questions().values():
        wordings = [question.text, question.again, question.way_out, question.explain]
        assert len(set(wordings)) == 4
    assert questions_domain()["responses"]["utter_ask_screening"][0]["text"].startswith("{report_quote}Before I go on")
