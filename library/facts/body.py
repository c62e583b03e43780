"""What hurts, which side, posture, and what somebody can't do."""

from collections.abc import Container, Iterator

from library.facts.fact import Fact
from library.facts.message import Message
from library.facts.vocabulary import Hit

_PARTS = ("back", "knee", "foot")


def read_pain(message: Message) -> Iterator[Fact]:
    """Yields pain_area for each place that is said to hurt; "none" where nothing else does."""
    said: dict[str, tuple[int, int]] = {}
    well: set[str] = set()
    for part in message.hits.get("area", []):
        pain = _pain_of(message, part)
        if pain is None:
            continue
        first, last = min(part.first, pain.first), max(part.last, pain.last)
        if _is_denied(message, part, pain):
            well.add(part.value)
        elif _really(message, part, pain):
            said.setdefault(part.value, (first, last))
    for area, span in said.items():
        yield message.fact("pain_area", area, *span)
    for hit in message.hits.get("everywhere", []):
        if not said and message.stated(hit.first):
            yield message.fact("pain_area", "none", hit.first, hit.last)
            return
    if not said and well.issuperset(_PARTS):
        named = message.hits["area"][0]
        yield message.fact("pain_area", "none", named.first, named.last)


def _pain_of(message: Message, part: Hit) -> Hit | None:
    """Returns the word of pain that is said of `part`."""
    clause = message.clause(part.first)
    for pain in message.near("hurts", clause.first, clause.last):
        if pain.first <= part.first and part.last <= pain.last:
            return pain  # "backache", "plantar fasciitis"
        if part.last <= pain.first and _all(message, part.last, pain.first, message.lists["between_part_and_pain"]):
            return pain
        if pain.last <= part.first and _all(message, pain.last, part.first, message.lists["between_pain_and_part"]):
            return pain
    # "my back doesn't hurt but my knee does"
    before = message.clauses[message.clause_of[part.first] - 1] if message.clause_of[part.first] else None
    after = message.words(part.last, part.last + 3)
    if before and after[:1] in (["does"], ["do"], ["is"], ["are"]) and after[1:2] in ([], [","], ["."], ["!"], ["and"]):
        pains = message.near("hurts", before.first, before.last)
        return pains[-1] if pains else None
    return None


def _all(message: Message, first: int, last: int, allowed: Container[str]) -> bool:
    inside = {
        i for hit in message.near(("area", "muscle", "no", "side"), first, last) for i in range(hit.first, hit.last)
    }
    return last - first <= 8 and all(message.word(i) in allowed or i in inside for i in range(first, last))


def _is_denied(message: Message, part: Hit, pain: Hit) -> bool:
    if message.clause(part.first) is not message.clause(pain.first):
        return bool(message.near("no", part.last, part.last + 2))
    return message.denied(pain.first) or message.denied(part.first, 4)


def _really(message: Message, part: Hit, pain: Hit) -> bool:
    """Whether the pain is there: not asked about in general, supposed, over or somebody else's."""
    if message.unreal(part.first) or message.past(part.first) or not message.own(part.first):
        return False
    clause = message.clause(part.first)
    if not clause.asked:
        return not set(message.words(clause.first, part.first)) & (message.lists["only_sought"] - {"give", "make"})
    mine = "my" in message.words(part.first - 3, part.first) or "my" in message.words(pain.first - 2, pain.first)
    opens = clause.opener in ("why", "what", "how", "which", "any")
    return mine and opens and not set(message.words(clause.first, clause.last)) & message.lists["only_sought"]


def read_side(message: Message) -> Iterator[Fact]:
    """Yields the side that is tight or hurts; nothing if the message names several that can't be told apart."""
    found: list[tuple[float, str, Hit]] = []
    for hit in message.hits.get("side", []):
        if weight := _weight_of_side(message, hit):
            found.append((weight, hit.value, hit))
    if not found:
        return
    both = [hit for weight, value, hit in found if value == "both" and weight >= 2]
    if both and not message.near("only", both[0].last, len(message.tokens)):
        # "Both, left more": both are meant.
        yield message.fact("side", "both", both[0].first, both[0].last)
        return
    best = max(weight for weight, _, _ in found)
    if best < 1:
        return
    values = {value for weight, value, _ in found if weight == best}
    corrected = [hit for weight, _, hit in found if message.near("correction", hit.first - 3, hit.last + 1)]
    if len(values) > 1 and "both" in values and not corrected:
        values = {"both"}
    if len(values) > 1 and corrected:
        values = {corrected[-1].value}
    if len(values) == 1:
        value = values.pop()
        hit = next(hit for _, side, hit in found if side == value)
        yield message.fact("side", value, hit.first, hit.last)


def _weight_of_side(message: Message, hit: Hit) -> float:
    at = hit.first
    clause = message.clause(at)
    words = message.words(hit.first, hit.last)
    if message.near("limb_above", at - 5, at + 3) or message.unreal(at) or not message.own(at):
        return 0
    if message.denied(at, 2) or "not" in message.words(at - 1, at):
        return 0
    if clause.asked and not ("my" in message.words(at - 2, at) or message.in_clause("tight", at)):
        return 0
    alone = clause.last - clause.first <= 3 + (
        clause.last > 0 and message.word(clause.last - 1) in (",", ".", ")", "!")
    )
    body = len(words) > 1 or message.near(("muscle", "area"), hit.last, hit.last + 2)
    led = message.word(at - 1) in message.lists["before_side"] or message.word(hit.last) in message.lists["after_side"]
    if not (body or led or alone):
        return 0
    # "Right, so", "right gotta run"
    if (
        hit.value == "right"
        and len(words) == 1
        and at == clause.first
        and not body
        and (clause.first == 0 or not alone)
    ):
        whole = len(message.clauses) == 1 and clause.last - clause.first <= 2
        if not whole and message.word(hit.last) not in message.lists["after_side"]:
            return 0
    weight = 2.0 if body else 1.5
    if message.in_clause("tight", at):
        weight += 2
    if message.in_clause(("injury", "operation"), at) or message.past(at):
        weight -= 1.4
    if set(message.words(clause.first, clause.last)) & message.lists["side_is_well"]:
        weight -= 1.4
    return weight


def read_posture(message: Message) -> Iterator[Fact]:
    """Yields posture_sign: flat_back, arched_back, or long_weak for "tight, yet my palms reach the floor"."""
    seen: dict[str, Hit] = {}
    for hit in message.hits.get("posture", []):
        if (
            message.denied(hit.first, 3)
            or message.unreal(hit.first)
            or message.past(hit.first)
            or _of_other(message, hit)
        ):
            continue
        clause = message.clause(hit.first)
        if (
            clause.asked
            and "my" not in message.words(hit.first - 4, hit.last)
            or message.word(hit.first - 1) in ("a", "an")
            and clause.asked
        ):
            continue
        seen.setdefault(hit.value, hit)
    if len(seen) == 1:
        hit = next(iter(seen.values()))
        yield message.fact("posture_sign", hit.value, hit.first, hit.last)
    elif not seen:
        yield from _long(message)


def _of_other(message: Message, hit: Hit) -> bool:
    """Whether the posture is somebody else's; "my wife says" and "the physio says" tell of one's own."""
    owner = message.owner_of[hit.first]
    if message.own(hit.first) or owner == "professional":
        return False
    return not message.in_clause("told", hit.first)


def _long(message: Message) -> Iterator[Fact]:
    if all(message.denied(feel.first, 2) for feel in message.hits.get("tight", [])):
        return
    for hit in message.hits.get("reaches", []):
        clause = message.clause(hit.first)
        before, after = message.words(clause.first, hit.first), message.words(hit.last, clause.last)
        easily = message.lists["reaches_easily"].intersection(message.words(clause.first, clause.last))
        if not easily or (before and not {"can", "could"}.intersection(before)) or not message.stated(hit.first):
            continue
        if message.denied(hit.first, 8) or {"until", "when", "want", "than"}.intersection(before):
            continue
        if not {"bent", "bend"}.intersection(after):
            yield message.fact("posture_sign", "long_weak", hit.first, hit.last)
            return


def read_cannot(message: Message) -> Iterator[Fact]:
    """Yields what somebody can't do, in Rasa's way one fact each."""
    for hit in message.hits.get("ability", []):
        if (
            message.unreal(hit.first)
            and not message.denied(hit.first)
            or message.past(hit.first)
            or not _about_person(message, hit)
        ):
            continue
        clause = message.clause(hit.first)
        cues = message.near("can_not", clause.first, hit.first)
        cues = [cue for cue in cues if hit.first - cue.last <= 3 and _reaches(message, cue, hit)]
        out = [
            cue
            for cue in message.near("is_out", hit.last, clause.last)
            if cue.first - hit.last <= 3 and cue.first < clause.last
        ]
        if hit.value == "stand" and message.near("sits", hit.first, hit.last + 2):
            continue
        if cues and _may_be_meant(message, cues[-1], hit) or out and not clause.asked:
            first = cues[-1].first if cues else hit.first
            last = hit.last if cues or not out else out[0].last
            yield message.fact("cannot", hit.value, first, last)


def _about_person(message: Message, hit: Hit) -> bool:
    return (
        message.own(hit.first)
        or message.owner_of[hit.first] == "professional"
        or bool(message.near("is_out", hit.last, hit.last + 3))
    )


def _reaches(message: Message, cue: Hit, hit: Hit) -> bool:
    between = message.words(cue.last, hit.first)
    allowed = message.lists["between_cannot_and_ability"]
    return all(word in allowed for word in between)


def _may_be_meant(message: Message, cue: Hit, hit: Hit) -> bool:
    words = message.words(cue.first, cue.last)
    form = message.word(hit.first)
    clause = message.clause(hit.first)
    if words in (["no"], ["without"], ["never"]):
        # "No kneeling please", "without lying down"; not "no sitting for me".
        return hit.value in ("kneel", "lie", "floor", "squat", "bend") and (
            form.endswith("ing") or hit.value == "floor" and "work" in message.words(hit.first, hit.last)
        )
    if words in (["not"], ["not", "do"]):
        return False
    if (
        clause.asked
        and clause.opener in ("why",)
        or (
            hit.value in ("sit", "stand")
            and message.word(hit.last) in ("still", "it", "him", "her", "properly", "straight", "up")
        )
    ):
        return False
    if hit.value == "sit" and message.word(hit.last) in (
        "with",
        "without",
        "on",
        "still",
        "enough",
        "cross",
        "comfortably",
    ):
        return False
    # "I can't lie, it's bad" is no posture.
    return not (
        hit.value == "lie"
        and hit.last - hit.first == 1
        and form == "lie"
        and message.word(hit.last) in (",", "it", "i", "about")
    )
