"""Phone numbers: every spelling a person uses, one canonical form, and the reason if there is none.

A Turkish number has a fixed length, so its digits alone tell what was meant and the signs
between them are free. A number of another country has no fixed length: it needs a ``+`` or
``00``, and nothing about it is guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NewType, cast

from iletimerkezi_mcp.language import ExplainedError, Text, for_onlooker

PhoneNumber = NewType("PhoneNumber", str)
"""A number in E.164: ``+`` and 8 to 15 digits; a Turkish one is always ``+905`` and nine more."""

SHOWN_REJECTED = 5
"""The number of rejected entries that :func:`parse_numbers` describes; the rest are only counted."""

MAX_WRITTEN = 64
"""Characters of one entry; no way to write a number needs as many, and a longer entry is rejected unread."""

_EXAMPLE = "+905321234567"
_MIN_INTERNATIONAL, _MAX_INTERNATIONAL = 8, 15

_CANONICAL_LIST = re.compile(r"\+905[0-6][0-9]{8}(?:,\+905[0-6][0-9]{8})*")
_TURKISH_MOBILE = re.compile(r"(?:(?:\+|00)?900?|0)?(5[0-6][0-9]{8})")
_TURKISH_ANY = re.compile(r"(?:(?:\+|00)?900?|0)?([2-58][0-9]{9})")
# Behind these codes no number of another country has ten digits in all, but a Turkish one without its 0 has.
_TURKISH_BEHIND_A_PLUS = re.compile(r"5(?:0[2-9]|[2456][0-9])[0-9]{7}")
# A 0 after the country code is dialled inside the country only, but in these it is a part of the number (the national
# numbering plans of ITU-T E.164's Annex): Italy and the Vatican, the Ivory Coast, Burkina Faso, Benin, Gabon, Congo, San
# Marino, Tajikistan, and satellite telephones.
_ZERO_IS_A_PART = "39|225|226|229|241|242|378|992|881"
_COUNTRY_CODE = (
    "[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    "|2[1-689][0-9]|3[578][0-9]|42[0-9]|5[09][0-9]|6[7-9][0-9]|8[0357-9][0-9]|9[679][0-9]"
)
# Besides the 0: 1 in North America and, until 2019, for mobile numbers in Mexico; 8 where the Soviet Union was.
_DIALLED_INSIDE = re.compile(
    f"(?!{_ZERO_IS_A_PART})(?:{_COUNTRY_CODE})0[0-9]*"
    "|11[0-9]*|521[0-9]{10}|78[0-9]{10}|(?:370|993)8[0-9]{8}|37580?[0-9]{9}"
)
_DIGITS = re.compile(r"\+?[0-9]+")
_ZERO_IN_BRACKETS = re.compile(r"[(\[]\s*0\s*[)\]]")
_DECIMAL_END = re.compile(r"[.,][0-9]\Z")
_DECIMAL = re.compile(r"(\+?[0-9]+)[.,]0{1,2}")
_EXPONENT = re.compile(r"[0-9][.,]?E[+-]?[0-9]+", re.IGNORECASE)
# Put around a number by other programs: an apostrophe that keeps it a text in a spreadsheet, a link's scheme, a list's end.
_AROUND = "'\"’‘`=;, "
_SCHEME = re.compile(r"(?:tel|sms) ?: ?", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:[0-9][^\w#]*){10}(?:x|ext|extension|dahili|dah|#)\W*[0-9]", re.IGNORECASE)
_SEVERAL = re.compile(r"[0-9][^0-9,;|&]*[,;|&]\D*[0-9]|(?:(?:(?:\+|00)?90|0)?[2-58][0-9]{9}[^0-9+]*){2}")

BLANKS = " \t\r\n\v\f"
_SEPARATORS = str.maketrans("", "", BLANKS + "-./()[]")
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
# U+202E turns the digits round on the screen, so it is not among the marks that may be ignored.
INVISIBLE = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u2060\u2066\u2067\u2068\u2069\ufeff"
_PLAIN_FORMS = str.maketrans(
    f"{SPACES}{DASHES}\u00b7\uff0b\uff08\uff09", " " * len(SPACES) + "-" * len(DASHES) + ".+()", INVISIBLE
)


class NumberError(ExplainedError, ValueError):
    """This is not a number that can be used; `reason` reads on from its name and says what to do."""


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """One entry of a list that is not a usable number: its position (from 0), itself, and the reason."""

    position: int
    written: str
    reason: Text


@dataclass(frozen=True, slots=True)
class RepeatedEntry:
    """One entry of a list whose number came before: its position, and that of the first entry (from 0)."""

    position: int
    first: int
    number: PhoneNumber


@dataclass(frozen=True, slots=True)
class Recipients:
    """A list of numbers made canonical, each once, in the order in which they first came.

    `duplicates` counts the entries left out because their number had come before, and `repeated` describes the first
    :data:`SHOWN_REJECTED` of them; `rejected` describes the first :data:`SHOWN_REJECTED` of `rejected_count` rejected ones.
    """

    numbers: tuple[PhoneNumber, ...]
    duplicates: int
    repeated: tuple[RepeatedEntry, ...]
    rejected: tuple[RejectedEntry, ...]
    rejected_count: int

    def without(self, numbers: Collection[str]) -> Recipients:
        """Return the list without these canonical numbers."""
        left_out = frozenset(numbers)
        rest = tuple(number for number in self.numbers if number not in left_out)
        return replace(self, numbers=rest)


def digest_of_recipients(numbers: Iterable[str]) -> bytes:
    """Return 32 bytes that are equal for two lists exactly if they hold the same numbers, in whatever order."""
    return hashlib.sha256(",".join(sorted(numbers)).encode("ascii")).digest()


def parse_number(raw: str, *, international: bool = False, landline: bool = False) -> PhoneNumber:
    """Return the canonical form of `raw`. Raise :class:`NumberError` if it is not one usable number.

    A Turkish mobile number may be written ``905…``, ``+905…``, ``5…`` (contract, section 2), and as
    people do: ``05…``, ``00905…``, ``+90 (0)5…``, with spaces, dashes, dots, slashes or brackets, in the
    digits of any script, with the invisible marks that address books add. It begins with 50 to 56:
    the operators' ranges and no more, but not only those which the contract names (section 9.2),
    for a filter that is too narrow would reject real people. What a spreadsheet or an address book puts around it (``'``,
    ``tel:``, ``,0``, ``;``) is left out if only one reading remains.

    Numbers of other countries need `international` (the account's Abroad mode) and ``+`` or ``00`` in front. Their
    length varies, so a slash or a bracketed zero, which may or may not be part of the number, is rejected. So that one
    person has one number, it is rejected with what is dialled only inside its country (+44 07911…), and so is what may be
    a Turkish number with one 0 too many (0 0532…).

    With `landline` Turkish fixed lines (2, 3, 4) and service numbers (8) are taken too: an İYS consent
    to calls may be about one.
    """
    number = _read(raw, international=international, landline=landline)
    if isinstance(number, Text):
        raise NumberError(number)
    return number


def parse_numbers(raws: Sequence[str], *, international: bool = False) -> Recipients:
    """Read `raws` as :func:`parse_number` does and leave out duplicates; describe rejected entries instead of raising.

    50,000 canonical numbers take some 15 ms, in any other spelling up to 400 ms.
    """
    numbers: list[PhoneNumber] = []
    positions: Sequence[int] = range(len(raws))
    rejected: list[RejectedEntry] = []
    rejected_count = 0
    if _all_canonical(raws):
        numbers = list(cast("Sequence[PhoneNumber]", raws))
    else:
        positions = []
        for position, raw in enumerate(raws):
            number = _read(raw, international=international, landline=False)
            if not isinstance(number, Text):
                numbers.append(number)
                positions.append(position)
                continue
            rejected_count += 1
            if rejected_count <= SHOWN_REJECTED:
                rejected.append(RejectedEntry(position, raw, number))
    # Most lists name each number once, which a set tells in half the time that a dict takes to keep their order.
    unique = tuple(numbers if len(set(numbers)) == len(numbers) else dict.fromkeys(numbers))
    return Recipients(
        numbers=unique,
        duplicates=len(numbers) - len(unique),
        repeated=() if len(numbers) == len(unique) else _repeated(numbers, positions),
        rejected=tuple(rejected),
        rejected_count=rejected_count,
    )


def _repeated(numbers: Sequence[PhoneNumber], positions: Sequence[int]) -> tuple[RepeatedEntry, ...]:
    first: dict[PhoneNumber, int] = {}
    repeated = []
    for number, position in zip(numbers, positions, strict=True):
        if first.setdefault(number, position) != position:
            repeated.append(RepeatedEntry(position, first[number], number))
            if len(repeated) == SHOWN_REJECTED:
                break
    return tuple(repeated)


def mask(number: str) -> str:
    """Return `number` with its middle hidden: ``+90533*****99``.

    At least five characters are hidden, or all if there are fewer than seven, so a short
    foreign number shows less of its beginning.
    """
    sign, digits = ("+", number[1:]) if number.startswith("+") else ("", number)
    head = min(5, max(0, len(digits) - 7))
    tail = 2 if len(digits) >= 7 else 0
    return sign + digits[:head] + "*" * (len(digits) - head - tail) + digits[len(digits) - tail :]


def _all_canonical(raws: Sequence[str]) -> bool:
    """Return True if each of `raws` is a canonical Turkish mobile number, as in most long lists.

    The length tells an entry that holds a comma, hence two numbers, from two entries.
    """
    joined = ",".join(raws)
    return len(joined) == len(raws) * len(_EXAMPLE + ",") - 1 and _CANONICAL_LIST.fullmatch(joined) is not None


def _read(raw: str, *, international: bool, landline: bool) -> PhoneNumber | Text:
    """Return the canonical form of `raw`, or the reason why it has none."""
    if match := _TURKISH_MOBILE.fullmatch(raw):
        return PhoneNumber("+90" + match[1])
    if len(raw) > MAX_WRITTEN:
        return _TOO_LONG
    plain = (raw if raw.isascii() else _to_ascii(raw)).strip()
    plain = _SCHEME.sub("", plain.strip(_AROUND), count=1)
    number = _read_plain(plain, international=international, landline=landline)
    if (match := _DECIMAL.fullmatch(plain)) is None:
        return number
    whole = _read_plain(match[1], international=international, landline=landline)
    if isinstance(whole, Text):
        return number
    # The signs between digits are free: a full stop in a number of another country may be one of them.
    joined = _read_plain(plain.replace(".", ""), international=international, landline=landline)
    return whole if isinstance(joined, Text) else _FROM_SPREADSHEET


def _read_plain(plain: str, *, international: bool, landline: bool) -> PhoneNumber | Text:
    """Return the canonical form of `plain`, which is in ASCII as far as numbers are, or the reason why it has none."""
    if _DECIMAL_END.search(plain):
        return _FROM_SPREADSHEET
    digits = plain.translate(_SEPARATORS)
    if match := (_TURKISH_ANY if landline else _TURKISH_MOBILE).fullmatch(digits):
        return PhoneNumber("+90" + match[1])
    if not _DIGITS.fullmatch(digits):
        return _not_a_number(plain, digits)
    # A number begins with its country code behind + or 00.
    country = digits[1:] if digits[0] == "+" else digits[2:] if digits.startswith("00") else None
    turkish = _TURKISH_BEHIND_A_PLUS if digits[0] == "+" else _TURKISH_ANY if landline else _TURKISH_MOBILE
    if country is not None and turkish.fullmatch(country):
        return _MAYBE_TURKISH
    if country is None:
        return _not_turkish(digits[2:] if digits.startswith("90") and len(digits) > 10 else digits)
    if country.startswith("90"):
        return _not_turkish(country[2:])
    if not country or country[0] == "0":
        return _NO_COUNTRY_CODE
    if not international:
        return _INTERNATIONAL_IS_OFF
    if "/" in plain or _ZERO_IN_BRACKETS.search(plain):
        return _TWO_READINGS
    if _DIALLED_INSIDE.fullmatch(country):
        return _HAS_TRUNK_PREFIX
    if not _MIN_INTERNATIONAL <= len(country) <= _MAX_INTERNATIONAL:
        return _wrong_length(len(country))
    return PhoneNumber("+" + country)


def _to_ascii(raw: str) -> str:
    """Return `raw` with what numbers are written with in plain ASCII; other characters stay."""
    # int() reads the digits of every script, whose runs keep their zeros.
    return re.sub(r"[^\D0-9]+", lambda match: f"{int(match[0]):0{len(match[0])}}", raw.translate(_PLAIN_FORMS))


_NO_COUNTRY_CODE = Text(
    "must have a country code after + or 00, like {example}",
    "+ ya da 00 işaretinden sonra ülke kodu gelmeli, örneğin {example}",
).format(example=_EXAMPLE)

_INTERNATIONAL_IS_OFF = for_onlooker(
    Text(
        "is a number of another country; those work only once Abroad mode is on in the panel "
        "(Settings > SMS > Abroad) and the operator has set ILETIMERKEZI_ABROAD=1; "
        "a Turkish number begins with +90",
        "başka bir ülkenin numarası; bunlar ancak panelde yurt dışı modu açıldıktan "
        "(Ayarlar > SMS > Yurt Dışı) ve yönetici ILETIMERKEZI_ABROAD=1 ayarını yaptıktan sonra çalışır; "
        "Türkiye numarası +90 ile başlar",
    ),
    "is a number of another country",
    "başka bir ülkenin numarası",
)

_TWO_READINGS = Text(
    "may be read in two ways; write only + and the digits dialled from another country, without a slash or a (0)",
    "iki türlü okunabilir; yalnızca + ve yurt dışından çevrilen rakamları yazın, eğik çizgi ya da (0) kullanmayın",
)

_MAYBE_TURKISH = Text(
    "may be a Turkish number with a wrong beginning; write it like {example}, and another country's with + and its country "
    "code",
    "başı yanlış yazılmış bir Türkiye numarası olabilir; {example} gibi, başka ülkenin numarasını + ve ülke koduyla yazın",
).format(example=_EXAMPLE)

_HAS_TRUNK_PREFIX = Text(
    "has a digit after its country code that is dialled only inside that country, mostly a 0; leave it out",
    "ülke kodundan sonra yalnızca o ülkenin içinde çevrilen bir rakam (çoğunlukla 0) içeriyor; onu çıkarın",
)

_FROM_SPREADSHEET = Text(
    "looks like a decimal number from a spreadsheet; write all digits as text, like {example}",
    "tablodan gelen ondalık sayıya benziyor; bütün rakamları metin olarak yazın, örneğin {example}",
).format(example=_EXAMPLE)

_DIGITS_LOST = Text(
    "is in a spreadsheet's short form, which has lost its last digits; take the number from where it came from, as text, "
    "like {example}",
    "tablonun kısalttığı biçimde, son rakamları kaybolmuş; numarayı asıl kaynağından {example} gibi metin olarak alın",
).format(example=_EXAMPLE)

_TOO_LONG = Text(
    "is too long for a phone number; write one number per entry, like {example}",
    "telefon numarası için çok uzun; her öğeye {example} gibi tek numara yazın",
).format(example=_EXAMPLE)

_NOT_MOBILE = Text(
    "is not a Turkish mobile number: those begin with 050 to 056; fixed lines, 0850 and other service numbers "
    "get no SMS",
    "Türkiye'de bir cep numarası değil: cep numaraları 050 ile 056 arasında başlar; sabit hatlara, "
    "0850'li ve diğer servis numaralarına SMS gitmez",
)

_SHORT_CODE = Text(
    "is too short, perhaps a short code; write the whole mobile number, like {example}",
    "çok kısa, belki bir kısa numara; cep numarasının tamamını yazın, örneğin {example}",
).format(example=_EXAMPLE)

_TOO_LONG_FOR_TURKEY = Text(
    "is too long for a Turkish number; write one number per entry, like {example}, "
    "and another country's number with + and its country code",
    "Türkiye numarası için çok uzun; her öğeye tek numara yazın, örneğin {example}; "
    "başka ülkenin numarasını + ve ülke koduyla yazın",
).format(example=_EXAMPLE)

_NO_DIGITS = Text(
    "has no digits; write a number like {example}", "rakam içermiyor; {example} gibi bir numara yazın"
).format(example=_EXAMPLE)

_WITH_EXTENSION = Text(
    "has an extension, and an SMS cannot go to one; write a mobile number, like {example}",
    "dahili numara içeriyor, dahiliye SMS gönderilemez; {example} gibi bir cep numarası yazın",
).format(example=_EXAMPLE)

_SEVERAL_NUMBERS = Text(
    "seems to hold several numbers; write one number per entry",
    "birden çok numara içeriyor gibi; her öğeye tek numara yazın",
)

_OTHER_SIGNS = Text(
    "holds letters or signs that belong to no phone number; write it like {example}",
    "telefon numarasında bulunmayan harf ya da işaretler içeriyor; {example} gibi yazın",
).format(example=_EXAMPLE)


# Cached, since a list may hold thousands of entries with the same fault.
@cache
def _wrong_length(digits: int) -> Text:
    return Text(
        "has {digits} digits after the +; a number with its country code has {minimum} to {maximum}",
        "+ işaretinden sonra {digits} rakam var; ülke koduyla birlikte bir numara {minimum} ile {maximum} rakam arasındadır",
    ).format(digits=digits, minimum=_MIN_INTERNATIONAL, maximum=_MAX_INTERNATIONAL)


@cache
def _too_short(digits: int) -> Text:
    return Text(
        "is too short: a Turkish mobile number has 10 digits from the 5 on and this one {digits}; "
        "ask for the missing digits",
        "çok kısa: Türkiye'de cep numarası 5'ten itibaren 10 rakamdır, bunda {digits} rakam var; eksik rakamları sorun",
    ).format(digits=digits)


def _not_turkish(national: str) -> Text:
    """Return why these digits (country code taken off) are not a Turkish mobile number."""
    subscriber = national.removeprefix("0")
    if len(subscriber) < 7:
        return _SHORT_CODE
    if len(subscriber) < 10:
        return _too_short(len(subscriber))
    if len(subscriber) == 10:
        return _NOT_MOBILE
    return _SEVERAL_NUMBERS if _SEVERAL.search(subscriber) else _TOO_LONG_FOR_TURKEY


def _not_a_number(plain: str, digits: str) -> Text:
    """Return why what is left of an entry without its separators is not digits with at most a plus in front."""
    if not digits or digits == "+":
        return _NO_DIGITS
    if _EXPONENT.search(plain):
        return _DIGITS_LOST
    if _EXTENSION.search(plain):
        return _WITH_EXTENSION
    return _SEVERAL_NUMBERS if _SEVERAL.search(plain) or _SEVERAL.search(digits) else _OTHER_SIGNS
