"""Hosts that follow resources, in both eras."""

from __future__ import annotations

from typing import Any

import httpx
import mcp.types as mcp_types
import pytest
from mcp import MCPError

from iletimerkezi_mcp.server.resources.legacy_subscribers import MAX_FOLLOWED
from iletimerkezi_mcp.server.resources.order_polling import MAX_READ
from iletimerkezi_mcp.server.resources.subscriptions import POLL_SECONDS
from iletimerkezi_mcp.server.resources.uris import FIXED, order_uri
from iletimerkezi_mcp.server.transport_info import TransportInfo
from iletimerkezi_mcp.settings import Settings
from tests.hosting import ERAS, Host, Mode, hosted
from tests.server.resources.following import BALANCE, POLICY, SEND, Ear, listening
from tests.server.resources.reads import read


async def send(host: Host, *, stays: bool = False, **more: Any) -> str:
    """Send one message, to a number that is delivered to or, with `stays`, to one that waits for ever."""
    number = "+905000000110" if stays else "+905321234567"
    answer = await host.confirmed("send_sms", SEND, recipients=[number], **more)
    return str(answer["order_id"])


def reports(host: Host) -> list[str]:
    """The orders whose reports were asked for."""
    return [str(asked["order"]["id"]) for path, asked in host.wire.requests if "get-report/" in path]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_send_moves_balance_and_policy(mode: Mode) -> None:
    async with listening(mode) as ear, ear.following(BALANCE, POLICY) as granted:
        assert list(granted) == [BALANCE, POLICY]
        before = await read(ear.host, BALANCE)
        await send(ear.host)
        await ear.until(BALANCE, POLICY)
        assert (await read(ear.host, BALANCE))["sms"] == before["sms"] - 1


@pytest.mark.parametrize("mode", ERAS)
async def test_a_send_of_unknown_outcome_moves_the_balance_and_a_refused_one_does_not(mode: Mode) -> None:
    async with listening(mode) as ear, ear.following(BALANCE):
        ear.host.wire.broken = lambda _: httpx.Response(200, json={"response": {"status": {"code": 402}}})
        refused = await ear.host.confirmed("send_sms", SEND, recipients=["+905321234567"])
        ear.host.wire.broken = lambda _: httpx.Response(200, text="<html>")
        unknown = await ear.host.confirmed("send_sms", SEND, recipients=["+905331234567"])
        assert (refused["outcome"], unknown["outcome"]) == ("refused", "unknown")
        await ear.until(BALANCE)
    assert ear.heard == []


@pytest.mark.parametrize("mode", ERAS)
async def test_what_costs_nothing_moves_nothing(mode: Mode) -> None:
    async with listening(mode) as ear, ear.following(BALANCE, *FIXED[3:]):
        await ear.host.confirmed("add_blacklist", number="+905321234567")
        await read(ear.host, BALANCE)
    assert ear.heard == []


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_is_read_slowly_and_told_when_it_moves_until_it_is_finished(mode: Mode) -> None:
    async with listening(mode) as ear:
        host, ticks = ear.host, ear.ticks
        order_id = await send(host)
        async with ear.following(order_uri(order_id)):
            await ticks.tick()
            await ticks.tick()
            await ticks.paused()
            assert ear.heard == []
            host.clock.advance(minutes=1)
            await ticks.tick()
            await ear.until(order_uri(order_id))
            assert (await read(host, order_uri(order_id)))["status"] == "finished"
            asked = len(reports(host))
            host.clock.advance(minutes=1)
            async with ear.following(POLICY):
                await read(host, POLICY)
            assert len(reports(host)) == asked
    assert set(ticks.seconds) == {POLL_SECONDS}


@pytest.mark.parametrize("mode", ERAS)
async def test_a_change_since_the_host_last_read_is_told_at_the_first_look(mode: Mode) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host)
        await read(ear.host, order_uri(order_id))
        ear.host.clock.advance(minutes=1)
        async with ear.following(order_uri(order_id)):
            await ear.until(order_uri(order_id))


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_that_is_known_to_be_over_is_not_read(mode: Mode) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host)
        ear.host.clock.advance(minutes=1)
        await read(ear.host, order_uri(order_id))
        async with ear.following(order_uri(order_id)):
            await read(ear.host, POLICY)
        assert reports(ear.host) == [order_id]
    assert ear.ticks.seconds == []


@pytest.mark.parametrize("mode", ERAS)
async def test_a_scheduled_order_is_told_when_its_time_comes(mode: Mode) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host, send_at="2026-11-23T11:00")
        async with ear.following(order_uri(order_id)):
            await ear.ticks.tick()
            await ear.ticks.paused()
            assert ear.heard == []
            ear.host.clock.advance(hours=1)
            await ear.ticks.tick()
            await ear.until(order_uri(order_id))


@pytest.mark.parametrize("mode", ERAS)
async def test_a_cancellation_here_moves_the_order_and_the_balance(mode: Mode) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host, send_at="2026-11-24T11:00")
        await read(ear.host, order_uri(order_id))
        async with ear.following(order_uri(order_id), BALANCE):
            await ear.host.confirmed("cancel_order", order_id=order_id)
            await ear.until(order_uri(order_id), BALANCE)
            assert (await read(ear.host, order_uri(order_id)))["status"] == "not_sent"


@pytest.mark.parametrize("mode", ERAS)
async def test_nobody_reads_an_order_that_nobody_follows_any_more(mode: Mode) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host, stays=True)
        async with ear.following(order_uri(order_id)):
            await ear.ticks.tick()
            await ear.ticks.paused()
        await ear.ticks.tick()
        asked = len(reports(ear.host))
        other = await send(ear.host, stays=True, sender="DEMO FIRMA", text="Başka bir sipariş.")
        async with ear.following(order_uri(other)):
            await ear.ticks.tick()
            await ear.ticks.paused()
        assert order_id not in reports(ear.host)[asked:]


async def following_many(ear: Ear, number: int) -> list[str]:
    return [await send(ear.host, stays=True, text=f"Siparişiniz yola çıktı: {index}.") for index in range(number)]


@pytest.mark.parametrize("mode", ERAS)
async def test_so_many_orders_are_read_at_a_time_and_no_more(mode: Mode) -> None:
    async with listening(mode) as ear:
        orders = await following_many(ear, MAX_READ + 1)
        async with ear.following(*map(order_uri, orders)):
            await ear.ticks.tick()
            await ear.ticks.paused()
            assert set(reports(ear.host)) == set(orders[:MAX_READ])
            await read(ear.host, order_uri(orders[-1]))
            asked = len(reports(ear.host))
            ear.host.clock.advance(seconds=20)
            await ear.ticks.tick()
            await ear.ticks.paused()
            assert reports(ear.host)[asked:] == orders[:MAX_READ]


async def test_two_streams_on_one_order_share_its_reads_and_one_may_end() -> None:
    async with listening("auto") as ear:
        order_id = await send(ear.host)
        async with ear.following(order_uri(order_id)):
            async with ear.host.client.listen(resource_subscriptions=[order_uri(order_id)]):
                await ear.ticks.tick()
                await ear.ticks.paused()
            ear.host.clock.advance(minutes=1)
            await ear.ticks.tick()
            await ear.until(order_uri(order_id))
    assert len(ear.ticks.seconds) <= 3


async def test_a_stream_is_granted_what_exists_and_can_change_and_not_too_much() -> None:
    many = [order_uri(str(number)) for number in range(1, MAX_FOLLOWED + 20)]
    async with hosted() as host:
        async with host.client.listen(resource_subscriptions=["iletimerkezi://x", BALANCE, BALANCE]) as some:
            assert some.honored == mcp_types.SubscriptionFilter(resource_subscriptions=[BALANCE])
        async with host.client.listen(tools_list_changed=True, resource_subscriptions=["iletimerkezi://x"]) as none:
            assert none.honored == mcp_types.SubscriptionFilter()
        async with host.client.listen(resource_subscriptions=many) as capped:
            assert capped.honored == mcp_types.SubscriptionFilter(resource_subscriptions=many[:MAX_FOLLOWED])


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_a_session_cannot_follow_what_does_not_exist_nor_too_much() -> None:
    async with hosted(Settings(sandbox=True), mode="legacy") as host:
        for ask in (host.client.subscribe_resource, host.client.unsubscribe_resource):
            with pytest.raises(MCPError, match="There is no such resource"):
                await ask("iletimerkezi://x")
        for number in range(1, MAX_FOLLOWED + 1):
            await host.client.subscribe_resource(order_uri(str(number)))
        await host.client.subscribe_resource(order_uri("1"))
        with pytest.raises(MCPError, match="at most 50 resources"):
            await host.client.subscribe_resource(BALANCE)
        await host.client.unsubscribe_resource(order_uri("1"))
        await host.client.subscribe_resource(BALANCE)


@pytest.mark.parametrize("mode", ERAS)
async def test_only_what_is_sent_is_claimed(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        claimed = host.client.server_capabilities
    async with hosted(mode=mode, transport_info=TransportInfo("streamable-http", stateless=True)) as host:
        stateless = host.client.server_capabilities
    assert claimed == mcp_types.ServerCapabilities(
        tools=mcp_types.ToolsCapability(list_changed=False),
        prompts=mcp_types.PromptsCapability(list_changed=False),
        resources=mcp_types.ResourcesCapability(subscribe=True, list_changed=False),
        completions=mcp_types.CompletionsCapability(),
    )
    assert stateless.resources == mcp_types.ResourcesCapability(subscribe=False, list_changed=False)


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_without_sessions_nothing_can_be_followed() -> None:
    async with hosted(mode="legacy", transport_info=TransportInfo("streamable-http", stateless=True)) as host:
        with pytest.raises(MCPError) as caught:
            await host.client.subscribe_resource(BALANCE)
    assert caught.value.error.code == mcp_types.METHOD_NOT_FOUND
