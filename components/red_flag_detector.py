"""Rasa component: finds red flags in every message and overrides the intent."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.constants import INTENT_NAME_KEY as NAME
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.red_flags import Assessment, RedFlags

RED_FLAG, RANKING = "red_flag", "intent_ranking"
INTENTS = {
    "emergency": "report_emergency",
    "see_doctor": "report_red_flag",
    "acute_injury": "report_acute_injury",
    "unclear": "report_unclear_sign",
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Place it last in the pipeline.

    The rules decide. Only where they found nothing can the trained classifier, an independent second look,
    raise the alarm: from the confidence in `classifier_thresholds` on (level -> confidence). Where the rules
    did find signs, but all of them denied, figures of speech or general questions, it must be as sure as
    `dismissed_threshold`, since it cannot tell "no numbness" from "numbness" well.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the thresholds; `make bench-safety` measures them."""
        return {
            "classifier_thresholds": {"emergency": 0.35, "see_doctor": 0.35, "acute_injury": 0.5, "unclear": 0.6},
            "dismissed_threshold": 0.95,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Loads the lexicon; raises `LexiconError` if it is wrong."""
        self._thresholds: dict[str, float] = config["classifier_thresholds"]
        self._dismissed_threshold: float = config["dismissed_threshold"]
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
            report = found.as_dict()
            intent = self._by_rules(found)
            if intent is None and (level := self._by_classifier(message, found)):
                report |= {"level": level, "trigger": "classifier"}
                intent = INTENTS[level]
            message.set(RED_FLAG, report, add_to_output=True)
            if intent is None and found.dismissed:
                intent = _first_other(message)
            if intent:
                _override(message, intent)
        return messages

    def _by_rules(self, found: Assessment) -> str | None:
        # A clearance or correction is only marked: SafetyPolicy asks for it while there is a hold, and
        # without one the message means whatever else it means ("my physio says my pelvis tips").
        return INTENTS.get(found.level)

    def _by_classifier(self, message: Message, found: Assessment) -> str | None:
        """Returns the most urgent level that the trained classifier sees, if it is sure enough."""
        seen = {entry[NAME]: entry[PREDICTED_CONFIDENCE_KEY] for entry in message.get(RANKING) or []}
        for level, intent in INTENTS.items():
            needed = self._thresholds[level]
            if found.dismissed:
                needed = max(needed, self._dismissed_threshold)
            if seen.get(intent, 0.0) >= needed:
                return level
        return None


def _first_other(message: Message) -> str | None:
    """Returns the best intent that is no report, where the best one of all is a report, else None."""
    names = [entry[NAME] for entry in message.get(RANKING) or []]
    if not names or names[0] not in INTENTS.values():
        return None
    return next((name for name in names if name not in INTENTS.values()), None)


def _override(message: Message, intent: str) -> None:
    """Puts `intent` first; what the classifier said stays in the ranking."""
    ranking = [entry for entry in message.get(RANKING) or [] if entry[NAME] != intent]
    top = {NAME: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    message.set(INTENT, top, add_to_output=True)
    message.set(RANKING, [top, *ranking], add_to_output=True)
