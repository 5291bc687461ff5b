"""Parts and credits: the number of SMS that a text is cut into, and what that costs at most.

One credit per part and recipient (contract, section 2). The published limits do not settle
the arithmetic for several parts, so where the readings differ both figures are told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from iletimerkezi_mcp.language import Text, plural

from .alphabet import (
    Alphabet,
    CharacterMode,
    ForcingCharacter,
    Rendering,
    alphabet_of,
    forcing_character,
    plain_sign,
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

SUBSTITUTIONS_SHOWN = 5
"""The number of replaced or dropped characters that :func:`describe_size` names."""


@dataclass(frozen=True, slots=True)
class Size:
    """The length of a text in `units` of its alphabet, and the number of parts that makes.

    `is_estimate` is true if the three readings of the contract's section 2.1 disagree; `parts` is
    then the careful one.
    """

    alphabet: Alphabet
    units: int
    parts: int
    is_estimate: bool

    @property
    def too_long(self) -> bool:
        """True if the text makes more than :data:`MAX_PARTS` parts in the most lenient reading, so is surely refused."""
        return self.units > self.most

    @property
    def most(self) -> int:
        """The most units that :data:`MAX_PARTS` parts hold."""
        return MAX_PARTS * PART_SIZES[self.alphabet][1]

    @property
    def least_parts(self) -> int:
        """The number of parts in the most lenient reading."""
        first, following = PART_SIZES[self.alphabet]
        return 1 + max(0, math.ceil((self.units - first) / following))


@dataclass(frozen=True, slots=True)
class Variant:
    """The text that arrives, and its size, if the account is in `mode`."""

    mode: CharacterMode
    rendering: Rendering
    size: Size


@dataclass(frozen=True, slots=True)
class MessageSize:
    """The size of a message before it is sent: one variant, or one for each mode that the account may be in.

    `forcing` is the character that makes the text as written need a dearer alphabet than GSM-7.
    """

    variants: tuple[Variant, ...]
    forcing: ForcingCharacter | None

    @property
    def overlong(self) -> tuple[Variant, ...]:
        """The variants that would be refused for their length."""
        return tuple(variant for variant in self.variants if variant.size.too_long)

    @property
    def dearest(self) -> Variant:
        """The variant with the most parts, of those that are accepted if there is one.

        Of equal ones it is the one in the dearer alphabet.
        """
        accepted = [variant for variant in self.variants if not variant.size.too_long]
        return max(accepted or self.variants, key=lambda variant: (variant.size.parts, variant.size.alphabet.dearness))

    @property
    def parts(self) -> int:
        """The parts for each recipient, at most."""
        return self.dearest.size.parts

    @property
    def too_long(self) -> bool:
        """True if the message would be refused for its length in every mode that the account may be in."""
        return len(self.overlong) == len(self.variants)

    def cause_of_length(self, variant: Variant) -> Text | None:
        """Return the character that makes `variant` need its alphabet, its place from 1, and how many more there are."""
        if self.forcing is None or self.forcing.alphabet is not variant.size.alphabet:
            return None
        character = Text("{character} (character {position})", "{character} ({position}. karakter)").format(
            character=escape(self.forcing.character), position=self.forcing.position
        )
        if not (more := self.forcing.more):
            return character
        return Text("{character} and {more} more like it", "{character} ve böyle {more} karakter daha").format(
            character=character, more=more
        )

    @property
    def arrives_empty(self) -> bool:
        """True if nothing of the text is left in some mode that the account may be in."""
        return any(variant.rendering.is_empty for variant in self.variants)

    def credits_at_most(self, recipients: int) -> int:
        """Return the credits for `recipients` if every message is delivered; undelivered ones are free."""
        return self.parts * recipients


def measure(text: str, alphabet: Alphabet | None = None) -> Size:
    """Return the size of `text` in `alphabet`, by default the cheapest that holds it.

    Of the contract's three readings (section 2.1) the careful one counts: the carrier's suffix
    is in the last part, and no character of two units is torn between two parts (3GPP TS 23.040,
    9.2.3.24.1). If that reading alone exceeds :data:`MAX_PARTS`, it is cut to it.
    Raises :class:`ValueError` for a text that does not fit `alphabet`.
    """
    chosen = alphabet_of(text) if alphabet is None else alphabet
    character_widths = widths(text, chosen)
    units = sum(character_widths)
    first, following = PART_SIZES[chosen]
    if units <= first:
        return Size(chosen, units, 1, is_estimate=False)
    lenient = math.ceil(units / following)
    literal = 1 + math.ceil((units - first) / following)
    careful = cut([*character_widths, *(1,) * SUFFIX_UNITS], following)
    parts = min(careful, MAX_PARTS) if lenient <= MAX_PARTS else careful
    return Size(chosen, units, parts, is_estimate=not lenient == literal == careful)


def most_units(alphabet: Alphabet, parts: int) -> int:
    """Return the most units that surely fit `parts` parts, if each character takes one."""
    first, following = PART_SIZES[alphabet]
    return first if parts == 1 else parts * following - SUFFIX_UNITS


def size_message(text: str, mode: CharacterMode | None) -> MessageSize:
    """Return what `text` becomes on an account in `mode`.

    While the mode is unknown, that is English mode and full Unicode mode, or one variant if
    both do the same; Turkish mode is added in the rare case that it would be dearer than those of both that are accepted.
    """
    forcing = forcing_character(text)
    if mode is not None:
        return MessageSize((_variant(text, mode),), forcing)
    english, turkish, unicode = (_variant(text, any_mode) for any_mode in CharacterMode)
    if english.rendering == unicode.rendering:
        return MessageSize((english,), forcing)
    accepted = [variant.size.parts for variant in (english, unicode) if not variant.size.too_long]
    dearer = turkish.rendering != unicode.rendering and turkish.size.parts > max(accepted, default=MAX_PARTS)
    return MessageSize((english, turkish, unicode) if dearer else (english, unicode), forcing)


def describe_size(message: MessageSize) -> Text:
    """Return the size of `message` in words, without a full stop.

    "GSM-7, 5 characters, 1 part" for one variant; "7 characters, 1 part; if the account is in English mode, sent
    with ş→s; if it is in Turkish or Unicode mode, sent as written" for several of one size; else each with its size.
    """
    variants = message.variants
    sizes = [_size(variant, message.forcing) for variant in variants]
    outcomes = [_outcome(variant) for variant in variants]
    if len(variants) == 1:
        rendering = variants[0].rendering
        return Text.join(", ", [*sizes[0], *(outcomes if rendering.substitutions or rendering.is_empty else [])])
    modes = [_mode(variant) for variant in variants]
    _, *length = sizes[0]
    if all(rest == length for _, *rest in sizes):
        *_, parts = length
        length[-1] = Text("{parts} in every mode", "her modda {parts}").format(parts=parts)
        template = Text("{mode}, {outcome}", "{mode} {outcome}")
        by_mode = [template.format(mode=mode, outcome=outcome) for mode, outcome in zip(modes, outcomes, strict=True)]
        return Text.join("; ", [Text.join(", ", length), *by_mode])
    template = Text("{mode}: {variant}", "{mode}: {variant}")
    return Text.join(
        "; ",
        [
            template.format(mode=mode, variant=Text.join(", ", [*size, outcome]))
            for mode, size, outcome in zip(modes, sizes, outcomes, strict=True)
        ],
    )


def describe_briefly(message: MessageSize) -> Text:
    """Return the length of `message` and its parts, at most, and in which modes it is changed, for who reads it too."""
    dearest, variants = message.dearest, message.variants
    _, length, parts = _size(dearest, None)
    if any(variant.size.parts < dearest.size.parts for variant in variants):
        parts = Text("at most {parts}", "en çok {parts}").format(parts=parts)
    changed = [variant for variant in variants if variant.rendering.substitutions or variant.rendering.is_empty]
    template = Text("{mode}, {outcome}", "{mode} {outcome}")
    outcomes = [
        _outcome(variant) if len(variants) == 1 else template.format(mode=_mode(variant), outcome=_outcome(variant))
        for variant in changed
    ]
    return Text.join("; ", [Text.join(", ", [length, parts]), *outcomes])


ALPHABETS = {
    Alphabet.GSM7: Text("GSM-7", "GSM-7"),
    Alphabet.TURKISH: Text("Turkish alphabet", "Türkçe alfabe"),
    Alphabet.UCS2: Text("UCS-2", "UCS-2"),
}
"""The alphabets in words."""


def _variant(text: str, mode: CharacterMode) -> Variant:
    rendering = render(text, mode)
    return Variant(mode, rendering, measure(rendering.text, rendering.alphabet))


def _mode(variant: Variant) -> Text:
    if variant.mode is CharacterMode.ENGLISH:
        return Text("if the account is in English mode", "hesap İngilizce modundaysa")
    if variant.mode is CharacterMode.TURKISH:
        return Text("if it is in Turkish mode", "Türkçe modundaysa")
    if variant.size.alphabet is Alphabet.TURKISH:
        return Text("if it is in Turkish or Unicode mode", "Türkçe ya da Unicode modundaysa")
    return Text("if it is in Unicode mode", "Unicode modundaysa")


def _size(variant: Variant, forcing: ForcingCharacter | None) -> list[Text]:
    """Return the alphabet with its reason, the length and the number of parts."""
    size = variant.size
    alphabet = ALPHABETS[size.alphabet]
    if forcing is not None and forcing.alphabet is size.alphabet:
        with_reason = Text(
            "{alphabet} because of {character} (character {position})",
            "{alphabet} ({position}. karakter “{character}” yüzünden)",
        )
        alphabet = with_reason.format(alphabet=alphabet, character=escape(forcing.character), position=forcing.position)
        if (plain := plain_sign(forcing.character)) is not None:
            instead = Text("{alphabet}, a plain {plain} would do", "{alphabet}, düz {plain} yeterli")
            alphabet = instead.format(alphabet=alphabet, plain=plain)
    parts = plural(size.parts, "part", "parts", "boy")
    if size.is_estimate and size.least_parts < size.parts:
        parts = Text("{least} or {parts}", "{least} ya da {parts}").format(least=size.least_parts, parts=parts)
    elif size.is_estimate:
        parts = Text("{parts}, if it is accepted", "{parts}, kabul edilirse").format(parts=parts)
    if 1 < size.parts <= MAX_PARTS:
        fewer = Text("{parts} ({number} if shortened by {excess})", "{parts} ({excess} karakter kısaltılırsa {number})")
        excess = max(1, size.units - most_units(size.alphabet, size.parts - 1))
        parts = fewer.format(parts=parts, excess=excess, number=size.parts - 1)
    return [alphabet, plural(size.units, "character", "characters", "karakter"), parts]


def _outcome(variant: Variant) -> Text:
    """Return what arrives of the text."""
    rendering = variant.rendering
    if rendering.is_empty:
        return Text("nothing of the text is left", "metinden geriye bir şey kalmaz")
    if not rendering.substitutions:
        return Text("sent as written", "yazıldığı gibi gider")
    substitutions = rendering.substitutions[:SUBSTITUTIONS_SHOWN]
    outcomes = []
    if pairs := ", ".join(f"{change.printable}→{change.replacement}" for change in substitutions if change.replacement):
        outcomes.append(Text("sent with {pairs}", "{pairs} olarak gider").format(pairs=pairs))
    if losses := ", ".join(change.printable for change in substitutions if not change.replacement):
        outcomes.append(Text("{losses} dropped", "{losses} silinir").format(losses=losses))
    if (more := len(rendering.substitutions) - SUBSTITUTIONS_SHOWN) > 0:
        outcomes.append(plural(more, "more change", "more changes", "değişiklik daha"))
    return Text.join(", ", outcomes)


def cut(character_widths: list[int], units: int) -> int:
    """Return how many parts of at most `units` units hold characters of these widths, each of them whole."""
    parts, free = 1, units
    for width in character_widths:
        if width > free:
            parts, free = parts + 1, units
        free -= width
    return parts
