"""Rasa component: takes the assistant's own words out of a message before anything reads it."""

import re
from collections.abc import Iterable
from typing import Any

from rapidfuzz import fuzz
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

# How alike (0 to 100) a copy must be, and how many words long where it isn't marked as a quote.
SIMILAR, WORDS = 90, 8
_quote = re.compile(r"\s*(?:>|&gt;)+\s?(.*)")
_sentence = re.compile(r"(?<=[.!?])\s+")
# A line of a list is a choice: whoever copies it chooses it.
_listed = re.compile(r"\s*(?:[-*\u2022]|\d+[.)])\s")
_marks = re.compile(r"[^\w\s]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class QuoteRemover(GraphComponent):
    """Place it first in the pipeline.

    A quoted line ("> Do you have any tingling?") goes where the assistant said it; of other lines a sentence goes
    that is nearly one of the assistant's. Words quoted from elsewhere stay: they may tell of a sign.
    """

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, context: ExecutionContext
    ) -> "QuoteRemover":
        """Creates the component (Rasa's graph)."""
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Shortens the text of each message."""
        said = [event.text for event in tracker.events if isinstance(event, BotUttered) and event.text]
        for message in messages:
            text = message.get(TEXT) or ""
            if said and not text.startswith("/") and (shorter := without_quotes(text, said)) != text:
                message.set(TEXT, shorter)
        return messages


def without_quotes(text: str, said: Iterable[str]) -> str:
    """Returns `text` without what it repeats of `said`."""
    said = list(said)
    whole = [_plain(message) for message in said]
    lines = [line for message in said for line in message.splitlines() if not _listed.match(line)]
    # What the assistant quotes are the person's words.
    sentences = [_plain(sentence) for line in lines for sentence in _sentence.split(line) if '"' not in sentence]
    kept = []
    for line in text.splitlines():
        if quoted := _quote.fullmatch(line):
            words = _plain(quoted[1])
            if not any(len(words) <= len(t) and fuzz.partial_ratio(words, t) >= SIMILAR for t in whole):
                kept.append(quoted[1])
        else:
            kept.append(" ".join(part for part in _sentence.split(line) if not _is_copy(part, sentences)))
    shorter = "\n".join(kept).strip()
    return shorter if shorter != text.strip() else text


def _is_copy(part: str, sentences: list[str]) -> bool:
    words = _plain(part)
    if len(words.split()) < WORDS:
        return False
    return any(fuzz.ratio(words, sentence, score_cutoff=SIMILAR) for sentence in sentences)


def _plain(text: str) -> str:
    return " ".join(_marks.sub(" ", text.lower()).split())
