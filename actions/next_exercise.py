"""Others than before: the next page of the last search."""

from rasa_sdk import Action
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_action import exercise_action
from actions.exercise_lists import show_page
from actions.state import LastSearch, Situation


class NextExercise(Action):
    """Shows others than before."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_next_exercise"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
        """Shows the next page of the last search; after the last one the first again."""
        return show_page(dispatcher, situation, situation.last or LastSearch(situation.default))
