"""The notation of the lexicon's patterns, and how it becomes a regular expression.

| notation     | matches                                                        |
|--------------|----------------------------------------------------------------|
| `numb`       | this word                                                      |
| `tingl*`     | every word that starts so (`*` alone: any word)                |
| `dead\\|asleep` | one of these words                                          |
| `(really)`   | this word, or nothing                                          |
| `<leg>`      | anything that the list `leg` of concepts.yml names             |
| `<leg>\\|him`  | these can be mixed                                           |
| `..` `...`   | up to 3, up to 6 words of the same sentence                    |
| `~`          | what pseudo_negation.yml took for a "not" that denies nothing  |

A comma may stand between any two words. Accents and capitals do not matter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from safety.words import fold

GAPS = {"..": 3, "...": 6}
COMMA = "(?:, )?"
STOPS = "no|not|never|without|nor|neither|but"


class NotationError(ValueError):
    """A pattern of the lexicon that cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern. `needs`: for each required element the beginnings one of which must occur."""

    source: str
    regex: re.Pattern[str]
    needs: tuple[frozenset[str], ...]


class Notation:
    """Compiles patterns that refer to `concepts` (name -> list of phrases in the same notation)."""

    def __init__(self, concepts: Mapping[str, list[str]], places: Iterable[str] = ()) -> None:
        """Takes the concept lists, and the names of those that say where or whose a sign is, not what."""
        self._concepts = concepts
        self._cache: dict[str, tuple[str, frozenset[str]]] = {}
        self._where = {*places, *(word for name in places for word in self.words_of(name))}

    def compile(self, pattern: str) -> Pattern:
        """Returns the compiled `pattern`; it is matched against words that are each followed by a space.

        The group `core` is the stretch between gaps that says the sign, not only whose or where it is: that
        is what a negator must govern. A gap after it does not leap over a negator.
        """
        elements = fold(pattern).split()
        if not elements or elements[0] in GAPS or elements[-1] in GAPS:
            raise NotationError(f"'{pattern}' is empty, or starts or ends with a gap")
        stretches: list[str] = [""]
        gaps, needs, said = [], [], [False]
        for element in elements:
            if element in GAPS:
                gaps.append(GAPS[element])
                stretches.append("")
                said.append(False)
                continue
            optional = element.startswith("(") and element.endswith(")")
            alternatives, starts = self._element(element[1:-1] if optional else element, pattern)
            stretches[-1] += f"(?:{alternatives}{COMMA})" + ("?" if optional else "")
            if not optional:
                needs.append(starts)
                said[-1] |= not all(name.strip("<>") in self._where for name in element.split("|"))
        core = said.index(True) if True in said else 0
        regex = "(?<![^ ])"
        for index, stretch in enumerate(stretches):
            if index:
                word = r"\S+" if index <= core else rf"(?!(?:{STOPS}) )\S+"
                regex += rf"(?:{word} ){{0,{gaps[index - 1]}}}?"
            regex += f"(?P<core>{stretch})" if index == core else stretch
        return Pattern(pattern, re.compile(regex), tuple(needs))

    def vocabulary(self, pattern: str) -> set[str]:
        """Returns the whole words (no `tingl*`) of a pattern, without those of its concepts."""
        return {w for w in re.split(r"[\s|()]+", fold(pattern)) if w.isalpha()}

    def words_of(self, name: str) -> set[str]:
        """Returns the whole words of a concept and of those it refers to."""
        words: set[str] = set()
        for phrase in self._concepts[name]:
            words |= self.vocabulary(re.sub(r"<\w+>", "", phrase))
            for other in re.findall(r"<(\w+)>", phrase):
                words |= self.words_of(other)
        return words

    def _element(self, element: str, pattern: str) -> tuple[str, frozenset[str]]:
        """Returns (regular expression, possible beginnings) of an element such as `dead|<leg>|num*`."""
        regexes, starts = [], set[str]()
        for option in element.split("|"):
            if option.startswith("<") and option.endswith(">"):
                regex, begin = self._concept(option[1:-1], pattern)
            elif option == "*":
                regex, begin = r"\S+ ", frozenset("*")
            elif re.fullmatch(r"[^\W_]+\*?|[^\w\s*<>()]+", option):
                stem = option.rstrip("*")
                regex = re.escape(stem) + (r"\w* " if option.endswith("*") else " ")
                begin = frozenset([option])
            else:
                raise NotationError(f"'{option}' in '{pattern}' is no word, stem*, <concept> or (optional)")
            regexes.append(regex)
            starts |= begin
        return (regexes[0] if len(regexes) == 1 else f"(?:{'|'.join(regexes)})"), frozenset(starts)

    def _concept(self, name: str, pattern: str) -> tuple[str, frozenset[str]]:
        if name not in self._concepts:
            raise NotationError(f"'{pattern}' names the concept '{name}', which concepts.yml does not have")
        if name not in self._cache:
            compiled = []
            for phrase in self._concepts[name]:
                regexes, first = [], frozenset[str]()
                for word in fold(phrase).split():
                    optional = word.startswith("(") and word.endswith(")")
                    regex, begin = self._element(word.strip("()"), phrase)
                    regexes.append(f"(?:{regex})?" if optional else regex)
                    first = first or (frozenset() if optional else begin)
                compiled.append(("".join(regexes), first))
            # Longest first: "back passage" before "back".
            compiled.sort(key=lambda pair: -len(pair[0]))
            starts = frozenset().union(*(begin for _, begin in compiled))
            self._cache[name] = (f"(?:{'|'.join(regex for regex, _ in compiled)})", starts)
        return self._cache[name]
