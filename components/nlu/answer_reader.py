"""Rasa component: reads a message as the answer to the question or offer that stands on the screen."""

import json
from functools import cache
from typing import Any

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, INTENT, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.constants import INTENT_NAME_KEY as NAME
from rasa.shared.nlu.training_data.message import Message

from library.answers import read_answers
from library.question_answers import read_answer, read_correction, take_offer
from library.questions import ANSWER, FORM, PARTLY, SUMMARY, UNSURE, WHY, Question, Screen, questions, read_screen
from library.replies import begins_as_answer, is_accepted, is_wish
from settings import ROOT

OFFERS = ROOT / "data" / "offers.yml"
RANKING = "intent_ranking"
SURE = 0.6  # confidence from which a vague message is what the classifier says
# Buttons of before, without a question's name.
OLD_PAYLOADS = {"/affirm": "yes", "/deny": "no"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AnswerReader(GraphComponent):
    """Place it after classifiers and extractors, before the red-flag detector, which has the last word.

    What answers the last question on the screen becomes what the answer's button sends: the intent
    `answer_question` with the entities `question` and `value`; what takes an offer becomes the offer's payload.
    Any other message is left as it is.
    """

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, context: ExecutionContext
    ) -> "AnswerReader":
        """Creates the component (Rasa's graph)."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Sets intent and entities of each message that is an answer."""
        screen = read_screen(event.as_dict() for event in reversed(tracker.events))
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith("/"):
                meant = OLD_PAYLOADS.get(text.strip())
                if meant and (payload := _payload(screen, meant, {})):
                    message.set(TEXT, payload)
            elif payload := _payload(screen, text, message.get(INTENT) or {}) or _fact(screen, message):
                _rewrite(message, payload)
        return messages


def _payload(screen: Screen, text: str, intent: dict[str, Any]) -> str | None:
    """Returns what the button would have sent that the message stands for."""
    if screen.question:
        question = questions()[screen.question]
        correction = read_correction(text) if question.in_form else None
        if correction and correction[0] != question:
            return correction[0].payload(correction[1])
        value = read_answer(question, text, was_explained(screen, question))
        if value is None and intent.get(NAME) == "explain_question":
            value = WHY
        if value in (PARTLY, UNSURE) and not begins_as_answer(text) and _is_about_something(intent):
            value = None  # "hip drop drill how many reps": asked again, and never taken for a no
        if value is not None:
            return question.payload(value)
        return take_offer(screen.buttons, text) if question.name == SUMMARY and not is_accepted(text) else None
    meant = next((payload for name in screen.responses if (payload := _offers().get(name))), None)
    if meant and is_accepted(text):
        return meant
    return take_offer(screen.buttons, text)


def _fact(screen: Screen, message: Message) -> str | None:
    """Returns the payload of a fact that answers another question of the cause finder: "I said 9 hours but it's 3"."""
    if not screen.question or not questions()[screen.question].in_form or is_wish(message.get(TEXT)):
        return None
    facts = {entity["entity"]: entity["value"] for entity in message.get(ENTITIES) or []}
    told = next((name for name in FORM if name in facts), None)
    return questions()[told].payload(facts[told]) if told else None


def _is_about_something(intent: dict[str, Any]) -> bool:
    """Returns whether the classifier is sure of a question or a wish."""
    wishes = str(intent.get(NAME)).startswith(("ask_", "find_", "start_", "refine_", "show_", "bot_challenge", "greet"))
    return wishes and (intent.get(PREDICTED_CONFIDENCE_KEY) or 0.0) >= SURE


def was_explained(screen: Screen, question: Question) -> bool:
    """Returns whether the question's meaning was told just now."""
    return question.explanation in screen.responses


def _rewrite(message: Message, payload: str) -> None:
    if not payload.startswith("/"):  # the button speaks in words: they are read like any others
        message.set(TEXT, payload)
        return
    intent, brace, values = payload[1:].partition("{")
    entities = [
        {"entity": name, "value": value, "start": 0, "end": len(message.get(TEXT)), "extractor": AnswerReader.__name__}
        for name, value in json.loads(brace + values if brace else "{}").items()
    ]
    # Facts that were told beside an answer stay; an offer says itself what it is about.
    told = message.get(ENTITIES, []) if intent == ANSWER else []
    top = {NAME: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    message.set(ENTITIES, [*told, *entities], add_to_output=True)
    message.set(INTENT, top, add_to_output=True)
    message.set(RANKING, [top], add_to_output=True)


@cache
def _offers() -> dict[str, str]:
    """Returns what a "yes" means after a response, where it is not its first button."""
    said = yaml.safe_load(OFFERS.read_text(encoding="utf-8"))
    return said | {answer.response: answer.offer for answer in read_answers().values() if answer.offer}
