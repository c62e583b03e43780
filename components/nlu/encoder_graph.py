"""all-MiniLM-L6-v2 as one small int8 ONNX graph, built from the published safetensors without PyTorch.

The model is sentence-transformers/all-MiniLM-L6-v2 (Apache 2.0): a BERT of 6 layers, mean pooling and
unit length. Weights and activations of the matrix products are quantised as ONNX Runtime's dynamic
quantisation does (weights per output channel once, activations per call), which is 4 times smaller
and about 3 times faster than 32-bit floats (`build_graph(..., quantize=False)`).
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, HIDDEN = 6, 12, 384
EPSILON = 1e-12  # of the published configuration


def build_graph(weights_file: Path, quantize: bool = True) -> bytes:
    """Builds the encoder.

    Args:
        weights_file: `model.safetensors` of all-MiniLM-L6-v2.
        quantize: int8 matrix products and embedding table if true, else 32-bit floats.

    Returns:
        A serialized ONNX model (opset 17): input `ids`, int64 of shape (batch, tokens), every row of one
        length; output `vector`, float32 of shape (batch, 384), each row of unit length.

    Raises:
        ValueError: The file is not the official model's.
    """
    if hashlib.sha256(weights_file.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise ValueError(f"{weights_file.name} is not the published all-MiniLM-L6-v2: its SHA-256 differs.")
    return _Builder(load_file(str(weights_file)), quantize).build()


class _Builder:
    def __init__(self, weights: dict[str, np.ndarray], quantize: bool) -> None:
        self.weights = weights
        self.quantize = quantize
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}

    def build(self) -> bytes:
        x = self._embed()
        for layer in range(LAYERS):
            x = self._encode(f"encoder.layer.{layer}", x)
        mean = self._add("ReduceMean", x, axes=[1], keepdims=0)
        length = self._add("ReduceL2", mean, axes=[1], keepdims=1)
        self.nodes.append(helper.make_node("Div", [mean, length], ["vector"]))
        graph = helper.make_graph(
            self.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["batch", HIDDEN])],
            [numpy_helper.from_array(value, name) for name, value in self.constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        return model.SerializeToString()

    def _add(self, op: str, *inputs: str, outputs: int = 1, **attributes: Any) -> str:
        names = [f"{op}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else " ".join(names)

    def _constant(self, name: str, value: np.ndarray | None = None) -> str:
        self.constants[name] = self.weights[name] if value is None else value
        return name

    def _norm(self, name: str, x: str) -> str:
        scale, bias = self._constant(f"{name}.weight"), self._constant(f"{name}.bias")
        return self._add("LayerNormalization", x, scale, bias, axis=-1, epsilon=EPSILON)

    def _embed(self) -> str:
        words = self._look_up("embeddings.word_embeddings.weight")
        # Position of each token: 0, 1, 2 ... up to the length of the row.
        shape = self._add("Shape", "ids", start=1, end=2)
        length = self._add("Squeeze", shape)
        zero, one = self._constant("zero", np.array(0)), self._constant("one", np.array(1))
        positions = self._add("Range", zero, length, one)
        position = self._add("Gather", self._constant("embeddings.position_embeddings.weight"), positions)
        # A single sentence: every token has type 0.
        kind = self._constant("type_0", self.weights["embeddings.token_type_embeddings.weight"][0])
        return self._norm("embeddings.LayerNorm", self._add("Add", self._add("Add", words, position), kind))

    def _look_up(self, name: str) -> str:
        if not self.quantize:
            return self._add("Gather", self._constant(name), "ids")
        table, scale = _to_int8(self.weights[name], axis=1)
        rows = self._add("Gather", self._constant(f"{name}.int8", table), "ids")
        scales = self._add("Gather", self._constant(f"{name}.scale", scale), "ids")
        return self._add("Mul", self._add("Cast", rows, to=TensorProto.FLOAT), scales)

    def _linear(self, name: str, x: str) -> str:
        weight = self.weights[f"{name}.weight"].T
        if self.quantize:
            matrix, scale = _to_int8(weight, axis=0)
            x8, x_scale, x_zero = self._add("DynamicQuantizeLinear", x, outputs=3).split()
            w8 = self._constant(f"{name}.int8", matrix)
            w_zero = self._constant(f"{name}.zero", np.zeros(matrix.shape[1], np.int8))
            whole = self._add("Cast", self._add("MatMulInteger", x8, w8, x_zero, w_zero), to=TensorProto.FLOAT)
            both = self._add("Mul", x_scale, self._constant(f"{name}.scale", scale[0]))
            product = self._add("Mul", whole, both)
        else:
            product = self._add("MatMul", x, self._constant(f"{name}.weight", np.ascontiguousarray(weight)))
        return self._add("Add", product, self._constant(f"{name}.bias"))

    def _split_heads(self, x: str, order: list[int]) -> str:
        shape = self._constant("heads", np.array([0, 0, HEADS, HIDDEN // HEADS]))
        return self._add("Transpose", self._add("Reshape", x, shape), perm=order)

    def _encode(self, layer: str, x: str) -> str:
        query, key, value = (self._linear(f"{layer}.attention.self.{part}", x) for part in ("query", "key", "value"))
        scores = self._add("MatMul", self._split_heads(query, [0, 2, 1, 3]), self._split_heads(key, [0, 2, 3, 1]))
        scale = self._constant("attention_scale", np.array((HIDDEN // HEADS) ** -0.5, np.float32))
        attention = self._add("Softmax", self._add("Mul", scores, scale), axis=-1)
        mixed = self._add("MatMul", attention, self._split_heads(value, [0, 2, 1, 3]))
        joined = self._add(
            "Reshape",
            self._add("Transpose", mixed, perm=[0, 2, 1, 3]),
            self._constant("joined", np.array([0, 0, HIDDEN])),
        )
        out = self._linear(f"{layer}.attention.output.dense", joined)
        x = self._norm(f"{layer}.attention.output.LayerNorm", self._add("Add", out, x))
        inner = self._gelu(self._linear(f"{layer}.intermediate.dense", x))
        out = self._linear(f"{layer}.output.dense", inner)
        return self._norm(f"{layer}.output.LayerNorm", self._add("Add", out, x))

    def _gelu(self, x: str) -> str:
        root, one, half = (
            self._constant(name, np.array(value, np.float32))
            for name, value in (("sqrt_2", 2**0.5), ("float_one", 1), ("half", 0.5))
        )
        gate = self._add("Add", self._add("Erf", self._add("Div", x, root)), one)
        return self._add("Mul", self._add("Mul", x, gate), half)


def _to_int8(weight: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Returns `weight` as symmetric int8 and its float32 scale, one for each slice along `axis`."""
    scale = np.abs(weight).max(axis=axis, keepdims=True).astype(np.float32) / 127
    return np.rint(weight / scale).astype(np.int8), scale
