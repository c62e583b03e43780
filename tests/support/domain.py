"""The whole domain: domain.yml and what the importer makes of data/answers."""

from functools import cache
from typing import Any

from components.importers.answers_importer import AnswersImporter
from settings import ROOT


@cache
def whole_domain() -> dict[str, Any]:
    """Returns the merged domain as a dictionary with `intents`, `responses`, `slots`, `actions`, `forms`."""
    return AnswersImporter(domain_path=str(ROOT / "domain.yml")).get_domain().as_dict()
