"""The command line. Imports nothing heavy before it knows what to do."""

from __future__ import annotations

from .program import main

__all__ = ["main"]
