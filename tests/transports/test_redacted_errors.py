"""Errors of the protocol, which repeat what the host said: over every transport they leave without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from tests.calls import SEND_SMS
from tests.hosting import ERAS, Mode
from tests.processes import COMMAND, environment, run

from .served import ALI, ENVELOPE, HANDSHAKE, SANDBOX, TRANSPORTS, Streamable, Transport, by_hand, served

KEY = 'live-"key"-7f3a'
PHONE = "05321234567"
KEYED = replace(SANDBOX, api_key=SecretStr(KEY), api_hash=SecretStr("live-hash-91c2"), mask_numbers=True)

ECHOES: list[tuple[str, dict[str, Any]]] = [
    (KEY, {}),
    (f"tools/{ALI}", {}),
    ("prompts/get", {"name": "account_check", "arguments": {KEY: "x"}}),
    ("prompts/get", {"name": KEY}),
    ("tools/call", {"name": KEY}),
    ("tools/call", {"name": SEND_SMS, "arguments": KEY}),
    ("resources/read", {"uri": f"iletimerkezi://{KEY}"}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": KEY}, "argument": {"name": KEY, "value": KEY}}),
]
"""Requests with a secret in them that are answered with an error, and not with a tool's own answer."""


def check(error: Mapping[str, Any]) -> None:
    written = json.dumps(error)
    for secret in (KEY, ALI):
        assert json.dumps(secret)[1:-1] not in written


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_protocol_error_over_http_holds_no_secret(transport: Transport, mode: Mode) -> None:
    async with served(transport, settings=KEYED) as at, by_hand(transport, at.address, mode) as wire:
        for method, params in ECHOES:
            request = {"jsonrpc": "2.0", "id": 99, "method": method, "params": params}
            if mode == "auto":
                request["params"] = {**params, "_meta": ENVELOPE}
            if isinstance(wire, Streamable):
                names = {"Mcp-Name": str(params.get("name") or params.get("uri"))} if mode == "auto" else {}
                headers = {**wire.headers_for({"method": method}), **names}
                response = await wire.http.post(wire.address, json=request, headers=headers)
                body = response.text.partition("data: ")[2] if "data: " in response.text else response.text
                answer = json.loads(body)
            else:
                assert (await wire.post(request)).status_code == 202
                answer = await wire.heard(99)
            check(answer["error"])
        assert "tools" in (await wire.ask("tools/list"))["result"]


async def test_a_protocol_version_that_is_refused_comes_back_redacted_from_header_and_envelope() -> None:
    meta = {**ENVELOPE, "io.modelcontextprotocol/protocolVersion": KEY}
    async with served(settings=KEYED) as at, by_hand("streamable-http", at.address, "auto") as wire:
        assert isinstance(wire, Streamable)
        for number, params in enumerate(({}, {"_meta": meta})):
            request = {"jsonrpc": "2.0", "id": PHONE, "method": "tools/list", "params": params}
            headers = {**wire.headers, "MCP-Protocol-Version": KEY, "Mcp-Method": "tools/list"}
            response = await wire.http.post(wire.address, json=request, headers=headers)
            assert response.status_code == 400, number
            answer = response.json()
            check(answer["error"])
            # The id is how the host finds its request.
            assert answer["id"] == PHONE


@pytest.mark.parametrize("mode", ERAS)
def test_a_protocol_error_over_stdio_holds_no_secret_and_no_number_if_these_are_masked(mode: Mode) -> None:
    meta = {"_meta": ENVELOPE} if mode == "auto" else {}
    requests = [(method, {**params, **meta}) for method, params in [*ECHOES, (f"tools/{PHONE}", {})]]
    if mode == "auto":
        version = {"_meta": {**ENVELOPE, "io.modelcontextprotocol/protocolVersion": KEY}}
        requests.append(("tools/list", version))
    lines: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": n, "method": m, "params": p} for n, (m, p) in enumerate(requests, start=1)
    ]
    if mode == "legacy":
        initialized = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        lines[:0] = [{"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": HANDSHAKE}, initialized]
    settings = {"SANDBOX": "1", "API_KEY": KEY, "API_HASH": "live-hash-91c2", "HTTP_TOKEN": ALI, "MASK_NUMBERS": "1"}
    variables = environment(**{f"ILETIMERKEZI_{name}": value for name, value in settings.items()})
    ended = run(COMMAND, input="".join(json.dumps(line) + "\n" for line in lines), env=variables)
    errors = {
        answer["id"]: answer["error"] for answer in map(json.loads, ended.stdout.splitlines()) if "error" in answer
    }
    assert sorted(errors) == [line["id"] for line in lines if line.get("id")]
    for error in errors.values():
        check(error)
        assert PHONE not in json.dumps(error)
    assert errors[1]["data"] == "[hidden]"
