"""`make bench-safety`: what the red-flag rules and the learned reader catch, what they raise without reason, the cost.

    python -m benchmarks.safety [develop] [report] [file.jsonl ...] [--show] [--writers]

The half `report.yml` is for this report only: nothing is ever developed on it. Files hold one message a line, with
`text` and `level`. `--writers` cross-validates the learned reader on the training data: each file of
data/nlu/messages (one writer, or one kind of people) is left out once and then read.
"""

import argparse
import asyncio
import json
import logging
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import structlog
import yaml
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.training_data.message import Message

from components.nlu.red_flag_detector import RED_FLAG, RedFlagDetector
from components.nlu.sentence_encoder import PASSAGES, SentenceEncoder
from components.nlu.sign_reader import READING, level_and_evidence
from safety import RedFlags
from safety.levels import ALARMS, NAMES, rank
from safety.reader import LearnedReader, Passage, passages
from scripts.assistant import MODEL
from settings import ROOT

SAFETY = ROOT / "tests" / "safety"
HALVES = ("develop", "report")
LENGTHS = ((1, 8), (9, 20), (21, 60), (61, 10_000))  # words
Labelled = dict[str, Any]  # text, level, perhaps phenomenon
Level = Callable[[str], str]


def read_half(half: str) -> list[Labelled]:
    """Returns the messages of one half of the safety set."""
    return yaml.safe_load((SAFETY / f"{half}.yml").read_text(encoding="utf-8"))


def read_lines(file: Path) -> list[Labelled]:
    """Returns the messages of a JSONL file."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [{"phenomenon": "message", "level": "none", **line} for line in lines]


def by_model() -> Level:
    """Returns what the trained assistant takes for the level of a text: rules and learned reader together."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from rasa.core.agent import Agent

    agent = Agent.load(str(MODEL))

    def level(text: str) -> str:
        parsed = asyncio.run(agent.parse_message(text))
        # A typed /intent{...} reaches no NLU; SafetyPolicy reads its text by the rules.
        return parsed[RED_FLAG]["level"] if RED_FLAG in parsed else RedFlags.load().assess(text).level

    return level


def percent(part: int, whole: int) -> str:
    """Returns a share, and what it is of."""
    return f"{100 * part / whole:5.1f} % ({part} of {whole})" if whole else "-"


def report(level_of: Level, messages: Iterable[Labelled], show: bool) -> None:
    """Prints what is caught by level and kind, and what is raised without reason by level and length."""
    seen = [(message, level_of(message["text"])) for message in messages if message["level"] in NAMES]
    for level in reversed(NAMES[1:]):
        answers = [answer for message, answer in seen if message["level"] == level]
        if answers:
            asked, right = len(answers) - answers.count("none"), sum(rank(answer) >= rank(level) for answer in answers)
            share = percent(right, len(answers))
            print(f"  {level:14} answered as such {share}; at least asked {percent(asked, len(answers))}")
    kinds = Counter(message.get("phenomenon", "message") for message, _ in seen if message["level"] in ALARMS)
    for kind, count in sorted(kinds.items()):
        right_ones = [
            rank(answer) >= rank(message["level"])
            for message, answer in seen
            if message.get("phenomenon", "message") == kind and message["level"] in ALARMS
        ]
        if sum(right_ones) < count:
            print(f"    {kind}: {percent(sum(right_ones), count)}")
    harmless = [(len(message["text"].split()), answer) for message, answer in seen if message["level"] == "none"]
    for name, wrong in (
        ("alarms", ALARMS),
        *((f"  {level}", (level,)) for level in reversed(ALARMS)),
        ("screening questions", ("unclear",)),
    ):
        parts = [f"harmless: {name:20} {percent(sum(answer in wrong for _, answer in harmless), len(harmless))}"]
        for least, most in LENGTHS:
            some = [answer for words, answer in harmless if least <= words <= most]
            if some:
                rate = 100 * sum(answer in wrong for answer in some) / len(some)
                parts.append(f"{least}-{most if most < 1000 else ''} words {rate:.1f} %")
        print("  " + "; ".join(parts))
    if show:
        for message, answer in sorted(seen, key=lambda pair: -rank(pair[0]["level"])):
            if rank(answer) < rank(message["level"]) or (message["level"] == "none" and answer != "none"):
                print(f"    {message['level']} -> {answer}: {message['text']}")


def cost(messages: list[Labelled]) -> None:
    """Prints the time of the rules for a message (first sight of its words) and for a very long one."""
    red_flags = RedFlags(RedFlags.load().lexicon)
    times = []
    for message in messages:
        start = time.perf_counter()
        red_flags.assess(message["text"])
        times.append(1000 * (time.perf_counter() - start))
    long = (" ".join(message["text"] for message in messages) * 2)[:4000]
    start = time.perf_counter()
    red_flags.assess(long)
    seconds = time.perf_counter() - start
    times.sort()
    print(
        f"  rules: median {statistics.median(times):.2f} ms, p95 {times[int(0.95 * len(times))]:.2f} ms a message;"
        f" {1000 * seconds:.0f} ms for 4,000 characters"
    )


def writers(encoder: SentenceEncoder) -> None:
    """Prints what a reader catches in files that it has not learned from, for several thresholds."""
    learned: dict[str, list[tuple[Passage, np.ndarray]]] = {}
    examples: dict[str, list[tuple[Message, str]]] = {}
    for path in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        data = training_data_from_paths([str(path)], "en").intent_examples
        encoder.process(data)
        examples[path.stem], learned[path.stem] = [], []
        for example in data:
            level, evidence = level_and_evidence(example)
            examples[path.stem].append((example, level))
            known = example.get(PASSAGES)
            found = [passage for passage in passages(example.get("text"), level, evidence) if passage.text in known]
            learned[path.stem] += [(passage, known[passage.text]) for passage in found]
    read: list[tuple[Message, str]] = []
    for left_out, messages in examples.items():
        rest = [pair for name, pairs in learned.items() if name != left_out for pair in pairs]
        reader = LearnedReader.train([passage for passage, _ in rest], np.vstack([vector for _, vector in rest]))
        for message, _ in messages:
            known = message.get(PASSAGES)
            message.set(READING, reader.reading(list(known), np.vstack(list(known.values()))))
        read += messages
    for ask, sure in ((0.3, 0.9), (0.4, 0.9), (0.5, 0.9), (0.6, 0.9), (0.5, 0.8), (0.5, 0.95)):
        detector = RedFlagDetector({"ask": ask, "sure": sure})
        answers = [(level, detector.read(message).level) for message, level in read]
        harmless = [answer for level, answer in answers if level == "none"]
        reports = [answer for level, answer in answers if level in ALARMS]
        print(
            f"  ask {ask}, sure {sure}:"
            f" harmless: alarms {percent(sum(answer in ALARMS for answer in harmless), len(harmless))},"
            f" emergencies {harmless.count('emergency')},"
            f" questions {percent(harmless.count('unclear'), len(harmless))};"
            f" reports: at least asked {percent(len(reports) - reports.count('none'), len(reports))}"
        )


def main() -> None:
    """Runs the benchmark on the halves and files that are asked for (default: both halves)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=list(HALVES))
    parser.add_argument("--show", action="store_true", help="list the wrong messages, but for those of report.yml")
    parser.add_argument("--writers", action="store_true", help="cross-validate the learned reader")
    arguments = parser.parse_args()
    sides: dict[str, Level] = {"rules alone": lambda text: RedFlags.load().assess(text).level}
    if MODEL.exists():
        sides["rules and learned reader"] = by_model()
    for name in arguments.sets:
        messages = read_half(name) if name in HALVES else read_lines(Path(name))
        print(f"{name}: {len(messages)} messages")
        cost(messages)
        for side, level_of in sides.items():
            print(f" {side}:")
            report(level_of, messages, arguments.show and name != "report")
    if arguments.writers:
        print("cross-validation, one file of the training data left out at a time:")
        with tempfile.TemporaryDirectory() as folder:
            writers(SentenceEncoder.build(Path(folder) / "encoder.onnx"))


if __name__ == "__main__":
    main()
