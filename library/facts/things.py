"""Equipment at hand or missing, the place, and what was tried."""

from collections.abc import Iterator

from library.facts.fact import Fact
from library.facts.message import Message
from library.facts.vocabulary import Hit


def read_equipment(message: Message) -> Iterator[Fact]:
    """Yields has_equipment and lacks_equipment, one fact for each thing."""
    state: dict[str, tuple[str, int, int]] = {}
    things = message.hits.get("thing", [])
    for hit in things:
        if not (message.own(hit.first) or message.asked(hit.first) or message.owner_of[hit.first] == "self"):
            continue
        if kind := _state(message, hit, things, state):
            state[hit.value] = (kind, hit.first, hit.last)
    for value, (kind, first, last) in state.items():
        if kind == "lacks" and value == "equipment":
            value = "anything"
        if value != "equipment":
            yield message.fact("has_equipment" if kind == "has" else "lacks_equipment", value, first, last)


def _state(message: Message, hit: Hit, things: list[Hit], state: dict[str, tuple[str, int, int]]) -> str:
    clause = message.clause(hit.first)
    start = max(clause.first, hit.first - 6)
    before = message.words(start, hit.first)
    if (
        message.near(("injury", "operation"), clause.first, clause.last)
        or message.near("sits", hit.first, hit.last)
        and message.near("sits", clause.first, hit.first)
    ):
        return ""
    if message.word(hit.last) in message.lists["after_thing"]:
        return ""
    past = message.past(hit.first)
    lacks = [cue for cue in message.near("have_not", clause.first, hit.first) if hit.first - cue.last <= 3]
    no = message.denied(hit.first, 3)
    if (
        no
        or lacks
        and "any" not in message.words(lacks[-1].first, lacks[-1].last)
        and message.words(lacks[-1].first, lacks[-1].last) not in (["have", "only"], ["not"], ["any"])
    ):
        if "use" in before or "need" in before or past or message.unreal(hit.first):
            return ""
        if no and not (lacks or "have" in before or "got" in before or "no" in before or "without" in before):
            return ""
        return "lacks"
    if past or message.unreal(hit.first) and not message.asked(hit.first):
        return ""
    have = [
        cue for cue in message.near("have", clause.first, hit.first) if _is_list(message, cue.last, hit.first, things)
    ]
    if have:
        cue = message.words(have[-1].first, have[-1].last)
        weak = cue in (
            ["with"],
            ["on"],
            ["on", "the"],
            ["on", "a"],
            ["on", "my"],
            ["is", "a"],
            ["using"],
            ["use"],
            ["against"],
            ["holding"],
            ["bought"],
            ["has"],
            ["for", "on", "a"],
            ["just"],
        )
        # "with a band" is at hand where an exercise is asked for
        if not weak or _wished(message, hit) or cue == ["using"]:
            return "has"
    # "a towel and a door frame": goes on a list
    previous = [thing for thing in things if thing.last <= hit.first and thing.value in state]
    if previous:
        last = previous[-1]
        same = message.clause(last.first).sentence == clause.sentence
        words = message.words(last.last, hit.first)
        if (
            same
            and len(words) <= 8
            and all(word in message.lists["in_list"] | {",", "(", ")"} or word.isdigit() for word in words)
        ):
            return "lacks" if "no" in words else state[last.value][0]
    only = message.near("only", hit.last, hit.last + 2)
    if only and hit.first - clause.first <= 2 and not message.near("sits", clause.first, hit.first):
        return "has"
    answer = message.word(hit.last) in ("yes",) or message.words(hit.last, hit.last + 2) == [":", "yes"]
    if answer:
        return "has"
    if message.word(hit.last) in ("no",) and message.word(hit.last + 1) in (",", ".", ""):
        return "lacks"
    return ""


def _is_list(message: Message, first: int, last: int, things: list[Hit]) -> bool:
    inside = {
        i for thing in things if first <= thing.first and thing.last <= last for i in range(thing.first, thing.last)
    }
    return last - first <= 9 and all(
        word in message.lists["in_list"] or word.isdigit() or i in inside
        for i, word in enumerate(message.words(first, last), first)
    )


def _wished(message: Message, hit: Hit) -> bool:
    clause = message.clause(hit.first)
    return message.asked(hit.first) or bool(message.near("wish", clause.first, hit.first))


def read_place(message: Message) -> Iterator[Fact]:
    """Yields place: where somebody wants to exercise, not where they sit or where it hurts."""
    for hit in message.hits.get("place", []):
        clause = message.clause(hit.first)
        rest = clause.last - clause.first - (hit.last - hit.first)
        if message.past(hit.first) or message.denied(hit.first, 4) or message.near("sport", hit.first - 2, hit.first):
            continue
        if message.near(("sits", "stands"), clause.first, hit.first) or message.near(
            ("hurts", "tight", "all_day"), hit.last, clause.last
        ):
            continue
        if message.near(("hurts", "tight"), clause.first, hit.first) and not message.near(
            "wish", clause.first, hit.first
        ):
            continue
        quantity = any(
            clause.first <= q.first < clause.last and q.unit in ("hours", "clock") for q in message.quantities
        )
        if quantity:
            continue
        whole = len(message.clauses) <= 2 and rest <= 3
        if (
            message.near("wish", clause.first, hit.first)
            and (message.asked(hit.first) or not message.unreal(hit.first) or True)
            or whole
        ):
            yield message.fact("place", hit.value, hit.first, hit.last)
            return


def read_tried(message: Message) -> Iterator[Fact]:
    """Yields each thing that was tried."""
    seen: set[str] = set()
    things = message.hits.get("treatment", [])
    following: Hit | None = None
    for hit in things:
        if hit.value in seen or not (message.own(hit.first) or message.owner_of[hit.first] == "professional"):
            continue
        if _tried(message, hit) or following and _goes_on(message, following, hit):
            seen.add(hit.value)
            following = hit
            yield message.fact("tried", hit.value, hit.first, hit.last)


def _tried(message: Message, hit: Hit) -> bool:
    clause = message.clause(hit.first)
    if message.unreal(hit.first) or message.denied(hit.first, 4):
        return False
    judged = [cue for cue in message.near("no_help", hit.first, clause.last) if cue.first - hit.last <= 4]
    if judged and not message.asked(hit.first):
        return True
    if message.asked(hit.first):
        return False
    cues = [cue for cue in message.near("tried", clause.first, hit.last) if hit.first - cue.last <= 6]
    if not cues:
        return False
    words = message.words(cues[-1].first, cues[-1].last)
    if words in (
        ["do"],
        ["i", "do"],
        ["doing"],
        ["am", "doing"],
        ["have", "done"],
        ["done"],
        ["did"],
        ["used"],
        ["been"],
        ["had"],
        ["had", "a"],
        ["seen"],
        ["went", "to"],
        ["have", "been"],
        ["i", "have"],
        ["daily", "for"],
        ["have", "had"],
        ["spent"],
        ["already"],
    ):
        return hit.first - cues[-1].last <= 3 and not message.near("sits", cues[-1].last, hit.first)
    return True


def _goes_on(message: Message, last: Hit, hit: Hit) -> bool:
    """Whether `hit` goes on a list that `last` stands in."""
    words = message.words(last.last, hit.first)
    same = message.clause(last.first).sentence == message.clause(hit.first).sentence
    return (
        same
        and len(words) <= 7
        and ("," in words or "and" in words or "then" in words or not words)
        and not message.denied(hit.first, 2)
        and not message.asked(hit.first)
    )
