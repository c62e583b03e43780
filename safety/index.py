"""Which rules match a sentence, without trying them all."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, islice
from typing import NamedTuple

from safety.lexicon import Rule
from safety.notation import Pattern

MOST_MATCHES = 12  # of one pattern in one sentence: bounds the work for pasted text


class Match(NamedTuple):
    """Where a rule matched, in word numbers; the core is what says the sign."""

    rule: Rule
    start: int
    end: int
    core_start: int
    core_end: int
    pattern: str = ""  # as it is written in the lexicon


class Index:
    """Finds the matches of `rules`; a pattern is only tried if each of its elements can occur at all.

    It is looked up by the element that is likely the rarest: the one with the fewest words, each counted as often as
    the lexicon uses it.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Prepares the look-up from words to the elements that they can begin."""
        elements: dict[frozenset[str], int] = {}
        self._patterns: list[tuple[Rule, Pattern, frozenset[int]]] = []
        for rule in rules:
            for pattern in rule.patterns:
                needs = frozenset(elements.setdefault(need, len(elements)) for need in pattern.needs)
                self._patterns.append((rule, pattern, needs))
        uses = Counter(word for words in elements for word in words)
        common = {number: sum(uses[word] for word in words) for words, number in elements.items()}
        self._by_rarest: dict[int, list[int]] = defaultdict(list)
        for place, (_, _, needs) in enumerate(self._patterns):
            self._by_rarest[min(needs, key=lambda need: (common[need], need))].append(place)
        self._left_out: set[int] = set()
        self._whole: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        for words, number in elements.items():
            for word in words:
                table = self._stems if word.endswith("*") else self._whole
                table.setdefault(word.rstrip("*"), set()).add(number)
        self._begun_by = lru_cache(maxsize=20_000)(self._elements)

    def _elements(self, word: str) -> frozenset[int]:
        found = set(self._whole.get(word, ()))
        for length in range(len(word) + 1):
            found |= self._stems.get(word[:length], set())
        return frozenset(found)

    def leave_out(self, names: Collection[tuple[str, str]]) -> None:
        """Leaves out patterns, named by their rule and source, until it is told otherwise."""
        named = ((place, (rule.id, pattern.source)) for place, (rule, pattern, _) in enumerate(self._patterns))
        self._left_out = {place for place, name in named if name in names}

    def matches(self, words: Sequence[str]) -> list[Match]:
        """Returns every match in the `words` of a sentence."""
        present = frozenset().union(*map(self._begun_by, words))
        places = (place for need in present for place in self._by_rarest.get(need, ()))
        candidates = sorted(place for place in places if self._patterns[place][2] <= present)
        if not candidates:
            return []
        text = "".join(f"{word} " for word in words)
        starts = [0, *accumulate(len(word) + 1 for word in words)]
        found = []
        excused: dict[str, bool] = {}
        for place in candidates:
            rule, pattern, _ = self._patterns[place]
            if rule.id not in excused:
                excused[rule.id] = any(other.regex.search(text) for other in rule.unless)
            if excused[rule.id] or place in self._left_out:
                continue
            for match in islice(pattern.regex.finditer(text), MOST_MATCHES):
                start, end, core_start, core_end = (
                    bisect_left(starts, place) for place in (*match.span(), *match.span("core"))
                )
                found.append(Match(rule, start, end, core_start, core_end, pattern.source))
        return found
