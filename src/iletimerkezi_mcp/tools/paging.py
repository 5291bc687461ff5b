"""Long lists in an answer: a capped number of rows, and which rows of how many they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.sms.escape import quoted

from .arguments import argument

ROWS_SHOWN = 150
"""The most rows that an answer lists unless more are asked for."""

CANONICAL = re.compile(r"\+[0-9]{7,15}")


def first_of(words: Sequence[str], most: int) -> str:
    """Return `words` on one line, of many the first ones."""
    return ", ".join([*words[:most], "…"] if len(words) > most else words)


def describe_rows(kind: Text, rows: Sequence[str], limit: int = ROWS_SHOWN) -> Text:
    """Return the first `limit` of `rows` on one line, with their number, and how many there are if cut.

    What cannot be a phone number is marked.
    """
    if not rows:
        return Text("{kind}: none on this page.", "{kind}: bu sayfada yok.").format(kind=kind)
    numbers = Text.join(", ", map(_number, rows[:limit]))
    if len(rows) <= limit:
        return Text("{kind} ({number}): {numbers}.", "{kind} ({number}): {numbers}.").format(
            kind=kind, number=len(rows), numbers=numbers
        )
    return Text(
        "{kind} (1 to {last} of {number}): {numbers}.", "{kind} ({number} numaranın ilk {last} tanesi): {numbers}."
    ).format(kind=kind, last=limit, number=len(rows), numbers=numbers)


def _number(number: str) -> Text:
    if CANONICAL.fullmatch(number):
        return verbatim(number)
    return Text("{number} (not a whole phone number)", "{number} (tam bir telefon numarası değil)").format(
        number=quoted(number)
    )


def describe_unreadable(unreadable: int) -> list[Text]:
    """Return a sentence on the rows of a page that could not be read, if there are any."""
    if not unreadable:
        return []
    return [
        Text(
            "Rows of this page that could not be read and are left out: {number}.",
            "Bu sayfada okunamayan ve listeye alınmayan satır: {number}.",
        ).format(number=unreadable)
    ]


def last_page(page_size: int, total: int | None) -> int | None:
    """Return the number of the last page, None if it is not known. A list without rows has one page."""
    return None if total is None else max(-(-total // page_size), 1)


def next_pages(page: int, page_size: int, total: int | None, sought: str | None = None) -> Text | None:
    """Return how to get to the rows of other pages, if there are any; `sought` is the number that is looked for."""
    last = last_page(page_size, total)
    if last is None or last == page:
        return None
    if last < page:
        return Text(
            "The last page is {last}; call again with that or an earlier one.",
            "Son sayfa {last}; page en çok {last} olacak şekilde yeniden çağırın.",
        ).format(last=str(last))
    if sought is not None:
        return Text(
            "To look for {number} further, call again with {page}.",
            "{number} numarasını aramayı sürdürmek için {page} ile yeniden çağırın.",
        ).format(number=sought, page=argument("page", page + 1))
    return Text(
        "For the next rows call again with {page}.", "Sonraki satırlar için {page} ile yeniden çağırın."
    ).format(page=argument("page", page + 1))


def describe_absence(number: str, page: int, page_size: int, total: int | None) -> Text:
    """Return a sentence that `number` is not on this page, and which page is next."""
    last = last_page(page_size, total)
    if last is None or last <= page:
        return Text("{number} is not on page {page}.", "{number} {page}. sayfada yok.").format(
            number=number, page=str(page)
        )
    return Text(
        "{number} is not on page {page}; page {next} of {last} is next.",
        "{number} {page}. sayfada yok; sırada {next}. sayfa var (toplam {last}).",
    ).format(number=number, page=str(page), next=str(page + 1), last=str(last))


def describe_page(page: int, page_size: int, on_page: int, total: int | None) -> Text:
    """Return a sentence on which rows of how many a page holds."""
    if on_page:
        first = (page - 1) * page_size + 1
        last = first + on_page - 1
        if total is None:
            return Text("Looked at rows {first} to {last}.", "{first}-{last} arası satırlara bakıldı.").format(
                first=first, last=last
            )
        return Text(
            "Looked at rows {first} to {last} of {total}.", "{total} satırdan {first}-{last} arasına bakıldı."
        ).format(first=first, last=last, total=total)
    if total is None:
        return Text("Page {page} holds no rows.", "{page}. sayfada satır yok.").format(page=str(page))
    return Text(
        "Page {page} holds no rows; there are {total}.", "{page}. sayfada satır yok; toplam {total} satır var."
    ).format(page=str(page), total=total)
