"""What a message answers to a question or an offer that stands on the screen; None where it is something else."""

import re
from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz

from library.facts import read_answer as read_fact
from library.facts import read_facts
from library.questions import UNSURE, Button, Question, questions
from library.replies import bare, before_wish, is_accepted, is_doubt, is_wish, read_control, read_number, read_yes_no

# How alike (0 to 100) a misspelt title must be, and how long, for it to be no other word.
SIMILAR, LONG = 88, 7
# Words of an answer that says for whom; a story may name anybody.
SHORT = 6
# Words of a long message in which its answer is looked for.
BEGINNING = 16
TIME_WORDS = 4  # "a year ago", "in 2019"
FRESH_DAYS = 42  # an injury of longer ago is an old one
_old = re.compile(
    r"\b(?:long(?:er)? (?:time )?ago|ages ago|(?:years?|months|decades) (?:ago|back)|in the past|when i was"
    r"|back in (?:the|\d+)|(?:earlier|old|previous) (?:injury|tear|strain|pull)|before that|longer than that)\b"
)
_fresh = re.compile(
    r"\b(?:today|tonight|yesterday|this (?:morning|week|month)|last (?:night|week|weekend|month|\w+day)|days? ago|again"
    r"|recent\w*|sudden\w*|just now|(?:minutes?|hours?) ago)\b"
)
_injury = re.compile(r"\b(?:pull|tear|tore|torn|strain|injur|pop|rip|snap)")
_corrects = re.compile(
    r"\b(?:wait|sorry|actually|i said|i meant|meant|correction|change|make (?:it|that)|instead|not)\b"
)
_before_correction = re.compile(
    r"(?is)^.*\b(?:but|meant|actually|it'?s|make it|make that|more like|to|wait|sorry)\b|\bnot\b.*$"
)
_others = re.compile(r"\b(?:them|him|her|his|hers|theirs|not (?:for |about )?me|my \w+)\b")
_agrees = re.compile(r"(?is)(?:yes|yeah|yep|right|correct|exactly|true)\b[\s,.!:-]+(.+)")
_has_one = re.compile(r"\b(?:i do|i have|i did|both|all|one of|some|unfortunately|sadly)\b")
_oneself = re.compile(r"\b(?:me|mine|myself|i|im)\b")


def read_answer(question: Question, text: str, explained: bool = False) -> Any:
    """Returns the value of an answer, as its button would send it.

    Args:
        question: The question on the screen.
        text: What the person wrote.
        explained: The question was explained just before, so that a hesitant no is a no.
    """
    choices = [(button["title"], button["value"]) for button in question.buttons]
    place = _near_title(text, [title for title, _ in choices], exact=question.kind == "number")
    if place is not None:
        return choices[place][1]
    if (number := read_number(text)) and not _is_hours(question, text) and not _names_a_sign(question, text):
        return choices[number - 1 if number > 0 else -2][1] if number <= len(choices) else None
    if control := read_control(text):
        return control
    if question.kind in ("number", "choice"):
        return _read_choice(question, text)
    if question.name == "recent_injury" and _is_long_ago(text):
        return "long_ago"
    answer = read_yes_no(text, about_signs=question.kind != "yes_no", explained=explained)
    return _agreement(text, answer) if question.kind == "denial" else answer


def take_offer(buttons: Sequence[Button], text: str) -> str | None:
    """Returns the payload of the button that the message takes: by its number, its title, or "yes" for the first."""
    if (place := _near_title(text, [button["title"] for button in buttons])) is not None:
        return buttons[place]["payload"]
    if number := read_number(text):
        return buttons[number - 1 if number > 0 else -1]["payload"] if number <= len(buttons) else None
    # A button that speaks in words, such as "That was a mistake", is never what a mere yes means.
    first = buttons[0]["payload"] if buttons else ""
    return first if first.startswith("/") and is_accepted(text) else None


def read_correction(text: str) -> tuple[Question, Any] | None:
    """Returns the question that a correction is about and its new answer: "wait, I said 9 hours but it's 3"."""
    said = bare(text)
    if not _corrects.search(said) or is_wish(text):
        return None
    about = next((q for q in questions().values() if set(q.about) & set(said.split())), None)
    value = about and read_fact(about.name, _before_correction.sub("", text))
    return (about, value) if about and value is not None else None


def _read_choice(question: Question, text: str) -> Any:
    answer = " ".join(before_wish(text).split()[:BEGINNING])
    if not answer:
        return None
    doubted = is_doubt(answer)
    if doubted and question.kind == "choice":
        return UNSURE
    value = _whom(text) if question.name == "whose" else read_fact(question.name, answer)
    value = value[0] if isinstance(value, list) else value  # the first place that hurts
    return UNSURE if value is None and doubted else value


def _is_long_ago(text: str) -> bool:
    """Returns whether an injury is placed more than six weeks back, and none since."""
    said = bare(text)
    named = _injury.search(" ".join(said.split()[:BEGINNING]))
    answers = read_yes_no(text) is not None or named or len(said.split()) <= TIME_WORDS
    if _fresh.search(said) or not answers:
        return False
    told = read_facts(f"I pulled my hamstring {text}")
    return bool(_old.search(said)) or any(f.name == "injury_days" and int(f.value) > FRESH_DAYS for f in told)


def _whom(text: str) -> str | None:
    """Returns self or other: for whom somebody asks."""
    said = bare(text)
    if len(said.split()) > SHORT:
        return None
    return "other" if _others.search(said) else "self" if _oneself.search(said) else None


def _near_title(text: str, titles: list[str], exact: bool = False) -> int | None:
    """Returns the place of the title that the message is, or nearly is."""
    said = bare(text)
    near = [fuzz.ratio(said, bare(title)) for title in titles]
    best = max(range(len(near)), key=lambda place: near[place], default=None)
    if best is None or not said:
        return None
    alike = near[best] == 100 or (not exact and near[best] >= SIMILAR and len(said) >= LONG)
    return best if alike else None


def _is_hours(question: Question, text: str) -> bool:
    return question.kind == "number" and bool(re.fullmatch(r"\W*[\w.]+\W*", text)) and "#" not in text


def _names_a_sign(question: Question, text: str) -> bool:
    # "The second one" of several signs is a sign; "2" is the second button.
    return question.kind in ("signs", "denial") and bool(re.search(r"(?i)\b(first|second|third|last)\b", text))


def _agreement(text: str, answer: str | None) -> str | None:
    """Returns the answer to "you have none of these?": "none" agrees, a bare "no" may mean either."""
    said = bare(text)
    if answer == "no":
        return UNSURE if said in ("no", "nope", "nah", "nay", "n") else "yes"
    if answer == "yes" and _has_one.search(said):
        return "no"
    agreed = _agrees.fullmatch(text.strip())  # "Right, none of these"
    return "yes" if agreed and read_yes_no(agreed[1]) == "no" else answer
