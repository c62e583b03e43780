"""The lexicon: data/red_flags/*.yml, read and checked."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from safety.levels import FILE, LEVELS
from safety.notation import Notation, NotationError, Pattern
from settings import ROOT

FOLDER = ROOT / "data" / "red_flags"
KEYS = {"id", "level", "intent", "source", "note", "language", "patterns", "all_of", "unless", "matches", "not"}
KEYS |= {"figures", "denial", "question", "alone", "unless_said", "advice"}
WHEN = ("now", "today", "days")
LONGEST_PATTERN = 160  # characters; nobody can review more


class LexiconError(ValueError):
    """The lexicon cannot be used; the message names the file, the entry and the reason."""


@dataclass(frozen=True)
class Advice:
    """What is said about one sign.

    Attributes:
        when: how soon a doctor should see it: "now", "today" or "days".
        says: first sentence of the answer.
        donts: what not to do until then.
        looks_at: what the doctor will look at.
        can_wait: answer to "can it wait?".
    """

    when: str
    says: str = ""
    donts: tuple[str, ...] = ()
    looks_at: tuple[str, ...] = ()
    can_wait: str = ""


@dataclass(frozen=True)
class Rule:
    """One entry of the lexicon.

    Attributes:
        id: unique name.
        level: see levels.yml; empty for entries that are no sign (figures of speech, ...).
        intent: what the message becomes; empty: that of its level.
        source: where it comes from (a public medical source).
        patterns: compiled patterns, any of which is enough.
        kind: "sign", or the name of its file for entries that are none.
        figures: whether figures of speech are struck out before this is looked for.
        denial: whether a negator can take it back ("cannot feel my foot" is no denial).
        question: whether a general question can take it back.
        language: the language of its patterns.
        unless: patterns that, in the same sentence, leave the sign to other rules.
        unless_said: phrases (phrases.yml) anywhere in the message that do the same.
        alone: in a sentence of more words than this, it needs a body part or somebody whose sign it is.
        all_of: patterns that must each match somewhere in the message, as rules of their own.
        advice: what is said about this sign.
        matches, misses: examples, all of them tested.
    """

    id: str
    level: str
    source: str
    patterns: tuple[Pattern, ...]
    intent: str = ""
    kind: str = "sign"
    figures: bool = True
    denial: bool = True
    question: bool = True
    language: str = "en"
    unless: tuple[Pattern, ...] = ()
    unless_said: frozenset[str] = frozenset()
    alone: int = 1000
    all_of: tuple["Rule", ...] = ()
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    advice: Advice | None = None


@dataclass
class Lexicon:
    """All that the detector knows. `groups`: file name -> its rules; `lists`: other named lists of words."""

    groups: dict[str, list[Rule]] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)

    @cached_property
    def signs(self) -> list[Rule]:
        """Every rule that has a level."""
        return [rule for rules in self.groups.values() for rule in rules if rule.level]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Lexicon":
        """Reads every file of `folder`; raises `LexiconError`, which says what to correct where."""
        files = {path.stem: _read(path) for path in sorted(folder.glob("*.yml")) if path.stem != FILE.stem}
        for needed in ("concepts", "negation", "spelling"):
            if needed not in files:
                raise LexiconError(f"{folder.name}/{needed}.yml is missing")
        concepts = files.pop("concepts")
        lexicon = cls(lists={"negation": files.pop("negation"), "spelling": files.pop("spelling")})
        all_phrases = {name: phrases for theme in concepts.values() for name, phrases in theme.items()}
        notation = Notation(all_phrases, places={*concepts["places"], *concepts["owners"]})
        lexicon.lists["concepts"] = {theme: sorted(names) for theme, names in concepts.items()}
        lexicon.lists["notation"] = notation
        lexicon.lists["recognise"] = files["languages"]["recognise"]
        lexicon.lists["openings"] = files["phrases"]["openings"]
        seen: set[str] = set()
        for name, content in files.items():
            lexicon.groups[name] = [_rule(entry, name, notation, seen) for entry in content["entries"]]
        advice = _advice(files, folder)
        for name, rules in lexicon.groups.items():
            lexicon.groups[name] = [replace(rule, advice=advice.get(rule.id)) for rule in rules]
        phrases = [phrase for phrases in all_phrases.values() for phrase in phrases]
        patterns = [pattern.source for rule in _all(lexicon.groups) for pattern in rule.patterns]
        for text in (*phrases, *patterns):
            lexicon.vocabulary |= notation.vocabulary(text)
        return lexicon


def _all(groups: dict[str, list[Rule]]) -> Iterator[Rule]:
    for rules in groups.values():
        yield from rules


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise LexiconError(f"{path.name} is no valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise LexiconError(f"{path.name} must be a mapping, such as 'entries:' and a list")
    return content


def _advice(files: dict[str, Any], folder: Path) -> dict[str, Advice]:
    """Returns what is said about each sign: from its entry, or from the files in the folder `advice`."""
    said = {entry["id"]: (name, entry.get("advice")) for name, file in files.items() for entry in file["entries"]}
    for path in sorted((folder / "advice").glob("*.yml")):
        for sign, advice in _read(path)["advice"].items():
            if sign not in said:
                raise LexiconError(f"advice/{path.name}: there is no sign '{sign}'")
            said[sign] = (f"advice/{path.stem}", advice)
    found = {}
    for sign, (name, advice) in said.items():
        where = f"{name}.yml, advice of '{sign}'"
        if isinstance(advice, str):  # the same as that of another sign
            if advice not in said or not isinstance(said[advice][1], dict):
                raise LexiconError(f"{where}: '{advice}' has no advice of its own")
            advice = said[advice][1]
        if not advice:
            continue
        if unknown := set(advice) - set(Advice.__dataclass_fields__):
            raise LexiconError(f"{where}: unknown key {', '.join(sorted(unknown))}")
        if advice.get("when") not in WHEN:
            raise LexiconError(f"{where}: 'when' must be one of {', '.join(WHEN)}")
        lists: dict[str, Any] = {key: tuple(advice[key]) for key in ("donts", "looks_at") if key in advice}
        found[sign] = Advice(**{**advice, **lists})
    return found


def _rule(entry: dict[str, Any], name: str, notation: Notation, seen: set[str]) -> Rule:
    where = f"{name}.yml, entry '{entry.get('id', '?')}'"
    if unknown := set(entry) - KEYS:
        raise LexiconError(f"{where}: unknown key {', '.join(sorted(unknown))}")
    if not entry.get("id") or entry["id"] in seen:
        raise LexiconError(f"{where}: every entry needs an id of its own")
    seen.add(entry["id"])
    level = entry.get("level", "")
    if level and level not in LEVELS:
        raise LexiconError(f"{where}: level '{level}' is not one of {', '.join(LEVELS)}")
    if level and not entry.get("source"):
        raise LexiconError(f"{where}: a sign needs a source")
    parts = entry.get("all_of", [])
    for pattern in [*entry.get("patterns", ()), *entry.get("unless", ()), *(p for part in parts for p in part)]:
        if len(pattern) > LONGEST_PATTERN:
            raise LexiconError(f"{where}: more than {LONGEST_PATTERN} characters in '{pattern}'")
    if bool(parts) == bool(entry.get("patterns")):
        raise LexiconError(f"{where}: it needs 'patterns' or 'all_of'")
    figures = entry.get("figures", True)
    try:
        patterns = tuple(notation.compile(pattern) for pattern in entry.get("patterns", ()))
        unless = tuple(notation.compile(pattern) for pattern in entry.get("unless", ()))
        all_of = tuple(
            Rule(f"{entry['id']}/{number}", "", "", tuple(map(notation.compile, part)), figures=figures)
            for number, part in enumerate(parts)
        )
    except NotationError as error:
        raise LexiconError(f"{where}: {error}") from error
    return Rule(
        id=entry["id"],
        level=level,
        intent=entry.get("intent", ""),
        source=entry.get("source", ""),
        patterns=patterns,
        unless=unless,
        unless_said=frozenset(entry.get("unless_said", ())),
        alone=entry.get("alone", Rule.alone),
        all_of=all_of,
        kind="sign" if level else name,
        figures=figures,
        denial=entry.get("denial", True),
        question=entry.get("question", True),
        language=entry.get("language", "en"),
        matches=tuple(entry.get("matches", ())),
        misses=tuple(entry.get("not", ())),
    )
