"""The hard-coded path from a reported sign to its answer, and the hold on exercises that follows.

`docs/escalation.md` explains it for clinicians. In short: whatever the message reports is answered by a
plain domain response that is said by the assistant itself, an active form is ended, and until the person
says that a doctor has cleared them (or that they meant no such thing) and confirms it, no exercise is given.
"""

from typing import Any

from actions.assessment_answers import tells_of_report
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.policies.hard_coded import HardCodedPolicy, actions_since_user
from library.answers import read_answers
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
SCREENING, CLEAR = "utter_ask_screening", "utter_screening_clear"
CONFIRM_CLEARANCE, CONFIRM_CORRECTION = "utter_confirm_clearance", "utter_confirm_correction"
LIFTED, KEPT = "utter_hold_lifted", "utter_hold_kept"
REFUSAL, REMINDER = "utter_exercises_on_hold", "utter_hold_reminder"
OTHER_LANGUAGE = "utter_other_language"
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
}

# "Yes" in its other forms, when the question offers several signs.
YES = {"affirm", "choose_option", "show_all"}
# Questions of the cause finder whose "yes" is a report.
FORM_QUESTIONS = {"nerve_signs": "red_flag", "recent_injury": "acute_injury"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(HardCodedPolicy):
    """Answers reports, keeps the hold, and lifts it.

    It needs no training, no action server and no database. Answers with a text for the hold (data/answers) are
    still given during one; anything else is met with the hold itself.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults: above Rasa's policies (RulePolicy has priority 6)."""
        return {"priority": 100}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Loads the detector: a typed `/intent{...}` reaches no NLU, so its text is read here."""
        super().__init__(*args, **kwargs)
        self._red_flags = RedFlags.load()
        self._emergency_number = Settings().emergency_number
        self._answers = {intent: answer.response for intent, answer in read_answers().items() if answer.on_hold}
        self._answers["start_over"] = "action_start_over"  # puts searches and answers aside, not the hold

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
        if done[-1] in CLOSING:
            return ACTION_LISTEN_NAME
        hold = tracker.get_slot(HOLD)
        if hold:  # a question was answered
            return SCREENING if hold == "screening" else REMINDER
        return None

    def _answer(self, tracker: DialogueStateTracker) -> tuple[str | None, list[Event]]:
        """Returns the first action of the turn."""
        message = tracker.latest_message
        intent = message.intent.get("name")
        found = self._read(message)
        hold = tracker.get_slot(HOLD)
        asked = _last_question(tracker)

        reported = max(ASSESSED.get(found.get("level", ""), ""), REPORTS.get(intent, ""), key=_rank)
        asks_form = tracker.active_loop_name and tracker.get_slot(REQUESTED_SLOT)
        if _rank(reported) <= _rank("screening"):
            # "A bit", "sometimes", "I think so" are a yes as well, whatever the intent.
            if asked == SCREENING and (intent in YES or tells_of_report("nerve_signs", message.text or "")):
                reported = "red_flag"
            elif asks_form in FORM_QUESTIONS and (
                intent == "affirm"
                or (intent in YES and asks_form == "nerve_signs")
                or tells_of_report(asks_form, message.text or "")
            ):
                reported = FORM_QUESTIONS[asks_form]
        if _rank(reported) > _rank("screening"):
            # An emergency is never answered with the ordinary reply, not even when a lesser sign follows.
            answered = hold if hold == "emergency" else reported
            return ADVICE[answered], self._hold(tracker, max(hold or "", reported, key=_rank), found)
        if reported and _rank(hold) <= _rank("screening"):
            return SCREENING, self._hold(tracker, "screening", found)
        if (language := found.get("language", "en")) != "en":
            return OTHER_LANGUAGE, [SlotSet("message_language", language)]
        if asked == SCREENING and hold in (None, "screening") and (intent == "deny" or found.get("correction")):
            return CLEAR, _lift()
        if not hold:
            return None, []

        if asked in (CONFIRM_CLEARANCE, CONFIRM_CORRECTION) and intent == "affirm":
            return LIFTED, _lift()
        if asked in (CONFIRM_CLEARANCE, CONFIRM_CORRECTION) and intent == "deny":
            return KEPT, []
        # Only words count here: a payload has no `found`, so it cannot start lifting a hold.
        if hold != "screening" and found.get("clearance"):
            return CONFIRM_CLEARANCE, []
        if hold != "screening" and found.get("correction"):
            return CONFIRM_CORRECTION, []
        if intent == "repeat_reply":
            return ADVICE[hold], []
        if intent in self._answers:
            return self._answers[intent], []
        return (SCREENING if hold == "screening" else REFUSAL), []

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
            *([ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)] if tracker.active_loop_name else []),
        ]


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else -1


def _lift() -> list[Event]:
    return [SlotSet(HOLD, None), SlotSet("exercise_hold", False), SlotSet("report_context", None)]


def _last_question(tracker: DialogueStateTracker) -> str | None:
    """Returns the last action before the user's latest message, leaving out the pauses."""
    passed_user = False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            if passed_user:
                return None
            passed_user = True
        elif passed_user and isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME:
            return event.action_name
    return None
