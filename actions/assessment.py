"""The cause finder: reads the answers of `assessment_form` and tells the likely causes at its end."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.assessment_answers import (
    BadAnswer,
    is_long_ago,
    read_hours,
    read_pain_area,
    read_posture,
    read_training,
    read_yes_no,
)
from actions.assessment_causes import LikelyCause, rank_causes


@dataclass(frozen=True)
class Question:
    """How the answer to one question is read, what is said when there is none, and its buttons in words.

    `by_number` says that "the second one" is an answer too.
    """

    read: Callable[[str], Any]
    hint: str
    choices: tuple[str, ...] = ()
    by_number: bool = False


QUESTIONS = {
    "nerve_signs": Question(
        read_yes_no,
        "Please answer yes or no. If it feels numb, tingling, burning or weak even now and then, that is a yes.",
    ),
    "recent_injury": Question(read_yes_no, "Please answer yes or no.", ("yes", "no", "no, but longer ago")),
    "sitting_hours": Question(
        read_hours,
        'A rough guess is enough: a number of hours such as 9, or "from 8 to 5", or "half the day".',
        ("3 hours", "6 hours", "9 hours", "12 hours"),
    ),
    "pain_area": Question(
        read_pain_area,
        "Please choose back, knee, foot or nowhere else. If several hurt, take the worst.",
        ("back", "knee", "foot", "nowhere"),
        by_number=True,
    ),
    "posture_sign": Question(
        read_posture,
        'Please choose flat back, arched back, long but weak, or none of these. If you can\'t tell, say "none".',
        ("flat back", "arched back", "long but weak", "none"),
        by_number=True,
    ),
    "training_load": Question(
        read_training,
        "Please choose not at all, some or a lot.",
        ("not at all", "some", "a lot"),
        by_number=True,
    ),
}
# A "yes" to these belongs to SafetyPolicy; should it get this far, the form ends and nothing is ranked.
REPORTS = {"nerve_signs": "utter_see_doctor", "recent_injury": "utter_acute_injury"}
# The library's words for the places that hurt.
AREAS = {"back": "low back", "knee": "knee", "foot": "foot"}
# Intents that say nothing on their own; any other one is a wish that may come between two questions.
PLAIN = {None, "", "nlu_fallback", "affirm", "deny", "choose_option"}
_WISH = re.compile(
    r"\?\s*$|^\W*(why|what|how|when|where|which|who|can|could|does|do|is|are|should|will|would|did)\b"
    r"|\b(show|give|find|tell|explain|list|recommend|suggest)\b|\b(exercises?|stretch(es)?|routine)\b"
    r"|\b(stop|cancel|quit|skip|no more|enough|never ?mind|start over|restart|later)\b",
    re.IGNORECASE,
)


class ValidateAssessmentForm(Action):
    """Reads the answer to the question that was asked; leaves any other wish to the rules."""

    def name(self) -> str:
        """Returns the name that Rasa's form looks for."""
        return "validate_assessment_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Returns the slot of the answer; nothing lets the form step back for a rule."""
        asked = tracker.get_slot("requested_slot")
        if asked not in QUESTIONS:  # the form starts: a "yes" of last time is asked again
            return [SlotSet(slot, None) for slot in REPORTS if tracker.get_slot(slot)]
        if _intent(tracker) == "repeat_reply":
            return [SlotSet(asked, None)]  # asking again is repeating
        if is_wish(tracker):
            return []
        try:
            answer = read_answer(asked, tracker)
        except BadAnswer as error:
            dispatcher.utter_message(text=str(error))
            return [SlotSet(asked, None)]
        if answer is None and _intent(tracker) not in PLAIN:
            return []
        if answer is None:
            dispatcher.utter_message(text=QUESTIONS[asked].hint)
            return [SlotSet(asked, None)]
        if asked in REPORTS and answer:
            return [SlotSet(asked, True), SlotSet("requested_slot", None)]
        if asked == "recent_injury":
            return [SlotSet(asked, False), SlotSet("old_injury", is_long_ago(_text(asked, tracker)))]
        return [SlotSet(asked, answer)]


def is_wish(tracker: Tracker) -> bool:
    """Returns whether the latest message asks for something instead of answering."""
    intent = _intent(tracker)
    if intent in PLAIN:
        return False
    text = tracker.latest_message.get("text") or ""
    return text.startswith("/") or bool(_WISH.search(text))


def read_answer(asked: str, tracker: Tracker) -> Any:
    """Returns the answer to the question `asked` in the latest message, None without one; raises BadAnswer."""
    text = _text(asked, tracker)
    if asked == "recent_injury" and is_long_ago(text):
        return False
    return QUESTIONS[asked].read(text)


def _intent(tracker: Tracker) -> str | None:
    # The SDK skips the fallback unless told otherwise.
    return tracker.get_intent_of_latest_message(skip_fallback_intent=False)


def _text(asked: str, tracker: Tracker) -> str:
    """Returns what was said; where a button was pressed or a choice named by its number, in the choice's words."""
    text = tracker.latest_message.get("text") or ""
    if text in ("/affirm", "/deny"):
        return {"/affirm": "yes", "/deny": "no"}[text]
    question = QUESTIONS[asked]
    ordinal = next(tracker.get_latest_entity_values("ordinal"), None)
    chosen = _intent(tracker) == "choose_option" and (text.startswith("/") or question.by_number)
    if chosen and isinstance(ordinal, int) and -1 <= ordinal <= len(question.choices) and ordinal:
        return question.choices[ordinal - 1 if ordinal > 0 else -1]
    return "" if text.startswith("/") else text


class RankCauses(Action):
    """Tells the likely causes, most likely first, each with its reasons, what helps and what to avoid."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_rank_causes"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says the causes and empties the answers, so that the next time starts afresh.

        Exercises follow by rule, for the place that hurts; not after a report that got this far.
        """
        answers = {slot: tracker.get_slot(slot) for slot in (*QUESTIONS, "old_injury")}
        afresh = [SlotSet(slot, None) for slot in answers]
        for slot, advice in REPORTS.items():
            if answers[slot]:
                dispatcher.utter_message(response=advice)
                return [*afresh, FollowupAction("action_listen")]
        causes = rank_causes(answers)
        area = AREAS.get(answers["pain_area"])
        if causes:
            buttons = [{"title": f"More: {cause.name}", "payload": f"/{cause.question}"} for cause in causes]
            dispatcher.utter_message(text=describe(causes), buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_no_likely_cause")
        return [
            *afresh,
            SlotSet("likely_causes", [cause.slug for cause in causes]),
            # What action_next_exercise shows then: a place that hurts as well does not replace the cause.
            SlotSet("last_search", {"cause": causes[0].slug} if causes else {"area": area} if area else None),
            # "How often?" is about the likeliest cause now.
            *([SlotSet("topic", causes[0].question.removeprefix("ask_")), SlotSet("focus", "topic")] if causes else []),
        ]


def describe(causes: list[LikelyCause]) -> str:
    """Returns what is said about the causes, in their order."""
    parts = ["From your answers, the likeliest cause comes first. This is a guide, not a diagnosis."]
    for number, cause in enumerate(causes, 1):
        parts.append(
            f"**{number}. {cause.name}**, because {_list(cause.reasons)}.\n"
            f"- What helps: {'; '.join(cause.helps)}.\n"
            f"- What to avoid: {cause.avoid}."
        )
    parts.append("If tingling, numbness or burning turns up, stop and see a doctor.")
    return "\n\n".join(parts)


def _list(reasons: list[str]) -> str:
    return " and ".join([", ".join(reasons[:-1]), reasons[-1]] if reasons[1:] else reasons)
