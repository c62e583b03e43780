"""Rasa component: finds red flags in every message and overrides the intent."""

from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.constants import INTENT_NAME_KEY as NAME
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from safety import Assessment, RedFlags
from safety.levels import LEVELS, of_intent

RED_FLAG, RANKING = "red_flag", "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Place it last in the pipeline.

    The rules decide. Where they found nothing, the trained classifier can only make the assistant ask the one
    screening question; it is not asked where the rules understood the whole message as denials, figures of
    speech or general questions. Alone it never makes a report.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults. `ask_threshold`: confidence in all reports together from which it is asked."""
        return {"ask_threshold": 0.6}

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
            found = self._red_flags.assess(message.get(TEXT) or "")
            if found.level == "none" and not found.dismissed:
                found = self._asked(message, found)
            message.set(RED_FLAG, found.as_dict(), add_to_output=True)
            # A clearance or correction is only marked: SafetyPolicy asks for it while there is a hold, and
            # without one the message means whatever else it means ("my physio says my pelvis tips").
            if intent := found.intent or _no_report(message):
                _override(message, intent)
        return messages

    def _asked(self, message: Message, found: Assessment) -> Assessment:
        """Returns what the trained classifier makes of a message in which the rules found nothing."""
        ranking = message.get(RANKING) or []
        certainty = sum(entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking if of_intent(entry[NAME]))
        if certainty < self._config["ask_threshold"]:
            return found
        return replace(
            found, level="unclear", intent=LEVELS["unclear"].intent, trigger="reader", certainty=round(certainty, 3)
        )


def _no_report(message: Message) -> str | None:
    """Returns the best intent that is no report, where the best one of all is a report, else None."""
    if not of_intent((message.get(INTENT) or {}).get(NAME)):
        return None
    names = [entry[NAME] for entry in message.get(RANKING) or []]
    return next((name for name in names if not of_intent(name)), DEFAULT_NLU_FALLBACK_INTENT_NAME)


def _override(message: Message, intent: str) -> None:
    """Puts `intent` first; what the classifier said stays in the ranking."""
    ranking = [entry for entry in message.get(RANKING) or [] if entry[NAME] != intent]
    top = {NAME: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    message.set(INTENT, top, add_to_output=True)
    message.set(RANKING, [top, *ranking], add_to_output=True)
