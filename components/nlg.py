"""What is said: Rasa's templates, told a second time in other words, and with an ear for what came with the question.

`nlg:` in endpoints.yml names this class, Rasa's extension point for replies.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from library.answers import read_answers
from library.said_facts import say_facts

STAGE = "stage"
LONG = 10  # words from which a message may tell something beside its question
SECOND_WISH = 0.15  # confidence from which a second intent is offered
AGAIN = "Once more:"


class Replies(TemplatedNaturalLanguageGenerator):
    """Chooses the telling of a response that comes next.

    The variations of an answer carry `metadata: {stage: n}`: the first time stage 0 is said, then 1, then 2, then
    again from 0, so that nobody hears the same twice in a row.
    """

    def __init__(self, endpoint_config: Any = None, domain: Domain | None = None) -> None:
        """Takes the responses of the domain; `endpoint_config` has no options."""
        super().__init__(domain.responses if domain else {})
        self._topics = {answer.response for answer in read_answers().values() if answer.topic}

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Returns the reply, its gaps filled from the slots; None where the domain has no such response."""
        slots = tracker.current_slot_values()
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not fitting:
            return None
        # During a hold its text is said, whoever asks: other variants may bring exercises.
        fitting = [variation for variation in fitting if _is_for_hold(variation)] or fitting
        if {(variation.get("metadata") or {}).get(STAGE) for variation in fitting} == {0}:
            # A variant for some people that is only their first telling; the later ones are everybody's.
            everybodys = [variation for variation in self.responses[utter_action] if "condition" not in variation]
            fitting += [variation for variation in everybodys if _stage(variation) > 0]
        told = sum(1 for name in said(tracker) if name == utter_action)
        reply = self._fill_response(_copy(at_stage(fitting, told)), slots, **kwargs)
        if utter_action in self._topics:
            reply = listen(reply, tracker)
        if reply.get("text"):
            reply["text"] = re.sub(r" +\n", "\n", reply["text"])  # after a gap that stayed empty
        if reply.get("text") and reply["text"] == last_text(tracker):
            reply["text"] = f"{AGAIN} {reply['text']}"
        return reply


def listen(reply: dict[str, Any], tracker: DialogueStateTracker) -> dict[str, Any]:
    """Returns an answer with what else its question said.

    Facts told in a longer message are said back before it; the second wish that a message may hold becomes a button.
    """
    message = tracker.latest_message
    if message is None or not message.text or len(message.text.split()) < LONG:
        return reply
    told = {entity["entity"]: tracker.get_slot(entity["entity"]) for entity in message.entities or []}
    if understood := say_facts(told):
        reply["text"] = f"{understood}\n\n{reply['text']}"
    answers = read_answers()
    for entry in (message.parse_data or {}).get("intent_ranking", [])[1:3]:
        wish = answers.get(entry["name"])
        payload = f"/{entry['name']}"
        buttons = reply.get("buttons", [])
        if wish and wish.topic and entry["confidence"] >= SECOND_WISH and payload not in _payloads(buttons):
            reply["buttons"] = [*buttons, {"title": wish.button, "payload": payload}]
            break
    return reply


def last_text(tracker: DialogueStateTracker) -> str | None:
    """Returns the text that the assistant said last."""
    texts = (event.text for event in reversed(tracker.events) if isinstance(event, BotUttered) and event.text)
    return next(texts, None)


def _payloads(buttons: list[dict[str, str]]) -> set[str]:
    return {button["payload"] for button in buttons}


def at_stage(variations: list[dict[str, Any]], told: int) -> dict[str, Any]:
    """Returns the variation for somebody who has heard `told` of them."""
    stages = sorted({_stage(variation) for variation in variations})
    wanted = stages[told % len(stages)]
    return np.random.choice([variation for variation in variations if _stage(variation) == wanted])  # type: ignore[arg-type]


def said(tracker: DialogueStateTracker) -> Iterator[str]:
    """Yields the names of the responses said so far, as far back as the tracker goes."""
    for event in tracker.events:
        if isinstance(event, BotUttered) and (name := event.metadata.get("utter_action")):
            yield name


def _stage(variation: dict[str, Any]) -> int:
    return (variation.get("metadata") or {}).get(STAGE, 0)


def _is_for_hold(variation: dict[str, Any]) -> bool:
    conditions = variation.get("condition") or []
    return any(condition["name"] == "exercise_hold" and condition["value"] is True for condition in conditions)


def _copy(variation: dict[str, Any]) -> dict[str, Any]:
    copied = {key: value for key, value in variation.items() if key != "metadata"}
    if "buttons" in copied:
        copied["buttons"] = [dict(button) for button in copied["buttons"]]
    return copied
