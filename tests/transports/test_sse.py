"""SSE, the transport of the protocol's first year."""

from __future__ import annotations

import pytest

from tests.calls import GET_BALANCE, SEND, SEND_SMS
from tests.connections import http_client
from tests.hosting import ERAS, Mode

from .served import ALI, bearer, served, sse_session

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.mark.parametrize("mode", ERAS)
async def test_sessions_share_one_life_of_the_server(mode: Mode) -> None:
    async with served("sse", http_path="/im/sse") as at, sse_session(at.address, mode) as one:
        assert one.messages.startswith(f"{at.address}/messages?session_id=")
        preview = await one.call(SEND_SMS, SEND)
        async with sse_session(at.address, "legacy") as other:
            # The ledger of this sandbox is in memory, so that it is one only if the server is.
            sent = await other.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
            assert sent["outcome"] == "done"
        assert (await one.call(SEND_SMS, SEND))["outcome"] == "held_back"


async def test_what_is_no_message_of_a_session_is_refused() -> None:
    async with served("sse") as at, http_client(headers=bearer(ALI)) as http:
        posted = await http.post(at.address, json={})
        assert (posted.status_code, posted.headers["allow"]) == (405, "GET")
        head = await http.head(at.address)
        assert (head.status_code, head.headers["allow"]) == (405, "GET")
        messages = f"{at.address}/messages"
        assert (await http.get(messages)).status_code == 405
        assert (await http.post(messages, json={})).status_code == 400
        assert (await http.post(f"{messages}?session_id=x", json={})).status_code == 400
        assert (await http.post(f"{messages}?session_id={'0' * 32}", json=PING)).status_code == 404


async def test_what_cannot_be_understood_is_400_and_stands_in_no_log(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with served("sse") as at, sse_session(at.address, "legacy") as wire:
        for content in (b"{", b"CANARY", b'{"jsonrpc":"2.0","id":1,"method":["CANARY"]}'):
            headers = {**bearer(), "Content-Type": "application/json"}
            assert (await wire.http.post(wire.messages, content=content, headers=headers)).status_code == 400
        assert (await wire.call(GET_BALANCE))["outcome"] == "ok"
    assert "CANARY" not in caplog.text + capfd.readouterr().err


async def test_answers_of_many_calls_at_once_all_arrive() -> None:
    async with served("sse") as at, sse_session(at.address, "auto") as wire:
        numbers = [await wire.begin("tools/list", {}) for _ in range(60)]
        heard = {(await wire.heard_any())["id"] for _ in numbers}
        assert heard == set(numbers)
