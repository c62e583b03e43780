"""What is handed to the assistant: text that can be stored, and buttons' payloads, `/intent{"entity": "value"}`."""

import json
import re

from rasa.shared.core.domain import Domain

_PAYLOAD = re.compile(r"/(\w+)(\{.*\})?\s*", re.DOTALL)


def as_sent(text: str, domain: Domain) -> str:
    """Returns a payload that the assistant could have offered as it is, anything else without its slashes.

    Rasa writes a payload that it can't read to the log, and with it what a person typed.
    """
    if not text.lstrip().startswith("/"):
        return text
    match = _PAYLOAD.fullmatch(text.strip())
    if match and match[1] in domain.intents and _are_entities(match[2], domain):
        return text
    return text.lstrip("/ \n\t")


def storable(text: str) -> str:
    """Returns a text without what no database stores: NUL, and halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def _are_entities(given: str | None, domain: Domain) -> bool:
    try:
        entities = json.loads(given or "{}")
    except (ValueError, RecursionError):
        return False
    return isinstance(entities, dict) and set(entities) <= set(domain.entities)
