"""Finds the patterns of the lexicon whose loss changes the level of no message that we have.

    python -m benchmarks.unused_patterns [--drop] [file.jsonl ...]

The messages are the training data, both halves of the safety set, the examples in the lexicon itself, and the JSONL
files given (`text` on each line). `--drop` takes these patterns out of the files.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from rasa.shared.importers.utils import training_data_from_paths

from benchmarks.safety import HALVES, read_half
from safety import RedFlags
from safety.lexicon import FOLDER
from settings import ROOT

Name = tuple[str, str]  # an entry's id and a pattern
# Files that are not thinned out. Measured: without the patterns that are unused elsewhere, 4 of 71 emergencies of two
# other sets are no longer found. What the other files lose, the learned reader still asks about.
KEPT = ("emergency", "emergency_other", "see_doctor_other", "languages")


def messages(red_flags: RedFlags, files: Iterable[Path]) -> list[str]:
    """Returns every message that a pattern could matter for."""
    texts = [text for rule in red_flags.lexicon.signs for text in (*rule.matches, *rule.misses)]
    texts += [message["text"] for half in HALVES for message in read_half(half)]
    paths = [str(path) for path in (ROOT / "data" / "nlu").rglob("*.yml")]
    texts += [example.get("text") for example in training_data_from_paths(paths, "en").intent_examples]
    for file in files:
        texts += [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return list(dict.fromkeys(texts))


def unused(red_flags: RedFlags, texts: list[str], kept: Iterable[str] = KEPT) -> list[Name]:
    """Returns the patterns that can all be left out together without a change, the least used first."""
    level = {text: red_flags.assess(text).level for text in texts}
    examples = {rule.id: rule.matches for rule in red_flags.lexicon.signs}
    fires: dict[Name, list[str]] = defaultdict(list)
    for text in texts:
        for name in red_flags.fired(text):
            fires[name].append(text)
    groups = {rule.id: group for group, rules in red_flags.lexicon.groups.items() for rule in rules}
    names = [
        (rule.id, pattern.source)
        for rule in red_flags.lexicon.signs
        if groups[rule.id] not in kept
        for pattern in rule.patterns
    ]
    left = Counter(rule for rule, _ in names)
    out: set[Name] = set()
    for name in sorted(names, key=lambda name: (len(fires[name]), -len(name[1]))):
        red_flags.leave_out({*out, name})
        if left[name[0]] < 2 or not all(
            any(finding.rule == name[0] for finding in red_flags.assess(text).findings) for text in examples[name[0]]
        ):
            continue  # an entry finds its own examples
        if all(red_flags.assess(text).level == level[text] for text in fires[name]):
            out.add(name)
            left[name[0]] -= 1
    red_flags.leave_out(set())
    return [name for name in names if name in out]


def drop(names: Iterable[Name]) -> None:
    """Takes patterns out of the files, and nothing else."""
    wanted = set(names)
    for path in FOLDER.glob("*.yml"):
        kept, entry = [], ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"  - id: (\w+)", line):
                entry = found.group(1)
            if not (line.startswith("      - ") and (entry, line[8:].split("  #")[0].strip()) in wanted):
                kept.append(line)
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main() -> None:
    """Prints the patterns, and how many are left without them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--drop", action="store_true")
    arguments = parser.parse_args()
    red_flags = RedFlags.load()
    found = unused(red_flags, messages(red_flags, arguments.files))
    for entry, pattern in found:
        print(f"{entry}: {pattern}")
    total = sum(len(rule.patterns) for rule in red_flags.lexicon.signs)
    print(f"{len(found)} of {total} patterns of signs change nothing; {total - len(found)} are left")
    if arguments.drop:
        drop(found)


if __name__ == "__main__":
    main()
