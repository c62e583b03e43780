"""Hours of a day: sat, stood, and minutes to spare."""

from collections.abc import Iterator

from library.facts.fact import Fact
from library.facts.message import Message
from library.facts.quantities import Quantity
from library.facts.vocabulary import Hit

ALL_DAY = 9.0  # a working day at a desk with its breaks
LITTLE = 2.0
DAY = 24.0
LONG = 4.0  # hours on one's feet that make a job a standing one
WORK_DAYS, WEEK = 5, 7
_ACTIVITIES = ("sits", "stands", "elsewhere", "sport")
Found = list[tuple[Quantity, float]]


def read_hours(message: Message) -> Iterator[Fact]:
    """Yields sitting_hours, standing_hours and works_standing."""
    sat: Found = []
    stood: Found = []
    for quantity in message.quantities:
        if (kind := _kind(message, quantity)) and (hours := _hours_a_day(message, quantity)) is not None:
            (sat if kind == "sits" else stood).append((quantity, hours))
        elif (told := _corrected(message, quantity, sat, stood)) and (hours := _hours_a_day(message, quantity)):
            told.append((quantity, hours))
    for name, found in (("sitting_hours", sat), ("standing_hours", stood)):
        if found:
            yield _sum(message, name, found)
    if any(hours >= LONG for _, hours in stood):
        yield message.fact("works_standing", True, stood[0][0].first, stood[-1][0].last)
    else:
        yield from _stands_at_work(message)
    if not sat:
        yield from _without_figure(message)


def _kind(message: Message, quantity: Quantity) -> str:
    """Returns what the quantity is said of: sits, stands, or nothing of the two."""
    if quantity.unit not in ("hours", "clock", "number", "minutes") or not message.stated(quantity.first):
        return ""
    before = message.words(quantity.first - 2, quantity.first)
    opener = message.word(message.clause(quantity.first).first)
    if set(before) & message.lists["before_other_hours"] or before == ["longer", "than"]:
        return ""
    if opener in ("when", "whenever", "if") or (quantity.unit == "minutes" and not quantity.per):
        return ""
    if quantity.unit == "number":
        return _of_bare_number(message, quantity)
    if message.word(quantity.last) in ("ago", "later"):
        return ""
    best = _activity(message, quantity)
    if best is None:
        return _of_job(message, quantity)
    if best.theme in ("elsewhere", "sport") or message.denied(best.first, 4):
        return ""
    if best.value == "driving" and not (quantity.per or _usual(message, quantity)):
        return ""
    return best.theme


def _activity(message: Message, quantity: Quantity) -> Hit | None:
    """Returns what the hours go to: the nearest activity of the clause, else of the clauses just before it."""
    anchors = message.in_clause(_ACTIVITIES, quantity.first)
    clause = message.clause(quantity.first)
    if not anchors and clause.last - clause.first <= 9:
        for number in range(message.clause_of[quantity.first] - 1, message.clause_of[quantity.first] - 4, -1):
            before = message.clauses[number] if number >= 0 else clause
            if before.sentence != clause.sentence:
                break
            if anchors := [a for a in message.near(_ACTIVITIES, before.first, before.last) if message.stated(a.first)]:
                break
    if not anchors:
        return None
    best = min(anchors, key=lambda a: (_distance(quantity, a), a.theme in ("elsewhere", "sport")))
    if best.theme == "elsewhere" and message.word(best.first) in message.lists["kinds_of_shifts"]:
        # "12 hour shifts behind the wheel", but not "12 hour shifts but only sit 3"
        wheel = [a for a in anchors if a.value == "driving" and a.first >= best.last]
        return wheel[0] if wheel else best
    return best


def _distance(quantity: Quantity, hit: Hit) -> float:
    return quantity.first - hit.last if hit.last <= quantity.first else hit.first - quantity.last + 0.4


def _usual(message: Message, quantity: Quantity) -> bool:
    """Whether hours behind the wheel are those of a usual day."""
    words = set(message.words(*message.sentence(quantity.first)))
    return bool(words & message.lists["usual_driving"]) and not words & message.lists["unusual_driving"]


def _of_bare_number(message: Message, quantity: Quantity) -> str:
    """Returns what a number without a unit is said of: "sit 6, stand 2", "hours seated: 9"."""
    if quantity.value > 16 or message.word(quantity.last) in ("x", "of", "%", "/", "on", "in"):
        return ""
    for hit in message.in_clause(("sits", "stands"), quantity.first):
        if hit.value not in ("sit", "stand") and "tacho" not in message.words(hit.first, hit.last):
            continue
        between = message.words(hit.last, quantity.first)
        if hit.last <= quantity.first and len(between) <= 4 and message.lists["before_hours"].issuperset(between):
            return hit.theme
    return ""


def _of_job(message: Message, quantity: Quantity) -> str:
    """Returns "sits" for "dev, 10 hours a day" and "9-to-5 desk job": the job is one done sitting."""
    if quantity.unit == "hours" and (not quantity.per or message.words(quantity.last - 1, quantity.last) == ["shift"]):
        return ""
    first, last = message.sentence(quantity.first)
    return "sits" if message.near("job_sits", first, last) and not message.near("stands", first, last) else ""


def _hours_a_day(message: Message, quantity: Quantity) -> float | None:
    hours = quantity.value / (60 if quantity.unit == "minutes" else 1)
    if quantity.per == "week":
        words = message.words(*message.sentence(quantity.first))
        hours /= WORK_DAYS if message.lists["work_week"].intersection(words) else WEEK
    elif quantity.per in ("month", "year", "each way"):
        return None
    # "Half an hour sat in a meeting is my limit"
    clause = message.clause(quantity.first)
    passing = (
        hours < 1
        and quantity.per != "day"
        or message.lists["limits_of_sitting"].intersection(message.words(quantity.last, clause.last))
    )
    return hours if 0 <= hours <= DAY and not passing else None


def _corrected(message: Message, quantity: Quantity, sat: Found, stood: Found) -> Found | None:
    """Returns the hours that "actually 7" or "call it 8" corrects."""
    told = max((found for found in (sat, stood) if found), key=lambda found: found[-1][0].last, default=None)
    if not told or quantity.unit not in ("hours", "number") or quantity.per == "week" or quantity.value > 16:
        return None
    cue = message.near("correction", max(message.clause(quantity.first).first - 3, told[-1][0].last), quantity.first)
    if not cue or quantity.first - cue[-1].last > 2 or not message.stated(quantity.first):
        return None
    return None if message.near("elsewhere", quantity.last, quantity.last + 3) else told


def _sum(message: Message, name: str, found: Found) -> Fact:
    """Adds up the hours of one sentence; what is said after a correction stands alone."""
    kept = [found[0]]
    for quantity, hours in found[1:]:
        before = kept[-1][0]
        if message.near("correction", before.last - 1, quantity.first + 1) or message.word(before.first - 1) == "not":
            kept = [(quantity, hours)]
        elif message.clause(before.first).sentence == message.clause(quantity.first).sentence:
            between = message.words(before.last, quantity.first)
            alike = quantity.unit == "number" or "or" in between or _other_days(message, before, quantity)
            if not alike and sum(hour for _, hour in kept) + hours <= 18:
                kept.append((quantity, hours))
    value = round(2 * sum(hours for _, hours in kept)) / 2
    return message.fact(name, value, kept[0][0].first, kept[-1][0].last)


def _other_days(message: Message, before: Quantity, after: Quantity) -> bool:
    """Whether the second figure is of other days: "5 hrs most days, 7 on a wednesday"."""
    around = message.near("weekday", before.last, after.last + 4)
    return bool(around) or bool(message.lists["kinds_of_days"].intersection(message.words(before.last, after.last + 4)))


def _stands_at_work(message: Message) -> Iterator[Fact]:
    for hit in message.hits.get("stands", []):
        if not message.stated(hit.first) or message.denied(hit.first, 4):
            continue
        clause = message.clause(hit.first)
        day = [d for d in message.near("all_day", clause.first, clause.last) if _belongs(message, hit, d)]
        work = message.lists["at_work"].intersection(message.words(hit.last, hit.last + 3))
        if day or (work and "can" not in message.words(clause.first, hit.first)):
            last = day[0].last if day else hit.last
            yield message.fact("works_standing", True, min(hit.first, day[0].first if day else hit.first), last)
            return


def _belongs(message: Message, hit: Hit, day: Hit) -> bool:
    anchors = message.in_clause(_ACTIVITIES, day.first)
    return min(anchors, key=lambda a: max(a.first - day.last, day.first - a.last)) == hit


def _without_figure(message: Message) -> Iterator[Fact]:
    """Yields hours sat for "all day at a desk" and "I hardly sit"."""
    for day in message.hits.get("all_day", []):
        for hit in message.in_clause("sits", day.first):
            if _belongs(message, hit, day) and message.stated(hit.first) and not message.denied(hit.first):
                yield message.fact("sitting_hours", ALL_DAY, min(hit.first, day.first), max(hit.last, day.last))
                return
    for hit in message.hits.get("sits", []):
        if hit.value != "sit" or message.word(hit.first) == "sat" or not message.stated(hit.first):
            continue
        clause = message.clause(hit.first)
        before = message.words(max(hit.first - 4, clause.first), hit.first)
        down = message.word(hit.last - 1) == "down"
        if "can" in before or (message.word(hit.last) in message.lists["after_sit_otherwise"] and not down):
            continue
        little = message.near("little", hit.first - 2, hit.last + 2)
        if little or _denied_itself(message, hit):
            yield message.fact("sitting_hours", LITTLE, max(hit.first - 2, clause.first), hit.last)
            return


def _denied_itself(message: Message, hit: Hit) -> bool:
    """Whether "not" is said of the sitting: not "no way of sitting", "don't tell me it's sitting"."""
    clause = message.clause(hit.first)
    negators = [cue for cue in message.near("no", clause.first, hit.first) if message.denied(hit.first, 4)]
    return bool(negators) and message.lists["between_not_and_sit"].issuperset(
        message.words(negators[-1].last, hit.first)
    )


def read_minutes(message: Message) -> Iterator[Fact]:
    """Yields minutes_available: time for exercises, not of anything else."""
    for quantity in message.quantities:
        if quantity.unit not in ("minutes", "hours") or message.past(quantity.first):
            continue
        if message.about == "self" and not message.own(quantity.first):
            continue
        minutes = quantity.high * (60 if quantity.unit == "hours" else 1)
        if 1 <= minutes <= 120 and _to_spare(message, quantity):
            yield message.fact("minutes_available", round(minutes), quantity.first, quantity.last)
            return


def _to_spare(message: Message, quantity: Quantity) -> bool:
    clause = message.clause(quantity.first)
    before = message.words(max(quantity.first - 4, clause.first), quantity.first)
    after = message.word(quantity.last)
    has = message.lists["before_spare_minutes"].intersection(before)
    wished = bool(message.near("wish", clause.first, clause.last))
    fits = (
        {"about"} if has else {"for"} if wished and (quantity.per == "day" or message.asked(quantity.first)) else set()
    )
    taken = message.lists["before_taken_minutes"].intersection(before[-2:]) - fits
    if taken or after in message.lists["minutes_taken_by"]:
        return False
    if has or after in message.lists["minutes_at_most"]:
        return not message.denied(quantity.first, 3) or "only" in before
    alone = clause.last - clause.first - (quantity.last - quantity.first) <= 3
    if quantity.per == "day" or (message.asked(quantity.first) and before[-1:] in (["in"], ["for"])):
        return wished or alone
    if after in message.lists["after_spare_minutes"] and (alone or after not in ("a", "in", "on", "to", "is")):
        return alone or wished
    around = message.near(("wish", "thing"), *message.sentence(quantity.first))
    return alone and (bool(around) or message.clauses[-1] is clause)
