from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from iletimerkezi_mcp.provider.blacklist import (
    ADD_BLACKLIST,
    DELETE_BLACKLIST,
    GET_BLACKLIST,
    BlacklistPage,
    BlacklistQuery,
)
from iletimerkezi_mcp.provider.decoding import MalformedAnswerError
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.numbers import PhoneNumber

ONE = PhoneNumber("+905330000001")
NOON = datetime(2026, 11, 20, 12, 0, 5, tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        (BlacklistQuery(), {"page": "1", "rowCount": "1000"}),
        (
            BlacklistQuery(page=2, page_size=100, added_from=NOON),
            {"filter": {"start": "2026-11-20 12:00:05"}, "page": "2", "rowCount": "100"},
        ),
        (
            BlacklistQuery(page_size=100, added_from=NOON, added_to=NOON),
            {
                "filter": {"start": "2026-11-20 12:00:05", "end": "2026-11-20 12:00:05"},
                "page": "1",
                "rowCount": "100",
            },
        ),
    ],
)
def test_a_page_is_asked_for_as_documented(query: BlacklistQuery, fields: dict[str, Any]) -> None:
    assert GET_BLACKLIST.encode(query) == {"blacklist": fields}


def test_a_number_is_blocked_and_unblocked_as_documented() -> None:
    assert ADD_BLACKLIST.encode(ONE) == DELETE_BLACKLIST.encode(ONE) == {"blacklist": {"number": "+905330000001"}}


@pytest.mark.parametrize(
    ("blacklist", "read"),
    [
        ({"count": 1, "number": ["+905330000099"]}, BlacklistPage(1, ("+905330000099",))),
        ({"count": "7906", "number": ["+905330000001"] * 2}, BlacklistPage(7906, ("+905330000001",) * 2)),
        ({"count": 0, "number": []}, BlacklistPage(0, ())),
        ({"number": 5330000001}, BlacklistPage(None, ("+905330000001",))),
        ({"count": 0}, BlacklistPage(0, ())),
        ([], BlacklistPage(None, ())),
        ({"count": 2, "number": ["+905330000001", "x"]}, BlacklistPage(2, ("+905330000001",), 1)),
        ({"number": ["x", "+905330000001", None]}, BlacklistPage(None, ("+905330000001",), 2)),
    ],
)
def test_a_blacklist_page_is_read_in_every_shape(blacklist: object, read: BlacklistPage) -> None:
    assert GET_BLACKLIST.decode({"blacklist": blacklist}, BlacklistQuery()) == read


def test_an_answer_without_a_blacklist_is_not_an_empty_one() -> None:
    with pytest.raises(MalformedAnswerError):
        GET_BLACKLIST.decode({}, BlacklistQuery())
