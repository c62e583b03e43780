"""A learned reader: how surely a sentence describes a sign that no rule knows.

It never decides alone: unsure, it makes the assistant ask the one screening question; very sure, it sends to a
doctor. It learns from the sentences of the training messages. Those that carry a sign are its positives, and all
others, above all those of long harmless stories, its negatives.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from safety.levels import ALARMS

FILE = "weights.npz"
MEANING = 3.0  # length of a sentence's vector; that of its spelling is 1
REGULARISATION = 10.0  # scikit-learn's C
UNCLEAR = 0.5  # weight of a sentence that may be a sign
SHARED = 0.7  # of the words of the evidence, from which on a passage is taken to hold it


LONGEST, OVERLAP = 30, 10  # words that are read at once, and of a long sentence (dictation) twice
MOST = 24  # passages of one message: bounds the work for pasted text


class Passage(NamedTuple):
    """A passage to learn from."""

    text: str
    sign: bool
    weight: float


def split(message: str) -> list[str]:
    """Returns the sentences of `message`; long ones are cut into passages that overlap."""
    found = []
    for sentence in re.split(r"(?<=[.!?;])\s+|\n+", message.strip()):
        words = sentence.split()
        for start in range(0, max(1, len(words) - OVERLAP), LONGEST - OVERLAP):
            found.append(" ".join(words[start : start + LONGEST]))
    return list(dict.fromkeys(found))[:MOST]


def passages(text: str, level: str, evidence: str = "") -> Iterator[Passage]:
    """Yields what can be learned from a message of `level`; `evidence` are its words that carry the sign.

    Without evidence, only a single sentence is surely the one with the sign.
    """
    found = split(text)
    weight = 1.0 if level in ALARMS else UNCLEAR
    if level == "none":
        yield from (Passage(passage, False, 1.0) for passage in found)
    elif evidence:
        for passage in found:
            sign = _holds(passage, evidence)
            yield Passage(passage, sign, weight if sign else 1.0)
        yield Passage(evidence, True, weight)
    elif len(found) == 1:
        yield Passage(found[0], True, weight)


class LearnedReader:
    """Logistic regression on the meaning of a sentence (its vector) and its spelling (pieces of words)."""

    def __init__(self, weights: np.ndarray, bias: float) -> None:
        """Takes what was learned; see `train` and `load`."""
        self._weights, self._bias = weights, bias

    @classmethod
    def train(cls, learned: Sequence[Passage], vectors: np.ndarray) -> "LearnedReader":
        """Returns a reader that learned from passages; `vectors` has one row for each, of length 1."""
        model = LogisticRegression(C=REGULARISATION, max_iter=300)
        model.fit(
            _features([passage.text for passage in learned], vectors),
            [passage.sign for passage in learned],
            sample_weight=[passage.weight for passage in learned],
        )
        return cls(model.coef_[0].astype(np.float32), float(model.intercept_[0]))

    def reading(self, texts: Sequence[str], vectors: np.ndarray) -> list[tuple[float, str]]:
        """Returns how surely each of `texts` describes a sign (0 to 1), the surest first."""
        certainties = 1 / (1 + np.exp(-(_features(texts, vectors) @ self._weights + self._bias)))
        return sorted(zip(certainties.tolist(), texts, strict=True), reverse=True)

    def save(self, folder: Path) -> None:
        """Stores it in `folder`."""
        np.savez_compressed(folder / FILE, weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> "LearnedReader":
        """Returns what `save` stored in `folder`."""
        with np.load(folder / FILE) as stored:
            return cls(stored["weights"], float(stored["bias"]))


_SPELLING = HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**16, alternate_sign=False)


def _features(texts: Sequence[str], vectors: np.ndarray) -> csr_matrix:
    return hstack([csr_matrix(MEANING * vectors), _SPELLING.transform(texts)]).tocsr()


def _holds(passage: str, evidence: str) -> bool:
    words, wanted = (re.findall(r"\w+", text.lower()) for text in (passage, evidence))
    inside = " ".join(wanted) in " ".join(words) or " ".join(words) in " ".join(wanted)
    return inside or len(set(wanted) & set(words)) > SHARED * len(set(wanted))
