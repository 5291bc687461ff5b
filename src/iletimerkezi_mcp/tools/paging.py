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
    many = count(len(rows))
    return kind + Text(f" (1 to {ROWS_SHOWN} of {many.en}): ", f" ({many.tr} tanenin ilk {ROWS_SHOWN}'si): ") + shown


def the_rest(cut: bool, page: int, page_size: int, total: int | None) -> Text | None:
    """How to get what this answer does not show, if anything."""
    if cut:
        first = (page - 1) * page_size // ROWS_SHOWN + 1
        return Text(
            f"For every row call again with page_size {ROWS_SHOWN} and page {first}, {first + 1}, …",
            f"Her satır için page_size {ROWS_SHOWN} ve page {first}, {first + 1}, … ile yeniden çağırın.",
        )
    if total is None:
        return None
    if (last := last_page(page_size, total)) > page:
        return Text(
            f"For the next rows call again with page {page + 1}.",
            f"Sonraki satırlar için page {page + 1} ile yeniden çağırın.",
        )
    if page > last:
        return Text(
            f"The last page is {last}; call again with that or an earlier one.",
            f"Son sayfa {last}; page en çok {last} olacak şekilde yeniden çağırın.",
        )
    return None


def last_page(page_size: int, total: int) -> int:
    """The number of the last page; a list without rows has one page."""
    return max(-(-total // page_size), 1)


def covered(page: int, page_size: int, on_page: int, total: int | None) -> Text:
    """Which rows of how many a page holds, as a sentence."""
    every = None if total is None else count(total)
    if on_page:
        first = (page - 1) * page_size + 1
        start, end = count(first), count(first + on_page - 1)
        if every is None:
            return Text(f"Rows {start.en} to {end.en}.", f"Satır {start.tr}-{end.tr}.")
        return Text(f"Rows {start.en} to {end.en} of {every.en}.", f"{every.tr} satırın {start.tr}-{end.tr} arası.")
    none = Text(f"Page {page} holds no rows", f"{page}. sayfada satır yok")
    if total is None or every is None:
        return none + "."
    last = last_page(page_size, total)
    there = Text(f"; there are {every.en}", f"; toplam {every.tr} satır var")
    beyond = Text(f", and the last page is {last}", f", son sayfa {last}") if page > last else ""
    return none + there + beyond + "."
