"""The last look before a release: ``python -m publishing.release v0.2.0`` prints what does not agree with that tag, and exits with 1."""

from __future__ import annotations

import re
import sys

from iletimerkezi_mcp.cli.config.entry import RELEASED

from .project import ROOT, VERSION


def disagreements(tag: str, changelog: str, *, released: bool) -> list[str]:
    """Return one sentence for each thing that does not fit a release of `tag`."""
    found = []
    if tag != f"v{VERSION}":
        found.append(f"The tag is {tag}, and __version__ in src/iletimerkezi_mcp/__init__.py is {VERSION}.")
    if not re.search(rf"^## \[{re.escape(VERSION)}\] - \d{{4}}-\d{{2}}-\d{{2}}$", changelog, re.MULTILINE):
        found.append(f"CHANGELOG.md has no heading such as: ## [{VERSION}] - 2026-12-31.")
    if not released:
        found.append("RELEASED in src/iletimerkezi_mcp/cli/config/entry.py is False: the documents show a checkout.")
    return found


def main(arguments: list[str]) -> int:
    """Look at the tag that is named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m publishing.release TAG\n")
        return 2
    found = disagreements(arguments[0], (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), released=RELEASED)
    sys.stdout.write("".join(f"{sentence}\n" for sentence in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
