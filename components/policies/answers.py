"""What the safety policy needs of the questions: the answer in the latest message, and how to ask again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from library.questions import ANSWER, FORM, SKIP, UNSURE, WHY, Question, Screen, questions, read_screen

# What a yes to a question about signs reports.
REPORTED = {"screening": "see_doctor", "nerve_signs": "see_doctor", "recent_injury": "acute_injury"}
# Asked before a hold is lifted.
CONFIRMATIONS = {"clearance", "correction"}
SAFETY_QUESTIONS = {*REPORTED, *CONFIRMATIONS}
CLOSED = "utter_question_closed"


@dataclass(frozen=True)
class Answer:
    """An answer to a question; `value` is yes, no, unsure, why, skip, or what else a button sends."""

    question: Question
    value: Any
    screen: Screen

    @property
    def open(self) -> bool:
        """Whether the question stands on the screen."""
        return self.screen.question == self.question.name

    @property
    def says_yes(self) -> bool:
        """Whether it is a yes; a doubt counts as one about signs once they were explained."""
        doubted = self.value in (UNSURE, SKIP) and self.question.name in REPORTED
        return self._counted() == "yes" or (doubted and self.question.explanation in self.screen.responses)

    @property
    def says_no(self) -> bool:
        """Whether it is a no, also a limited one where only a plain yes counts."""
        return self._counted() == "no"

    def _counted(self) -> Any:
        return self.question.partly if self.value == "partly" else self.value

    def reply(self) -> str:
        """Returns the response that asks once more: explained where there is doubt, else in other words."""
        name = self.question.ask
        way_out = name if self.question.in_form else f"{name}_way_out"
        if self.value in (WHY, UNSURE, SKIP):
            return other_wording(self.screen, self.question.explanation, way_out)
        return ask_again(self.screen, self.question.name)


def latest_answer(tracker: DialogueStateTracker) -> Answer | None:
    """Returns the answer in the latest message, None where it is none."""
    message = tracker.latest_message
    if message is None or message.intent.get("name") != ANSWER:
        return None
    given = {entity.get("entity"): entity.get("value") for entity in message.entities}
    question = questions().get(str(given.get("question")))
    return Answer(question, given.get("value"), screen_before(tracker)) if question else None


def screen_before(tracker: DialogueStateTracker) -> Screen:
    """Returns what stood on the screen when the latest message was written."""
    return read_screen(dropwhile(lambda event: event["event"] != "user", _latest_first(tracker)))


def ask_again(screen: Screen, question: str) -> str:
    """Returns the response that asks a question, in other words than those on the screen."""
    name = questions()[question].ask
    return other_wording(screen, name, f"{name}_again", f"{name}_way_out")


def other_wording(screen: Screen, *responses: str) -> str:
    """Returns the response that follows the one on the screen, the first one where none of them is there."""
    shown = next((place for place, name in enumerate(responses) if name in screen.responses), -1)
    return responses[(shown + 1) % len(responses)]


def wordings() -> set[str]:
    """Returns all responses with which the safety policy asks."""
    asked = [questions()[name] for name in SAFETY_QUESTIONS]
    other = {f"{question.ask}{end}" for question in asked for end in ("_again", "_way_out") if not question.in_form}
    return {*other, *(question.ask for question in asked if not question.in_form), *(q.explanation for q in asked)}


def finder_runs(tracker: DialogueStateTracker) -> bool:
    """Returns whether the cause finder has a question open, also one that a pause cut off."""
    return bool(tracker.active_loop_name) or tracker.get_slot("requested_slot") in FORM


def _latest_first(tracker: DialogueStateTracker) -> Iterator[dict[str, Any]]:
    return (event.as_dict() for event in reversed(tracker.events))
