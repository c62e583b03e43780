"""The daily routine."""

from rasa_sdk import Action
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_action import exercise_action
from actions.routines import show_routine
from actions.state import Situation


class ShowRoutine(Action):
    """Puts a routine together for what was asked for, or for the likely cause."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_show_routine"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
        """Says a stretch, a strengthening exercise and a habit, as far as the state and the time permit them."""
        return show_routine(dispatcher, situation)
