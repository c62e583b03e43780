"""Searching the exercise library, or refining the last search."""

from dataclasses import replace

from rasa_sdk import Action
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_action import exercise_action
from actions.exercise_cards import show_by_slug, show_exercise
from actions.exercise_lists import first_hit, show_page
from actions.routines import show_routine
from actions.state import MOST, PAGE, LastSearch, Situation, remember_list
from library.queries import ANYTHING, resolve_name
from library.session import library_session
from library.templates import button, render


class FindExercises(Action):
    """Finds exercises, or refines the last search."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_find_exercises"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
        """Shows the first page; one exercise where one is asked for; says what the library has nothing for."""
        if situation.named and situation.intent == "find_exercises" and situation.asked == ANYTHING:
            with library_session() as session:
                return show_by_slug(dispatcher, session, situation, resolve_name(session, situation.named))
        if situation.elsewhere:
            text = render("elsewhere", part=situation.elsewhere)
            dispatcher.utter_message(text=text, buttons=[button("show_exercises"), button("see_doctor")])
            return []
        if situation.intent == "refine_search" and situation.last and situation.last.routine:
            return show_routine(dispatcher, situation)
        last = LastSearch(situation.criteria, page=min(situation.count or PAGE, MOST))
        if situation.count == 1:
            return _show_one(dispatcher, situation, last)
        return show_page(dispatcher, situation, last)


def _show_one(dispatcher: CollectingDispatcher, situation: Situation, last: LastSearch) -> list[EventType]:
    with library_session() as session:
        exercise = first_hit(session, situation, last)
        return [
            *remember_list(replace(last, shown=1), [exercise]),
            *show_exercise(dispatcher, exercise, "short_card"),
        ]
