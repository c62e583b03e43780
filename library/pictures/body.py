"""The body that is drawn: an adult of 1.70 m, in centimetres and degrees.

It is seen from its right side, facing right: whoever lies on the back then has the head on the left. Points are complex
numbers, up is positive. Directions count from the right, against the clock: 0 forward, 90 up, 180 back, -90 down.

Segment lengths and masses are about those of de Leva 1996, Journal of Biomechanics 29(9); joint limits are those of
AAOS (Joint Motion, 1965), widened a little for what the plane of the picture hides.
"""

import cmath
import math
from collections.abc import Iterable
from itertools import pairwise

THIGH, SHIN = 42.0, 42.0
UPPER_ARM, FOREARM, HAND = 28.0, 25.0, 8.0
PELVIS, SPINE_PIECE, SPINE_PIECES, NECK_BASE = 9.0, 9.0, 4, 8.0
HEAD_FROM_NECK, HEAD_RADIUS = 16.0, 10.0
# From the ankle: along the foot and up.
HEEL, BALL, TOES = -3.5 - 4j, 11 - 4.6j, 6.0
HEEL_RADIUS, BALL_RADIUS, TOE_RADIUS = 3.0, 2.4, 2.0
LENGTHS = {"leg": (THIGH, SHIN), "arm": (UPPER_ARM, FOREARM)}

# Radii along the trunk: hip joint, waistband, four pieces of spine, base of the neck.
TRUNK_RADII = {"side": (10.5, 10.5, 9.2, 9.4, 10.6, 10.8, 7.0), "front": (13.5, 14.0, 12.0, 12.2, 14.0, 14.5, 8.0)}
HIP_HALF, SHOULDER_HALF = 7.5, 13.0  # seen from the front, from the middle to a joint
BUTTOCK, BUTTOCK_RADIUS = 0.5 - 3.4j, 8.6  # from the hip joint: along the pelvis, and to its front
THIGH_RADII, SHIN_RADII = (8.6, 5.8), (5.6, 3.6)
UPPER_ARM_RADII, FOREARM_RADII, HAND_RADII = (4.8, 3.8), (3.8, 2.9), (2.9, 2.6)

# Least and most in degrees; 0 is standing upright, and bending (of the ankle: toes up) is positive.
LIMITS = {
    "hip": (-35, 142),
    "knee": (-6, 158),
    "ankle": (-75, 42),
    "toes": (-40, 80),
    "shoulder": (-65, 205),
    "elbow": (-6, 155),
    "spine": (-50, 95),
    "neck": (-65, 75),
}
# Parts of the body's mass; of limbs, both together.
MASSES = {
    "head": 0.07,
    "chest": 0.26,
    "pelvis": 0.24,
    "upper_arm": 0.055,
    "lower_arm": 0.045,
    "thigh": 0.24,
    "shin": 0.09,
}


def ray(degrees: float, length: float = 1.0) -> complex:
    """Returns a vector of that direction and length."""
    return cmath.rect(length, math.radians(degrees))


def direction(vector: complex) -> float:
    """Returns the direction of a vector in degrees."""
    return math.degrees(cmath.phase(vector))


def turn(degrees: float, least: float = -180) -> float:
    """Returns the same direction within a full turn from `least` on."""
    return (degrees - least) % 360 + least


def front(degrees: float) -> complex:
    """Returns the unit vector to the front of a body part that points in a direction."""
    return ray(degrees - 90)


def capsule(radii: Iterable[float], stops: Iterable[float]) -> str:
    """Returns the path of circles on the x axis and of all that lies between each two of them."""
    pieces = []
    for (x1, r1), (x2, r2) in pairwise(zip(stops, radii, strict=True)):
        sine = max(-1.0, min(1.0, (r1 - r2) / (x2 - x1)))
        cosine = math.sqrt(1 - sine * sine)
        large = int(r1 > r2)
        pieces.append(
            f"M{x1 + r1 * sine:.1f} {r1 * cosine:.1f}A{r1:g} {r1:g} 0 {large} 1 {x1 + r1 * sine:.1f} {-r1 * cosine:.1f}"
            f"L{x2 + r2 * sine:.1f} {-r2 * cosine:.1f}"
            f"A{r2:g} {r2:g} 0 {1 - large} 1 {x2 + r2 * sine:.1f} {r2 * cosine:.1f}Z"
        )
    return "".join(pieces)
