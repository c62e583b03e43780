"""One panel of a picture: a key pose, its surroundings, what moves, and the numbers of its steps."""

from dataclasses import dataclass
from itertools import groupby

from library.pictures.arrows import arrow_line, draw_arrow, is_arrow
from library.pictures.equipment import equipment, extent
from library.pictures.figure import figure
from library.pictures.movement import Movement
from library.pictures.parts import LAYERS, Part
from library.pictures.poses import Pose, between
from library.pictures.skeleton import LIMBS, Skeleton

MARGIN, GROUND, CORNER = 10.0, 19.0, 6.0
SMALLEST = 84.0, 62.0
FRAMES = 8
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
class Box:
    """A part of the plane, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height."""
        return self.top - self.bottom


def box_around(poses: tuple[Pose, ...]) -> Box:
    """Returns what all panels of a picture show, so that they can be compared."""
    corners: list[complex] = []
    for number, pose in enumerate(poses):
        if pose.zoom:
            continue
        frames = _frames(poses[number - 1] if number else None, pose)
        rounds = [(point, 3.0) for arrow in pose.arrows for point in arrow_line(arrow, frames)]
        for centre, radius in [*pose.skeleton.circles().values(), *rounds]:
            corners += [centre - radius * (1 + 1j), centre + radius * (1 + 1j)]
        for item in pose.equipment:
            corners += extent(item)
    left, right = min(c.real for c in corners) - MARGIN, max(c.real for c in corners) + MARGIN
    wide = max(0.0, SMALLEST[0] - (right - left)) / 2
    bottom = -GROUND if poses[0].floor else min(c.imag for c in corners) - MARGIN
    return Box(left - wide, bottom, right + wide, max(max(c.imag for c in corners) + MARGIN, SMALLEST[1]))


class Panel:
    """Draws the panels of one picture.

    Args:
        box: What a panel shows.
        moving: The numbers of the poses whose panel moves.
    """

    def __init__(self, box: Box, moving: list[int]) -> None:
        self._box = box
        self._shapes: dict[str, str] = {}
        self.movement = Movement(moving)

    def shapes(self) -> str:
        """Returns the definitions of all shapes that the panels use."""
        return "".join(f'<path id="{key}" d="{path}"/>' for path, key in self._shapes.items())

    def draw(self, pose: Pose, before: Pose | None, number: int) -> str:
        """Returns the markup of a panel, in the body's coordinates with y downwards."""
        box, frames = self._box, _frames(before, pose)
        parts = _parts(pose, pose.skeleton)
        moves = self.movement.add(number, [_parts(pose, frame) for frame in frames], parts) if before else {}
        inner = _floor(box, bool(pose.zoom)) if pose.floor else ""
        if before and pose.arrows and pose.ghost:
            inner += f'<g class="ghost">{self._layers(figure(before.skeleton, ()), {}, rims=False)}</g>'
        inner += self._layers(parts, moves)
        scale, origin = 1.0, 0j
        if pose.zoom:
            scale = box.width / pose.zoom["width"]
            middle = pose.skeleton.point(pose.zoom["at"])
            low = max(box.bottom, middle.imag * scale - box.height / 2) / scale
            origin = complex(middle.real - pose.zoom["width"] / 2, low)
            place = (
                f"translate({box.left:.1f} {-box.bottom:.1f}) scale({scale:.3f}) "
                f"translate({-origin.real:.1f} {origin.imag:.1f})"
            )
            inner = f'<g transform="{place}">{inner}</g>'
        lines = [arrow_line(arrow, frames) for arrow in pose.arrows]
        corner = complex(box.left, box.bottom)
        shown = [[(point - origin) * scale + corner if pose.zoom else point for point in line] for line in lines]
        arrows = "".join(draw_arrow(line) for line in shown if is_arrow(line))
        frame = (
            f'x="{box.left:.1f}" y="{-box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{CORNER:g}"'
        )
        inner += arrows
        if _overflows(pose):
            inner = f'<g clip-path="url(#panel)">{inner}</g>'
        return f'<rect class="paper" {frame}/>{inner}{_badge(pose.steps, box)}'

    def clip(self) -> str:
        """Returns the definition of a panel's rim."""
        box = self._box
        return (
            f'<clipPath id="panel"><rect x="{box.left:.1f}" y="{-box.top:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="{CORNER:g}"/></clipPath>'
        )

    def _layers(self, parts: list[Part], moves: dict[str, str], rims: bool = True) -> str:
        """Returns the parts in the order of their layers; what belongs to one limb has one rim."""
        limbs = ["", *LIMBS, "trunk"]
        ordered = sorted(parts, key=lambda part: (LAYERS.index(part.layer), limbs.index(part.limb)))
        drawn: dict[str, str] = {}
        for limb, found in groupby(ordered, key=lambda part: part.limb or part.layer):
            group = list(found)
            drawn[limb] = "".join(self._use(part, moves) for part in group)
            if rims and limb not in LAYERS:
                outer = "".join(self._use(part, moves) for part in group if not part.look.endswith(" over"))
                drawn[f"rim {limb}"] = f'<g class="edge">{outer}</g>'
        # The near leg's rim lies behind the trunk, so that the leg grows out of the pelvis.
        order = ["behind", "rim far_arm", "far_arm", "rim far_leg", "far_leg", "rim near_leg", "rim trunk", "trunk"]
        if "face" in {part.name for part in parts}:  # from the front, both legs grow out of it
            order = ["behind", "rim far_arm", "far_arm", "trunk", "far_leg", "rim near_leg"]
        return "".join(drawn.get(name, "") for name in [*order, "near_leg", "rim near_arm", "near_arm", "front"])

    def _use(self, part: Part, moves: dict[str, str]) -> str:
        key = self._shapes.setdefault(part.path, f"s{len(self._shapes)}")
        look = " ".join(filter(None, (part.look, moves.get(part.name))))
        stretch = f" scale({part.stretch:.3f} 1)" if part.stretch != 1 else ""
        turn = f" rotate({-part.turn:.1f})" if part.turn else ""
        place = f"translate({part.at.real:.1f} {-part.at.imag:.1f}){turn}{stretch}"
        return f'<use href="#{key}" class="{look}" transform="{place}"/>'


def _frames(before: Pose | None, pose: Pose) -> list[Skeleton]:
    """Returns the skeletons on the way to a pose."""
    return [between(before, pose, n / (FRAMES - 1)) for n in range(FRAMES)] if before else [pose.skeleton]


def _parts(pose: Pose, skeleton: Skeleton) -> list[Part]:
    things = [part for n, item in enumerate(pose.equipment) for part in equipment(item, skeleton, n)]
    return [*things, *figure(skeleton, pose.muscles)]


def _overflows(pose: Pose) -> bool:
    """Returns whether something goes on beyond the panel. Clipping is slow, so only that is clipped."""
    return bool(pose.zoom) or any(item["kind"] in ("wall", "frame", "water") for item in pose.equipment)


def _floor(box: Box, endless: bool) -> str:
    if endless:
        return '<path class="floor" d="M-900 0H900V400H-900Z"/>'
    low, r = -box.bottom - CORNER, f"{CORNER:g}"
    return (
        f'<path class="floor" d="M{box.left:.1f} 0H{box.right:.1f}V{low:.1f}a{r} {r} 0 0 1-{r} {r}'
        f'H{box.left + CORNER:.1f}a{r} {r} 0 0 1-{r}-{r}Z"/>'
    )


def _badge(steps: tuple[int, ...], box: Box) -> str:
    """Returns the numbers of the steps that a panel shows, on the floor."""
    text = str(steps[0]) if len(steps) == 1 else f"{steps[0]}-{steps[-1]}"
    x, y = box.left + 12, -box.bottom - 9
    digits = "".join(
        f'<path class="digit" transform="translate({x - 3 + 8 * n:.1f} {y - 5:.1f})" d="{_DIGITS[digit]}"/>'
        for n, digit in enumerate(text)
    )
    width = 8.0 * len(text) + 8
    return f'<rect class="badge" x="{x - 8:.1f}" y="{y - 7.5:.1f}" width="{width}" height="15" rx="7.5"/>{digits}'
