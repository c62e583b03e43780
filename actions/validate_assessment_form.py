"""The answers of the cause finder."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.assessment_form import PLAIN, AssessmentForm, latest_answer


class ValidateAssessmentForm(Action):
    """Takes answers, changes and skips; leaves any other wish to the rules."""

    def name(self) -> str:
        """Returns the name that Rasa's form looks for."""
        return "validate_assessment_form"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Returns the slots of the answers; nothing lets the form step back for a rule."""
        form = AssessmentForm(dispatcher, tracker)
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
