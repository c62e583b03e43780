"""The cause finder: `assessment_form` asks what is not known yet, sums it up, and ends in the likely causes."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from library.causes import LikelyCause, rank_causes
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

# A "yes" to these belongs to SafetyPolicy; should it get this far, the form ends and nothing is ranked.
REPORTS = {"nerve_signs": "utter_see_doctor", "recent_injury": "utter_acute_injury"}
# The library's words for the places that hurt.
AREAS = {"back": "low back", "knee": "knee", "foot": "foot"}
# Intents that say nothing on their own; any other one is a wish that may come between two questions.
PLAIN = {None, "", "nlu_fallback", "affirm", "deny", "choose_option", ANSWER}
HOURS_A_DAY = 24


class ValidateAssessmentForm(Action):
    """Takes answers, changes and skips; leaves any other wish to the rules."""

    def name(self) -> str:
        """Returns the name that Rasa's form looks for."""
        return "validate_assessment_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Returns the slots of the answers; nothing lets the form step back for a rule."""
        form = _Form(dispatcher, tracker)
        if form.starts:
            return form.start()
        if form.interrupted:
            return form.ask(misses=0)
        if answer := latest_answer(tracker):
            return form.take(*answer)
        if form.intent == "repeat_reply":
            return form.ask(misses=0)
        if form.intent not in PLAIN:
            return []
        return form.ask(misses=0) if form.told else form.miss()


class _Form:
    """One call of the form: what is known, what the message says, and the slots that follow."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.say = dispatcher
        self.tracker = tracker
        self.intent = _intent(tracker)
        self.known = {slot: tracker.get_slot(slot) for slot in (*FORM, "old_injury")}
        self.asked = tracker.get_slot("requested_slot")
        since = _since_user(tracker.events)
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
                self.say.utter_message(text=f"You told me: {self._words(known)}. I'll skip {_those(known)}.")
        return self.ask(misses=0)

    def take(self, question: str, value: Any) -> list[EventType]:
        """Takes an answer to the question that is open, or to one before it."""
        if question == SUMMARY:
            return self._take_summary(value)
        if question not in FORM:
            return self.ask(misses=0)
        if value == WHY:
            self.say.utter_message(response=questions()[question].explanation)
            return self.ask(misses=0)
        if value == PREVIOUS:
            return self._go_back()
        if sentence := impossible(question, value):
            self.say.utter_message(text=sentence)
            return self.miss()
        if question in REPORTS and value in (True, "yes", "partly"):
            return [SlotSet(question, True), SlotSet("requested_slot", None)]
        if question in REPORTS and value not in (False, "no", "long_ago", CHANGE):
            return self.miss()  # signs are never left open
        if value == CHANGE:
            self.known[question] = None
            self.number = max(1, self.number - 1)
            return self.ask(misses=0)
        before = self.known[question]
        self._set(question, value)
        if question == self.asked:
            self.number += 1
        else:
            word = "Noted" if before is None else "Changed"
            self.say.utter_message(text=f"{word}: {self._words([question])}.")
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
            word = "Changed" if any(self.told[slot] is not None for slot in noted) else "Noted"
            self.say.utter_message(text=f"{word}: {self._words(noted)}.")
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
            self.say.utter_message(text="This is the first question.")
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

    def _words(self, slots: list[str]) -> str:
        return ", ".join(words(slot, self.known) for slot in slots)


class AskAnswersConfirmed(Action):
    """The last step before the result: all answers, each with a button to change it."""

    def name(self) -> str:
        """Returns the name that Rasa's form looks for."""
        return "action_ask_assessment_form_answers_confirmed"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says the summary; after a miss its question in other words."""
        answers = {slot: tracker.get_slot(slot) for slot in (*FORM, "old_injury")}
        summary = questions()[SUMMARY]
        lines = [f"- {questions()[slot].label}: {words(slot, answers)}" for slot in FORM]
        text = "\n".join(["Here is what I have:", *lines, summary.text])
        text = {1: summary.again, 2: summary.way_out}.get(tracker.get_slot("question_misses") or 0, text)
        changes = [
            {"title": f"Change: {questions()[slot].label}", "payload": questions()[slot].payload(CHANGE)}
            for slot in FORM
        ]
        dispatcher.utter_message(text=text, buttons=[*summary.choices(), *changes])
        return []


class AnswerQuestion(Action):
    """Takes an answer when the cause finder is not running: a pause cut it off, or the question is closed."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_answer_question"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Goes on with the form where its question still stands on the screen, else says that it is closed."""
        question, _ = latest_answer(tracker) or (None, None)
        events = list(reversed(tracker.events))
        latest = next((place for place, event in enumerate(events) if event["event"] == "user"), 0)
        if question in (*FORM, SUMMARY) and read_screen(events[latest:]).question is not None:
            return [FollowupAction("assessment_form")]
        dispatcher.utter_message(response="utter_question_closed")
        return []


def latest_answer(tracker: Tracker) -> tuple[str, Any] | None:
    """Returns question and value of the answer in the latest message, None where it is none."""
    if _intent(tracker) != ANSWER:
        return None
    given = {entity["entity"]: entity["value"] for entity in tracker.latest_message.get("entities") or []}
    return (str(given["question"]), given.get("value")) if given.get("question") in questions() else None


def impossible(question: str, value: Any) -> str | None:
    """Returns a sentence for the person where an answer can't be."""
    if question != "sitting_hours" or value in (SKIP, UNSURE, CHANGE):
        return None
    if not isinstance(value, int | float):
        return "Please give me a number from 0 to 24."
    if value < 0:
        return "Hours can't be less than 0. Please give me a number from 0 to 24."
    if value > HOURS_A_DAY:
        return "A day has only 24 hours. Please give me a number from 0 to 24."
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


def _those(slots: list[str]) -> str:
    return "those" if slots[1:] else "that"


class RankCauses(Action):
    """Tells the likely causes, most likely first, each with its reasons, what helps and what to avoid."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_rank_causes"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says the causes; what was told is kept, only signs are asked about each time.

        Exercises follow by rule, for the place that hurts; not after a report that got this far.
        """
        answers = {slot: tracker.get_slot(slot) for slot in (*FORM, "old_injury")}
        answers = {slot: None if value == UNKNOWN else value for slot, value in answers.items()}
        afresh = [SlotSet(slot, None) for slot in (*REPORTS, SUMMARY, "question_number")]
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
