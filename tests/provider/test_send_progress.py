from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from iletimerkezi_mcp.provider.errors import ConfirmationTooOld
from iletimerkezi_mcp.provider.send_progress import SendProgress

POST = {"request": SimpleNamespace(method=b"POST")}
CONNECT = {"request": SimpleNamespace(method=b"CONNECT")}


async def _progress(*events: tuple[str, dict[str, Any]]) -> SendProgress:
    progress = SendProgress()
    progress.in_transport = True
    for event, info in events:
        await progress.trace(event, info)
    return progress


def test_a_request_that_was_not_handed_over_has_not_left() -> None:
    assert not SendProgress().is_sent


async def test_a_transport_that_reports_nothing_is_taken_to_have_sent_everything() -> None:
    assert (await _progress()).is_sent


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
    progress = await _progress(*events)
    assert (progress.is_sent, progress.body_reported) == (left, left)


OWN_BODY = ("http11.send_request_body.started", POST)


async def test_a_traced_request_begins_with_its_own_body_at_every_try() -> None:
    sent: list[str] = []
    progress = SendProgress(lambda: sent.append("sent"))
    progress.hand_over(traced=True)
    await progress.trace("http11.send_request_headers.started", CONNECT)
    await progress.trace("http11.send_request_body.started", CONNECT)
    await progress.trace("http11.send_request_headers.started", POST)
    assert sent == []
    await progress.trace(*OWN_BODY)
    progress.restart()
    assert not progress.is_sent
    progress.hand_over(traced=True)
    await progress.trace(*OWN_BODY)
    assert (sent, progress.is_sent) == (["sent", "sent"], True)


def test_a_request_that_is_not_traced_begins_when_it_is_handed_over() -> None:
    sent: list[str] = []
    progress = SendProgress(lambda: sent.append("sent"))
    progress.hand_over(traced=False)
    assert sent == ["sent"]


async def test_what_may_no_longer_be_sent_is_not_sent() -> None:
    def refuse() -> None:
        raise ConfirmationTooOld

    progress = SendProgress(refuse)
    with pytest.raises(ConfirmationTooOld):
        progress.hand_over(traced=False)
    assert not progress.is_sent
    SendProgress(None).hand_over(traced=False)
    progress.hand_over(traced=True)
    with pytest.raises(ConfirmationTooOld):
        await progress.trace(*OWN_BODY)
    assert not progress.is_sent
