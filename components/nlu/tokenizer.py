"""Tokenizer with spaCy's English rules and no statistical model."""

from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BlankSpacyTokenizer(Tokenizer):
    """Splits a message with `spacy.blank("en")`.

    Rasa's own SpacyTokenizer needs an installed spaCy model; splitting does not.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Returns the options that every Rasa tokenizer has."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @staticmethod
    def required_packages() -> list[str]:
        """Returns the packages this component imports."""
        return ["spacy"]

    def __init__(self, config: dict[str, Any]) -> None:
        """Creates the tokenizer from `config` (see `get_default_config`)."""
        super().__init__(config)
        self._split = spacy.blank("en").tokenizer

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Returns the words of `message[attribute]`, white space left out."""
        words = [Token(word.text, word.idx) for word in self._split(message.get(attribute)) if word.text.strip()]
        return self._apply_token_pattern(words)
