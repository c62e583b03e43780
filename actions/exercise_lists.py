"""Lists of exercises: what is found, what of it is said, and what was left out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.state import MOST, LastSearch, Situation, remember_list
from library.models import Exercise
from library.queries import ANYTHING, Criteria, Hit, best, left_out, search
from library.restrictions import read_restrictions
from library.session import library_session
from library.templates import Button, button, render

REASONS = 2  # said at most, of what was left out
# Causes that leave stretches out, the more urgent first; each has words of its own.
CAUTIOUS_CAUSES = ("neural_tension", "hip_flexors")
SAID_BY_CAUSE = {"hypermobile"}  # the same is said of them already


def show_page(dispatcher: CollectingDispatcher, situation: Situation, last: LastSearch) -> list[EventType]:
    """Says the page that follows what was shown; after the last page the first one again.

    Args:
        dispatcher: Takes what is said.
        situation: The person and the conversation.
        last: The search, and how much of it was shown.

    Returns:
        The events that remember it.

    Raises:
        LookupError: The library is empty.
    """
    with library_session() as session:
        hits = _find(session, last.criteria, situation)
        start = last.shown if last.shown < len(hits) else 0
        # A page holds exact hits or nearest ones, never both.
        page = best(hits[start:])[: last.page]
        exercises = [hit.exercise for hit in page]
        relaxed = page[0].relaxed
        text = render(
            "nearest" if relaxed else "more" if start else "list",
            c=last.criteria,
            exercises=exercises,
            notes=notes(session, last.criteria, situation),
            relaxed=relaxed,
            more=start > 0,
        )
    fitting = best(hits)
    more = len(fitting) - len(page) if page[0].relaxed == fitting[0].relaxed else 0
    dispatcher.utter_message(text=text, buttons=list_buttons(exercises, more))
    return remember_list(replace(last, shown=start + len(page)), exercises)


def show_all(dispatcher: CollectingDispatcher, situation: Situation, last: LastSearch) -> list[EventType]:
    """Says one line for each exercise that fits a search; returns the events that remember it."""
    with library_session() as session:
        exercises = [hit.exercise for hit in best(_find(session, last.criteria, situation))]
        said = notes(session, last.criteria, situation)
    dispatcher.utter_message(
        text=render("all", c=last.criteria, exercises=exercises, notes=said), buttons=list_buttons(exercises)[:MOST]
    )
    return remember_list(replace(last, shown=len(exercises)), exercises)


def first_hit(session: Session, situation: Situation, last: LastSearch) -> Exercise:
    """Returns the exercise that a search shows next."""
    hits = _find(session, last.criteria, situation)
    return hits[last.shown if last.shown < len(hits) else 0].exercise


def notes(session: Session, criteria: Criteria, situation: Situation) -> list[str]:
    """Returns the sentences that say what the person's state leaves out of a search, and why."""
    person = situation.person
    causes = (*person.causes, criteria.cause)
    said = [render(f"left_out_{cause}") for cause in CAUTIOUS_CAUSES if cause in causes][:1]
    # What nobody asked for in particular is compared with the whole library.
    asked = ANYTHING if criteria == situation.default else criteria
    known = read_restrictions()
    covered = SAID_BY_CAUSE if said else set()
    found = [known[name] for name in left_out(session, asked, person) if name in known and name not in covered]
    return [*said, *([render("left_out", left_out=found[:REASONS])] if found else [])]


def list_buttons(exercises: Sequence[Exercise], more: int = 0) -> list[Button]:
    """Returns a button for each exercise, and for the `more` that fit as well."""
    buttons: list[Any] = [button("howto", e=exercise) for exercise in exercises]
    if more > 0:
        buttons.append(button("show_all", number=len(exercises) + more))
    return [*buttons, button("something_else")]


def _find(session: Session, criteria: Criteria, situation: Situation) -> list[Hit]:
    hits = search(session, criteria, situation.person)
    if not hits:
        raise LookupError("The exercise library is empty.")
    return hits
