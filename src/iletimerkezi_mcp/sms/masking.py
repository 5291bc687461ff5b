"""Phone numbers in text, in every spelling, with their middle hidden."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from .numbers import DASHES, INVISIBLE, SPACES

# The signs that the number reader takes between two digits.
_GAP = r"[ \t\r\n\v\f\-./()\[\]\u200b]*"
_TURKEY = f"(?:\\+{_GAP}|0{_GAP}0{_GAP})?9{_GAP}0{_GAP}(?:0{_GAP})?|0{_GAP}"
_MOBILE = f"(?:{_TURKEY})?5{_GAP}[0-6](?:{_GAP}[0-9]){{8}}"
_ONE_MOBILE = re.compile(f"{_GAP}({_MOBILE}){_GAP}")
# A date, the end of a date or time, and the number of a line before an order's number also read as a beginning of one.
_DATE = "0?5[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}(?![0-9])"
_END_OF_DATE_OR_TIME = "(?<=[0-9][:./-])[0-9]{2}(?![0-9])"
_LINE_NUMBER = f"0?5(?![0-9]){_GAP}[0-9]{{9}}(?![0-9])"
# Other signs, a few at a time besides those that show nothing: any behind a whole area code, elsewhere no comma of a list.
_SIGNS = r"(?:\u200b*(?:[^\w\u200b]|_)){0,4}\u200b*"
_TIGHT = r"(?:\u200b*(?![,;][\s\u200b])(?:[^\w\u200b]|_)){0,4}\u200b*"
# A number of another country has no length of its own: beside other signs a + would be the next one's.
_TIGHT_WITHOUT_PLUS = _TIGHT.replace(r"(?![,;]", r"(?!\+|[,;]")
_PREFIX = f"(?:\\+{_TIGHT}|0{_TIGHT}0{_TIGHT})?9{_TIGHT}0{_TIGHT}(?:0{_TIGHT})?|0{_TIGHT}"
# A time, the offset of a time zone, and thousands: no phone number begins so.
_TIME = r"\+?[0-9]{1,2}[:.][0-5][0-9](?![0-9])"
_AMOUNT = r"\+?[1-9][0-9]{0,2}(?:[.,][0-9]{3}){1,4}(?:[.,][0-9]{1,2})?(?![0-9]|[.,][0-9])"
# Behind a few digits and a sign, 00 is the minutes of a time or the hundredths of an amount if no long row of digits begins.
_INTERNATIONAL = "(?:(?<![0-9][:.,])|(?<=[0-9]{7}[:.,])|(?=00[1-9][0-9]{7}))00"
_NUMBERS_IN_TEXT = re.compile(
    rf"(?<![0-9])(?!{_DATE}|{_END_OF_DATE_OR_TIME}|{_LINE_NUMBER}){_MOBILE}(?![0-9])"
    rf"|(?<![0-9])(?:{_TURKEY})[2348][0-9]{{2}}(?:{_GAP}[0-9]){{7}}(?![0-9])"
    rf"|\+[0-9]{{11,15}}(?![0-9])"
    rf"|(?:\+{_GAP}|(?<![0-9]){_INTERNATIONAL}{_GAP})[1-9](?:{_GAP}[0-9]){{7,14}}(?![0-9])"
    # In a longer row of digits: where ① arrives as 1, it begins or ends the row.
    rf"|(?<=[0-9])05[0-6][0-9]{{8}}|(?:90|0)5[0-6][0-9]{{8}}(?=[0-9])"
)
# The last seven digits, or six behind a group of four, as people group them.
_GROUPS = "|".join(
    _TIGHT.join(f"[0-9]{{{size}}}" if size else "" for size in sizes)
    for sizes in ((0, 3, 2, 2), (0, 3, 4), (0, 2, 2, 3), (0, 4, 3), (0, 7), (1, 3, 3))
)
_NUMBERS_WITH_OTHER_SIGNS = re.compile(
    rf"(?<![0-9])(?!{_DATE}|{_END_OF_DATE_OR_TIME}|{_LINE_NUMBER}|{_TIME}|{_AMOUNT})(?:"
    rf"(?:{_PREFIX})(?:5[0-6]|[2348][0-9])[0-9](?:{_SIGNS}[0-9]){{7}}"
    rf"|(?:{_PREFIX})5{_TIGHT}[0-6](?:{_TIGHT}[0-9]){{8}}"
    rf"|5[0-6][0-9](?:{_GROUPS})|5(?P<each>{_TIGHT})[0-6](?:(?P=each)[0-9]){{8}}"
    rf"|(?:\+|{_INTERNATIONAL}){_TIGHT}[1-9](?:(?:{_TIGHT_WITHOUT_PLUS}[0-9]){{7,14}}|(?:\+?[0-9]){{7,14}})"
    r")(?![0-9])"
)
_ESCAPED = re.compile(r"\\u[0-9a-f]{4}|\\U000[0-9a-f]{5}")
_ESCAPED_IN_A_URI = re.compile("%[0-7][0-9A-Fa-f]|(?:%[89A-Fa-f][0-9A-Fa-f])+")
# Also the digits that are drawn raised, lowered, in a circle or before a comma, and those of scripts without a zero.
_DIGIT = re.compile(r"[^\D0-9]|[²³¹⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒🄀-🄊፩-፱᧚𐩀-𐩃𐹠-𐹨𑁒-𑁚]")
# How a preview begins the lines of a text: it shows a line break, and no more.
_LINE = re.compile(r"\n\| ?")
# The last four are letters that show nothing.
_UNSEEN = f"{INVISIBLE}\u115f\u1160\u3164\uffa0"
_PLAIN_IN_TEXT = str.maketrans(
    f"{SPACES}{DASHES}{_UNSEEN}\u00b7\uff0b\ufe62\u207a\uff08\uff09",
    " " * len(SPACES) + "-" * len(DASHES) + "\u200b" * len(_UNSEEN) + ".+++()",
)


def mask_in_text(text: str) -> str:
    """Return `text` with the middle of every phone number in it hidden, as :func:`.numbers.mask` does: ``0533-***-**-99``.

    Each spelling that :func:`.numbers.parse_number` reads as a mobile number counts, also after :func:`.escape.escape` and
    in a URI, so do fixed lines behind 0 or 90 and numbers of other countries behind + or 00. Up to four other signs
    between two digits (``0533_000|00*99``) count, too. Inside a longer text a few spellings that people use for a date, a
    time, an amount, or a line's number before an order's number are taken for those.
    """
    # Each character becomes one, so that the places stay the same.
    plain = _ESCAPED.sub(_unescaped, _LINE.sub(lambda match: match[0][0].ljust(len(match[0]), "\u200b"), text))
    # A % before two digits may be a sign of its own.
    readings = [
        reading.translate(_PLAIN_IN_TEXT) for reading in {_ESCAPED_IN_A_URI.sub(_unescaped, plain): 0, plain: 0}
    ]
    if not readings[0].isascii():
        readings = [digits for reading in readings for digits in _read_digits(reading)]
    hidden: set[int] = set()

    def hide(match: re.Match[str]) -> str:
        hidden.update(_middle(match))
        return "x" * len(match[0])

    if whole := _ONE_MOBILE.fullmatch(readings[0]):
        hide(whole)
    else:
        for reading in readings:
            _NUMBERS_WITH_OTHER_SIGNS.sub(hide, _NUMBERS_IN_TEXT.sub(hide, reading))
    if not hidden:
        return text
    return "".join("*" if place in hidden else character for place, character in enumerate(text))


def _read_digits(text: str) -> list[str]:
    """Return `text` with plain digits and, if it has digits of several kinds, once more for each kind.

    The others are signs there: a footnote or a number in a circle right beside a phone number is no part of it.
    """
    digits = {digit: str(unicodedata.digit(digit)) for digit in {*re.findall("[0-9]", text), *_DIGIT.findall(text)}}
    kinds = {digit: unicodedata.name(digit).rpartition(" ")[0] for digit in digits}
    chosen: list[Mapping[str, str]] = [digits]
    if len(distinct := set(kinds.values())) > 1:
        chosen += [{digit: digits[digit] if kinds[digit] == kind else "#" for digit in digits} for kind in distinct]
    return [text.translate({ord(digit): sign for digit, sign in reading.items()}) for reading in chosen]


def _unescaped(match: re.Match[str]) -> str:
    """Return the signs that are written as numbers, as wide as they are written; a letter's or digit's number stays."""
    written = match[0]
    if written[0] == "%":
        signs = bytes.fromhex(written.replace("%", "")).decode(errors="replace")
    else:
        signs = chr(int(written[1:].lstrip("uU"), 16))
    signs = signs.translate(_PLAIN_IN_TEXT)
    return (
        written if any(map(str.isalnum, signs)) else ("+" if signs == "+" else "\u200b").rjust(len(written), "\u200b")
    )


def _middle(match: re.Match[str]) -> list[int]:
    """Return the places of the digits that are hidden of the number in `match`."""
    places = [place for place, sign in enumerate(match[0], match.start()) if sign.isdecimal()]
    if re.match(r"\D*0\D*0", match[0]):
        del places[:2]
    # The middle of a number is the same however its beginning is written.
    return places[min(5, len(places) - 7) : -2]
