"""The whole of the last search, or the last routine, as a list."""

from rasa_sdk import Action
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_action import exercise_action
from actions.exercise_lists import show_all
from actions.routines import write_routine
from actions.state import LastSearch, Situation


class ShowAllExercises(Action):
    """Shows all exercises that fit the last search."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_show_all_exercises"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
        """Shows one line for each; a routine is written down to be copied."""
        if situation.last and situation.last.routine and situation.listed:
            return write_routine(dispatcher, situation)
        return show_all(dispatcher, situation, situation.last or LastSearch(situation.default))
