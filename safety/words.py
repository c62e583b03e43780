"""Reading what people type: folding of characters, sentences, and words as they were meant."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\uff07", "'"))
# Cyrillic and Greek letters that look Latin, as a few keyboards and pranks produce them.
LOOKALIKES = str.maketrans("\u0430\u0435\u043e\u0441\u0440\u0445\u0443\u0456\u03bf\u03b1", "aeocpxyioa")
LEET = str.maketrans("013457@$!|", "oieastasii")
TOKEN = re.compile(
    r"[\w@$|!]*\w(?:'\w+)*|\.{2,}|\u2026|[.!?;]+|\n+|\s+[-\u2013\u2014]+\s+|[,:()\[\]/\u2013\u2014\"]|[^\w\s]"
)
SPELT_OUT = re.compile(r"\b(?:(\w)\1*[ .*_-]{1,2}){3,}(\w)\2*\b")
SPLIT_NOT = re.compile(r"(?i)(?<=\b(?:can|don|won))[ ](?=t\b)|(?<=(?:es|id|is|as|av|ul)n)[ ](?=t\b)")
BREAKS = set(".!?;")
CONTRACTIONS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
ELISIONS = {"l", "d", "j", "n", "s", "m", "t", "c", "qu"}  # French
IS_AFTER = {"it", "that", "there", "what", "he", "she", "who", "how", "where", "here", "this", "everything"}


class Word(NamedTuple):
    """A word as it is matched, and where it stands in the (folded) message."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    """Words between two full stops. `asked`: it ends with a question mark."""

    words: tuple[Word, ...]
    asked: bool = False

    @property
    def text(self) -> str:
        """The words, each followed by one space: what patterns are matched against."""
        return "".join(f"{word.text} " for word in self.words)


def fold(text: str) -> str:
    """Returns `text` in small letters, without accents, invisible characters and typographic quotes."""
    return unaccent(clean(text).lower())


def clean(text: str) -> str:
    """Returns `text` in one Unicode form, without invisible characters and typographic quotes."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(APOSTROPHES)))


def unaccent(text: str) -> str:
    """Returns `text` without accents, and Latin letters for those that only look so."""
    if text.isascii():
        return text
    text = text.replace("\u00df", "ss")
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.translate(LOOKALIKES) if re.search("[a-z]", bare) else bare


class Reader:
    """Turns messages into sentences of corrected words.

    Args:
        vocabulary: words that are right as they stand.
        guarded: words worth correcting towards (the signs).
        typos: what is often typed -> what is meant (one or more words).
        never: real words that look like a typo of a guarded one ("thumb").
        double: words that keep two of their letters when stretched ("weeeee" is "wee", not "we").
    """

    def __init__(
        self,
        vocabulary: Iterable[str],
        guarded: Iterable[str],
        typos: Mapping[str, str],
        never: Iterable[str],
        double: Iterable[str],
    ) -> None:
        """See the class."""
        self._guarded = dict.fromkeys(guarded)  # keeps their order, so that ties are always decided alike
        self._never = set(never)
        self._double = set(double)
        self._typos = typos
        self._known = {*vocabulary, *self._guarded}
        self._stems = re.compile("|".join(word for word in self._guarded if len(word) >= 4) or "$^")
        self.correct = lru_cache(maxsize=20_000)(self._correct)

    def sentences(self, message: str) -> tuple[str, list[Sentence]]:
        """Returns the cleaned message and its sentences."""
        message = SPELT_OUT.sub(self._whole, SPLIT_NOT.sub("'", clean(message).replace("&", "and")))
        sentences: list[Sentence] = []
        words: list[Word] = []

        def close(asked: bool = False) -> None:
            if any(word.text != "," for word in words):
                sentences.append(Sentence(tuple(self._join(words)), asked))
            words.clear()

        for match in TOKEN.finditer(message):
            token, start, end = match.group(), match.start(), match.end()
            if token[0] in BREAKS and not token.startswith("..") and not token[-1].isalnum():
                close("?" in token)
            elif token[0].isalnum() or token[-1].isalnum():
                words.extend(Word(text, start, end) for text in self.correct(token))
            elif len(token) == 1 and ord(token) > 0x2190 and token != "\u2026":  # emoji and arrows
                words.append(Word(token, start, end))
            elif token != "-" and token != "'" and words and words[-1].text != ",":
                words.append(Word(",", start, end))
        close()
        return message, sentences

    def _whole(self, spelt: re.Match[str]) -> str:
        """Returns "numb" for "n u m b" or "n-u-m-b"."""
        whole = re.sub(r"(.)\1{2,}", r"\1", re.sub(r"\W|_", "", spelt.group()))
        return whole if whole.lower() in self._guarded else spelt.group()

    def knows(self, word: str) -> bool:
        """Whether `word` is an English word of the lexicon."""
        return word in self._known

    def _correct(self, token: str) -> tuple[str, ...]:
        """Returns the word or words that `token` stands for."""
        word = unaccent(token.lower()).strip("_$|!@") or token
        if word in self._typos:
            return tuple(self._typos[word].split())
        if "'" in word:
            return self._contraction(word)
        if word in self._known or word.isdigit():
            return (word,)
        return self._misspelt(word)

    def _contraction(self, word: str) -> tuple[str, ...]:
        head, _, tail = word.rpartition("'")
        if tail == "s":
            return (head, "is") if head in IS_AFTER else self._correct(head)
        if head in ELISIONS:
            return (head, *self._correct(tail))
        if tail in CONTRACTIONS:
            return (*self._correct(head), CONTRACTIONS[tail])
        return self._correct(word.replace("'", ""))

    def _misspelt(self, word: str) -> tuple[str, ...]:
        plain = word
        if re.search(r"[\d@$!|]", word):
            plain = word.translate(LEET)
            if plain not in self._known and not self._near(plain):
                return (word,)
        if re.search(r"(.)\1\1", plain):
            twice, once = re.sub(r"(.)\1{2,}", r"\1\1", plain), re.sub(r"(.)\1{2,}", r"\1", plain)
            likelier = (twice, once) if twice in self._double else (once, twice)
            plain = next((w for w in likelier if w in self._known or w in self._typos), once)
            if plain in self._typos:
                return tuple(self._typos[plain].split())
        if plain in self._known or plain in self._never:
            return (plain,)
        if near := self._near(plain):
            return tuple(near.split())
        return self._split(plain) or (plain,)

    def _near(self, word: str) -> str | None:
        """Returns the guarded word that `word` is a slip of, if any."""
        if len(word) < 4 or word in self._never:
            return None
        slips = 1 if len(word) < 8 else 2
        found = process.extractOne(word, list(self._guarded), scorer=OSA.distance, score_cutoff=slips)
        if found is None:
            return None
        meant = found[0]
        # A slip of a short word is trusted only with the same first letter or two letters swapped.
        if len(meant) < 5 and not (word[0] == meant[0] or sorted(word) == sorted(meant)):
            return None
        return meant

    def _split(self, word: str) -> tuple[str, ...] | None:
        """Returns the words that were run together in `word`, if one of them is a sign."""
        if len(word) < 7 or len(word) > 40 or not self._stems.search(word):
            return None
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - 14), end):
                before, piece = best[start], word[start:end]
                if before is None or piece not in self._known or (len(piece) == 1 and (piece != "i" or start)):
                    continue
                if best[end] is None or len(before) + 1 < len(best[end] or ()):
                    best[end] = (*before, piece)
        return best[len(word)]

    def _join(self, words: list[Word]) -> list[Word]:
        """Returns the words with those put together that were torn in two ("tin gling")."""
        joined: list[Word] = []
        for word in words:
            if joined and (word.text not in self._known or joined[-1].text not in self._known):
                whole = joined[-1].text + word.text
                if whole in self._guarded:
                    joined[-1] = Word(whole, joined[-1].start, word.end)
                    continue
            joined.append(word)
        return joined
