"""What every channel does with a message that is too long for the assistant to read whole."""

from functools import cache

from safety import RedFlags
from settings import Settings

TOO_LONG = (
    "That message is too long for me: I read up to {limit} characters at a time. "
    "Please send the most important part in a few sentences. "
    "If you have tingling, numbness, burning or weakness, or trouble with your bladder or bowel, "
    "write that first, and see a doctor."
)
# Of a longer message the two ends are searched for red flags, which takes about a tenth of a second.
SEARCHED_CHARS = 3000
ESCALATED = {"emergency", "see_doctor", "acute_injury"}


@cache
def _red_flags() -> RedFlags:
    return RedFlags.load()


@cache
def _limit() -> int:
    return Settings().max_message_chars


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
    ends = text if len(text) <= 2 * SEARCHED_CHARS else f"{text[:SEARCHED_CHARS]}\n{text[-SEARCHED_CHARS:]}"
    if _red_flags().assess(ends).level in ESCALATED:
        return ends, None
    return text[:limit], TOO_LONG.format(limit=f"{limit:,}")
