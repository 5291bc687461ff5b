"""Screenshots made small: a browser writes every pixel in four bytes, and a palette of 256 colours is enough for text."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def shrink(file: Path) -> None:
    """Write a browser's PNG (8 bits a channel, RGB or RGBA, not interlaced) anew, with a palette."""
    chunks = _chunks(file.read_bytes())
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, kind) in ((8, 2), (8, 6)), (depth, kind)
    size = 3 if kind == 2 else 4
    rows = _rows(zlib.decompress(chunks[b"IDAT"]), width * size, size)
    pixels = [[row[at : at + 3] for at in range(0, width * size, size)] for row in rows]
    # Only the edges of letters lose something: the three bits of each channel that count least.
    coarse = {each: bytes(min(255, (channel + 4) // 8 * 8) for channel in each) for row in pixels for each in row}
    often = Counter(coarse[each] for row in pixels for each in row)
    palette = [colour for colour, _ in often.most_common(256)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in often:
        if colour not in places:
            places[colour] = places[min(palette, key=lambda each: _distance(each, colour))]
    data = b"".join(b"\0" + bytes(places[coarse[each]] for each in row) for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    file.write_bytes(
        SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", b"".join(palette))
        + _chunk(b"IDAT", zlib.compress(data, 9))
        + _chunk(b"IEND", b"")
    )


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunks(data: bytes) -> dict[bytes, bytes]:
    assert data.startswith(SIGNATURE)
    at, chunks = len(SIGNATURE), dict[bytes, bytes]()
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        chunks[name] = chunks.get(name, b"") + data[at + 8 : at + 8 + length]
        at += length + 12
    return chunks


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(data: bytes, length: int, size: int) -> list[bytes]:
    """Return the rows without the filters of PNG (specification, section 9)."""
    rows, above = [], bytes(length)
    for at in range(0, len(data), length + 1):
        kind, row = data[at], bytearray(data[at + 1 : at + 1 + length])
        for place in range(length):
            left = row[place - size] if place >= size else 0
            corner = above[place - size] if place >= size else 0
            row[place] = (row[place] + _predicted(kind, left, above[place], corner)) & 255
        above = bytes(row)
        rows.append(above)
    return rows


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    near = left + up - corner
    return min((left, up, corner), key=lambda each: abs(near - each))
