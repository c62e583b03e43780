"""Rasa component: finds red flags in every message and overrides the intent."""

from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.constants import INTENT_NAME_KEY as NAME
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.sign_reader import READING
from library.questions import ANSWER
from safety import Assessment, Finding, RedFlags
from safety.levels import LEVELS

RED_FLAG, RANKING = "red_flag", "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Place it last in the pipeline.

    The rules decide. Where they found nothing, the learned reader (SignReader) may have: unsure, it makes the
    assistant ask the one screening question, very sure, it sends to a doctor. Alone it never makes an emergency.
    It is not asked about sentences that the rules understood as denials, figures of speech, general questions.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the certainties of the learned reader from which it asks, and from which it sends to a doctor.

        Chosen by cross-validation, one writer's messages left out at a time (`make bench-safety`).
        """
        return {"ask": 0.55, "sure": 0.9}

    def __init__(self, config: dict[str, Any]) -> None:
        """Loads the lexicon; raises `LexiconError` if it is wrong."""
        self._config = config
        self._red_flags = RedFlags.load()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, context: ExecutionContext
    ) -> "RedFlagDetector":
        """Creates the component (Rasa's graph)."""
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data as it is: no training run can change what is detected."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `red_flag` on each message, and its intent if something is reported."""
        for message in messages:
            found = self.read(message)
            message.set(RED_FLAG, found.as_dict(), add_to_output=True)
            # A clearance or correction is only marked: SafetyPolicy asks for it while there is a hold, and
            # without one the message means whatever else it means ("my physio says my pelvis tips").
            # An answer to a question stays one beside an unclear sign: SafetyPolicy looks at both.
            answers = (message.get(INTENT) or {}).get(NAME) == ANSWER
            if found.intent and not (answers and found.level == "unclear"):
                _override(message, found.intent)
        return messages

    def read(self, message: Message) -> Assessment:
        """Returns what the rules find in a message; where that is nothing, what the learned reader makes of it."""
        found = self._red_flags.assess(message.get(TEXT) or "")
        if found.level != "none" or found.dismissed:
            return found
        for certainty, sentence in message.get(READING) or []:
            if certainty < self._config["ask"]:
                break
            alone = self._red_flags.assess(sentence)
            if alone.dismissed or alone.level != "none":  # its context has settled it
                continue
            level = "see_doctor" if certainty >= self._config["sure"] else "unclear"
            finding = Finding(sign="reader", level=level, rule="reader", words=sentence)
            return replace(
                found,
                level=level,
                intent=LEVELS[level].intent,
                findings=(finding,),
                trigger="reader",
                certainty=round(certainty, 3),
            )
        return found


def _override(message: Message, intent: str) -> None:
    """Puts `intent` first; what the classifier said stays in the ranking."""
    ranking = [entry for entry in message.get(RANKING) or [] if entry[NAME] != intent]
    top = {NAME: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    message.set(INTENT, top, add_to_output=True)
    message.set(RANKING, [top, *ranking], add_to_output=True)
