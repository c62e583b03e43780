"""Saying again what was said last."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher


class RepeatReply(Action):
    """Says again what was said last, with its buttons and cards."""

    def name(self) -> str:
        """Returns the action's name."""
        return "action_repeat_reply"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Repeats all messages of the last turn in which something was said."""
        messages = last_messages(tracker.events)
        for message in messages:
            data = message.get("data") or {}
            dispatcher.utter_message(
                text=message.get("text"), buttons=data.get("buttons"), json_message=data.get("custom")
            )
        if not messages:
            dispatcher.utter_message(response="utter_nothing_to_repeat")
        return []


def last_messages(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the bot's messages of the last turn that has any, in order."""
    messages: list[dict[str, Any]] = []
    for event in reversed(events):
        if event.get("event") == "user" and messages:
            break
        if event.get("event") == "bot":
            messages.insert(0, event)
    return messages
