"""Searching the exercise library: a search, more of it, all of it."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_pages import find, show_page
from actions.exercise_search import (
    LastSearch,
    current_criteria,
    default_criteria,
    exercise_action,
    read_criteria,
    read_intent,
    read_last_search,
    read_state,
    remember,
)
from actions.exercise_speech import describe_list, list_buttons
from actions.explain_exercise import explain_named
from library.queries import Criteria, best

MOST = 10  # buttons of a whole list; chat channels show no more


class FindExercises(Action):
    """Finds exercises, or refines the last search."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_find_exercises"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Shows the first page; an exercise that is asked for by nothing but its name is explained."""
        named = next(tracker.get_latest_entity_values("exercise"), None)
        if named and read_intent(tracker) == "find_exercises" and read_criteria(tracker) == Criteria():
            return explain_named(dispatcher, tracker, str(named))
        return show_page(dispatcher, LastSearch(current_criteria(tracker)), read_state(tracker))


class NextExercise(Action):
    """Shows others than before: the next page of the last search."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_next_exercise"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Shows the next page; after the last one the first again."""
        last = read_last_search(tracker) or LastSearch(default_criteria(tracker))
        return show_page(dispatcher, last, read_state(tracker))


class ShowAllExercises(Action):
    """Shows all exercises that fit the last search."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_show_all_exercises"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Shows one line for each."""
        last = read_last_search(tracker) or LastSearch(default_criteria(tracker))
        state = read_state(tracker)
        hits = best(find(last.criteria, state))
        text = describe_list(last.criteria, hits, state, opening="These are all my")
        dispatcher.utter_message(text=text, buttons=list_buttons(hits, 0)[:MOST])
        return remember(last.criteria, len(hits), hits)
