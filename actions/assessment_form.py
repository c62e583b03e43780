"""The cause finder's form: what is known, what a message says, and the slots that follow."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from library.questions import (
    ANSWER,
    CHANGE,
    FORM,
    PREVIOUS,
    SKIP,
    SUMMARY,
    UNKNOWN,
    UNSURE,
    WHY,
    questions,
    read_screen,
)
from library.templates import render

# A "yes" to these belongs to SafetyPolicy; should it get this far, the form ends and nothing is ranked.
REPORTS = {"nerve_signs": "utter_see_doctor", "recent_injury": "utter_acute_injury"}
# Intents that say nothing on their own; any other one is a wish that may come between two questions.
PLAIN = {None, "", "nlu_fallback", "affirm", "deny", "choose_option", ANSWER}
HOURS_A_DAY = 24


class AssessmentForm:
    """One call of the form: what is known, what the message says, and the slots that follow."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.say = dispatcher
        self.tracker = tracker
        self.intent = _intent(tracker)
        self.known = {slot: tracker.get_slot(slot) for slot in (*FORM, "old_injury")}
        self.asked = tracker.get_slot("requested_slot")
        since = _since_user(tracker.events)
        self.shown = read_screen(reversed(tracker.events[: len(tracker.events) - len(since)])).responses
        self.starts = any(event["event"] == "active_loop" and event.get("name") for event in since)
        done = [event["name"] for event in since if event["event"] == "action"]
        self.interrupted = bool(set(done) - {"assessment_form", "action_extract_slots", "action_listen"})
        before = _slots_before(tracker.events)
        self.told = {
            event["name"]: before.get(event["name"])
            for event in since
            if event["event"] == "slot" and event["name"] in FORM[2:] and event["value"] is not None
        }
        self.number = tracker.get_slot("question_number") or 1

    def start(self) -> list[EventType]:
        """Begins, goes on after a stop, or takes the answer to a question that a pause cut off."""
        answer = latest_answer(self.tracker)
        if answer and answer[0] in (*FORM, SUMMARY):
            self.asked = self.asked or answer[0]
            return self.take(*answer)
        if self.intent == "start_assessment":
            self.number = 1
            # Signs are asked about each time.
            self.known |= dict.fromkeys(REPORTS)
            known = [slot for slot in FORM if self.known[slot] not in (None, UNKNOWN)]
            self.known |= {slot: None for slot in FORM if self.known[slot] == UNKNOWN}
            if known:
                self._say("already_told", known)
        return self.ask(misses=0)

    def take(self, question: str, value: Any) -> list[EventType]:
        """Takes an answer to the question that is open, or to one before it."""
        if question == SUMMARY:
            return self._take_summary(value)
        if question not in FORM:
            return self.ask(misses=0)
        if value == WHY and questions()[question].explanation in self.shown:
            return self.ask(misses=2)  # said already: the way out
        if value == WHY:
            self.say.utter_message(response=questions()[question].explanation)
            return self.ask(misses=0)
        if value == PREVIOUS:
            return self._go_back()
        if reason := impossible(question, value):
            self.say.utter_message(text=render(reason))
            return self.miss()
        if question in REPORTS and value in (True, "yes", "partly"):
            return [SlotSet(question, True), SlotSet("requested_slot", None)]
        if question in REPORTS and value not in (False, "no", "long_ago", CHANGE):
            return self.miss()  # signs are never left open
        if value == CHANGE:
            self.known[question] = None
            self.number = max(1, self.number - 1)
            return self.ask(misses=0)
        before = self.told.get(question, self.known[question])
        self._set(question, value)
        if question == self.asked:
            self.number += 1
        else:
            same = before == self.known[question]
            self._say("noted" if before is None else "told_before" if same else "changed", [question])
        return self.ask(misses=0)

    def miss(self) -> list[EventType]:
        """Asks again in other words; after a second miss with a way out; then in turn."""
        misses = self.tracker.get_slot("question_misses") or 0
        return self.ask(misses=misses % 2 + 1)

    def ask(self, misses: int) -> list[EventType]:
        """Returns the slots as they are now, from which the form asks what is still open."""
        changed = {slot: value for slot, value in self.known.items() if value != self.tracker.get_slot(slot)}
        noted = [slot for slot in self.told if slot != (latest_answer(self.tracker) or ("",))[0] and slot != self.asked]
        if noted and not self.starts:
            self._say("changed" if any(self.told[slot] is not None for slot in noted) else "noted", noted)
        left = sum(self.known[slot] is None for slot in FORM)
        return [
            *(SlotSet(slot, value) for slot, value in changed.items()),
            # What was asked before may not be what is asked next.
            *([SlotSet(self.asked, self.known[self.asked])] if self.asked in FORM and not changed else []),
            SlotSet(SUMMARY, None),
            SlotSet("question_misses", misses),
            SlotSet("question_number", self.number),
            SlotSet("question_count", self.number + left - 1),
        ]

    def _take_summary(self, value: Any) -> list[EventType]:
        if value == "no":
            return [SlotSet(SUMMARY, True)]
        if value == PREVIOUS:
            return self._go_back()
        return self.miss()

    def _go_back(self) -> list[EventType]:
        place = FORM.index(self.asked) if self.asked in FORM else len(FORM)
        before = next((slot for slot in reversed(FORM[:place]) if self.known[slot] is not None), None)
        if before is None:
            self.say.utter_message(text=render("first_question"))
            return self.ask(misses=0)
        self.known[before] = None
        self.number = max(1, self.number - 1)
        return self.ask(misses=0)

    def _set(self, question: str, value: Any) -> None:
        if value in (SKIP, UNSURE):
            self.known[question] = UNKNOWN
        elif question in REPORTS:
            self.known[question] = False
            if question == "recent_injury":
                self.known["old_injury"] = value == "long_ago" or None
        else:
            self.known[question] = value

    def _say(self, template: str, slots: list[str]) -> None:
        known = ", ".join(words(slot, self.known) for slot in slots)
        self.say.utter_message(text=render(template, known=known, several=len(slots) > 1))


def latest_answer(tracker: Tracker) -> tuple[str, Any] | None:
    """Returns question and value of the answer in the latest message, None where it is none."""
    if _intent(tracker) != ANSWER:
        return None
    given = {entity["entity"]: entity["value"] for entity in tracker.latest_message.get("entities") or []}
    return (str(given["question"]), given.get("value")) if given.get("question") in questions() else None


def impossible(question: str, value: Any) -> str | None:
    """Returns the template that says why an answer can't be; None where it can."""
    if question != "sitting_hours" or value in (SKIP, UNSURE, CHANGE):
        return None
    if not isinstance(value, int | float):
        return "hours_no_number"
    if value < 0:
        return "hours_below"
    if value > HOURS_A_DAY:
        return "hours_above"
    return None


def words(slot: str, answers: dict[str, Any]) -> str:
    """Returns an answer of the cause finder in words."""
    question, value = questions()[slot], answers[slot]
    if slot == "recent_injury" and answers["old_injury"]:
        return question.wording("long_ago")
    return question.wording("no" if value is False else value)


def _intent(tracker: Tracker) -> str | None:
    # The SDK skips the fallback unless told otherwise.
    return tracker.get_intent_of_latest_message(skip_fallback_intent=False)


def _since_user(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the events since the latest message."""
    place = next((i for i in range(len(events) - 1, -1, -1) if events[i]["event"] == "user"), -1)
    return events[place + 1 :]


def _slots_before(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Returns the slots as they were before the latest message, as far as events set them."""
    before = events[: len(events) - len(_since_user(events))]
    return {event["name"]: event["value"] for event in before if event["event"] == "slot"}
