"""Phone numbers: every spelling a person uses, one canonical form, and the reason where there is none.

A Turkish number has a fixed length, so its digits alone tell what was meant and the signs
between them are free. A number of another country has no fixed length: it needs a ``+`` or
``00``, and nothing about it is guessed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from operator import eq
from typing import NewType, cast

from iletimerkezi_mcp.language import Text

from .escape import visible

PhoneNumber = NewType("PhoneNumber", str)
"""A number in E.164: ``+`` and 8 to 15 digits; a Turkish one is always ``+905`` and nine more."""

SHOWN_REJECTED = 5
"""How many refused entries :func:`normalise` describes; the rest are only counted."""

MAX_WRITTEN = 64
"""Characters that one number may be written with; nobody needs as many, and more are not even looked at."""

AT_ONCE = 500
"""Entries of a list that are looked at together: one that needs a closer look costs those beside it the time."""

SHOWN_CHARACTERS = 40
"""At most this much of a refused entry is shown."""

_EXAMPLE = "+905321234567"
_LINE = len(_EXAMPLE) + 1
_MIN_ABROAD, _MAX_ABROAD = 8, 15

_TURKISH_MOBILE = re.compile(r"(?:(?:\+|00)?900?|0)?(5[0-6][0-9]{8})")
_TURKISH_MOBILE_LINE = re.compile(rf"^{_TURKISH_MOBILE.pattern}$", re.MULTILINE)
_TURKISH_ANY = re.compile(r"(?:(?:\+|00)?900?|0)?([2-58][0-9]{9})")
_DIGITS = re.compile(r"\+?[0-9]+")
_ZERO_IN_BRACKETS = re.compile(r"[(\[]\s*0\s*[)\]]")
_DECIMAL = re.compile(r"\.[0-9]")
_PERHAPS_DECIMAL_LINE = re.compile(rf"{_DECIMAL.pattern}[^0-9\n]*$", re.MULTILINE)
_EXPONENT = re.compile(r"[0-9]E[+-]?[0-9]+", re.IGNORECASE)
_EXTENSION = re.compile(r"[0-9][^\w#]*(?:x|ext|extension|dahili|dah|#)\W*[0-9]", re.IGNORECASE)
_SEVERAL = re.compile(r"[0-9][^0-9,;|&]*[,;|&]\D*[0-9]")

_SEPARATORS = str.maketrans("", "", " \t\r\n\v\f-./()[]")
_SEPARATORS_IN_LINES = {sign: kept for sign, kept in _SEPARATORS.items() if sign != ord("\n")}
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
# U+202E turns the digits round on the screen, so it is not among the marks that may be ignored.
_INVISIBLE = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u2060\u2066\u2067\u2068\u2069\ufeff"
_OTHER = "\u00b7\uff0b\uff08\uff09"


class _Plain(dict[int, str | int | None]):
    """A translation to plain ASCII of what phone numbers are written with; other characters stay.

    It learns the digits that it meets, of which there are some hundred, and nothing else.
    """

    def __missing__(self, code: int) -> str | int:
        digit = unicodedata.decimal(chr(code), None)
        if digit is None:
            return code
        self[code] = plain = str(digit)
        return plain


_PLAIN_FORMS = _Plain({code: code for code in range(0x80)})
_PLAIN_FORMS.update(str.maketrans(_SPACES + _DASHES, " " * len(_SPACES) + "-" * len(_DASHES), _INVISIBLE))
_PLAIN_FORMS.update(str.maketrans(_OTHER, ".+()"))
_IN_NO_NUMBER = re.compile(rf"[^\d\x00-@\[-`{{-\x7f{_SPACES}{_DASHES}{_INVISIBLE}{_OTHER}]")


class NumberError(ValueError):
    """This is no number that can be used; `reason` reads on from its name and says what to do."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rejected:
    """One entry of a list that is no usable number: where it stood (from 0), how it began, and why."""

    position: int
    raw: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Recipients:
    """A list of numbers made canonical, each once, in the order in which they first came.

    `alike` is 32 bytes that two lists share exactly when they hold the same numbers, in whatever order. `duplicates` counts the entries left out because their number had come before; `rejected`
    describes the first :data:`SHOWN_REJECTED` of `rejected_count` refused ones.
    """

    numbers: tuple[PhoneNumber, ...]
    alike: bytes
    duplicates: int
    rejected: tuple[Rejected, ...]
    rejected_count: int


def parse_number(raw: str, *, abroad: bool = False, landline: bool = False) -> PhoneNumber:
    """The canonical form of `raw`; raises :class:`NumberError` where it is not one usable number.

    A Turkish mobile number may be written ``905…``, ``+905…``, ``5…`` (contract, section 2), and as
    people do: ``05…``, ``00905…``, ``+90 (0)5…``, with spaces, dashes, dots, slashes or brackets, in the
    digits of any script, with the invisible marks that address books add. It begins with 50 to 56:
    the operators' ranges and no more, but not only those which the contract names (section 9.2),
    for a filter that is too narrow would refuse real people.

    Other countries need `abroad` (the account's abroad mode) and ``+`` or ``00`` in front. Their
    length varies, so a slash or a bracketed zero, which may or may not be part of the number, is refused.

    With `landline` Turkish fixed lines (2, 3, 4) and service numbers (8) are taken too: an İYS consent
    to calls may be about one.
    """
    number = _canonical(raw, abroad=abroad, landline=landline)
    if number is None:
        raise NumberError(_why_not(raw, abroad=abroad))
    return number


def normalise(raws: Sequence[str], *, abroad: bool = False) -> Recipients:
    """`raws` as :func:`parse_number` reads them, without duplicates; refused entries are told, not raised."""
    if _all_canonical(raws):
        in_order = sorted(cast("Sequence[PhoneNumber]", raws))
        # Neighbours tell whether any comes twice in less time than a dict is filled, and most lists hold none that does.
        if not any(map(eq, in_order, islice(in_order, 1, None))):
            return Recipients(tuple(cast("Sequence[PhoneNumber]", raws)), _alike(in_order), 0, (), 0)
    numbers: dict[PhoneNumber, None] = {}
    rejected: list[Rejected] = []
    rejected_count = 0
    for first in range(0, len(raws), AT_ONCE):
        some = raws[first : first + AT_ONCE]
        if _all_canonical(some):
            numbers.update(dict.fromkeys(cast("Sequence[PhoneNumber]", some)))
            continue
        if (ordinary := _all_ordinary(some)) is not None:
            numbers.update(dict.fromkeys(ordinary))
            continue
        for position, raw in enumerate(some, first):
            number = _canonical(raw, abroad=abroad, landline=False)
            if number is not None:
                numbers[number] = None
                continue
            rejected_count += 1
            if rejected_count <= SHOWN_REJECTED:
                rejected.append(Rejected(position, visible(raw, SHOWN_CHARACTERS), _why_not(raw, abroad=abroad)))
    return Recipients(
        numbers=tuple(numbers),
        alike=_alike(sorted(numbers)),
        duplicates=len(raws) - rejected_count - len(numbers),
        rejected=tuple(rejected),
        rejected_count=rejected_count,
    )


def _alike(in_order: list[PhoneNumber]) -> bytes:
    return hashlib.sha256(",".join(in_order).encode("ascii")).digest()


def mask(number: str) -> str:
    """`number` with its middle hidden: ``+90533*****99``.

    At least five characters are hidden, or all where there are fewer than seven, so a short
    foreign number shows less of its beginning.
    """
    sign, digits = ("+", number[1:]) if number.startswith("+") else ("", number)
    head = min(5, max(0, len(digits) - 7))
    tail = 2 if len(digits) >= 7 else 0
    return sign + digits[:head] + "*" * (len(digits) - head - tail) + digits[len(digits) - tail :]


def _all_canonical(raws: Sequence[str]) -> bool:
    """Whether each of `raws` is a Turkish mobile number in canonical form already, as most long lists have them.

    As lines they all have one length, so each place of a number is every fourteenth character of the whole: a dozen
    passes over bytes, which take a tenth of the time of a pattern matched against all of them.
    """
    many, lines = len(raws), "\n".join(raws)
    if len(lines) != many * _LINE - 1 or not lines.isascii():
        return False
    written = lines.encode()
    return (
        written.translate(None, delete=b"0123456789") == (b"+\n" * many)[:-1]
        and written[::_LINE] == b"+" * many
        and written[1::_LINE] == b"9" * many
        and written[2::_LINE] == b"0" * many
        and written[3::_LINE] == b"5" * many
        and not written[4::_LINE].translate(None, delete=b"0123456")
        and written[_LINE - 1 :: _LINE] == b"\n" * (many - 1)
    )


def _all_ordinary(raws: Sequence[str]) -> list[PhoneNumber] | None:
    """The canonical forms of `raws` where all are Turkish mobile numbers in ASCII, each on one line; else None.

    What :func:`_canonical` does with one, done with all of them at once, in a tenth of the time. What might look like a
    decimal number, or is left with anything but a number, is left to it.
    """
    lines = "\n".join(raws)
    if lines.count("\n") != len(raws) - 1 or max(map(len, raws)) > MAX_WRITTEN:
        return None
    if _PERHAPS_DECIMAL_LINE.search(lines):
        return None
    found = _TURKISH_MOBILE_LINE.findall(lines.translate(_SEPARATORS_IN_LINES))
    if len(found) != len(raws):
        return None
    return cast("list[PhoneNumber]", ["+90" + subscriber for subscriber in found])


def _canonical(raw: str, *, abroad: bool, landline: bool) -> PhoneNumber | None:
    """The canonical form of `raw`, or None: all that a long list needs to know of most of its entries."""
    if match := _TURKISH_MOBILE.fullmatch(raw):
        return PhoneNumber("+90" + match[1])
    if len(raw) > MAX_WRITTEN or _IN_NO_NUMBER.search(raw):
        return None
    plain = _plain(raw)
    if _is_decimal(plain):
        return None
    digits = plain.translate(_SEPARATORS)
    if match := (_TURKISH_ANY if landline else _TURKISH_MOBILE).fullmatch(digits):
        return PhoneNumber("+90" + match[1])
    country = _after_prefix(digits) if abroad and _DIGITS.fullmatch(digits) else None
    if country is None or country.startswith("90") or _why_not_abroad(plain, country) is not None:
        return None
    return PhoneNumber("+" + country)


def _why_not(raw: str, *, abroad: bool) -> Text:
    """Why `raw`, of which :func:`_canonical` makes nothing, is no usable number."""
    if len(raw) > MAX_WRITTEN:
        return _TOO_LONG
    plain = _plain(raw)
    if _is_decimal(plain):
        return _FROM_SPREADSHEET
    digits = plain.translate(_SEPARATORS)
    if not _DIGITS.fullmatch(digits):
        return _not_a_number(plain, digits)
    country = _after_prefix(digits)
    if country is None:
        return _not_turkish(digits[2:] if digits.startswith("90") and len(digits) > 10 else digits)
    if country.startswith("90"):
        return _not_turkish(country[2:])
    fault = _why_not_abroad(plain, country)
    return _ABROAD_IS_OFF if fault is None or (not abroad and fault is not _NO_COUNTRY) else fault


def _plain(raw: str) -> str:
    return (raw if raw.isascii() else raw.translate(_PLAIN_FORMS)).strip()


def _is_decimal(plain: str) -> bool:
    return _DECIMAL.fullmatch(plain, max(len(plain) - 2, 0)) is not None


def _after_prefix(digits: str) -> str | None:
    """What follows the ``+`` or ``00`` of a number that begins with its country code; None for any other."""
    return digits.removeprefix("+") if digits[0] == "+" else digits[2:] if digits.startswith("00") else None


def _why_not_abroad(plain: str, country: str) -> Text | None:
    """What stands against a number of another country, whose digits from the country code on are `country`."""
    if not country or country[0] == "0":
        return _NO_COUNTRY
    if "/" in plain or _ZERO_IN_BRACKETS.search(plain):
        return _TWO_READINGS
    if not _MIN_ABROAD <= len(country) <= _MAX_ABROAD:
        return Text(
            f"has {len(country)} digits after the +; a number with its country code has {_MIN_ABROAD} to {_MAX_ABROAD}",
            f"+ işaretinden sonra {len(country)} rakam var; ülke koduyla birlikte bir numara "
            f"{_MIN_ABROAD} ile {_MAX_ABROAD} rakam arasındadır",
        )
    return None


_NO_COUNTRY = Text(
    f"must have a country code after + or 00, like {_EXAMPLE}",
    f"+ ya da 00 işaretinden sonra ülke kodu gelmeli, örneğin {_EXAMPLE}",
)

_ABROAD_IS_OFF = Text(
    "is a number of another country; those work only once abroad mode is on in the panel "
    "(Settings > SMS > Abroad) and the operator has set ILETIMERKEZI_ABROAD=1; "
    "a Turkish number begins with +90",
    "başka bir ülkenin numarası; bunlar ancak panelde yurt dışı modu açıldıktan "
    "(Ayarlar > SMS > Yurt Dışı) ve yönetici ILETIMERKEZI_ABROAD=1 ayarını yaptıktan sonra çalışır; "
    "Türkiye numarası +90 ile başlar",
)

_TWO_READINGS = Text(
    "may be read in two ways; write only + and the digits that are dialled from abroad, without a slash or a (0)",
    "iki türlü okunabilir; yalnızca + ve yurt dışından çevrilen rakamları yazın, eğik çizgi ya da (0) kullanmayın",
)

_FROM_SPREADSHEET = Text(
    f"looks like a decimal number from a spreadsheet; write all digits as text, like {_EXAMPLE}",
    f"tablodan gelen ondalık sayıya benziyor; bütün rakamları metin olarak yazın, örneğin {_EXAMPLE}",
)

_TOO_LONG = Text(
    f"is too long for a phone number; write one number per entry, like {_EXAMPLE}",
    f"telefon numarası için çok uzun; her öğeye {_EXAMPLE} gibi tek numara yazın",
)

_NOT_MOBILE = Text(
    "is not a Turkish mobile number: those begin with 050 to 056; fixed lines, 0850 and other service numbers "
    "get no SMS",
    "Türkiye'de bir cep numarası değil: cep numaraları 050 ile 056 arasında başlar; sabit hatlara, "
    "0850'li ve diğer servis numaralarına SMS gitmez",
)


def _not_turkish(national: str) -> Text:
    """Why these digits (country code taken off) are no Turkish mobile number."""
    subscriber = national.removeprefix("0")
    if len(subscriber) < 7:
        return Text(
            f"is too short, perhaps a short code; write the whole mobile number, like {_EXAMPLE}",
            f"çok kısa, belki bir kısa numara; cep numarasının tamamını yazın, örneğin {_EXAMPLE}",
        )
    if len(subscriber) < 10:
        return Text(
            f"is too short: a Turkish mobile number has 10 digits from the 5 on and this one {len(subscriber)}; "
            "ask for the missing digits",
            f"çok kısa: Türkiye'de cep numarası 5'ten itibaren 10 rakamdır, bunda {len(subscriber)} rakam var; "
            "eksik rakamları sorun",
        )
    if len(subscriber) > 10:
        return Text(
            f"is too long for a Turkish number; write one number per entry, like {_EXAMPLE}, "
            "and another country's number with + and its country code",
            f"Türkiye numarası için çok uzun; her öğeye tek numara yazın, örneğin {_EXAMPLE}; "
            "başka ülkenin numarasını + ve ülke koduyla yazın",
        )
    return _NOT_MOBILE


def _not_a_number(plain: str, digits: str) -> Text:
    """Why what is left of an entry, its separators taken out, is not digits with at most a plus in front."""
    if not digits or digits == "+":
        return Text(
            f"has no digits; write a number like {_EXAMPLE}", f"rakam içermiyor; {_EXAMPLE} gibi bir numara yazın"
        )
    if _EXPONENT.search(plain):
        return _FROM_SPREADSHEET
    if _EXTENSION.search(plain):
        return Text(
            f"has an extension, and an SMS cannot go to one; write a mobile number, like {_EXAMPLE}",
            f"dahili numara içeriyor, dahiliye SMS gönderilemez; {_EXAMPLE} gibi bir cep numarası yazın",
        )
    if _SEVERAL.search(plain):
        return Text(
            "seems to hold several numbers; write one number per entry",
            "birden çok numara içeriyor gibi; her öğeye tek numara yazın",
        )
    return Text(
        f"holds letters or signs that belong to no phone number; write it like {_EXAMPLE}",
        f"telefon numarasında bulunmayan harf ya da işaretler içeriyor; {_EXAMPLE} gibi yazın",
    )
