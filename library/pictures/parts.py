"""What a picture is put together from: shapes that are moved, turned and stretched, but never redrawn."""

from dataclasses import dataclass

LAYERS = ("behind", "far", "body", "near", "front")


@dataclass(frozen=True)
class Part:
    """A shape with its place. Its path is drawn with y downwards, its place is in the body's coordinates."""

    name: str  # the same in each frame of a movement
    path: str
    look: str  # its class in the style sheet
    layer: str
    at: complex = 0j
    turn: float = 0.0
    stretch: float = 1.0
    limb: str = ""  # parts of one limb share one outline
