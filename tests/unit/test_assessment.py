"""What follows from the answers of the cause finder: the causes that they point to."""

import pytest

from library.causes import rank_causes


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
