"""The poses of data/exercises/poses: read, checked against their schema, and turned into skeletons."""

import functools
import json
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

from library.content import FOLDER, ContentError
from library.pictures.body import LENGTHS, direction, ray, turn
from library.pictures.skeleton import LIMBS, Limb, Skeleton

POSES = FOLDER / "poses"


@dataclass(frozen=True)
class Pose:
    """One key pose: the skeleton, what is around it, and what the picture points at."""

    skeleton: Skeleton
    limbs: dict[str, dict[str, Any]]  # as they stand in the file
    steps: tuple[int, ...]
    equipment: tuple[dict[str, Any], ...]
    muscles: tuple[str, ...]
    bears: tuple[str, ...]
    arrows: tuple[dict[str, Any], ...] = ()
    ghost: bool = True
    zoom: dict[str, Any] | None = None
    floor: bool = True


@dataclass(frozen=True)
class Sequence:
    """The key poses of an exercise, in order."""

    slug: str
    view: str
    poses: tuple[Pose, ...] = field(default_factory=tuple)


@functools.lru_cache(maxsize=256)
def read_sequence(slug: str, folder: Path = POSES) -> Sequence:
    """Reads the poses of an exercise.

    Args:
        slug: The exercise.
        folder: Holds schema.json and a YAML file for each exercise.

    Returns:
        The poses. A body is as in the pose before where a pose does not say otherwise.

    Raises:
        ContentError: There is no such file, or it breaks the schema.
    """
    path = folder / f"{slug}.yml"
    if not path.is_file():
        raise ContentError(f"{slug} has no poses: write {path.relative_to(folder.parents[2])}.")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for error in _validator(folder).iter_errors(content):
        place = ".".join(str(part) for part in error.path)
        raise ContentError(f"{path.name}{f', {place}' if place else ''}: {error.message}")
    always = {
        "arrows": [],
        "ghost": True,
        "zoom": None,
        **{name: content.get(name, []) for name in ("equipment", "muscles", "bears")},
    }
    body: dict[str, Any] = {"arch": 0}
    poses = []
    for given in content["poses"]:
        if "hip" in given or "shoulders" in given:
            body = {name: value for name, value in body.items() if name not in ("hip", "shoulders")}
        body |= {name: value for name, value in _both(given).items() if name not in always}
        state = {**always, **given, **body}
        if missing := [name for name in ("trunk", *LIMBS) if name not in state]:
            raise ContentError(f"{path.name}: its first pose leaves out {', '.join(missing)}.")
        limbs = {name: _spec(state[name]) for name in LIMBS}
        poses.append(
            Pose(
                skeleton=_solve("front" if content["view"] == "front" else "side", state, limbs),
                limbs=limbs,
                steps=tuple(state["steps"]),
                **{name: tuple(state[name]) for name in ("equipment", "muscles", "bears")},
                arrows=tuple({"along": arrow} if isinstance(arrow, str) else arrow for arrow in state["arrows"]),
                ghost=state["ghost"],
                zoom=state["zoom"],
                floor=content["view"] != "above",
            )
        )
    return Sequence(slug, content["view"], tuple(poses))


def between(one: Pose, other: Pose, share: float) -> Skeleton:
    """Returns the skeleton on the way from one pose to another; feet and hands that stay in place stay there."""
    a, b = one.skeleton, other.skeleton
    body = {name: _mix_turn(getattr(a, name), getattr(b, name), share) for name in ("pelvis", "chest", "head")}
    skeleton = Skeleton(a.view, _mix(a.hip, b.hip, share), arch=_mix(a.arch, b.arch, share), limbs={}, **body)
    for name in LIMBS:
        first, second = a.limbs[name], b.limbs[name]
        end = {part: _mix_turn(getattr(first, part), getattr(second, part), share) for part in ("end", "toes")}
        specs = one.limbs[name], other.limbs[name]
        if all("to" in spec and "via" not in spec for spec in specs):
            upper, lower = _reach(skeleton, name, _mix(complex(*specs[0]["to"]), complex(*specs[1]["to"]), share))
            lengths = LENGTHS[name[-3:]]
        else:
            upper = _mix_turn(first.upper, second.upper, share)
            lower = upper + _mix_turn(first.lower - first.upper, second.lower - second.upper, share)
            lengths = tuple(_mix(*pair, share) for pair in zip(first.lengths, second.lengths, strict=True))
        skeleton.limbs[name] = Limb(upper, lower, lengths=lengths, **end)
    return skeleton


@functools.lru_cache(maxsize=4)
def _validator(folder: Path) -> Draft7Validator:
    return Draft7Validator(json.loads((folder / "schema.json").read_text(encoding="utf-8")))


def _both(given: dict[str, Any]) -> dict[str, Any]:
    """`legs` and `arms` stand for both."""
    pairs = {f"{side}_{kind}": given[f"{kind}s"] for kind in LENGTHS if f"{kind}s" in given for side in ("near", "far")}
    return {**pairs, **given}


def _spec(given: Any) -> dict[str, Any]:
    return {"angles": given} if isinstance(given, list) else given


def _solve(view: str, state: dict[str, Any], limbs: dict[str, dict[str, Any]]) -> Skeleton:
    pelvis, chest = state["trunk"]
    head = state.get("head", chest)
    skeleton = Skeleton(view, complex(*state.get("hip", (0, 0))), pelvis, chest, head, state["arch"], {})
    if "shoulders" in state:
        skeleton = replace(skeleton, hip=complex(*state["shoulders"]) - skeleton.spine[-2])
    for name, spec in limbs.items():
        lengths = LENGTHS[name[-3:]]
        if "angles" in spec:
            upper, lower = spec["angles"]
        elif "via" in spec:
            root, via, to = skeleton.root(name), complex(*spec["via"]), complex(*spec["to"])
            upper, lower, lengths = direction(via - root), direction(to - via), (abs(via - root), abs(to - via))
        else:
            upper, lower = _reach(skeleton, name, complex(*spec["to"]))
        leg = name.endswith("leg")
        end = spec.get("foot" if leg else "hand", lower + 90 if leg else lower)
        skeleton.limbs[name] = Limb(upper, lower, end, spec.get("toes", end), lengths)
    return skeleton


def _reach(skeleton: Skeleton, name: str, target: complex) -> tuple[float, float]:
    """Returns the directions of the two parts of a limb that ends at `target`: knees bend forward, elbows back."""
    one, two = LENGTHS[name[-3:]]
    chord = target - skeleton.root(name)
    distance = min(max(abs(chord), abs(one - two) + 0.1), one + two - 0.01)
    bend = math.degrees(math.acos((one**2 + distance**2 - two**2) / (2 * one * distance)))
    upper = direction(chord) + (bend if name.endswith("leg") else -bend)
    knee = ray(upper, one)
    return upper, direction(ray(direction(chord), distance) - knee)


def _mix(one: Any, other: Any, share: float) -> Any:
    return one + (other - one) * share


def _mix_turn(one: float, other: float, share: float) -> float:
    return one + turn(other - one) * share
