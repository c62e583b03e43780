"""Showing the picture of an exercise."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_search import exercise_action
from actions.exercise_speech import CAUTION, exercise_buttons, exercise_card, howto_button
from actions.explain_exercise import explain, explain_named
from library.models import Exercise


class ShowPicture(Action):
    """Shows the exercise that was named, or chosen by its number, or shown last."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_show_picture"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Shows its picture and says its steps, or asks which one is meant."""
        named = next(tracker.get_latest_entity_values("exercise"), None)
        return explain_named(dispatcher, tracker, str(named) if named else None, show)


def show(dispatcher: CollectingDispatcher, exercise: Exercise) -> list[EventType]:
    """Shows the picture of an exercise; returns the event that remembers it."""
    card = exercise_card(exercise)
    if "picture" not in card:
        return explain(dispatcher, exercise)
    steps = (f"{number}. {step}" for number, step in enumerate(exercise.steps, 1))
    dispatcher.utter_message(
        text="\n".join([f"{exercise.name}, step by step:", *steps, CAUTION]),
        buttons=[howto_button(exercise.slug, "Dose and tips"), *exercise_buttons(exercise)],
        json_message={**card, "show": "picture"},
    )
    return [SlotSet("current_exercise", exercise.slug)]
