"""The server's icon, which hosts may show beside its name: a speech bubble with a check mark."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Final

from mcp.types import Icon

SIZE: Final = 64
"""The width and height of the PNG, in pixels."""

_SVG: Final = Path(__file__).with_suffix(".svg")
_FILES: Final = ((_SVG.with_suffix(".png"), "image/png", f"{SIZE}x{SIZE}"), (_SVG, "image/svg+xml", "any"))


def icons() -> list[Icon]:
    """Return the icon as a PNG, which every host has to understand, and as an SVG of any size; nothing is fetched."""
    return [
        Icon(src=f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}", mime_type=kind, sizes=[size])
        for path, kind, size in _FILES
    ]
