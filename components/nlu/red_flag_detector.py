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

from safety import Assessment, RedFlags

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

    The rules decide. Where they found nothing, the trained classifier is an independent second look: it raises
    the alarm from a low confidence on. It is not asked where the rules understood the whole message as denials,
    figures of speech or general questions, since it cannot tell "no numbness" from "numbness".
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the thresholds.

        Chosen on 1,316 messages of our own: `report` (emergency and see_doctor together) at 0.6 catches 31 of
        40 reports that the rules had missed, 0.35 only two more, with twice the false alarms.
        """
        return {
            "report_threshold": 0.6,
            "emergency_threshold": 0.3,  # of a report: from here on it is an emergency
            "acute_injury_threshold": 0.6,
            "unclear_threshold": 0.7,
        }

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
        """Returns the level that the trained classifier sees, if it is sure enough."""
        if found.dismissed:
            return None
        seen = {entry[NAME]: entry[PREDICTED_CONFIDENCE_KEY] for entry in message.get(RANKING) or []}
        emergency, see_doctor, acute_injury, unclear = (seen.get(intent, 0.0) for intent in INTENTS.values())
        if emergency + see_doctor >= self._config["report_threshold"]:
            return "emergency" if emergency >= self._config["emergency_threshold"] else "see_doctor"
        if acute_injury >= self._config["acute_injury_threshold"]:
            return "acute_injury"
        if unclear >= self._config["unclear_threshold"]:
            return "unclear"
        top = (message.get(INTENT) or {}).get(NAME)  # unsure, but nothing else is likelier
        return next((level for level, intent in INTENTS.items() if intent == top), None)


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
