"""How answers of the cause finder are read, and what follows from them."""

import pytest

from library.assessment_answers import read_hours, read_pain_area, read_posture, read_training
from library.causes import rank_causes


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9", 9),
        ("nine", 9),
        ("About 9 hours", 9),
        ("from 8 to 5", 9),
        ("9 to 5", 8),
        ("9-17", 8),
        ("from 8am to 6pm", 10),
        ("8-10 hours", 9),
        ("between 6 and 8", 7),
        ("half the day", 8),
        ("all day", 10),
        ("most of the day", 9),
        ("hardly at all", 2),
        ("eight and a half", 8.5),
        ("7,5", 7.5),
        ("90 minutes", 1.5),
        ("half an hour", 0.5),
        ("an hour or so", 1),
        ("35 hours a week", 5),
        ("8 at work and 3 on the sofa", 11),
        ("twenty four", 24),
        ("300 hours a day", 300),
        ("minus 2", -2),
        ("none", 0),
        ("I don't know", None),
        ("banana", None),
        ("", None),
    ],
)
def test_hours(text: str, hours: float | None) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("my back", "back"),
        ("the back of my knee", "knee"),
        ("my heels", "foot"),
        ("not my knee but my back", "back"),
        ("nowhere", "none"),
        ("no", "none"),
        ("hip", None),
    ],
)
def test_pain_area(text: str, area: str | None) -> None:
    assert read_pain_area(text) == area


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Flat back", "flat_back"),
        ("my low back arches", "arched_back"),
        ("I can touch my toes", "long_weak"),
        ("none of these", "none"),
        ("no idea", "none"),
        ("banana", None),
    ],
)
def test_posture(text: str, sign: str | None) -> None:
    assert read_posture(text) == sign


@pytest.mark.parametrize(
    ("text", "load"),
    [
        ("not at all", "not_at_all"),
        ("I don't train", "not_at_all"),
        ("twice a week", "some"),
        ("3 times a week", "some"),
        ("not much", "some"),
        ("five days a week", "a_lot"),
        ("every day", "a_lot"),
        ("banana", None),
    ],
)
def test_training(text: str, load: str | None) -> None:
    assert read_training(text) == load


@pytest.mark.parametrize(
    ("answers", "causes"),
    [
        ({"sitting_hours": 9.0}, ["sitting"]),
        ({"sitting_hours": 4.5}, []),
        ({"posture_sign": "flat_back", "sitting_hours": 9.0}, ["posterior_pelvic_tilt", "sitting"]),
        ({"posture_sign": "long_weak", "sitting_hours": 3.0}, ["hip_flexors"]),
        ({"old_injury": True, "training_load": "a_lot", "sitting_hours": 6.0}, ["previous_injury", "sitting"]),
        ({}, []),
    ],
)
def test_likely_causes_most_likely_first(answers: dict[str, object], causes: list[str]) -> None:
    assert [cause.slug for cause in rank_causes(answers)] == causes


def test_each_cause_says_why() -> None:
    first, second = rank_causes({"posture_sign": "flat_back", "sitting_hours": 8.5, "pain_area": "back"})
    assert first.reasons == ["your low back looks flat or you sway", "you sit a lot", "your back hurts"]
    assert second.reasons == ["you sit about 8.5 hours a day"]


def test_a_nerve_is_never_ranked() -> None:
    answers = {"nerve_signs": True, "sitting_hours": 12.0, "posture_sign": "flat_back", "pain_area": "back"}
    assert "neural_tension" not in [cause.slug for cause in rank_causes(answers)]
