"""What people mean when they answer the cause finder, in figures, words and asides.

Each reader takes the text of a message and returns the answer, or None if there is none in it.
"""

import re

# Hours sat, for words that give no figure. A waking day has about 16 hours.
VAGUE_HOURS = [
    (r"\b(most of (the|my) day|nearly all day|almost all day)\b", 9.0),
    (r"\b(all|whole|entire) (the |my )?day\b|\bnon-?stop\b|\ball the time\b", 10.0),
    (r"\bhalf (of )?(the|my|a) day\b", 8.0),
    (r"\b(hardly|barely|scarcely|not much|very little|not a lot|rarely)\b", 2.0),
    (r"\b(a lot|too much|too long|loads|ages)\b", 9.0),
    (r"^\W*(none|never|zero|not at all|nothing|i don'?t sit)\b(?! mind)", 0.0),
]
WORDS = {
    word: str(number)
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_CLOCK = re.compile(rf"\b(from )?{_NUMBER} ?(am|pm)? ?(?:to|till|until|-) ?{_NUMBER} ?(am|pm|h\b|hours?|hrs?)?")
_BETWEEN = re.compile(rf"\bbetween {_NUMBER} and {_NUMBER}")

_AGES_AGO = re.compile(
    r"\b(longer ago|long(er)? time ago|ages ago|years? ago|months ago|in the past|last year|earlier injury|"
    r"old (injury|tear|strain|pull)|(used to|once) (tear|tore|pull|pulled)|when i was|back in|before that)\b"
)


SHORT = 6  # words; "it's for my husband, not me" says for whom, a story may name anybody


def is_long_ago(text: str) -> bool:
    """Returns whether the text places an injury in the past."""
    return bool(_AGES_AGO.search(_normalise(text)))


def read_hours(text: str) -> float | None:
    """Returns hours a day from figures, words ("nine"), clock times ("from 8 to 5") or "half the day".

    They may be impossible ones: -4, or 300.
    """
    text = _figures(_normalise(text))
    hours = _hours(text)
    if hours is None:
        return next((hours for words, hours in VAGUE_HOURS if re.search(words, text)), None)
    if re.search(r"\b(a|per|each|every) week\b|\bweekly\b", text):
        hours /= 7
    return round(hours * 2) / 2


def read_pain_area(text: str) -> str | None:
    """Returns back, knee, foot or none; the first one named, if several."""
    text = re.sub(r"\b(not|no|isn'?t) (in |at )?(my |the )?(back|knees?|foot|feet)\b", "", _normalise(text))
    areas = {
        "back": r"\b(back|spine|lumbar|lumbago)\b(?! of)",
        "knee": r"\bknee",
        "foot": r"\b(foot|feet|heels?|soles?|arch|arches|plantar)\b",
    }
    found = {area: match.start() for area, words in areas.items() if (match := re.search(words, text))}
    if found:
        return min(found, key=lambda area: found[area])
    none = r"^\W*(no|nope|nah|none|nowhere|nothing|not|neither|just|only)\b|\b(nowhere|none of (them|these)|doesn'?t)\b"
    return "none" if re.search(none, text) or not text.strip() else None


def read_posture(text: str) -> str | None:
    """Returns flat_back, arched_back, long_weak or none."""
    text = _normalise(text)
    signs = {
        "none": r"^\W*(no|nope|none|neither|nothing|not)\b|\b(none of|don'?t know|dunno|not sure|no idea|normal)\b",
        "long_weak": r"\b(long|weak|flexible|bendy|(reach|touch) (the |my )?(floor|toes|ground))\b",
        "flat_back": r"\b(flat|sway|swayed|swayback|tucked)\b",
        "arched_back": r"\b(arch|arched|arches|arching|hollow|curve[ds]?|belly|forwards?|duck)\b",
    }
    return next((sign for sign, words in signs.items() if re.search(words, text)), None)


def read_whom(text: str) -> str | None:
    """Returns self or other: for whom somebody asks."""
    words = _normalise(text)
    if len(words.split()) > SHORT:
        return None
    other = re.search(r"\b(them|him|her|his|hers|theirs|not (for |about )?me|my \w+)\b", words)
    return "other" if other else "self" if re.search(r"\b(me|mine|myself|i|i'?m)\b", words) else None


def read_training(text: str) -> str | None:
    """Returns not_at_all, some or a_lot."""
    text = _figures(_normalise(text))
    if times := re.search(rf"{_NUMBER} ?(x|times|days|sessions|runs|workouts)\b", text):
        return "not_at_all" if float(times[1]) == 0 else "some" if float(times[1]) <= 3 else "a_lot"
    loads = {
        "some": r"\b(not (a lot|much|often|very)|a bit|a little|some|sometimes|once|twice|occasional\w*|now and then|"
        r"moderate\w*|weekends?|little|rarely|light\w*|average)\b",
        "a_lot": r"\b(a lot|lots|loads|much|daily|every ?day|most days|hard|heav\w+|often|marathons?|intense\w*|"
        r"regular\w*|competit\w+)\b",
        "not_at_all": r"^\W*(no|nope|none|never(?! mind)|nothing|zero|not)\b|\b(don'?t|do not|at all|stopped)\b",
    }
    return next((load for load, words in loads.items() if re.search(words, text)), None)


def _normalise(text: str) -> str:
    return text.lower().replace("’", "'").replace("–", "-").replace("−", "-").strip()


def _figures(text: str) -> str:
    """Writes numbers as figures: "eight and a half" becomes 8.5."""
    text = re.sub(r"(\d),(\d)", r"\1.\2", text)
    text = re.sub(r"\btwenty[- ]four\b", "24", text)
    text = re.sub(rf"\b({'|'.join(WORDS)})\b", lambda match: WORDS[match[1]], text)
    text = re.sub(r"\b(\d+) and a half\b", r"\1.5", text)
    text = re.sub(r"\bminus (?=\d)", "-", text)
    text = re.sub(r"\bhalf an hour\b", "0.5 hours", text)
    text = re.sub(r"\ban? (couple of )?(?=hours?\b)", lambda match: "2 " if match[1] else "1 ", text)
    return re.sub(r"\ba couple\b", "2", text)


def _hours(text: str) -> float | None:
    if between := _BETWEEN.search(text):
        return (float(between[1]) + float(between[2])) / 2
    if (clock := _CLOCK.search(text)) and "hour" not in (clock[5] or "") and (clock[5] or "")[:1] != "h":
        start, end = float(clock[2]), float(clock[4])
        if end <= start or end > 12 or clock[1] or clock[5]:
            start += 12 if clock[3] == "pm" and start < 12 else 0
            return end - start if end > start else end + 12 - start if end + 12 > start else end + 24 - start
        return (start + end) / 2
    if clock:
        return (float(clock[2]) + float(clock[4])) / 2
    if minutes := re.search(rf"{_NUMBER} ?min", text):
        return float(minutes[1]) / 60
    numbers = [float(number) for number in re.findall(rf"(?<![\w.]){_NUMBER}", text)]
    if not numbers:
        return None
    # "8 at work and 3 on the sofa"
    return sum(numbers) if re.search(r"\d.*(\band\b|\bplus\b|\+).*\d", text) else numbers[0]
