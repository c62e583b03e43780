"""Answers to the four questions of the cause finder that ask for more than yes or no."""

from collections.abc import Callable

from library.facts.hours import read_hours
from library.facts.message import Message, read_message
from library.facts.quantities import Quantity
from library.facts.sport import MUCH, NONE, OFTEN, SOME, read_sports
from library.facts.vocabulary import Hit

Answer = float | str | list[str] | None
AREAS = ("back", "knee", "foot")
_ADDS = {"and", "plus", ",", "then"}


def read_answer(question: str, text: str) -> Answer:
    """Returns what `text` answers to a question that was asked.

    Args:
        question: `sitting_hours`, `pain_area`, `posture_sign` or `training_load`.
        text: the answer, as short or long as it is.

    Returns:
        Hours a day as they were said, so that an impossible number can be told apart; back, knee, foot or none, a
        list of the areas if there are several; flat_back, arched_back, long_weak or none; not_at_all, some or a_lot.
        None if the text holds no answer.

    Raises:
        KeyError: no such question.
    """
    return _READERS[question](read_message(text))


def _hours(message: Message) -> float | None:
    words = _in_words(message, "hours_in_words")
    if fact := next((fact for fact in read_hours(message) if fact.name == "sitting_hours"), None):
        # "All day" and "hardly" are said of the question here.
        vague = [hit for hit in words if hit.value != "0"]
        return float(vague[0].value) if vague and not _figures(message) else float(fact.value)
    figures = _figures(message)
    if not figures:
        return float(words[0].value) if words else None
    kept = [figures[0]]
    for figure in figures[1:]:
        before = kept[-1]
        between = message.words(before.last, figure.first)
        if message.near("correction", before.last - 1, figure.first + 1) or message.word(before.first - 1) == "not":
            kept = [figure]
        elif between == [","] and 0 < figure.low - before.high <= 2:
            return (before.low + figure.high) / 2  # "nine, ten when it's quarter end"
        elif set(between) & _ADDS or (
            len(between) >= 2 and message.clause(before.first).sentence == message.clause(figure.first).sentence
        ):
            kept.append(figure)
    if len(kept) > 1 and _parts_differ(message, kept):
        kept = kept[:1]
    return _rounded(sum(_a_day(message, figure) for figure in kept))


def _figures(message: Message) -> list[Quantity]:
    stands = message.hits.get("stands", []) + message.hits.get("elsewhere", [])

    def elsewhere(figure: Quantity) -> bool:
        clause = message.clause(figure.first)
        return any(
            clause.first <= hit.first < clause.last
            and abs(hit.first - figure.last) <= 2
            and message.word(hit.first) not in ("work", "days", "each", "every")
            for hit in stands
        )

    units = ("hours", "clock", "number", "minutes")
    return [
        q
        for q in message.quantities
        if q.unit in units and not elsewhere(q) and message.word(q.last) not in ("am", "pm", "%")
    ]


def _parts_differ(message: Message, figures: list[Quantity]) -> bool:
    """Whether the figures are of different days: "weekdays 10, weekends 4"."""
    words = set(message.words(figures[0].first - 2, figures[-1].last + 4))
    return bool(words & message.lists["kinds_of_days"])


def _a_day(message: Message, figure: Quantity) -> float:
    hours = figure.value / (60 if figure.unit == "minutes" else 1)
    if figure.per == "week":
        hours /= 7
    before = message.words(figure.first - 1, figure.first)
    negative = before == ["minus"] or (
        before == ["-"]
        and message.tokens[figure.first - 1].end == message.tokens[figure.first].start
        and figure.first == 1
    )
    return -hours if negative else hours


def _rounded(hours: float) -> float:
    return round(hours * 2) / 2


def _in_words(message: Message, theme: str) -> list[Hit]:
    return [hit for hit in message.hits.get(theme, []) if not message.past(hit.first)]


def _area(message: Message) -> Answer:
    said: list[str] = []
    denied = False
    for part in message.hits.get("area", []):
        if message.past(part.first) or message.unreal(part.first):
            continue
        if _area_is_well(message, part):
            denied = True
        elif part.value not in said:
            said.append(part.value)
    if said:
        return said if said[1:] else said[0]
    return "none" if denied or message.hits.get("pain_in_words") else None


def _area_is_well(message: Message, part: Hit) -> bool:
    """Whether it is said that the part does not hurt ("not my knee but my back", "back's ok, knee isn't")."""
    clause = message.clause(part.first)
    after = message.words(part.last, clause.last)
    if (
        after[:1]
        and after[0] in ("is", "does", "do", "are")
        and "not" in after[1:2]
        and len(after) <= 3 + (after[-1] in (",", "."))
    ):
        before = message.clauses[message.clause_of[part.first] - 1] if message.clause_of[part.first] else None
        well_before = before is not None and bool(message.near("fine", before.first, before.last))
        return not well_before
    if message.denied(part.first, 6):
        return True
    return bool(message.near(("fine", "no"), part.last, clause.last)) and not message.near(
        "hurts", clause.first, part.first
    )


def _posture(message: Message) -> str | None:
    denied: Hit | None = None
    found: Hit | None = None
    for hit in sorted(
        message.hits.get("posture", []) + message.hits.get("posture_in_words", []), key=lambda hit: hit.first
    ):
        if hit.value == "none":
            continue
        if message.denied(hit.first, 5):
            denied = hit
        elif found is None and not message.past(hit.first):
            found = hit
    if found:
        return found.value
    none = any(hit.value == "none" for hit in message.hits.get("posture_in_words", []))
    return "none" if denied or none else None


def _load(message: Message) -> str | None:
    facts = list(read_sports(message))
    said = next((fact.value for fact in facts if fact.name == "training_load"), None)
    if said:
        return str(said)
    times = [
        q
        for q in message.quantities
        if (
            q.unit in ("times", "days", "once")
            and q.word in ("times", "days", "once", "hours", "")
            or q.unit == "number"
            and q.per == "week"
        )
        and not message.past(q.first)
    ]
    if times:
        count = sum(q.value * (7 if q.per == "day" and q.unit == "times" else 1) for q in times)
        return NONE if count == 0 else SOME if count <= OFTEN else MUCH
    weekdays = [hit for hit in message.hits.get("weekday", []) if not message.past(hit.first)]
    if weekdays:
        return SOME if len(weekdays) <= OFTEN else MUCH
    words = _in_words(message, "load_in_words")
    for value in (SOME, MUCH, NONE):
        for hit in words:
            if hit.value == value:
                return SOME if value == MUCH and message.denied(hit.first, 4) else value
    if any(message.denied(hit.first, 4) for theme in ("sport", "trains") for hit in message.hits.get(theme, [])):
        return NONE
    return SOME if any(fact.name == "sports" for fact in facts) else None


_READERS: dict[str, Callable[[Message], Answer]] = {
    "sitting_hours": _hours,
    "pain_area": _area,
    "posture_sign": _posture,
    "training_load": _load,
}
