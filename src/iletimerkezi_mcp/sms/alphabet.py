"""The alphabets of an SMS: which one a text needs, its length in it, what the account's mode makes of it.

Everything here measures the composed text (:func:`compose`): ``s`` and a combining cedilla are
the letter ``ş``, look the same and must cost the same. Send the result of :func:`compose`, and what was
measured is what goes out.

The folding of English and Turkish mode is an estimate beyond what the overview documents (``ş`` to
``s``, emoji dropped): the plain form if there is an obvious one, else nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from .escape import escape


class Alphabet(StrEnum):
    """The coding of a message; a later one is dearer, because fewer characters fit a part."""

    GSM7 = "GSM-7"
    TURKISH = "Turkish"
    UCS2 = "UCS-2"

    @property
    def dearness(self) -> int:
        """0 for the cheapest alphabet, more for a dearer one."""
        return list(Alphabet).index(self)


class CharacterMode(StrEnum):
    """The account's setting in the panel, which the API cannot tell (contract, section 2, "Encoding mode")."""

    ENGLISH = "english"
    TURKISH = "turkish"
    UNICODE = "unicode"


_DIGITS_AND_SIGNS = " !\"#¤%&'()*+,-./0123456789:;<=>?"
_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"

GSM7_CHARACTERS = frozenset(f"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ{_DIGITS_AND_SIGNS}¡{_UPPER}ÄÖÑÜ§¿{_LOWER}äöñüà")
"""The GSM 7-bit default alphabet, one septet each (3GPP TS 23.038, 6.2.1), without the escape."""

TURKISH_CHARACTERS = frozenset(f"@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞŞşßÉ{_DIGITS_AND_SIGNS}İ{_UPPER}ÄÖÑÜ§ç{_LOWER}äöñüà")
"""The Turkish national language locking shift table, one septet each (3GPP TS 23.038, A.3.1).

It takes the places of è ì Ø ø Æ æ ¡ ¿, so a text with both ş and è fits neither table: UCS-2.
"""

EXTENSION_CHARACTERS = frozenset("\f^{}\\[~]|€")
"""Characters behind an escape, two septets each (3GPP TS 23.038, 6.2.1.1); € is plain in the Turkish table."""

_TABLES = {Alphabet.GSM7: GSM7_CHARACTERS, Alphabet.TURKISH: TURKISH_CHARACTERS}
_FITS = {alphabet: table | EXTENSION_CHARACTERS for alphabet, table in _TABLES.items()}

_FOLDS = dict(zip("‘’‚‛ʼ′`´“”„‟″«»‹›‐‑‒–—―−•ıłŁđĐð", "''''''''\"\"\"\"\"\"\"''-------*ilLdDd", strict=True))
_FOLDS |= {"…": "...", "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ẞ": "ß", "¡": "!", "¿": "?"}
_FOLDS |= {"\u2044": "/", "\u2028": "\n", "\u2029": "\n", "\t": " "}

_ATTACHED = "\u0300-\u036f\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f"
_CLUSTER = re.compile(rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|.)(?:[{_ATTACHED}]|\u200d.)*", re.DOTALL)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202c\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+")
_DOTTED_I = re.compile("i\u0307+")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ForcingCharacter:
    """The character that makes a text need `alphabet`; `position` counts from 1 in the composed text.

    `more` is how many further characters need it as well.
    """

    character: str
    position: int
    alphabet: Alphabet
    more: int = 0


@dataclass(frozen=True, slots=True)
class Substitution:
    """A character that the account's mode replaces, as people see characters (an emoji with its parts is one).

    An empty `replacement` drops it.
    """

    original: str
    replacement: str

    @property
    def printable(self) -> str:
        """`original` without its invisible parts, and short however many marks it carries."""
        return escape(_INVISIBLE.sub("", self.original), 12)


@dataclass(frozen=True, slots=True)
class Rendering:
    """A text as it would arrive, the alphabet it travels in, and the substitutions that one can see."""

    text: str
    alphabet: Alphabet
    substitutions: tuple[Substitution, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True if nothing, or only blank space, is left to arrive."""
        return not self.text.strip()


def compose(text: str) -> str:
    """Return `text` with combining marks joined to their letters (Unicode NFC); it looks the same.

    An i with a dot of its own, which many programs make of İ, is an i: the dot alone would need UCS-2.
    """
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", _DOTTED_I.sub("i", composed)) if "\u0307" in composed else composed


def dotted_letters(text: str) -> int:
    """Return how many letters i in `text` have a dot of their own, which :func:`compose` takes away."""
    return len(_DOTTED_I.findall(unicodedata.normalize("NFC", text)))


def alphabet_of(text: str) -> Alphabet:
    """Return the cheapest alphabet that holds all of `text`."""
    characters = set(compose(text))
    return next((alphabet for alphabet, fits in _FITS.items() if characters <= fits), Alphabet.UCS2)


def widths(text: str, alphabet: Alphabet) -> list[int]:
    """Return the units of each character of `text`, 1 or 2: septets, or UTF-16 code units for UCS-2.

    Raises :class:`ValueError` if it does not fit.
    """
    composed = compose(text)
    if alphabet is Alphabet.UCS2:
        return [1 + (character > "\uffff") for character in composed]
    if not _FITS[alphabet].issuperset(composed):
        raise ValueError(f"the text does not fit {alphabet}")
    double = EXTENSION_CHARACTERS - _TABLES[alphabet]
    return [1 + (character in double) for character in composed]


def forcing_character(text: str) -> ForcingCharacter | None:
    """Return what to take out of `text` first to make it cheaper, or None if it is GSM-7 already.

    For UCS-2 that is the first character in neither table; if each is in one of them, the
    first that does not go with those before it.
    """
    composed = compose(text)
    alphabet = alphabet_of(composed)
    if alphabet is Alphabet.GSM7:
        return None
    alone = [position for position, character in enumerate(composed) if alphabet_of(character) is alphabet]
    position = alone[0] if alone else max(_first_outside(composed, fits) for fits in _FITS.values())
    return ForcingCharacter(composed[position], position + 1, alphabet, max(len(alone) - 1, 0))


def plain_sign(character: str) -> str | None:
    """Return the plain sign that reads the same as `character` (``'`` for ``’``), None for letters and what has none."""
    return None if character.isalpha() or character.isspace() else _FOLDS.get(character)


def render(text: str, mode: CharacterMode) -> Rendering:
    """Return what an account in `mode` would make of `text`, in the cheapest alphabet that then fits.

    Unicode mode keeps everything but unpaired surrogates, which nothing can carry. Changes that
    cannot be seen (a space for another space, a lost zero-width mark) are made but not listed.
    """
    composed = compose(text)
    if mode is CharacterMode.UNICODE:
        valid = compose(_LONE_SURROGATE.sub("", composed))
        losses = dict.fromkeys(_LONE_SURROGATE.findall(composed))
        return Rendering(valid, alphabet_of(valid), tuple(Substitution(loss, "") for loss in losses))
    gsm7, turkish = _FITS[Alphabet.GSM7], _FITS[Alphabet.TURKISH]
    if mode is CharacterMode.ENGLISH:
        return _fold_text(composed, gsm7)
    either = _fold_text(composed, gsm7 | turkish)
    return either if either.alphabet is not Alphabet.UCS2 else _fold_text(composed, turkish)


def _first_outside(text: str, fits: AbstractSet[str]) -> int:
    return next(position for position, character in enumerate(text) if character not in fits)


def _fold_text(text: str, fits: AbstractSet[str]) -> Rendering:
    if fits >= set(text):
        return Rendering(text, alphabet_of(text))
    clusters = _CLUSTER.findall(text)
    plain = {
        cluster: "".join(fold_character(character, fits) for character in cluster)
        for cluster in dict.fromkeys(clusters)
    }
    folded = "".join(plain[cluster] for cluster in clusters)
    substitutions = tuple(Substitution(old, new) for old, new in plain.items() if _differs(old, new))
    return Rendering(folded, alphabet_of(folded), substitutions)


def fold_character(character: str, fits: AbstractSet[str]) -> str:
    """Return `character`, or its plain form in `fits`, or nothing."""
    if character in fits:
        return character
    plain = _FOLDS.get(character) or "".join(
        _FOLDS.get(part, part) for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)
    )
    return plain if fits >= set(plain) else ""


def _differs(original: str, replacement: str) -> bool:
    """Return True if a reader would see the difference."""
    visible = _INVISIBLE.sub("", original)
    return visible != replacement and not (visible.isspace() and replacement.isspace())
