"""The hard-coded path from a reported sign to its answer, and the hold on exercises that follows.

`docs/escalation.md` explains it for clinicians. In short: whatever the message reports is answered by a
plain domain response that is said by the assistant itself, an active form is ended, and until the person
says that a doctor has cleared them (or that they meant no such thing) and confirms it, no exercise is given.
"""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.policies.answers import (
    CLOSED,
    CONFIRMATIONS,
    REPORTED,
    SAFETY_QUESTIONS,
    Answer,
    ask_again,
    finder_runs,
    latest_answer,
    screen_before,
    wordings,
)
from components.policies.hard_coded import HardCodedPolicy, actions_since_user
from safety import RedFlags
from settings import Settings

HOLD = "safety_hold"
# From the least to the most urgent. A hold can only rise, until it is lifted.
LEVELS = ["screening", "acute_injury", "red_flag", "emergency"]
REPORTS = {
    "report_unclear_sign": "screening",
    "report_acute_injury": "acute_injury",
    "report_red_flag": "red_flag",
    "report_emergency": "emergency",
}
ASSESSED = {
    "unclear": "screening",
    "acute_injury": "acute_injury",
    "see_doctor": "red_flag",
    "emergency": "emergency",
}
ADVICE = {
    "screening": "utter_ask_screening",
    "acute_injury": "utter_acute_injury",
    "red_flag": "utter_see_doctor",
    "emergency": "utter_emergency",
}
SCREENING, CLEAR, GO_ON = "utter_ask_screening", "utter_screening_clear", "utter_screening_go_on"
FORM = "assessment_form"
CONFIRM_CLEARANCE, CONFIRM_CORRECTION = "utter_confirm_clearance", "utter_confirm_correction"
LIFTED, KEPT = "utter_hold_lifted", "utter_hold_kept"
REFUSAL, REMINDER = "utter_exercises_on_hold", "utter_hold_reminder"
OTHER_LANGUAGE = "utter_other_language"
UNCLEAR = {"affirm", "deny", "nlu_fallback", "out_of_scope"}  # where a confirmation is open: neither yes nor no
# After any of these it is the user's turn.
CLOSING = {
    *ADVICE.values(),
    CLEAR,
    CONFIRM_CLEARANCE,
    CONFIRM_CORRECTION,
    LIFTED,
    KEPT,
    REFUSAL,
    REMINDER,
    OTHER_LANGUAGE,
    CLOSED,
    *wordings(),
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(HardCodedPolicy):
    """Answers reports, keeps the hold, and lifts it.

    It needs no training, no action server and no library. The option `answers_during_hold` maps each intent
    that is still answered during a hold to its response; anything else is met with the hold itself.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults: above Rasa's policies (RulePolicy has priority 6)."""
        return {"priority": 100, "answers_during_hold": {}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Loads the detector: a typed `/intent{...}` reaches no NLU, so its text is read here."""
        super().__init__(*args, **kwargs)
        self._red_flags = RedFlags.load()
        self._emergency_number = Settings().emergency_number

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[str | None, list[Event]]:
        """Returns the safety action that is due, if any, and the slots to set."""
        done = actions_since_user(tracker)
        if not any(isinstance(event, UserUttered) for event in tracker.events):
            return None, []
        if done:
            return self._go_on(tracker, done), []
        action, events = self._answer(tracker)
        if tracker.get_slot("emergency_number") != self._emergency_number:
            events.append(SlotSet("emergency_number", self._emergency_number))
        return action, events

    def _go_on(self, tracker: DialogueStateTracker, done: list[str]) -> str | None:
        """Returns what follows an action of this turn."""
        if done[-1] == GO_ON:
            return FORM
        if done[-1] in CLOSING:
            return ACTION_LISTEN_NAME
        hold = tracker.get_slot(HOLD)
        if hold:  # a question was answered
            return ask_again(screen_before(tracker), "screening") if hold == "screening" else REMINDER
        return None

    def _answer(self, tracker: DialogueStateTracker) -> tuple[str | None, list[Event]]:
        """Returns the first action of the turn."""
        message = tracker.latest_message
        intent = message.intent.get("name")
        found = self._read(message)
        hold = tracker.get_slot(HOLD)
        given = latest_answer(tracker)

        reported = max(ASSESSED.get(found.get("level", ""), ""), REPORTS.get(intent, ""), key=_rank)
        if _rank(reported) <= _rank("screening") and given and _is_open(given, tracker) and given.says_yes:
            reported = REPORTED.get(given.question.name, reported)
        if _rank(reported) > _rank("screening"):
            # An emergency is never answered with the ordinary reply, not even when a lesser sign follows.
            answered = hold if hold == "emergency" else reported
            return ADVICE[answered], self._hold(tracker, max(hold or "", reported, key=_rank), found)
        if reported and _rank(hold) <= _rank("screening"):
            return ask_again(screen_before(tracker), "screening"), self._hold(tracker, "screening", found)
        if given and given.question.name in SAFETY_QUESTIONS and (reply := self._reply(given, tracker)):
            return reply
        if (language := found.get("language", "en")) != "en":
            return OTHER_LANGUAGE, [SlotSet("message_language", language)]
        if hold == "screening" and found.get("correction"):
            return self._clear(tracker)
        if not hold:
            return None, []

        # Only words count here: a payload has no `found`, so it cannot start lifting a hold.
        if hold != "screening" and found.get("clearance"):
            return CONFIRM_CLEARANCE, []
        if hold != "screening" and found.get("correction"):
            return CONFIRM_CORRECTION, []
        if intent == "repeat_reply":
            return ADVICE[hold], []
        if intent in self.config["answers_during_hold"]:
            return self.config["answers_during_hold"][intent], []
        screen = screen_before(tracker)
        if hold == "screening":
            return ask_again(screen, "screening"), []
        if screen.question in CONFIRMATIONS and intent in UNCLEAR:
            return ask_again(screen, screen.question), []
        return REFUSAL, []

    def _reply(self, given: Answer, tracker: DialogueStateTracker) -> tuple[str, list[Event]] | None:
        """Returns what follows an answer to a safety question that reports nothing; None leaves it to the form."""
        name, hold = given.question.name, tracker.get_slot(HOLD)
        if not _is_open(given, tracker):
            return CLOSED, []
        if name == "screening" and given.says_no:
            return self._clear(tracker)
        if given.question.in_form and given.value in ("no", "long_ago", "previous", "change"):
            return None
        if name not in REPORTED and given.says_yes:
            return LIFTED, _lift()
        if name not in REPORTED and given.says_no:
            return KEPT, []
        if given.question.in_form and hold:
            return None
        return given.reply(), []

    def _clear(self, tracker: DialogueStateTracker) -> tuple[str, list[Event]]:
        """Returns what follows a no to the screening question: the cause finder goes on where it was cut off."""
        return (GO_ON if finder_runs(tracker) else CLEAR), _lift()

    def _read(self, message: UserUttered) -> dict[str, Any]:
        """Returns the detector's finding for the message, read from the text where NLU did not run."""
        found = (message.parse_data or {}).get("red_flag")
        if found is not None:
            return found
        assessment = self._red_flags.assess(message.text or "").as_dict()
        return {**assessment, "clearance": False, "correction": False}

    def _hold(self, tracker: DialogueStateTracker, level: str, found: dict[str, Any]) -> list[Event]:
        contexts = [finding.get("context") for finding in found.get("findings", []) if finding.get("context")]
        language = found.get("language", "en")
        context = language if language in ("es", "de", "fr") else next(iter(contexts), None)
        return [
            SlotSet(HOLD, level),
            SlotSet("exercise_hold", True),
            SlotSet("report_context", context),
            # The screening question only interrupts the cause finder.
            *(
                [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
                if finder_runs(tracker) and level != "screening"
                else []
            ),
        ]


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def _lift() -> list[Event]:
    return [SlotSet(HOLD, None), SlotSet("exercise_hold", False), SlotSet("report_context", None)]


def _is_open(given: Answer, tracker: DialogueStateTracker) -> bool:
    """Returns whether a safety question may be answered: it stands on the screen, or its hold or its form goes on."""
    name, hold = given.question.name, tracker.get_slot(HOLD)
    if name == "screening":
        return hold == "screening" or (given.open and not hold)
    if given.question.in_form:
        return given.open or bool(tracker.active_loop_name)
    return given.open and hold not in (None, "screening")
