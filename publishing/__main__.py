"""``python -m publishing`` writes what is stale and names it."""

from __future__ import annotations

import sys

from .files import PUBLISHED

for published in PUBLISHED:
    if published.stale:
        published.write()
        sys.stdout.write(f"{published.path}\n")
