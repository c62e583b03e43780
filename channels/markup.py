"""The light Markdown of the assistant's texts (**bold**, [links](https://...), '- ' bullets), for chat apps."""

import re
from collections.abc import Callable

_MARK = re.compile(r"\*\*(?P<bold>[^*\n]+)\*\*|\[(?P<label>[^\]\n]+)\]\((?P<url>https?://[^\s()]+)\)")
_BULLET = re.compile(r"^- ", re.MULTILINE)
# Where a long text may be cut, from best to worst: paragraph, sentence or line, word. "1. " ends no sentence.
_ENDS = [re.compile(r"\n\s*\n"), re.compile(r"(?<=[^\d\s][.!?…])[\"')*]*\s+|\n"), re.compile(r"\s+")]


def render(text: str, escape: Callable[[str], str], bold: str, link: str) -> str:
    """Writes the text in another markup.

    Args:
        text: Light Markdown.
        escape: Makes plain text harmless in the other markup.
        bold: Format of bold text, with `{text}`.
        link: Format of a link, with `{text}` and `{url}`.

    Returns:
        The text in the other markup.
    """
    text = _BULLET.sub("• ", text)
    parts, end = [], 0
    for mark in _MARK.finditer(text):
        parts.append(escape(text[end : mark.start()]))
        if mark["bold"]:
            parts.append(bold.format(text=escape(mark["bold"])))
        else:
            parts.append(link.format(text=escape(mark["label"]), url=escape(mark["url"])))
        end = mark.end()
    return "".join([*parts, escape(text[end:])])


def plain(text: str) -> str:
    """Returns the text without markup, as a reader sees it."""
    return render(text, str, "{text}", "{text}")


def split(text: str, limit: int, size: Callable[[str], int] = len) -> list[str]:
    """Splits a long text where a reader expects it.

    Args:
        text: Light Markdown. Bold text and links stay whole.
        limit: The greatest size of a piece.
        size: How big a piece is; it grows with the piece.

    Returns:
        The pieces, none empty; the text itself where it fits.
    """
    pieces, rest = [], text.strip()
    while size(rest) > limit:
        at = _cut(rest, limit, size)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [piece for piece in [*pieces, rest] if piece]


def _cut(text: str, limit: int, size: Callable[[str], int]) -> int:
    """Returns the length of the longest beginning that fits and ends well."""
    low, high = 1, len(text)
    while low < high:  # the longest that fits
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= limit else (low, middle - 1)
    marks = [mark.span() for mark in _MARK.finditer(text)]
    for ends in _ENDS:
        for end in reversed([match.end() for match in ends.finditer(text, 0, low)]):
            if end > low // 3 and not any(start < end < stop for start, stop in marks):
                return end
    return low


def utf16(text: str) -> int:
    """Returns the length in UTF-16 code units, in which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Replaces what no database stores: NUL, and halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode().strip()
