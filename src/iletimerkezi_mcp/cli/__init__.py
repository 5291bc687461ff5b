"""The command line. It imports nothing heavy before it has read its words."""

from __future__ import annotations

from .program import main

__all__ = ["main"]
