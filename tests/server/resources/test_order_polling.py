"""Orders that are read because somebody follows them."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.provider.types import OrderId, OrderStatus, OrderSummary
from iletimerkezi_mcp.server.resources.order_polling import Following
from iletimerkezi_mcp.server.resources.reading import Reader
from iletimerkezi_mcp.server.resources.uris import order_uri
from iletimerkezi_mcp.tools.context import ServerContext
from tests.hosting import Hands
from tests.server.resources.following import SEND, listening
from tests.server.resources.reads import read


async def test_an_order_that_does_not_exist_is_read_once() -> None:
    async with listening("auto") as ear, ear.following(order_uri("7")):
        await ear.ticks.tick()
        await read(ear.host, "iletimerkezi://balance")
        assert ear.host.wire.paths() == ["get-report", "get-balance"]
    assert len(ear.ticks.seconds) == 1


async def test_a_read_that_fails_is_made_again_at_the_next_look() -> None:
    async with listening("auto") as ear:
        order_id = (await ear.host.confirmed("send_sms", SEND, recipients=["+905321234567"]))["order_id"]
        await read(ear.host, order_uri(order_id))
        async with ear.following(order_uri(order_id)):
            await ear.ticks.tick()
            await ear.ticks.paused()
            ear.host.wire.broken = lambda _: httpx.Response(200, json={"response": {"status": {"code": 401}}})
            ear.host.clock.advance(minutes=1)
            await ear.ticks.tick()
            await ear.ticks.paused()
            assert ear.heard == []
            ear.host.wire.broken = None
            ear.host.clock.advance(minutes=1)
            await ear.ticks.tick()
            await ear.until(order_uri(order_id))


async def test_a_defect_in_a_read_is_logged_and_the_server_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    def defect(_: httpx.Request) -> httpx.Response:
        raise LookupError("a defect")

    async with listening("auto") as ear:
        ear.host.wire.broken = defect
        async with ear.following(order_uri("7")):
            await ear.ticks.tick()
            await ear.ticks.paused()
        ear.host.wire.broken = None
        assert (await read(ear.host, "iletimerkezi://balance"))["sms"] == 1000
    assert [record.levelno for record in caplog.records if "followed" in record.message][:1] == [logging.ERROR]


async def test_an_order_that_was_left_while_it_was_read_is_told_to_nobody() -> None:
    moved: list[OrderId] = []
    recent_reads, clock = RecentReads(), Hands()
    app = cast("ServerContext", SimpleNamespace(recent_reads=recent_reads, clock=clock))
    recent_reads.saw_order("7", OrderSummary(OrderId("7"), OrderStatus.SENDING), clock())

    class Leaving:
        async def order(self, order_id: OrderId) -> None:
            following.keep([])
            recent_reads.saw_order(order_id, OrderSummary(order_id, OrderStatus.FINISHED), clock())

    following = Following(app, cast("Reader", Leaving()), moved.append)
    assert following.keep([OrderId("7")]) == ["7"]
    await following.read_all()
    assert moved == []
    assert not following.busy
