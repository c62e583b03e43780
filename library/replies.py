"""What a short answer says: yes, no, partly, unsure, the number of a choice, skip, the question before or why.

One reader for every question. A no is a no only where the whole answer is a denial: a limit of degree, time or
place, an exception, a "but", a change of mind make it `partly`, and doubt makes it `unsure`. The words are in
data/vocabulary/replies.yml.
"""

import re
from functools import cache, lru_cache
from typing import Any

import yaml

from settings import ROOT

PHRASES = ROOT / "data" / "vocabulary" / "replies.yml"
# A longer message is an answer only where it begins with one.
SHORT, FEW = 12, 5
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
ORDINALS |= {"fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "last": -1}
NUMBERS = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], range(1, 10), strict=True))

_choice = re.compile(r"(?:(?:option|number|no|nr|choice|answer|button|the) ?)?#? ?([1-9]|" + "|".join(NUMBERS) + r")")
_ordinal = re.compile(
    rf"(?:i(?:d)? (?:take|say|pick|choose) )?(?:the )?({'|'.join(ORDINALS)})(?: (?:one|option|choice|button|answer))?"
)
_break = re.compile(
    r"(?:[!?;:()\n\u2026\u2013\u2014]|(?<!\d)[.,]|[.,](?!\d))+|\s-+\s"
    r"|\b(?=(?:but|though|although|however|actually yes)\b)"
)
_meaning = re.compile(
    r"what (?:does|do|is) .+ mean|whats .+ mean|(?:does|do|would) .+ count"
    r"|(?:is|are) .+ (?:a sign|one of (?:these|them))"
)
_stretched = re.compile(r"([a-z])\1{2,}")
# "I sit all day": part of a story, not of the answer.
_story = re.compile(
    r"(?:i|im|ive|my|we|our)\b"
    r"(?! (?:do|have|did|had|get|got|feel|felt|notice|noticed|think|guess|sometimes|only|just|still)\b)"
)
_plain_yes = re.compile(r"\b(?:yes|yeah|yep|yup|yea|aye|sure|definitely|absolutely)\b")
_denies = re.compile(r"(?:i have |ive |ive got |theres |there is )?no\b")
_or = re.compile(r"\b(?:or|nor)\b")
_plain_end = re.compile(r"\b(?:its |theyre |but )*(?:just|only|merely|simply) (.*)$")
_PRONOUNS = {
    "it",
    "its",
    "they",
    "theyre",
    "theres",
    "thats",
    "but",
    "im",
    "ive",
    "id",
    "you",
    "we",
    "as",
    "be",
    "can",
    "than",
}
_against = re.compile(r"\b(?:not|no|never|dont|cant|isnt|wont|shouldnt|wait|avoid|careful)\b")
_contrast = re.compile(r"(?:but|though|although|however)\b ?")
_sensation = re.compile(
    r"(?:but|though|although|however|it|its|they|theyre|that|thats|this|there|theres|more|rather|in|on|at)\b"
)


def normalise(text: str) -> str:
    """Returns `text` in small letters, without apostrophes, pictures as words, stretched letters as one."""
    text = re.sub("[\u200d\u2640\u2642\ufe0f\U0001f3fb-\U0001f3ff]", "", text.lower())
    for meaning, pictures in _words()["emoji"].items():
        text = re.sub(f"[{pictures}]", f" {'not sure' if meaning == 'unsure' else meaning} ", text)
    text = re.sub("['\u2019\u2018`\u00b4]", "", text)
    return re.sub(r"[ \t]+", " ", _stretched.sub(r"\1", text)).strip()


def read_yes_no(text: str, about_signs: bool = True, explained: bool = False) -> str | None:
    """Returns what the answer to a yes/no question says.

    Args:
        text: The message.
        about_signs: The question is whether the person has any of several signs.
        explained: The signs were explained, so that a hesitant no is a no.

    Returns:
        "yes", "no", "partly" (a limited yes or no), "unsure", or None where the message is no answer.
    """
    kinds = [kind for clause in _clauses(text) if (kind := _kind(clause, about_signs)) != "filler"]
    if "story" in kinds:  # from there on only signs matter: "I run on weekends only"
        begun = kinds.index("story")
        kinds = kinds[:begun] + [kind for kind in kinds[begun:] if kind in ("story", "sign", "yes", "wish")]
    if not kinds or kinds[0] == "wish" or (len(bare(text).split()) > SHORT and not _begins_with_answer(text)):
        return None
    return _signs_answer(kinds, explained) if about_signs else _plain_answer(kinds, explained)


def _begins_with_answer(text: str) -> bool:
    first = next((clause for clause in _clauses(text) if _kind(clause, True) != "filler"), "")
    answers = _kind(first, True) in ("no", "soft", "doubt", "single") or _plain_yes.match(_without_opening(first))
    return bool(answers)


def _plain_answer(kinds: list[str], explained: bool) -> str | None:
    """Returns the answer to a question that is not about signs: a yes counts only where nothing limits it."""
    said = set(kinds)
    if not said & {"yes", "no", "soft", "doubt", "limit"} or kinds[0] in ("other", "story"):
        return None
    if "limit" in said or ("yes" in said and said & {"no", "soft", "doubt"}):
        return "partly"
    if "yes" in said:
        return "unsure" if said & {"other", "story"} else "yes"
    if "doubt" in said or ("soft" in said and not explained):
        return "unsure"
    return "no"


def _signs_answer(kinds: list[str], explained: bool) -> str | None:
    """Returns the answer to a question about signs: a no counts only where nothing limits it."""
    said = set(kinds)
    if not said & {"yes", "no", "soft", "doubt", "single", "limit", "sign", "place", "only plain"}:
        return None
    if kinds[0] in ("other", "story") and not said & {"sign", "limit", "yes"}:
        return None
    denied = said & {"no", "soft", "single"}
    if "limit" in said or ("yes" in said and denied) or (denied and "sensation" in said):
        return "partly"
    if "yes" in said:
        return "partly" if "doubt" in said else "yes"
    if said & {"sign", "place"}:
        return "partly"
    if "doubt" in said or not denied:
        return "unsure"
    # One sign denied may leave the others.
    if "soft" in said or "other" in said or ("no" not in said and kinds.count("single") == 1):
        return "no" if explained else "unsure"
    return "no"


def read_number(text: str) -> int | None:
    """Returns which choice is named by its number ("2", "option 2", "the second one"): from 1, the last is -1."""
    text = _without_fillers(bare(text))
    if match := _choice.fullmatch(text):
        return NUMBERS.get(match[1]) or int(match[1])
    if match := _ordinal.fullmatch(text):
        return ORDINALS[match[1]]
    return None


def read_control(text: str) -> str | None:
    """Returns "why", "skip" or "previous" (the question before) where the message says that and no more, else None."""
    said = bare(text)
    core = _without_fillers(said)
    for control in ("why", "skip", "previous"):
        if _phrases(control).fullmatch(said) or _phrases(control).fullmatch(core):
            return control
    meant = _phrases("why_begins").match(core) or _meaning.fullmatch(core)
    return "why" if meant and len(said.split()) <= SHORT else None


def begins_as_answer(text: str) -> bool:
    """Returns whether a message begins as answers do: yes, no, not, only, sometimes, "it comes and goes"."""
    first = next((clause for clause in _clauses(text) if _kind(clause, True) != "filler"), "")
    said = _without_opening(first)
    if _kind(first, True) in ("yes", "no", "soft", "doubt", "single"):
        return True
    words = said.split() or [""]
    return bool(_negated(words, said) or _phrases("limits").match(said) or _sensation.match(said))


def is_doubt(text: str) -> bool:
    """Returns whether the message says that the person doesn't know."""
    return any(_kind(clause, False) == "doubt" for clause in _clauses(text))


def is_wish(text: str) -> bool:
    """Returns whether the message asks or wishes for something, and so answers nothing."""
    return any(_kind(clause, True) == "wish" for clause in _clauses(text))


def before_wish(text: str) -> str:
    """Returns what stands before the first question or wish of a message: "9 hours, is that bad?"."""
    place = 0
    for match in [*_break.finditer(text.lower()), None]:
        end = match.end() if match else len(text)
        if is_wish(text[place:end]):
            return text[:place]
        place = end
    return text


def is_accepted(text: str) -> bool:
    """Returns whether the message takes an offer and says no more: "yes please", "ok, go on"."""
    clauses = [clause for clause in _clauses(text) if clause.rstrip("?")]
    said = [_without_fillers(clause) or clause for clause in clauses]
    said = [
        clause if _phrases("accepts").fullmatch(clause) else core for clause, core in zip(clauses, said, strict=True)
    ]
    whole = [bool(_phrases("accepts").fullmatch(clause) or _phrases("yes_words").fullmatch(clause)) for clause in said]
    polite = [bool(_phrases("filler").fullmatch(clause)) for clause in clauses]
    thanks = "thank" in bare(text) and not any(_phrases("yes_words").match(clause) for clause in said)
    return any(whole) and all(a or b for a, b in zip(whole, polite, strict=True)) and not thanks


def _clauses(text: str) -> list[str]:
    """Returns the clauses of a message; a question mark stays, and a bare "no" before others is one."""
    text = normalise(text)
    clauses: list[str] = []
    place = 0
    for match in [*_break.finditer(text), None]:
        clause = text[place : match.start() if match else len(text)]
        mark = "?" if match and "?" in match.group() else ""
        clause = " ".join(re.findall(r"[^\W_]+|[#+]", clause))
        if clause:
            clauses += [*(part for part in _split_no(clause)[:-1]), _split_no(clause)[-1] + mark]
        place = match.end() if match else 0
    return _joined_lists(clauses)


def _split_no(clause: str) -> list[str]:
    """Returns "no" and the rest of "no it comes and goes"; "no numbness" and "none of these" are one."""
    if _phrases("denials").match(clause) or _phrases("doubt").match(clause) or _phrases("wishes").match(clause):
        return [clause]
    first, _, rest = clause.partition(" ")
    if not rest or first not in _words()["no_words"] or first in ("never", "nothing", "zero"):
        return [clause]
    following = rest.split()[0]
    named = _is("signs", following) or _is("plain", following) or following in _words()["whole"]
    joined = first == "none" or (first == "no" and named)
    return [clause] if joined else [first, *_split_no(rest)]


def _kind(clause: str, about_signs: bool) -> str:
    """Returns what a clause is: yes, no, soft, doubt, limit, wish, story, other, filler; about signs also more."""
    asked = clause.endswith("?")
    contrast = bool(_contrast.match(clause))
    said = _without_opening(_contrast.sub("", clause.rstrip("?")))
    core = _without_fillers(said)
    if not core:
        return "filler"
    if _phrases("soft").fullmatch(said) or _phrases("soft").fullmatch(core):
        return "soft"
    if any(_phrases(name).fullmatch(form) for name in _yes(about_signs) for form in (said, core)):
        return "yes"
    if _phrases("hopes").fullmatch(said) or (not asked and _phrases("limits").fullmatch(said)):
        return "limit"
    if _phrases("doubt").search(core):
        return "doubt"
    begins_yes = bool(_plain_yes.match(core))
    if asked and not begins_yes and core not in _words()["no_words"]:
        return "wish"
    if _phrases("asks").match(core) or (_phrases("wishes").search(core) and (not begins_yes or core.startswith("i "))):
        return "wish"
    core = _without_fillers(_phrases("denials").sub("no", said))
    kind = _about_signs(core, contrast) if about_signs else _plainly(core)
    return "yes" if begins_yes and kind not in ("limit", "no") else kind


def _plainly(clause: str) -> str:
    """Returns what a clause is as the answer to a question that is not about signs."""
    words = clause.split()
    if _negated(words, clause):
        rest = _phrases("not_words").sub("", clause, count=1).split()
        known = {*_words()["small"], *_words()["whole"], *_words()["no_words"], "yet", "so", "cleared", "seen", "asked"}
        return "limit" if "yet" in rest and len(words) < len(rest) + 2 else "no" if known.issuperset(rest) else "other"
    if _phrases("limits").search(clause) or _against.search(clause):
        return "limit"
    return "clears" if any(_is("clears", word) for word in words) else "other"


def _about_signs(clause: str, contrast: bool) -> str:
    """Returns what a clause is as the answer to a question about signs."""
    if (rest := _without_plain_end(clause)) != clause:
        answers = rest.split()[:1] and (rest.split()[0] in _words()["no_words"] or _plain_yes.match(rest))
        return _about_signs(rest, contrast) if answers else "only plain"
    words = clause.split()
    if len(words) > 1 and words[-1] in ("no", "none", "nope") and len(words) <= FEW:
        return "no"  # "again no"
    negated = _negated(words, clause)
    has_sign = any(_is("signs", word) or word in _words()["injury"] for word in words)
    if not negated and len(words) <= FEW and any(_is("health", word) for word in words):
        return "only plain"
    limited = bool(_phrases("limits").search(clause))
    strange = [word for word in words if not _is_ordinary(word)]
    plain = not has_sign and not strange and any(_is("plain", word) for word in words)
    if plain and not _phrases("except").search(clause):
        return "no" if negated and words[0] not in ("not", "isnt") else "only plain" if limited else "plain"
    far = any(_is("far", word) for word in words)
    if not negated and not has_sign and not far and _story.match(clause) and not _phrases("it").search(clause):
        if strange and any(_is("body", word) for word in words):
            return "sensation" if contrast else "other"  # "my leg is like wood"
        return "sensation" if contrast and strange else "story"
    if limited:
        return "sign" if has_sign else "limit"
    if negated:
        return _denial(clause, words)
    if len(words) <= FEW and (_plain_yes.search(clause) or (_phrases("amounts").match(clause) and not strange)):
        return "yes"
    if has_sign:
        return "sign"
    if len(words) <= FEW + 1 and any(_is("body", word) for word in (words[1:] if len(words) > 2 else words)):
        return "place"
    return "sensation" if contrast or _sensation.match(clause) else "other"


def _denial(clause: str, words: list[str]) -> str:
    """Returns "no" for a whole denial, "single" where one sign of several is denied, "limit" for a partial one."""
    rest = _phrases("not_words").sub("", clause, count=1).split()
    if not rest:
        return "limit" if words == ["not"] else "no"
    signs = [word for word in rest if _is("signs", word) or word.startswith("pain")]
    whole = [word for word in rest if word in _words()["whole"] or word in _words()["injury"]]
    known = {*_words()["small"], *_words()["whole"], *_words()["injury"], *_words()["no_words"]}
    body = [word for word in rest if _is("body", word)]
    strange = [word for word in rest if word not in known and word not in signs and word not in body]
    if strange or (body and not signs and not whole):
        return "limit"
    if len(signs) == 1 and not set(whole) - {signs[0]}:
        return "single"
    return "no"


def _negated(words: list[str], clause: str) -> bool:
    return words[0] in _words()["no_words"] or bool(_phrases("not_words").match(clause))


def _yes(about_signs: bool) -> tuple[str, ...]:
    return ("agrees", "yes_words", "amounts") if about_signs else ("agrees", "yes_words")


def _is_ordinary(word: str) -> bool:
    """Returns whether a word beside a tight muscle adds nothing to it."""
    if word in _limit_words() or word in _words()["small"] or word in _words()["no_words"]:
        return True
    return any(_is(name, word) for name in ("plain", "activity", "body", "filler", "yes_words")) or word in _PRONOUNS


def _without_plain_end(clause: str) -> str:
    """Returns "no tingling" of "no tingling just tight"."""
    end = _plain_end.search(clause)
    if not end or any(_is("signs", word) or _is("body", word) for word in end[1].split()):
        return clause
    return clause[: end.start()].strip() if any(_is("plain", word) for word in end[1].split()) else clause


def _joined_lists(clauses: list[str]) -> list[str]:
    """Returns the clauses with "no weakness", "numbness or burning" as one: all of it is denied."""
    joined: list[str] = []
    for place, clause in enumerate(clauses):
        only_signs = all(_is("signs", word) or word in _words()["small"] for word in clause.split())
        if joined and only_signs and _denies.match(joined[-1]) and _or.search(" ".join(clauses[place:])):
            joined[-1] += f" {clause}"
        else:
            joined.append(clause)
    return joined


def _without_opening(clause: str) -> str:
    """Returns a clause without the fillers that it begins with, unless it is nothing else."""
    while (match := _phrases("filler").match(clause)) and len(clause) > match.end():
        clause = clause[match.end() :].strip()
    return clause


def _without_fillers(clause: str) -> str:
    """Returns a clause without the fillers at its ends."""
    while (match := _phrases("filler").match(clause)) or (
        match := re.search(rf"{_phrases('filler').pattern}$", clause)
    ):
        clause = (clause[: match.start()] + clause[match.end() :]).strip()
    return clause


def bare(text: str) -> str:
    """Returns the words of a message in small letters, without marks."""
    return " ".join(re.findall(r"[^\W_]+|#", normalise(text)))


@lru_cache(maxsize=20_000)
def _is(name: str, word: str) -> bool:
    return bool(_phrases(name).fullmatch(word))


@cache
def _limit_words() -> set[str]:
    return {word for phrase in _words()["limits"] for word in str(phrase).split()}


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    words["it"] = ["it", "that", "them", "those", "one", "some"]
    words["except"] = ["except", "apart from", "aside from", "other than", "besides", "unless", "bar"]
    return words


@cache
def _phrases(name: str) -> re.Pattern[str]:
    """Returns what matches any of the phrases of that name, the longest first."""
    phrases = sorted((str(phrase) for phrase in _words()[name]), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(re.escape(phrase).replace(re.escape('*'), '[a-z]*') for phrase in phrases)})\b")
