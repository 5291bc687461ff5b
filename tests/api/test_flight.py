from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from iletimerkezi_mcp.api.flight import Flight

POST = {"request": SimpleNamespace(method=b"POST")}
CONNECT = {"request": SimpleNamespace(method=b"CONNECT")}


async def _told(*events: tuple[str, dict[str, Any]]) -> Flight:
    flight = Flight()
    flight.handed = True
    for event, info in events:
        await flight.trace(event, info)
    return flight


def test_a_request_that_was_not_handed_over_has_not_left() -> None:
    assert not Flight().left


async def test_a_transport_that_tells_nothing_is_taken_to_have_sent_everything() -> None:
    assert (await _told()).left


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([("connection.connect_tcp.started", {})], False),
        ([("http11.send_request_headers.started", POST), ("http11.send_request_headers.failed", {})], False),
        ([("http11.send_request_headers.started", POST), ("http11.send_request_body.started", POST)], True),
        ([("http11.send_request_headers.started", CONNECT), ("http11.send_request_body.started", CONNECT)], False),
        (
            [
                ("http11.send_request_headers.started", CONNECT),
                ("http11.send_request_body.started", CONNECT),
                ("http11.send_request_headers.started", POST),
                ("http11.send_request_body.started", POST),
            ],
            True,
        ),
    ],
)
async def test_a_request_has_left_once_its_own_body_is_about_to_be_written(
    events: list[tuple[str, dict[str, Any]]], left: bool
) -> None:
    flight = await _told(*events)
    assert (flight.left, flight.body_begun) == (left, left)
