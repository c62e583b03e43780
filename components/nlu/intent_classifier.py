"""Linear intent classifier that also says when there is nothing to classify."""

from typing import Any

import numpy as np
import scipy.sparse as sp
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as Classifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

# One character can be an answer: yes, no, or the number of a choice.
MEANINGFUL_CHARACTERS = set("yn0123456789")
RANKED = 10  # intents in the ranking
FILE = "weights.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, Classifier):
    """A linear support vector machine on tf-idf weighted word counts and the sentence vector.

    Counts are damped (log), weighted and brought to length 1, so that a long message looks like a short one that
    says the same. Margins become confidences by a softmax. A message without words (empty, a single letter, only
    emoji or punctuation) becomes `nlu_fallback`.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Returns what must stand before it in the pipeline."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults.

        `C`: inverse strength of regularisation. `dense_scale`: length of the sentence vector beside the counts'.
        `temperature`: of the softmax over margins; the larger, the less sure. `leave_out`: intents that it is not to
        tell apart, because another component does.
        """
        return {"C": 0.15, "dense_scale": 1.5, "temperature": 0.15, "leave_out": []}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """Creates the classifier (see `get_default_config`)."""
        self._config, self._storage, self._resource = config, storage, resource
        self._intents: list[str] = []
        self._idf = self._weights = self._bias = np.empty(0)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        """Creates a classifier that is yet to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        """Loads what was trained."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / FILE) as kept:
            classifier._intents = kept["intents"].tolist()
            # A column a feature, each in one piece: a message reads only the columns of its words.
            classifier._weights = np.asfortranarray(kept["weights"])
            classifier._idf, classifier._bias = kept["idf"], kept["bias"]
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from all examples whose intent is not left out."""
        left_out = set(self._config["leave_out"])
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT) not in left_out
        ]
        counts = sp.vstack([_sparse(example) for example in examples]).tocsr()
        documents = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._idf = (np.log((1 + len(examples)) / (1 + documents)) + 1).astype(np.float32)
        features = self._features(counts, np.vstack([_dense(example) for example in examples]))
        machine = LinearSVC(C=self._config["C"], random_state=0)
        machine.fit(features, [example.get(INTENT) for example in examples])
        self._intents = machine.classes_.tolist()
        self._weights = np.asfortranarray(machine.coef_.astype(np.float32))
        self._bias = machine.intercept_.astype(np.float32)
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, intents=self._intents, weights=self._weights, bias=self._bias, idf=self._idf)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `intent` and `intent_ranking` of each message."""
        for message in messages:
            if self._intents and has_words(message.get(TEXT) or "") and (sparse := _sparse(message)) is not None:
                ranking = self.rank(sparse, _dense(message))
            else:
                ranking = [{"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0}]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[:RANKED], add_to_output=True)
        return messages

    def rank(self, counts: sp.csr_matrix, vector: np.ndarray) -> list[dict[str, Any]]:
        """Returns all intents with their confidence, the likeliest first.

        Args:
            counts: word and character counts of one message, shape (1, features).
            vector: its sentence vector, shape (1, dimensions).
        """
        row = self._features(counts, vector)
        margins = self._weights[:, row.indices] @ row.data + self._bias
        scores = np.exp((margins - margins.max()) / self._config["temperature"])
        confidences = scores / scores.sum()
        order = np.argsort(-confidences)
        return [{"name": self._intents[i], "confidence": float(confidences[i])} for i in order]

    def _features(self, counts: sp.csr_matrix, vectors: np.ndarray) -> sp.csr_matrix:
        weighted = counts.astype(np.float32)
        weighted.data = np.log1p(weighted.data)
        weighted = normalize(weighted.multiply(self._idf).tocsr())
        return sp.hstack([weighted, sp.csr_matrix(normalize(vectors) * self._config["dense_scale"])]).tocsr()


def has_words(text: str) -> bool:
    """Returns whether `text` has at least two letters or digits, or one that is an answer by itself."""
    characters = [character for character in text.lower() if character.isalnum()]
    return len(characters) > 1 or any(character in MEANINGFUL_CHARACTERS for character in characters)


def _sparse(message: Message) -> sp.csr_matrix | None:
    _, sentence = message.get_sparse_features(TEXT)
    return sp.csr_matrix(sentence.features) if sentence else None


def _dense(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    return np.asarray(sentence.features, dtype=np.float32) if sentence else np.zeros((1, 0), np.float32)
