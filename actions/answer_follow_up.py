"""Answers what is asked of the topic in talk: "how often?", "is that bad?", "what if I can't kneel?"."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from library.answers import topics
from library.follow_ups import read_follow_ups


class AnswerFollowUp(Action):
    """Says the aspect that the intent names, of the topic in talk."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_answer_follow_up"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Says the topic's own text, else the general one; asks what is meant where nothing is in talk."""
        intent = (tracker.latest_message.get("intent") or {}).get("name") or ""
        follow_up = read_follow_ups()[intent.removeprefix("follow_up_")]
        topic = topics().get(tracker.get_slot("topic") or "")
        if topic is None:
            dispatcher.utter_message(text=follow_up.unclear)
        else:
            buttons = [dict(button) for button in topic.buttons]
            dispatcher.utter_message(text=topic.aspects.get(follow_up.aspect, follow_up.general), buttons=buttons)
        return []
