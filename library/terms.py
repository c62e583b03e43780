"""The words the library sorts exercises by; data/exercises/schema.json allows the same."""

AREAS = ("low back", "knee", "foot", "hip", "glute", "calf", "thigh", "core")
KINDS = ("stretch", "strengthen", "release", "cardio", "habit")
POSITIONS = ("sitting", "standing", "lying", "kneeling", "moving")
LEVELS = ("easy", "medium", "hard")
EQUIPMENT = (
    *("chair", "wall", "resistance band", "mat", "ball", "foam roller", "stool", "step"),
    *("leg-curl machine", "pool", "bicycle", "dumbbells"),
)
NO_EQUIPMENT = "none"  # what a person says, not a thing
CAUSES = ("sitting", "posterior_pelvic_tilt", "hip_flexors", "neural_tension", "previous_injury")
