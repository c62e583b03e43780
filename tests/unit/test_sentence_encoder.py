"""The encoder graph: hash-checked, normalised, close to the unquantised model, and about meaning."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from tokenizers import Tokenizer

from components.nlu.encoder_graph import build_graph
from components.nlu.sentence_encoder import _model_folder

SENTENCES = [
    "why are my hamstrings so tight",
    "what makes the back of my thighs stiff",
    "I would like to order a pizza",
    "x",
]


def encode(graph: bytes, texts: list[str]) -> np.ndarray:
    pieces = Tokenizer.from_file(str(_model_folder() / "tokenizer.json"))
    pieces.no_padding()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"ids": np.array([pieces.encode(text).ids])})[0] for text in texts])


@pytest.fixture(scope="module")
def vectors() -> dict[bool, np.ndarray]:
    weights = _model_folder() / "model.safetensors"
    return {quantize: encode(build_graph(weights, quantize), SENTENCES) for quantize in (False, True)}


def test_vectors_have_unit_length(vectors: dict[bool, np.ndarray]) -> None:
    assert vectors[True].shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors[True], axis=1), 1, atol=1e-5)


def test_quantising_hardly_changes_them(vectors: dict[bool, np.ndarray]) -> None:
    assert np.all(np.sum(vectors[True] * vectors[False], axis=1) > 0.97)


def test_like_meanings_are_close(vectors: dict[bool, np.ndarray]) -> None:
    tight, stiff, pizza, _ = vectors[True]
    assert tight @ stiff > 0.4 > tight @ pizza + 0.2


def test_other_weights_are_refused(tmp_path: Path) -> None:
    fake = tmp_path / "model.safetensors"
    fake.write_bytes(b"not the model")
    with pytest.raises(ValueError, match="model.safetensors is not the published all-MiniLM-L6-v2"):
        build_graph(fake)
