"""An SMS as it goes over the air: coded bit by bit, after the published tables and nothing of the product's.

3GPP TS 23.038: 6.2.1 (default alphabet and its extension), 6.1.2.1 (packing), A.2.1 and A.3.1 (Turkish
single and locking shift). 3GPP TS 23.040: 9.2.3.24 (user data header, concatenation, national language).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

OCTETS: Final = 140
"""Octets of user data in one SMS (TS 23.040, 9.2.3.16)."""

ESCAPE: Final = 0x1B

# One row is sixteen positions; the escape itself is written as \x1b.
DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
TURKISH_LOCKING: Final = (
    "@£$¥€éùıòÇ\nĞğ\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "İABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "çabcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENSION: Final[Mapping[int, str]] = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
TURKISH_SINGLE: Final[Mapping[int, str]] = {
    **EXTENSION, 0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş",
}  # fmt: skip

CONCATENATED: Final = bytes([0x00, 0x03, 0x5A])
"""The element of one part of several, with a reference of eight bits; how many and which one follow."""

LOCKED_TO_TURKISH: Final = bytes([0x25, 0x01, 0x01])
SHIFTED_TO_TURKISH: Final = bytes([0x24, 0x01, 0x01])


@dataclass(frozen=True, slots=True)
class Coding:
    """One way to code a text: septets of a table and its extension, or UTF-16 without a table."""

    table: str | None
    extension: Mapping[int, str]
    header: bytes = b""

    def sequences(self, text: str) -> list[list[int]] | None:
        """Return each character's units, which stay together in one part; None if a character is not in the tables."""
        found = [self._sequence(character) for character in text]
        return None if None in found else [units for units in found if units is not None]

    def _sequence(self, character: str) -> list[int] | None:
        if self.table is None:
            raw = character.encode("utf-16-be", "surrogatepass")
            return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]
        place = self.table.find(character)
        if place >= 0 and place != ESCAPE:
            return [place]
        behind = [code for code, listed in self.extension.items() if listed == character]
        return [ESCAPE, behind[0]] if behind else None

    def room(self, header: bytes) -> int:
        """Return the units that one part holds behind a header with these elements."""
        octets = len(header) + 1 if header else 0
        if self.table is None:
            return (OCTETS - octets) // 2
        return (OCTETS * 8) // 7 - -(-octets * 8 // 7)


GSM7: Final = Coding(DEFAULT, EXTENSION)
TURKISH: Final = Coding(TURKISH_LOCKING, EXTENSION, LOCKED_TO_TURKISH)
TURKISH_BY_SINGLE_SHIFT: Final = Coding(DEFAULT, TURKISH_SINGLE, SHIFTED_TO_TURKISH)
UCS2: Final = Coding(None, {})


def cut(sequences: list[list[int]], room: int) -> list[list[int]]:
    """Put `sequences` in order into parts of at most `room` units, and tear none."""
    parts: list[list[int]] = [[]]
    for units in sequences:
        if len(parts[-1]) + len(units) > room:
            parts.append([])
        parts[-1] += units
    return parts


def encode(text: str, coding: Coding) -> list[bytes] | None:
    """Return the user data of each SMS that `text` becomes, or None if `coding` cannot carry it."""
    sequences = coding.sequences(text)
    if sequences is None:
        return None
    alone = cut(sequences, coding.room(coding.header))
    if len(alone) == 1:
        return [_user_data(alone[0], coding, coding.header)]
    parts = cut(sequences, coding.room(CONCATENATED + b"\0\0" + coding.header))
    return [
        _user_data(units, coding, CONCATENATED + bytes([len(parts) % 256, number % 256]) + coding.header)
        for number, units in enumerate(parts, 1)
    ]


def decode(parts: list[bytes]) -> str:
    """Return the text of `parts`, read by their bits alone; a header tells the tables, the first octet the form.

    That octet is no part of an SMS's user data: it stands in for the fields around it (TP-UDHI and TP-DCS).
    """
    return "".join(_decode(part) for part in parts)


_HAS_HEADER, _IS_UCS2 = 0x40, 0x08


def _user_data(units: list[int], coding: Coding, elements: bytes) -> bytes:
    header = bytes([len(elements)]) + elements if elements else b""
    form = (_HAS_HEADER if header else 0) | (_IS_UCS2 if coding.table is None else 0)
    if coding.table is None:
        body = header + b"".join(unit.to_bytes(2) for unit in units)
        count = len(body)
    else:
        # The septets begin at the next septet's border behind the header (TS 23.040, figure 9.2.3.24 (a)).
        skipped = -(-len(header) * 8 // 7)
        number = int.from_bytes(header, "little")
        for place, septet in enumerate(units, skipped):
            number |= septet << (7 * place)
        count = skipped + len(units)
        body = number.to_bytes(-(-count * 7 // 8), "little")
    assert len(body) <= OCTETS
    return bytes([form, count]) + body


def _decode(part: bytes) -> str:
    form, count, body = part[0], part[1], part[2:]
    header = body[1 : 1 + body[0]] if form & _HAS_HEADER else b""
    octets = len(header) + 1 if form & _HAS_HEADER else 0
    if form & _IS_UCS2:
        return body[octets:count].decode("utf-16-be", "surrogatepass")
    elements = dict(_elements(header))
    table = TURKISH_LOCKING if elements.get(0x25) == b"\x01" else DEFAULT
    extension = TURKISH_SINGLE if elements.get(0x24) == b"\x01" else EXTENSION
    bits = int.from_bytes(body, "little")
    septets = iter([bits >> (7 * place) & 0x7F for place in range(-(-octets * 8 // 7), count)])
    return "".join(extension[next(septets)] if one == ESCAPE else table[one] for one in septets)


def _elements(header: bytes) -> Iterator[tuple[int, bytes]]:
    while header:
        yield header[0], header[2 : 2 + header[1]]
        header = header[2 + header[1] :]
