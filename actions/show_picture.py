"""Showing the picture of an exercise."""

from rasa_sdk import Action
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_action import exercise_action
from actions.exercise_cards import show_by_slug, show_picture
from actions.state import Situation
from library.queries import resolve_name
from library.session import library_session


class ShowPicture(Action):
    """Shows the exercise that was named, or chosen by its number, or shown last."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_show_picture"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
        """Shows its picture and says its steps, or asks which one is meant."""
        with library_session() as session:
            slug = resolve_name(session, situation.named) if situation.named else situation.chosen
            return show_by_slug(dispatcher, session, situation, slug, show_picture)
