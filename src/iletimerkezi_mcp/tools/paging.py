"""Long lists in an answer: a capped number of rows, and which rows of how many they are."""

from __future__ import annotations

from collections.abc import Sequence

from iletimerkezi_mcp.language import Text

ROWS_SHOWN = 150
"""The most numbers that one answer lists; as a page size it lists every row of its page."""


def describe_rows(kind: Text, rows: Sequence[str]) -> Text:
    """Return the first :data:`ROWS_SHOWN` of `rows` on one line, with their number, and how many there are if cut."""
    if not rows:
        return Text("{kind}: none on this page.", "{kind}: bu sayfada yok.").format(kind=kind)
    numbers = ", ".join(rows[:ROWS_SHOWN])
    if len(rows) <= ROWS_SHOWN:
        return Text("{kind} ({number}): {numbers}.", "{kind} ({number}): {numbers}.").format(
            kind=kind, number=len(rows), numbers=numbers
        )
    return Text(
        "{kind} (1 to {last} of {number}): {numbers}.", "{kind} ({number} numaranın ilk {last} tanesi): {numbers}."
    ).format(kind=kind, last=ROWS_SHOWN, number=len(rows), numbers=numbers)


def next_pages(cut: bool, page: int, page_size: int, total: int | None) -> Text | None:
    """Return how to get the rows that this answer does not show, if there are any; `cut` if it left rows out."""
    if cut:
        first = (page - 1) * page_size // ROWS_SHOWN + 1
        return Text(
            "For every row call again with page_size {size} and page {first}, {second}, …",
            "Bütün satırlar için page_size {size} ve page {first}, {second}, … ile yeniden çağırın.",
        ).format(size=str(ROWS_SHOWN), first=str(first), second=str(first + 1))
    if total is None:
        return None
    # A list without rows has one page.
    if (last := max(-(-total // page_size), 1)) > page:
        return Text(
            "For the next rows call again with page {next}.", "Sonraki satırlar için page {next} ile yeniden çağırın."
        ).format(next=str(page + 1))
    if page > last:
        return Text(
            "The last page is {last}; call again with that or an earlier one.",
            "Son sayfa {last}; page en çok {last} olacak şekilde yeniden çağırın.",
        ).format(last=str(last))
    return None


def describe_page(page: int, page_size: int, on_page: int, total: int | None) -> Text:
    """Return a sentence on which rows of how many a page holds."""
    if on_page:
        first = (page - 1) * page_size + 1
        last = first + on_page - 1
        if total is None:
            return Text("Rows {first} to {last}.", "{first}-{last} arası satırlar gösteriliyor.").format(
                first=first, last=last
            )
        return Text("Rows {first} to {last} of {total}.", "{total} satırdan {first}-{last} arası gösteriliyor.").format(
            first=first, last=last, total=total
        )
    if total is None:
        return Text("Page {page} holds no rows.", "{page}. sayfada satır yok.").format(page=str(page))
    return Text(
        "Page {page} holds no rows; there are {total}.", "{page}. sayfada satır yok; toplam {total} satır var."
    ).format(page=str(page), total=total)
