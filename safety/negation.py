"""Which signs are denied: medspaCy's ConText with our own rules for chat (data/red_flags/negation.yml).

A negator denies a sign only if every word between them may stand there ("no pain or numbness", "I do not
have any tingling"). So "no idea why my foot is numb" and "no pain, my foot is numb" stay reports.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import spacy
from medspacy.context import ConText, ConTextRule
from spacy.language import Language
from spacy.tokens import Doc, Span

NEGATORS = {"no", "nope", "nah"}
Range = tuple[int, int]
Test = Callable[[Span, Span, Span], bool]


class Negation:
    """Tells denied signs from reported ones."""

    def __init__(self, rules: dict[str, Any], allowed: Iterable[str]) -> None:
        """Takes the content of negation.yml, and words that may stand between a negator and its sign."""
        language = spacy.blank("en")
        language.tokenizer = lambda text: Doc(language.vocab, words=text.split())  # type: ignore[assignment]
        self._vocab = language.vocab
        self._between = {*rules["between"], *allowed}
        self._listed = {*rules["listed"], *allowed}
        self._adjectives = set(rules["adjectives"])
        self._next = set(rules["may_come_next"])
        self._after = {*rules["between_after"], *allowed}
        # Two passes, as some words ("no") deny what follows and what precedes.
        self._passes = [
            self._pass(language, rules, "denies_what_follows", "FORWARD", self._governs),
            self._pass(language, rules, "denies_what_precedes", "BACKWARD", self._follows),
        ]

    def _pass(self, language: Language, rules: dict[str, Any], name: str, direction: str, test: Test) -> ConText:
        context = ConText(language, rules=None, input_span_type="group", span_group_name="signs", span_attrs=None)
        for phrase in rules[name]:
            context.add(ConTextRule(phrase, name, direction=direction, on_modifies=test))
        for phrase in rules["ends_a_denial"]:
            context.add(ConTextRule(phrase, "end", direction="TERMINATE"))
        return context

    def denied(self, words: Sequence[str], signs: Sequence[Range]) -> set[Range]:
        """Returns those of `signs` (token ranges) that the sentence `words` denies."""
        doc = Doc(self._vocab, words=list(words), sent_starts=[i == 0 for i in range(len(words))])  # type: ignore[arg-type]
        doc.user_data["signs"] = {i for start, end in signs for i in range(start, end)}
        doc.spans["signs"] = [Span(doc, start, end, label="SIGN") for start, end in sorted(set(signs))]
        found = set()
        for context in self._passes:
            context(doc)
            found |= {(span.start, span.end) for span, _ in doc._.context_graph.edges}
        return found

    def _governs(self, sign: Span, negator: Span, between: Span) -> bool:
        doc = sign.doc
        return (
            negator.end <= sign.start
            and self._clear(doc, negator.end, sign.start, self._between)
            and self._goes_on(doc, negator, sign)
        )

    def _follows(self, sign: Span, negator: Span, between: Span) -> bool:
        ends = negator.end == len(sign.doc) or sign.doc[negator.end].text in self._next
        return ends and sign.end <= negator.start and self._clear(sign.doc, sign.end, negator.start, self._after)

    def _clear(self, doc: Doc, start: int, end: int, allowed: set[str]) -> bool:
        signs = doc.user_data["signs"]
        for i in range(start, end):
            word, before = doc[i].text, doc[i - 1].text
            if word not in allowed and i not in signs:
                return False
            # "No numbness and tingling" denies both; "no pain and numb toes" may well be a report.
            if word == "and" and i - 1 not in signs:
                return False
            # "No pain in my leg" goes on, "no, my leg is numb" does not.
            if word in ("my", "his", "her", "i") and (before == "," or before in NEGATORS):
                return False
        return True

    def _goes_on(self, doc: Doc, negator: Span, sign: Span) -> bool:
        """Whether the commas between negator and sign are those of a list of denied signs."""
        commas = [i for i in range(negator.end, sign.start) if doc[i].text == ","]
        if not commas:
            return True
        signs = doc.user_data["signs"]
        if not all(i - 1 in signs or doc[i - 1].text in self._listed for i in commas):
            return False  # "it will not go, numb toes"
        if doc[negator.end].text == "," or (negator.text != "not" and sign[-1].text in self._adjectives):
            return False  # "no, tingling", "no pain, numb toes"
        after = doc[sign.end].text if sign.end < len(doc) else ","
        return after in (",", "or", "nor", "and", "at", "whatsoever") or any(
            word.text in ("or", "nor") for word in doc[negator.end :]
        )
