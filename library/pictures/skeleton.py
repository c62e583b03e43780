"""A skeleton in the plane of the picture: where every joint is, and how far it is bent."""

from dataclasses import dataclass

from library.pictures import body
from library.pictures.body import front, ray, turn

LIMBS = ("far_arm", "far_leg", "near_leg", "near_arm")


@dataclass(frozen=True)
class Limb:
    """An arm or a leg: directions of its parts, and how long they look."""

    upper: float
    lower: float
    end: float  # of foot or hand
    toes: float
    lengths: tuple[float, ...]


@dataclass(frozen=True)
class Skeleton:
    """A body in one pose. `arch` hollows the back, below 0 it rounds it."""

    view: str
    hip: complex
    pelvis: float
    chest: float
    head: float
    arch: float
    limbs: dict[str, Limb]

    @property
    def spine(self) -> list[complex]:
        """Hip joint, waistband, the pieces of the spine and the base of the neck."""
        points = [self.hip, self.hip + ray(self.pelvis, body.PELVIS)]
        bend = turn(self.chest - self.pelvis)
        last = body.SPINE_PIECES - 1
        for piece in range(body.SPINE_PIECES):
            share = piece / last
            wave = self.arch * (2 * share - 1)
            points.append(points[-1] + ray(self.pelvis + bend * (piece + 1) / (last + 2) + wave, body.SPINE_PIECE))
        return [*points, points[-1] + ray(self.chest, body.NECK_BASE)]

    def root(self, limb: str) -> complex:
        """Returns the hip or shoulder joint of a limb."""
        side = 0 if self.view == "side" else 1 if limb.startswith("near") else -1
        if limb.endswith("leg"):
            return self.hip + front(self.pelvis) * side * body.HIP_HALF
        return self.spine[-2] + ray(self.chest, 1) + front(self.chest) * side * body.SHOULDER_HALF

    def circles(self) -> dict[str, tuple[complex, float]]:
        """Returns centre and radius at every named place of the body."""
        spine, radii = self.spine, body.TRUNK_RADII[self.view]
        found = {
            "hip": (spine[0], radii[0]),
            "waist": (spine[1], radii[1]),
            "low_back": (spine[2], radii[2]),
            "belly": (spine[2], radii[2]),
            "back": (spine[4], radii[4]),
            "chest": (spine[4], radii[4]),
            "shoulders": (spine[5], radii[5]),
            "head": (spine[-1] + ray(self.head, body.HEAD_FROM_NECK), body.HEAD_RADIUS),
        }
        if self.view == "side":
            found["seat"] = (self.place(self.hip, self.pelvis, body.BUTTOCK), body.BUTTOCK_RADIUS)
        for name, limb in self.limbs.items():
            side, kind = name.split("_")
            root, joint, tip = self.chain(name)
            if kind == "arm":
                found[f"{side}_shoulder"] = (root, body.UPPER_ARM_RADII[0])
                found[f"{side}_elbow"] = (joint, body.FOREARM_RADII[0])
                found[f"{side}_wrist"] = (tip, body.FOREARM_RADII[1])
                found[f"{side}_hand"] = (tip + ray(limb.end, body.HAND), body.HAND_RADII[1])
                continue
            foot = self.foot(name)
            found[f"{side}_thigh"] = ((root + joint) / 2, sum(body.THIGH_RADII) / 2)
            found[f"{side}_knee"] = (joint, body.THIGH_RADII[1])
            found[f"{side}_calf"] = ((joint + tip) / 2, sum(body.SHIN_RADII) / 2)
            found[f"{side}_ankle"] = (tip, body.SHIN_RADII[1])
            found[f"{side}_heel"] = (foot[0], body.HEEL_RADIUS)
            found[f"{side}_ball"] = (foot[1], body.BALL_RADIUS)
            found[f"{side}_toe"] = (foot[2], body.TOE_RADIUS)
        return found

    def point(self, name: str) -> complex:
        """Returns the middle of a named place of the body."""
        return self.circles()[name][0]

    def chain(self, name: str) -> tuple[complex, complex, complex]:
        """Returns the joints of a limb: hip, knee and ankle, or shoulder, elbow and wrist."""
        limb, root = self.limbs[name], self.root(name)
        joint = root + ray(limb.upper, limb.lengths[0])
        return root, joint, joint + ray(limb.lower, limb.lengths[1])

    def foot(self, name: str) -> tuple[complex, complex, complex]:
        """Returns the middle of heel, ball and tip of a foot."""
        limb, ankle = self.limbs[name], self.chain(name)[2]
        if self.view == "front":
            sole = ankle + ray(limb.end, 5)
            return sole, sole, sole
        heel, ball = (self.place(ankle, limb.end, part.conjugate()) for part in (body.HEEL, body.BALL))
        return heel, ball, ball + ray(limb.toes, body.TOES)

    @staticmethod
    def place(origin: complex, degrees: float, offset: complex) -> complex:
        """Returns a point given along a body part (real) and to its front (imaginary)."""
        return origin + ray(degrees) * offset.real + front(degrees) * offset.imag

    def bends(self) -> dict[str, float]:
        """Returns how far each joint is bent that the picture shows in full."""
        found = {"spine": turn(self.pelvis - self.chest), "neck": turn(self.chest - self.head)}
        if self.view == "front":
            return found
        for name, limb in self.limbs.items():
            side, kind = name.split("_")
            if limb.lengths != body.LENGTHS[kind]:
                continue
            if kind == "leg":
                found[f"{side}_hip"] = turn(limb.upper - self.pelvis + 180, -90)
                found[f"{side}_knee"] = turn(limb.upper - limb.lower, -90)
                found[f"{side}_ankle"] = turn(limb.end - limb.lower - 90)
                found[f"{side}_toes"] = turn(limb.toes - limb.end)
            else:
                found[f"{side}_shoulder"] = turn(limb.upper - self.chest + 180, -90)
                found[f"{side}_elbow"] = turn(limb.lower - limb.upper, -90)
        return found

    def centre_of_mass(self) -> complex:
        """Returns the point that must be above what bears the weight."""
        spine = self.spine
        parts = [
            (self.circles()["head"][0], body.MASSES["head"]),
            ((spine[3] + spine[5]) / 2, body.MASSES["chest"]),
            ((spine[0] + spine[2]) / 2, body.MASSES["pelvis"]),
        ]
        for name in self.limbs:
            root, joint, tip = self.chain(name)
            upper, lower = ("thigh", "shin") if name.endswith("leg") else ("upper_arm", "lower_arm")
            parts += [((root + joint) / 2, body.MASSES[upper] / 2), ((joint + tip) / 2, body.MASSES[lower] / 2)]
        return sum(point * mass for point, mass in parts) / sum(mass for _, mass in parts)
