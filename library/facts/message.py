"""A message as clauses: what is said, asked, supposed, denied or over, and about whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from library.facts.fact import Fact
from library.facts.quantities import Quantity, read_quantities
from library.facts.vocabulary import Hit, Token, Vocabulary, vocabulary

LONGEST = 4_000  # characters read
_ENDS = {".", "!", "?", ";", "\n"}
_BREAKS = {",", "(", ")", '"', "…", "•"}
_SPLITS = {"but", "though", "although", "however", "because", "while", "whereas", "except", "if", "when", "whenever"}
_SPLITS |= {"unless", "whether", "so"}
_JOINS = {"and", "then", "or", "plus", "that", "after", "before", "as", "since", "until", "which", "who", "where"}
_SUBJECTS = {"i", "he", "she", "it", "they", "we", "you", "my", "his", "her", "mine", "there", "nothing"}
_ARTICLES = {"my", "the", "a", "his", "her", "our", "your", "their", "this", "that", "these", "those", "it", "there"}
_QUESTION = {"what", "why", "how", "which", "where", "who", "whose", "when"}
_AUXILIARY = {"can", "could", "would", "will", "should", "may", "might", "have", "has", "had", "was", "were", "did"}
_ALWAYS_ASKS = {"is", "are", "does", "do", "should", "shall"}
_FILLERS = {
    "like",
    "um",
    "just",
    "anyway",
    "yeah",
    "hmm",
    "oh",
    "so",
    "and",
    "but",
    "ok",
    "okay",
    "also",
    "well",
    "hi",
    "hello",
    "hey",
    "or",
    "then",
    "plus",
    "please",
    "-",
}


@dataclass
class Clause:
    """Tokens from `first` to before `last`; `sentence` counts from 0.

    `asked`: part of a question; `opener`: the word that opens it.
    """

    first: int
    last: int
    sentence: int
    asked: bool = False
    opener: str = ""


@dataclass
class Message:
    """A message, read once: tokens, phrases by theme, quantities, clauses, and whose each word is."""

    text: str
    tokens: list[Token]
    hits: dict[str, list[Hit]]
    quantities: list[Quantity]
    clauses: list[Clause]
    lists: Mapping[str, frozenset[str]]
    clause_of: list[int] = field(default_factory=list)
    owner_of: list[str] = field(default_factory=list)
    about: str = "self"  # who it is about: self, partner, child, ...

    def __post_init__(self) -> None:
        """Works out what the reading of all facts needs."""
        self.clause_of = [0] * len(self.tokens)
        for number, clause in enumerate(self.clauses):
            self.clause_of[clause.first : clause.last] = [number] * (clause.last - clause.first)
        self._unreal = self._from_cues("unreal")
        self._past = self._from_cues("past")
        self._negators = [hit for hit in self.hits.get("no", []) if not self._is_answer(hit)]

    def words(self, first: int, last: int) -> list[str]:
        """Returns the plain words of the tokens from `first` to before `last`."""
        return [token.text for token in self.tokens[max(first, 0) : last]]

    def word(self, at: int) -> str:
        """Returns the plain word at `at`, nothing outside of the message."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def quote(self, first: int, last: int) -> str:
        """Returns the message's own words."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def fact(self, name: str, value: Any, first: int, last: int) -> Fact:
        """Returns a fact that the tokens from `first` to before `last` say."""
        return Fact(name, value, self.tokens[max(first, 0)].start, self.tokens[last - 1].end)

    def clause(self, at: int) -> Clause:
        """Returns the clause of the token `at`."""
        return self.clauses[self.clause_of[at]]

    def sentence(self, at: int) -> tuple[int, int]:
        """Returns the tokens (first, last) of the sentence of `at`."""
        number = self.clause(at).sentence
        inside = [clause for clause in self.clauses if clause.sentence == number]
        return inside[0].first, inside[-1].last

    def near(self, theme: str | Iterable[str], first: int, last: int) -> list[Hit]:
        """Returns the phrases of a theme, or several, that lie within the tokens."""
        themes = (theme,) if isinstance(theme, str) else theme
        return [hit for name in themes for hit in self.hits.get(name, []) if first <= hit.first and hit.last <= last]

    def in_clause(self, theme: str | Iterable[str], at: int) -> list[Hit]:
        """Returns the phrases of a theme, or several, in the clause of `at`."""
        clause = self.clause(at)
        return self.near(theme, clause.first, clause.last)

    def asked(self, at: int) -> bool:
        """Whether the word is part of a question."""
        return self.clause(at).asked

    def unreal(self, at: int) -> bool:
        """Whether the word is only supposed, wanted or planned."""
        return self._behind(at, self._unreal)

    def past(self, at: int) -> bool:
        """Whether the word tells of a time that is over ("I used to sit")."""
        return self._behind(at, self._past) or self._long_over(at)

    def _long_over(self, at: int) -> bool:
        """Whether a clause before it in the sentence sets it in the past, and none leads back ("now I stand")."""
        number = self.clause_of[at]
        while number >= 0 and self.clauses[number].sentence == self.clause(at).sentence:
            clause = self.clauses[number]
            if self.lists["back_to_now"].intersection(self.words(clause.first, min(clause.last, at + 1))):
                return False
            if any(cue.value == "long" for cue in self.near("past", clause.first, min(clause.last, at))):
                return True
            number -= 1
        return False

    def own(self, at: int) -> bool:
        """Whether the word is said of the person whom the message is about."""
        return self.owner_of[at] == self.about

    def stated(self, at: int) -> bool:
        """Whether the word states something about the person: not asked, supposed, over or somebody else's."""
        return not (self.asked(at) or self.unreal(at) or self.past(at)) and self.own(at)

    def denied(self, at: int, reach: int = 6) -> bool:
        """Whether a negation in front of the word, in its clause, governs it."""
        clause = self.clause(at)
        return any(clause.first <= hit.first and hit.last <= at <= hit.last + reach for hit in self._negators)

    def _is_answer(self, hit: Hit) -> bool:
        """Whether a "no" answers instead of denying what follows: "no I sit"."""
        after = self.word(hit.last)
        return self.word(hit.first) in ("no", "nope", "nah") and after in ("i", "my", "it", "we", "he", "she", "they")

    def _from_cues(self, theme: str) -> list[Hit]:
        return self.hits.get(theme, [])

    def _behind(self, at: int, cues: list[Hit]) -> bool:
        clause = self.clause(at)
        return any(
            clause.first <= cue.first < clause.last and (cue.first <= at or cue.value == "whole") for cue in cues
        )


def read_message(text: str, words: Vocabulary | None = None) -> Message:
    """Reads a message up to its first 4,000 characters."""
    words = words or vocabulary()
    text = text[:LONGEST]
    tokens = words.tokens(text)
    hits = words.find(tokens)
    quantities = read_quantities(tokens, hits.get("unit", []), hits.get("rate", []))
    message = Message(text, tokens, hits, quantities, _clauses(text, tokens), words.lists)
    _mark_questions(message)
    message.owner_of, message.about = _owners(message)
    return message


def _clauses(text: str, tokens: list[Token]) -> list[Clause]:
    clauses: list[Clause] = []
    start, sentence = 0, 0
    for i, token in enumerate(tokens):
        spaced_dash = (
            token.text == "-"
            and text[token.start - 1 : token.start].isspace()
            and text[token.end : token.end + 1].isspace()
        )
        follows = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if token.text in _ENDS or token.text in _BREAKS or spaced_dash:
            clauses.append(Clause(start, i + 1, sentence))
            start = i + 1
            sentence += token.text in _ENDS
        elif i > start and (token.text in _SPLITS or (token.text in _JOINS and follows in _SUBJECTS)):
            clauses.append(Clause(start, i, sentence))
            start = i
    if start < len(tokens):
        clauses.append(Clause(start, len(tokens), sentence))
    return clauses


def _mark_questions(message: Message) -> None:
    clauses = message.clauses
    for clause in clauses:
        clause.opener = _opener(message, clause)
        clause.asked = bool(clause.opener)
    for before, clause in pairwise(clauses):
        # "What can I do at the desk, in the car, on the sofa?"
        fragment = clause.last - clause.first <= 5 and not _subject(message, clause)
        if before.asked and before.sentence == clause.sentence and not clause.asked and fragment:
            clause.asked, clause.opener = True, before.opener
    ends = {clause.sentence for clause in clauses if message.word(clause.last - 1) == "?"}
    for number in ends:
        inside = [clause for clause in clauses if clause.sentence == number]
        if not any(clause.asked for clause in inside) and not any(_subject(message, clause) for clause in inside):
            inside[-1].asked = True


def _opener(message: Message, clause: Clause) -> str:
    at = clause.first
    while at < clause.last - 1 and message.word(at) in _FILLERS:
        at += 1
    word, after = message.word(at), message.word(at + 1)
    if word in _QUESTION and not (word == "when" and at + 1 < clause.last and after in _SUBJECTS | {"the"}):
        return "" if word == "which" and after in ("is", "are") and at == clause.first and clause.first else word
    marked = message.word(message.sentence(clause.first)[1] - 1) == "?" and at + 1 < clause.last
    if marked and word in ("did", "does", "has", "will", "would", "could", "can"):
        return word
    if word in _ALWAYS_ASKS and after not in ("not", "my") or (word in _AUXILIARY and after in _SUBJECTS | _ARTICLES):
        return word
    if word in ("is", "are", "do", "does", "can", "could", "will") and after == "my":
        return word
    return "any" if word == "any" and after in ("tips", "ideas", "advice", "suggestions", "good", "exercises") else ""


def _subject(message: Message, clause: Clause) -> bool:
    return any(word in ("i", "my", "he", "she", "we", "mine") for word in message.words(clause.first, clause.last))


def _owners(message: Message) -> tuple[list[str], str]:
    """Returns whose each word is, and whom the message is about."""
    message.hits["person"] = sorted([*message.hits.get("person", []), *_children(message)], key=lambda hit: hit.first)
    people = {hit.first: hit for hit in message.hits["person"]}
    relative = _relative(message, people)
    owners: list[str] = []
    owner = ""
    sentence = -1
    for i, token in enumerate(message.tokens):
        if message.clause(i).sentence != sentence:
            sentence = message.clause(i).sentence
            owner = "?"
        if hit := people.get(i):
            owner = hit.value
        elif token.text in ("i", "me", "mine", "myself") or (token.text in ("my", "our", "we") and i + 1 not in people):
            owner = "self"
        elif token.text in ("he", "she", "his", "her", "him", "hers"):
            owner = relative or "other"
        owners.append(owner)
    about = _about(message, owners, relative, people)
    return [about if owner == "?" else owner for owner in owners], about


def _children(message: Message) -> list[Hit]:
    """Returns "14 year old" of "my 14 year old": a child, where no other person follows."""
    return [
        Hit("person", "child", quantity.first, quantity.last)
        for quantity in message.quantities
        if quantity.word == "years" and message.word(quantity.first - 1) in ("my", "our") and quantity.low < 18 * 365.25
        if "old" in message.words(quantity.last, quantity.last + 2)
        if not message.near("person", quantity.last, quantity.last + 3)
    ]


def _relative(message: Message, people: dict[int, Hit]) -> str:
    """Returns the first relative, whom "he" and "she" then mean."""
    for hit in people.values():
        led = message.word(hit.first - 1) in ("my", "our", "the", "his", "her") or message.word(hit.first) in (
            "my",
            "the",
        )
        begins = hit.first == message.clause(hit.first).first
        old = message.word(hit.first - 1) == "old"
        if hit.value != "professional" and (led or begins or old) and _tells_of(message, hit):
            return hit.value
    # "He's 9": nobody is named.
    first = message.words(0, 1)
    return "child" if first in (["he"], ["she"]) and _young(message) else ""


def _tells_of(message: Message, hit: Hit) -> bool:
    """Whether the sentence says something of the body, age or day of a person: not only what "my wife says"."""
    last = message.sentence(hit.first)[1]
    if message.near("told", hit.last, hit.last + 2) or message.word(hit.last) in message.lists["only_mentioned"]:
        return False
    end = next((i for i in range(hit.last, last) if message.word(i) in ("i", "my", "me", "mine")), last)
    numbers = any(hit.last <= q.first < end and q.unit in ("number", "days") for q in message.quantities)
    themes = (
        "tight",
        "hurts",
        "muscle",
        "sits",
        "stands",
        "sport",
        "pregnant",
        "operation",
        "injury",
        "ability",
        "side",
    )
    later = {"he", "she", "his", "her"}.intersection(message.words(hit.last, len(message.tokens)))
    return numbers or bool(later or message.near(themes, hit.last, end)) or "old" in message.words(hit.first, hit.last)


def _young(message: Message) -> bool:
    return any(q.unit == "number" and 3 <= q.low < 18 and q.first <= 4 for q in message.quantities)


def _about(message: Message, owners: list[str], relative: str, people: dict[int, Hit]) -> str:
    for cue in message.hits.get("asks_for", []):
        person = people.get(cue.last) or people.get(cue.last + 1)
        if person and person.value != "professional" and _asks_for(message, cue):
            return person.value
    if not relative:
        return "self"
    own = [i for i, owner in enumerate(owners) if owner == "self" and _tells_of_self(message, i)]
    return "self" if own else relative


def _asks_for(message: Message, cue: Hit) -> bool:
    """Whether "for my dad" says whom it is for: not "a carer for my nan", "that was about my sister"."""
    if message.denied(cue.first, 3):
        return False
    before = message.words(max(cue.first - 5, message.clause(cue.first).first), cue.first)
    if cue.value == "weak":
        return not before or bool(message.lists["before_asks_for"].intersection(before)) and "was" not in before
    return True


def _tells_of_self(message: Message, at: int) -> bool:
    """Whether "I", "my" or "mine" at `at` begins something about the writer's own body, age or day."""
    word, after, second = message.words(at, at + 3) + [""] * (3 - len(message.words(at, at + 3)))
    if word == "mine" or after == "myself":
        return True
    if word == "my":
        return bool(message.near(("area", "muscle"), at + 1, at + 4))
    if word != "i":
        return False
    return bool(message.near(("self_verb", "tight"), at + 1, at + 4)) or (
        after in ("am", "have") and second[:1].isdigit()
    )
