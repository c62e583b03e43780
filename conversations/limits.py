"""What every channel does with messages that are too long, or too many."""

from collections.abc import Hashable
from functools import cache

from conversations.throttle import Throttle
from safety import RedFlags
from settings import Settings

TOO_LONG = (
    "That message is too long for me: I read up to {limit} characters at a time. "
    "Please send the most important part in a few sentences. "
    "If you have tingling, numbness, burning or weakness, or trouble with your bladder or bowel, "
    "write that first, and see a doctor."
)
SEARCHED_CHARS = 2000  # at each end of a longer message: so no message costs more than one that is read whole
ESCALATED = {"emergency", "see_doctor", "acute_injury"}


@cache
def _red_flags() -> RedFlags:
    return RedFlags.load()


@cache
def _limit() -> int:
    return Settings().max_message_chars


def reports_sign(text: str) -> bool:
    """Returns whether a text, or the ends of a long one, reports what must be answered whatever happens."""
    return _red_flags().assess(_ends(text)).level in ESCALATED


def shorten(text: str) -> tuple[str, str | None]:
    """Fits a message to the limit, without losing a red flag.

    Args:
        text: What the user wrote, of any length.

    Returns:
        The text for the assistant, and None; or, where it is longer than `MAX_MESSAGE_CHARS` and reports
        no sign, the text cut to the limit and the sentence to answer with instead.
    """
    limit = _limit()
    if len(text) <= limit:
        return text, None
    if reports_sign(text):
        return _ends(text), None
    return text[:limit], TOO_LONG.format(limit=f"{limit:,}")


def _ends(text: str) -> str:
    return text if len(text) <= 2 * SEARCHED_CHARS else f"{text[:SEARCHED_CHARS]}\n{text[-SEARCHED_CHARS:]}"


class Limits:
    """So many messages a minute; one that reports a sign is taken beyond that, as often again."""

    def __init__(self, *per_minute: int) -> None:
        """Takes a number for each kind of key, the widest last: of a session, then of an address."""
        self._throttles = [Throttle(number) for number in per_minute]
        self._reserve = Throttle(per_minute[-1])

    def wait(self, text: str, *keys: Hashable) -> float:
        """Counts a message, under one key of each kind.

        Returns:
            0.0 if it is taken; else the seconds until another one would be.
        """
        for throttle, key in zip(self._throttles, keys, strict=True):
            if wait := throttle.wait(key):
                # Looking is limited too: it costs more than refusing.
                return 0.0 if not self._reserve.wait(keys[-1]) and reports_sign(text) else wait
        return 0.0
