"""Numbers, lengths of time, frequencies and clock times in a list of tokens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from text_to_num import find_numbers

from library.facts.vocabulary import Hit, Token

UNITS = {
    "hours": ("hours", 1.0),
    "minutes": ("minutes", 1.0),
    "seconds": ("seconds", 1.0),
    "days": ("days", 1.0),
    "weeks": ("days", 7.0),
    "fortnights": ("days", 14.0),
    "months": ("days", 30.4),
    "years": ("days", 365.25),
}
HIGHEST_PLACE = 9
_RANGE = {"-", "to", "or", "till", "until", "/"}
_CLOCK = {"-", "to", "till", "until", "through", "and"}


@dataclass(frozen=True)
class Quantity:
    """A number or range with its unit, in tokens from `first` to before `last`.

    `unit`: hours, minutes, seconds, days, times, clock (hours between two times of the day), number, a measure
    ("km") or another. `per`: day, week, month or nothing. `word`: the unit as it was said ("months").
    """

    unit: str
    low: float
    high: float
    first: int
    last: int
    per: str = ""
    word: str = ""

    @property
    def value(self) -> float:
        """The number, or the middle of the range."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class _Number:
    value: float
    first: int
    last: int
    text: str


class _Word(str):
    """A token as text2num wants it."""

    def text(self) -> str:
        return str(self)

    def nt_separated(self, previous: str) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def read_quantities(tokens: Sequence[Token], units: Sequence[Hit], rates: Sequence[Hit]) -> list[Quantity]:
    """Returns the quantities in their order.

    Args:
        tokens: words of the message.
        units: where units stand (theme `unit`).
        rates: where "a day", "per week" and the like stand (theme `rate`).
    """
    unit_at = {hit.first: hit for hit in units}
    rate_at = {hit.first: hit for hit in rates}
    quantities: list[Quantity] = []
    numbers = _numbers(tokens, unit_at)
    i = 0
    while i < len(numbers):
        number, following = numbers[i], numbers[i + 1] if i + 1 < len(numbers) else None
        quantity = None
        if following and (quantity := _clock(tokens, number, following, unit_at)):
            i += 2
        elif following and number.value < following.value and _is_range(tokens, number, following):
            last = following.last
            quantity = Quantity("number", number.value, following.value, number.first, last)
            i += 2
        else:
            quantity = Quantity("number", number.value, number.value, number.first, number.last)
            i += 1
        if quantity.unit == "number":
            quantity = _with_unit(tokens, quantity, unit_at)
        quantities.append(_with_rate(quantity, rate_at))
    return _merge_breaks(tokens, quantities)


def read_place(word: str, numbers_too: bool) -> int | None:
    """Returns the place that a word names: 2 for "second" or "2nd", -1 for "last", None for none.

    Args:
        word: one word in small letters.
        numbers_too: "two" and "2" name a place as well.
    """
    if word == "last":
        return -1
    if ordinal := re.fullmatch(r"([1-9])(?:st|nd|rd|th)", word):
        return int(ordinal[1])
    if word.isdigit():
        return int(word) if numbers_too and 1 <= int(word) <= HIGHEST_PLACE else None
    number = next(iter(find_numbers([_Word(word)], "en", 0)), None)
    if number is None or not (numbers_too or number.is_ordinal):
        return None
    return int(number.value) if 1 <= number.value <= HIGHEST_PLACE else None


def _numbers(tokens: Sequence[Token], unit_at: dict[int, Hit] | None = None) -> list[_Number]:
    found = []
    for i, token in enumerate(tokens):
        if token.text[0] in "0123456789":
            found.append(_Number(_figure(token.text), i, i + 1, token.text))
        elif token.text == "half" and (i == 0 or tokens[i - 1].text != "a" or i < 2 or tokens[i - 2].text != "and"):
            after = tokens[i + 1].text if i + 1 < len(tokens) else ""
            if after in ("a", "an", "the", "my") or i + 1 in (unit_at or {}):
                found.append(_Number(0.5, i, i + (1 if i + 1 in (unit_at or {}) else 2), "half"))
        elif token.text in ("noon", "midday", "midnight"):
            found.append(_Number(0.0 if token.text == "midnight" else 12.0, i, i + 1, token.text))
        elif token.text in ("a", "an") and i + 1 in (unit_at or {}):
            found.append(_Number(1.0, i, i + 1, token.text))
        elif token.text in ("couple", "few", "dozen"):
            last = i + 2 if i + 1 < len(tokens) and tokens[i + 1].text == "of" else i + 1
            first = i - 1 if i and tokens[i - 1].text == "a" else i
            found.append(_Number({"couple": 2.0, "few": 3.0, "dozen": 12.0}[token.text], first, last, token.text))
    words = [_Word(token.text) for token in tokens]
    for number in find_numbers(words, "en", 0):
        text = " ".join(words[number.start : number.end])
        if not number.is_ordinal:
            found.append(_Number(float(number.value), number.start, number.end, text))
    found.sort(key=lambda number: number.first)
    joined: list[_Number] = []
    for number in found:
        if joined and number.first < joined[-1].last:
            continue
        if tuple(word.text for word in tokens[number.last : number.last + 3]) == ("and", "a", "half"):
            number = replace(number, value=number.value + 0.5, last=number.last + 3)
        elif number.last < len(tokens) and tokens[number.last].text == "½":
            number = replace(number, value=number.value + 0.5, last=number.last + 1)
        elif number.first and tokens[number.first - 1].text == "half" and number.text not in ("a", "an"):
            # "half seven" is half past six in German, half past seven here.
            number = replace(number, value=number.value + 0.5, first=number.first - 1, text="half")
        elif number.text == "one" and not _counts(tokens, number, unit_at or {}):
            continue
        joined.append(number)
    return joined


def _counts(tokens: Sequence[Token], number: _Number, unit_at: dict[int, Hit]) -> bool:
    """Whether "one" is a number: not that of "the left one" or "one of them"."""
    after = tokens[number.last].text if number.last < len(tokens) else ""
    return number.last in unit_at or after in _RANGE or (not number.first and not after)


def _figure(text: str) -> float:
    if ":" in text:
        hours, minutes = text.split(":")[:2]
        return float(hours) + float(minutes) / 60
    if text.count(",") == 1 and len(text.rpartition(",")[2]) != 3:
        text = text.replace(",", ".")
    text = text.replace(",", "")
    head, _, tail = text.partition(".")
    return float(f"{head}.{tail.replace('.', '') or 0}")


def _is_range(tokens: Sequence[Token], one: _Number, two: _Number) -> bool:
    between = one.first and tokens[one.first - 1].text == "between"
    return _joined(tokens, one, two, _RANGE | {"and"} if between else _RANGE)


def _joined(tokens: Sequence[Token], one: _Number, two: _Number, by: set[str]) -> bool:
    between = [token.text for token in tokens[one.last : two.first]]
    if between and between[0] in ("am", "pm", "-", "ish", "hours"):
        between = between[1:] or between
    if between and between[-1] in ("about", "like", "-", "even", "maybe"):
        between = between[:-1] or between
    return len(between) == 1 and between[0] in by


def _clock(tokens: Sequence[Token], one: _Number, two: _Number, unit_at: dict[int, Hit]) -> Quantity | None:
    """Returns the hours between two times of the day ("from 8 to 5", "8:30-17", "9 to half six")."""
    if not _joined(tokens, one, two, _CLOCK) or one.value > 2400 or two.value > 2400:
        return None
    before = tokens[one.first - 1].text if one.first else ""
    between = tokens[one.last : two.first]
    if any(word.text == "and" for word in between) and before != "between":
        return None
    start, end = (n.value // 100 + n.value % 100 / 60 if n.value >= 100 else n.value for n in (one, two))
    if start > 24 or end > 24:
        return None
    after = tokens[two.last].text if two.last < len(tokens) else ""
    marks = {word.text for word in between} | {after}
    timed = ":" in one.text + two.text or (two.text in ("half", "noon", "midday", "midnight")) or one.text == "half"
    timed = timed or bool(marks & {"am", "pm"}) or one.value >= 100
    if unit_at.get(two.last) and unit_at[two.last].value in UNITS and after not in ("h",) and not timed:
        return None  # "8 to 10 hours"
    if not timed and before not in ("from", "between", "work", "sit", "sitting", "sat") and start < end <= 12:
        return None  # "6 to 7"
    if not timed and end > start and end <= 12 and before != "from":
        return None
    if "pm" in [word.text for word in between] and start < 12:
        start += 12
    evening = after == "pm" or [word.text for word in tokens[two.last : two.last + 2]] in (
        ["at", "night"],
        ["in", "the"],
    )
    if evening and end < 12:
        end += 12
    while end <= start:
        end += 12
    if not 0 < end - start <= 18:
        return None
    last = two.last + (1 if after in ("am", "pm", "h") else 0)
    return Quantity("clock", end - start, end - start, one.first, last, "day")


def _with_unit(tokens: Sequence[Token], quantity: Quantity, unit_at: dict[int, Hit]) -> Quantity:
    """Returns `quantity` with the unit that follows it, if one does ("8 h", "5-10 long minutes")."""
    for skip in (0, 1):
        at = quantity.last + skip
        if skip and (
            at > len(tokens) or tokens[at - 1].text not in {"-", "solid", "long", "more", "ish", "odd", "full"}
        ):
            break
        if hit := unit_at.get(at):
            unit, factor = UNITS.get(hit.value, (hit.value, 1.0))
            low, high = quantity.low * factor, quantity.high * factor
            if unit == "hours" and tokens[hit.last : hit.last + 3] and _half_follows(tokens, hit.last):
                return replace(quantity, unit=unit, low=low + 0.5, high=high + 0.5, last=hit.last + 3, word=hit.value)
            return replace(quantity, unit=unit, low=low, high=high, last=hit.last, word=hit.value)
    return quantity


def _half_follows(tokens: Sequence[Token], at: int) -> bool:
    return [token.text for token in tokens[at : at + 3]] == ["and", "a", "half"]


def _with_rate(quantity: Quantity, rate_at: dict[int, Hit]) -> Quantity:
    hit = rate_at.get(quantity.last)
    return replace(quantity, per=hit.value, last=hit.last) if hit and quantity.unit != "clock" else quantity


def _merge_breaks(tokens: Sequence[Token], quantities: list[Quantity]) -> list[Quantity]:
    """Takes the break off the clock: "8 till half five with an hour off" is 8.5 hours."""
    kept: list[Quantity] = []
    for quantity in quantities:
        last = kept[-1] if kept else None
        if last and last.unit == "clock" and quantity.unit in ("hours", "minutes"):
            between = {token.text for token in tokens[last.last : quantity.first]}
            around = between | {token.text for token in tokens[quantity.last : quantity.last + 2]}
            hours = quantity.value / (60 if quantity.unit == "minutes" else 1)
            if between & {"with", "minus", "less"} and around & {"off", "lunch", "break", "breaks"} and hours < 3:
                kept[-1] = replace(last, low=last.low - hours, high=last.high - hours, last=quantity.last)
                continue
        kept.append(quantity)
    return kept
