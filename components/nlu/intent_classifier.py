"""Linear intent classifier that also says when there is nothing to classify."""

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from library.questions import ANSWER

# One character can be an answer: yes, no, or the number of a choice.
MEANINGFUL_CHARACTERS = set("yn0123456789")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Rasa's logistic regression, with three additions.

    A message without words (empty, a single letter, only emoji or punctuation) becomes `nlu_fallback`;
    Rasa's class fails on it. `answer_question` is not learned. And `C`, the inverse strength of regularisation, is an
    option.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults: those of Rasa's class, and `C` of scikit-learn."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 1.0}

    def __init__(self, config: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """Creates the classifier (see `get_default_config`)."""
        super().__init__(config, *args, **kwargs)
        self.clf.set_params(C=self.config["C"])

    @classmethod
    def load(cls, *args: Any, **kwargs: Any) -> "IntentClassifier":
        """Loads what was trained, its weights in an order in which a message need not copy them all."""
        classifier = super().load(*args, **kwargs)
        classifier.clf.coef_ = np.asfortranarray(classifier.clf.coef_)
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Learns all intents but that of answers: only a question on the screen makes a message an answer."""
        return super().train(training_data.filter_training_examples(lambda example: example.get(INTENT) != ANSWER))

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking` of each message."""
        readable = [message for message in messages if has_words(message.get(TEXT) or "")]
        if readable:
            super().process(readable)
        for message in messages:
            if message not in readable:
                nothing = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}
                message.set("intent", nothing, add_to_output=True)
                message.set("intent_ranking", [nothing], add_to_output=True)
        return messages


def has_words(text: str) -> bool:
    """Returns whether `text` has at least two letters or digits, or one that is an answer by itself."""
    characters = [character for character in text.lower() if character.isalnum()]
    return len(characters) > 1 or any(character in MEANINGFUL_CHARACTERS for character in characters)
