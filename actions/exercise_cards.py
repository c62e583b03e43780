"""One exercise: all of it as text and as data, and what is said when it does not suit the person."""

from collections.abc import Callable
from typing import Any

from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.exercise_lists import CAUTIOUS_CAUSES, list_buttons
from actions.state import PAGE, Situation, remember_choices, remember_exercise
from library.content import ContentError
from library.models import Exercise
from library.pictures.drawing import picture_text
from library.queries import Criteria, best, by_slug, search
from library.restrictions import read_restrictions
from library.templates import Button, button, render

Show = Callable[[CollectingDispatcher, Exercise], list[EventType]]


def show_exercise(dispatcher: CollectingDispatcher, exercise: Exercise, template: str = "card") -> list[EventType]:
    """Says all of an exercise; returns the events that remember it."""
    dispatcher.utter_message(
        text=render(template, e=exercise, notes=[]), buttons=exercise_buttons(exercise), json_message=as_data(exercise)
    )
    return remember_exercise(exercise)


def show_picture(dispatcher: CollectingDispatcher, exercise: Exercise) -> list[EventType]:
    """Shows the picture of an exercise with its steps; all of it where it is not drawn."""
    data = as_data(exercise)
    if "picture" not in data:
        return show_exercise(dispatcher, exercise)
    dispatcher.utter_message(
        text=render("exercise_how", e=exercise),
        buttons=[button("dose_and_tips", e=exercise), *exercise_buttons(exercise)],
        json_message={**data, "show": "picture"},
    )
    return remember_exercise(exercise)


def show_by_slug(
    dispatcher: CollectingDispatcher,
    session: Session,
    situation: Situation,
    slug: str | None,
    show: Show = show_exercise,
) -> list[EventType]:
    """Shows the exercise of a slug, others where it does not suit, or asks which is meant."""
    if exercise := by_slug(session, slug, situation.person) if slug else None:
        return show(dispatcher, exercise)
    # Without the person's state: what is meant exists, but does not suit.
    if meant := by_slug(session, slug) if slug else None:
        return offer_instead(dispatcher, session, situation, meant)
    return ask_which(dispatcher, session, situation)


def offer_instead(
    dispatcher: CollectingDispatcher, session: Session, situation: Situation, meant: Exercise
) -> list[EventType]:
    """Says that an exercise does not suit the person and why, and names others for the same area."""
    criteria = Criteria(area=meant.areas[0])
    exercises = [hit.exercise for hit in best(search(session, criteria, situation.person))[:PAGE]]
    text = render("rather_not", meant=meant, why=_why_not(situation, meant))
    dispatcher.utter_message(text=text, buttons=list_buttons(exercises)[:-1])
    return remember_choices(exercises)


def ask_which(dispatcher: CollectingDispatcher, session: Session, situation: Situation) -> list[EventType]:
    """Asks which exercise is meant: one of the last list, or else of a common search."""
    listed = [by_slug(session, slug, situation.person) for slug in situation.listed]
    exercises = [exercise for exercise in listed if exercise]
    exercises = exercises or [hit.exercise for hit in search(session, situation.default, situation.person)[:PAGE]]
    dispatcher.utter_message(text=render("which_one", exercises=exercises), buttons=list_buttons(exercises)[:-1])
    return remember_choices(exercises)


def exercise_buttons(exercise: Exercise) -> list[Button]:
    """Returns what one may want after reading an exercise."""
    return [
        *([button("easier")] if exercise.regression_slug else []),
        *([button("harder")] if exercise.progression_slug else []),
        button("something_else"),
        button("daily_routine"),
    ]


def as_data(exercise: Exercise) -> dict[str, Any]:
    """Returns an exercise as data, for channels that draw a card."""
    plain = ("slug", "name", "kind", "position", "level", "purpose", "feel")
    listed = ("equipment", "optional_equipment", "areas", "steps", "cues", "mistakes", "avoid_if")
    counted = ("hold_seconds", "hold_seconds_max", "sides", "repetitions", "times_a_day", "days_a_week")
    return {
        "type": "exercise",
        **{field: getattr(exercise, field) for field in plain},
        **{field: list(getattr(exercise, field)) for field in listed},
        "dose": {
            **{field: getattr(exercise, field) for field in (*counted, "every_minutes")},
            "minutes": exercise.dose_minutes,
            "text": render("dose", e=exercise),
        },
        "stop_if": [*exercise.stop_if, render("stop_line")],
        "source": {"name": exercise.source_name, "url": exercise.source_url},
        **_picture(exercise.slug),
    }


def _picture(slug: str) -> dict[str, str]:
    """Returns where an exercise's picture is and what it shows; nothing for one that is not drawn."""
    try:
        return {"picture": f"/pictures/{slug}.svg", "picture_text": picture_text(slug)}
    except ContentError:
        return {}


def _why_not(situation: Situation, meant: Exercise) -> str:
    person = situation.person
    if cause := next((cause for cause in CAUTIOUS_CAUSES if cause in person.causes), None):
        return render(f"left_out_{cause}")
    concerned = {row.restriction for row in meant.restriction_rows}
    if meant.equipment and set(meant.equipment) <= set(person.lacks):
        return render("left_out_lacks", meant=meant)
    found = [read_restrictions()[name] for name in person.restrictions if name in concerned]
    return render("left_out", left_out=found[:1]) if found else render("left_out_unknown")
