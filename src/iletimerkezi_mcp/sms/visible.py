"""Text from outside, made harmless to look at.

A control, direction-changing or zero-width character, or half a surrogate pair, can make a
line pose as another or cannot be written at all; here it shows as its number.
"""

from __future__ import annotations


def visible(text: str, limit: int | None = None) -> str:
    """`text` with everything unprintable written as ``\\u200e``, cut with ``…`` to at most `limit` characters."""
    shown = ""
    for character in text:
        piece = character if character.isprintable() else f"\\u{ord(character):04x}"
        if limit is not None and len(shown) + len(piece) > limit:
            return shown[: limit - 1] + "…"
        shown += piece
    return shown
