"""Conversations with the action server's executor, without an assistant."""

from typing import Any

from rasa_sdk.executor import ActionExecutor

from library.answers import topics
from library.follow_ups import read_follow_ups

# As the action server does when it starts: the deadline of an action is not meant for it.
topics(), read_follow_ups()


class Conversation:
    """A conversation with the action server's executor, which keeps the slots that the actions set."""

    def __init__(self, **slots: Any) -> None:
        self.slots: dict[str, Any] = slots
        self.text = "as the entities say"
        self.events: list[dict[str, Any]] = []
        self.executor = ActionExecutor()
        self.executor.register_package("actions")

    async def ask(self, action: str, intent: str = "find_exercises", **entities: Any) -> list[dict[str, Any]]:
        """Runs an action after a message with these entities and returns what is said."""
        message = {
            "text": self.text,
            "intent": {"name": intent, "confidence": 1.0},
            "intent_ranking": [{"name": "nlu_fallback"}, {"name": "greet"}],  # not to be believed
            "entities": [
                {"entity": name, "value": value}
                for name, values in entities.items()
                for value in (values if isinstance(values, list) else [values])
            ],
        }
        tracker = {"sender_id": "somebody", "slots": dict(self.slots), "latest_message": message, "events": self.events}
        rest = {"paused": False, "followup_action": None, "active_loop": {}, "latest_action_name": None}
        call = {"next_action": action, "sender_id": "somebody", "domain": {}, "tracker": {**tracker, **rest}}
        answer = await self.executor.run(call)
        for event in answer["events"]:
            assert event["event"] == "slot"
            assert event["name"] not in ("safety_hold", "exercise_hold")
            self.slots[event["name"]] = event["value"]
        self.events += [{"event": "bot", "text": reply["text"]} for reply in answer["responses"]]
        return answer["responses"]

    async def hear(self, action: str, intent: str = "find_exercises", **entities: Any) -> str:
        """Runs an action and returns its one text."""
        (reply,) = await self.ask(action, intent, **entities)
        return reply["text"]


def titles(reply: dict[str, Any]) -> list[str]:
    """Returns the titles of a reply's buttons."""
    return [button["title"] for button in reply["buttons"]]
