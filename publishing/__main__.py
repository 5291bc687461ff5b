"""``python -m publishing`` writes what is stale and names it; with ``--check`` it only names it, and exits with 1."""

from __future__ import annotations

import sys

from .files import PUBLISHED


def main(arguments: list[str]) -> int:
    """Write or, with ``--check``, only name the stale files."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m publishing [--check]\n")
        return 2
    stale = [published for published in PUBLISHED if published.stale]
    for published in stale:
        if not arguments:
            published.write()
        sys.stdout.write(f"{published.path}\n")
    return 1 if stale and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
