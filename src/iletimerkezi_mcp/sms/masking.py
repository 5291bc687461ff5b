"""Phone numbers in text, in every spelling, with their middle hidden."""

from __future__ import annotations

import re

from .numbers import BLANKS, DASHES, INVISIBLE, SPACES

_GAP = r"[ \t\r\n\v\f\-./()\[\]\u200b]*"
_TURKEY = f"(?:\\+{_GAP}|0{_GAP}0{_GAP})?9{_GAP}0{_GAP}(?:0{_GAP})?|0{_GAP}"
_MOBILE = f"(?:{_TURKEY})?5{_GAP}[0-6](?:{_GAP}[0-9]){{8}}"
_ONE_MOBILE = re.compile(f"{_GAP}({_MOBILE}){_GAP}")
# A date, the end of a date or time, and the number of a line before an order's number also read as a beginning of one.
_DATE = "0?5[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}(?![0-9])"
_END_OF_DATE_OR_TIME = "(?<=[0-9][:./-])[0-9]{2}(?![0-9])"
_LINE_NUMBER = f"0?5(?![0-9]){_GAP}[0-9]{{9}}(?![0-9])"
_NUMBERS_IN_TEXT = re.compile(
    rf"(?<![0-9])(?!{_DATE}|{_END_OF_DATE_OR_TIME}|{_LINE_NUMBER}){_MOBILE}(?![0-9])"
    rf"|(?<![0-9])(?:{_TURKEY})[2348][0-9]{{2}}(?:{_GAP}[0-9]){{7}}(?![0-9])"
    rf"|\+[0-9]{{11,15}}(?![0-9])"
    rf"|(?:\+{_GAP}|(?<![0-9:.,])00{_GAP})[1-9](?:{_GAP}[0-9]){{7,14}}(?![0-9])"
)
_IGNORED_IN_TEXT = re.compile(
    rf"[{INVISIBLE}]|\\u(?:{'|'.join(f'{ord(sign):04x}' for sign in BLANKS + SPACES + INVISIBLE)})"
)
_PLAIN_IN_TEXT = str.maketrans(
    f"{SPACES}{DASHES}\u00b7\uff0b\uff08\uff09", " " * len(SPACES) + "-" * len(DASHES) + ".+()"
)


def mask_in_text(text: str) -> str:
    """Return `text` with the middle of every phone number in it hidden, as :func:`.numbers.mask` does: ``0533-***-**-99``.

    Each spelling that :func:`.numbers.parse_number` reads as a mobile number counts, also after :func:`.escape.escape`, so do
    fixed lines behind 0 or 90 and numbers of other countries behind + or 00. Inside a longer text a few spellings that
    people use for a date, a time, or a line's number before an order's number are taken for those.
    """
    # Each character becomes one, so that the places stay the same.
    plain = _IGNORED_IN_TEXT.sub(lambda match: "\u200b" * len(match[0]), text).translate(_PLAIN_IN_TEXT)
    if not plain.isascii():
        plain = re.sub(r"[^\D0-9]", lambda match: str(int(match[0])), plain)
    whole = _ONE_MOBILE.fullmatch(plain)
    hidden = {
        place
        for match in ([whole] if whole else _NUMBERS_IN_TEXT.finditer(plain))
        for place in _middle(plain, match.start(), match.end())
    }
    if not hidden:
        return text
    return "".join("*" if place in hidden else character for place, character in enumerate(text))


def _middle(plain: str, start: int, end: int) -> list[int]:
    """Return the places of the digits that are hidden of the number in ``plain[start:end]``."""
    places = [place for place in range(start, end) if plain[place].isdecimal()]
    digits = "".join(plain[place] for place in places)
    places = places[len(digits) - len(digits.removeprefix("00")) :]
    # The middle of a number is the same however its beginning is written.
    return places[min(5, len(places) - 7) : -2]
