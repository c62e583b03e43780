"""Chairs, walls, mats and the rest: how they look, and which of their surfaces can bear weight."""

import cmath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from library.pictures.body import capsule, direction, front
from library.pictures.parts import Part
from library.pictures.skeleton import Skeleton

SEAT_HEIGHT, SEAT_DEPTH, BACK_HEIGHT = 45.0, 40.0, 90.0
ROLLER_RADIUS, BALL_RADIUS = 7.5, 3.4
WALL_HEIGHT = 190.0


@dataclass(frozen=True)
class Surface:
    """A line between two points, or with a radius a circle round the first."""

    start: complex
    end: complex
    radius: float = 0.0

    def gap(self, centre: complex, radius: float) -> float:
        """Returns the distance between the surface and a circle; below 0 the circle goes into it."""
        along = self.end - self.start
        share = 0.0
        if along:
            share = max(0.0, min(1.0, ((centre - self.start) * along.conjugate()).real / abs(along) ** 2))
        return abs(centre - self.start - share * along) - radius - self.radius


FLOOR = Surface(-1000 + 0j, 1000 + 0j)


def surfaces(item: dict[str, Any], skeleton: Skeleton) -> list[Surface]:
    """Returns what of a thing can bear weight."""
    kind = item["kind"]
    if kind in ("roller", "ball"):
        return [Surface(_at(item), _at(item), _radius(item))]
    if kind == "wall":
        return [Surface(complex(item["x"], 0), complex(item["x"], WALL_HEIGHT))]
    if kind == "frame":  # of a door: what is behind it goes through the door
        return [Surface(complex(item["x"], y), complex(item["x"], y)) for y in range(56, 120, 4)]
    if kind == "chair":
        left, right, back = _chair(item)
        return [
            Surface(complex(left, SEAT_HEIGHT), complex(right, SEAT_HEIGHT)),
            Surface(complex(back, SEAT_HEIGHT), complex(back, BACK_HEIGHT)),
        ]
    if kind in ("stool", "step", "bench", "table", "block"):
        half = item["width"] / 2
        return [Surface(complex(item["x"] - half, item["height"]), complex(item["x"] + half, item["height"]))]
    if kind == "cushion":
        half = item["width"] / 2
        return [Surface(complex(item["x"] - half, item["top"]), complex(item["x"] + half, item["top"]))]
    if kind == "bicycle":
        x = item["x"]
        return [
            Surface(_SADDLE + x - 8, _SADDLE + x + 8),
            *(Surface(p, p, 1.5) for p in _pedals(item)),
            Surface(_BAR + x, _BAR + x, 2),
        ]
    if kind == "strap":
        point = skeleton.point(item["to"])
        return [Surface(point, point)]
    return []


def extent(item: dict[str, Any]) -> list[complex]:
    """Returns points between which a thing lies, as far as a picture must show it."""
    kind, x = item["kind"], item.get("x", 0)
    if kind in ("wall", "frame"):
        return [complex(x, item.get("height", 0)), x + (8 if item["side"] == "right" else -8)]
    if kind == "chair":
        return [complex(x - 24, 0), complex(x + 24, BACK_HEIGHT)]
    if "width" in item:
        half = item["width"] / 2
        return [x - half + 0j, complex(x + half, item.get("height", 0))]
    if kind == "bicycle":
        return [x - 58 + 0j, x + 114 + 110j]
    if kind == "mat" and "top" in item:
        return [complex(item["from"], item["bottom"]), complex(item["to"], item["top"])]
    if "from" in item and kind not in ("strap", "water"):
        return [complex(item["from"], 0), complex(item["to"], 0)]
    return []


def equipment(item: dict[str, Any], skeleton: Skeleton, number: int) -> list[Part]:
    """Returns the parts of a thing; `number` tells two of a kind apart."""
    parts = _DRAWN[item["kind"]](item, skeleton)
    return [
        Part(f"{item['kind']}{number}-{count}", path, look, layer, at, turn, stretch)
        for count, (path, look, layer, at, turn, stretch) in enumerate(parts)
    ]


Drawn = Iterator[tuple[str, str, str, complex, float, float]]
_SADDLE, _BAR, _CRANK, _CRANK_LENGTH = 0 + 92j, 52 + 100j, 14 + 30j, 16.0


def _at(item: dict[str, Any]) -> complex:
    return complex(*item["at"])


def _radius(item: dict[str, Any]) -> float:
    return item.get("radius", ROLLER_RADIUS if item["kind"] == "roller" else BALL_RADIUS)


def _pedals(item: dict[str, Any]) -> list[complex]:
    arm = cmath.rect(_CRANK_LENGTH, cmath.pi * item["crank"] / 180)
    return [item["x"] + _CRANK + arm, item["x"] + _CRANK - arm]


def _chair(item: dict[str, Any]) -> tuple[float, float, float]:
    left, right = item["x"] - SEAT_DEPTH / 2, item["x"] + SEAT_DEPTH / 2
    return left, right, left if item["back"] == "left" else right


def _still(
    path: str, look: str, layer: str = "behind", at: complex = 0j
) -> tuple[str, str, str, complex, float, float]:
    return path, look, layer, at, 0.0, 1.0


def _box(left: float, top: float, right: float, bottom: float, round_: float = 0) -> str:
    """Returns the path of a box given with y upwards."""
    r = round_
    return (
        f"M{left + r:g} {-top:g}H{right - r:g}a{r:g} {r:g} 0 0 1 {r:g} {r:g}V{-bottom - r:g}"
        f"a{r:g} {r:g} 0 0 1 {-r:g} {r:g}H{left + r:g}a{r:g} {r:g} 0 0 1 {-r:g} {-r:g}V{-top + r:g}"
        f"a{r:g} {r:g} 0 0 1 {r:g} {-r:g}Z"
    )


def _disc(radius: float) -> str:
    return f"M{-radius:g} 0A{radius:g} {radius:g} 0 1 1 {radius:g} 0A{radius:g} {radius:g} 0 1 1 {-radius:g} 0Z"


def _ring(radius: float, width: float) -> str:
    inner = radius - width
    return (
        _disc(radius) + f"M{-inner:g} 0A{inner:g} {inner:g} 0 1 0 {inner:g} 0A{inner:g} {inner:g} 0 1 0 {-inner:g} 0Z"
    )


def _bar(start: complex, end: complex, width: float) -> tuple[str, str, str, complex, float, float]:
    length = abs(end - start)
    return _box(0, width / 2, length, -width / 2, width / 2), "gear", "behind", start, direction(end - start), 1.0


def _draw_mat(item: dict[str, Any], _: Skeleton) -> Drawn:
    yield _still(_box(item["from"], item.get("top", 0), item["to"], item.get("bottom", -3), 1.4), "mat")


def _draw_wall(item: dict[str, Any], _: Skeleton) -> Drawn:
    x, width = item["x"], 7 if item["side"] == "right" else -7
    height = item.get("height", WALL_HEIGHT)
    yield _still(_box(min(x, x + width), height, max(x, x + width), -3), "wall")


def _draw_chair(item: dict[str, Any], _: Skeleton) -> Drawn:
    left, right, back = _chair(item)
    way = 1 if back == left else -1
    far = back + way * SEAT_DEPTH
    for x in (back - way * 1.5, far - way * 3):
        yield _still(_box(x - 1.7, SEAT_HEIGHT - 3, x + 1.7, 0, 0.6), "gear")
    yield _still(_box(back - 1.7 - way * 1.7, BACK_HEIGHT, back + 1.7 - way * 1.7, SEAT_HEIGHT - 3, 1.2), "gear")
    yield _still(
        _box(min(back - way * 3.4, far), SEAT_HEIGHT, max(back - way * 3.4, far), SEAT_HEIGHT - 5, 1.6), "gear"
    )


def _draw_block(item: dict[str, Any], _: Skeleton) -> Drawn:
    half = item["width"] / 2
    yield _still(_box(item["x"] - half, item["height"], item["x"] + half, 0, 1.4), "gear")


def _draw_stool(item: dict[str, Any], _: Skeleton) -> Drawn:
    x, half, height = item["x"], item["width"] / 2, item["height"]
    for leg in (x - half + 4, x + half - 4):
        yield _still(_box(leg - 1.7, height - 3, leg + 1.7, 0, 0.6), "gear")
    yield _still(_box(x - half, height, x + half, height - 5, 1.6), "gear")


def _draw_roller(item: dict[str, Any], _: Skeleton) -> Drawn:
    r = _radius(item)
    yield _still(_disc(r), "gear", "front", _at(item))
    yield _still(_ring(0.62 * r, 0.18 * r), "hole", "front", _at(item))


def _draw_ball(item: dict[str, Any], _: Skeleton) -> Drawn:
    yield _still(_disc(_radius(item)), "ball", "front", _at(item))


def _draw_strap(item: dict[str, Any], skeleton: Skeleton) -> Drawn:
    start, end = skeleton.point(item["from"]), skeleton.point(item["to"])
    yield _box(0, 0.9, 100, -0.9), "strap", "front", start, direction(end - start), abs(end - start) / 100


def _draw_towel(item: dict[str, Any], _: Skeleton) -> Drawn:
    start, end = item["from"], item["to"]
    path = _box(start, 1.2, end, -0.8, 0.8)
    for hill in range(item.get("folds", 0)):
        x = start + 1 + 5 * hill
        path += f"M{x} 0C{x} -6 {x + 5} -6 {x + 5} 0Z"
    yield _still(path, "strap", "behind")


def _draw_lever(item: dict[str, Any], skeleton: Skeleton) -> Drawn:
    """The arm of a leg-curl machine: it turns about the knee, its pad lies behind the ankle."""
    _, knee, _ = skeleton.chain("near_leg")
    turn = skeleton.limbs["near_leg"].lower
    yield _disc(3.2), "gear", "front", knee, 0.0, 1.0
    yield _box(0, 1.3, 35, -1.3, 1.2), "gear", "front", knee, turn - 13, 1.0
    pad = skeleton.place(knee, turn, 34 + 0j) - front(turn) * 8
    yield _disc(4.6), "ball", "front", pad, 0.0, 1.0


def _draw_weights(_: dict[str, Any], skeleton: Skeleton) -> Drawn:
    for side, layer in (("far", "behind"), ("near", "front")):
        hand = (skeleton.point(f"{side}_wrist") + skeleton.point(f"{side}_hand")) / 2
        yield _disc(6.4), "gear", layer, hand, 0.0, 1.0
        yield _disc(2.2), "hole", layer, hand, 0.0, 1.0


def _draw_hands(_: dict[str, Any], skeleton: Skeleton) -> Drawn:
    """The hands of somebody who holds the ankles down."""
    wrist = skeleton.point("near_ankle") + 9j - 2
    yield capsule((3.2, 2.8), (0, 9)), "skin dim", "front", wrist, -52.0, 1.0
    yield capsule((5.0, 3.2), (0, 30)), "skin dim", "front", wrist - 18 + 24j, -53.0, 1.0
    yield capsule((6.4, 5.8), (0, 12)), "shirt dim", "front", wrist - 22 + 29.5j, -53.0, 1.0


def _draw_pillow(item: dict[str, Any], _: Skeleton) -> Drawn:
    width, height = item["width"] / 2, item["height"] / 2
    yield _still(_box(-width, height, width, -height, min(width, height) * 0.6), "strap", "behind", _at(item))


def _draw_cushion(item: dict[str, Any], _: Skeleton) -> Drawn:
    half = item["width"] / 2
    yield _still(_box(item["x"] - half, item["top"] + 1, item["x"] + half, item.get("bottom", 0), 3), "strap")


def _draw_water(item: dict[str, Any], _: Skeleton) -> Drawn:
    start, end, level = item["from"], item["to"], item["level"]
    waves = "".join("q5 -4 10 0t10 0" for _ in range(int((end - start) // 20)))
    yield _still(f"M{start} {-level}{waves}V{-item['bottom']}H{start}Z", "water", "front")
    yield _still(f"M{start} {-level}{waves}V{2 - level}H{start}Z", "wave", "front")


def _draw_bicycle(item: dict[str, Any], _: Skeleton) -> Drawn:
    x = item["x"]
    rear, fore = x - 24 + 32j, x + 80 + 32j
    for hub in (rear, fore):
        yield _still(_ring(32, 2.6), "gear", "behind", hub)
        yield _still(_disc(3), "gear", "behind", hub)
    crank, saddle, bar = x + _CRANK, x + _SADDLE, x + _BAR
    head = bar + 6 - 24j
    post = saddle - 1j
    for start, end in (
        (rear, crank),
        (rear, post - 22j + 3),
        (post, crank),
        (crank, head - 8j),
        (post - 20j + 3, head),
        (head + 10j - 2, fore),
        (head, bar),
    ):
        yield _bar(start, end, 3)
    yield _still(_box(-13, 1.5, 10, -3.5, 2.2), "gear", "behind", saddle - 2)
    yield _still(_box(-8, 2, 6, -2, 1.8), "gear", "behind", bar)
    yield _still(_ring(8, 2), "gear", "behind", crank)
    for pedal in _pedals(item):
        yield _bar(crank, pedal, 2.6)
        yield _still(_box(-6, 0.4, 6, -2.4, 1), "gear", "behind", pedal)


_DRAWN: dict[str, Callable[[dict[str, Any], Skeleton], Drawn]] = {
    "mat": _draw_mat,
    "wall": _draw_wall,
    "frame": _draw_wall,
    "chair": _draw_chair,
    "stool": _draw_stool,
    "step": _draw_block,
    "block": _draw_block,
    "bench": _draw_stool,
    "table": _draw_stool,
    "roller": _draw_roller,
    "ball": _draw_ball,
    "strap": _draw_strap,
    "towel": _draw_towel,
    "lever": _draw_lever,
    "cushion": _draw_cushion,
    "weights": _draw_weights,
    "hands": _draw_hands,
    "pillow": _draw_pillow,
    "water": _draw_water,
    "bicycle": _draw_bicycle,
}
