"""`make explain MESSAGE="..."`: what each reader finds in a message, which line fired, and what would be said."""

import argparse
import asyncio
import logging
import re
from typing import Any

import structlog

from safety import RedFlags
from safety.levels import LEVELS
from safety.lexicon import FOLDER
from scripts.assistant import MODEL
from settings import ROOT


def place(entry: str, pattern: str) -> str:
    """Returns file and line of a pattern of the lexicon."""
    for path in sorted(FOLDER.glob("*.yml")):
        inside = False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if found := re.match(r"  - id: (\w+)", line):
                inside = found.group(1) == entry
            if inside and (pattern in line if pattern else "id:" in line):
                return f"{path.relative_to(ROOT)}:{number}"
    return "?"


def parse(text: str) -> dict[str, Any]:
    """Returns what the trained assistant makes of a message; nothing where there is no model."""
    if not MODEL.exists():
        return {}
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    from rasa.core.agent import Agent

    return asyncio.run(Agent.load(str(MODEL)).parse_message(text))


def explain(text: str) -> list[str]:
    """Returns the explanation, line by line."""
    red_flags = RedFlags.load()
    found = red_flags.assess(text)
    lines = [
        f"rules: {found.level}" + (" (all denied, a figure of speech or a general question)" if found.dismissed else "")
    ]
    for finding in found.findings:
        lines.append(f"  {finding.level} {finding.sign}: '{finding.words}' ({finding.whose}, {finding.body_part})")
        lines.append(f"    {place(finding.rule, finding.pattern)}: {finding.pattern}")
    counted = {(finding.rule, finding.pattern) for finding in found.findings}
    for entry, pattern in sorted(red_flags.fired(text) - counted):
        lines.append(f"  not counted: {place(entry, pattern)}: {entry}: {pattern}")
    for name in ("clearance", "correction"):
        if getattr(found, name):
            lines.append(f"  {name}")
    parsed = parse(text)
    report = parsed.get("red_flag") or found.as_dict()
    if parsed:
        lines.append(
            f"learned reader: {report['certainty'] if report['trigger'] == 'reader' else 'not needed, or unsure'}"
        )
        for entry in parsed["intent_ranking"][:3]:
            lines.append(f"  intent {entry['name']} {entry['confidence']:.2f}")
    if level := LEVELS.get(report["level"]):
        sign = report["findings"][0]["sign"] if report["findings"] else ""
        lines.append(f"said: {level.response}, hold {level.hold if report['trigger'] == 'rules' else 'none'}")
        if advice := red_flags.advice(sign):
            lines.append(f"  ({advice.when}) {advice.says}")
    else:
        lines.append("said: nothing about signs")
    return lines


def main() -> None:
    """Explains the message on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message")
    print("\n".join(explain(parser.parse_args().message)))


if __name__ == "__main__":
    main()
