"""``api.json`` holds every operation as the client sends it, and every code."""

from __future__ import annotations

import json
from typing import Any

from iletimerkezi_mcp.provider import OPERATIONS, codes
from tests.calls import CANCEL_ORDER, GET_BLACKLIST, IYS_REGISTER, SEND_SMS
from tests.publishing.published import committed

API: dict[str, Any] = committed("manifests/api.json")


def test_every_operation_has_its_path_and_at_least_one_request() -> None:
    operations = API["operations"]
    assert {name: (one["path"], one["changes"]) for name, one in operations.items()} == {
        name: (operation.path, operation.changes) for name, operation in OPERATIONS.items()
    }
    assert all(one["requests"] for one in operations.values())


def test_the_optional_parts_of_a_blacklists_page_are_included() -> None:
    requests = [request["request"]["blacklist"] for request in API["operations"][GET_BLACKLIST]["requests"]]
    assert [request.get("filter") for request in requests] == [
        None,
        {"start": "2026-11-16 00:00:00", "end": "2026-11-23 23:59:59"},
    ]


def test_the_optional_parts_of_a_send_are_included() -> None:
    plain, scheduled, several, *_ = (request["request"]["order"] for request in API["operations"][SEND_SMS]["requests"])
    assert (plain["iys"], plain["sendDateTime"]) == ("0", [])
    assert (scheduled["iys"], scheduled["iysList"], scheduled["sendDateTime"]) == (
        "1",
        "BIREYSEL",
        ["24/11/2026 11:00"],
    )
    assert [len(message["receipents"]["number"]) for message in several["message"]] == [1, 1, 1]


def test_every_request_has_the_places_of_key_and_hash_and_no_value_of_theirs() -> None:
    requests = [request["request"] for one in API["operations"].values() for request in one["requests"]]
    assert {json.dumps(request["authentication"]) for request in requests} == {'{"key": "<key>", "hash": "<hash>"}'}


def test_every_code_is_included_and_where_an_operation_means_something_else_by_it() -> None:
    assert {int(number) for number in API["codes"]} == set(codes.ANSWER_CODES)
    assert {int(number) for number in API["order_statuses"]} == set(codes.ORDER_STATUSES)
    assert {int(number) for number in API["message_statuses"]} == set(codes.MESSAGE_STATUSES)
    assert "455" in API["operations"][CANCEL_ORDER]["codes"]
    assert "422" in API["operations"][IYS_REGISTER]["codes"]
