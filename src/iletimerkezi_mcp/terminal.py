"""What a terminal can show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO


def in_colour(out: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to write to `out` in colour: a terminal that has any, and nobody asks for none (NO_COLOR)."""
    return out.isatty() and "NO_COLOR" not in environment and environment.get("TERM") != "dumb"
