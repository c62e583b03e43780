"""The hold on exercises: what a conversation's slots say of it, and the events that open, fill and lift it."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from library.hold import read_defaults, read_turns, spoken
from safety import Advice, RedFlags
from safety.levels import LEVELS, rank

SCREENING = "screening"
UNSURE = "unsure"  # a report of somebody who could not say
SELF_HARM = "self_harm"
WHEN = {"now": "now", "today": "today", "days": "within a few days"}
SOONEST = ("now", "today", "days")
SHOULD_NOT_QUOTE = {SELF_HARM, UNSURE}
ANSWER = 3  # words; "yes a bit" says nothing by itself
QUOTED = 90  # characters of a person's words that are repeated
NOTED = 400  # characters of the note for the doctor
# Slots of a hold, as they are without one. The texts are those of `defaults.yml`, so that a response is whole
# whatever brought it.
SLOTS: dict[str, Any] = {
    "safety_hold": None,
    "exercise_hold": False,
    "report_context": None,
    "reported_sign": None,
    "reported_words": None,
    "reported_whose": None,
    "asks_for": None,
    "report_note": "(what I noticed, where, and since when)",
}


@dataclass(frozen=True)
class Hold:
    """What the slots say. Empty strings and None: no hold, nothing known.

    Attributes:
        level: value of `safety_hold`.
        sign: the sign that was reported last.
        whose: whose sign it is, "self" or "other".
        asks_for: for whom exercises are asked, "self" or "other", once the person has said so.
        held: the message that waits for an answer.
    """

    level: str = ""
    sign: str | None = None
    whose: str | None = None
    asks_for: str | None = None
    held: dict[str, Any] | None = None

    @property
    def stops(self) -> bool:
        """Whether exercises are on hold for whoever they are asked for."""
        return bool(self.level) and not (self.whose == "other" and self.asks_for == "self")


def read_hold(tracker: DialogueStateTracker) -> Hold:
    """Returns the hold of a conversation; conversations of before called `see_doctor` `red_flag`."""
    level = tracker.get_slot("safety_hold") or ""
    return Hold(
        level="see_doctor" if level == "red_flag" else level,
        sign=tracker.get_slot("reported_sign"),
        whose=tracker.get_slot("reported_whose"),
        asks_for=tracker.get_slot("asks_for"),
        held=tracker.get_slot("held_message"),
    )


def open_hold(level: str) -> list[Event]:
    """Returns the events after which exercises are on hold; `level` as in `levels.yml`."""
    return [SlotSet("safety_hold", LEVELS[level].hold), SlotSet("exercise_hold", True)]


def lift_hold() -> list[Event]:
    """Returns the events after which nothing is on hold; what was held back stays until it is answered."""
    return [SlotSet(name, value) for name, value in SLOTS.items()]


def note_report(tracker: DialogueStateTracker, found: dict[str, Any], level: str, text: str) -> list[Event]:
    """Returns the events that note a report: whose it is, the words, and what is said about its sign.

    Args:
        tracker: The conversation.
        found: What the detector found in the message.
        level: That of the report; its most urgent sign leads.
        text: The message, for the doctor's note; empty where it was no words.
    """
    findings = [finding for finding in found.get("findings", ()) if finding["level"] == level]
    findings.sort(key=lambda finding: SOONEST.index(_when(finding, level)))
    lead = findings[0] if findings else {}
    said = (tracker.latest_message.text if tracker.latest_message else "") or ""
    words = _quotes([finding["words"] for finding in findings], said)
    sign = lead.get("sign") or (UNSURE if found.get("unsure") else None)
    quoted = "" if sign in SHOULD_NOT_QUOTE else " and ".join(f'"{word}"' for word in words[:2])
    others = bool(findings) and all(finding.get("whose") == "other" for finding in findings) and not names_own(text)
    return [
        SlotSet("report_context", _context(found, findings, sign, others)),
        SlotSet("reported_sign", sign),
        SlotSet("reported_words", quoted or None),
        SlotSet("reported_whose", "other" if others else "self"),
        SlotSet("asks_for", None),
        SlotSet("report_quote", f"You said: {quoted}.\n" if quoted else ""),
        add_to_note(tracker, text if findings or len(text.split()) > ANSWER else ""),
        *(SlotSet(name, value) for name, value in spoken_advice(sign, level, _soonest(lead, level, text)).items()),
    ]


def spoken_advice(sign: str | None, level: str, when: str | None = None) -> dict[str, str]:
    """Returns the slots that fill the gaps of the answers: what is said about a sign, or else about its level."""
    defaults = read_defaults()
    default = defaults.get(sign or "") or defaults.get(level) or defaults["see_doctor"]
    advice = RedFlags.load().advice(sign) if sign else None
    known = {name: getattr(advice, name) for name in Advice.__dataclass_fields__} if advice else {}
    said = {**default, **{name: value for name, value in known.items() if value}}
    return {
        "sign_when": WHEN[when or said["when"]],
        "sign_says": said["says"].strip(),
        "sign_donts": "".join(f"- {dont.strip()}\n" for dont in said.get("donts", ())),
        "sign_looks_at": "".join(f"- {item.strip()}\n" for item in said["looks_at"]),
        "sign_can_wait": said["can_wait"].strip(),
    }


def add_to_note(tracker: DialogueStateTracker, text: str) -> SlotSet:
    """Returns the event that adds a message to the note for the doctor."""
    before = tracker.get_slot("report_note") or ""
    words = quote(text, NOTED)
    parts = [*([] if before == SLOTS["report_note"] else before.split(" / ")), words]
    return SlotSet("report_note", " / ".join(dict.fromkeys(filter(None, parts)))[-NOTED:] or SLOTS["report_note"])


def sooner(tracker: DialogueStateTracker) -> list[Event]:
    """Returns the event after which a doctor should see it today, where that was a matter of days."""
    return [SlotSet("sign_when", WHEN["today"])] if tracker.get_slot("sign_when") == WHEN["days"] else []


def names_other(text: str) -> bool:
    """Returns whether a message names somebody else."""
    return _names("<other>", text)


def names_own(text: str) -> bool:
    """Returns whether a message names a part of the body of whoever writes ("my wife says my foot drops")."""
    return _names("my|mine (own) (left|right|whole|lower|upper|big|little) <part>", text)


def _names(pattern: str, text: str) -> bool:
    notation = RedFlags.load().lexicon.lists["notation"]
    return bool(notation.compile(pattern).regex.search(spoken(text)))


def quote(words: str, most: int = QUOTED) -> str:
    """Returns a person's words as they may be repeated: one line, no markup, not too long."""
    return textwrap.shorten(re.sub(r"[*_`<>\[\]{}|\\\"]", "", words), most, placeholder=" ...")


def _quotes(found: list[str], message: str) -> list[str]:
    """Returns the words to quote: a single one with those around it, and none that another one has in it."""
    quotes: list[str] = []
    for words in found:
        around = rf"(?:[^\s.!?;,]+\s+){{0,4}}\b{re.escape(words)}\b(?:\s+[^\s.!?;,]+){{0,2}}"
        inside = re.search(around, message, re.IGNORECASE) if words and len(words.split()) == 1 else None
        quotes.append(quote(inside.group() if inside else words))
    longest = [one for one in quotes if one and not any(one in other and one != other for other in quotes)]
    return list(dict.fromkeys(longest))


def _soonest(lead: dict[str, Any], level: str, text: str) -> str | None:
    """Returns how soon the leading sign should be seen: what is told as getting worse, today at least."""
    when = _when(lead, level) if lead else None
    worse = any(turn.name == "worse" and turn.is_said(spoken(text)) for turn in read_turns())
    return "today" if when == "days" and worse else when


def _when(finding: dict[str, Any], level: str) -> str:
    advice = RedFlags.load().advice(finding["sign"])
    return finding.get("when") or (advice.when if advice else read_defaults().get(level, {}).get("when", "days"))


def _context(found: dict[str, Any], findings: Sequence[dict[str, Any]], sign: str | None, others: bool) -> str | None:
    """Returns which variant of an answer is said: a language, self-harm, somebody else, arms, an activity."""
    language = found.get("language", "en")
    if language in ("es", "de", "fr") and findings:
        return language
    if sign == SELF_HARM:
        return SELF_HARM
    if others:
        return "other"
    return next((finding["context"] for finding in findings if finding.get("context")), None)


def most_urgent(levels: Iterable[str | None]) -> str:
    """Returns the most urgent of `levels` (names or holds), "" without any."""
    return max((level or "" for level in levels), key=rank, default="")
