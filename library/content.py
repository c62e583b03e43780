"""The content of data/exercises: read, checked, and turned into rows."""

import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

from library.models import Alias, Exercise, ExerciseArea, ExerciseCause, ExerciseEquipment, ExerciseRestriction, Step
from library.restrictions import read_restrictions
from settings import ROOT

FOLDER = ROOT / "data" / "exercises"
DEMANDED_BY_POSITION = {
    "sitting": ("sit", "floor"),
    "standing": ("stand", "hands"),
    "kneeling": ("kneel",),
    "lying": ("lie_on_back", "lie_on_front", "lie_on_side"),
}


class ContentError(Exception):
    """The content is wrong; the text says where and what."""


def read_content(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """Reads and checks every exercise.

    Args:
        folder: Holds schema.json and YAML files of exercises.

    Returns:
        The exercises as they stand in the files, in the order of file names.

    Raises:
        ContentError: A file can't be read, breaks the schema, repeats a name or names an unknown exercise.
    """
    try:
        validator = Draft7Validator(json.loads((folder / "schema.json").read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ContentError(f"schema.json in {folder} can't be read: {error}") from error
    exercises: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.yml")):
        exercises += _read_file(path, validator)
    if not exercises:
        raise ContentError(f"There are no exercises in {folder}.")
    _check_names(exercises)
    _check_cautions(exercises)
    _check_demands(exercises)
    return exercises


def _read_file(path: Path, validator: Draft7Validator) -> list[dict[str, Any]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContentError(f"{path.name} is not readable YAML: {' '.join(str(error).split())}") from error
    for error in sorted(validator.iter_errors(content), key=lambda error: [str(part) for part in error.path]):
        raise ContentError(f"{path.name}: {_place(content, list(error.path))}{error.message}")
    return content["exercises"]


def _place(content: Any, path: list[Any]) -> str:
    if len(path) < 2:
        return ""
    exercise = content["exercises"][path[1]]
    slug = exercise.get("slug") if isinstance(exercise, dict) else None
    field = ".".join(str(part) for part in path[2:])
    return f"exercise {slug or path[1] + 1}{f', field {field}' if field else ''}: "


def _check_names(exercises: list[dict[str, Any]]) -> None:
    owners: dict[str, str] = {}
    slugs: set[str] = set()
    for exercise in exercises:
        if exercise["slug"] in slugs:
            raise ContentError(f"Two exercises have the slug {exercise['slug']}.")
        slugs.add(exercise["slug"])
        for name in {name.lower() for name in (exercise["name"], *exercise["aliases"])}:
            if owners.setdefault(name, exercise["slug"]) != exercise["slug"]:
                raise ContentError(f"'{name}' names both {owners[name]} and {exercise['slug']}.")
    for exercise in exercises:
        for link in ("progression", "regression"):
            if exercise.get(link) not in slugs | {None}:
                raise ContentError(f"{exercise['slug']}: its {link} {exercise[link]} is no exercise.")


def _check_cautions(exercises: list[dict[str, Any]]) -> None:
    """Stretching is never for a nerve, and a hamstring stretch never for long, weak hamstrings."""
    for exercise in exercises:
        needed = {"neural_tension"} if exercise["kind"] == "stretch" else set()
        if exercise.get("stretches_hamstring"):
            needed = {"hip_flexors", "neural_tension"}
        for cause in sorted(needed.difference(exercise.get("contraindicated", []))):
            raise ContentError(f"{exercise['slug']} is a stretch: its field contraindicated must name {cause}.")


def _check_demands(exercises: list[dict[str, Any]]) -> None:
    """What the body must do is named in full: whoever can't kneel must never meet an exercise in kneeling."""
    for exercise in exercises:
        needed = DEMANDED_BY_POSITION.get(exercise["position"], ())
        if needed and not set(needed) & set(exercise["demands"]):
            raise ContentError(f"{exercise['slug']}: its field demands must name one of {', '.join(needed)}.")
        for name in exercise.get("avoid_states", []):
            if name not in read_restrictions():
                raise ContentError(f"{exercise['slug']}: no restriction is called {name}.")


def to_row(exercise: dict[str, Any]) -> Exercise:
    """Returns the rows of one checked exercise, as an `Exercise` that owns the others."""
    dose = exercise["dose"]
    slug = exercise["slug"]
    plain = ("slug", "name", "purpose", "kind", "position", "level", "minutes", "feel", "cues", "mistakes")
    equipment = [(name, False) for name in exercise.get("equipment", [])]
    equipment += [(name, True) for name in exercise.get("optional_equipment", [])]
    causes = [(cause, "suits") for cause in exercise["causes"]]
    causes += [(cause, "contraindicated") for cause in exercise.get("contraindicated", [])]
    counted = ("hold_seconds", "hold_seconds_max", "sides", "repetitions")
    return Exercise(
        **{field: exercise[field] for field in (*plain, "stop_if", "avoid_if")},
        **{field: dose.get(field) for field in (*counted, "times_a_day", "days_a_week", "every_minutes")},
        dose_minutes=dose.get("minutes"),
        dose_note=dose.get("note"),
        priority=1 if exercise.get("in_article") else 2,
        stretches_hamstring=exercise.get("stretches_hamstring", False),
        warm_up=exercise.get("warm_up", False),
        source_name=exercise["source"]["name"],
        source_url=exercise["source"]["url"],
        progression_slug=exercise.get("progression"),
        regression_slug=exercise.get("regression"),
        # Slugs are given so that `merge` finds the rows that are there already.
        alias_rows=[
            Alias(name=name.lower(), position=n, exercise_slug=slug)
            for n, name in enumerate(dict.fromkeys(exercise["aliases"]), 1)
        ],
        step_rows=[Step(position=n, text=text, exercise_slug=slug) for n, text in enumerate(exercise["steps"], 1)],
        area_rows=[
            ExerciseArea(area_name=area, position=n, exercise_slug=slug) for n, area in enumerate(exercise["areas"], 1)
        ],
        equipment_rows=[
            ExerciseEquipment(equipment_name=name, optional=optional, position=n, exercise_slug=slug)
            for n, (name, optional) in enumerate(equipment, 1)
        ],
        cause_rows=[
            ExerciseCause(cause_slug=cause, effect=effect, position=n, exercise_slug=slug)
            for n, (cause, effect) in enumerate(causes, 1)
        ],
        restriction_rows=[
            ExerciseRestriction(restriction=name, exercise_slug=slug)
            for name, restriction in sorted(read_restrictions().items())
            if restriction.concerns(exercise)
        ],
    )
