"""An answer to a question of the cause finder when it is not running."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.assessment_form import latest_answer
from library.questions import FORM, SUMMARY, read_screen


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
