"""What the server warns of, told to the hosts that ask for it."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal, cast, get_args

import anyio
import httpx
import mcp.types as mcp_types
import pytest
from mcp import Client, MCPError
from mcp.server.session import ServerSession
from mcp.shared.memory import create_client_server_memory_streams
from mcp.shared.message import SessionMessage
from pydantic import SecretStr

from iletimerkezi_mcp.redaction import HIDDEN
from iletimerkezi_mcp.server import hostlog
from iletimerkezi_mcp.server.build import PRODUCT, Offer, build_server
from iletimerkezi_mcp.server.hostlog import MAX_LENGTH, MAX_RECORDS, Levels
from iletimerkezi_mcp.server.transport_info import STDIO, TransportInfo
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools.arguments import Arguments
from iletimerkezi_mcp.tools.catalogue import ALL
from iletimerkezi_mcp.tools.registry import Registry
from tests.conformance.tool import Fixed, fixture, saying
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.server.resources.following import Ticks
from tests.transports.served import AYSE, SANDBOX, SEND, Streamable, Transport, by_hand, sdk_client, served

pytestmark = pytest.mark.filterwarnings("ignore::mcp.MCPDeprecationWarning")

Way = Literal["memory", "streamable-http", "sse"]

WAYS: tuple[Way, ...] = get_args(Way)
LEVELS: tuple[mcp_types.LoggingLevel, ...] = get_args(mcp_types.LoggingLevel)

AUDIT = ("error", "iletimerkezi_mcp.confirmation.confirmation", "The audit log could not be written.")


@dataclass(slots=True)
class Ear:
    """What a host is told of the log."""

    told: list[tuple[str, str | None, str]] = field(default_factory=list)
    _news: anyio.Event = field(default_factory=anyio.Event)

    async def __call__(self, params: mcp_types.LoggingMessageNotificationParams) -> None:
        self.told.append((params.level, params.logger, params.data))
        self._news.set()

    def said(self) -> list[str]:
        """The messages alone."""
        return [said for _, _, said in self.told]

    async def until(self, message: str) -> None:
        """Wait until `message` has been told. All that was sent before it has come by then."""
        with anyio.fail_after(5):
            while message not in self.said():
                self._news = anyio.Event()
                await self._news.wait()


class Warned(Arguments):
    """What the tool below says to the log."""

    text: str
    level: int = logging.WARNING
    times: int = 1


@dataclass(slots=True)
class Works:
    """A tool beside the product's that writes to the server's log: at once, and again when `let_go` is set."""

    warned: anyio.Event = field(default_factory=anyio.Event)
    let_go: anyio.Event = field(default_factory=anyio.Event)

    def offer(self) -> Offer:
        """The product's offer, with the tool."""
        tools = (fixture("warn", self._warn, Warned), fixture("warn_and_wait", self._wait, Warned))
        return replace(PRODUCT, tools=Registry((*ALL, *tools)))

    async def _warn(self, given: Warned) -> Fixed:
        for _ in range(given.times):
            logging.getLogger("iletimerkezi_mcp.works").log(given.level, given.text)
        return saying("Warned.")

    async def _wait(self, given: Warned) -> Fixed:
        await self._warn(given)
        self.warned.set()
        await self.let_go.wait()
        return await self._warn(given)


@pytest.fixture(autouse=True)
def _all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "iletimerkezi_mcp")


@pytest.fixture(autouse=True)
def _nothing_stays_attached() -> Any:
    yield
    assert logging.getLogger("iletimerkezi_mcp").handlers == []


@asynccontextmanager
async def asking(
    connect: Callable[..., Any], mode: Mode, level: mcp_types.LoggingLevel | None, ear: Ear | None = None, **more: Any
) -> AsyncIterator[tuple[Client, Ear]]:
    """A client that has asked for the log from `level` on, in the way of its era."""
    ear = ear or Ear()
    modern = {"log_level": level} if mode == "auto" else {}
    async with connect(mode=mode, logging_callback=ear, **modern, **more) as client:
        if mode == "legacy" and level is not None:
            await client.set_logging_level(level)
        yield client, ear


@asynccontextmanager
async def reached(
    way: Way, mode: Mode, level: mcp_types.LoggingLevel | None, settings: Settings, offer: Offer = PRODUCT
) -> AsyncIterator[tuple[Client, Ear]]:
    """The same, over any way of reaching a server with `settings`."""
    if way == "memory":
        server = build_server(settings, offer=offer)

        def connect(**options: Any) -> Client:
            return Client(server, **options)

        async with asking(connect, mode, level) as found:
            yield found
        return
    async with served(way, settings=settings, offer=offer) as at, asking(at.client, mode, level) as found:
        yield found


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("way", WAYS)
async def test_what_the_server_warns_of_reaches_the_host_that_asked_for_it(
    way: Way, mode: Mode, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(SANDBOX, audit_log=tmp_path / "missing" / "audit.jsonl")
    async with reached(way, mode, "warning", settings) as (client, ear):
        refused = await client.call_tool("send_sms", SEND)
        assert refused.structured_content is not None
        assert refused.structured_content["outcome"] == "nothing_done"
        await ear.until(AUDIT[2])
    assert ear.told == [AUDIT]
    [record] = [record for record in caplog.records if record.message == AUDIT[2]]
    assert record.exc_info is not None


@pytest.mark.parametrize("mode", ERAS)
async def test_a_host_that_does_not_ask_is_told_nothing(mode: Mode, tmp_path: Path) -> None:
    settings = replace(SANDBOX, audit_log=tmp_path / "missing" / "audit.jsonl")
    async with reached("memory", mode, None, settings) as (client, ear):
        assert client.server_capabilities.logging is not None
        await client.call_tool("send_sms", SEND)
        await anyio.wait_all_tasks_blocked()
    assert ear.told == []


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("level", LEVELS)
async def test_a_host_is_told_from_its_level_on(level: mcp_types.LoggingLevel, mode: Mode) -> None:
    logged: dict[mcp_types.LoggingLevel, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}
    async with reached("memory", mode, level, SANDBOX, Works().offer()) as (client, ear):
        for number in logged.values():
            await client.call_tool("warn", {"text": f"said at {number}", "level": number})
        await anyio.wait_all_tasks_blocked()
    heard = [name for name in logged if LEVELS.index(name) >= LEVELS.index(level)]
    assert ear.told == [(name, "iletimerkezi_mcp.works", f"said at {logged[name]}") for name in heard]


async def test_a_session_may_set_another_level() -> None:
    async with reached("streamable-http", "legacy", "error", SANDBOX, Works().offer()) as (client, ear):
        await client.call_tool("warn", {"text": "before"})
        await client.set_logging_level("warning")
        await client.call_tool("warn", {"text": "after"})
        await ear.until("after")
    assert ear.said() == ["after"]


async def test_an_unknown_level_is_invalid_params() -> None:
    async with served() as at, by_hand("streamable-http", at.address, "legacy") as wire:
        answer = await wire.ask("logging/setLevel", {"level": "loud"})
        assert answer["error"]["code"] == mcp_types.INVALID_PARAMS
        assert "error" not in await wire.ask("logging/setLevel", {"level": "notice"})


async def test_an_unknown_level_of_a_request_is_invalid_params_and_there_is_none_to_set() -> None:
    async with served() as at, by_hand("streamable-http", at.address, "auto") as wire:
        assert isinstance(wire, Streamable)
        request = wire.request("tools/call", {"name": "get_balance", "arguments": {}})
        request["params"]["_meta"] = {**request["params"]["_meta"], mcp_types.LOG_LEVEL_META_KEY: "loud"}
        response = await wire.post(request)
        assert response.json()["error"]["code"] == mcp_types.INVALID_PARAMS
        response = await wire.post(wire.request("logging/setLevel", {"level": "debug"}))
        assert response.json()["error"]["code"] == mcp_types.METHOD_NOT_FOUND


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
async def test_no_session_hears_of_another_though_both_are_at_work(transport: Transport, mode: Mode) -> None:
    works = Works()
    async with (
        served(transport, offer=works.offer()) as at,
        asking(at.client, mode, "debug") as (ali, ali_hears),
        asking(at.client, mode, "debug", secret=AYSE) as (ayse, ayse_hears),
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(ali.call_tool, "warn_and_wait", {"text": "Ali's"})
        await works.warned.wait()
        await ayse.call_tool("warn", {"text": "Ayşe's"})
        works.let_go.set()
        await ali_hears.until("Ali's")
        await ayse_hears.until("Ayşe's")
        await ayse.call_tool("warn", {"text": "Ayşe's last"})
        await ayse_hears.until("Ayşe's last")
        await ali.call_tool("warn", {"text": "Ali's last"})
        await ali_hears.until("Ali's last")
    assert ali_hears.said() == ["Ali's", "Ali's", "Ali's last"]
    assert ayse_hears.said() == ["Ayşe's", "Ayşe's last"]


async def test_a_level_is_the_sessions_own() -> None:
    async with (
        served(offer=Works().offer()) as at,
        asking(at.client, "legacy", "debug") as (loud, loud_hears),
        asking(at.client, "legacy", None) as (quiet, quiet_hears),
    ):
        await quiet.call_tool("warn", {"text": "unheard"})
        await loud.call_tool("warn", {"text": "heard"})
        await loud_hears.until("heard")
        await quiet.set_logging_level("debug")
        await quiet.call_tool("warn", {"text": "now"})
        await quiet_hears.until("now")
    assert (loud_hears.said(), quiet_hears.said()) == (["heard"], ["now"])


@pytest.mark.parametrize("mode", ERAS)
async def test_a_record_is_one_line_without_secrets_numbers_or_a_traceback(mode: Mode) -> None:
    def defect(_: httpx.Request) -> httpx.Response:
        raise LookupError("nobody foresaw live-key-7f3a live-hash-91c2 +905321234567")

    ear = Ear()
    asked: Any = {"log_level": "debug"} if mode == "auto" else {}
    async with hosted(replace(LIVE, mask_numbers=True), mode=mode, logging_callback=ear, **asked) as host:
        if mode == "legacy":
            await host.client.set_logging_level("debug")
        host.wire.broken = defect
        with pytest.raises(MCPError, match="This server failed"):
            await host.client.call_tool("get_balance", {})
        await ear.until("get_balance failed in a way that nobody foresaw")
        preview = await host.call("add_blacklist", number="+905321234567")
        changed = await host.call("add_blacklist", number="+905321234567", confirm=preview["confirm"])
        assert changed["outcome"] == "unknown"
        await ear.until("add_blacklist failed in a way that nobody foresaw")
    assert [(level, logger) for level, logger, _ in ear.told] == [
        ("error", "iletimerkezi_mcp.server.build"),
        ("error", "iletimerkezi_mcp.confirmation.confirmation"),
    ]


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("mode", ERAS)
async def test_what_a_record_itself_says_is_freed_of_secrets_and_of_lines(mode: Mode, masked: bool) -> None:
    settings = replace(SANDBOX, api_key=SecretStr("live-key-7f3a"), mask_numbers=masked)
    async with reached("memory", mode, "info", settings, Works().offer()) as (client, ear):
        await client.call_tool("warn", {"text": "key live-key-7f3a\nfor\r\n+905321234567"})
        await client.call_tool("warn", {"text": "x" * 2 * MAX_LENGTH})
        await ear.until("x" * MAX_LENGTH)
    told = ear.said()[0]
    assert told.startswith(f"key {HIDDEN} for +90")
    assert ("+905321234567" in told) != masked


@pytest.mark.parametrize("mode", ERAS)
async def test_the_first_records_of_a_request_are_told_and_no_more(mode: Mode) -> None:
    async with reached("memory", mode, "debug", SANDBOX, Works().offer()) as (client, ear):
        await client.call_tool("warn", {"text": "again", "times": MAX_RECORDS + 5})
        await client.call_tool("warn", {"text": "last"})
        await ear.until("last")
    assert ear.said() == ["again"] * MAX_RECORDS + ["last"]


async def test_a_host_that_does_not_take_a_record_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostlog, "TELL_SECONDS", 0.01)
    taken = []

    async def stuck(params: mcp_types.LoggingMessageNotificationParams) -> None:
        taken.append(params.data)
        await anyio.sleep_forever()

    server = build_server(SANDBOX, offer=Works().offer())
    async with Client(server, logging_callback=stuck, log_level="debug") as client:
        with anyio.fail_after(5):
            answer = await client.call_tool("warn", {"text": "untaken", "times": 3})
    assert not answer.is_error
    assert taken == ["untaken"]


@asynccontextmanager
async def deaf_host(transport: Transport, address: str, **options: Any) -> AsyncIterator[Client]:
    """A client that is to take no more messages; the SDK's breaks at its end over one that it has not taken yet."""
    try:
        async with sdk_client(transport, address, "legacy", **options) as client:
            yield client
    except* (anyio.BrokenResourceError, anyio.ClosedResourceError):
        """That one."""


@pytest.mark.parametrize("transport", ["streamable-http", "sse"])
async def test_a_host_that_does_not_read_holds_up_no_other(transport: Transport) -> None:
    told = anyio.Event()

    async def stuck(_: mcp_types.LoggingMessageNotificationParams) -> None:
        told.set()
        await anyio.sleep_forever()

    async with (
        served(transport, offer=Works().offer()) as at,
        deaf_host(transport, at.address, logging_callback=stuck) as deaf,
        asking(at.client, "legacy", "debug", secret=AYSE) as (other, hears),
        anyio.create_task_group() as tasks,
    ):
        await deaf.set_logging_level("debug")
        for _ in range(20):
            tasks.start_soon(deaf.call_tool, "warn", {"text": "x" * MAX_LENGTH, "times": MAX_RECORDS})
        with anyio.fail_after(10):
            await told.wait()
            for number in range(5):
                await other.call_tool("warn", {"text": f"heard {number}"})
                await hears.until(f"heard {number}")
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("mode", ERAS)
async def test_what_is_read_for_all_who_follow_is_told_to_none_of_them(
    mode: Mode, caplog: pytest.LogCaptureFixture
) -> None:
    def defect(_: httpx.Request) -> httpx.Response:
        raise LookupError("a defect")

    ear, ticks = Ear(), Ticks()
    asked: Any = {"log_level": "debug"} if mode == "auto" else {}
    async with hosted(mode=mode, logging_callback=ear, sleep=ticks, **asked) as host:
        host.wire.broken = defect
        if mode == "legacy":
            await host.client.set_logging_level("debug")
            await host.client.subscribe_resource("iletimerkezi://orders/7")
            await ticks.tick()
            await ticks.paused()
        else:
            async with host.client.listen(resource_subscriptions=["iletimerkezi://orders/7"]):
                await ticks.tick()
                await ticks.paused()
        await anyio.wait_all_tasks_blocked()
    assert "An order that is followed could not be read." in caplog.messages
    assert ear.told == []


async def test_a_stream_of_notifications_is_told_nothing_of_the_log_when_it_ends() -> None:
    asked = anyio.Event()

    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            asked.set()
            raise LookupError("a defect")

    ear = Ear()
    live = replace(LIVE, http_port=0, http_token=SANDBOX.http_token)
    async with (
        served(settings=live, network=Broken()) as at,
        asking(at.client, "auto", "debug", ear) as (client, _),
        client.listen(resource_subscriptions=["iletimerkezi://orders/7"]) as stream,
    ):
        with anyio.fail_after(5):
            await asked.wait()
            await client.list_tools()
            at.stop.ask()
            async for _event in stream:
                """Until it ends."""
            await at.over.wait()
    assert ear.told == []


async def test_what_is_logged_after_the_host_has_hung_up_is_told_to_nobody(caplog: pytest.LogCaptureFixture) -> None:
    ear, begun, go, logged = Ear(), anyio.Event(), anyio.Event(), anyio.Event()
    async with hosted(mode="legacy", logging_callback=ear) as host:
        await host.client.set_logging_level("debug")
        given = {"number": "+905321234567"}
        code = (await host.call("add_blacklist", given))["confirm"]

        async def broken(_: httpx.Request) -> httpx.Response:
            begun.set()
            await go.wait()
            logging.getLogger("iletimerkezi_mcp.works").error("too late")
            logged.set()
            raise LookupError("a defect")

        _replace_wire(host.wire, broken)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.client.call_tool, "add_blacklist", {**given, "confirm": code})
            await begun.wait()
            tasks.cancel_scope.cancel()
        await host.client.list_tools()
        go.set()
        with anyio.fail_after(5):
            await logged.wait()
    assert "too late" in caplog.messages
    assert ear.told == []


def _replace_wire(wire: Any, answer: Callable[[httpx.Request], Awaitable[httpx.Response]]) -> None:
    """Have `answer` stand in for the network that the server was given."""
    wire.handle_async_request = answer


async def test_without_sessions_a_host_of_the_older_era_can_set_no_level() -> None:
    server = build_server(SANDBOX, transport_info=TransportInfo("streamable-http", stateless=True))
    async with Client(server, mode="legacy") as client:
        with pytest.raises(MCPError) as caught:
            await client.set_logging_level("debug")
    assert caught.value.error.code == mcp_types.METHOD_NOT_FOUND


async def test_without_sessions_a_level_comes_with_the_request() -> None:
    server = build_server(SANDBOX, offer=Works().offer(), transport_info=replace(STDIO, stateless=True))
    ear = Ear()
    async with Client(server, logging_callback=ear, log_level="warning") as client:
        await client.call_tool("warn", {"text": "heard"})
    assert ear.said() == ["heard"]


@pytest.mark.parametrize(("language", "words"), [("en", "begins with initialize"), ("tr", "initialize ile başlar")])
async def test_a_level_without_a_handshake_is_refused(language: Literal["en", "tr"], words: str) -> None:
    server = build_server(replace(SANDBOX, language=language))
    async with (
        create_client_server_memory_streams() as ((heard, say), (incoming, redactor)),
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(server.run, incoming, redactor, server.create_initialization_options())
        for message in (
            {"method": "notifications/initialized"},
            {"id": 1, "method": "logging/setLevel", "params": {"level": "debug"}},
        ):
            parsed = mcp_types.jsonrpc_message_adapter.validate_python({"jsonrpc": "2.0", **message})
            await say.send(SessionMessage(parsed))
        with anyio.fail_after(5):
            answer = await heard.receive()
        tasks.cancel_scope.cancel()
    assert isinstance(answer, SessionMessage)
    assert isinstance(answer.message, mcp_types.JSONRPCError)
    assert answer.message.error.code == mcp_types.INVALID_REQUEST
    assert words in answer.message.error.message


def test_a_level_is_forgotten_with_its_session() -> None:
    def session() -> ServerSession:
        info = mcp_types.Implementation(name="h", version="1")
        shaken = mcp_types.InitializeRequestParams(
            protocol_version="2025-11-25", capabilities=mcp_types.ClientCapabilities(), client_info=info
        )
        return cast("ServerSession", SimpleNamespace(client_params=shaken))

    levels = Levels("en")
    gone, stays = session(), session()
    levels.keep(gone, "debug")
    levels.keep(gone, "error")
    levels.keep(stays, "notice")
    assert (levels.of(gone), levels.of(stays), levels.of(session())) == ("error", "notice", None)
    del gone
    gc.collect()
    assert len(levels) == 1
    assert levels.of(stays) == "notice"


async def test_a_record_that_cannot_be_written_breaks_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken(_: Warned) -> Fixed:
        logging.getLogger("iletimerkezi_mcp.works").warning("%d", "no number")
        return saying("Warned.")

    # The test runner's own handler raises where others speak on stderr.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    offer = replace(PRODUCT, tools=Registry((fixture("warn", broken, Warned),)))
    async with reached("memory", "auto", "debug", SANDBOX, offer) as (client, ear):
        assert not (await client.call_tool("warn", {"text": "x"})).is_error
    assert ear.told == []
    assert "Logging error" in capsys.readouterr().err
