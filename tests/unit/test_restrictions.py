"""Whom a restriction concerns, and what it leaves out of the library as it stands."""

from typing import Any

import pytest

from library.answers import topics
from library.content import read_content
from library.restrictions import FACTS, read_restrictions, restrictions_of

EXERCISES = {exercise["slug"]: exercise for exercise in read_content()}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ()),
        ({"operation": True}, ("after_operation",)),
        ({"sit_bone_pain": True}, ("high_hamstring_tendon",)),
        ({"sit_bone_pain": True, "age": 15}, ("teenager_sit_bone", "high_hamstring_tendon")),
        ({"age": 15}, ()),
        ({"pregnant": True}, ("pregnant",)),
        ({"pregnant": True, "pregnancy_weeks": 12}, ()),
        ({"pregnant": True, "pregnancy_weeks": 16}, ("pregnant",)),
        ({"after_birth": True}, ("after_birth",)),
        ({"hypermobile": True}, ("hypermobile",)),
        ({"posture_sign": "long_weak"}, ("hypermobile",)),
        ({"posture_sign": "flat_back"}, ()),
        ({"injury_days": 3}, ("fresh_injury",)),
        ({"injury_days": 3, "injury_healed": True}, ()),
        ({"injury_healed": False}, ("fresh_injury",)),
        ({"injury_days": 400}, ()),
        ({"old_injury": True}, ("old_injury",)),
        ({"old_injury": True, "injury_healed": True}, ()),
        ({"likely_causes": ["previous_injury", "sitting"]}, ("old_injury",)),
        ({"sore": True}, ("sore",)),
        ({"age": 72}, ("older",)),
        ({"older": True}, ("older",)),
        ({"cannot": ["kneel", "floor"]}, ("cannot_floor",)),
        ({"cannot": ["kneel", "hands"]}, ("cannot_kneel", "cannot_hands")),
        ({"cannot": ["floor"], "place": "bed"}, ("cannot_kneel",)),
        ({"cannot": ["fly"]}, ()),
    ],
)
def test_whom_it_concerns(facts: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert set(facts) <= set(FACTS)
    assert restrictions_of(facts) == expected


@pytest.mark.parametrize(
    ("name", "left_out", "left"),
    [
        ("high_hamstring_tendon", ["toe-touch", "nordic-curl", "hip-hinge", "leg-swings"], ["bridge-hold", "heel-dig"]),
        ("pregnant", ["glute-bridge", "plank", "nordic-curl"], ["standing-pelvic-tilt", "clamshell", "cat-camel"]),
        ("hypermobile", ["seated-hamstring-stretch", "downward-dog"], ["hip-hinge", "bridge-hold", "knee-to-chest"]),
        ("old_injury", ["seated-hamstring-stretch", "toe-touch"], ["bridge-hold", "heel-slide"]),
        ("sore", ["hamstring-curl", "toe-touch", "glute-bridge"], ["walking-break", "low-impact-cardio", "easy-march"]),
        ("older", ["nordic-curl", "massage-roller", "heel-kicks"], ["supported-hamstring-curl", "sit-to-stand"]),
        ("cannot_floor", ["glute-bridge", "bird-dog", "calf-smash"], ["sit-to-stand", "toe-touch"]),
        ("cannot_lie", ["glute-bridge", "plank", "clamshell"], ["bird-dog", "calf-raise"]),
        ("cannot_kneel", ["bird-dog", "nordic-curl"], ["glute-bridge"]),
        ("cannot_stand", ["calf-raise", "sit-to-stand"], ["seated-heel-press", "glute-bridge"]),
        ("cannot_hands", ["bird-dog", "downward-dog"], ["glute-bridge"]),
        ("cannot_bend", ["toe-touch", "hip-hinge"], ["glute-bridge"]),
        ("cannot_sit", ["seated-march"], ["calf-raise"]),
        ("cannot_squat", ["quadriceps-strengthening", "walking-lunge-with-reach"], ["sit-to-stand"]),
    ],
)
def test_what_it_leaves_out(name: str, left_out: list[str], left: list[str]) -> None:
    restriction = read_restrictions()[name]
    concerned = {slug for slug, exercise in EXERCISES.items() if restriction.concerns(exercise)}
    assert set(left_out) <= concerned
    assert not set(left) & concerned
    assert restriction.what and restriction.because


@pytest.mark.parametrize("name", read_restrictions())
def test_what_suits_best_is_not_left_out(name: str) -> None:
    restriction = read_restrictions()[name]
    assert set(restriction.first) <= set(EXERCISES)
    assert not any(restriction.concerns(EXERCISES[slug]) for slug in restriction.first)


@pytest.mark.parametrize("name", read_restrictions())
def test_its_topic_is_an_answer(name: str) -> None:
    assert read_restrictions()[name].topic in {"", *topics()}


@pytest.mark.parametrize("name", read_restrictions())
def test_each_restriction_says_why(name: str) -> None:
    restriction = read_restrictions()[name]
    assert bool(restriction.instead) == restriction.everything
    assert bool(restriction.because) != restriction.everything


@pytest.mark.parametrize("slug", [slug for slug, exercise in EXERCISES.items() if exercise.get("stretches_hamstring")])
def test_hamstring_stretches_are_spared_whom_they_harm(slug: str) -> None:
    for name in ("high_hamstring_tendon", "hypermobile", "old_injury", "sore"):
        assert read_restrictions()[name].concerns(EXERCISES[slug])
