"""What a conversation says about the search for exercises: criteria, state and what was shown."""

import functools
from dataclasses import asdict, dataclass, replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.resilience import AsyncRun, Run, resilient
from library.queries import Criteria, Hit, State
from library.terms import AREAS, CAUSES, EQUIPMENT, KINDS, LEVELS, NO_EQUIPMENT, POSITIONS

PAGE = 3
SEARCHES = ("find_exercises", "refine_search")


@dataclass(frozen=True)
class LastSearch:
    """A search and how many of its hits were shown."""

    criteria: Criteria
    shown: int = 0


def exercise_action(run: Run) -> AsyncRun:
    """Decorates the `run` of an action that names exercises: nothing of it during a hold; see `resilient`."""
    careful = resilient(run)

    @functools.wraps(run)
    async def run_unless_held(
        action: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        if read_state(tracker).hold:
            dispatcher.utter_message(response="utter_exercises_on_hold")
            return []
        return await careful(action, dispatcher, tracker, domain)

    return run_unless_held


def read_state(tracker: Tracker) -> State:
    """Returns what is known of the person."""
    hold = bool(tracker.get_slot("exercise_hold")) or tracker.get_slot("safety_hold") is not None
    causes = tracker.get_slot("likely_causes") or []
    return State(hold, tuple(cause for cause in causes if cause in CAUSES))


def read_intent(tracker: Tracker) -> str | None:
    """Returns the intent as it was decided; the SDK's own method prefers the ranking's second best."""
    return (tracker.latest_message.get("intent") or {}).get("name")


def read_criteria(tracker: Tracker) -> Criteria:
    """Returns what the latest message asks for; values that the library does not know are left out."""
    areas = _entities(tracker, "body_area", AREAS)
    # "Tight hamstrings, what for my knee?" is about the knee.
    area = next((area for area in areas if area != "thigh"), areas[0] if areas else None)
    equipment = tuple(_entities(tracker, "equipment", (*EQUIPMENT, NO_EQUIPMENT)))
    return Criteria(
        area=area,
        kind=next(iter(_entities(tracker, "exercise_type", KINDS)), None),
        equipment=(NO_EQUIPMENT,) if NO_EQUIPMENT in equipment else equipment,
        position=next(iter(_entities(tracker, "position", POSITIONS)), None),
        minutes=_minutes(next(tracker.get_latest_entity_values("duration"), None)),
    )


def current_criteria(tracker: Tracker) -> Criteria:
    """Returns the criteria of a search that starts now.

    A refinement keeps what it does not mention of the last search. A message that is no search, such as a
    "yes" to an offer, looks for the place in talk, or else for what suits the likely cause.
    """
    intent = read_intent(tracker)
    criteria = read_criteria(tracker) if intent in SEARCHES else Criteria(area=_area_in_talk(tracker))
    last = read_last_search(tracker)
    # What nobody asked for is not kept: "show exercises", then "for my knee", is about anything for the knee.
    if intent == "refine_search" and last and last.criteria != default_criteria(tracker):
        criteria = replace(last.criteria, **{name: value for name, value in asdict(criteria).items() if value})
    return criteria if criteria != Criteria() else default_criteria(tracker)


def default_criteria(tracker: Tracker) -> Criteria:
    """Returns what is looked for when nothing was asked for in particular."""
    causes = read_state(tracker).causes
    return Criteria(cause=causes[0]) if causes else Criteria(area="thigh", kind="stretch")


def _area_in_talk(tracker: Tracker) -> str | None:
    area = tracker.get_slot("body_area")
    return area if area in AREAS else None


def read_last_search(tracker: Tracker) -> LastSearch | None:
    """Returns the last search of the conversation, if there was one."""
    slot = tracker.get_slot("last_search")
    if not isinstance(slot, dict):
        return None
    known = {"area": AREAS, "kind": KINDS, "position": POSITIONS, "level": LEVELS, "cause": CAUSES}
    values: dict[str, Any] = {name: slot.get(name) for name, terms in known.items() if slot.get(name) in terms}
    equipment = tuple(name for name in slot.get("equipment") or () if name in (*EQUIPMENT, NO_EQUIPMENT))
    criteria = Criteria(**values, equipment=equipment, minutes=_minutes(slot.get("minutes")))
    shown = slot.get("shown")
    return LastSearch(criteria, shown if isinstance(shown, int) and shown > 0 else 0)


def remember(criteria: Criteria, shown: int, hits: list[Hit]) -> list[EventType]:
    """Returns the events that keep a search, how many of its hits were shown, and the latest of them."""
    return [
        SlotSet("last_search", {**asdict(criteria), "equipment": list(criteria.equipment), "shown": shown}),
        SlotSet("last_exercises", [hit.exercise.slug for hit in hits]),
        SlotSet("current_exercise", None),
    ]


def _entities(tracker: Tracker, name: str, known: tuple[str, ...]) -> list[str]:
    found = [value for value in tracker.get_latest_entity_values(name) if isinstance(value, str)]
    return [value for value in dict.fromkeys(found) if value in known]


def _minutes(value: Any) -> float | None:
    try:
        minutes = float(value)
    except (TypeError, ValueError):
        return None
    return minutes if 0 < minutes <= 24 * 60 else None
