"""Entity extractor for what a message says about the person: hours sat, sport, age, what hurts, and more."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from library.facts import Fact, read_facts
from library.facts.vocabulary import vocabulary

LISTS = {"sports", "tried", "has_equipment", "lacks_equipment", "cannot"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactReader(EntityExtractorMixin, GraphComponent):
    """Adds an entity for each fact, named as its slot, with the words it came from.

    A slot that holds one value gets the first one said; those of `LISTS` get all.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the defaults.

        `story`: the intent of somebody who tells at least `story_facts` facts, in at least `story_words` words, and
        asks one of the general questions `story_instead_of`.
        """
        return {"story": "start_assessment_story", "story_instead_of": [], "story_facts": 2, "story_words": 12}

    def __init__(self, config: dict[str, Any]) -> None:
        """Creates the reader (see `get_default_config`)."""
        self._config = config

    @staticmethod
    def required_packages() -> list[str]:
        """Returns the packages this component imports."""
        return ["spacy", "text_to_num", "dateutil"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FactReader":
        """Reads the vocabulary, so that the first message does not wait for it."""
        vocabulary()
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the facts to each message that is typed; a button's payload states none."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = [] if text.startswith("/") else [_entity(fact) for fact in one_for_each_slot(read_facts(text))]
            message.set(ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(found), add_to_output=True)
            self._tell_story(message, len(found))
        return messages

    def _tell_story(self, message: Message, facts: int) -> None:
        intent = message.get(INTENT) or {}
        general = intent.get("name") in self._config["story_instead_of"]
        long = len((message.get(TEXT) or "").split()) >= self._config["story_words"]
        if general and long and facts >= self._config["story_facts"]:
            message.set(INTENT, {**intent, "name": self._config["story"]}, add_to_output=True)


def one_for_each_slot(facts: list[Fact]) -> list[Fact]:
    """Returns the facts without further values of slots that hold one."""
    kept: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        kept.setdefault((fact.name, str(fact.value) if fact.name in LISTS else ""), fact)
    return list(kept.values())


def _entity(fact: Fact) -> dict[str, Any]:
    return {"entity": fact.name, "value": fact.value, "start": fact.start, "end": fact.end, "confidence_entity": 1.0}
