"""A talk with the safety policy: messages read as the pipeline reads them, replies as the assistant says them."""

import asyncio
import json
from functools import cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from components.importers.answers_importer import AnswersImporter
from components.nlg import Replies
from components.nlu.answer_reader import AnswerReader
from components.nlu.red_flag_detector import RedFlagDetector
from components.policies.safety import SafetyPolicy
from settings import ROOT

LISTEN = "action_listen"


@cache
def domain() -> Domain:
    """Returns the whole domain."""
    return AnswersImporter(domain_path=str(ROOT / "domain.yml")).get_domain()


@cache
def policy() -> SafetyPolicy:
    """Returns the policy as Rasa makes it."""
    config: dict[str, Any] = SafetyPolicy.get_default_config()
    return SafetyPolicy(config, None, Resource("safety"), ExecutionContext(GraphSchema({})))  # type: ignore[arg-type]


class Talk:
    """One conversation. `texts` and `names` are the replies to the last message, by their text and response.

    What the rules would answer shows as the name of its action, "" where the policy leaves the message to them.
    """

    def __init__(self, *events: Any) -> None:
        start = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted(LISTEN)]
        self.tracker = DialogueStateTracker.from_events("somebody", [*start, *events], slots=domain().slots)
        self.texts: list[str] = []
        self.names: list[str] = []

    def say(
        self, text: str, intent: str = "nlu_fallback", guesses: dict[str, float] | None = None, reader: str = ""
    ) -> list[str]:
        """Says something; `intent` and `guesses` are what the classifier makes of it, `reader` what the learned one."""
        ranking = [{"name": name, "confidence": sure} for name, sure in {intent: 0.9, **(guesses or {})}.items()]
        if text.startswith("/"):
            self.tracker.update(_payload(text))
        else:
            message = Message(
                {"text": text, "intent": ranking[0], "intent_ranking": ranking, "entities": []}, {"text", "intent"}
            )
            AnswerReader().process([message], self.tracker)
            RedFlagDetector(RedFlagDetector.get_default_config()).process([message])
            parsed = {**message.as_dict(only_output_properties=True), "text": message.get("text")}
            if reader:
                finding = {"sign": "reader", "level": reader, "words": text, "whose": "self", "context": None}
                parsed["red_flag"] |= {"level": reader, "trigger": "reader", "findings": [finding]}
            self.tracker.update(UserUttered(text, message.get("intent"), message.get("entities"), parsed))
        self._answer()
        return self.names

    def press(self, title: str) -> list[str]:
        """Presses a button that stands on the screen."""
        buttons = {button["title"]: button["payload"] for button in self.buttons}
        return self.say(buttons[title])

    @property
    def buttons(self) -> list[dict[str, str]]:
        """The buttons below the last reply."""
        last = next(event for event in reversed(self.tracker.events) if isinstance(event, BotUttered))
        return last.data.get("buttons") or []

    @property
    def text(self) -> str:
        """All replies to the last message."""
        return "\n".join(self.texts)

    def slot(self, name: str) -> Any:
        """Returns the value of a slot."""
        return self.tracker.get_slot(name)

    def _answer(self) -> None:
        self.texts, self.names = [], []
        for _ in range(6):
            action, events = policy().decide(self.tracker, domain())
            self.tracker.update_with_events(events, domain())
            if action in (None, LISTEN):
                break
            self.names.append(action)
            self.tracker.update(ActionExecuted(action))
            if not action.startswith("utter_"):  # the action server's
                continue
            reply = asyncio.run(Replies(None, domain()).generate(action, self.tracker, "rest")) or {}
            if "text" in reply:
                self.texts.append(reply["text"])
                self.tracker.update(
                    BotUttered(reply["text"], {"buttons": reply.get("buttons")}, {"utter_action": action})
                )
        self.tracker.update(ActionExecuted(LISTEN))


def _payload(text: str) -> UserUttered:
    """Returns what Rasa makes of a typed payload: no part of the pipeline reads it."""
    intent, brace, values = text[1:].partition("{")
    entities = [{"entity": name, "value": value} for name, value in json.loads(brace + values or "{}").items()]
    return UserUttered(text, {"name": intent, "confidence": 1.0}, entities)


def on_hold(level: str) -> list[SlotSet]:
    """Returns the slots of a hold that nothing more is known of."""
    return [SlotSet("safety_hold", level), SlotSet("exercise_hold", True)]
