"""Long lists in an answer: a capped number of rows, and which rows of how many they are."""

from __future__ import annotations

from collections.abc import Sequence

from iletimerkezi_mcp.language import Text, count

ROWS_SHOWN = 150
"""Numbers that one answer lists at most; as a page size it lists every row of its page."""


def listed(kind: Text, rows: Sequence[str]) -> Text:
    """The first :data:`ROWS_SHOWN` of `rows` on one line, saying how many there are where that is not all."""
    if not rows:
        return kind + Text(": none on this page", ": bu sayfada yok")
    shown = ", ".join(rows[:ROWS_SHOWN])
    if len(rows) <= ROWS_SHOWN:
        return kind + " (" + count(len(rows)) + "): " + shown
    return kind + Text(f" (1 to {ROWS_SHOWN} of ", f" (1-{ROWS_SHOWN}, toplam ") + count(len(rows)) + "): " + shown


def the_rest(cut: bool, page: int, page_size: int, total: int | None) -> Text | None:
    """How to get what this answer does not show, if anything."""
    if cut:
        first = (page - 1) * page_size // ROWS_SHOWN + 1
        return Text(
            f"For every row call again with page_size {ROWS_SHOWN} and page {first}, {first + 1}, …",
            f"Her satır için page_size {ROWS_SHOWN} ve page {first}, {first + 1}, … ile yeniden çağırın.",
        )
    if total is not None and page * page_size < total:
        return Text(
            f"For the next rows call again with page {page + 1}.",
            f"Sonraki satırlar için page {page + 1} ile yeniden çağırın.",
        )
    return None


def covered(page: int, page_size: int, on_page: int, total: int | None) -> Text:
    """Which rows of how many a page holds."""
    if not on_page:
        return Text(f"Page {page} holds no rows", f"{page}. sayfada satır yok") + _of(total)
    first = (page - 1) * page_size + 1
    last = first + on_page - 1
    return Text("Rows ", "Satır ") + count(first) + Text(" to ", "-") + count(last) + _of(total)


def _of(total: int | None) -> Text:
    if total is None:
        return Text("", "")
    return Text(" of ", ", toplam ") + count(total)
