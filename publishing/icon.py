"""The icon as PNG files, drawn from the one SVG; a rectangle, a polygon and a line of a few points are all that it may hold.

``python -m publishing.icon`` draws them. A host that shows no SVG shows these.
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from iletimerkezi_mcp.server.icon import SIZE

from .project import ROOT

SVG: Final = Path("src/iletimerkezi_mcp/server/icon.svg")
ICONS: Final = ((SVG.with_suffix(".png"), SIZE), (Path("manifests/mcpb/icon.png"), 512))
"""Each drawn file, with its width and height in pixels: what the server shows of itself, and what a desktop host wants."""

_SAMPLES: Final = 3
"""Samples of each pixel in both directions, for smooth edges."""

Point = tuple[float, float]
Shape = tuple[Callable[[Point], bool], bytes]
"""Whether a point is on it, and its colour as red, green and blue."""


def png(size: int) -> bytes:
    """Return the icon, `size` pixels wide and high, transparent around the drawing."""
    head = struct.pack(">2I5B", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels(size), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pixels(size: int, step: int = 1) -> bytes:
    """Return what a PNG compresses: for each row, or each of `step`, a zero, and red, green, blue and opacity of its pixels."""
    root = ElementTree.parse(ROOT / SVG).getroot()  # noqa: S314 (our own file)
    shapes = [_shape(element) for element in reversed(root)]
    scale = float(root.attrib["viewBox"].split()[2]) / size
    offsets = [(2 * step + 1) / (2 * _SAMPLES) for step in range(_SAMPLES)]

    def pixel(column: int, row: int) -> bytes:
        points = [((column + x) * scale, (row + y) * scale) for y in offsets for x in offsets]
        colours = [next((colour for covers, colour in shapes if covers(point)), None) for point in points]
        drawn = [colour for colour in colours if colour is not None]
        means = [sum(part) // len(drawn) for part in zip(*drawn, strict=True)] or [0, 0, 0]
        return bytes([*means, 255 * len(drawn) // len(points)])

    return b"".join(b"\0" + b"".join(pixel(column, row) for column in range(size)) for row in range(0, size, step))


def _shape(element: ElementTree.Element) -> Shape:
    values = element.attrib
    colour = bytes.fromhex(values.get("stroke", values["fill"]).removeprefix("#"))
    if element.tag.endswith("rect"):
        left, top, width, height, radius = (float(values[name]) for name in ("x", "y", "width", "height", "rx"))
        inner = (left + radius, left + width - radius, top + radius, top + height - radius)
        return lambda point: _distance_from_box(point, inner) <= radius, colour
    corners = [(float(x), float(y)) for x, _, y in (pair.partition(",") for pair in values["points"].split())]
    if element.tag.endswith("polyline"):
        reach, lines = float(values["stroke-width"]) / 2, list(pairwise(corners))
        return lambda point: any(_distance_from_line(point, *line) <= reach for line in lines), colour
    sides = list(pairwise([*corners, corners[0]]))
    return lambda point: sum(_crosses(point, *side) for side in sides) % 2 == 1, colour


def _distance_from_box(point: Point, box: tuple[float, float, float, float]) -> float:
    left, right, top, bottom = box
    return math.hypot(max(left - point[0], 0, point[0] - right), max(top - point[1], 0, point[1] - bottom))


def _distance_from_line(point: Point, start: Point, end: Point) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    share = ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / (across**2 + down**2)
    share = max(0.0, min(1.0, share))
    return math.hypot(point[0] - start[0] - share * across, point[1] - start[1] - share * down)


def _crosses(point: Point, start: Point, end: Point) -> bool:
    """Return True if a ray from `point` to the right crosses the side of a polygon."""
    if (start[1] > point[1]) == (end[1] > point[1]):
        return False
    return point[0] < start[0] + (point[1] - start[1]) * (end[0] - start[0]) / (end[1] - start[1])


if __name__ == "__main__":
    for file, width in ICONS:
        (ROOT / file).write_bytes(png(width))
