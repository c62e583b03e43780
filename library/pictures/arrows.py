"""Arrows: the way that a part of the body takes, a pull or push in one direction, or circles round a place."""

import cmath
from itertools import pairwise
from typing import Any

from library.pictures.body import ray
from library.pictures.skeleton import Skeleton

SHORTEST = 13.0
HEAD_LENGTH, HEAD_HALF = 7.5, 4.6


def arrow_line(arrow: dict[str, Any], frames: list[Skeleton]) -> list[complex]:
    """Returns the points of an arrow.

    Args:
        arrow: `along` a named place, `at` one and `towards` a direction, or `round` one; moved by `shift`.
        frames: The skeletons on the way from the pose before to this one.
    """
    shift = complex(*arrow.get("shift", (0, 0)))
    end = frames[-1]
    if "along" in arrow:
        line = [frame.point(arrow["along"]) for frame in frames]
        length = abs(line[-1] - line[0])
        if 0 < length < SHORTEST:  # too short to be seen: made longer about its middle
            middle = (line[0] + line[-1]) / 2
            line = [middle + (point - middle) * SHORTEST / length for point in line]
    elif "round" in arrow:
        radius = arrow.get("radius", 10)
        line = [end.point(arrow["round"]) + ray(angle, radius) for angle in range(200, -81, -14)]
    else:
        start = end.point(arrow["at"])
        line = [start, start + ray(arrow["towards"], arrow.get("length", 18))]
    return [point + shift for point in line]


def draw_arrow(line: list[complex]) -> str:
    """Returns the markup of an arrow: its light rim, its shaft and its head."""
    way = line[-1] - line[-2]
    way /= abs(way)
    tip = line[-1]
    neck = tip - way * HEAD_LENGTH
    shaft = [point for point in line if ((point - neck) / way).real < 0 or abs(point - tip) > 2 * HEAD_LENGTH] + [neck]
    # Smooth: each point pulls the line that runs through the middles between points.
    middles = [(one + other) / 2 for one, other in pairwise(shaft)]
    curves = "".join(f"Q{_xy(point)} {_xy(middle)}" for point, middle in zip(shaft[1:-1], middles[1:], strict=True))
    path = f"M{_xy(shaft[0])}L{_xy(middles[0])}{curves}L{_xy(shaft[-1])}"
    head = "M" + "L".join(_xy(point) for point in (tip, neck + way * 1j * HEAD_HALF, neck - way * 1j * HEAD_HALF)) + "Z"
    drawn = (("rim", path), ("rim", head), ("way", path), ("tip", head))
    return "".join(f'<path class="{look}" d="{line}"/>' for look, line in drawn)


def _xy(point: complex) -> str:
    return f"{point.real:.1f} {-point.imag:.1f}"


def is_arrow(line: list[complex]) -> bool:
    """Returns whether there is any way to show."""
    return len(line) > 1 and not cmath.isclose(line[0], line[-1], abs_tol=0.5)
