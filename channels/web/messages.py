"""What the widget is shown: Rasa's messages as it draws them, live and from the stored conversation."""

import re
from typing import Any

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

Message = dict[str, Any]

# Responses that are shown as an alert, and how urgent they are.
ALERTS = {"utter_emergency": "emergency", "utter_see_doctor": "see_doctor", "utter_acute_injury": "acute_injury"}
# Responses after which the last alert is settled.
SETTLED = {"utter_hold_lifted", "utter_hold_lifted_answer", "utter_screening_clear", "utter_screening_answer"}
HISTORY = 200  # messages
QUESTION = re.compile(r"\*\*Question (\d+) of (\d+)\.\*\*")


def bot_message(message: dict[str, Any]) -> Message:
    """Returns a message of the assistant.

    Args:
        message: As Rasa gives it to an output channel, or as `BotUttered.message()` has it.
    """
    response = message.get("utter_action") or (message.get("metadata") or {}).get("utter_action") or ""
    custom = message.get("custom") if isinstance(message.get("custom"), dict) else {}
    shown = {
        "type": "bot",
        "at": message.get("timestamp"),
        "text": message.get("text") or "",
        "buttons": [
            {"title": str(button["title"]), "payload": str(button.get("payload") or button["title"])}
            for button in message.get("buttons") or []
            if button.get("title")
        ],
        "alert": ALERTS.get(response),
        "settled": response in SETTLED or None,
        "card": custom if custom and custom.get("type") == "exercise" else None,
        "progress": _progress(message.get("text") or ""),
        "image": message.get("image"),
    }
    return {name: value for name, value in shown.items() if value}


def history(tracker: DialogueStateTracker | None) -> list[Message]:
    """Returns the conversation as it was shown, oldest first, the last 200 messages."""
    shown: list[Message] = []
    for event in tracker.events if tracker else []:
        if isinstance(event, UserUttered) and event.text and not (event.metadata or {}).get("held"):
            shown.append(user_message(event.message_id or "", event.text, event.metadata))
        elif isinstance(event, BotUttered):
            shown.append(bot_message(event.message()))
    return shown[-HISTORY:]


def user_message(message_id: str, text: str, metadata: dict[str, Any] | None) -> Message:
    """Returns a message of the user; a pressed button is shown by its title."""
    title = (metadata or {}).get("title")
    return {"type": "user", "id": message_id, "text": title if isinstance(title, str) and title else text}


def _progress(text: str) -> dict[str, int] | None:
    """Returns how far the cause finder is, as its question says."""
    asked = QUESTION.search(text)
    return {"step": int(asked[1]), "of": int(asked[2])} if asked else None
