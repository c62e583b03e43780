"""Actions about the conversation itself: saying it again, and starting afresh."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

# Everything a person told or was shown. Never the hold after a report: that is the safety policy's.
FORGOTTEN = [
    *("body_area", "exercise", "exercise_type", "equipment", "position", "duration", "ordinal"),
    *("last_exercises", "current_exercise", "last_search"),
    *("nerve_signs", "recent_injury", "old_injury", "sitting_hours", "pain_area", "posture_sign", "training_load"),
    *("answers_confirmed", "question_number", "question_count", "question_misses"),
    "likely_causes",
]


class RepeatReply(Action):
    """Says again what was said last, with its buttons and cards."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_repeat_reply"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Repeats all messages of the last turn in which something was said."""
        messages = last_messages(tracker.events)
        for message in messages:
            data = message.get("data") or {}
            dispatcher.utter_message(
                text=message.get("text"), buttons=data.get("buttons"), json_message=data.get("custom")
            )
        if not messages:
            dispatcher.utter_message(response="utter_nothing_to_repeat")
        return []


class StartOver(Action):
    """Forgets answers, searches and results."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_start_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Empties the slots of `FORGOTTEN`."""
        dispatcher.utter_message(response="utter_started_over")
        return [SlotSet(slot, None) for slot in FORGOTTEN]


def last_messages(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the bot's messages of the last turn that has any, in order."""
    messages: list[dict[str, Any]] = []
    for event in reversed(events):
        if event.get("event") == "user" and messages:
            break
        if event.get("event") == "bot":
            messages.insert(0, event)
    return messages
