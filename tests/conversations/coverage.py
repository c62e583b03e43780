"""What the conversations reach, as a table; whatever none reaches is named."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.domain import whole_domain

ROOT = Path(__file__).resolve().parents[2]
# Said only when something is broken: tests/integration breaks it.
BROKEN_ONLY = {"utter_action_failed"}
# Turns of a hold, wordings of questions and stories: test_hold, test_safety_answers and test_cause_finder in tests/unit
# reach each on real trackers.
ELSEWHERE = ("utter_hold_", "utter_ask_whose", "utter_advise_doctor", "utter_story_", "action_ask_", "/answer_question")


@dataclass
class Reached:
    """Names seen while conversations were played."""

    intents: set[str] = field(default_factory=set)
    responses: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    slots: set[str] = field(default_factory=set)
    exercises: set[str] = field(default_factory=set)
    payloads: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    played: set[str] = field(default_factory=set)

    def add_events(self, events: list[dict[str, Any]]) -> None:
        """Notes what the events of a conversation show."""
        for event in events:
            if event["event"] == "user":
                self.intents.add(event["parse_data"]["intent"].get("name"))
            elif event["event"] == "action":
                self.actions.add(event["name"])
            elif event["event"] == "slot" and event["value"] is not None:
                self.slots.add(event["name"])
                if event["name"] == "current_exercise":
                    self.exercises.add(event["value"])


def expected() -> dict[str, set[str]]:
    """Returns everything that a conversation should reach, by kind."""
    domain = whole_domain()
    files = (ROOT / "data" / "exercises").glob("*.yml")
    exercises = [exercise for path in files for exercise in yaml.safe_load(path.read_text())["exercises"]]
    responses = domain["responses"]
    return {
        "intents": set(domain["intents"]),
        "responses": set(responses) - BROKEN_ONLY,
        # The form calls its validation itself, so that it leaves no event.
        "actions": {*domain["actions"], *domain["forms"]} - {f"validate_{form}" for form in domain["forms"]},
        "slots": set(domain["forms"]["assessment_form"]["required_slots"]),
        "exercises": {exercise["slug"] for exercise in exercises},
        "payloads": {
            button["payload"].replace("{{", "{").replace("}}", "}")
            for name, variants in responses.items()
            if name not in BROKEN_ONLY
            for variant in variants
            for button in variant.get("buttons", [])
        },
    }


def table(reached: Reached) -> tuple[str, dict[str, set[str]]]:
    """Returns the coverage table, and what is missing by kind."""
    rows, missing = [f"{'':12}{'there are':>10}{'reached':>10}"], {}
    for kind, names in expected().items():
        missing[kind] = {name for name in names - getattr(reached, kind) if not name.startswith(ELSEWHERE)}
        rows.append(f"{kind:12}{len(names):>10}{len(names - missing[kind]):>10}")
    return "\n".join(rows), {kind: names for kind, names in missing.items() if names}
