"""Measures labelled messages: how many are understood, how many harmless ones an alarm stops.

`python -m benchmarks.messages FILE...`; by default the unseen messages of this project.
Each line of a file is a JSON object: `text`; `accept`, the intents that count as right (a part of one, such as
`ask_recovery_soreness`, counts as the whole); where known `level`, the urgency of what it reports, and `kind`.
"""

import argparse
import asyncio
import json
import logging
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import structlog

from settings import ROOT

UNSEEN = ROOT / "tests" / "nlu" / "unseen_messages.jsonl"
MODEL = ROOT / "models" / "hamstring.tar.gz"
LENGTHS = {"1 to 15 words": (1, 15), "16 to 40": (16, 40), "41 to 60": (41, 60), "over 60": (61, 10_000)}


def accepts(intent: str, accepted: list[str]) -> bool:
    """Returns whether `intent` is one of `accepted` or a part of one."""
    return any(intent == whole or intent.startswith(f"{whole}_") for whole in accepted)


def understood(message: dict[str, Any], parsed: dict[str, Any]) -> bool:
    """Returns whether the intent of a parsed message is one that its label accepts."""
    return accepts(parsed["intent"]["name"] or "", message["accept"])


def report(messages: list[dict[str, Any]], parsed: list[dict[str, Any]]) -> list[str]:
    """Returns the lines to print: understood by kind and length, and each true level with the levels found."""
    groups: dict[str, list[bool]] = defaultdict(list)
    levels: dict[str, Counter[str]] = defaultdict(Counter)
    for message, found in zip(messages, parsed, strict=True):
        words = len(message["text"].split())
        if message.get("accept"):
            right = understood(message, found)
            groups["all"].append(right)
            groups[f"kind: {message.get('kind', '-')}"].append(right)
            groups[next(name for name, (least, most) in LENGTHS.items() if least <= words <= most)].append(right)
        if "level" in message:
            flag = found.get("red_flag") or {}
            levels[message["level"]][f"{flag.get('level', 'none')} ({flag.get('trigger') or '-'})"] += 1
    lines = [f"  {name:24} {100 * sum(some) / len(some):5.1f} % of {len(some)}" for name, some in groups.items()]
    for level, found_levels in levels.items():
        counts = ", ".join(f"{name} {count}" for name, count in found_levels.most_common())
        lines.append(f"  level {level:14} of {found_levels.total()}: {counts}")
    return lines


def main() -> None:
    """Parses each file with the trained model and prints its report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[UNSEEN])
    parser.add_argument("--model", type=Path, default=MODEL)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from rasa.core.agent import Agent

    agent = Agent.load(str(arguments.model))

    async def parse(texts: list[str]) -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    for path in arguments.files:
        messages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        parsed = asyncio.run(parse([message["text"] for message in messages]))
        print(path.name, *report(messages, parsed), sep="\n")


if __name__ == "__main__":
    main()
