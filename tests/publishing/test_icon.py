"""The drawn icons are those of the SVG, which is the only source."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from publishing.icon import ICONS, pixels, png
from publishing.project import ROOT


def read(data: bytes) -> tuple[int, int, bytes]:
    """Width, height and uncompressed content: what zlib makes of equal pixels differs between its versions."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">2I", data[16:24])
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start])
    return width, height, zlib.decompress(data[start + 4 : start + 4 + length])


@pytest.mark.parametrize(("file", "size"), ICONS, ids=str)
def test_a_drawn_icon_is_the_one_of_the_svg(file: Path, size: int) -> None:
    width, height, content = read((ROOT / file).read_bytes())
    assert (width, height) == (size, size)
    # Of the large one every eighth row is drawn, for drawing all of it takes seconds.
    row, step = 1 + 4 * size, size // 64
    some = b"".join(content[start : start + row] for start in range(0, len(content), row * step))
    assert some == pixels(size, step), "run python -m publishing.icon"


def test_the_drawing_is_a_green_bubble_with_a_white_mark_on_nothing() -> None:
    size = 16
    width, height, content = read(png(size))
    assert (width, height) == (size, size)
    rows = [content[row * (1 + 4 * size) + 1 : (row + 1) * (1 + 4 * size)] for row in range(size)]
    held = {row[column * 4 : column * 4 + 4] for row in rows for column in range(size)}
    assert {bytes(4), bytes.fromhex("15803dff"), bytes.fromhex("ffffffff")} <= held
