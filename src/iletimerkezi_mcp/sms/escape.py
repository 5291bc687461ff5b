"""Text from outside, made safe to look at.

A control, direction-changing or zero-width character, a blank that is not a space, or an unpaired surrogate
can make a line pose as another, or carry hidden text; here each is written as its number.

The two invisible marks that everyday emoji contain stay only in their proper places: U+FE0F right
behind a pictograph or in a keycap, U+200D between two pictographs. There they change the picture and hide
nothing, and a preview full of numbers would teach people not to read it.

Blanks in a long row push what follows to where a window begins its next line, and marks piled upon one another cover
the lines around them: both are written as numbers beyond the length that any language needs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

EMPTY_BRAILLE = "\u2800"
"""The pattern without dots: as wide as a letter, and blank, although Unicode counts it among the signs."""

BLANKS = 3
"""The number of spaces in a row that stay as they are."""

MARKS = 3
"""The number of combining marks on one character that stay as they are: Hebrew and Tibetan need as many."""

_BEHIND_A_CUT = 300
"""Characters behind a cut in which a number may go on: 15 digits with four escaped signs between two of them."""

# What str.isprintable() takes for printable although it shows nothing: the letters and marks among Unicode's
# Default_Ignorable_Code_Point, and signs that are drawn as blanks: the empty Braille pattern, the Khitan filler, the
# null notehead, and the object replacement character.
_SHOWS_NOTHING = (
    f"\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f{EMPTY_BRAILLE}\u3164\ufe00-\ufe0f\uffa0\ufffc"
    "\U00016fe4\U0001d159\U000e0100-\U000e01ef"
)
_IGNORABLE = "\u2065\ufff0-\ufff8\U000e0000-\U000e0fff"
_PICTOGRAPH = "©®‼⁉™ℹ〰〽㊗㊙\u2190-\u27ff\u2900-\u2bff\U0001f000-\U0001faff"

_PLAIN_QUOTE = '"'
_NOTHING = re.compile(f"[{_SHOWS_NOTHING}]")
_BLANK = re.compile(f"[{_SHOWS_NOTHING}{_IGNORABLE}]")
_PIECE = re.compile(
    rf"(?P<picture>[{_PICTOGRAPH}](?:\ufe0f?\u200d(?=[{_PICTOGRAPH}])|\ufe0f)?|[0-9#*]\ufe0f\u20e3)"
    r"|(?P<backslash>\\)(?=[uU])|.",
    re.DOTALL,
)

_ORDINARY = re.compile(r"(?:[!-~ÇçĞğİıÖöŞşÜü“”…→]| (?! ))*")
"""A line in which nothing needs an escape, which almost all are: it is not gone through piece by piece."""

_ALL_VISIBLE = re.compile(r"[\t\n\r -~\xa0-\xac\xae-\u024f–—‘’“”…€₺]*")
"""A text in which every character takes a place and can be seen, if it is no blank; almost all are."""


def escape(text: str, limit: int | None = None) -> str:
    """Write everything in `text` that cannot be seen as ``\\u200e``, and cut it with ``…`` to at most `limit` characters.

    Two different texts never look the same: a typed ``\\u200e`` shows as ``\\u005cu200e``, and a character
    beyond U+FFFF as ``\\U`` with eight digits.
    """
    if _ORDINARY.fullmatch(text) and "\\" not in text:
        return text if limit is None or len(text) <= limit else cut(text, limit - 1) + "…"
    pieces: list[str] = []
    length = 0
    for piece in _pieces(text, backslashes=True):
        pieces.append(piece)
        length += len(piece)
        if limit is not None and length > limit + _BEHIND_A_CUT:
            break
    whole = "".join(pieces)
    if limit is None or length <= limit:
        return whole
    end = len(cut(whole, limit - 1))
    return whole[: max((place for place in accumulate(map(len, pieces)) if place <= end), default=0)] + "…"


def cut(text: str, limit: int) -> str:
    """Return the first `limit` characters of `text`, without the beginning of a phone number that goes on behind them.

    A mask that is put over them later would not take it for a number.
    """
    if len(text) <= limit:
        return text
    # Its expressions take longer to compile than most modules to load.
    from .masking import mask_in_text

    masked = mask_in_text(text[: limit + _BEHIND_A_CUT])
    while mask_in_text(text[:limit]) != masked[:limit]:
        limit -= 1
    return text[:limit]


def quoted(text: str, limit: int = 40) -> str:
    """Return `text` from outside in quotation marks, so that it cannot be taken for words of this server.

    It is escaped, and cut to `limit` characters.
    """
    return f"“{within_quotes(text, limit)}”"


def within_quotes(text: str, limit: int) -> str:
    """Return `text` as :func:`quoted` does, for quotation marks that are put around it later."""
    return escape(re.sub("[“”]", _PLAIN_QUOTE, text), limit)


def escape_line(text: str) -> str:
    """Write `text` on one line as :func:`escape` does, but keep backslashes: what was escaped before stays as it is."""
    if _ORDINARY.fullmatch(text):
        return text
    return "".join(_pieces(text, backslashes=False))


def is_blank(text: str) -> bool:
    """Return True if nothing of `text` can be seen: spaces, controls, and marks of no width."""
    if _ALL_VISIBLE.fullmatch(text):
        return not text.strip()
    return all(character.isspace() or _shows_nothing(character) for character in text)


def strip_invisible(text: str) -> str:
    """Return `text` without what takes no place and shows nothing; blanks of every kind stay.

    It drops exactly what :func:`is_blank` ignores, so that no mark can hide a word from a search and
    yet count as empty, or the other way round.
    """
    if _ALL_VISIBLE.fullmatch(text):
        return text
    return "".join(character for character in text.replace(EMPTY_BRAILLE, " ") if not _shows_nothing(character))


def _shows_nothing(character: str) -> bool:
    """Return True if `character` takes no place; Python counts a few controls as blanks, which no phone does."""
    if unicodedata.category(character) in ("Cc", "Cf"):
        return character not in "\t\n\f\r"
    return _BLANK.match(character) is not None


def _pieces(text: str, *, backslashes: bool) -> Iterator[str]:
    """Yield `text` piece by piece, as it may be shown; `backslashes` has those escaped that would pose as a number's."""
    blanks, marks = 0, MARKS
    for match in _PIECE.finditer(text):
        piece = match[0]
        blanks = blanks + 1 if piece == " " else 0
        if unicodedata.category(piece[0]) in ("Mn", "Me"):
            # Drawn on the character before it.
            marks += 1
        else:
            # A blank carries none: a mark on it would be drawn over what precedes the text.
            marks = MARKS if piece.isspace() else 0
        is_visible = match["picture"] or (piece.isprintable() and not _NOTHING.match(piece))
        if is_visible and blanks <= BLANKS and marks <= MARKS and not (backslashes and match["backslash"]):
            yield piece
        else:
            yield f"\\u{ord(piece):04x}" if piece <= "\uffff" else f"\\U{ord(piece):08x}"
