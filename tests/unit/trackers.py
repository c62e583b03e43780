"""Conversations as Rasa's trackers, for tests of components: what was said, in order."""

from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.importers.answers_importer import AnswersImporter
from settings import ROOT

DOMAIN = AnswersImporter(domain_path=str(ROOT / "domain.yml")).get_domain()
RESPONSES: dict[str, Any] = DOMAIN.responses


def said(response: str) -> BotUttered:
    """Returns a response as it stands on the screen."""
    variant = next(variant for variant in RESPONSES[response] if "condition" not in variant)
    buttons = [
        {**button, "payload": button["payload"].replace("{{", "{").replace("}}", "}")}
        for button in variant.get("buttons", [])
    ]
    return BotUttered(variant["text"], {"buttons": buttons}, {"utter_action": response})


def small_talk(times: int) -> list[Event]:
    """Returns that many small messages and their answers."""
    pause = ActionExecuted("action_listen")
    return [event for _ in range(times) for event in (UserUttered("ah"), BotUttered("All right."), pause)]


def talk(*events: Event) -> DialogueStateTracker:
    """Returns a conversation with these events."""
    start = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    return DialogueStateTracker.from_events("somebody", [*start, *events], slots=DOMAIN.slots)


def pause() -> list[Event]:
    """Returns what a new session leaves, an hour later."""
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
