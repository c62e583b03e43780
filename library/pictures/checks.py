"""What a body can't do: geometric checks of the poses."""

from itertools import pairwise

from library.pictures.body import LENGTHS, LIMITS
from library.pictures.equipment import FLOOR, surfaces
from library.pictures.poses import Pose, Sequence, between
from library.pictures.skeleton import Skeleton

TOUCHING = 2.5  # how far a weight-bearing part may be from what it rests on
SINKING = 2.6  # how far anything may be below the floor or inside a wall
SOFT = 5.5  # how far flesh may be inside a seat or a roller
BALANCE = 4.0
_WHOLE = {
    f"{side}_{whole}": tuple(f"{side}_{part}" for part in parts)
    for side in ("near", "far")
    for whole, parts in {"foot": ("heel", "ball"), "forearm": ("elbow", "wrist")}.items()
}


def problems(sequence: Sequence) -> list[str]:
    """Returns what is impossible in a sequence of poses; empty if nothing is."""
    found = []
    for number, pose in enumerate(sequence.poses, 1):
        checks = _lengths(pose) + _bends(pose.skeleton) if sequence.view == "above" else _pose_problems(pose)
        found += [f"pose {number}: {problem}" for problem in checks]
    for number, (one, other) in enumerate(pairwise(sequence.poses), 1):
        if not other.arrows:
            continue
        for share in (0.25, 0.5, 0.75):
            skeleton = between(one, other, share)
            wrong = _bends(skeleton) + ([] if sequence.view == "above" else _below_floor(skeleton))
            found += [f"between {number} and {number + 1}: {problem}" for problem in wrong]
    return found


def _pose_problems(pose: Pose) -> list[str]:
    skeleton = pose.skeleton
    found = _lengths(pose) + _bends(skeleton) + _below_floor(skeleton)
    things = [surface for item in pose.equipment for surface in surfaces(item, skeleton)]
    circles = skeleton.circles()
    for name, (centre, radius) in circles.items():
        for surface in things:
            if (gap := surface.gap(centre, radius)) < -(SINKING if surface.start.real == surface.end.real else SOFT):
                found.append(f"{name} is {-gap:.1f} cm inside of something")
    bearing = [part for name in pose.bears for part in _WHOLE.get(name, (name,))]
    for name in bearing:
        places = ("seat", "hip") if name == "seat" else (name,)
        nearest = min(surface.gap(*circles[place]) for place in places for surface in [FLOOR, *things])
        if nearest > TOUCHING:
            found.append(f"{name} bears weight and is {nearest:.1f} cm from anything")
    if not bearing or any(item["kind"] == "hands" for item in pose.equipment):  # afloat, or held by somebody
        return found
    held = [circles[name] for name in bearing]
    left = min(centre.real - radius for centre, radius in held)
    right = max(centre.real + radius for centre, radius in held)
    middle = skeleton.centre_of_mass().real
    if not left - BALANCE <= middle <= right + BALANCE:
        found.append(f"falls over: its weight is at {middle:.0f}, what bears it from {left:.0f} to {right:.0f}")
    return found


def _lengths(pose: Pose) -> list[str]:
    """Limbs that are turned out of the picture look shorter; none looks longer, or misses its aim."""
    found = []
    for name, limb in pose.skeleton.limbs.items():
        for part, length, full in zip(("upper", "lower"), limb.lengths, LENGTHS[name[-3:]], strict=True):
            if not 0.15 * full <= length <= 1.02 * full:
                found.append(f"{name}: its {part} part is {length:.1f} cm long instead of {full:g}")
        if "to" in (spec := pose.limbs[name]):
            missed = abs(pose.skeleton.chain(name)[2] - complex(*spec["to"]))
            if missed > 1:
                found.append(f"{name} ends {missed:.1f} cm short of its aim")
    return found


def _bends(skeleton: Skeleton) -> list[str]:
    found = []
    for name, angle in skeleton.bends().items():
        least, most = LIMITS[name.removeprefix("near_").removeprefix("far_")]
        if not least - 1 <= angle <= most + 1:
            found.append(f"{name} is bent by {angle:.0f} degrees; it can from {least} to {most}")
    return found


def _below_floor(skeleton: Skeleton) -> list[str]:
    return [
        f"{name} is {radius - centre.imag:.1f} cm below the floor"
        for name, (centre, radius) in skeleton.circles().items()
        if centre.imag - radius < -SINKING
    ]
