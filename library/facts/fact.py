"""A fact that a message states."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """A fact: the name of its slot, its value, and where in the message the words stand that say it."""

    name: str
    value: Any
    start: int
    end: int
