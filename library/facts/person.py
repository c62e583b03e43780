"""Whom the message is about: age, hypermobility, what was found."""

import datetime as dt
from collections.abc import Iterator

from library.facts.fact import Fact
from library.facts.message import Message
from library.facts.quantities import UNITS, Quantity
from library.facts.vocabulary import Hit

YEAR = UNITS["years"][1]
YOUNGEST, OLDEST = 3, 104
FINDING = 25  # words quoted
TEENAGER = 12  # from here on a bare number may be an age
_IS = (["am"], ["is"], ["'s"], ["s"], ["being"])


def read_age(message: Message) -> Iterator[Fact]:
    """Yields age: "I'm 72", "72F", "my 14 year old", "(82)", "born 1950"."""
    found = [(rank, q) for q in message.quantities if q.low == q.high and (rank := _certainty(message, q))]
    if not found:
        return
    _, quantity = max(found, key=lambda pair: pair[0])
    age = quantity.low / YEAR if quantity.unit == "days" else quantity.low
    if age > OLDEST:
        age = dt.date.today().year - age
    yield message.fact("age", round(age), quantity.first, quantity.last)


def _certainty(message: Message, quantity: Quantity) -> int:
    """Returns how plainly the number is the age of the person the message is about; 0 if it is none."""
    before = message.words(quantity.first - 2, quantity.first)
    after = message.words(quantity.last, quantity.last + 2)
    if not _of_target(message, quantity) or message.unreal(quantity.first):
        return 0
    if "born" in before:
        return 4 if dt.date.today().year - OLDEST < quantity.low < dt.date.today().year - YOUNGEST else 0
    years = quantity.low / YEAR if quantity.word == "years" else quantity.low
    if not YOUNGEST <= round(years) <= OLDEST or round(years) != round(years, 1) or _other_number(message, quantity):
        return 0
    if quantity.word == "years" or after[:2] == ["y", "o"] or after[:1] == ["yo"]:
        if after[:1] in (["old"], ["y"], ["yo"]) or after == ["-", "old"]:
            return 5 if message.word(quantity.last + 1) not in ("injury", "knee", "chair") else 0
        return (
            4 if before[-1:] in _IS and _has_subject(message, quantity) and after[:1] not in (["in"], ["into"]) else 0
        )
    if before[-1:] and before[-1] in ("age", "aged", "turned", "turning", "nearly", "almost") or before[:1] == ["age"]:
        return 5
    if _glued(message, quantity):
        return 5
    if (
        message.near("unit", quantity.last, quantity.last + 1)
        or after[:1]
        and after[0] in message.lists["after_other_number"]
    ):
        return 0
    if before[-1:] in _IS and _has_subject(message, quantity):
        return 4
    if years < TEENAGER:
        return 0
    if before[-1:] == ["("] and after[:1] in ([")"], [","]):
        return 3
    clause = message.clause(quantity.first)
    alone = clause.last - clause.first <= 2 and len(message.clauses) > 1 and not clause.asked
    described = clause.first == quantity.first == 0 and after[:1] in (["female"], ["male"], ["and"], ["woman"], ["man"])
    return 2 if clause.sentence <= 1 and (alone or described) else 0


def _other_number(message: Message, quantity: Quantity) -> bool:
    """Whether the number is of something else: a kind of, a limit, a year of school, the writer's children."""
    if quantity.unit not in ("number", "days", "clock") or (quantity.unit == "days" and quantity.word != "years"):
        return True
    before = message.words(quantity.first - 5, quantity.first)
    if (
        before[-1:]
        and before[-1] in message.lists["before_other_number"]
        or before[-1:] == ["a"]
        and before[-2:-1] != ["my"]
    ):
        return True
    return message.about != "child" and bool(message.lists["children"].intersection(before))


def _glued(message: Message, quantity: Quantity) -> bool:
    """Whether a letter at the number says woman or man: "72F", "F72", "36M"."""
    before, after = quantity.first - 1, quantity.last
    if message.word(before) in ("f", "am") and message.tokens[before].end == message.tokens[quantity.first].start:
        return True
    if message.word(after) not in ("f", "am") or message.tokens[after].start > message.tokens[after - 1].end:
        return False
    # "50m" may be metres.
    begins = message.clause(quantity.first).first == quantity.first
    return message.word(after) == "f" or begins and message.word(after + 1) not in message.lists["after_metres"]


def _of_target(message: Message, quantity: Quantity) -> bool:
    owner = message.owner_of[quantity.first]
    return owner == message.about or (owner == "other" and message.about != "self")


def _has_subject(message: Message, quantity: Quantity) -> bool:
    before = message.words(quantity.first - 4, quantity.first)
    if before[-2:-1] in (["it"], ["that"], ["there"], ["this"]):
        return False
    people = message.near("person", quantity.first - 4, quantity.first)
    return bool({"i", "he", "she", "me", "myself"}.intersection(before) or people or len(before) <= 2)


def read_whom(message: Message) -> Iterator[Fact]:
    """Yields whom, where the message is about somebody else."""
    if message.about not in ("self", "other"):
        hits = [hit for hit in message.hits["person"] if hit.value == message.about]
        first, last = (hits[0].first, hits[0].last) if hits else (0, 1)
        yield message.fact("whom", message.about, first, last)


def read_hypermobile(message: Message) -> Iterator[Fact]:
    """Yields hypermobile: True or False."""
    for hit in message.hits.get("hypermobile", []):
        if (
            message.unreal(hit.first)
            or message.asked(hit.first)
            and message.clause(hit.first).opener in ("is", "are", "can", "does", "what", "do", "how")
        ):
            continue
        if not message.own(hit.first) and message.owner_of[hit.first] != "professional":
            continue
        yield message.fact("hypermobile", not message.denied(hit.first, 4), hit.first, hit.last)
        return


def read_finding(message: Message) -> Iterator[Fact]:
    """Yields finding: what somebody says that a professional or a scan found."""
    for hit in message.hits.get("person", []):
        clause = message.clause(hit.first)
        if hit.value != "professional" or not _is_told(message, hit):
            continue
        told = [cue for cue in message.near("told", hit.last, clause.last) if cue.first - hit.last <= 5]
        if told and told[0].last < clause.last:
            yield _finding(message, hit.first)
            return
    for hit in message.hits.get("been_told", []):
        if _is_told(message, hit) and message.clause(hit.first).last - hit.last >= 2:
            yield _finding(message, hit.first)
            return
    for hit in message.hits.get("scan", []):
        if _is_told(message, hit) and message.in_clause("clear", hit.first):
            yield _finding(message, message.clause(hit.first).first)
            return


def _is_told(message: Message, hit: Hit) -> bool:
    owned = message.own(hit.first) or message.owner_of[hit.first] == "professional"
    return owned and not (message.asked(hit.first) or message.unreal(hit.first) or message.denied(hit.first, 3))


def _finding(message: Message, first: int) -> Fact:
    """Quotes up to where the person goes on in their own voice, or the end of the sentence."""
    number = message.clause_of[first]
    last = message.clauses[number].last
    for clause in message.clauses[number + 1 :]:
        own = message.word(clause.first) in ("i", "so", "but", "because", "what", "my", "do", "is")
        if clause.sentence != message.clauses[number].sentence or own or clause.last - first > FINDING:
            break
        last = clause.last
    last = min(last, first + FINDING)
    while last > first + 1 and message.word(last - 1) in message.lists["marks"]:
        last -= 1
    return message.fact("finding", message.quote(first, last), first, last)
