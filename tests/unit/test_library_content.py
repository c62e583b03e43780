"""The content of data/exercises: complete, consistent, careful; and what is said when it is wrong."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from components.nlu.vocabulary_extractor import VOCABULARY
from library import terms
from library.content import FOLDER, ContentError, read_content, to_row
from library.templates import render

EXERCISES = {exercise["slug"]: exercise for exercise in read_content()}


def test_doses_of_the_article() -> None:
    article = {slug for slug, exercise in EXERCISES.items() if exercise.get("in_article")}
    assert {slug: render("dose", e=to_row(EXERCISES[slug])) for slug in article} == {
        "seated-hamstring-stretch": "Hold 30 seconds on each side, twice a day.",
        "vertical-hamstring-stretch": "Hold 10 to 20 seconds, 2 times on each side, twice a day. Take your time.",
        "hamstring-curl": "Hold 1 second, 10 times, 3 days a week.",
        "calf-smash": "Once on each side, once a day. Stay until it eases, then change sides.",
        "massage-roller": "Hold 20 to 30 seconds on each side, twice a day. The hold is for each sore spot.",
        "runners-lunge": "Hold 15 seconds on each side, twice a day.",
        "toe-touch": "Hold 10 to 20 seconds on each side, twice a day.",
        "straight-leg-raise": "Hold 5 seconds, 10 times on each side, 4 days a week.",
        "quadriceps-strengthening": "Hold 5 seconds, 10 times, 3 days a week.",
        "abdominal-activation": "Hold 10 seconds, 5 times, twice a day.",
        "low-impact-cardio": "20 minutes, 3 days a week.",
        "walking-break": "1 minute, about every 15 minutes.",
        "feet-up-rest": "5 minutes, 3 times a day.",
    }


def test_enough_exercises_beyond_the_article() -> None:
    added = [exercise for exercise in EXERCISES.values() if not exercise.get("in_article")]
    assert len(added) >= 12
    assert all(exercise["source"]["url"] for exercise in added)


def test_each_word_of_the_vocabulary_finds_something() -> None:
    vocabulary = yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))
    assert tuple(vocabulary["body_area"]) == terms.AREAS
    assert tuple(vocabulary["exercise_type"]) == terms.KINDS
    assert tuple(vocabulary["equipment"]) == (*terms.EQUIPMENT, terms.NO_EQUIPMENT)
    assert set(vocabulary["position"]) <= set(terms.POSITIONS)
    used = {
        "body_area": {area for exercise in EXERCISES.values() for area in exercise["areas"]},
        "exercise_type": {exercise["kind"] for exercise in EXERCISES.values()},
        "position": {exercise["position"] for exercise in EXERCISES.values()},
        "equipment": {
            thing
            for exercise in EXERCISES.values()
            for thing in exercise.get("equipment", []) + exercise.get("optional_equipment", [])
        }
        | {terms.NO_EQUIPMENT},
    }
    for entity, values in used.items():
        assert set(vocabulary[entity]) <= values, entity


def test_the_schema_knows_the_same_words() -> None:
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    fields = schema["properties"]["exercises"]["items"]["properties"]
    assert tuple(fields["kind"]["enum"]) == terms.KINDS
    assert tuple(fields["position"]["enum"]) == terms.POSITIONS
    assert tuple(fields["level"]["enum"]) == terms.LEVELS
    assert tuple(fields["areas"]["items"]["enum"]) == terms.AREAS
    assert tuple(fields["equipment"]["items"]["enum"]) == terms.EQUIPMENT
    assert tuple(fields["causes"]["items"]["enum"]) == terms.CAUSES


@pytest.mark.parametrize("slug", EXERCISES)
def test_links_go_both_easier_and_harder(slug: str) -> None:
    level = terms.LEVELS.index
    exercise = EXERCISES[slug]
    if harder := exercise.get("progression"):
        assert level(EXERCISES[harder]["level"]) >= level(exercise["level"])
    if easier := exercise.get("regression"):
        assert level(EXERCISES[easier]["level"]) <= level(exercise["level"])
    assert exercise.get("progression") or exercise.get("regression")


@pytest.mark.parametrize("slug", EXERCISES)
def test_no_exercise_goes_with_a_nerve_sign(slug: str) -> None:
    words = json.dumps({name: part for name, part in EXERCISES[slug].items() if name not in ("stop_if", "avoid_if")})
    assert not re.search(r"tingl|numb|burn|pins and needles|electric|nerve (glide|floss)", words, re.IGNORECASE)


@pytest.mark.parametrize("slug", [slug for slug, exercise in EXERCISES.items() if exercise.get("stretches_hamstring")])
def test_hamstring_stretches_are_not_for_long_weak_hamstrings_or_nerves(slug: str) -> None:
    assert {"hip_flexors", "neural_tension"} <= set(EXERCISES[slug]["contraindicated"])


@pytest.mark.parametrize("slug", EXERCISES)
def test_no_cause_both_suits_and_forbids(slug: str) -> None:
    assert not set(EXERCISES[slug]["causes"]) & set(EXERCISES[slug].get("contraindicated", []))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "exercises")
    return tmp_path / "exercises"


def _replace(folder: Path, old: str, new: str) -> None:
    path = folder / "general.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "kind: stretch",
            "kind: strech",
            "general.yml: exercise toe-touch, field kind: 'strech' is not one of "
            "['stretch', 'strengthen', 'release', 'cardio', 'habit']",
        ),
        (
            "    minutes: 2\n",
            "",
            "general.yml: exercise toe-touch: 'minutes' is a required property",
        ),
        ("slug: toe-touch", "slug: plank", "Two exercises have the slug plank."),
        ("[toe touches, ", "[planks, ", "'planks' names both plank and toe-touch."),
        (
            "progression: vertical-hamstring-stretch",
            "progression: the-splits",
            "toe-touch: its progression the-splits is no exercise.",
        ),
        (
            "contraindicated: [hip_flexors, neural_tension, previous_injury]",
            "contraindicated: [neural_tension]",
            "toe-touch is a stretch: its field contraindicated must name hip_flexors.",
        ),
        (
            "demands: [stand, bend]",
            "demands: [bend]",
            "toe-touch: its field demands must name one of stand, hands.",
        ),
        ("level: easy", "level: easy\n    avoid_states: [tired]", "toe-touch: no restriction is called tired."),
    ],
)
def test_wrong_content_is_named(copy: Path, old: str, new: str, message: str) -> None:
    _replace(copy, old, new)
    with pytest.raises(ContentError) as caught:
        read_content(copy)
    assert str(caught.value) == message


def test_unreadable_yaml_is_named(copy: Path) -> None:
    (copy / "general.yml").write_text("exercises: [", encoding="utf-8")
    with pytest.raises(ContentError, match="^general.yml is not readable YAML: "):
        read_content(copy)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "schema.json", tmp_path)
    with pytest.raises(ContentError) as caught:
        read_content(tmp_path)
    assert str(caught.value) == f"There are no exercises in {tmp_path}."
