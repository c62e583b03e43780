"""What is said to a message that was not understood."""

from functools import cache
from typing import Any

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from library.answers import read_answers
from settings import ROOT

# Titles of what is no answer of data/answers.
SUGGESTIONS = ROOT / "data" / "suggestions.yml"
NOT_UNDERSTOOD = "nlu_fallback"


class SuggestIntents(Action):
    """Asks "did you mean" with the two best guesses; the second time in a row it shows the menu."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_suggest_intents"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says one of the three answers; changes nothing."""
        ranking = tracker.latest_message.get("intent_ranking") or []
        buttons = guesses([entry["name"] for entry in ranking])
        if was_not_understood_before(tracker):
            dispatcher.utter_message(response="utter_menu")
        elif buttons:
            dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_rephrase")
        return []


def guesses(intents: list[str], most: int = 2) -> list[dict[str, str]]:
    """Returns buttons for the first `most` intents that can be offered, each title once."""
    titles = _titles()
    offered = {titles[intent]: f"/{intent}" for intent in reversed(intents) if intent in titles}
    return [{"title": title, "payload": payload} for title, payload in reversed(offered.items())][:most]


def was_not_understood_before(tracker: Tracker) -> bool:
    """Returns whether the message before the latest one was not understood either."""
    messages = [event for event in tracker.events if event.get("event") == "user"]
    return len(messages) > 1 and messages[-2]["parse_data"]["intent"].get("name") == NOT_UNDERSTOOD


@cache
def _titles() -> dict[str, str]:
    answers = {
        intent: answer.title for intent, answer in read_answers().items() if answer.topic or intent == "ask_help"
    }
    return answers | yaml.safe_load(SUGGESTIONS.read_text(encoding="utf-8"))
