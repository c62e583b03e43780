"""What a short answer says: yes, no, partly, unsure, the number of a choice, skip, the question before or why.

One reader for every question. A no is a no only where the whole answer is a denial: a limit of degree, time or
place, an exception, a "but", a change of mind make it `partly`, and doubt makes it `unsure`. The words are in
data/vocabulary/replies.yml.
"""

import re
from functools import cache
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
_plain_yes = re.compile(r"\b(?:yes|yeah|yep|yup)\b")
_denies = re.compile(r"(?:i have |ive |ive got |theres |there is )?no\b")
_or = re.compile(r"\b(?:or|nor)\b")
_plain_end = re.compile(r"\b(?:its |theyre |but )*(?:just|only|merely|simply) (.*)$")
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
    clauses = _clauses(text)
    kinds = [kind for clause in clauses if (kind := _kind(clause, about_signs)) != "filler"]
    if "story" in kinds:  # from there on only signs matter: "I run on weekends only"
        begun = kinds.index("story")
        kinds = kinds[:begun] + [kind for kind in kinds[begun:] if kind in ("story", "sign", "yes", "wish")]
    if not kinds or (len(bare(text).split()) > SHORT and kinds[0] not in ("yes", "no", "soft", "doubt", "single")):
        return None
    said = set(kinds)
    if not said & {"yes", "no", "soft", "doubt", "single", "limit", "sign", "place", "only plain"}:
        return None
    if kinds[0] in ("wish", "other", "story") and not said & {"sign", "limit", "yes"}:
        return None
    if kinds[0] == "wish":
        return None
    denied = said & {"no", "soft", "single"}
    if "limit" in said or ("yes" in said and denied) or (denied and "sensation" in said):
        return "partly"
    if "yes" not in said and said & {"sign", "place"}:
        return "partly"
    if "yes" in said:
        return "partly" if "doubt" in said else "yes"
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
    joined = first == "none" or (first == "no" and (_is("signs", following) or following in _words()["whole"]))
    return [clause] if joined else [first, *_split_no(rest)]


def _kind(clause: str, about_signs: bool) -> str:
    """Returns what a clause is: yes, no, soft, doubt, single, limit, sign, place, plain, wish, filler, ..."""
    asked = clause.endswith("?")
    clause = clause.rstrip("?")
    contrast = bool(re.match(r"(but|though|although|however)\b", clause))
    said = _without_opening(re.sub(r"^(but|though|although|however)\b ?", "", clause))
    clause = _without_fillers(said)
    if not clause:
        return "filler"
    if _phrases("soft").fullmatch(said) or _phrases("soft").fullmatch(clause):
        return "soft"
    if _phrases("yes").fullmatch(said):
        return "yes"
    if _phrases("hopes").fullmatch(said) or _phrases("limits").fullmatch(said):
        return "limit"
    if _phrases("doubt").search(clause):
        return "doubt"
    begins_yes = _phrases("yes_words").match(clause)
    if asked and not begins_yes and clause not in _words()["no_words"]:
        return "wish"
    if _phrases("asks").match(clause) or (
        _phrases("wishes").search(clause) and (not begins_yes or clause.startswith("i "))
    ):
        return "wish"
    clause = _without_fillers(_phrases("denials").sub("no", said))
    if about_signs and (rest := _without_plain_end(clause)) != clause:
        answers = rest.split()[:1] and (rest.split()[0] in _words()["no_words"] or _phrases("yes_words").match(rest))
        return _kind(rest, about_signs) if answers else "only plain"
    words = clause.split()
    if len(words) > 1 and words[-1] in ("no", "none", "nope") and len(words) <= FEW:
        return "no"  # "again no"
    has_sign = about_signs and any(_is("signs", word) or word in _words()["injury"] for word in words)
    has_plain = any(_is("plain", word) for word in words)
    negated = words[0] in _words()["no_words"] or bool(_phrases("not_words").match(clause))
    if not negated and _phrases("yes").fullmatch(clause):
        return "yes"
    if about_signs and not negated and len(words) <= FEW and any(_is("health", word) for word in words):
        return "only plain"
    if not negated and not has_sign and _story.match(clause) and not _phrases("it").search(clause):
        return "plain" if has_plain and about_signs else "story"
    limited = bool(_phrases("limits").search(clause))
    if about_signs and has_plain and not has_sign and not _phrases("except").search(clause):
        if begins_yes:
            return "yes"
        return "no" if negated and words[0] not in ("not", "isnt") else "only plain" if limited else "plain"
    if limited:
        return "sign" if has_sign else "limit"
    if negated:
        return _denial(clause, words, about_signs)
    if begins_yes or (len(words) <= FEW and (_phrases("yes").match(clause) or _plain_yes.search(clause))):
        return "yes"
    if has_sign:
        return "sign"
    if about_signs and len(words) <= 6 and any(_is("body", word) for word in words):
        return "place"
    return "sensation" if contrast or _sensation.match(clause) else "other"


def _denial(clause: str, words: list[str], about_signs: bool) -> str:
    """Returns "no" for a whole denial, "single" where one sign of several is denied, "limit" for a partial one."""
    rest = _phrases("not_words").sub("", clause, count=1).split()
    if not rest:
        return "limit" if words == ["not"] else "no"
    if not about_signs:
        return "no"
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


def _is(name: str, word: str) -> bool:
    return bool(_phrases(name).fullmatch(word))


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
