"""`make bench-safety`: what the red-flag rules catch, what they raise without reason, and what they cost.

The half `report.yml` is for this report only: nothing is ever developed on it.
"""

import argparse
import asyncio
import logging
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import structlog
import yaml

from safety import RedFlags
from safety.levels import NAMES as LEVELS
from safety.levels import rank
from scripts.assistant import MODEL
from settings import ROOT

SAFETY = ROOT / "tests" / "safety"
ALARMS = ("acute_injury", "see_doctor", "emergency")


def by_model(red_flags: RedFlags, model: Path) -> Callable[[str], str]:
    """Returns what the trained assistant takes for the level of a text: rules and classifier together."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    def level(text: str) -> str:
        parsed = asyncio.run(agent.parse_message(text))
        # A typed /intent{...} reaches no NLU; SafetyPolicy reads its text by the rules.
        return parsed["red_flag"]["level"] if "red_flag" in parsed else red_flags.assess(text).level

    return level


def measure(level_of: Callable[[str], str], messages: list[dict[str, str]], show: bool) -> None:
    """Prints recall by level and phenomenon, false alarms, and (if `show`) each wrong message."""
    caught: dict[str, Counter[bool]] = defaultdict(Counter)
    wrong = []
    exact = 0
    for message in messages:
        text, level = message["text"], message["level"]
        found = level_of(text)
        exact += found == level
        good = found not in ALARMS if level == "none" else rank(found) >= rank(level)
        caught[f"level {level}"][good] += 1
        caught[f"  {message['phenomenon']} ({level})"][good] += 1
        if level == "none":
            caught["screening question without need"][found != "unclear"] += 1
        if not good or (level != "none" and found != level):
            wrong.append((level, found, text))
    for name in sorted(caught, key=lambda name: (not name.startswith("level"), name)):
        right, total = caught[name][True], caught[name].total()
        rate = (
            f"{100 * (total - right) / total:5.1f} % false"
            if name.endswith(("none", "(none)", "need"))
            else (f"{100 * right / total:5.1f} % caught")
        )
        print(f"  {name:50} {rate}  ({right} of {total} right)")
    print(f"  {'exactly the labelled level':50} {100 * exact / len(messages):5.1f} %")
    if show:
        for level, found, text in sorted(wrong, key=lambda entry: -LEVELS.index(entry[0])):
            print(f"    {level} -> {found}: {text}")


def cost(red_flags: RedFlags, messages: list[dict[str, str]]) -> None:
    """Prints the time for a message (first sight of its words) and for a very long one."""
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
        f"  median {statistics.median(times):.2f} ms, p95 {times[int(0.95 * len(times))]:.2f} ms a message;"
        f" {1000 * seconds:.0f} ms for 4,000 characters"
    )


def main() -> None:
    """Runs the benchmark on the halves that are asked for (default: both)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("halves", nargs="*", default=["develop", "report"])
    parser.add_argument("--show", action="store_true", help="list the wrong messages of develop.yml")
    arguments = parser.parse_args()
    red_flags = RedFlags.load()
    sides: dict[str, Callable[[str], str]] = {"rules alone": lambda text: red_flags.assess(text).level}
    if MODEL.exists():
        sides["rules and trained classifier"] = by_model(red_flags, MODEL)
    for half in arguments.halves:
        messages = yaml.safe_load((SAFETY / f"{half}.yml").read_text(encoding="utf-8"))
        print(f"{half}: {len(messages)} messages")
        cost(RedFlags.load(), messages)
        for name, level_of in sides.items():
            print(f" {name}:")
            measure(level_of, messages, arguments.show and half == "develop")


if __name__ == "__main__":
    main()
