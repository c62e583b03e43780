"""Since when, old injuries, operations, pregnancy and birth."""

import datetime as dt
from collections.abc import Iterator

from library.facts.dates import days_ago
from library.facts.fact import Fact
from library.facts.message import Message
from library.facts.vocabulary import Hit

OLD = 42  # days: from then on an injury is an old one (data/red_flags judges fresh ones)
CHILDHOOD = 20 * 365
Span = tuple[int, int, int | None]  # the first token, the one after the last, and days


def read_since(message: Message) -> Iterator[Fact]:
    """Yields since (the words) and since_days, where they say how long it has been tight or sore."""
    found = [*_since(message), *_lasting(message), *_always(message)]
    found = [span for span in found if not message.unreal(span[0]) and message.own(span[0])]
    # What corrects counts before what it corrects.
    found.sort(key=lambda span: not message.near("correction", span[0] - 5, span[0] + 1))
    for first, last, days in found[:1]:
        yield message.fact("since", message.quote(first, last), first, last)
        if days is not None:
            yield message.fact("since_days", days, first, last)


def _since(message: Message) -> Iterator[Span]:
    """Finds "since February", "since about 2020", "since I moved desks"."""
    for hit in message.hits.get("since", []):
        clause = message.clause(hit.first)
        last = min(clause.last, hit.last + 9)
        starts = message.near("time_word", hit.last, min(last, hit.last + 7))
        quantity = next((q for q in message.quantities if hit.last <= q.first <= hit.last + 2), None)
        year = quantity and 1930 < quantity.low <= dt.date.today().year
        if not (starts or year or (quantity and quantity.unit == "days")) or not _of_symptom(message, hit.first):
            continue
        while last > hit.last + 1 and (
            message.word(last - 1) in message.lists["marks"] or message.word(last - 1) == "and"
        ):
            last -= 1
        if quantity and quantity.unit == "days":
            yield (
                hit.first,
                max(last, quantity.last) if message.word(quantity.last) == "ago" else quantity.last,
                round(quantity.value),
            )
            continue
        words = message.words(starts[0].first if starts else hit.last, last)
        yield hit.first, last, CHILDHOOD if words[:1] == ["childhood"] else days_ago(" ".join(words[:4]))


def _of_symptom(message: Message, at: int) -> bool:
    """Whether a "since" tells how long it has been tight, not how long somebody has worked or trained."""
    first, _ = message.sentence(at)
    before = message.near(("tight", "hurts", "muscle", "area", "side", "symptom", "sits", "correction"), first, at)
    clause = message.clause(at)
    inside = max(clause.first, at - 8)
    other = message.near(("operation", "ability", "trains", "treatment", "sport", "job"), inside, at)
    other = [hit for hit in other if hit.value not in ("sit", "stand", "bend")]
    number = message.clause_of[at]
    if clause.first == at and number and message.clauses[number - 1].sentence == clause.sentence:
        other = []
    if message.near("tight", inside, at):
        return True
    return not other and (bool(before) or at == clause.first)


def _lasting(message: Message) -> Iterator[Span]:
    """Finds "for five months", "14 months", "started three weeks ago"."""
    for quantity in message.quantities:
        if quantity.unit != "days" or quantity.per or message.past(quantity.first):
            continue
        clause = message.clause(quantity.first)
        after, before = message.word(quantity.last), message.word(quantity.first - 1)
        began = message.near("began", max(quantity.first - 3, clause.first), quantity.first)
        if (clause.asked and clause.opener != "why") or after in message.lists["after_other_length"]:
            continue
        if message.near(
            ("injury", "operation", "healed", "after_birth", "pregnant", "job", "trains"), clause.first, clause.last
        ):
            continue
        if (
            before in message.lists["before_other_length"]
            and not began
            or message.near("pregnant", *message.sentence(quantity.first))
        ):
            continue
        tight = message.near(("tight", "symptom"), clause.first, clause.last)
        if message.near("treatment", clause.first, clause.last) and not message.near(
            "tight", clause.first, clause.last
        ):
            continue
        if after == "ago":
            if message.lists["began_ago"].intersection(message.words(clause.first, quantity.first)):
                yield quantity.first, quantity.last + 1, round(quantity.value)
            continue
        alone = clause.last - clause.first - (quantity.last - quantity.first) <= 3 and quantity.value >= 2
        around = message.near(("tight", "muscle", "hurts"), *message.sentence(quantity.first))
        if (began and tight) or (alone and around):
            yield began[0].first if began else quantity.first, quantity.last, round(quantity.value)


def _always(message: Message) -> Iterator[Span]:
    for hit in message.hits.get("period", []):
        clause = message.clause(hit.first)
        lasting = message.word(hit.first - 1) in ("have", "has", "been", "since") or hit.last >= clause.last - 1
        if message.words(hit.first, hit.last) == ["always"] and not lasting:
            continue
        if message.in_clause(("symptom", "tight"), hit.first) and not clause.asked:
            yield hit.first, hit.last, CHILDHOOD if hit.value == "always" else None


def read_injury(message: Message) -> Iterator[Fact]:
    """Yields old_injury, injury_days and injury_healed."""
    injuries = [hit for hit in message.hits.get("injury", []) if _own_injury(message, hit)]
    for hit in message.hits.get("injury_no", []):
        if message.stated(hit.first) and all(_within(injury, hit) for injury in injuries):
            yield message.fact("old_injury", False, hit.first, hit.last)
            return
    for hit in injuries:
        first, last, days = _when(message, hit)
        healed = _healed(message, hit)
        old = "old" in message.words(hit.first - 1, hit.last) or bool(healed and healed[0] and days is None)
        if days is not None and days >= OLD or days is None and old:
            yield message.fact("old_injury", True, min(first, hit.first), max(last, hit.last))
        if days is not None:
            yield message.fact("injury_days", days, min(first, hit.first), max(last, hit.last))
        if healed:
            yield message.fact("injury_healed", healed[0], healed[1].first, healed[1].last)
        if days is not None or old:
            return


def _within(hit: Hit, outer: Hit) -> bool:
    return outer.first <= hit.first and hit.last <= outer.last


def _own_injury(message: Message, hit: Hit) -> bool:
    if message.asked(hit.first) or message.unreal(hit.first) or not message.own(hit.first):
        return False
    clause = message.clause(hit.first)
    if message.near("limb_above", max(hit.first - 3, clause.first), min(hit.last + 4, clause.last)):
        return False
    return not message.denied(hit.first, 4)


def _when(message: Message, hit: Hit) -> tuple[int, int, int | None]:
    first, last = message.sentence(hit.first)
    best: tuple[float, int, int, int] | None = None

    def offer(start: int, end: int, days: int | None) -> None:
        nonlocal best
        if days is None:
            return
        distance = start - hit.last if start >= hit.last else hit.first - end + 0.5
        if distance <= 14 and (best is None or distance < best[0]):
            best = (distance, start, end, days)

    for quantity in message.quantities:
        if not first <= quantity.first < last:
            continue
        if quantity.unit == "days" and message.word(quantity.last) in ("ago", "back"):
            offer(quantity.first, quantity.last + 1, round(quantity.value))
        elif quantity.unit == "number" and quantity.low == quantity.high:
            text = message.words(quantity.first, quantity.last)
            before = message.words(quantity.first - 2, quantity.first)
            if len(text) == 1 and len(text[0]) == 4 and 1930 < quantity.low <= dt.date.today().year:
                month = (
                    message.word(quantity.first - 1)
                    if message.near("time_word", quantity.first - 1, quantity.first)
                    else ""
                )
                offer(quantity.first, quantity.last, days_ago(f"{month} {text[0]}".strip()))
            elif (
                len(text[0]) == 2
                and text[0].isdigit()
                and ("'" in before or "in" in before[-1:] and text[0].startswith("0"))
            ):
                year = int(text[0]) + (2000 if int(text[0]) <= dt.date.today().year % 100 else 1900)
                offer(quantity.first, quantity.last, days_ago(str(year)))
            elif (
                before[-1:] == ["at"]
                and 3 <= quantity.low <= 30
                and not message.near("unit", quantity.last, quantity.last + 1)
            ):
                offer(quantity.first - 1, quantity.last, CHILDHOOD if quantity.low < 15 else 5 * 365)
    for word in message.near("time_word", first, last):
        said = " ".join(message.words(word.first, word.last))
        if word.first > hit.first - 12 and said not in (
            "then",
            "the fall",
            "fall",
            "week",
            "school",
            "always",
            "age",
            "may" if message.word(word.first - 1) != "in" else "",
        ):
            offer(word.first, word.last, days_ago(said))
    for past in message.near("past", first, last):
        words = message.words(past.first, past.last)
        if words[-1:] in (["kid"], ["child"], ["teenager"], ["youth"], ["girl"], ["boy"]) or words == [
            "when",
            "i",
            "was",
        ]:
            offer(past.first, past.last, CHILDHOOD)
    return best[1:] if best else (hit.first, hit.last, None)


def _healed(message: Message, hit: Hit) -> tuple[bool, Hit] | None:
    first, last = message.sentence(hit.first)
    # The next sentence may say it: "I tore it in 2011. It healed."
    number = message.clause(hit.first).sentence
    following = [clause for clause in message.clauses if clause.sentence == number + 1]
    end = following[-1].last if following else last
    for theme, value in (("unhealed", False), ("healed", True)):
        for word in message.near(theme, hit.last - 1, end) or message.near(theme, first, hit.first):
            if theme == "healed" and message.denied(word.first, 3):
                return False, word
            return value, word
    return None


def read_operation(message: Message) -> Iterator[Fact]:
    """Yields operation: True or False."""
    for hit in message.hits.get("operation", []):
        around = message.words(hit.first - 3, hit.last + 3)
        if message.asked(hit.first) or message.unreal(hit.first) or not message.own(hit.first):
            continue
        if message.lists["no_operation_yet"].intersection(around):
            continue
        yield message.fact("operation", not message.denied(hit.first, 2), hit.first, hit.last)
        return


def read_pregnancy(message: Message) -> Iterator[Fact]:
    """Yields pregnant, pregnancy_weeks and after_birth."""
    after = next(
        (hit for hit in message.hits.get("after_birth", []) if message.stated(hit.first) or _is_target(message, hit)),
        None,
    )
    if after and not message.denied(after.first, 3):
        yield message.fact("after_birth", True, after.first, after.last)
    for hit in message.hits.get("pregnant", []):
        if message.unreal(hit.first) or message.past(hit.first) or not message.own(hit.first):
            continue
        denied = message.denied(hit.first, 4) or "no" in message.words(hit.last, hit.last + 3)
        if (
            message.asked(hit.first)
            and "?" in message.words(hit.last, hit.last + 2)
            and message.clause(hit.first).opener in ("is", "are", "do", "can")
        ):
            continue
        yield message.fact("pregnant", not denied, hit.first, hit.last)
        if not denied:
            yield from _weeks(message, hit)
        return
    yield from _weeks_alone(message)


def _is_target(message: Message, hit: Hit) -> bool:
    return message.own(hit.first) and not message.asked(hit.first)


def _weeks(message: Message, hit: Hit) -> Iterator[Fact]:
    first, last = message.sentence(hit.first)
    for quantity in message.quantities:
        if not first <= quantity.first < last:
            continue
        if (
            quantity.word == "weeks"
            and 3 <= quantity.value / 7 <= 42
            and not message.near("rate", quantity.last, quantity.last + 1)
        ):
            yield message.fact("pregnancy_weeks", round(quantity.value / 7), quantity.first, quantity.last)
            return
        if (
            quantity.unit == "number"
            and message.word(quantity.first - 1) in ("week", "weeks")
            and 3 <= quantity.low <= 42
        ):
            yield message.fact("pregnancy_weeks", round(quantity.low), quantity.first - 1, quantity.last)
            return


def _weeks_alone(message: Message) -> Iterator[Fact]:
    """ "22 weeks with our first" and "18+3"."""
    for quantity in message.quantities:
        after = message.words(quantity.last, quantity.last + 4)
        firsts = {"first", "second", "third", "baby", "twins"}
        if quantity.word == "weeks" and after[:1] == ["with"] and firsts & set(after) and 3 <= quantity.value / 7 <= 42:
            yield message.fact("pregnant", True, quantity.first, quantity.last)
            yield message.fact("pregnancy_weeks", round(quantity.value / 7), quantity.first, quantity.last)
            return
