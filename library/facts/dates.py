"""How many days ago a time in words is ("february 2019", "last year", "easter"), with dateutil's parser."""

import datetime as dt
import re
from collections.abc import Callable

from dateutil import easter, parser

_INFO = parser.parserinfo()  # dateutil's names of months and weekdays
_YEAR = re.compile(r"\b(19[3-9]\d|20[0-4]\d)\b")
_SEASONS = {"spring": 4, "summer": 7, "autumn": 10, "fall": 10, "winter": 1}
_RELATIVE = {"today": 0, "this morning": 0, "tonight": 0, "yesterday": 1, "last night": 1, "this week": 3}
_RELATIVE |= {"the weekend": 4, "last weekend": 5, "last week": 7, "last month": 30, "last year": 365}
_LOCKDOWN = dt.date(2020, 3, 20)


def days_ago(words: str, today: dt.date | None = None) -> int | None:
    """Returns how many days before `today` the words say, None if they name no date."""
    today = today or dt.date.today()
    date = _date(words.lower().strip(), today)
    return None if date is None else max((today - date).days, 0)


def _date(words: str, today: dt.date) -> dt.date | None:
    if words in _RELATIVE:
        return today - dt.timedelta(days=_RELATIVE[words])
    if words.startswith(("lockdown", "covid", "the pandemic")):
        return _LOCKDOWN
    said = _YEAR.search(words)
    year = int(said[1]) if said else None
    if words.startswith(("christmas", "xmas")):
        return _latest(lambda y: dt.date(y, 12, 25), year, today)
    if words.startswith("easter"):
        return _latest(easter.easter, year, today)
    if words.startswith("new year"):
        return dt.date(today.year, 1, 1)
    if season := next((month for name, month in _SEASONS.items() if re.search(rf"\b{name}\b", words)), None):
        date = _latest(lambda y: dt.date(y, season, 1), year, today)
        return date.replace(year=date.year - 1) if words.startswith("last") and date.year == today.year else date
    month = next((month for word in words.split() if (month := _INFO.month(word))), None)
    if month or year:
        return _latest(lambda y: _parsed(words, y, month or 1), year, today)
    weekday = _INFO.weekday(words.split()[-1]) if words else None
    return None if weekday is None else today - dt.timedelta(days=(today.weekday() - weekday) % 7 or 7)


def _parsed(words: str, year: int, month: int) -> dt.date:
    first = dt.date(year, month, 1)
    try:  # "3 march", "jan 24th 2019"; a month alone means its first day
        return parser.parse(words, default=dt.datetime(year, month, 1), fuzzy=True).date()
    except (ValueError, OverflowError):
        return first


def _latest(of_year: Callable[[int], dt.date], year: int | None, today: dt.date) -> dt.date:
    """Returns the date in the year that was said, else the last one that is over."""
    date = of_year(year or today.year)
    return date if year or date <= today else of_year(today.year - 1)
