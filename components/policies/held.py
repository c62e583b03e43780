"""The question that waits while a sign is asked about: kept as a message, and answered later as if just said."""

import re
from functools import cache
from typing import Any

import yaml
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from library.answers import read_answers
from safety.levels import of_intent
from settings import ROOT

RULES = ROOT / "data" / "rules"
LIKELY = 0.5  # confidence from which another guess, beside a report, is what the person wanted
ASKS = re.compile(
    r"\?|\b(can|could|should|show|give|find|tell|explain|how|what|why|which|where|when|want|looking)\b", re.IGNORECASE
)
# Said again without its text: the questions go on where they were.
RESUME = {"text": "/resume_assessment", "intent": "resume_assessment", "entities": []}
# Nobody waits for an answer to these, nor to talk (answers that are no topic).
TALK = {"answer_question", "report_clearance", "correct_report", "explain_question", "repeat_reply", "start_over"}
TALK |= {"stop_assessment", "choose_option", "bot_challenge_memory", "bot_challenge_forget"}
TALK |= {intent for intent, answer in read_answers().items() if not answer.topic}


def keep(message: UserUttered, in_form: bool = False) -> list[Event]:
    """Returns the events that keep what a message asks; what waited before stays where it asks nothing."""
    held = RESUME if in_form else _question(message)
    if not held:
        return []
    return [SlotSet("held_intent", held["intent"]), SlotSet("held_message", held)]


def answer(held: dict[str, Any], tracker: DialogueStateTracker, domain: Domain) -> tuple[str, list[Event]]:
    """Returns the first action that answers a kept message, and the events before it: the message said again.

    The rules go on from there, and custom actions see its words and entities.
    """
    now = tracker.latest_message  # its answer, so it counts as part of the same message
    said = UserUttered(
        held["text"],
        {"name": held["intent"], "confidence": 1.0},
        held["entities"],
        message_id=now.message_id,
        input_channel=now.input_channel,
        metadata={"held": True},
    )
    slots = [
        SlotSet(slot.name, mapping["value"])
        for slot in domain.slots
        for mapping in slot.mappings
        if mapping.get("type") == "from_intent" and mapping.get("intent") == held["intent"]
    ]
    forget = [SlotSet("held_intent", None), SlotSet("held_message", None)]
    return first_actions().get(held["intent"], ACTION_LISTEN_NAME), [
        *forget,
        ActionExecuted(ACTION_LISTEN_NAME),
        said,
        *slots,
    ]


@cache
def first_actions() -> dict[str, str]:
    """Returns the first action of what can wait for an answer: topics, and intents with a rule of their own."""
    actions = {intent: answer.response for intent, answer in read_answers().items() if intent not in TALK}
    for path in sorted(RULES.glob("*.yml")):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8")).get("rules", ()):
            first, second = (*rule["steps"], {}, {})[:2]
            if "condition" not in rule and "action" in second and first.get("intent") not in {None, *TALK}:
                actions.setdefault(first["intent"], second["action"])
    return actions


def _question(message: UserUttered) -> dict[str, Any] | None:
    """Returns the message with what it asks: its intent, or beside a report the likeliest other one."""
    name = message.intent.get("name")
    if of_intent(name) and not ASKS.search(message.text or ""):
        return None  # a bare report
    ranking = [(name, 1.0)]
    ranking += [(guess["name"], guess["confidence"]) for guess in (message.parse_data or {}).get("intent_ranking", [])]
    for name, confidence in ranking:
        if not of_intent(name) and name != DEFAULT_NLU_FALLBACK_INTENT_NAME:
            if confidence >= LIKELY and name in first_actions():
                return {"text": message.text or "", "intent": name, "entities": list(message.entities)}
            return None
    return None
