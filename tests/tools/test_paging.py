"""Long lists in an answer."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.tools.paging import describe_absence, describe_page, describe_rows, next_pages


@pytest.mark.parametrize(
    ("page", "on_page", "total", "told"),
    [
        (1, 3, 3, Text("Looked at rows 1 to 3 of 3.", "3 satırdan 1-3 arasına bakıldı.")),
        (3, 20, 7_906, Text("Looked at rows 41 to 60 of 7,906.", "7.906 satırdan 41-60 arasına bakıldı.")),
        (2, 5, None, Text("Looked at rows 21 to 25.", "21-25 arası satırlara bakıldı.")),
        (1, 0, None, Text("Page 1 holds no rows.", "1. sayfada satır yok.")),
        (1, 0, 0, Text("Page 1 holds no rows; there are 0.", "1. sayfada satır yok; toplam 0 satır var.")),
        (9, 0, 30, Text("Page 9 holds no rows; there are 30.", "9. sayfada satır yok; toplam 30 satır var.")),
    ],
)
def test_a_page_says_which_rows_of_how_many_it_holds(page: int, on_page: int, total: int | None, told: Text) -> None:
    assert describe_page(page, 20, on_page, total) == told


@pytest.mark.parametrize(
    ("page", "total", "told"),
    [
        (1, 21, "For the next rows call again with page 2."),
        (1, 20, None),
        (2, 0, "The last page is 1; call again with that or an earlier one."),
        (2, 21, None),
        (1, None, None),
        (1, 0, None),
        (3, 21, "The last page is 2; call again with that or an earlier one."),
    ],
)
def test_the_way_to_other_pages_is_told_where_there_are_any(page: int, total: int | None, told: str | None) -> None:
    rest = next_pages(page, 20, total)
    assert (rest and rest.en) == told


@pytest.mark.parametrize(
    ("page", "total", "told"),
    [
        (1, 41, "+1 is not on page 1; page 2 of 3 is next."),
        (3, 41, "+1 is not on page 3."),
        (2, None, "+1 is not on page 2."),
    ],
)
def test_a_number_that_is_not_there_is_named_with_the_page_that_is_next(
    page: int, total: int | None, told: str
) -> None:
    assert describe_absence("+1", page, 20, total).en == told


def test_numbers_stand_on_one_line_with_their_count() -> None:
    kind = Text("Blocked", "Engelli")
    assert describe_rows(kind, []) == Text("Blocked: none on this page.", "Engelli: bu sayfada yok.")
    one = "+905321234567"
    assert describe_rows(kind, [one, one]) == Text(f"Blocked (2): {one}, {one}.", f"Engelli (2): {one}, {one}.")
    assert describe_rows(kind, [one] * 151).tr.startswith(f"Engelli (151 numaranın ilk 150 tanesi): {one}, ")
    assert describe_rows(kind, [one] * 3, 2).en == f"Blocked (1 to 2 of 3): {one}, {one}."


def test_what_is_no_whole_phone_number_is_quoted_and_marked() -> None:
    rows = describe_rows(Text("Blocked", "Engelli"), ["123", "0532***4567"])
    assert rows.en == ("Blocked (2): “123” (not a whole phone number), “0532***4567” (not a whole phone number).")
    assert "“123” (tam bir telefon numarası değil)" in rows.tr
