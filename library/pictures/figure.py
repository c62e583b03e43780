"""The figure: a skeleton's parts, from the far limbs to the near ones."""

from collections.abc import Iterator
from itertools import pairwise

from library.pictures import body
from library.pictures.body import capsule, direction
from library.pictures.parts import Part
from library.pictures.skeleton import LIMBS, Skeleton

FAR = 3 + 2.5j  # far limbs are drawn a little behind, so that they show
_HEAD = "M-8 4C-11 1-10-6-4-9C3-11 11-7 11 0C11 5 8 8 3.5 8.6L-.5 11.2C-1.8 11.6-2.4 10.6-1.8 9.4L-4 9C-7 9-9 7-8 4Z"
_HAIR = "M-4-9C3-11 11-7 11 0C11 4 9 7 6 8C5.5 4 4 1 0-1C-3-2.5-5-5-4-9Z"
_FRONT_HEAD = "M-10.5 0C-10.5-6-5-8.6 0-8.6C7-8.6 11-5 11 0C11 5 7 8.6 0 8.6C-5 8.6-10.5 6-10.5 0Z"
_FRONT_HAIR = "M3-8.6C9-8 11-4.6 11 0C11 4.6 9 8 3 8.6C5.4 4 5.4-4 3-8.6Z"
_EYES = "M-.8-3A1.1 1.1 0 1 1 1.4-3A1.1 1.1 0 1 1-.8-3ZM-.8 3A1.1 1.1 0 1 1 1.4 3A1.1 1.1 0 1 1-.8 3Z"
_FOOT = (
    "M-6.4 3.8C-6.6 1.4-5-2.6-3.4-3.6L3-3.4C5-.8 8.4 1.4 11.6 2.2C14 3 13.6 6.8 11.4 7L-3.6 7C-5.4 7-6.2 5.6-6.4 3.8Z"
)
_SOLE = "M-5 5.8C0 4 6 4.2 11 5.6L11 7.4C6 6.6 0 6.6-5 7.4Z"
# Where a muscle lies: a part of the body, start and end along it, its side (1 back of a leg, front of a trunk).
_LEG_MUSCLES = {
    "hamstrings": ("thigh", 3, 39, 1),
    "quadriceps": ("thigh", 5, 38, -1),
    "hip_flexors": ("thigh", -9, 14, -1),
    "calf": ("shin", 1, 27, 1),
    "soleus": ("shin", 16, 38, 1),
    "shin": ("shin", 3, 30, -1),
}
_TRUNK_MUSCLES = {"belly": 5.0, "back": -5.6}


def figure(skeleton: Skeleton, muscles: tuple[str, ...]) -> list[Part]:
    """Returns the parts of a body, in no order of layers, with the working muscles tinted."""
    return [*_trunk(skeleton, muscles), *(part for name in LIMBS for part in _limb(skeleton, name, muscles))]


def _trunk(skeleton: Skeleton, muscles: tuple[str, ...]) -> Iterator[Part]:
    spine, radii = skeleton.spine, body.TRUNK_RADII[skeleton.view]
    side = skeleton.view == "side"
    head = skeleton.point("head")
    neck = spine[-1] - head
    yield Part("neck", capsule((5.2, 5.6), (0, abs(neck))), "skin", "body", head, direction(neck), limb="trunk")
    pieces = list(enumerate(pairwise(zip(spine, radii, strict=True))))
    for number, ((start, r1), (end, r2)) in pieces[1:]:
        path = capsule((r1, r2), (0, abs(end - start)))
        yield Part(f"trunk{number}", path, "shirt", "body", start, direction(end - start), limb="trunk")
    yield Part("head", _HEAD if side else _FRONT_HEAD, "skin", "body", head, skeleton.head, limb="trunk")
    yield Part("hair", _HAIR if side else _FRONT_HAIR, "hair", "body", head, skeleton.head, limb="trunk")
    if not side:
        yield Part("face", _EYES, "hair", "body", head, skeleton.head, limb="trunk")
    # The waistband is straight: it shows how the pelvis is tilted.
    r1, r2 = radii[:2]
    end = body.PELVIS
    pelvis = f"M{end} {-r2}L0 {-r1}A{r1} {r1} 0 1 0 0 {r1}L{end} {r2}Z"
    if side:
        b, r = body.BUTTOCK, body.BUTTOCK_RADIUS
        pelvis += f"M{b.real - r} {b.imag}A{r} {r} 0 1 0 {b.real + r} {b.imag}A{r} {r} 0 1 0 {b.real - r} {b.imag}Z"
    yield Part("pelvis", pelvis, "shorts", "body", spine[0], skeleton.pelvis, limb="trunk")
    for muscle in sorted(_TRUNK_MUSCLES.keys() & muscles):
        offset = _TRUNK_MUSCLES[muscle]
        for number, ((start, _), (end_, _)) in pieces[1:4]:
            path = _shifted((3.4, 3.4), abs(end_ - start), offset)
            yield Part(f"{muscle}{number}", path, "muscle", "body", start, direction(end_ - start), limb="trunk")


def _limb(skeleton: Skeleton, name: str, muscles: tuple[str, ...]) -> Iterator[Part]:
    side, kind = name.split("_")
    far = side == "far" and skeleton.view == "side"
    shift = FAR if far else 0j
    layer = "far" if side == "far" else "near"
    limb = skeleton.limbs[name]
    root, joint, tip = (point + shift for point in skeleton.chain(name))
    shade = " dim" if far else ""
    parts: list[Part] = []

    def add(label: str, path: str, look: str, at: complex, turn: float) -> None:
        parts.append(Part(f"{side}-{label}", path, look + shade, layer, at, turn, limb=name))

    upper, lower = limb.lengths
    if kind == "arm":
        # Over the rim of the arm, so that it grows out of the shirt.
        if skeleton.view == "side":
            add("shoulder", capsule((7.6, 7.0), (0, 1)), "shirt over", root, limb.upper)
        add("upper-arm", capsule(body.UPPER_ARM_RADII, (0, upper)), "skin", root, limb.upper)
        add("forearm", capsule(body.FOREARM_RADII, (0, lower)), "skin", joint, limb.lower)
        add("hand", capsule(body.HAND_RADII, (0, body.HAND)), "skin", tip, limb.end)
        add("sleeve", capsule((5.4, 5.2), (0, 0.42 * upper)), "shirt", root, limb.upper)
        yield from parts
        return
    thigh, knee = body.THIGH_RADII
    if skeleton.view == "side":
        add(
            "toes",
            capsule((body.BALL_RADIUS, body.TOE_RADIUS), (0, body.TOES)),
            "shoe",
            skeleton.foot(name)[1] + shift,
            limb.toes,
        )
        add("foot", _FOOT, "shoe", tip, limb.end)
    else:
        add("foot", capsule((3.8, 4.4), (0, 5)), "shoe", tip, limb.end)
    calf = (body.SHIN_RADII[0], 6.2, body.SHIN_RADII[1])
    add("shin", capsule(calf, (0, 0.3 * lower, lower)), "skin", joint, limb.lower)
    add("thigh", capsule((thigh, knee), (0, upper)), "skin", root, limb.upper)
    cut = 0.55 * upper
    hem = thigh + (knee - thigh) * 0.55 + 0.6
    add(
        "shorts",
        f"M0 {-thigh}L{cut:.1f} {-hem:.1f}L{cut:.1f} {hem:.1f}L0 {thigh}A{thigh} {thigh} 0 0 1 0 {-thigh}Z",
        "shorts",
        root,
        limb.upper,
    )
    for muscle, (place, start, end, where) in _LEG_MUSCLES.items():
        if {muscle, f"{side}_{muscle}"} & set(muscles):
            length, radii = (upper, body.THIGH_RADII) if place == "thigh" else (lower, (6.0, 3.6))
            scale = length / body.THIGH
            edge = (radii[0] + radii[1]) / 2 + 0.9
            path = _leaf(start * scale, end * scale, where * edge, where * -0.6)
            at, turn = (root, limb.upper) if place == "thigh" else (joint, limb.lower)
            add(muscle, path, "muscle", at, turn)
    if {"side_hip", f"{side}_side_hip"} & set(muscles):
        add("side_hip", _leaf(-9, 9, -8.5 if side == "near" else 8.5, 0), "muscle", root, limb.upper)
    if {"sole", f"{side}_sole"} & set(muscles) and skeleton.view == "side":
        add("sole", _SOLE, "muscle", tip, limb.end)
    if side == "near" and "glutes" in muscles and skeleton.view == "side":
        add("glutes", _leaf(-8.5, 9, -11.8, -2), "muscle", skeleton.hip, skeleton.pelvis)
    yield from parts


def _leaf(start: float, end: float, out: float, inner: float) -> str:
    """Returns the path of a muscle's belly between two ends, `out` being its edge at the outline."""
    middle, pull = (out + inner) / 2, (end - start) * 0.3
    return (
        f"M{start:.1f} {middle:.1f}"
        f"C{start + pull:.1f} {out * 1.12:.1f} {end - pull:.1f} {out:.1f} {end:.1f} {middle:.1f}"
        f"C{end - pull:.1f} {inner:.1f} {start + pull:.1f} {inner:.1f} {start:.1f} {middle:.1f}Z"
    )


def _shifted(radii: tuple[float, float], length: float, offset: float) -> str:
    """Returns a bar along the x axis, moved to one side."""
    r = radii[0]
    return (
        f"M0 {offset - r:.1f}L{length:.1f} {offset - r:.1f}A{r} {r} 0 0 1 {length:.1f} {offset + r:.1f}"
        f"L0 {offset + r:.1f}A{r} {r} 0 0 1 0 {offset - r:.1f}Z"
    )
