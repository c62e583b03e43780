"""The follow-ups of data/follow_ups: one file an aspect ("how often?", "is that bad?"), read and checked."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft7Validator

from library.answers import AnswersError
from settings import ROOT

FOLDER = ROOT / "data" / "follow_ups"
WORDS = {"type": "string", "minLength": 1}
SCHEMA = Draft7Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["aspect", "general", "unclear", "asked"],
        "properties": {
            "aspect": {"type": "string", "pattern": "^[a-z_]+$"},
            "general": WORDS,
            "unclear": WORDS,
            "asked": {"type": "array", "items": WORDS, "uniqueItems": True, "minItems": 5},
        },
    }
)


@dataclass(frozen=True)
class FollowUp:
    """A question about what was just said.

    Attributes:
        aspect: what it asks of it; answers and exercises have texts for it.
        general: what is said where they have none.
        unclear: what is asked where nothing was talked about.
        asked: examples.
    """

    aspect: str
    general: str
    unclear: str
    asked: tuple[str, ...]

    @property
    def intent(self) -> str:
        """The intent that is learned."""
        return f"follow_up_{self.aspect}"


@cache
def read_follow_ups(folder: Path = FOLDER) -> dict[str, FollowUp]:
    """Returns the follow-ups by aspect; raises AnswersError, which names file and reason."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        entry = yaml.safe_load(path.read_text(encoding="utf-8"))
        for error in SCHEMA.iter_errors(entry):
            raise AnswersError(f"{path}: {'.'.join(str(part) for part in error.path)} {error.message}")
        found[entry["aspect"]] = FollowUp(entry["aspect"], entry["general"], entry["unclear"], tuple(entry["asked"]))
    return found
