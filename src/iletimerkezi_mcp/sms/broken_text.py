"""Traces of a text that was damaged on its way here: letters read in a wrong encoding, and codes in place of characters.

What ordinary Turkish, English and German texts contain is not taken for one: prices, addresses of the web, paths of files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.entities import html5

from iletimerkezi_mcp.language import Text

from .normalize import fold

_LETTERS = "çğıİöşüÇĞÖŞÜâîûÂÎÛäßéèêôàáñ£°©®"
_LOST = "\ufffd"


def _misread(letters: str) -> set[str]:
    """Return how the UTF-8 of each of `letters` looks in the encodings of Windows and in Latin-1."""
    readings = set()
    for letter in letters:
        for encoding in ("cp1252", "cp1254", "latin-1"):
            readings.add(letter.encode().decode(encoding, "ignore"))
    return {reading for reading in readings if len(reading) == len(letters[0].encode())}


_UTF_8_MISREAD = "|".join(
    [
        *map(re.escape, sorted(_misread(_LETTERS))),
        # Quotation marks, dashes and the ellipsis; the euro and the lira sign; emoji.
        "â€|â\x80[\x90-\xa6]|â‚[¬º]|[ðğ](?:Ÿ|\x9f)",
    ]
)
# The same, but beginning with one class of characters, by which a list of 50,000 names is searched ten times as fast.
_MISREAD = re.compile(f"[{_LOST}ÂÃÄÅâðğ](?:(?<={_LOST})|(?<=(?=(?:{_UTF_8_MISREAD}))[ÂÃÄÅâðğ]))")
# ş, ı, ğ and İ of Windows-1254 are other letters in Windows-1252, which no word of the three languages has.
_TURKISH_MISREAD = "[þýðÞÝÐ]"
# Letters of languages that do have some of those: Icelandic, Czech, Slovak, Faroese.
_OTHER_LANGUAGES = re.compile("[áíúóæěščřžůľťňď]", re.IGNORECASE)

_PATH = re.compile(r"(?<!\S)(?:[A-Za-z]:\\|\\\\)\S*")
_ESCAPE = r"\\(?:[nrt\"'/]|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})"
_ENTITY = re.compile(r"&(?:\#[0-9]{2,6}|\#[xX][0-9A-Fa-f]{2,6}|(?P<name>[A-Za-z]{2,20}));")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)(?:[\w-]{1,60}\.){1,4}[A-Za-z]{2,10}/\S*", re.IGNORECASE)
# In the spelling of fold(). In Turkish a percent sign is in front of its number: %20 indirim, not a blank.
_PERCENT = (
    r"%(?:c[2-5]%[89ab][0-9a-f]|e2%[89ab][0-9a-f]|0a|0d|2c|3a|3f|27)"
    r"|(?<=[^\W\d_])%20(?=[^\W\d_])(?!(?:ind|isk|kdv|otv|vergi|kom|faiz|zam|art|hisse|pesin|daha|az|fazla|off|disc|more|less))"
)

_LOST_CHARACTERS = Text(
    "Characters were lost before the text came here, now a question mark in a box: {words}. Ask for the text again.",
    "Metin buraya gelmeden önce karakterler kaybolmuş, yerlerinde kutu içinde soru işareti var: {words}. Metni yeniden "
    "isteyin.",
)
_WRONG_ENCODING = Text(
    "Letters were read in a wrong encoding: {words}. Every recipient would get them exactly like this.",
    "Harfler yanlış karakter kodlamasıyla okunmuş: {words}. Alıcılar metni aynen böyle görür.",
)
_CODES = Text(
    "Codes stand in place of characters: {words}. Every recipient would get them exactly like this.",
    "Karakterlerin yerinde kodlar var: {words}. Alıcılar metni aynen böyle görür.",
)


def broken_words(text: str) -> dict[Text, tuple[str, ...]]:
    """Return the warnings that `text` deserves, each with the words that show why, as written, each once, in order.

    The words go into the warning's field ``{words}``.
    """
    misread = _words(text, re.finditer(_UTF_8_MISREAD, text))
    if not misread and not _OTHER_LANGUAGES.search(text):
        misread = _words(text, re.finditer(rf"(?<=[^\W\d_]){_TURKISH_MISREAD}|{_TURKISH_MISREAD}(?=[^\W\d_])", text))
    findings = {
        _LOST_CHARACTERS: _words(text, re.finditer(_LOST, text)),
        _WRONG_ENCODING: misread,
        _CODES: _codes(text),
    }
    return {warning: words for warning, words in findings.items() if words}


def is_misread(text: str) -> bool:
    """Return True if UTF-8 letters of `text` were read in another encoding, or characters were lost: no name has such."""
    return not text.isascii() and _MISREAD.search(text) is not None


def _codes(text: str) -> tuple[str, ...]:
    # Blanked out, and not taken out, so that the places stay the same.
    no_paths = _PATH.sub(lambda match: " " * len(match[0]), text)
    no_addresses = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    matches = [
        *re.finditer(_ESCAPE, no_paths),
        *(match for match in _ENTITY.finditer(text) if match["name"] is None or f"{match['name']};" in html5),
        *re.finditer(_PERCENT, fold(no_addresses)),
    ]
    return _words(text, sorted(matches, key=lambda match: match.start()))


def _words(text: str, matches: Iterable[re.Match[str]]) -> tuple[str, ...]:
    """Return the words of `text` in which `matches` are, without the signs that begin and end a sentence."""
    words = []
    for match in matches:
        start = max(text.rfind(blank, 0, match.start()) for blank in " \n\t\r") + 1
        end = min((place for blank in " \n\t\r" if (place := text.find(blank, match.end())) >= 0), default=len(text))
        words.append(text[start:end])
    return tuple(dict.fromkeys(words))
