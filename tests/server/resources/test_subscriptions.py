"""Change notifications, in both protocol versions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

import anyio
import httpx
import mcp.types as mcp_types
import pytest
from mcp import MCPError
from mcp.client.session import IncomingMessage
from mcp.server.apps import EXTENSION_ID
from mcp.server.connection import Connection

from iletimerkezi_mcp.server.resources import subscriptions as module
from iletimerkezi_mcp.server.resources.catalogue import FIXED, order_uri
from iletimerkezi_mcp.server.resources.read_cache import ReadCache
from iletimerkezi_mcp.server.resources.subscriptions import MAX_URIS, Subscriptions
from iletimerkezi_mcp.settings import Settings
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, GET_REPORT, GET_REPORTS, SEND_SMS
from tests.calls import SEND as NETWORK_SEND
from tests.hosting import ERAS, LIVE, Host, ManualClock, Mode, hosted
from tests.loop_clock import LoopClock
from tests.server.resources.following import BALANCE, POLICY, SEND, listening
from tests.server.resources.reads import read
from tests.transports.served import ALI, AYSE, Transport, served

STATELESS = replace(LIVE, transport="streamable-http", stateless=True)


async def send(host: Host, **more: Any) -> str:
    """Send one message."""
    answer = await host.confirm(SEND_SMS, SEND, recipients=["+905321234567"], **more)
    return str(answer["order_id"])


@pytest.mark.parametrize("mode", ERAS)
async def test_a_send_changes_balance_and_policy(mode: Mode) -> None:
    async with listening(mode) as ear, ear.following(BALANCE, POLICY) as granted:
        assert list(granted) == [BALANCE, POLICY]
        before = await read(ear.host, BALANCE)
        await send(ear.host)
        await ear.until(BALANCE, POLICY)
        assert (await read(ear.host, BALANCE))["sms"] == before["sms"] - 1


@pytest.mark.parametrize("mode", ERAS)
async def test_a_send_of_unknown_outcome_changes_the_balance_and_a_refused_one_does_not(mode: Mode) -> None:
    async with listening(mode) as ear, ear.following(BALANCE):
        ear.host.wire.broken = lambda _: httpx.Response(200, json={"response": {"status": {"code": 402}}})
        refused = await ear.host.confirm(SEND_SMS, SEND, recipients=["+905321234567"])
        ear.host.wire.broken = lambda _: httpx.Response(200, text="<html>")
        unknown = await ear.host.confirm(SEND_SMS, SEND, recipients=["+905331234567"])
        assert (refused["outcome"], unknown["outcome"]) == ("refused", "unknown")
        await ear.until(BALANCE)
    assert ear.heard == []


@pytest.mark.parametrize("mode", ERAS)
async def test_a_change_that_costs_nothing_notifies_of_nothing(mode: Mode) -> None:
    async with listening(mode) as ear, ear.following(BALANCE, *FIXED[3:]):
        await ear.host.confirm(ADD_BLACKLIST, number="+905321234567")
        await read(ear.host, BALANCE)
    assert ear.heard == []


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("tool", [GET_REPORT, GET_REPORTS])
async def test_a_report_that_shows_progress_of_an_order_notifies_of_it(mode: Mode, tool: str) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host)
        arguments = {"order_id": order_id} if tool == GET_REPORT else {}
        async with ear.following(order_uri(order_id)):
            assert (await read(ear.host, order_uri(order_id)))["status"] == "sending"
            await ear.host.call(tool, arguments)
            await anyio.wait_all_tasks_blocked()
            assert ear.heard == []
            ear.host.clock.advance(minutes=1)
            await ear.host.call(tool, arguments)
            await ear.until(order_uri(order_id))
            assert (await read(ear.host, order_uri(order_id)))["status"] == "finished"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_cancellation_changes_the_order_and_the_balance(mode: Mode) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host, send_at="2026-11-24T11:00")
        await read(ear.host, order_uri(order_id))
        async with ear.following(order_uri(order_id), BALANCE):
            await ear.host.confirm(CANCEL_ORDER, order_id=order_id)
            await ear.until(order_uri(order_id), BALANCE)
            assert (await read(ear.host, order_uri(order_id)))["status"] == "not_sent"


@pytest.mark.parametrize("mode", ERAS)
async def test_nothing_is_read_for_those_who_follow(mode: Mode) -> None:
    async with listening(mode) as ear:
        order_id = await send(ear.host)
        async with ear.following(order_uri(order_id), BALANCE):
            ear.host.clock.advance(minutes=1)
            await anyio.wait_all_tasks_blocked()
    assert ear.host.wire.paths() == ["send-sms"]
    assert ear.heard == []


async def test_a_stream_is_granted_what_exists_and_can_change_and_not_too_much() -> None:
    orders = [order_uri(str(number)) for number in range(1, MAX_URIS + 20)]
    async with hosted() as host:
        async with host.client.listen(resource_subscriptions=["iletimerkezi://x", BALANCE, BALANCE]) as stream:
            assert stream.honored == mcp_types.SubscriptionFilter(resource_subscriptions=[BALANCE])
        async with host.client.listen(tools_list_changed=True, resource_subscriptions=["iletimerkezi://x"]) as stream:
            assert stream.honored == mcp_types.SubscriptionFilter()
        async with host.client.listen(resource_subscriptions=orders) as stream:
            assert stream.honored == mcp_types.SubscriptionFilter(resource_subscriptions=orders[:MAX_URIS])


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_a_session_cannot_follow_what_does_not_exist_nor_too_much() -> None:
    async with hosted(Settings(sandbox=True), mode="legacy") as host:
        for method in (host.client.subscribe_resource, host.client.unsubscribe_resource):
            with pytest.raises(MCPError, match="There is no such resource"):
                await method("iletimerkezi://x")
        for number in range(1, MAX_URIS + 1):
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
    async with hosted(STATELESS, mode=mode) as host:
        stateless = host.client.server_capabilities
    assert claimed == mcp_types.ServerCapabilities(
        tools=mcp_types.ToolsCapability(list_changed=False),
        prompts=mcp_types.PromptsCapability(list_changed=False),
        resources=mcp_types.ResourcesCapability(subscribe=True, list_changed=False),
        completions=mcp_types.CompletionsCapability(),
        extensions={EXTENSION_ID: {}},
    )
    assert stateless.resources == mcp_types.ResourcesCapability(subscribe=False, list_changed=False)


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_without_sessions_nothing_can_be_followed() -> None:
    async with hosted(STATELESS, mode="legacy") as host:
        with pytest.raises(MCPError) as caught:
            await host.client.subscribe_resource(BALANCE)
    assert caught.value.error.code == mcp_types.METHOD_NOT_FOUND


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
async def test_over_the_network_a_session_hears_though_another_is_gone(transport: Transport) -> None:
    heard = anyio.Event()

    async def handle(message: IncomingMessage) -> None:
        if isinstance(message, mcp_types.ResourceUpdatedNotification) and message.params.uri == BALANCE:
            heard.set()

    async with served(transport) as at, at.client(mode="legacy", message_handler=handle) as stays:
        async with at.client(mode="legacy") as leaves:
            await leaves.subscribe_resource(BALANCE)
        await stays.subscribe_resource(BALANCE)
        preview = (await stays.call_tool(SEND_SMS, NETWORK_SEND)).structured_content
        assert preview is not None
        await stays.call_tool(SEND_SMS, {**NETWORK_SEND, "confirm": preview["confirm"]})
        with anyio.fail_after(60):
            await heard.wait()


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
async def test_a_session_that_has_ended_is_let_go(transport: Transport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SUBSCRIBERS", 2)
    heard, followers = anyio.Event(), list[OrderedDict[Connection, Any]]()
    subscribe = Subscriptions.subscribe

    def noting(self: Subscriptions, *arguments: Any) -> None:
        followers.append(self._subscribers)
        subscribe(self, *arguments)

    async def handle(message: IncomingMessage) -> None:
        if isinstance(message, mcp_types.ResourceUpdatedNotification) and message.params.uri == BALANCE:
            heard.set()

    async with served(transport) as at, at.client(mode="legacy", message_handler=handle) as stays:
        await stays.subscribe_resource(BALANCE)
        monkeypatch.setattr(Subscriptions, "subscribe", noting)
        for _ in range(3):
            async with at.client(mode="legacy") as leaves:
                await leaves.subscribe_resource(BALANCE)
            while len(followers[-1]) > 1:
                await anyio.lowlevel.checkpoint()
        preview = (await stays.call_tool(SEND_SMS, NETWORK_SEND)).structured_content
        assert preview is not None
        await stays.call_tool(SEND_SMS, {**NETWORK_SEND, "confirm": preview["confirm"]})
        with anyio.fail_after(60):
            await heard.wait()


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
async def test_one_tokens_sessions_take_no_other_tokens_place(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_SUBSCRIBERS", 2)
    heard: list[str] = []
    all_heard = anyio.Event()

    def ear(name: str) -> Any:
        async def handle(message: IncomingMessage) -> None:
            if isinstance(message, mcp_types.ResourceUpdatedNotification) and message.params.uri == BALANCE:
                heard.append(name)
                if len(heard) == 2:
                    all_heard.set()

        return handle

    async with served(transport) as at, AsyncExitStack() as opened:
        for name, secret in (("ayse", AYSE), ("first", ALI), ("second", ALI), ("third", ALI)):
            client = at.client(mode="legacy", secret=secret, message_handler=ear(name))
            last = await opened.enter_async_context(client)
            await last.subscribe_resource(BALANCE)
        preview = (await last.call_tool(SEND_SMS, NETWORK_SEND)).structured_content
        assert preview is not None
        await last.call_tool(SEND_SMS, {**NETWORK_SEND, "confirm": preview["confirm"]})
        with anyio.fail_after(60):
            await all_heard.wait()
    assert sorted(heard) == ["ayse", "third"]


@dataclass(eq=False)
class FakeConnection:
    """A host's connection of the 2025 protocol, as the server sees it."""

    exit_stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    heard: list[str] = field(default_factory=list)
    stuck: bool = False
    reading: anyio.Event | None = None
    attempts: int = 0

    async def send_resource_updated(self, uri: str) -> None:
        self.attempts += 1
        if self.stuck:
            await LoopClock().outlast(module.NOTIFY_SECONDS)
        if self.reading is not None:
            await self.reading.wait()
        self.heard.append(uri)

    @property
    def real(self) -> Connection:
        return cast("Connection", self)


@asynccontextmanager
async def serving() -> AsyncIterator[Subscriptions]:
    async with anyio.create_task_group() as tasks:
        yield Subscriptions(tasks, ReadCache(ManualClock()), "en")


async def test_each_session_has_its_own_resources() -> None:
    first, second = FakeConnection(), FakeConnection()
    async with serving() as subscriptions:
        subscriptions.subscribe(first.real, BALANCE)
        subscriptions.subscribe(second.real, BALANCE)
        subscriptions.subscribe(second.real, POLICY)
        subscriptions.unsubscribe(first.real, POLICY)
        subscriptions.publish(POLICY)
        subscriptions.unsubscribe(second.real, BALANCE)
        subscriptions.publish(BALANCE)
    assert (first.heard, second.heard) == ([BALANCE], [POLICY])


async def test_the_session_that_subscribed_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SUBSCRIBERS", 2)
    first, second, third = FakeConnection(), FakeConnection(), FakeConnection()
    async with serving() as subscriptions:
        for connection in (first, second, first, third):
            subscriptions.subscribe(connection.real, BALANCE)
        subscriptions.publish(BALANCE)
    assert (first.heard, second.heard, third.heard) == ([BALANCE], [], [BALANCE])


async def test_a_host_that_does_not_read_keeps_no_notification_from_the_others() -> None:
    stuck, other = FakeConnection(stuck=True), FakeConnection()
    async with serving() as subscriptions:
        for connection in (stuck, other):
            subscriptions.subscribe(connection.real, BALANCE)
        subscriptions.publish(BALANCE)
    assert (stuck.heard, other.heard) == ([], [BALANCE])


async def test_changes_that_wait_for_a_host_to_read_are_one_notification_for_each_resource() -> None:
    connection = FakeConnection(reading=anyio.Event())
    assert connection.reading is not None
    async with serving() as subscriptions:
        subscriptions.subscribe(connection.real, BALANCE)
        subscriptions.subscribe(connection.real, POLICY)
        for _ in range(20):
            subscriptions.publish(BALANCE)
            subscriptions.publish(POLICY)
            await anyio.wait_all_tasks_blocked()
        assert connection.attempts == 1
        connection.reading.set()
    # The first of them may have been read before the later changes.
    assert connection.heard == [BALANCE, POLICY, BALANCE]


async def test_what_waits_is_not_sent_to_a_host_that_has_unsubscribed() -> None:
    connection = FakeConnection(reading=anyio.Event())
    assert connection.reading is not None
    async with serving() as subscriptions:
        for uri in (BALANCE, POLICY):
            subscriptions.subscribe(connection.real, uri)
            subscriptions.publish(uri)
        await anyio.wait_all_tasks_blocked()
        subscriptions.unsubscribe(connection.real, POLICY)
        connection.reading.set()
    assert connection.heard == [BALANCE]


async def test_a_host_that_takes_no_notification_in_time_is_sent_none_of_those_that_wait() -> None:
    connection = FakeConnection(stuck=True)
    async with serving() as subscriptions:
        for uri in (BALANCE, POLICY):
            subscriptions.subscribe(connection.real, uri)
            subscriptions.publish(uri)
    assert (connection.attempts, connection.heard) == (1, [])


@pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")
async def test_a_host_may_end_what_it_never_began() -> None:
    async with hosted(mode="legacy") as host:
        assert isinstance(await host.client.unsubscribe_resource(BALANCE), mcp_types.EmptyResult)
