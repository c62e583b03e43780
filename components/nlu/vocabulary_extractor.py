"""Entity extractor whose words are those of the exercise library, tolerant of misspelling."""

import re
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from library.facts import read_durations
from library.facts.quantities import read_place
from settings import ROOT

LIBRARY = ROOT / "data" / "exercises"
VOCABULARY = ROOT / "data" / "vocabulary" / "vocabulary.yml"

# "the second one", "number 2", "2"
_ordinal = re.compile(r"\b(?:the |that |your )?(\w+)(?= (?:one|exercise|stretch|option|move)\b|[.!?]*$)")
_numbered = re.compile(
    r"\b(?:the |number |no\.? ?|option |exercise |#) ?(\w+)\b"
    r"(?! (?:time|thing|place|minutes?|mins?|seconds?|hours?|days?|weeks?|months?)\b)"
    r"|^([1-9])[.)!]?$"
)
_word = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VocabularyExtractor(EntityExtractorMixin, GraphComponent):
    """Finds areas, equipment, positions, kinds, levels and names of exercises, minutes, counts and ordinals.

    Values are the library's own: `knee`, `resistance band`, an exercise's slug; `duration` is in minutes,
    `ordinal` counts from 1, the last one is -1. Longer phrases go before shorter ones, exact before similar.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults.

        `similarity`: how alike (0 to 100) a misspelt phrase must be. `shortest`: letters that a phrase needs
        for a misspelling of it to be looked for. `max_words`: words read of a message. `howto`: the intent of a
        message that names an exercise, where it was taken for one of `howto_instead_of`.
        """
        return {
            "similarity": 86,
            "shortest": 5,
            "max_words": 60,
            "howto": "ask_exercise_howto",
            "howto_instead_of": [],
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Returns the packages this component imports."""
        return ["rapidfuzz"]

    def __init__(self, config: dict[str, Any], phrases: dict[str, tuple[str, str] | None]) -> None:
        """Creates the extractor; `phrases` maps each phrase to its entity and value, None for "not one"."""
        self._config = config
        self._phrases = phrases
        self._longest = max(phrase.count(" ") + 1 for phrase in phrases)
        self._known_words = {word for phrase in phrases for word in phrase.split()}
        self._similar = [phrase for phrase in phrases if len(phrase) >= config["shortest"]]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "VocabularyExtractor":
        """Reads the vocabulary from data/exercises."""
        return cls(config, read_phrases(LIBRARY, VOCABULARY))

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the entities found to each message."""
        for message in messages:
            found = self.add_extractor_name(self.extract(message.get(TEXT) or ""))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
            intent = message.get(INTENT) or {}
            named = any(entity["entity"] == "exercise" for entity in found)
            if named and intent.get("name") in self._config["howto_instead_of"]:
                message.set(INTENT, {**intent, "name": self._config["howto"]}, add_to_output=True)
        return messages

    def extract(self, text: str) -> list[dict[str, Any]]:
        """Returns the entities of `text` in their order, each with entity, value, start and end."""
        lower = text.lower()
        found = _durations(lower) + _ordinals(lower)
        taken = [(entity["start"], entity["end"]) for entity in found]
        words = [
            match
            for match in _word.finditer(lower)
            if not any(start < match.end() and match.start() < end for start, end in taken)
        ][: self._config["max_words"]]
        for exact in (True, False):
            for length in range(min(self._longest, len(words)), 0, -1):
                i = 0
                while i + length <= len(words):
                    span = words[i : i + length]
                    phrase = " ".join(_singular_apostrophe(word.group()) for word in span)
                    match = self._look_up(phrase, exact)
                    if match is None:
                        i += 1
                        continue
                    del words[i : i + length]
                    if meaning := self._phrases[match]:
                        entity, value = meaning
                        found.append(_entity(entity, value, span[0].start(), span[-1].end()))
        found += _counts(lower)  # these cover words that other entities need too: "one easy stretch"
        return sorted(_unique(found), key=lambda entity: entity["start"])

    def _look_up(self, phrase: str, exact: bool) -> str | None:
        if exact:
            return phrase if phrase in self._phrases else None
        # Misspelt means that at least one word is none of the vocabulary's.
        if len(phrase) < self._config["shortest"] or self._known_words.issuperset(phrase.split()):
            return None
        best = process.extractOne(phrase, self._similar, scorer=fuzz.ratio, score_cutoff=self._config["similarity"])
        # A typo rarely hits the first letter, and such words are mostly other words.
        return best[0] if best and best[0][0] == phrase[0] else None


def read_phrases(folder: Path, vocabulary: Path) -> dict[str, tuple[str, str] | None]:
    """Reads the phrases of the exercise library.

    Args:
        folder: data/exercises.
        vocabulary: file of other words (entity: value: phrases).

    Returns:
        Each phrase in lower case with its entity and value; None for phrases listed as no entity.
    """
    phrases: dict[str, tuple[str, str] | None] = {}
    for path in [*sorted(folder.glob("*.yml")), vocabulary]:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path == vocabulary:
            for entity, values in content.items():
                if entity == "not_an_entity":
                    phrases |= {_normalise(phrase): None for phrase in values}
                    continue
                for value, synonyms in values.items():
                    for phrase in [value, *(synonyms or [])]:
                        phrases.setdefault(_normalise(str(phrase)), (entity, value))
        else:
            for exercise in content.get("exercises", []):
                for name in [
                    exercise["name"],
                    *exercise.get("aliases", []),
                    exercise["slug"].replace("-", " "),
                ]:
                    phrases[_normalise(name)] = ("exercise", exercise["slug"])
    return phrases


def _normalise(phrase: str) -> str:
    return " ".join(_singular_apostrophe(match.group()) for match in _word.finditer(phrase.lower()))


def _singular_apostrophe(word: str) -> str:
    return word.replace("’", "'")


def _entity(entity: str, value: Any, start: int, end: int) -> dict[str, Any]:
    return {"entity": entity, "value": value, "start": start, "end": end, "confidence_entity": 1.0}


# "one easy exercise", "three stretches", "just one"; not "the second one".
_COUNTS = {"one": 1, "1": 1, "a single": 1, "two": 2, "2": 2, "a couple of": 2, "three": 3, "3": 3, "four": 4, "4": 4}
_COUNTS |= {"five": 5, "5": 5, "six": 6, "6": 6}
_quality = "easy|easier|simple|good|quick|short|gentle|safe|basic|small|nice|hard|strong|different"
_count = re.compile(
    rf"\b({'|'.join(_COUNTS)}) (?:(?:{_quality}) )*(?:exercises?|stretch(?:es)?|moves?)\b"
    rf"|\b(?:just|only) (one)\b(?! (?:leg|side|foot|knee|thing|question))"
    rf"|\bjust (?:give|show|tell) me (?:an?|some) (?:\w+ ){{0,2}}(exercise|stretch|move)\b"
)


def _counts(text: str) -> list[dict[str, Any]]:
    matches = _count.finditer(text)
    return [_entity("count", _COUNTS.get(match[1] or match[2], 1), *match.span()) for match in matches]


def _unique(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({(entity["entity"], entity["value"]): entity for entity in reversed(entities)}.values())


def _durations(text: str) -> list[dict[str, Any]]:
    return [_entity("duration", fact.value, fact.start, fact.end) for fact in read_durations(text)]


def _ordinals(text: str) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    text = text.rstrip()
    for pattern, numbers_too in ((_numbered, True), (_ordinal, False)):
        for match in pattern.finditer(text):
            place = read_place(match[match.lastindex or 1], numbers_too)
            if place is not None:
                found.setdefault(place, _entity("ordinal", place, *match.span()))
    return list(found.values())
