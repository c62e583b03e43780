"""A report stays a report, however it is typed and whatever is said around it."""

from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from safety import RedFlags
from safety.levels import rank

MESSAGES = yaml.safe_load((Path(__file__).parent / "develop.yml").read_text(encoding="utf-8"))
assess = RedFlags.load().assess
REPORTS = [
    (message["text"], assess(message["text"]).level)
    for message in MESSAGES
    if message["level"] in ("see_doctor", "emergency") and assess(message["text"]).level == message["level"]
]
report = st.sampled_from(REPORTS)
thorough = settings(max_examples=300, deadline=None)

BEFORE = [
    "Hi! ",
    "hello, thanks for the help. ",
    "Great app. ",
    "I sit 8 hours a day. ",
    "My hamstring is tight.\n",
    "No. ",
    "yes, ",
    "the first one. ",
    "I love to feel the burn. ",
    "No numbness in my hands. ",
]
AFTER = [
    " thanks",
    ". What should I do?",
    "! Which stretch helps?",
    "\nI run twice a week.",
    " \U0001f629",
    " lol",
    ". I had heartburn yesterday.",
    ". The seated stretch was fine.",
    " \U0001f525\U0001f525",
    ". Never mind.",
]


def still_reported(text: str, level: str) -> None:
    assert rank(assess(text).level) >= rank(level), text


@thorough
@given(report, st.sampled_from([str.upper, str.title, str.swapcase, str.capitalize, str.lower]))
def test_case(given_report, change):
    text, level = given_report
    still_reported(change(text), level)


@thorough
@given(report, st.sampled_from(["", "!", "!!!", "?", "...", " .", ",", ";"]))
def test_final_punctuation(given_report, mark):
    text, level = given_report
    still_reported(text.rstrip(".!? ") + mark, level)


@thorough
@given(report, st.sampled_from(["\u2019", "\u2018", "`", "\u00b4", ""]))
def test_apostrophes(given_report, apostrophe):
    text, level = given_report
    still_reported(text.replace("\u2019", "'").replace("'", apostrophe), level)


@thorough
@given(report, st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_chatter_around_it(given_report, before, after):
    text, level = given_report
    still_reported(before + text + after, level)


@thorough
@given(report, report)
def test_two_reports(first, second):
    still_reported(f"{first[0]}. {second[0]}", max(first[1], second[1], key=rank))


@thorough
@given(report)
def test_typed_after_a_slash(given_report):
    text, level = given_report
    still_reported(f"/find_exercises {text}", level)


@thorough
@given(report, st.integers(0, 1000), st.sampled_from(["\u200b", "\u00ad", "\ufeff"]))
def test_invisible_characters(given_report, place, character):
    text, level = given_report
    place %= len(text) + 1
    still_reported(text[:place] + character + text[place:], level)


@thorough
@given(report, st.integers(0, 1000))
def test_stretched_vowel(given_report, place):
    text, level = given_report
    vowels = [index for index, letter in enumerate(text) if letter in "aeou"]
    if vowels:
        index = vowels[place % len(vowels)]
        still_reported(text[:index] + text[index] * 4 + text[index + 1 :], level)


SIGN = st.sampled_from(["numb", "numbness", "tingling", "tingly", "pins and needles", "burning", "prickling"])


@st.composite
def slips(draw):
    """A sign word with one slip of the keyboard inside it."""
    word = draw(SIGN)
    index = draw(st.integers(1, len(word) - 2))
    kind = draw(st.sampled_from(["double", "swap"] if len(word) < 6 else ["double", "swap", "drop"]))
    if kind == "double":
        return word[:index] + word[index] + word[index:]
    if kind == "swap":
        return word[:index] + word[index + 1] + word[index] + word[index + 2 :]
    return word[:index] + word[index + 1 :]


@thorough
@given(slips())
def test_slip_in_a_sign(word):
    still_reported(f"I have {word} in my foot", "see_doctor")


@thorough
@given(st.text(max_size=400))
def test_any_text_gets_an_answer(text):
    assert assess(text).level in ("none", "unclear", "acute_injury", "see_doctor", "emergency")
