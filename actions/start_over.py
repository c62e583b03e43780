"""Starting afresh."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

# What a person told or was shown. Never the hold after a report, which is the safety policy's, nor what rules
# exercises out for longer, such as an operation.
FORGOTTEN = [
    *("body_area", "exercise", "exercise_type", "equipment", "position", "duration", "ordinal"),
    *("last_exercises", "current_exercise", "last_search", "topic", "focus"),
    *("nerve_signs", "recent_injury", "old_injury", "sitting_hours", "pain_area", "posture_sign", "training_load"),
    *("answers_confirmed", "question_number", "question_count", "question_misses"),
    *("likely_causes", "sore", "place", "minutes_available", "lacks_equipment"),
]


class StartOver(Action):
    """Forgets answers, searches and results."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_start_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Empties the slots of `FORGOTTEN`."""
        dispatcher.utter_message(response="utter_started_over")
        return [SlotSet(slot, None) for slot in FORGOTTEN]
