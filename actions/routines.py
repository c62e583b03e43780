"""Routines: a few exercises that go together, for the time there is."""

from dataclasses import replace

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.exercise_lists import list_buttons, notes
from actions.state import LastSearch, Situation, remember_list
from library.models import Exercise
from library.queries import ANYTHING, Criteria, by_slug, search
from library.session import library_session
from library.templates import render

KINDS = ("stretch", "strengthen", "habit")  # a routine has some of each
LONGEST = 8  # exercises of a routine
SHORTEST_MINUTES = 2.0


def show_routine(dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
    """Says a routine for what was asked for, and for the minutes there are; returns the events that remember it.

    Raises:
        LookupError: The library has nothing for it.
    """
    criteria, minutes = _wanted(situation)
    with library_session() as session:
        exercises = choose_routine(session, situation, criteria, minutes)
        said = notes(session, criteria, situation)
    total = sum(exercise.minutes for exercise in exercises)
    name = "routine_for" if minutes else "routine"
    text = render(name, c=criteria, exercises=exercises, notes=said, minutes=total)
    dispatcher.utter_message(text=text, buttons=list_buttons(exercises))
    return remember_list(LastSearch(criteria, routine=minutes or total), exercises)


def write_routine(dispatcher: CollectingDispatcher, situation: Situation) -> list[EventType]:
    """Says the last routine as a list to copy."""
    with library_session() as session:
        found = [by_slug(session, slug, situation.person) for slug in situation.listed]
    exercises = [exercise for exercise in found if exercise]
    total = sum(exercise.minutes for exercise in exercises)
    text = render("routine_written", exercises=exercises, minutes=total)
    dispatcher.utter_message(text=text, buttons=list_buttons(exercises))
    return []


def choose_routine(session: Session, situation: Situation, criteria: Criteria, minutes: float | None) -> list[Exercise]:
    """Returns the best stretch, strengthening exercise and habit, and more of them where the time allows.

    Raises:
        LookupError: The library has nothing for it.
    """
    found = [search(session, replace(criteria, kind=kind), situation.person) for kind in KINDS]
    of_kind = [
        [hit for hit in hits if "kind" not in hit.relaxed and (criteria.warm_up or not hit.exercise.warm_up)]
        for hits in found
    ]
    if minutes:
        # No single one takes up the time, and each can be done where the person is.
        longest = max(SHORTEST_MINUTES, minutes / len(KINDS))
        by_kind = [
            [hit.exercise for hit in hits if _is_near(hit.relaxed) and hit.exercise.minutes <= longest]
            for hits in of_kind
        ]
    else:
        by_kind = [[hit.exercise for hit in hits[:1]] for hits in of_kind]
    chosen: list[Exercise] = []
    left = minutes or float("inf")
    for exercise in _in_turns(by_kind):
        if exercise.minutes <= left and len(chosen) < LONGEST:
            chosen.append(exercise)
            left -= exercise.minutes
    if not chosen:
        raise LookupError("The library has nothing for a routine.")
    return chosen


def _wanted(situation: Situation) -> tuple[Criteria, float | None]:
    """Returns what the routine is for, and its minutes; a shorter one keeps the rest of the last routine."""
    asked, last = situation.asked, situation.last
    minutes = asked.minutes
    asked = replace(asked, minutes=None)
    if last and last.routine and (situation.shorter or situation.intent == "refine_search"):
        kept = {name: value for name, value in vars(asked).items() if value}
        shorter = max(SHORTEST_MINUTES, last.routine // 3) if situation.shorter else last.routine
        return replace(last.criteria, **kept), minutes or shorter
    return (asked if asked != ANYTHING else replace(situation.default, kind=None)), minutes


def _is_near(relaxed: tuple[str, ...]) -> bool:
    return not {"position", "equipment"} & set(relaxed)


def _in_turns(lists: list[list[Exercise]]) -> list[Exercise]:
    """Returns the first of each list, then the second of each, and so on."""
    longest = max((len(exercises) for exercises in lists), default=0)
    return [exercises[n] for n in range(longest) for exercises in lists if n < len(exercises)]
