"""One token's share of what all tokens use."""

from __future__ import annotations

from dataclasses import replace

import anyio
from pydantic import SecretStr

from iletimerkezi_mcp.transports.limits import HTTP_LIMITS
from tests.calls import GET_BALANCE, SEND, SEND_SMS
from tests.connections import http_client

from .served import ALI, AYSE, HANDSHAKE, SANDBOX, Streamable, served, sse_session

ASKING = {**HANDSHAKE, "capabilities": {"elicitation": {}}}


async def test_one_token_opens_half_of_the_sessions_and_others_the_rest() -> None:
    async with served(http_limits=replace(HTTP_LIMITS, sessions=4)) as at, http_client() as http:
        ali = [Streamable(http, at.address, "legacy", ALI) for _ in range(3)]
        codes = [(await one.post(one.request("initialize", HANDSHAKE))).status_code for one in ali]
        assert codes == [200, 200, 503]
        ayse = Streamable(http, at.address, "legacy", AYSE)
        await ayse.open()
        assert (await ayse.call(GET_BALANCE))["outcome"] == "ok"


async def test_a_session_that_its_token_ends_makes_room_for_another() -> None:
    async with served(http_limits=replace(HTTP_LIMITS, sessions=2)) as at, http_client() as http:
        for _ in range(2):
            ali = Streamable(http, at.address, "legacy", ALI)
            await ali.open()
            assert (await ali.post(ali.request("initialize", HANDSHAKE))).status_code == 503
            assert (await http.delete(at.address, headers=ali.headers)).status_code == 200


async def test_the_only_token_may_use_everything() -> None:
    alone = replace(SANDBOX, http_token=SecretStr(f"ali:{ALI}"))
    async with served(settings=alone, http_limits=replace(HTTP_LIMITS, sessions=2)) as at, http_client() as http:
        ali = [Streamable(http, at.address, "legacy", ALI) for _ in range(3)]
        codes = [(await one.post(one.request("initialize", HANDSHAKE))).status_code for one in ali]
    assert codes == [200, 200, 503]


async def test_unanswered_questions_use_up_one_tokens_calls_and_end_with_their_connections() -> None:
    with anyio.fail_after(60):
        async with served(http_limits=replace(HTTP_LIMITS, calls=4)) as at, http_client() as http:
            ali = Streamable(http, at.address, "legacy", ALI)
            opened = await ali.post(ali.request("initialize", ASKING))
            ali.headers["Mcp-Session-Id"] = opened.headers["mcp-session-id"]
            await ali.post({"jsonrpc": "2.0", "method": "notifications/initialized"})
            asked = [anyio.Event(), anyio.Event()]
            async with anyio.create_task_group() as questions:

                async def ask(shown: anyio.Event, text: str) -> None:
                    request = ali.request("tools/call", {"name": SEND_SMS, "arguments": {**SEND, "text": text}})
                    async with http.stream("POST", at.address, json=request, headers=ali.headers) as stream:
                        async for line in stream.aiter_lines():
                            if "elicitation/create" in line:
                                shown.set()

                for number, shown in enumerate(asked):
                    questions.start_soon(ask, shown, f"Toplantı {number}")
                for shown in asked:
                    await shown.wait()
                refused = await ali.ask("tools/call", {"name": GET_BALANCE, "arguments": {}})
                assert "Too many requests" in refused["error"]["message"]
                ayse = Streamable(http, at.address, "auto", AYSE)
                assert (await ayse.call(GET_BALANCE))["outcome"] == "ok"
                questions.cancel_scope.cancel()
            while "error" in await ali.ask("tools/call", {"name": GET_BALANCE, "arguments": {}}):
                """The server has yet to see that the connections are closed."""


async def test_unanswered_questions_of_sse_sessions_use_up_one_tokens_calls_and_end_with_their_sessions() -> None:
    async with served("sse", http_limits=replace(HTTP_LIMITS, calls=4)) as at:
        async with (
            sse_session(at.address, "legacy", ALI, ASKING) as one,
            sse_session(at.address, "legacy", ALI, ASKING) as other,
        ):
            for text, session in (("Toplantı 1", one), ("Toplantı 2", other)):
                await session.begin("tools/call", {"name": SEND_SMS, "arguments": {**SEND, "text": text}})
                assert (await session.heard_any())["method"] == "elicitation/create"
            refused = await other.ask("tools/call", {"name": GET_BALANCE, "arguments": {}})
            assert "Too many requests" in refused["error"]["message"]
            async with sse_session(at.address, "auto", AYSE) as ayse:
                assert (await ayse.call(GET_BALANCE))["outcome"] == "ok"
        async with sse_session(at.address, "legacy", ALI) as again:
            while "error" in await again.ask("tools/call", {"name": GET_BALANCE, "arguments": {}}):
                """The server has yet to see that the connections are closed."""
