"""The likely causes that the cause finder ends in."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.assessment_form import REPORTS
from library.causes import rank_causes
from library.questions import FORM, SUMMARY, UNKNOWN
from library.templates import button, render

# The library's words for the places that hurt.
AREAS = {"back": "low back", "knee": "knee", "foot": "foot"}


class RankCauses(Action):
    """Tells the likely causes, most likely first, each with its reasons, what helps and what to avoid."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_rank_causes"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says the causes; what was told is kept, only signs are asked about each time.

        Exercises follow by rule, for the likeliest cause; for the place that hurts there is a button. None follow
        after a report that got this far.
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
            buttons = [button("more_about", name=cause.name, question=cause.question) for cause in causes]
            buttons += [button("for_area", area=area)] if area else []
            dispatcher.utter_message(text=render("likely_causes", likely=causes), buttons=buttons)
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
