"""A text folded for searching, so that one spelling in a list finds all that people type.

İndirim, INDIRIM, indırım and indirim are one word to a reader. Folded, they are one string.
"""

from __future__ import annotations

import unicodedata

from .escape import strip_invisible

_PLAIN = str.maketrans("İIıÎîŞşĞğÇçÖöÜüÂâÛû’‘ʼ`´", "iiiiissggccoouuaauu'''''")


def normalize(text: str) -> str:
    """Return `text` as the eye reads it: compatibility forms made plain (Unicode NFKC), without what cannot be seen."""
    # Many programs make i and a combining dot of İ when they write it small.
    return unicodedata.normalize("NFKC", strip_invisible(text)).replace("i\u0307", "i")


def comparison_key(text: str) -> str:
    """Return what texts share that look alike to a reader: :func:`normalize`, with one space for each run of blanks."""
    return " ".join(normalize(text).split())


def fold(text: str) -> str:
    """Return `text` in small letters without Turkish marks, dotted and dotless i alike.

    As long as `text`, character by character, so that a match in one can be quoted from the other.
    """
    return text.translate(_PLAIN).lower()


# Letters of other scripts that are drawn as Latin ones are (Unicode's confusables, the commonest), and Latin ones without
# a decomposition, which an account in English mode makes plain.
LOOK_ALIKE = str.maketrans("ıавекмнорстухіјѕԁӏαβγεζηικμνορτυχđðłø", "iabekmhopctyxijsdlabyezhikmnoptyxddlo")
_PLAIN_LETTERS: dict[int, int | str] = {**LOOK_ALIKE, ord("œ"): "oe", ord("æ"): "ae"}


# What one stroke or one ring is drawn as, in small and capital letters and digits.
_ONE_SIGN = str.maketrans("l10", "iio")


def skeleton(text: str) -> str:
    """Return what texts share that read nearly alike: their letters and digits, small, without marks and blanks.

    I, l and 1 are one sign, and so are O and 0. An account that is not in Unicode mode drops letters of other scripts, so
    a few of them among Latin ones count for nothing; a text that is mostly made of them keeps them.
    """
    decomposed = unicodedata.normalize("NFKD", normalize(text).casefold()).translate(_PLAIN_LETTERS)
    signs = "".join(character for character in decomposed if character.isalnum()).translate(_ONE_SIGN)
    latin = "".join(filter(str.isascii, signs))
    return latin if 2 * len(latin) > len(signs) else signs
