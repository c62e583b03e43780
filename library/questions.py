"""The questions that the assistant asks: data/questions, the responses made from them, and the one on the screen."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from settings import ROOT

FOLDER = ROOT / "data" / "questions"
ANSWER = "answer_question"  # the intent of every answer; its entities are `question` and `value`
FORM = ("nerve_signs", "recent_injury", "sitting_hours", "pain_area", "posture_sign", "training_load")
SUMMARY = "answers_confirmed"
PARTLY = "partly"  # a limited yes or no
# Answers to any question.
SKIP, PREVIOUS, WHY, UNSURE, CHANGE, UNKNOWN = "skip", "previous", "why", "unsure", "change", "unknown"

Button = dict[str, str]


@dataclass(frozen=True)
class Question:
    """One file of data/questions.

    `kind` is "signs" (a yes/no question about signs), "yes_no", "denial" (it states that there are no signs, and
    "none" agrees), "number" or "choice". `partly` says what a limited yes counts as. `again` asks in other words after
    a first miss, `way_out` after a second, `explain` says why it is asked and what it means. `label` and `said` word
    the answer in the cause finder's summary; `about` are words by which a correction of it is known.
    """

    name: str
    kind: str
    text: str
    again: str
    way_out: str
    explain: str
    buttons: list[dict[str, Any]]
    response: str = ""
    partly: str = "yes"
    label: str = ""
    said: Any = ""
    way_out_buttons: list[Button] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    @property
    def ask(self) -> str:
        """The response that asks it."""
        return self.response or f"utter_ask_assessment_form_{self.name}"

    @property
    def explanation(self) -> str:
        """The response that explains it."""
        return f"utter_explain_{self.name}"

    @property
    def in_form(self) -> bool:
        """Whether the cause finder asks it."""
        return not self.response

    def payload(self, value: Any) -> str:
        """Returns what the button of an answer sends."""
        return f"/{ANSWER}{json.dumps({'question': self.name, 'value': value})}"

    def choices(self) -> list[Button]:
        """Returns its buttons, each with title and payload."""
        return [{"title": button["title"], "payload": self.payload(button["value"])} for button in self.buttons]

    def wording(self, value: Any) -> str:
        """Returns an answer in words, for the summary."""
        if value == UNKNOWN:
            return "left open"
        if isinstance(self.said, str):
            return self.said.format(value=f"{value:g}" if isinstance(value, int | float) else value)
        return self.said.get(value, str(value))


@dataclass(frozen=True)
class Screen:
    """What the assistant said last: its responses by name, the buttons that stand there, the question that is open."""

    responses: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    question: str | None = None


@cache
def questions() -> dict[str, Question]:
    """Returns all questions by name."""
    return {
        path.stem: Question(path.stem, **yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.yml"))
    }


def questions_domain() -> dict[str, list[dict[str, Any]]]:
    """Returns the responses that the questions make, by name."""
    responses: dict[str, list[dict[str, Any]]] = {}
    for question in questions().values():
        buttons = question.choices()
        ways = [*buttons, *question.way_out_buttons]
        if question.kind in ("number", "choice"):
            ways = [*buttons[:-1], {"title": "Skip this one", "payload": question.payload(SKIP)}]
        again, way_out = _variant(question.again, buttons), _variant(question.way_out, ways)
        asked_again = question.in_form and question.kind in ("number", "choice")
        explanation = _variant(question.explain, [] if asked_again else buttons)
        if question.name != SUMMARY:
            responses[question.explanation] = [explanation]
        if not question.in_form:
            responses[question.ask] = [_variant(question.text, buttons)]
            responses[f"{question.ask}_again"] = [again]
            responses[f"{question.ask}_way_out"] = [way_out]
        elif question.name != SUMMARY:
            number = "**Question {question_number} of {question_count}.** "
            responses[question.ask] = [
                {"condition": _misses(1), **again},
                {"condition": _misses(2), **way_out},
                _variant(number + question.text, buttons),
            ]
    return responses


def read_screen(events: Iterable[dict[str, Any]]) -> Screen:
    """Returns what stands on the screen.

    Args:
        events: The events of a conversation as dictionaries, the latest one first. Nothing but a message of the
            person ends what the assistant said: no pause, no new session, no restart.
    """
    said: list[dict[str, Any]] = []
    for event in events:
        if event["event"] == "bot":
            said.insert(0, event)
        elif event["event"] == "user" and said:
            break
    responses = tuple(name for event in said if (name := (event.get("metadata") or {}).get("utter_action")))
    asked = {question.ask: question.name for question in questions().values()}
    for event in reversed(said):
        buttons = tuple((event.get("data") or {}).get("buttons") or ())
        named = next((name for button in buttons if (name := _asks(button["payload"]))), None)
        if named := named or asked.get((event.get("metadata") or {}).get("utter_action", "")):
            return Screen(responses, buttons, named)
    shown = [tuple((event.get("data") or {}).get("buttons") or ()) for event in said]
    return Screen(responses, next((buttons for buttons in reversed(shown) if buttons), ()))


def _asks(payload: str) -> str | None:
    """Returns the question that a button answers."""
    if not payload.startswith(f"/{ANSWER}{{"):
        return None
    return json.loads(payload[len(ANSWER) + 1 :]).get("question")


def _variant(text: str, buttons: list[Button]) -> dict[str, Any]:
    # Rasa fills in slots in braces, so those of a payload are doubled.
    escaped = [
        {"title": button["title"], "payload": button["payload"].replace("{", "{{").replace("}", "}}")}
        for button in buttons
    ]
    return {"text": text.strip(), "buttons": escaped} if escaped else {"text": text.strip()}


def _misses(count: int) -> list[dict[str, Any]]:
    return [{"type": "slot", "name": "question_misses", "value": count}]
