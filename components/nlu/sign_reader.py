"""Rasa component: the learned reader of signs (safety/reader.py), trained with the model."""

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_EXAMPLE, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.nlu.sentence_encoder import PASSAGES, SentenceEncoder
from safety.levels import of_intent
from safety.reader import LearnedReader, passages

READING = "sign_reading"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SignReader(GraphComponent):
    """Sets `sign_reading` on each message: (certainty, sentence) of its sentences, the surest sign first.

    Place it after the SentenceEncoder and before the RedFlagDetector, which decides what follows. An example's
    level and evidence are read from its metadata; without a level there, its intent tells it.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Returns what must stand before it in the pipeline."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults: none are needed."""
        return {}

    def __init__(self, storage: ModelStorage, resource: Resource, reader: LearnedReader | None = None) -> None:
        """Creates it; `reader` is what was learned, none before training."""
        self._storage, self._resource, self._reader = storage, resource, reader

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, context: ExecutionContext
    ) -> "SignReader":
        """Creates a reader that has learned nothing yet."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SignReader":
        """Loads what training stored."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LearnedReader.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the sentences of the training messages."""
        learned, vectors = [], []
        for example in training_data.intent_examples:
            known = example.get(PASSAGES) or {}
            for passage in passages(example.get(TEXT), *level_and_evidence(example)):
                if passage.text in known:
                    learned.append(passage)
                    vectors.append(known[passage.text])
        self._reader = LearnedReader.train(learned, np.vstack(vectors))
        with self._storage.write_to(self._resource) as folder:
            self._reader.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the reading of each message."""
        for message in messages:
            known = message.get(PASSAGES)
            if known and self._reader:
                message.set(READING, self._reader.reading(list(known), np.vstack(list(known.values()))))
        return messages


def level_and_evidence(example: Message) -> tuple[str, str]:
    """Returns the level of a training example, and the words of it that carry the sign (empty: not known)."""
    marks = (example.get(METADATA) or {}).get(METADATA_EXAMPLE) or {}
    return marks.get("level") or of_intent(example.get(INTENT)) or "none", marks.get("evidence") or ""
