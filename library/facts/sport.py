"""Sport, how much of it, and work."""

from collections.abc import Iterator

from library.facts.fact import Fact
from library.facts.message import Message
from library.facts.quantities import Quantity
from library.facts.vocabulary import Hit

NONE, SOME, MUCH = "not_at_all", "some", "a_lot"
OFTEN = 3  # times a week that are still "some"
KILOMETRES = 30  # a week of running that is still "some"
_NOT_DONE = {"not", "no", "never"}


def read_sports(message: Message) -> Iterator[Fact]:
    """Yields each sport that somebody does, and training_load."""
    done: dict[str, Hit] = {}
    for hit in message.hits.get("sport", []):
        if _is_done(message, hit):
            done.setdefault(hit.value, hit)
    for value, hit in done.items():
        yield message.fact("sports", value, hit.first, hit.last)
    yield from read_load(message, list(done.values()))


def _is_done(message: Message, hit: Hit) -> bool:
    at = hit.first
    clause = message.clause(at)
    before = message.words(max(at - 3, clause.first), at)
    if not message.stated(at) or message.denied(at, 4) or _of_an_injury(message, clause.first, clause.last):
        return False
    if message.in_clause("no_help", at) and message.near("treatment", at, hit.last):
        return False
    if message.word(hit.last) in message.lists["after_no_sport"]:
        return False
    if message.lists["before_no_sport"].intersection(before) or before[-2:] in (["like", "a"], ["like", "an"]):
        return False
    if message.word(hit.last - 1) == "gym":
        going = message.lists["before_gym"].intersection(before)
        often = message.near(("weekday", "often", "rate", "unit"), hit.last, hit.last + 4)
        return bool(going or often) and message.word(hit.last) != "0"
    if message.word(at) in message.lists["plain_sport_verbs"] and hit.last - at == 1:
        # Plain words need somebody who does it, or how often.
        subject = message.lists["before_sport_verb"].intersection(before)
        often = message.near(("weekday", "often", "rate", "sport"), hit.last, hit.last + 5)
        counted = message.word(hit.last)[:1].isdigit()
        return bool(subject or often or counted or at == clause.first) and not {"can", "to"}.intersection(before[-2:])
    return before[-1:] not in (["no"], ["not"], ["any"], ["like"])


def _of_an_injury(message: Message, first: int, last: int) -> bool:
    """Whether the clause tells of an injury of long ago: the sport may be over."""
    dated = any(
        first <= q.first < last and (1930 < q.low < 2100 or message.word(q.last) == "ago") for q in message.quantities
    )
    return dated and bool(message.near("injury", first, last))


def read_load(message: Message, done: list[Hit]) -> Iterator[Fact]:
    """Yields training_load: not_at_all, some or a_lot."""
    if denial := _denial(message, done):
        yield message.fact("training_load", NONE, *denial)
        return
    anchors = [
        *done,
        *(
            hit
            for hit in message.hits.get("trains", [])
            if message.stated(hit.first) and not message.denied(hit.first, 3)
        ),
    ]
    times, first, last = 0.0, 10**6, 0
    for anchor in anchors:
        count, start, end = _times_a_week(message, anchor, anchors)
        if count:
            times, first, last = times + count, min(first, start, anchor.first), max(last, end, anchor.last)
    if times:
        yield message.fact("training_load", SOME if times <= OFTEN else MUCH, first, last)
        return
    for anchor in anchors:
        words = [
            hit
            for hit in message.in_clause("often", anchor.first)
            if _nearest(anchor, hit, anchors) and -6 <= hit.first - anchor.last <= 6
        ]
        words = [hit for hit in words if message.stated(hit.first)]
        if words:
            word = words[0]
            value = word.value
            if message.denied(word.first, 3):
                value = SOME
            if (hit := words[0]) and message.clause(anchor.first).asked:
                continue
            yield message.fact("training_load", value, min(anchor.first, hit.first), max(anchor.last, hit.last))
            return


def _denial(message: Message, done: list[Hit]) -> tuple[int, int] | None:
    """Returns where the message denies all sport ("no sport", "I don't exercise"); None if one is done after all."""
    if done:
        return None
    for hit in message.hits.get("trains", []):
        words = message.words(max(hit.first - 3, message.clause(hit.first).first), hit.first)
        word = message.word(hit.first)
        if message.asked(hit.first) or message.unreal(hit.first) or not message.own(hit.first):
            continue
        much = message.word(hit.last) in message.lists["no_denial_of_sport"]
        if word in message.lists["sport_words"] and set(words) & _NOT_DONE and not much and "helps" not in words:
            if "because" in words or "idea" in words or "which" in words:
                continue
            return max(hit.first - len(words), 0), hit.last
        after = message.words(hit.last, hit.last + 2)
        if word in ("sport", "sports", "exercise") and after[-1:] in (["none"], ["zero"], ["0"]):
            return hit.first, hit.last + len(after)
    return None


def _nearest(anchor: Hit, hit: Hit, anchors: list[Hit]) -> bool:
    return min(anchors, key=lambda a: min(abs(hit.first - a.last), abs(a.first - hit.last))) is anchor


def _times_a_week(message: Message, anchor: Hit, anchors: list[Hit]) -> tuple[float, int, int]:
    """Returns how often a week, and where that stands."""
    clause = message.clause(anchor.first)
    first, last = clause.first, clause.last
    number = message.clause_of[anchor.first]
    if number + 1 < len(message.clauses):
        after = message.clauses[number + 1]
        if (
            after.sentence == clause.sentence
            and after.last - after.first <= 7
            and not message.near(("sits", "stands", "sport", "trains"), after.first, after.last)
        ):
            last = after.last
    best = (0.0, 0, 0)
    for quantity in message.quantities:
        if not (first <= quantity.first < last) or not message.stated(quantity.first):
            continue
        if not _closest(quantity.first, quantity.last, anchor, anchors):
            continue
        if quantity.unit == "times" and quantity.per in ("", "week", "day"):
            count = quantity.value * (7 if quantity.per == "day" else 1)
        elif quantity.unit == "days" and quantity.word == "days" and _counts_days(message, quantity, anchor):
            count = quantity.value
        elif quantity.unit == "km" and (
            quantity.per == "week"
            or "week" in message.words(quantity.last, quantity.last + 5)
            or "weeks" in message.words(quantity.last, quantity.last + 2)
        ):
            count = 2.0 if quantity.value <= KILOMETRES else 5.0
        else:
            continue
        if 0 < count <= 21:
            best = (
                (best[0] + count, quantity.first, quantity.last) if best[0] else (count, quantity.first, quantity.last)
            )
    if best[0]:
        return best
    days = [
        hit
        for hit in message.near("weekday", first, last)
        if _closest(hit.first, hit.last, anchor, anchors)
        and message.word(hit.first - 1) not in ("since", "last", "on", "this")
        or message.word(hit.first).endswith("days")
    ]
    days = [hit for hit in days if _closest(hit.first, hit.last, anchor, anchors)]
    if days and (len(days) > 1 or message.word(days[0].first).endswith("days")):
        return float(len(days)), days[0].first, days[-1].last
    return 0.0, 0, 0


def _counts_days(message: Message, quantity: Quantity, anchor: Hit) -> bool:
    """Whether "5 days" says how often: not "5 days ago", "for 5 days"."""
    if message.word(quantity.last) in message.lists["after_days"]:
        return False
    if message.word(quantity.first - 1) in message.lists["before_days"] or "few" in message.words(
        quantity.first, quantity.last
    ):
        return False
    return quantity.per == "week" or min(abs(quantity.first - anchor.last), abs(anchor.first - quantity.last)) <= 3


def _closest(first: int, last: int, anchor: Hit, anchors: list[Hit]) -> bool:
    def distance(hit: Hit) -> float:
        return first - hit.last if hit.last <= first else hit.first - last + 0.5

    return min(anchors, key=distance) is anchor


def read_job(message: Message) -> Iterator[Fact]:
    """Yields the work that somebody says is theirs."""
    for hit in message.hits.get("job", []):
        if message.unreal(hit.first) or message.asked(hit.first) or message.denied(hit.first, 3):
            continue
        clause = message.clause(hit.first)
        rest = clause.last - clause.first - (hit.last - hit.first)
        before = message.words(max(hit.first - 3, clause.first), hit.first)
        after = message.word(hit.last)
        introduced = set(before) & message.lists["before_job"] or before[-1:] in (["a"], ["an"]) and "am" in before
        alone = rest <= 4 and hit.last >= clause.last - 2 or after in ("here", ",", "(", ".", ":")
        other = not message.own(hit.first)
        if (
            other
            or set(before) & {"my", "the", "was", "used", "physio", "like", "by"} - {"by"}
            or message.past(hit.first)
        ):
            continue
        verb = message.word(hit.first) in message.lists["job_verbs"]
        if introduced or alone or verb or message.word(hit.last - 1) == "job":
            yield message.fact("job", hit.value, hit.first, hit.last)
            return
