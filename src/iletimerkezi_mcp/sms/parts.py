"""Parts and credits: into how many SMS a text is cut, and what that costs at most.

One credit per part and recipient (contract, section 2). The published limits do not settle
the arithmetic for several parts, so a figure on which the readings differ is called an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iletimerkezi_mcp.language import Text, plural

from .alphabet import (
    Alphabet,
    CharacterMode,
    ForcingCharacter,
    Rendering,
    Substitution,
    alphabet_of,
    forcing_character,
    render,
    widths,
)
from .escape import escape

PART_SIZES: Mapping[Alphabet, tuple[int, int]] = {
    Alphabet.GSM7: (155, 153),
    Alphabet.TURKISH: (150, 148),
    Alphabet.UCS2: (65, 63),
}
"""Units in the only part and in each of several, net of the carrier's " B186" (overview)."""

MAX_PARTS = 7
"""Parts of one message; more are refused with 453 (contract, section 2)."""

SUFFIX_UNITS = 5
"""Units of the carrier's " B186" (contract, section 2)."""

SHOWN_CHANGES = 5
"""How many changed characters :func:`describe_estimate` names."""


@dataclass(frozen=True, slots=True)
class Size:
    """How long a text is in `units` of its alphabet and how many parts that makes.

    `estimate` is true where the three readings of the contract's section 2.1 disagree; `parts` is
    then the careful one.
    """

    alphabet: Alphabet
    units: int
    parts: int
    estimate: bool

    @property
    def too_long(self) -> bool:
        """More than :data:`MAX_PARTS` parts in the most lenient reading, so surely refused."""
        first, following = PART_SIZES[self.alphabet]
        return self.units > first and _ceil(self.units, following) > MAX_PARTS


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text becomes and measures if the account is in `mode`."""

    mode: CharacterMode
    rendering: Rendering
    size: Size


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is known beforehand of a message: one reading, or one for each mode that the account may be in.

    `mode` is the account's, None where it is unknown; `forcing` is the character that makes the text
    as written need a dearer alphabet than GSM-7.
    """

    mode: CharacterMode | None
    readings: tuple[Reading, ...]
    forcing: ForcingCharacter | None

    @property
    def dearest(self) -> Reading:
        """The reading with the most parts; of equal ones the one in the dearer alphabet."""
        return max(self.readings, key=lambda reading: (reading.size.parts, reading.size.alphabet.dearness))

    @property
    def parts(self) -> int:
        """Parts per recipient, at most."""
        return self.dearest.size.parts

    @property
    def too_long(self) -> bool:
        """The message would be refused for its length in the dearest reading."""
        return self.dearest.size.too_long

    @property
    def arrives_empty(self) -> bool:
        """In some mode that the account may be in, nothing of the text is left."""
        return any(reading.rendering.empty for reading in self.readings)

    def credits_at_most(self, recipients: int) -> int:
        """Credits for `recipients`, if every message is delivered; undelivered ones are free."""
        return self.parts * recipients


def measure(text: str, alphabet: Alphabet | None = None) -> Size:
    """The size of `text` in `alphabet`, by default the cheapest that holds it.

    Of the contract's three readings (section 2.1) the careful one counts: the carrier's suffix
    stands in the last part, and no character of two units is torn between two parts (3GPP TS 23.040,
    9.2.3.24.1). Only where that alone exceeds :data:`MAX_PARTS` is it cut to it.
    Raises :class:`ValueError` for a text that does not fit `alphabet`.
    """
    chosen = alphabet_of(text) if alphabet is None else alphabet
    each = widths(text, chosen)
    units = sum(each)
    first, following = PART_SIZES[chosen]
    if units <= first:
        return Size(chosen, units, 1, estimate=False)
    lenient = _ceil(units, following)
    literal = 1 + _ceil(units - first, following)
    careful = _cut([*each, *(1,) * SUFFIX_UNITS], following)
    parts = min(careful, MAX_PARTS) if lenient <= MAX_PARTS else careful
    return Size(chosen, units, parts, estimate=not lenient == literal == careful)


def too_long(text: str, alphabet: Alphabet | None = None) -> bool:
    """Whether `text` surely makes more than :data:`MAX_PARTS` parts."""
    return measure(text, alphabet).too_long


def estimate(text: str, mode: CharacterMode | None) -> Estimate:
    """What `text` becomes on an account in `mode`.

    While the mode is unknown, that is English mode and full Unicode mode, or one reading where
    both do the same; Turkish mode is added in the rare case that it would be dearer than both.
    """
    forcing = forcing_character(text)
    if mode is not None:
        return Estimate(mode, (_reading(text, mode),), forcing)
    english, turkish, unicode = (_reading(text, each) for each in CharacterMode)
    if english.rendering == unicode.rendering:
        return Estimate(None, (english,), forcing)
    dearer = turkish.size.parts > max(english.size.parts, unicode.size.parts)
    return Estimate(None, (english, turkish, unicode) if dearer else (english, unicode), forcing)


def describe_estimate(estimate: Estimate) -> Text:
    """`estimate` for a person, without a full stop; each reading stands under its mode where there are several.

    "if the account is in English mode: GSM-7, 10 units, 1 part, ş becomes s; if it is in Turkish or
    Unicode mode: Turkish alphabet because of ş (character 7), 10 units, 1 part"
    """
    told = [_told_reading(reading, estimate.forcing) for reading in estimate.readings]
    if len(told) > 1:
        told = [_told_mode(reading) + ": " + words for reading, words in zip(estimate.readings, told, strict=True)]
    return Text.join("; ", told)


_ALPHABETS = {
    Alphabet.GSM7: Text("GSM-7", "GSM-7"),
    Alphabet.TURKISH: Text("Turkish alphabet", "Türkçe alfabe"),
    Alphabet.UCS2: Text("UCS-2", "UCS-2"),
}


def _reading(text: str, mode: CharacterMode) -> Reading:
    rendering = render(text, mode)
    return Reading(mode, rendering, measure(rendering.text, rendering.alphabet))


def _told_mode(reading: Reading) -> Text:
    if reading.mode is CharacterMode.ENGLISH:
        return Text("if the account is in English mode", "hesap İngilizce moddaysa")
    if reading.mode is CharacterMode.TURKISH:
        return Text("if it is in Turkish mode", "Türkçe moddaysa")
    if reading.size.alphabet is Alphabet.TURKISH:
        return Text("if it is in Turkish or Unicode mode", "Türkçe ya da Unicode moddaysa")
    return Text("if it is in Unicode mode", "Unicode moddaysa")


def _told_reading(reading: Reading, forcing: ForcingCharacter | None) -> Text:
    size = reading.size
    alphabet = _ALPHABETS[size.alphabet]
    if forcing and forcing.alphabet is size.alphabet:
        shown = escape(forcing.character)
        alphabet += Text(
            f" because of {shown} (character {forcing.position})", f" (nedeni: {forcing.position}. karakter, {shown})"
        )
    parts = plural(size.parts, "part", "parts", "parça")
    if size.estimate:
        parts += Text(" (estimate)", " (tahmin)")
    facts = [alphabet, plural(size.units, "unit", "units", "karakter uzunluğunda"), parts]
    facts += [_told_change(change) for change in reading.rendering.changed[:SHOWN_CHANGES]]
    if (more := len(reading.rendering.changed) - SHOWN_CHANGES) > 0:
        facts.append(plural(more, "more character changes", "more characters change", "karakter daha değişir"))
    if reading.rendering.empty:
        facts.append(Text("nothing of the text is left", "metinden geriye hiçbir şey kalmaz"))
    return Text.join(", ", facts)


def _told_change(change: Substitution) -> Text:
    if not change.replacement:
        return Text(f"{change.shown} is dropped", f"{change.shown} silinir")
    return Text(f"{change.shown} becomes {change.replacement}", f"{change.shown} yerine {change.replacement} gider")


def _cut(each: list[int], room: int) -> int:
    """Into how many parts of at most `room` units characters of these widths go, each of them whole."""
    parts, left = 1, room
    for width in each:
        if width > left:
            parts, left = parts + 1, room
        left -= width
    return parts


def _ceil(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)
