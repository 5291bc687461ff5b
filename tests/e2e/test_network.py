"""The server on the network, as an operator starts it: real processes, real sockets, their end."""

from __future__ import annotations

import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import mcp.types as mcp_types
import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.http import serving
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.transports.tokens import parse_tokens
from tests.calls import GET_REPORTS, SEND, SEND_SMS
from tests.connections import http_client
from tests.e2e.balancer import balanced
from tests.e2e.network import started
from tests.hosting import ERAS, Mode
from tests.transports.served import ALI, TRANSPORTS, Streamable, Transport, bearer, by_hand, sdk_client

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")


@posix
@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_both_clients_do_the_main_job_and_sigterm_ends_it_well(transport: Transport, mode: Mode) -> None:
    notices = 1 if transport == "sse" else 0
    async with started(transport, "--sandbox", notices=notices) as at:
        assert at.address.endswith("/sse" if transport == "sse" else "/mcp")
        assert "to the tokens ali, ayse" in at.said
        assert ("deprecated SSE" in at.said) == (transport == "sse")
        assert ALI not in at.said
        async with sdk_client(transport, at.address, mode) as client:
            preview = (await client.call_tool(SEND_SMS, SEND)).structured_content
            assert preview is not None
            sent = await client.call_tool(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
            assert not sent.is_error
        async with by_hand(transport, at.address, mode) as wire:
            assert (await wire.call(SEND_SMS, SEND))["outcome"] == "held_back"
            assert await at.end() == ""


@posix
@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_call_in_flight_is_settled_as_unknown_when_the_grace_is_over(
    transport: Transport, how: str, tmp_path: Path
) -> None:
    flags = ("--sandbox", "--state-dir", str(tmp_path), "--grace", "1")
    notices = 1 if transport == "sse" else 0
    silent = {**SEND, "recipients": ["+905000000902"]}
    async with started(transport, *flags, notices=notices) as at, by_hand(transport, at.address, "auto") as wire:
        preview = await wire.call(SEND_SMS, silent)
        async with anyio.create_task_group() as tasks, by_hand(transport, at.address, "auto") as other:

            async def confirm() -> None:
                await other.ask(
                    "tools/call", {"name": SEND_SMS, "arguments": {**silent, "confirm": preview["confirm"]}}
                )

            tasks.start_soon(confirm)
            # The provider has the order, so the request has begun and waits for its answer.
            while (await wire.call(GET_REPORTS))["count"] < 4:
                """Ask again."""
            tasks.cancel_scope.cancel()
        assert "Traceback" not in await at.end(getattr(signal, how))
    async with started("streamable-http", *flags) as at, by_hand("streamable-http", at.address, "auto") as wire:
        held = await wire.call(SEND_SMS, silent)
        assert held["outcome"] == "held_back"


@asynccontextmanager
async def workers(tmp_path: Path, *flags: str, notices: int = 0) -> AsyncIterator[tuple[str, list[str]]]:
    """Give the address of two workers that share a state folder and a provider, and their own addresses."""
    with SandboxDatabase() as database:
        async with AsyncExitStack() as stack:
            origin = await stack.enter_async_context(serving(Provider(database)))
            variables = {
                "ILETIMERKEZI_API_URL": origin,
                "ILETIMERKEZI_API_KEY": "key-of-many-letters",
                "ILETIMERKEZI_API_HASH": "hash-of-many-letters",
                "ILETIMERKEZI_STATE_DIR": str(tmp_path),
            }
            both = [
                await stack.enter_async_context(started("streamable-http", *flags, notices=notices, **variables))
                for _ in range(2)
            ]
            addresses = [one.address for one in both]
            yield await stack.enter_async_context(balanced(addresses)), addresses


@pytest.mark.parametrize("mode", ERAS)
async def test_two_workers_behind_a_balancer_serve_a_previewed_and_confirmed_send(mode: Mode, tmp_path: Path) -> None:
    flags = ("--stateless",) if mode == "legacy" else ()
    async with workers(tmp_path, *flags, notices=len(flags)) as (address, each), http_client() as http:
        wire = Streamable(http, address, mode)
        await wire.open(stateless=True)
        preview = await wire.call(SEND_SMS, SEND)
        confirmed = {**SEND, "confirm": preview["confirm"]}
        sent = await wire.call(SEND_SMS, confirmed)
        assert sent["outcome"] == "done"
        # Used at one, the code is spent at both.
        for own in each:
            worker = Streamable(http, own, mode)
            await worker.open(stateless=True)
            assert (await worker.call(SEND_SMS, confirmed))["order_id"] == sent["order_id"]
            assert (await worker.call(GET_REPORTS))["count"] == 4


async def test_a_question_asked_at_one_worker_is_answered_at_the_other(tmp_path: Path) -> None:
    async def yes(_: Any, __: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    async with (
        workers(tmp_path, "--confirm-mode", "human") as (address, _),
        sdk_client("streamable-http", address, "auto", elicitation_callback=yes) as client,
    ):
        sent = (await client.call_tool(SEND_SMS, SEND)).structured_content
        assert sent is not None
        assert sent["outcome"] == "done", sent


async def test_stateless_a_host_of_the_2025_protocol_gets_codes_and_with_human_nothing(tmp_path: Path) -> None:
    for mode, outcome in (("auto", "preview"), ("human", "nothing_done")):
        flags = ("--sandbox", "--stateless", "--confirm-mode", mode)
        async with started("streamable-http", *flags, notices=1) as at, http_client() as http:
            assert "Stateless" in at.said
            wire = Streamable(http, at.address, "legacy")
            await wire.open(stateless=True)
            assert (await wire.call(SEND_SMS, SEND))["outcome"] == outcome
            assert (await http.get(at.address, headers=wire.headers)).status_code == 405
            assert (await http.delete(at.address, headers=wire.headers)).status_code == 405


@posix
async def test_a_flood_of_idle_connections_leaves_the_service_to_those_who_use_it() -> None:
    import resource

    async with AsyncExitStack() as stack:
        files = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, files[1]))
        try:
            at = await stack.enter_async_context(started("streamable-http", "--sandbox"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, files)
        wire = await stack.enter_async_context(by_hand("streamable-http", at.address, "legacy"))
        parts = urlsplit(at.address)
        # All at once: none waits until the service has accepted the one before.
        for _ in range(1_000):
            flood = stack.enter_context(socket.socket())
            flood.setblocking(False)
            flood.connect_ex((parts.hostname, parts.port))
        async with http_client() as http:
            assert (await http.get(f"{parts.scheme}://{parts.netloc}/healthz")).status_code == 200
        assert (await wire.call(SEND_SMS, SEND))["outcome"] == "preview"
        assert await at.end() == ""


async def test_nothing_that_it_says_holds_a_token() -> None:
    async with started("streamable-http", "--sandbox") as at, http_client() as http:
        for headers in (bearer(), bearer(ALI + "x"), {**bearer(), "Host": "evil.example"}):
            for body in (b"", b"{", json.dumps({"jsonrpc": "2.0", "id": 1, "method": ALI}).encode()):
                answer = await http.post(at.address, content=body, headers=headers)
                assert ALI not in str(answer.headers)
        if sys.platform != "win32":
            assert await at.end() == ""


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "ILETIMERKEZI_HTTP_TOKEN is required for streamable-http"),
        (
            ("--no-auth", "--host", "0.0.0.0"),
            "--no-auth (ILETIMERKEZI_NO_AUTH) can only be used on loopback, and --host (ILETIMERKEZI_HTTP_HOST) is 0.0.0.0",
        ),
        (("--path", "mcp"), "--path (ILETIMERKEZI_HTTP_PATH) must be a path"),
        (("--port", "65536"), "--port (ILETIMERKEZI_HTTP_PORT) must be a whole number"),
    ],
)
def test_what_must_not_start_is_one_sentence(
    flags: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ILETIMERKEZI_HTTP_TOKEN", raising=False)
    monkeypatch.setenv("ILETIMERKEZI_LANG", "en")
    assert main(["--transport", "streamable-http", "--sandbox", *flags]) == 2
    refused = capsys.readouterr().err
    assert refused.startswith(f"iletimerkezi-mcp: {said}")
    assert refused.count("\n") == 1


def test_a_token_is_made_that_can_be_used_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert parse_tokens(line).names == ("token-1",)


def test_a_delivery_secret_is_made_that_can_be_used_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", "--delivery"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    settings = load_settings({"ILETIMERKEZI_DELIVERY_SECRET": line})
    assert settings.delivery_secret == SecretStr(line)
    assert len(line) == 43
