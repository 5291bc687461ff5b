from __future__ import annotations

import pytest

from iletimerkezi_mcp.sandbox import envelope
from iletimerkezi_mcp.sandbox.request_context import RefusalError


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"request": []}',
        b"[" * 200_000,
        b'{"request": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_request_is_400(raw: bytes) -> None:
    with pytest.raises(RefusalError) as refusal:
        envelope.read(raw)
    assert refusal.value.code == 400


def test_what_stands_under_request_is_read() -> None:
    assert envelope.read(b'{"request": {"order": {"id": 1}}}') == {"order": {"id": 1}}


def test_a_text_may_be_absent_but_is_nothing_else() -> None:
    assert envelope.text({"a": "b"}, "a") == "b"
    assert envelope.text({}, "a") == ""
    with pytest.raises(RefusalError) as refusal:
        envelope.text({"a": 1}, "a")
    assert refusal.value.code == 400


def test_a_whole_number_comes_as_number_or_digits() -> None:
    given: list[object] = [7, "7", "007", True, -1, 1.5, "1.5", "-1", "", None, "٧", 10**18, "9" * 19]
    assert [envelope.whole_number(value) for value in given] == [7, 7, 7] + [None] * 10


def test_the_page_is_the_first_unless_given_and_464_below() -> None:
    assert [envelope.page(fields, 30)["skip"] for fields in ({}, {"page": 3}, {"page": "4"})] == [0, 60, 90]
    assert envelope.page({"page": 10**17}, 1000) == {"rows": 1000, "skip": 2**62}
    for bad in (0, "0", -1, "x", None):
        with pytest.raises(RefusalError) as refusal:
            envelope.page({"page": bad}, 30)
        assert refusal.value.code == 464


def test_the_rows_of_a_page_are_at_most_a_thousand() -> None:
    assert [envelope.row_count(fields) for fields in ({}, {"rowCount": "5"}, {"rowCount": 5000})] == [1000, 5, 1000]
    for bad in (0, "x"):
        with pytest.raises(RefusalError) as refusal:
            envelope.row_count({"rowCount": bad})
        assert refusal.value.code == 400
