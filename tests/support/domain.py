"""The whole domain: domain.yml and what the importer makes of data/answers."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from components.importers.answers_importer import AnswersImporter
from settings import ROOT


@cache
def whole_domain() -> dict[str, Any]:
    """Returns the merged domain as a dictionary with `intents`, `responses`, `slots`, `actions`, `forms`."""
    return AnswersImporter(domain_path=str(ROOT / "domain.yml")).get_domain().as_dict()


def is_said(response: str, text: str, **slots: Any) -> bool:
    """Returns whether a text is, whatever fills its gaps, a telling of a response; with `slots`, of their variant."""
    return any(re.fullmatch(pattern, text.strip(), re.DOTALL) for pattern in _patterns(response, slots))


def says(response: str, text: str, **slots: Any) -> bool:
    """Returns whether a text has a telling of a response in it."""
    return any(re.search(pattern, text, re.DOTALL) for pattern in _patterns(response, slots))


def _patterns(response: str, slots: dict[str, Any]) -> Iterator[str]:
    for variant in whole_domain()["responses"][response]:
        conditions = {condition["name"]: condition["value"] for condition in variant.get("condition", [])}
        if not slots or conditions == slots:
            parts = re.split(r"\{\w+\}", variant["text"].strip())
            yield ".*?".join(map(re.escape, parts))
