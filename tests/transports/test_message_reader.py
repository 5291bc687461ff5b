"""Messages over HTTP as clients write them, over real sockets."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest
from mcp.types import INVALID_REQUEST, PARSE_ERROR

from tests.calls import GET_BALANCE
from tests.connections import http_client
from tests.hosting import ERAS, Mode

from .served import (
    ACCEPT,
    ALI,
    AYSE,
    ENVELOPE,
    HANDSHAKE,
    TRANSPORTS,
    Sse,
    Streamable,
    Transport,
    answer_in,
    bearer,
    by_hand,
    served,
)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_messages_with_floats_for_ids_and_lists_for_objects_are_answered(
    transport: Transport, mode: Mode
) -> None:
    async with served(transport) as at, by_hand(transport, at.address, mode) as wire:
        meta = {"_meta": ENVELOPE} if mode == "auto" else {}
        call: dict[str, Any] = {"name": GET_BALANCE, "arguments": [], **meta}
        listing: dict[str, Any] = {"method": "tools/list", **({"params": meta} if meta else {"params": []})}
        for number, message in enumerate(({"method": "tools/call", "params": call}, listing), start=50):
            request = {"jsonrpc": "2.0", "id": float(number), **message}
            if isinstance(wire, Streamable):
                answer = answer_in(await posted(wire, request), number)
            else:
                assert (await wire.post(request)).status_code == 202
                answer = await wire.heard(number)
            assert answer["id"] == number
            assert "result" in answer


async def posted(wire: Streamable, message: dict[str, Any], **headers: str) -> httpx.Response:
    content = b"\xef\xbb\xbf" + json.dumps(message).encode()
    return await wire.http.post(wire.address, content=content, headers={**wire.headers_for(message), **headers})


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_handshake_whose_empty_objects_are_lists_is_answered(transport: Transport) -> None:
    client = {**HANDSHAKE, "capabilities": {"elicitation": []}}
    async with served(transport) as at, by_hand(transport, at.address, "legacy") as wire:
        other = Streamable(wire.http, at.address, "legacy") if isinstance(wire, Streamable) else wire
        assert (await other.ask("initialize", client))["result"]["protocolVersion"] == "2025-11-25"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("content_type", ["Application/JSON", "APPLICATION/JSON ; Charset=UTF-8"])
async def test_a_content_type_is_taken_in_any_case(mode: Mode, content_type: str) -> None:
    async with served() as at, by_hand("streamable-http", at.address, mode) as wire:
        assert isinstance(wire, Streamable)
        answer = await posted(wire, wire.request("tools/list", {}), **{"Content-Type": content_type})
        assert "tools" in answer_in(answer, wire._last)["result"]
        for other in ("text/plain", "", "text/plain; application/json"):
            answer = await posted(wire, wire.request("tools/list", {}), **{"Content-Type": other})
            assert answer.status_code in (400, 415)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_address_may_end_in_a_slash(transport: Transport, mode: Mode) -> None:
    async with served(transport) as at, by_hand(transport, f"{at.address}/", mode) as wire:
        assert (await wire.call(GET_BALANCE))["outcome"] == "ok"
        if isinstance(wire, Sse):
            wire.messages = wire.messages.replace("?", "/?")
            assert (await wire.call(GET_BALANCE))["outcome"] == "ok"


async def test_a_handshake_opens_a_session_whatever_session_it_names() -> None:
    async with served() as at, http_client() as http:
        ayse = Streamable(http, at.address, "legacy", AYSE)
        await ayse.open()
        for stale in ("0" * 32, "another server's", ayse.headers["Mcp-Session-Id"]):
            ali = Streamable(http, at.address, "legacy", ALI)
            ali.headers["Mcp-Session-Id"] = stale
            assert (await ali.post(ali.request("tools/list", {}))).status_code == 404
            await ali.open()
            assert ali.headers["Mcp-Session-Id"] != stale
            assert (await ali.call(GET_BALANCE))["outcome"] == "ok"
        assert (await ayse.call(GET_BALANCE))["outcome"] == "ok"


async def test_a_stream_is_opened_again_after_an_event_that_nobody_kept() -> None:
    async with served() as at, by_hand("streamable-http", at.address, "legacy") as wire:
        assert isinstance(wire, Streamable)
        headers = {**wire.headers, "Last-Event-ID": "17"}
        async with wire.http.stream("GET", at.address, headers=headers) as stream:
            assert (stream.status_code, stream.headers["content-type"]) == (200, "text/event-stream")


UNREADABLE: dict[str, tuple[bytes, int | None, int, str]] = {
    "no JSON": (b'{"CANARY', None, PARSE_ERROR, "Invalid JSON: EOF while parsing a string at line 1 column 8"),
    "no object": (b'["CANARY"]', None, INVALID_REQUEST, "Input should be an object"),
    "no method": (b'{"jsonrpc":"2.0","id":1,"method":["CANARY"]}', None, INVALID_REQUEST, "method: Input should be"),
    "no id": (b'{"jsonrpc":"2.0","id":1.5,"method":"CANARY"}', None, INVALID_REQUEST, "id: Input should be a valid"),
    "half a pair": (b'{"jsonrpc":"2.0","id":7,"method":"x","params":{"x":"\\ud83d"}}', 7, INVALID_REQUEST, "surrogate"),
    "1254": (b'{"jsonrpc":"2.0","id":7,"method":"x","params":{"x":"\xfe"}}', 7, PARSE_ERROR, "Windows-1254"),
}


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("kind", UNREADABLE)
async def test_what_is_no_message_is_answered_in_one_sentence(transport: Transport, mode: Mode, kind: str) -> None:
    body, known, code, said = UNREADABLE[kind]
    async with served(transport) as at, by_hand(transport, at.address, mode) as wire:
        address = wire.address if isinstance(wire, Streamable) else wire.messages
        newer = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "x"} if mode == "auto" else {}
        headers = wire.headers if isinstance(wire, Streamable) else {**ACCEPT, **bearer(ALI)}
        answer = await wire.http.post(address, content=body, headers={**headers, **newer})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
        error = answer.json()["error"]
        assert (answer.json()["id"], error["code"], list(error)) == (known, code, ["code", "message"])
        assert said in error["message"]
        assert "\n" not in error["message"]
        assert "CANARY" not in answer.text
        assert (await wire.call(GET_BALANCE))["outcome"] == "ok"


async def test_what_is_no_message_is_answered_in_the_operators_language() -> None:
    async with served(language="tr") as at, by_hand("streamable-http", at.address, "auto") as wire:
        assert isinstance(wire, Streamable)
        answer = await wire.http.post(at.address, content=b"[]", headers=wire.headers)
    assert answer.json()["error"]["message"] == "Bu ileti okunamadı: Input should be an object."


async def test_a_message_whose_end_does_not_come_is_not_taken() -> None:
    async with served() as at, by_hand("streamable-http", at.address, "legacy") as wire:
        assert isinstance(wire, Streamable)
        message = json.dumps(wire.request("tools/list", {})).encode()
        lines = [f"{name}: {value}" for name, value in wire.headers.items()]
        head = "\r\n".join(["POST /mcp HTTP/1.1", "Host: 127.0.0.1", *lines, f"Content-Length: {len(message) + 1}"])
        async with await at.connect() as connection:
            await connection.send(head.encode() + b"\r\n\r\n" + message)
            await connection.send_eof()
            with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
                assert b'"tools"' not in await connection.receive()
        assert (await wire.call(GET_BALANCE))["outcome"] == "ok"
