"""Placeholders that a template left behind: ``{ad}``, ``[İSİM]``, ``%s``, ``undefined``.

What ordinary texts contain is not taken for one: ``[1]``, a company's name in brackets, ``%20``, an
e-mail address, a masked card number, JSON.
"""

from __future__ import annotations

import re

from .normalize import fold, normalize

# Names of fields, in the spelling of fold(); "~" takes a possessive ending.
_FIELDS = (
    "ad~|isim|ismi~|soy ?ad~|soyisim|soyismi~|adsoyad|tarih~|saat~|gun~|tutar~|miktar~|kod~|sifre~|link~|url|no|numara~|"
    "id|telefon~|tel|gsm|adres~|musteri~|plaka~|urun~|fiyat~|firma~|sirket~|marka~|mail~|eposta~|baglanti~|"
    "name|firstname|lastname|fullname|username|date|time|day|amount|code|number|phone|address|customer|product|price|"
    "company|brand|email|user"
)
_BESIDE_FIELDS = (
    "ve|siparis|order|randevu|appointment|kargo|takip|tracking|borc|son|odeme|payment|due|first|last|full|your|insert|"
    "enter|here|buraya|the|of|bayi|sube|fatura|dogrulama|teslimat|delivery"
)
_FIELD = f"(?:{_FIELDS.replace('~', '(?:(?:s|y)?[iu](?:n[iu]z|m[iu]z)?|[iu]?n[iu]z)?')})"
_NAME = rf"(?:{_FIELD}|{_BESIDE_FIELDS})\d?"

_CANDIDATE = r"""
    \{\{[^\n]{0,80}?\}\}+ | \{%[^\n]{0,80}?%\}                         # {{name}}, {% if %}
    | \$?\{(?P<brace>[^{}\n"']{0,40})\}                                # {ad}, ${ad}, {0}
    | \[\s*object\ Object\s*\]
    | \[\[?(?P<square>[^\[\]\n]{1,40})\]\]? | <(?P<angle>[^<>\n]{1,40})>
    | %\(\w{1,40}\)[sdif]                                              # %(name)s
    | (?<![\w%])%(?:\d+\$)?(?:\.\d)?[sdifu@](?!\w)                     # %s, %1$s
    | (?<![\w%])%[^\W\d]\w{1,30}%(?!\w)                                # %AD%
    | (?<![\w$])\$(?P<dollar>[^\W\d]\w{1,30})
    | (?<![\w\#])\#{1,2}[^\W\d][\w]{1,30}\#{1,2}(?!\w)                 # #AD#
    | (?<![\w@])@[^\W\d]\w{1,30}@(?!\w)
    | (?<!\w)__[^\W_]\w{0,30}?__(?!\w) | (?<!\w)_{3,}(?!\w)            # __AD__, a blank to fill
    | (?<=[Ss][Aa][Yy][ıIiİ][Nn]\ )(?:\.{2,}|…)
    | (?<![\w*])(?<!\d[ -])X{3,}(?:[ -]X{2,})*(?![\w*])(?![ -][\dX*])
    | (?<!\w)(?:(?:GG|DD)[./-](?:AA|MM)[./-](?:YYYY|YY)|YYYY-(?:AA|MM)-(?:GG|DD)|(?:SS|HH):(?:DD|MM))(?!\w)
    | (?<!\w)(?:undefined|null|NaN)(?!\w)
"""


def placeholders(text: str) -> tuple[str, ...]:
    """Return what in `text` seems to be a placeholder that was never filled in, as written, each once, in order."""
    matches = (match for match in re.finditer(_CANDIDATE, normalize(text), re.VERBOSE) if _is_unfilled(match))
    return tuple(dict.fromkeys(match[0] for match in matches))


def _is_unfilled(match: re.Match[str]) -> bool:
    """Tell placeholders in brackets from other things there; every other match is a placeholder."""
    if (inside := match["brace"]) is not None:
        # {2,3} is a pattern and {a: 1} is data.
        return re.fullmatch(r"\s*(?:[^\W\d][\w .|:,-]*|\d{0,2})\s*", inside) is not None and ": " not in inside
    if (inside := match["square"] or match["angle"]) is not None:
        return _names_field(inside) or re.fullmatch(r"X{2,}|\.{3}|…|_+", inside) is not None
    if (inside := match["dollar"]) is not None:
        # $ad is a variable; $THYAO and $USD are not.
        return inside[0].islower() or _names_field(inside)
    return True


def _names_field(inside: str) -> bool:
    """Return True if `inside` holds nothing but names of fields and the words beside them, and at least one name."""
    words = fold(inside.strip(" _.-…"))
    return (
        re.fullmatch(rf"{_NAME}(?:[\s_./-]+{_NAME})*", words) is not None
        and re.search(rf"(?<![^\W_]){_FIELD}\d?(?![^\W_])", words) is not None
    )
