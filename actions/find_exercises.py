"""Searching the exercise library: a search, more of it, all of it."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.exercise_search import (
    PAGE,
    LastSearch,
    current_criteria,
    default_criteria,
    exercise_action,
    read_last_search,
    read_state,
    remember,
)
from actions.exercise_speech import describe_list, list_buttons
from actions.library.queries import Criteria, Hit, State, best, search
from actions.library.session import library_session

MOST = 10  # buttons of a whole list; chat channels show no more


class FindExercises(Action):
    """Finds exercises, or refines the last search."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_find_exercises"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Shows the first page."""
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


def find(criteria: Criteria, state: State) -> list[Hit]:
    """Returns all permitted exercises, best first; raises LookupError when the library is empty."""
    with library_session() as session:
        hits = search(session, criteria, state)
    if not hits:
        raise LookupError("The exercise library is empty.")
    return hits


def show_page(dispatcher: CollectingDispatcher, last: LastSearch, state: State) -> list[EventType]:
    """Says the page that follows what was shown; returns the events that remember it."""
    hits = find(last.criteria, state)
    start = last.shown if last.shown < len(hits) else 0
    # A page holds exact hits or nearest ones, never both.
    rest = best(hits[start:])
    page = rest[:PAGE]
    words = {"opening": "Here are more", "nothing": "I have nothing more that fits all of that."} if start else {}
    dispatcher.utter_message(
        text=describe_list(last.criteria, page, state, **words), buttons=list_buttons(page, _all_but(hits, page))
    )
    return remember(last.criteria, start + len(page), page)


def _all_but(hits: list[Hit], page: list[Hit]) -> int:
    fitting = best(hits)
    return len(fitting) - len(page) if page[0].relaxed == fitting[0].relaxed else 0
