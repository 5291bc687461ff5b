"""The account's blacklist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from iletimerkezi_mcp.language import Text, for_onlooker
from iletimerkezi_mcp.sms.numbers import PhoneNumber
from iletimerkezi_mcp.sms.times import wire_moment

from .decoding import read_count, read_number, read_rows, read_wrapper
from .operation import MAX_PAGE_SIZE, Fields, Operation, no_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistQuery:
    """One page of the blocked numbers: of all of them, or of those added within a time."""

    page: int = 1
    page_size: int = MAX_PAGE_SIZE
    added_from: datetime | None = None
    added_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class BlacklistPage:
    """One page of blocked numbers; `unreadable` is the number of rows that could not be read.

    `count` is the whole list's length, None if the answer did not hold it.
    """

    count: int | None
    numbers: tuple[str, ...]
    unreadable: int = 0


def _query(query: BlacklistQuery) -> Fields:
    # Outside ``blacklist`` the fields would have no effect.
    bounds = {"start": query.added_from, "end": query.added_to}
    times = {name: wire_moment(moment) for name, moment in bounds.items() if moment is not None}
    page = {"page": str(query.page), "rowCount": str(query.page_size)}
    return {"blacklist": {"filter": times, **page} if times else page}


def _page(response: Mapping[str, Any], query: BlacklistQuery) -> BlacklistPage:
    page = read_wrapper(response, "blacklist", "number")
    numbers, unreadable = read_rows(page.get("number"), read_number)
    return BlacklistPage(read_count(page.get("count")), numbers, unreadable)


def _number(number: PhoneNumber) -> Fields:
    return {"blacklist": {"number": number}}


def _look(number: PhoneNumber) -> Text:
    return for_onlooker(
        Text("Look with get_blacklist (number {number}).", "get_blacklist ile bakın (number {number})."),
        "Ask in the chat if {number} is on the blacklist.",
        "{number} numarasının kara listede olup olmadığını sohbette sorun.",
    ).format(number=number)


GET_BLACKLIST: Final[Operation[BlacklistQuery, BlacklistPage]] = Operation(
    name="get_blacklist", path="/v1/get-blacklist/json", changes=False, encode=_query, decode=_page
)
"""One page of the blocked numbers (contract, section 9.1)."""

ADD_BLACKLIST: Final[Operation[PhoneNumber, None]] = Operation(
    name="add_blacklist",
    path="/v1/add-blacklist/json",
    changes=True,
    encode=_number,
    decode=no_answer,
    how_to_verify=_look,
)
"""Stop every message of the account to a number. One that is listed already is no failure (contract, section 9.2)."""

DELETE_BLACKLIST: Final[Operation[PhoneNumber, None]] = Operation(
    name="delete_blacklist",
    path="/v1/delete-blacklist/json",
    changes=True,
    encode=_number,
    decode=no_answer,
    how_to_verify=_look,
)
"""Take a number off the blacklist; refused with 474 if it is not on it or has to stay (contract, section 9.3)."""
