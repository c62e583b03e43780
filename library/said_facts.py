"""What a person told, said back to them: the words of data/replies/facts.yml."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from settings import ROOT

FILE = ROOT / "data" / "replies" / "facts.yml"
AT_MOST = 3  # facts in one sentence


@cache
def _words() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def say_facts(facts: Mapping[str, Any]) -> str:
    """Returns a sentence such as "You sit about 9 hours a day and you keep active (running)."; empty for no facts.

    Args:
        facts: Slots by name. Those without words, and all after the third, are left out.
    """
    parts = [part for name in _words() if (part := _say(name, facts.get(name)))][:AT_MOST]
    if not parts:
        return ""
    sentence = " and ".join([*([", ".join(parts[:-1])] if parts[1:] else []), parts[-1]])
    return f"{sentence[0].upper()}{sentence[1:]}."


def _say(name: str, value: Any) -> str:
    words = _words()[name]
    if value in (None, "", []):
        return ""
    if isinstance(words, dict):
        values = value if isinstance(value, list) else [value]
        return next((words[each] for each in values if each in words), "")
    if isinstance(value, list):
        value = " and ".join([*([", ".join(value[:-1])] if value[1:] else []), value[-1]])
    return words.format(value=f"{value:g}" if isinstance(value, float) else value)
