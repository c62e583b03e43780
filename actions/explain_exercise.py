"""Explaining one exercise: steps, dose, what to feel, what to stop for; and easier or harder ones."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.exercise_pages import show_page
from actions.exercise_search import (
    PAGE,
    LastSearch,
    default_criteria,
    exercise_action,
    read_intent,
    read_last_search,
    read_state,
)
from actions.exercise_speech import (
    describe_exercise,
    exercise_buttons,
    exercise_card,
    howto_button,
    lower_first,
    state_note,
)
from library.models import Exercise
from library.queries import Criteria, Hit, State, best, by_slug, resolve_name, search
from library.session import library_session
from library.terms import LEVELS

Say = Callable[[CollectingDispatcher, Exercise], list[EventType]]


class ExplainExercise(Action):
    """Explains the exercise that was named, or chosen by its number, or shown last."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_explain_exercise"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says all of it, or asks which one is meant."""
        named = next(tracker.get_latest_entity_values("exercise"), None)
        return explain_named(dispatcher, tracker, str(named) if named else None)


class AdjustLevel(Action):
    """Explains an easier or a harder form of the exercise shown last."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_adjust_level"

    @exercise_action
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says it, or that there is none; without an exercise in talk it searches by level."""
        harder = read_intent(tracker) == "ask_harder"
        state = read_state(tracker)
        shown = tracker.get_slot("last_exercises") or []
        slug = tracker.get_slot("current_exercise") or (shown[0] if len(shown) == 1 else None)
        with library_session() as session:
            current = by_slug(session, slug, state) if slug else None
            if current is None:
                return _search_level(dispatcher, tracker, state, harder)
            link = current.progression_slug if harder else current.regression_slug
            wanted = by_slug(session, link, state) if link else None
            if wanted:
                return explain(dispatcher, wanted)
            extreme = "hardest" if harder else "easiest"
            less = "Add a repetition or two" if harder else "Do fewer repetitions, or hold for a shorter time"
            dispatcher.utter_message(
                text=f"The {lower_first(current.name)} is the {extreme} of its kind that I can offer you. {less}, "
                "or try something else.",
                buttons=[{"title": "Something else", "payload": "/next_exercise"}],
            )
            return []


def explain_named(
    dispatcher: CollectingDispatcher, tracker: Tracker, name: str | None, say: Say | None = None
) -> list[EventType]:
    """Explains the exercise of a name, without one the exercise that the message chooses; or asks back.

    With `say` it is shown in another way.
    """
    state = read_state(tracker)
    with library_session() as session:
        slug = resolve_name(session, name) if name else chosen_slug(tracker)
        if exercise := by_slug(session, slug, state) if slug else None:
            return (say or explain)(dispatcher, exercise)
        # Without the state: what is meant exists, but does not suit the person.
        if meant := by_slug(session, slug) if slug else None:
            return offer_instead(dispatcher, session, meant, state)
        return ask_which(dispatcher, session, tracker, state)


def chosen_slug(tracker: Tracker) -> str | None:
    """Returns what the latest message's number chooses from the last list; without a number the current one."""
    shown = tracker.get_slot("last_exercises") or []
    ordinal = next(tracker.get_latest_entity_values("ordinal"), None)
    if ordinal is None:
        return tracker.get_slot("current_exercise") or (shown[0] if len(shown) == 1 else None)
    try:
        number = int(ordinal)
    except (TypeError, ValueError):
        return None
    if number == -1 and shown:
        return shown[-1]
    return shown[number - 1] if 1 <= number <= len(shown) else None


def explain(dispatcher: CollectingDispatcher, exercise: Exercise) -> list[EventType]:
    """Says all of an exercise; returns the event that remembers it."""
    dispatcher.utter_message(
        text=describe_exercise(exercise),
        buttons=exercise_buttons(exercise),
        json_message=exercise_card(exercise),
    )
    return [SlotSet("current_exercise", exercise.slug)]


def offer_instead(dispatcher: CollectingDispatcher, session: Session, meant: Exercise, state: State) -> list[EventType]:
    """Says that an exercise does not suit the likely cause, and names others for the same area."""
    hits = best(search(session, Criteria(area=meant.areas[0]), state))[:PAGE]
    reason = " ".join(state_note(state, Criteria())) or "It does not suit the likely cause of your tightness."
    dispatcher.utter_message(
        text=f"I'd leave the {lower_first(meant.name)} out for now. {reason} These suit you better:",
        buttons=_buttons(hits),
    )
    return [SlotSet("last_exercises", [hit.exercise.slug for hit in hits])]


def ask_which(dispatcher: CollectingDispatcher, session: Session, tracker: Tracker, state: State) -> list[EventType]:
    """Asks which exercise is meant: one of the last list, or else of a common search."""
    shown = [by_slug(session, slug, state) for slug in tracker.get_slot("last_exercises") or []]
    hits = [Hit(exercise) for exercise in shown if exercise]
    hits = hits or search(session, default_criteria(tracker), state)[:PAGE]
    names = "\n".join(f"{number}. {hit.exercise.name}" for number, hit in enumerate(hits, 1))
    dispatcher.utter_message(
        text=f"Which exercise do you mean? Say its name or its number:\n{names}", buttons=_buttons(hits)
    )
    return [SlotSet("last_exercises", [hit.exercise.slug for hit in hits])]


def _search_level(dispatcher: CollectingDispatcher, tracker: Tracker, state: State, harder: bool) -> list[EventType]:
    last = read_last_search(tracker)
    criteria = last.criteria if last else default_criteria(tracker)
    place = LEVELS.index(criteria.level) if criteria.level else 1
    level = LEVELS[min(max(place + (1 if harder else -1), 0), len(LEVELS) - 1)]
    return show_page(dispatcher, LastSearch(replace(criteria, level=level)), state)


def _buttons(hits: list[Hit]) -> list[dict[str, str]]:
    return [howto_button(hit.exercise.slug, hit.exercise.name) for hit in hits]
