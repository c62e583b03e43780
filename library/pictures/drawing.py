"""The picture of an exercise: a panel for each key pose, as SVG."""

import functools
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from library.content import ContentError, read_content
from library.pictures.arrows import arrow_line, draw_arrow, is_arrow
from library.pictures.equipment import equipment
from library.pictures.figure import figure
from library.pictures.movement import Movement
from library.pictures.parts import LAYERS, Part
from library.pictures.poses import Pose, between, read_sequence
from library.pictures.skeleton import LIMBS, Skeleton
from library.pictures.style import style

MARGIN, GAP, GROUND = 10.0, 8.0, 19.0
PIXELS = 2.0  # a centimetre of the body in the picture's own size
FRAMES = 9
# Digits as strokes, 6 wide and 10 high: a picture needs no fonts.
_DIGITS = {
    "0": "M3 0C0 0 0 10 3 10C6 10 6 0 3 0",
    "1": "M1 2.5L3.5 0V10",
    "2": "M.5 2.5C.5-.8 5.5-.8 5.5 2.6C5.5 5 1.5 7 .5 10H5.7",
    "3": "M.6 1.2C2-.6 5.4-.3 5.4 2.4C5.4 4.4 3.6 4.8 2.4 4.8C4 4.8 5.8 5.4 5.8 7.4C5.8 10.4 2 10.8.4 8.8",
    "4": "M4.4 10V0L.2 7H6",
    "5": "M5.4 0H1.2L.8 4.6C2.4 3.4 5.8 3.8 5.8 6.8C5.8 10.2 2 10.8.4 9",
    "6": "M5 .4C2 1 .5 4 .5 6.8C.5 11 5.7 11 5.7 6.9C5.7 3.4 1.4 3.2.6 6.4",
    "7": "M.4 0H5.6L2.2 10",
    "8": "M3 0C-.2 0 .2 4.6 3 4.7C6.2 4.8 6.4 10 3 10C-.4 10-.2 4.8 3 4.7C5.8 4.6 6.2 0 3 0",
    "9": "M5.4 3.4C5 6.6.4 6.6.4 3.2C.4-1 5.6-1 5.6 3.4C5.6 7 4 9.6 1.6 10",
    "-": "M1 5H5",
}


@dataclass(frozen=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


@functools.lru_cache(maxsize=512)
def picture_svg(slug: str, step: int | None = None, dark: bool | None = None, moving: bool = True) -> str:
    """Draws an exercise.

    Args:
        slug: The exercise.
        step: Only the pose that belongs to this step, counted from 1.
        dark: For dark or for light surroundings; None follows the reader's setting.
        moving: With movement, for readers who don't object to it. It ends within five seconds; the address
            with `#loop` lets it go on.

    Returns:
        The SVG.

    Raises:
        ContentError: There is no such exercise, or it has no poses.
    """
    name, steps = _exercise(slug)
    sequence = read_sequence(slug)
    poses = sequence.poses
    box = _box(poses)
    shown = [number for number, pose in enumerate(poses) if step is None or step in pose.steps]
    if step is not None and not shown:
        shown = [max((n for n, pose in enumerate(poses) if pose.steps[0] <= step), default=0)]
    columns = _columns(box, len(shown))
    rows = -(-len(shown) // columns)
    width = columns * box.width + (columns - 1) * GAP
    height = rows * box.height + (rows - 1) * GAP
    shapes: dict[str, str] = {}
    movement = Movement([n for n in shown if n and poses[n].arrows] if moving else [])
    panels = []
    for place, number in enumerate(shown):
        x = place % columns * (box.width + GAP) - box.left
        y = place // columns * (box.height + GAP) + box.top
        before = poses[number - 1] if number else None
        panel = _panel(poses[number], before, box, shapes, movement, number)
        panels.append(f'<g transform="translate({x:.1f} {y:.1f})">{panel}</g>')
    defs = "".join(f'<path id="{key}" d="{path}"/>' for path, key in shapes.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="loop" role="img" aria-labelledby="title desc" '
        f'width="{width * PIXELS:.0f}" height="{height * PIXELS:.0f}" viewBox="0 0 {width:.1f} {height:.1f}">'
        f'<title id="title">{escape(name)}</title><desc id="desc">{escape(picture_text(slug, step))}</desc>'
        f"<style>{style(dark)}{movement.style()}</style><defs>{defs}</defs>{''.join(panels)}</svg>"
    )


def picture_text(slug: str, step: int | None = None) -> str:
    """Returns what a picture shows, in words: the exercise's own steps, each with the number of its panel."""
    _, steps = _exercise(slug)
    if step is not None:
        return steps[min(step, len(steps)) - 1]
    poses = read_sequence(slug).poses
    parts = [" ".join(steps[number - 1] for number in pose.steps) for pose in poses]
    return f"Drawn in {len(parts)} picture{'s' if len(parts) > 1 else ''}. " + " ".join(
        f"{number}. {text}" for number, text in enumerate(parts, 1)
    )


@functools.cache
def _exercises() -> dict[str, tuple[str, list[str]]]:
    return {exercise["slug"]: (exercise["name"], exercise["steps"]) for exercise in read_content()}


def _exercise(slug: str) -> tuple[str, list[str]]:
    try:
        return _exercises()[slug]
    except KeyError:
        raise ContentError(f"{slug} is no exercise.") from None


def _columns(box: _Box, panels: int) -> int:
    """Wide panels stand one below the other, others side by side."""
    if panels == 1 or box.width > 1.25 * box.height:
        return 1
    return 2 if panels in (2, 4) else 3


def _box(poses: tuple[Pose, ...]) -> _Box:
    """Returns what all panels of a picture show."""
    corners: list[complex] = []
    for number, pose in enumerate(poses):
        frames = _frames(poses[number - 1] if number else None, pose)
        for arrow in pose.arrows:
            for point in arrow_line(arrow, frames):
                corners += [point - 2 - 2j, point + 2 + 2j]
        for centre, radius in pose.skeleton.circles().values():
            corners += [centre - radius * (1 + 1j), centre + radius * (1 + 1j)]
        for item in pose.equipment:
            corners += _extent(item)
    left, right = min(c.real for c in corners) - MARGIN, max(c.real for c in corners) + MARGIN
    top = max(c.imag for c in corners) + MARGIN
    wide = max(0.0, 84 - (right - left)) / 2
    return _Box(left - wide, -GROUND, right + wide, max(top, 62))


def _extent(item: dict[str, Any]) -> list[complex]:
    kind = item["kind"]
    if kind in ("wall", "frame"):
        return [complex(item["x"], item.get("height", 0))]
    if kind == "chair":
        return [complex(item["x"] - 24, 0), complex(item["x"] + 24, 92)]
    if kind in ("stool", "step", "block", "bench", "table"):
        return [item["x"] - item["width"] / 2 + 0j, complex(item["x"] + item["width"] / 2, item["height"])]
    if kind == "bicycle":
        return [item["x"] - 58 + 0j, item["x"] + 114 + 110j]
    if kind in ("mat", "towel", "water"):
        return [complex(item["from"], 0), complex(item["to"], 0)]
    if kind == "cushion":
        return [item["x"] - item["width"] / 2 + 0j, item["x"] + item["width"] / 2 + 0j]
    return []


def _frames(before: Pose | None, pose: Pose) -> list[Skeleton]:
    """Returns the skeletons on the way to a pose."""
    return [between(before, pose, n / (FRAMES - 1)) for n in range(FRAMES)] if before else [pose.skeleton]


def _parts(pose: Pose, skeleton: Skeleton) -> list[Part]:
    things = [part for n, item in enumerate(pose.equipment) for part in equipment(item, skeleton, n)]
    return [*things, *figure(skeleton, pose.muscles)]


def _panel(pose: Pose, before: Pose | None, box: _Box, shapes: dict[str, str], movement: Movement, number: int) -> str:
    frames = _frames(before, pose)
    parts = _parts(pose, pose.skeleton)
    moves = movement.add(number, [_parts(pose, frame) for frame in frames], parts) if before else {}
    clip = f"{box.width:.1f}"
    out = [
        f'<rect class="paper" x="{box.left:.1f}" y="{-box.top:.1f}" width="{clip}" height="{box.height:.1f}" rx="6"/>'
    ]
    out.append(
        f'<path class="floor" d="M{box.left:.1f} 0H{box.right:.1f}V{-box.bottom - 6:.1f}a6 6 0 0 1-6 6'
        f'H{box.left + 6:.1f}a6 6 0 0 1-6-6Z"/>'
    )
    if before and pose.arrows and pose.ghost:
        ghost = [part for part in figure(before.skeleton, ())]
        out.append(f'<g class="ghost">{_layers(ghost, shapes, {}, edge=False)}</g>')
    out.append(_layers(parts, shapes, moves))
    for arrow in pose.arrows:
        line = arrow_line(arrow, frames)
        if is_arrow(line):
            out.append(draw_arrow(line))
    out.append(_badge(pose.steps, box))
    return "".join(out)


def _layers(parts: list[Part], shapes: dict[str, str], moves: dict[str, str], edge: bool = True) -> str:
    """Returns the parts in the order of their layers; what belongs to one limb has one rim."""
    limbs = ["", *LIMBS, "trunk"]
    ordered = sorted(parts, key=lambda part: (LAYERS.index(part.layer), limbs.index(part.limb)))
    drawn: dict[str, str] = {}
    rims: dict[str, str] = {}
    for limb, found in groupby(ordered, key=lambda part: part.limb or part.layer):
        group = list(found)
        drawn[limb] = "".join(_use(part, shapes, moves) for part in group)
        if edge and limb not in LAYERS:
            rim = "".join(_use(part, shapes, moves) for part in group if not part.look.endswith(" over"))
            rims[limb] = f'<g class="edge">{rim}</g>'
    # The near leg's rim lies behind the trunk, so that the leg grows out of the pelvis.
    order = ["behind", *(f"{edge}{limb}" for limb in ("far_arm", "far_leg") for edge in ("rim ", ""))]
    order += ["rim near_leg", "rim trunk", "trunk", "near_leg", "rim near_arm", "near_arm", "front"]
    return "".join((rims if name.startswith("rim ") else drawn).get(name.removeprefix("rim "), "") for name in order)


def _use(part: Part, shapes: dict[str, str], moves: dict[str, str]) -> str:
    key = shapes.setdefault(part.path, f"s{len(shapes)}")
    look = " ".join(filter(None, (part.look, moves.get(part.name))))
    return f'<use href="#{key}" class="{look}" transform="{transform(part)}"/>'


def transform(part: Part) -> str:
    """Returns where a part stands, as SVG says it."""
    stretch = f" scale({part.stretch:.3f} 1)" if part.stretch != 1 else ""
    turn = f" rotate({-part.turn:.1f})" if part.turn else ""
    return f"translate({part.at.real:.1f} {-part.at.imag:.1f}){turn}{stretch}"


def _badge(steps: tuple[int, ...], box: _Box) -> str:
    """Returns the numbers of the steps that a panel shows."""
    text = str(steps[0]) if len(steps) == 1 else f"{steps[0]}-{steps[-1]}"
    x, y = box.left + 12, -box.bottom - 9
    width = 8.0 * len(text)
    digits = "".join(
        f'<path class="digit" transform="translate({x - 3 + 8 * n:.1f} {y - 5:.1f})" d="{_DIGITS[digit]}"/>'
        for n, digit in enumerate(text)
    )
    return (
        f'<rect class="badge" x="{x - 8:.1f}" y="{y - 7.5:.1f}" width="{width + 8:.1f}" height="15" rx="7.5"/>{digits}'
    )
