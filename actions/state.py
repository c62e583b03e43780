"""What an action needs of the conversation: the tracker, read once into one value."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from library.models import Exercise
from library.queries import ANYTHING, UNKNOWN, Criteria, State
from library.restrictions import FACTS, restrictions_of
from library.terms import AREAS, CAUSES, EQUIPMENT, KINDS, LEVELS, NO_EQUIPMENT, POSITIONS

PAGE = 3  # exercises of a list
MOST = 10  # buttons of a list; chat channels show no more
HEARD = 12  # texts of the assistant that are compared, so that none comes again
SEARCHES = ("find_exercises", "refine_search")
# What suits a place that was named without saying how to exercise there.
PLACES = {
    "desk": Criteria(position="sitting"),
    "bed": Criteria(position="lying"),
    "car": Criteria(position="standing", equipment=(NO_EQUIPMENT,)),
    "travel": Criteria(position="standing", equipment=(NO_EQUIPMENT,)),
    "outdoors": Criteria(position="standing", equipment=(NO_EQUIPMENT,)),
}
# States in which a hamstring needs strength rather than length.
NEED_STRENGTH = {"high_hamstring_tendon", "hypermobile", "old_injury"}
AT_HAND = {"chair", "wall"}  # also for somebody who has "no equipment at all"


@dataclass(frozen=True)
class LastSearch:
    """A search: how many of its hits were shown, how many at a time; for a routine its minutes."""

    criteria: Criteria = ANYTHING
    shown: int = 0
    page: int = PAGE
    routine: float | None = None


@dataclass(frozen=True)
class Situation:
    """What is known when an action runs.

    Attributes:
        intent, text: of the latest message.
        asked: what it looks for; `named`, `ordinal`, `count`: the exercise, the place in a list, how many it names.
        elsewhere: a part of the body in it that the library has nothing for.
        shorter: whether it wants something shorter.
        person: what is known of the person.
        last: the last search; `listed`: what it showed; `current`: the exercise explained last.
        topic: the question answered last; `focus`: which was said last (topic, exercise or list).
        area: the part of the body in talk.
        heard: what the assistant said lately, the latest first.
    """

    intent: str | None = None
    text: str = ""
    asked: Criteria = ANYTHING
    named: str | None = None
    ordinal: int | None = None
    count: int | None = None
    elsewhere: str | None = None
    shorter: bool = False
    person: State = UNKNOWN
    last: LastSearch | None = None
    listed: tuple[str, ...] = ()
    current: str | None = None
    topic: str | None = None
    focus: str | None = None
    area: str | None = None
    heard: tuple[str, ...] = field(default=(), repr=False)

    @property
    def default(self) -> Criteria:
        """What is looked for when nothing was asked for in particular."""
        if self.person.causes:
            return Criteria(cause=self.person.causes[0])
        if NEED_STRENGTH & set(self.person.restrictions):
            return Criteria(area="thigh", kind="strengthen")
        if "sore" in self.person.restrictions:
            return Criteria(area="thigh", level="easy")
        return Criteria(area="thigh", kind="stretch")

    @property
    def criteria(self) -> Criteria:
        """What a search that starts now looks for.

        A refinement keeps what it does not mention of the last search. A message that is no search, such as a
        "yes" to an offer, looks for the place in talk, or else for what suits the likely cause.
        """
        asked = self.asked if self.intent in SEARCHES else Criteria(area=self.area)
        # What nobody asked for is not kept: "show exercises", then "for my knee", is about anything for the knee.
        if self.intent == "refine_search" and self.last and self.last.criteria != self.default:
            asked = replace(self.last.criteria, **{name: value for name, value in asdict(asked).items() if value})
        return self.completed(asked)

    def completed(self, asked: Criteria) -> Criteria:
        """Returns what was asked for, for the hamstrings or the likely cause where it names no place of its own."""
        if asked == ANYTHING:
            return self.default
        if asked.area or asked.cause or asked.warm_up or asked.kind not in (None, "stretch", "strengthen"):
            return asked
        if not (asked.kind or asked.position or asked.equipment):  # an easy one, or one for five minutes
            return replace(self.default, **{name: value for name, value in asdict(asked).items() if value})
        return replace(asked, cause=self.person.causes[0]) if self.person.causes else replace(asked, area="thigh")

    @property
    def chosen(self) -> str | None:
        """The slug that the message's number chooses from the last list; without a number the current one."""
        if self.ordinal is None:
            return self.current or (self.listed[0] if len(self.listed) == 1 else None)
        if self.ordinal == -1 and self.listed:
            return self.listed[-1]
        return self.listed[self.ordinal - 1] if 1 <= self.ordinal <= len(self.listed) else None


def read_situation(tracker: Tracker) -> Situation:
    """Reads all that actions need; what the library does not know is left out."""
    last = _read_last_search(tracker.get_slot("last_search"))
    areas = _entities(tracker, "body_area", AREAS)
    return Situation(
        # The SDK's own method prefers the ranking's second best.
        intent=(tracker.latest_message.get("intent") or {}).get("name"),
        text=tracker.latest_message.get("text") or "",
        asked=_read_criteria(tracker, areas),
        named=_entity(tracker, "exercise", str),
        ordinal=_entity(tracker, "ordinal", int),
        count=_entity(tracker, "count", int),
        elsewhere=None if areas else _entity(tracker, "other_body_part", str),
        shorter=_entity(tracker, "comparison", str) == "shorter",
        person=_read_person(tracker),
        last=last,
        listed=tuple(tracker.get_slot("last_exercises") or ()),
        current=tracker.get_slot("current_exercise"),
        topic=tracker.get_slot("topic"),
        focus=tracker.get_slot("focus"),
        area=area if (area := tracker.get_slot("body_area")) in AREAS else None,
        heard=tuple(_heard(tracker)),
    )


def remember_list(last: LastSearch, exercises: list[Exercise]) -> list[EventType]:
    """Returns the events that keep a search, how many of its hits were shown, and the latest of them."""
    criteria = {**asdict(last.criteria), "equipment": list(last.criteria.equipment)}
    return [
        SlotSet("last_search", {**criteria, "shown": last.shown, "page": last.page, "routine": last.routine}),
        SlotSet("last_exercises", [exercise.slug for exercise in exercises]),
        SlotSet("current_exercise", None),
        SlotSet("focus", "list"),
    ]


def remember_choices(exercises: list[Exercise]) -> list[EventType]:
    """Returns the event that lets a number choose among exercises that were offered without a search."""
    return [SlotSet("last_exercises", [exercise.slug for exercise in exercises])]


def remember_exercise(exercise: Exercise) -> list[EventType]:
    """Returns the events that make an exercise the one in talk."""
    return [SlotSet("current_exercise", exercise.slug), SlotSet("focus", "exercise")]


def _read_person(tracker: Tracker) -> State:
    facts = {name: tracker.get_slot(name) for name in FACTS}
    missing = set(tracker.get_slot("lacks_equipment") or ())
    if "equipment" in missing:
        missing |= set(EQUIPMENT) - AT_HAND
    return State(
        hold=bool(tracker.get_slot("exercise_hold")) or tracker.get_slot("safety_hold") is not None,
        causes=tuple(cause for cause in facts["likely_causes"] or () if cause in CAUSES),
        restrictions=restrictions_of(facts),
        lacks=tuple(thing for thing in EQUIPMENT if thing in missing),
    )


def _read_criteria(tracker: Tracker, areas: list[str]) -> Criteria:
    equipment = tuple(_entities(tracker, "equipment", (*EQUIPMENT, NO_EQUIPMENT)))
    minutes = _entity(tracker, "duration", float) or _entity(tracker, "minutes_available", float)
    asked = Criteria(
        # "Tight hamstrings, what for my knee?" is about the knee.
        area=next((area for area in areas if area != "thigh"), areas[0] if areas else None),
        kind=next(iter(_entities(tracker, "exercise_type", KINDS)), None),
        equipment=(NO_EQUIPMENT,) if NO_EQUIPMENT in equipment else equipment,
        position=next(iter(_entities(tracker, "position", POSITIONS)), None),
        minutes=_as_minutes(minutes),
        level=next(iter(_entities(tracker, "level", LEVELS)), None),
        warm_up=True if _entities(tracker, "moment", ("before",)) else None,
    )
    place = PLACES.get(_entity(tracker, "place", str) or "")
    return replace(place, **{k: v for k, v in asdict(asked).items() if v}) if place and not asked.position else asked


def _read_last_search(slot: Any) -> LastSearch | None:
    if not isinstance(slot, dict):
        return None
    known = {"area": AREAS, "kind": KINDS, "position": POSITIONS, "level": LEVELS, "cause": CAUSES}
    values: dict[str, Any] = {name: slot.get(name) for name, terms in known.items() if slot.get(name) in terms}
    equipment = tuple(name for name in slot.get("equipment") or () if name in (*EQUIPMENT, NO_EQUIPMENT))
    criteria = Criteria(
        **values, equipment=equipment, minutes=_as_minutes(slot.get("minutes")), warm_up=slot.get("warm_up") or None
    )
    shown, page = slot.get("shown"), slot.get("page")
    return LastSearch(
        criteria,
        shown if isinstance(shown, int) and shown > 0 else 0,
        page if isinstance(page, int) and 0 < page <= MOST else PAGE,
        _as_minutes(slot.get("routine")),
    )


def _heard(tracker: Tracker) -> list[str]:
    texts = (event.get("text") for event in reversed(tracker.events) if event.get("event") == "bot")
    return [text for text in texts if text][:HEARD]


def _entities(tracker: Tracker, name: str, known: tuple[str, ...]) -> list[str]:
    found = [value for value in tracker.get_latest_entity_values(name) if isinstance(value, str)]
    return [value for value in dict.fromkeys(found) if value in known]


def _entity(tracker: Tracker, name: str, kind: Any) -> Any:
    value = next(tracker.get_latest_entity_values(name), None)
    try:
        return None if value is None else kind(value)
    except (TypeError, ValueError):
        return 0 if kind is int else None  # a number that is none chooses nothing


def _as_minutes(value: Any) -> float | None:
    try:
        minutes = float(value)
    except (TypeError, ValueError):
        return None
    return minutes if 0 < minutes <= 24 * 60 else None
