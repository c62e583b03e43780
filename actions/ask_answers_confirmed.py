"""The cause finder's last step before its result."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.assessment_form import words
from library.questions import CHANGE, FORM, SUMMARY, questions
from library.templates import button, render


class AskAnswersConfirmed(Action):
    """The last step before the result: all answers, each with a button to change it."""

    def name(self) -> str:
        """Returns the name that Rasa's form looks for."""
        return "action_ask_assessment_form_answers_confirmed"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says the summary; after a miss its question in other words."""
        answers = {slot: tracker.get_slot(slot) for slot in (*FORM, "old_injury")}
        summary = questions()[SUMMARY]
        told = [(questions()[slot].label, words(slot, answers)) for slot in FORM]
        text = render("summary", answers=told, question=summary.text)
        text = {1: summary.again, 2: summary.way_out}.get(tracker.get_slot("question_misses") or 0, text)
        changes = [
            button("change_answer", label=questions()[slot].label, payload=questions()[slot].payload(CHANGE))
            for slot in FORM
        ]
        dispatcher.utter_message(text=text, buttons=[*summary.choices(), *changes])
        return []
