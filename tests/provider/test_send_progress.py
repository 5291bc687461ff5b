from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from iletimerkezi_mcp.provider.send_progress import SendProgress

POST = {"request": SimpleNamespace(method=b"POST")}
CONNECT = {"request": SimpleNamespace(method=b"CONNECT")}


async def _told(*events: tuple[str, dict[str, Any]]) -> SendProgress:
    flight = SendProgress()
    flight.handed = True
    for event, info in events:
        await flight.trace(event, info)
    return flight


def test_a_request_that_was_not_handed_over_has_not_left() -> None:
    assert not SendProgress().left


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


OWN_BODY = ("http11.send_request_body.started", POST)


async def test_a_traced_request_begins_with_its_own_body_and_only_once() -> None:
    begun: list[str] = []
    flight = SendProgress(lambda: begun.append("begun"))
    flight.hand_over(told=True)
    await flight.trace("http11.send_request_headers.started", CONNECT)
    await flight.trace("http11.send_request_body.started", CONNECT)
    await flight.trace("http11.send_request_headers.started", POST)
    assert begun == []
    await flight.trace(*OWN_BODY)
    flight.restart()
    assert not flight.left
    flight.hand_over(told=True)
    await flight.trace(*OWN_BODY)
    assert (begun, flight.left) == (["begun"], True)


def test_a_request_that_nothing_tells_of_begins_when_it_is_handed_over() -> None:
    begun: list[str] = []
    flight = SendProgress(lambda: begun.append("begun"))
    flight.hand_over(told=False)
    assert begun == ["begun"]
