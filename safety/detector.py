"""The detector: from a message to what it reports."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path

from safety.assessment import Assessment, Finding
from safety.index import Index, Match
from safety.levels import LEVELS, rank
from safety.lexicon import FOLDER, Advice, Lexicon
from safety.negation import Negation
from safety.words import Reader, Sentence

LONGEST = 60  # words that are judged together; a longer sentence is cut (pasted text without full stops)
MOST_FINDINGS = 5  # of one sign in one message: bounds the work for pasted text
ENOUGH = 200  # words; beyond them nothing changes an emergency
ASSESSED = 256  # messages of late: a channel, the pipeline and a policy may all ask
READ = 512  # sentences of late: repeated ones are read once
BODY_PARTS = ("saddle", "foot", "leg", "hip", "back", "arm")
NEAR = 3  # sentences within which the parts of a sign belong together
SHORT = 3  # words; "Thanks a lot" is no report
STRUCK, TAMED = "_", "~"
NEGATORS = {"no", "not", "never", "without", "nothing", "nor", "none", "nobody"}


class RedFlags:
    """Finds reported signs. It keeps no state between messages, so one instance serves all."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Prepares the rules of `lexicon`."""
        self.lexicon = lexicon
        spelling, negation, notation = (lexicon.lists[name] for name in ("spelling", "negation", "notation"))
        self._reader = Reader(
            {*lexicon.vocabulary, *negation["between"], *spelling["known"]},
            spelling["signs"],
            {str(typo): meant for typo, meant in spelling["typos"].items()},
            spelling["never"],
            spelling["double"],
        )
        places = lexicon.lists["concepts"]["places"]
        allowed = {w for name in places for w in notation.words_of(name)}
        self._negation = Negation(negation, allowed)
        signs = [part for rule in lexicon.signs for part in (rule.all_of or (rule,))]
        self._wholes = [rule for rule in lexicon.signs if rule.all_of]
        self._index = Index([*signs, *(rule for rules in lexicon.groups.values() for rule in rules if not rule.level)])
        self._openings = {*lexicon.lists["openings"], STRUCK}
        self._advice = {rule.id: rule.advice for rule in lexicon.signs}
        self._intents = {rule.id: rule.intent for rule in lexicon.signs if rule.intent}
        self._languages = {name: set(words) for name, words in lexicon.lists["recognise"].items()}
        self.assess = lru_cache(ASSESSED)(self._assess)
        self._read = lru_cache(READ)(self._read_words)
        self._concepts = {name: notation.compile(f"<{name}>").regex for name in (*BODY_PARTS, "other", "activity")}

    @classmethod
    @cache  # several parts need it, and it never changes
    def load(cls, folder: Path = FOLDER) -> "RedFlags":
        """Returns the detector with the lexicon in `folder`; raises `LexiconError` if that is wrong."""
        return cls(Lexicon.load(folder))

    def advice(self, sign: str) -> Advice | None:
        """Returns what is said about `sign` (the id of its entry), if it has advice of its own."""
        return self._advice.get(sign)

    def leave_out(self, names: Collection[tuple[str, str]]) -> None:
        """Leaves patterns out, named by their entry and as written, to see what they are needed for."""
        self._index.leave_out(names)
        self.assess.cache_clear()
        self._read.cache_clear()

    def fired(self, message: str) -> set[tuple[str, str]]:
        """Returns the patterns (entry, as written) that match in `message`, whatever becomes of them."""
        _, sentences = self._reader.sentences(message)
        return {
            (match.rule.id, match.pattern)
            for _, _, reported, denied in self._read_all(_pieces(_answered(sentences)))
            for match in (*reported, *denied)
        }

    def _assess(self, message: str) -> Assessment:
        """Returns what `message` reports, judged sentence by sentence; the most urgent level wins."""
        text, sentences = self._reader.sentences(message)
        findings: dict[tuple[str, str], Finding] = {}
        parts: dict[str, dict[int, tuple[Match, Sentence]]] = defaultdict(dict)
        phrases: set[str] = set()
        times: Counter[str] = Counter()
        dismissed, unread = False, False
        language = "en"
        read = list(self._read_all(_pieces(_answered(sentences))))
        for _, said, _, _ in read:
            phrases |= said
        settled = bool(phrases & {"clearance", "resolved"}) and not phrases & {"returned", "no_clearance"}
        for number, (sentence, said, reported, denied) in enumerate(read):
            if "affirmed" in phrases and "question" in said:
                reported, denied = reported + [match for match in denied if match.rule.level], []
            if "fiction" in phrases and "own" not in said:
                reported, denied = [], denied + reported
            if settled and "mention" in said and "current" not in said:
                lasting = [match for match in reported if match.rule.level == "emergency" and "old" not in phrases]
                reported, denied = lasting, denied + [match for match in reported if match not in lasting]
            reported = [match for match in reported if not match.rule.unless_said & phrases]
            dismissed |= bool(denied)
            unread |= not denied and len(sentence.words) > SHORT
            for match in reported:
                times[match.rule.id] += 1
                if times[match.rule.id] > MOST_FINDINGS:
                    continue
                if not match.rule.level:
                    parts[match.rule.id].setdefault(number, (match, sentence))
                    continue
                if match.rule.language != "en":
                    language = match.rule.language
                finding = self._finding(match, sentence, text)
                findings.setdefault((finding.rule, finding.words), finding)
        for rule in self._wholes:
            if first := _together([parts[part.id] for part in rule.all_of]):
                match, sentence = first
                finding = self._finding(match._replace(rule=rule), sentence, text)
                findings.setdefault((finding.rule, finding.words), finding)
        if not findings:
            language = self._language([word.text for sentence in sentences for word in sentence.words])
        for key, finding in findings.items():
            # What was taken back is asked for.
            if "untrue" in phrases or ("retracted" in phrases and finding.level != "emergency"):
                findings[key] = replace(finding, level="unclear")
        found = sorted(findings.values(), key=lambda finding: -rank(finding.level))
        level = found[0].level if found else "none"
        return Assessment(
            level=level,
            intent=self._intent(found[0]) if found else None,
            findings=tuple(found),
            language=language,
            trigger="rules" if found else None,
            clearance="clearance" in phrases and "no_clearance" not in phrases,
            correction="correction" in phrases and rank(level) <= rank("unclear"),
            dismissed=dismissed and not found and not unread,
        )

    def _intent(self, finding: Finding) -> str:
        own = self._intents.get(finding.rule) if finding.level == "emergency" else None
        return own or LEVELS[finding.level].intent

    def _language(self, words: list[str]) -> str:
        """Returns "es", "de" or "fr" if most of `words` are typical of it and not known as English."""
        scores = {name: sum(word in typical for word in words) for name, typical in self._languages.items()}
        best = max(scores, key=lambda name: scores[name])
        foreign = sum(word in self._languages[best] and not self._reader.knows(word) for word in words)
        return best if foreign and scores[best] * 2 >= len(words) else "en"

    def _read_all(self, sentences: Iterable[Sentence]) -> Iterator[tuple[Sentence, set[str], list[Match], list[Match]]]:
        """Yields each sentence with what it says; of a long text no more than it takes to be sure of an emergency."""
        words, sure = 0, False
        for sentence in sentences:
            if sure and words > ENOUGH:
                return
            said, reported, named = self._read(tuple(word.text for word in sentence.words))
            words += len(sentence.words)
            sure = sure or ("mention" not in said and any(match.rule.level == "emergency" for match in reported))
            yield sentence, said, reported, named

    def _read_words(self, words: tuple[str, ...]) -> tuple[set[str], list[Match], list[Match]]:
        """Returns the phrases of a sentence, the signs that it reports, and those it names but does not report."""
        matches = self._index.matches(words)
        said = self._said(words, matches)
        found, struck = self._signs(words, matches)
        tamed = list(words)
        for match in matches:
            if match.rule.kind == "pseudo_negation":
                span = slice(match.start, match.end)
                tamed[span] = [TAMED if word in NEGATORS else word for word in words[span]]
        if tamed != words:
            found += self._signs(tamed, self._index.matches(tamed))[0]
        if not found:
            return said, [], struck or [match for match in matches if match.rule.id == "well"]
        deniable = [(match.core_start, match.core_end) for match in found if match.rule.denial]
        denied = self._negation.denied(tamed, deniable) if deniable else set()
        general = "question" in said and "owner" not in said
        reported: list[Match] = []
        named: list[Match] = []
        for match in found:
            gone = match.rule.denial and (match.core_start, match.core_end) in denied
            gone |= general and match.rule.question
            gone |= len(words) - words.count(",") > match.rule.alone and not said & {"owner", "part"}
            gone |= "animal" in said and "own" not in said
            (named if gone else reported).append(match)
        return said, reported, named

    def _said(self, words: Sequence[str], matches: list[Match]) -> set[str]:
        """Returns which phrases (phrases.yml) a sentence has; `question`: it is a general one."""
        said, rest = set(), list(words)
        for match in matches:
            if match.rule.id in ("asking", "animal"):
                rest[match.start : match.end] = [STRUCK] * (match.end - match.start)
        for match in matches:
            if match.rule.kind != "phrases":
                continue
            if match.rule.id in ("owner", "own") and STRUCK in rest[match.start : match.end]:
                continue  # "tell me", "I read that", "my old dog": no owner of a sign
            if match.rule.id != "question" or self._openings.issuperset(rest[: match.start]):
                said.add(match.rule.id)
        return said

    def _signs(self, words: Sequence[str], matches: list[Match]) -> tuple[list[Match], list[Match]]:
        """Returns the signs among `matches`, figures of speech left out, and these figures."""
        figures = [match for match in matches if match.rule.kind == "figures"]
        plain = [match for match in matches if match.rule.kind == "sign" and not (figures and match.rule.figures)]
        if not figures:
            return plain, []
        masked = list(words)
        for match in figures:
            masked[match.core_start : match.core_end] = [STRUCK] * (match.core_end - match.core_start)
        rest = self._index.matches(masked)
        return plain + [match for match in rest if match.rule.kind == "sign" and match.rule.figures], figures

    def _near(self, text: str, place: int) -> list[str]:
        """Returns the body parts and owners that a sentence names, the nearest to `place` first."""
        distances = {}
        for name, regex in self._concepts.items():
            found = [abs(match.start() - place) for match in regex.finditer(text)]
            if found:
                distances[name] = min(found)
        return sorted(distances, key=lambda name: distances[name])

    def _finding(self, match: Match, sentence: Sentence, message: str) -> Finding:
        """Returns what is known of a reported sign."""
        words = sentence.words[match.start : match.end]
        near = self._near(sentence.text, sum(len(word.text) + 1 for word in sentence.words[: match.core_start]))
        body = next((name for name in near if name in BODY_PARTS), None)
        context = None
        if body == "arm" and not any(name in near for name in BODY_PARTS if name != "arm"):
            context = "upper_limb"
        elif "activity" in near:
            context = "activity"
        return Finding(
            sign=match.rule.id,
            level=match.rule.level,
            rule=match.rule.id,
            words=message[words[0].start : words[-1].end].rstrip(" ,") if words else "",
            pattern=match.pattern,
            body_part=body,
            whose="other" if "other" in near else "self",
            context=context,
            when=match.rule.advice.when if match.rule.advice else None,
        )


def _together(parts: list[dict[int, tuple[Match, Sentence]]]) -> tuple[Match, Sentence] | None:
    """Returns a match of the first of `parts` (sentence number -> match) that has one of each other near it."""
    for number, found in parts[0].items():
        if all(any(abs(number - other) <= NEAR for other in part) for part in parts[1:]):
            return found
    return None


def _answered(sentences: list[Sentence]) -> list[Sentence]:
    """Joins a short question with its short answer: "Tingling? No." """
    joined: list[Sentence] = []
    for sentence in sentences:
        first = sentence.words[0].text
        if (
            joined
            and joined[-1].asked
            and len(joined[-1].words) <= 5
            and len(sentence.words) <= 4
            and first in ("no", "none", "nope", "never", "not", "nothing", "nah")
        ):
            joined[-1] = Sentence((*joined[-1].words, *sentence.words))
        else:
            joined.append(sentence)
    return joined


def _pieces(sentences: list[Sentence]) -> Iterator[Sentence]:
    """Cuts very long sentences; the pieces overlap so that no sign is cut in two."""
    for sentence in sentences:
        for start in range(0, max(1, len(sentence.words) - 10), LONGEST - 10):
            yield Sentence(sentence.words[start : start + LONGEST], sentence.asked)
