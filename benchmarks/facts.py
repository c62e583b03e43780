"""Precision and recall of the facts read from labelled messages: `python -m benchmarks.facts FILE... [--show NAME]`.

The files hold one JSON object a line with `text`, `facts` and sometimes `asked` (the question that a short answer
replies to). Their names and values are freer than ours and are mapped here; what is not mapped is not counted.
"""

import argparse
import datetime as dt
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from library.facts import Fact, read_facts

Values = dict[str, set[Any]]
PEOPLE = {
    "partner": r"\b(husband|wife|girlfriend|boyfriend|partner)",
    "child": r"\b(son|daughter|child|kid|boy|girl|niece|nephew|grand(son|daughter))",
    "parent": r"\b(mum|mother|mom|dad|father|nan|gran|grand\w+)",
    "friend": r"\b(friend|mate|colleague|brother|sister|cousin|uncle|aunt|neighbour)",
    "client": r"\b(client|patient|player|team)",
}
THINGS = {
    "chair": r"chair",
    "wall": r"wall|door|rail",
    "resistance band": r"band|strap|towel|belt|rope",
    "mat": r"\bmats?\b|carpet|rug",
    "ball": r"ball",
    "foam roller": r"roller|rolling pin",
    "stool": r"stool",
    "step": r"step|stairs?\b|boxes",
    "leg-curl machine": r"machine|GHD",
    "bed": r"\bbed\b|bunk",
    "sofa": r"sofa",
    "yoga block": r"block",
    "dumbbells": r"dumbbell|weight",
    "bench": r"bench|physio bed",
    "rower": r"rower|rowing machine",
    "stick": r"stick|poles|frame",
    "cushion": r"cushion|pillow|blanket",
    "floor space": r"space",
    "gym": r"^gym\\b",
    "anything": r"^(equipment|nothing)$",
    "table": r"table|worktop|counter|standing desk|desk$",
}
PLACES = {
    "bed": r"\bbed\b|bunk",
    "travel": r"plane|hotel|hostel|train|travel|bus\b",
    "car": r"\bcar\b|cab|van|lorry|truck",
    "gym": r"gym",
    "outdoors": r"outdoor|outside|park|garden|yard|compound|pitch",
    "desk": r"desk|office|work|court|station|break room|shed",
    "home": r"home|kitchen|living room|sofa|house|flat",
}
POSTURES = {
    "arched_back": r"bottom (sticks )?out|bum out|belly|arch(es|ed)? |big arch|arch in|hollow|tipped forward|anterior"
    r"|lumbar curve|duck|arches$|lordosis$",
    "flat_back": r"flat (low )?back|tucked|posterior|sway",
}
CANNOT = {
    "kneel": r"kneel",
    "lie": r"\blie|lying",
    "floor": r"floor",
    "stand": r"\bstand",
    "squat": r"squat|crouch",
    "sit": r"\bsit\b",
    "hands": r"hands|hang on",
    "bend": r"\bbend|lean forward|forward",
}
TREATMENTS = {
    "stretching": r"stretch|hold",
    "foam rolling": r"roll",
    "massage": r"massage(?! gun)|thai",
    "massage gun": r"gun",
    "physiotherapy": r"physio",
    "osteopathy": r"osteo|chiro",
    "acupuncture": r"acupunc|needl",
    "nerve glides": r"glide|slider|floss",
    "yoga": r"yoga",
    "heat": r"heat|bath(?!.*ice)|sauna",
    "cold": r"\bice",
    "strengthening": r"nordic|bridge|strength",
    "painkillers": r"ibuprofen|painkiller",
    "rest": r"rest\b|weeks off|stopp|less",
    "insoles": r"shoes|insole",
    "standing desk": r"standing desk|walking pad",
}
SLACK = {"sitting_hours": 0.5, "standing_hours": 0.5, "age": 1, "minutes_available": 0}


def gold(facts: dict[str, Any], asked: str = "") -> Values:
    """Returns the labelled facts under our names; free text counts as present ("*")."""
    found: Values = defaultdict(set)
    text = {name: _text(value) for name, value in facts.items()}
    if "sits_hours" in facts:
        found["sitting_hours"] |= set(_hours(facts["sits_hours"]))
    elif "sits_all_day" in facts or "sits_most_of_day" in facts:
        found["sitting_hours"].add(9.0)
    elif "sits_little" in facts:
        found["sitting_hours"].add(2.0)
    if "stands_hours" in facts:
        found["standing_hours"] |= set(_hours(facts["stands_hours"]))
    if {"stands_all_day", "stands_long"} & set(facts) or any(hours >= 4 for hours in found["standing_hours"]):
        found["works_standing"].add(True)
    for name, ours in (("job", "job"), ("since", "since"), ("finding", "finding")):
        if facts.get(name):
            found[ours].add("*")
    if facts.get("sport"):
        found["sports"].add("*")
    for name, ours, values in (
        ("lacks", "lacks_equipment", THINGS),
        ("equipment", "has_equipment", THINGS),
        ("place", "place", PLACES),
        ("cannot", "cannot", CANNOT),
        ("tried", "tried", TREATMENTS),
        ("posture", "posture_sign", POSTURES),
        ("about_whom", "whom", PEOPLE),
    ):
        if name in text:
            hits = [value for value, pattern in values.items() if re.search(pattern, text[name], re.IGNORECASE)]
            found[ours] |= set(hits[:1] if ours in ("place", "whom", "posture_sign") else hits)
    if side := _side(text.get("side", "")):
        found["side"].add(side)
    for name, ours in (("age", "age"), ("minutes", "minutes_available")):
        if numbers := re.findall(r"\d+", text.get(name, "")):
            found[ours] |= {float(number) for number in numbers[-1:]}
    if "pregnant" in facts:
        found["pregnant"].add(facts["pregnant"] is not False)
        if weeks := re.findall(r"\d+", text["pregnant"]):
            found["pregnancy_weeks"].add(int(weeks[0]))
    if facts.get("operation"):
        found["operation"].add(True)
    if "had_baby" in facts:
        found["after_birth"].add(True)
    if "hypermobile" in facts:
        found["hypermobile"].add(facts["hypermobile"] is not False)
    if "injur" in text.get("denied", "") and "old_injury" not in facts:
        found["old_injury"].add(False)
    if "born" in text.get("age", ""):
        found["age"] = {dt.date.today().year - float(text["age"].split()[-1])}
    if "old_injury" in facts:
        found["old_injury"].add(True)
        if "healed': True" in text["old_injury"]:
            found["injury_healed"].add(True)
        elif "healed': False" in text["old_injury"]:
            found["injury_healed"].add(False)
    if "how_much" in text and (load := _load(text["how_much"])):
        found["training_load"].add(load)
    elif facts.get("sport") == []:
        found["training_load"].add("not_at_all")
    return found


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _hours(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        low, high = value.get("min", value.get("max")), value.get("max", value.get("min"))
        yield (float(low or 0) + float(high or 0)) / 2
    else:
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", str(value))]
        if numbers:
            yield sum(numbers[:2]) / len(numbers[:2])
        elif re.search("all|whole", str(value)):
            yield 9.0


def _side(text: str) -> str:
    words = set(re.findall(r"\b(left|right|both)\b", text))
    return "both" if "both" in words or words == {"left", "right"} else words.pop() if len(words) == 1 else ""


def _load(text: str) -> str:
    if text == "none" or text.startswith("none"):
        return "not_at_all"
    times = [
        float(number) for number in re.findall(r"(\d+)(?:-\d+)?(?:x| days| sessions| mornings| nights| evenings)", text)
    ]
    if times:
        return "some" if sum(times) <= 3 else "a_lot"
    if kilometres := re.findall(r"(\d+) ?k?m", text):
        return "some" if float(kilometres[0]) <= 30 else "a_lot"
    return "a_lot" if "daily" in text else ""


def compare(found: list[Fact], labels: Values, scores: dict[str, list[int]]) -> list[tuple[str, str]]:
    """Adds to `scores` (right, wrong, missed by name); returns the mistakes as (name, what)."""
    by_name: dict[str, list[Any]] = defaultdict(list)
    for fact in found:
        by_name[fact.name].append(fact.value)
    mistakes = []
    for name in {*by_name, *labels}:
        values, wanted = by_name.get(name, []), labels.get(name, set())
        left = set(wanted)
        if "*" in left:
            scores[name][0 if values else 2] += 1
            mistakes += [] if values else [(name, "missed *")]
            continue
        for value in values:
            match = next((want for want in left if _same(name, value, want)), None)
            if match is None:
                scores[name][1] += 1
                mistakes.append((name, f"wrong {value!r}, labelled {sorted(map(str, wanted))}"))
            else:
                left.discard(match)
                scores[name][0] += 1
        scores[name][2] += len(left)
        mistakes += [(name, f"missed {value!r}") for value in left]
    return mistakes


def _same(name: str, value: Any, wanted: Any) -> bool:
    if name in SLACK and not isinstance(value, str):
        return abs(value - float(wanted)) <= SLACK[name] or (name == "sitting_hours" and wanted == 2.0 and value <= 3)
    return value == wanted


# The labels say nothing of these, or in no way that can be compared.
UNLABELLED = {"since_days", "injury_days", "pain_area"}


def main() -> None:
    """Prints precision and recall for each fact, over all messages that aren't short answers to a question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", action="append", default=[], metavar="NAME", help="print the mistakes of this fact")
    parser.add_argument("--wrong-only", action="store_true", help="of the mistakes, only what was not said")
    arguments = parser.parse_args()
    scores: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    messages, seconds, longest = 0, 0.0, 0.0
    read_facts("warm up")
    for path in arguments.files:
        for line in path.read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            if message.get("asked"):
                continue
            start = time.perf_counter()
            found = read_facts(message["text"])
            taken = time.perf_counter() - start
            messages, seconds, longest = messages + 1, seconds + taken, max(longest, taken)
            found = [fact for fact in found if fact.name not in UNLABELLED or fact.name in arguments.show]
            for name, what in compare(found, gold(message.get("facts") or {}), scores):
                if name in arguments.show and not (arguments.wrong_only and what.startswith("missed")):
                    print(f"{name}: {what}\n    {message['text']}\n    {message.get('facts')}")
    print(f"{'fact':18} right wrong missed  precision recall")
    total = [0, 0, 0]
    for name, (right, wrong, missed) in sorted(scores.items()):
        total = [total[0] + right, total[1] + wrong, total[2] + missed]
        print(_row(name, right, wrong, missed))
    print(_row("all", *total))
    print(f"{messages} messages, {1000 * seconds / max(messages, 1):.2f} ms each, the slowest {1000 * longest:.1f} ms")


def _row(name: str, right: int, wrong: int, missed: int) -> str:
    precision = f"{right / (right + wrong):.0%}" if right + wrong else "-"
    recall = f"{right / (right + missed):.0%}" if right + missed else "-"
    return f"{name:18} {right:5} {wrong:5} {missed:6}  {precision:>9} {recall:>6}"


if __name__ == "__main__":
    main()
