"""The words of data/vocabulary, found in one pass by spaCy's PhraseMatcher."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import spacy
import yaml
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from settings import ROOT

FOLDER = ROOT / "data" / "vocabulary" / "facts"
NOT_ONE = "-"  # the value of phrases that hold a theme's word and mean something else
_PIECE = re.compile(r"[0-9]+(?:[.,:][0-9]+)*|[^\W\d_]+(?:'[^\W\d_]+)*|\n|[^\w\s]")
_SAME_LENGTH = str.maketrans({"’": "'", "‘": "'", "`": "'", "–": "-", "—": "-", "−": "-", "½": "½", "\t": " "})


class Token(NamedTuple):
    """A word in its plain form ("can" of "can't"), and where it stands in the message."""

    text: str
    start: int
    end: int


class Hit(NamedTuple):
    """A phrase of a theme: its value, and its tokens from `first` to before `last`."""

    theme: str
    value: str
    first: int
    last: int


class Vocabulary:
    """Every phrase of every theme (file: theme: value: phrases).

    A theme's longest phrase wins; phrases of different themes may share words ("yoga" is a sport and is tried).
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        """Reads all files of `folder`."""
        self._language = spacy.blank("en")
        self._spellings: dict[str, str] = {}
        self._matcher = PhraseMatcher(self._language.vocab)
        self._meaning: dict[int, tuple[str, str]] = {}
        self._pieces = lru_cache(maxsize=20_000)(self._split)
        # BaseLoader: everything is a word, "no" and "on" too.
        contents = [
            yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) for path in sorted(folder.glob("*.yml"))
        ]
        for content in contents:
            self._spellings |= {wrong: right for right, all_ in content.pop("spelling", {}).items() for wrong in all_}
        self.lists: dict[str, frozenset[str]] = {}
        for content in contents:
            self.lists |= {name: frozenset(words) for name, words in content.pop("lists", {}).items()}
            for theme, values in content.items():
                for value, phrases in values.items():
                    self._add(theme, value, phrases)

    def _add(self, theme: str, value: str, phrases: list[str]) -> None:
        key = f"{theme}\t{value}"
        docs = [self._doc([token.text for token in self.tokens(phrase)]) for phrase in phrases]
        self._matcher.add(key, docs)
        self._meaning[self._language.vocab.strings[key]] = (theme, value)

    def _doc(self, words: list[str]) -> Doc:
        return Doc(self._language.vocab, words=words or ["\n"])

    def tokens(self, text: str) -> list[Token]:
        """Returns the words and marks of `text` in plain form; "can't" is "can", "not"."""
        return list(self._tokens(text.translate(_SAME_LENGTH).lower()))

    def _tokens(self, text: str) -> Iterator[Token]:
        for piece in _PIECE.finditer(text):
            offset = piece.start()
            for norm, length in self._pieces(piece.group()):
                yield Token(norm, offset, offset + length)
                offset += length

    def _split(self, piece: str) -> list[tuple[str, int]]:
        if piece in self._spellings:
            return [(self._spellings[piece], len(piece))]
        if not piece[0].isalpha():
            return [(piece, len(piece))]
        # spaCy knows the contractions, also without apostrophe ("cant", "im").
        parts = [(token.norm_, len(token.text)) for token in self._language.tokenizer(piece)]
        return [(self._spellings.get(norm, norm), length) for norm, length in parts]

    def find(self, tokens: list[Token]) -> dict[str, list[Hit]]:
        """Returns the phrases found in `tokens` by theme, in their order."""
        found: dict[str, list[Hit]] = defaultdict(list)
        matches = self._matcher(self._doc([token.text for token in tokens]))
        taken: dict[str, set[int]] = defaultdict(set)
        for key, first, last in sorted(matches, key=lambda match: (match[1] - match[2], match[1])):
            theme, value = self._meaning[key]
            if taken[theme].isdisjoint(range(first, last)):
                taken[theme].update(range(first, last))
                if value != NOT_ONE:
                    found[theme].append(Hit(theme, value, first, last))
        for hits in found.values():
            hits.sort(key=lambda hit: hit.first)
        return found


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Returns the vocabulary, read once."""
    return Vocabulary()
