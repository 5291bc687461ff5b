"""Streamable HTTP, both protocol eras at one path."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from iletimerkezi_mcp.transports.limits import BOUNDS
from tests.hosting import ERAS, Mode

from .served import ALI, HANDSHAKE, SANDBOX, SEND, Streamable, by_hand, served


async def test_both_eras_are_served_at_one_path_at_once() -> None:
    async with (
        served(http_path="/im/mcp") as at,
        by_hand("streamable-http", at.address, "legacy") as older,
        by_hand("streamable-http", at.address, "auto") as newer,
    ):
        assert at.address.endswith("/im/mcp")
        preview = await older.call("send_sms", SEND)
        assert (await newer.call("send_sms", {**SEND, "confirm": preview["confirm"]}))["outcome"] == "done"


async def test_without_auth_nobody_is_asked_for_a_token() -> None:
    async with served(settings=replace(SANDBOX, http_token=None, no_auth=True)) as at, httpx.AsyncClient() as http:
        wire = Streamable(http, at.address, "auto")
        del wire.headers["Authorization"]
        assert (await wire.call("get_balance"))["outcome"] == "ok"
        assert (await http.post(at.address, json={}, headers={**wire.headers, "Host": "evil"})).status_code == 421


async def test_an_idle_session_ends_and_makes_room_for_another() -> None:
    bounds = replace(BOUNDS, session_idle=0.05, sessions=1)
    async with served(bounds=bounds) as at, httpx.AsyncClient() as http:
        wire = Streamable(http, at.address, "legacy")
        opened = await wire.post(wire.request("initialize", HANDSHAKE))
        while (await wire.post(wire.request("initialize", HANDSHAKE))).status_code == 503:
            """The first is still there, and nothing is asked of it."""
        wire.headers["Mcp-Session-Id"] = opened.headers["mcp-session-id"]
        assert (await wire.post(wire.request("tools/list", {}))).status_code == 404


@pytest.mark.parametrize("mode", ERAS)
async def test_stateless_any_request_stands_for_itself(mode: Mode) -> None:
    async with served(stateless=True) as at, httpx.AsyncClient() as http:
        wire = Streamable(http, at.address, mode)
        await wire.open(stateless=True)
        assert len((await wire.ask("tools/list"))["result"]["tools"]) == 11
        for method in ("GET", "DELETE"):
            answer = await http.request(method, at.address, headers=wire.headers)
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_no_session_is_opened_by_anything_but_the_handshake() -> None:
    async with served(bounds=replace(BOUNDS, sessions=1)) as at, httpx.AsyncClient() as http:
        wire = Streamable(http, at.address, "legacy", ALI)
        for _ in range(3):
            assert (await wire.post(wire.request("tools/list", {}))).status_code == 400
        await wire.open()
        assert "result" in await wire.ask("tools/list")
