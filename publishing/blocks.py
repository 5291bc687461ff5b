"""Documents that are written by hand but for the blocks that are made from the code, each between its markers."""

from __future__ import annotations

from collections.abc import Mapping

from .project import ROOT


def fill_blocks(path: str, blocks: Mapping[str, str]) -> str:
    """Return the document at `path` with the text of `blocks` between ``<!-- name -->`` and ``<!-- /name -->``.

    Raises :class:`ValueError` if the document does not have one of them.
    """
    document = (ROOT / path).read_text(encoding="utf-8")
    for name, text in blocks.items():
        before, begins, rest = document.partition(f"<!-- {name} -->\n")
        _, ends, after = rest.partition(f"<!-- /{name} -->")
        if not begins or not ends:
            raise ValueError(f"{path} has no block called {name}")
        document = f"{before}{begins}{text}\n{ends}{after}"
    return document


def table(head: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])
