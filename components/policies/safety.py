"""The hard-coded path from a reported sign to its answer, and the hold on exercises that follows.

`docs/escalation.md` explains it for clinicians. In short: whatever the message reports is answered by a
plain domain response that is said by the assistant itself, an active form is ended, and until the person
says that a doctor has cleared them (or that they meant no such thing) and confirms it, no exercise is given.
Meanwhile the hold is a conversation of its own: `data/hold/turns.yml` has what people say to it.
"""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from components.policies import held
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
from components.policies.hold import (
    ANSWER,
    SCREENING,
    SELF_HARM,
    Hold,
    add_to_note,
    lift_hold,
    most_urgent,
    names_other,
    note_report,
    open_hold,
    read_hold,
    sooner,
)
from library.answers import read_answers
from library.hold import find_turn, read_turns
from safety import RedFlags
from safety.levels import ALARMS, LEVELS, of_hold, of_intent, rank
from settings import Settings

CLEAR, GO_ON = "utter_screening_clear", "utter_screening_go_on"
LIFTED, KEPT = "utter_hold_lifted", "utter_hold_kept"
REFUSAL, REMINDER = "utter_exercises_on_hold", "utter_hold_reminder"
CHECK, REPHRASE = "utter_hold_check", "utter_hold_rephrase"
TOLD, NOTED = "utter_hold_told", "utter_hold_noted"
WHOSE, ASK_WHOSE = "whose", "utter_ask_whose"
OTHERS, OWN = "utter_hold_for_other", "utter_hold_for_self"
ADVISE, OTHER_LANGUAGE = "utter_advise_doctor", "utter_other_language"
FORM = "assessment_form"
START_OVER = "action_start_over"  # puts searches and answers aside, not the hold
SAFE, SAFE_AGAIN, NOT_SAFE = "utter_confirm_safe", "utter_safe_again", "utter_hold_self_harm"

# After any of these it is the user's turn, unless a confirmation was open: then that is asked again.
REPLIES = {REFUSAL, REPHRASE, TOLD, NOTED, CHECK, NOT_SAFE, *(turn.response for turn in read_turns() if turn.response)}
# After these always.
CLOSING = {
    *(level.response for level in LEVELS.values()),
    *wordings(),
    *(ASK_WHOSE, f"{ASK_WHOSE}_again", f"{ASK_WHOSE}_way_out", "utter_explain_whose"),
    *(SAFE, SAFE_AGAIN, CLEAR, LIFTED, OWN, REMINDER, KEPT, OTHERS, ADVISE, OTHER_LANGUAGE, CLOSED),
}
# After these the question that was held back is answered.
ANSWER_NOW = {CLEAR: "utter_screening_answer", LIFTED: "utter_hold_lifted_answer", OWN: OWN}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class SafetyPolicy(HardCodedPolicy):
    """Answers reports, keeps the hold, talks about it, and lifts it.

    It needs no training, no action server and no database. Answers with a text for the hold (data/answers) are
    still given during one; what people say to the hold itself has a reply of its own (data/hold).
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults: above Rasa's policies (RulePolicy has priority 6)."""
        return {"priority": 100}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Loads the detector: a typed `/intent{...}` reaches no NLU, so its text is read here."""
        super().__init__(*args, **kwargs)
        self._red_flags = RedFlags.load()
        settings = Settings()
        self._settings = {"emergency_number": settings.emergency_number, "crisis_line": settings.crisis_line}
        self._answers = {intent: answer.response for intent, answer in read_answers().items() if answer.on_hold}
        self._screened_first = {intent for intent, answer in read_answers().items() if answer.screening}

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> tuple[str | None, list[Event]]:
        """Returns the safety action that is due, if any, and the slots to set."""
        if not any(isinstance(event, UserUttered) for event in tracker.events):
            return None, []
        if done := actions_since_user(tracker):
            action, events = self._go_on(tracker, domain, done[-1])
        else:
            action, events = self._answer(tracker)
            known = self._settings.items()
            events = [*events, *(SlotSet(name, value) for name, value in known if tracker.get_slot(name) != value)]
        hold = read_hold(tracker)
        if hold.sign == SELF_HARM:
            action = _to_somebody_in_need(action)
        elif hold.held and action in ANSWER_NOW:
            action = ANSWER_NOW[action]
        return action, events

    def _go_on(self, tracker: DialogueStateTracker, domain: Domain, last: str) -> tuple[str | None, list[Event]]:
        """Returns what follows the action `last` of this turn."""
        hold = read_hold(tracker)
        if last in ANSWER_NOW.values() and hold.held:
            return held.answer(hold.held, tracker, domain)
        if last == GO_ON:
            return FORM, []
        if last in CLOSING:
            return ACTION_LISTEN_NAME, []
        screen, given = screen_before(tracker), latest_answer(tracker)
        if hold.level and screen.question in CONFIRMATIONS and not given:
            return ask_again(screen, screen.question), []
        if last in REPLIES:
            return ACTION_LISTEN_NAME, []
        if hold.level == SCREENING:  # a question was answered
            return ask_again(screen, SCREENING), []
        if hold.stops:
            return (CHECK if last == START_OVER else REMINDER), []
        return None, []

    def _answer(self, tracker: DialogueStateTracker) -> tuple[str | None, list[Event]]:
        """Returns the first action of the turn."""
        found = self._read(tracker.latest_message)
        hold = read_hold(tracker)
        given = latest_answer(tracker)
        reported = self._reported(tracker.latest_message, found)
        if reported in ALARMS:
            return self._alarm(tracker, hold, reported, found)
        if given and given.says_yes and given.question.name in REPORTED and _is_open(given, tracker, hold):
            return self._alarm(tracker, hold, REPORTED[given.question.name], _unnamed(found, given, tracker))
        # What the learned reader found only makes the assistant ask or advise; during a hold it is talk about that.
        described = found["level"] if found["trigger"] == "reader" and not given else ""
        if reported or described == "unclear":
            if rank(hold.level) <= rank(SCREENING):
                return self._screen(tracker, hold, found)
        elif described in ALARMS and not hold.level:
            return ADVISE, note_report(tracker, found, "see_doctor", "")
        if given and given.question.name in SAFETY_QUESTIONS and (reply := self._reply(tracker, hold, given)):
            return reply
        if (language := found["language"]) != "en":
            return OTHER_LANGUAGE, [SlotSet("message_language", language)]
        if not hold.level:
            return self._before_answer(tracker, hold, found)
        if hold.level == SCREENING:
            return self._while_screening(tracker, found)
        if given and given.question.name == WHOSE:
            return _for_whom(given)
        return self._on_hold(tracker, hold, found)

    def _reported(self, message: UserUttered, found: dict[str, Any]) -> str:
        """Returns the level that words report, or else the intent of a payload, which no NLU has read."""
        if found["trigger"] == "reader":
            return ""
        if found["findings"] or "red_flag" in (message.parse_data or {}):
            return found["level"] if found["level"] in LEVELS else ""
        return of_intent(message.intent.get("name")) or ""

    def _alarm(
        self, tracker: DialogueStateTracker, hold: Hold, level: str, found: dict[str, Any]
    ) -> tuple[str, list[Event]]:
        """Returns the answer to a report, and the hold that it opens or raises."""
        before = of_hold(hold.level)
        if before == "emergency" and level != "emergency":
            # An emergency is never answered with the ordinary reply, not even when a lesser sign follows.
            return LEVELS["emergency"].response, open_hold("emergency")
        events = [
            *open_hold(most_urgent([before, level])),
            *note_report(tracker, found, level, _words(tracker.latest_message)),
            *held.keep(tracker.latest_message, in_form=finder_runs(tracker)),
        ]
        if finder_runs(tracker):
            events += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        return LEVELS[level].response, events

    def _screen(self, tracker: DialogueStateTracker, hold: Hold, found: dict[str, Any]) -> tuple[str, list[Event]]:
        """Returns the screening question; it interrupts the cause finder, and what was asked waits for its answer."""
        events = [*open_hold("unclear"), *note_report(tracker, found, "unclear", "")]
        if not finder_runs(tracker):
            events += held.keep(tracker.latest_message)
        return ask_again(screen_before(tracker), SCREENING), events

    def _before_answer(
        self, tracker: DialogueStateTracker, hold: Hold, found: dict[str, Any]
    ) -> tuple[str | None, list[Event]]:
        """Returns the screening question where an answer calls for it, and it was not answered in this talk."""
        asked = tracker.get_slot("screened") or tracker.get_slot("nerve_signs") is False or found["dismissed"]
        if _intent(tracker) in self._screened_first and not asked and not finder_runs(tracker):
            return self._screen(tracker, hold, found)
        return None, []

    def _while_screening(self, tracker: DialogueStateTracker, found: dict[str, Any]) -> tuple[str, list[Event]]:
        """Returns what is said where the screening question is open and something else came."""
        if found["correction"]:
            return _clear(tracker)
        if found["clearance"]:
            return ask_again(screen_before(tracker), "clearance"), []
        intent = _intent(tracker)
        if intent in self._answers and intent not in self._screened_first:
            return self._answers[intent], []
        return ask_again(screen_before(tracker), SCREENING), held.keep(tracker.latest_message)

    def _on_hold(
        self, tracker: DialogueStateTracker, hold: Hold, found: dict[str, Any]
    ) -> tuple[str | None, list[Event]]:
        """Returns the reply to whatever is said during a hold."""
        message, intent, screen = tracker.latest_message, _intent(tracker), screen_before(tracker)
        turn = find_turn(_words(message), intent)
        if turn and turn.name == "lay_clearance":
            return turn.response, []
        stated = turn.confirm if turn and _words(message) else ""  # a payload states nothing
        for question in ("clearance", "correction"):
            if found[question] or stated == question:
                return ask_again(screen, question), []
        if not hold.stops:  # exercises are for the person who writes, not for the one on hold
            if not names_other(_words(message)):
                return None, []
            return ask_again(screen, WHOSE), [*_asks_for(None), *held.keep(message)]
        if turn and turn.name == "all_right" and screen.question in CONFIRMATIONS:
            return ask_again(screen, screen.question), []
        if turn and turn.response:
            events: list[Event] = [SlotSet("reported_whose", "other")] if turn.response == ASK_WHOSE else []
            return turn.response, [*events, *(sooner(tracker) if turn.name == "worse" else [])]
        if found["trigger"] == "reader":
            return NOTED, [add_to_note(tracker, _words(message))]
        if intent == "repeat_reply":
            return LEVELS[of_hold(hold.level) or "see_doctor"].response, []
        if intent == "start_over":
            return START_OVER, []
        if intent in self._answers:
            return TOLD if self._answers[intent] in screen.responses else self._answers[intent], []
        if intent in (None, DEFAULT_NLU_FALLBACK_INTENT_NAME):
            return REPHRASE, []
        if hold.whose == "other" and not hold.asks_for:
            return ask_again(screen, WHOSE), held.keep(message)
        return (OTHERS if hold.asks_for == "other" else REFUSAL), held.keep(message)

    def _reply(self, tracker: DialogueStateTracker, hold: Hold, given: Answer) -> tuple[str, list[Event]] | None:
        """Returns what follows an answer to a safety question that reports nothing; None leaves it to the form."""
        name = given.question.name
        if not _is_open(given, tracker, hold):
            return CLOSED, []
        if name == SCREENING and given.says_no:
            return _clear(tracker)
        if given.value == "cleared":
            return ask_again(given.screen, "clearance"), []
        if given.question.in_form and given.value in ("no", "long_ago", "previous", "change"):
            return None
        if name in CONFIRMATIONS and given.says_yes:
            return LIFTED, lift_hold()
        if name in CONFIRMATIONS and given.says_no:
            return KEPT, []
        if given.question.in_form and hold.level:
            return None
        return given.reply(), []

    def _read(self, message: UserUttered) -> dict[str, Any]:
        """Returns the detector's finding for the message, read from the text where NLU did not run."""
        found = (message.parse_data or {}).get("red_flag")
        if found is not None:
            return found
        # Only words count: a payload neither clears nor corrects.
        return {**self._red_flags.assess(message.text or "").as_dict(), "clearance": False, "correction": False}


def _is_open(given: Answer, tracker: DialogueStateTracker, hold: Hold) -> bool:
    """Returns whether a safety question may be answered: it stands on the screen, or its hold or its form goes on."""
    if given.question.name == SCREENING:
        return hold.level == SCREENING or (given.open and not hold.level)
    if given.question.in_form:
        return given.open or bool(tracker.active_loop_name)
    return given.open and bool(hold.level)


def _clear(tracker: DialogueStateTracker) -> tuple[str, list[Event]]:
    """Returns what follows a no to the screening question: the cause finder goes on where it was cut off."""
    return (GO_ON if finder_runs(tracker) else CLEAR), [*lift_hold(), SlotSet("screened", True)]


def _for_whom(given: Answer) -> tuple[str, list[Event]]:
    """Returns what follows once it is said for whom exercises are asked."""
    if not given.open:
        return CLOSED, []
    if given.value not in ("self", "other"):
        return given.reply(), []
    return OWN if given.value == "self" else OTHERS, _asks_for(given.value)


def _asks_for(whom: str | None) -> list[Event]:
    return [SlotSet("asks_for", whom), SlotSet("exercise_hold", whom != "self")]


def _to_somebody_in_need(action: str | None) -> str | None:
    """Returns what is said instead, to somebody who may harm themselves."""
    if action and action.startswith("utter_confirm_"):
        return SAFE
    if action == LIFTED:
        return SAFE_AGAIN
    return NOT_SAFE if action in {*REPLIES, REMINDER, KEPT} else action


def _unnamed(found: dict[str, Any], given: Answer, tracker: DialogueStateTracker) -> dict[str, Any]:
    """Returns a finding for a yes that names no sign: in its own words ("only at night"), or for somebody unsure."""
    words = _words(tracker.latest_message)
    if given.value in ("unsure", "skip"):
        return {**found, "unsure": True}
    if found["findings"] or len(words.split()) <= ANSWER:
        return found
    level = REPORTED[given.question.name]
    return {**found, "findings": [{"sign": "answer", "level": level, "words": words}]}


def _intent(tracker: DialogueStateTracker) -> str | None:
    return tracker.latest_message.intent.get("name")


def _words(message: UserUttered) -> str:
    """Returns what was typed, without what is quoted; "" for a payload."""
    text = (message.parse_data or {}).get("text") or message.text or ""
    return "" if (message.text or "").startswith("/") else text
