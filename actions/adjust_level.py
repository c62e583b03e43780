"""An easier or a harder form of what was shown."""

from dataclasses import replace

from rasa_sdk import Action
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_action import exercise_action
from actions.exercise_cards import show_exercise
from actions.exercise_lists import show_page
from actions.state import LastSearch, Situation
from library.queries import by_slug
from library.session import library_session
from library.templates import button, render
from library.terms import LEVELS


class AdjustLevel(Action):
    """Explains an easier or a harder form of the exercise shown last."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_adjust_level"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
        """Says it, or that there is none; without an exercise in talk it searches by level."""
        harder = situation.intent == "ask_harder"
        person = situation.person
        with library_session() as session:
            current = by_slug(session, situation.chosen, person) if situation.chosen else None
            if current is None:
                return show_page(dispatcher, situation, _at_other_level(situation, 1 if harder else -1))
            link = current.progression_slug if harder else current.regression_slug
            if wanted := by_slug(session, link, person) if link else None:
                return show_exercise(dispatcher, wanted)
            text = render("hardest" if harder else "easiest", e=current)
            dispatcher.utter_message(text=text, buttons=[button("something_else")])
            return []


def _at_other_level(situation: Situation, step: int) -> LastSearch:
    criteria = situation.last.criteria if situation.last else situation.default
    place = LEVELS.index(criteria.level) if criteria.level else 1
    return LastSearch(replace(criteria, level=LEVELS[min(max(place + step, 0), len(LEVELS) - 1)]))
