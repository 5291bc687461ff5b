from __future__ import annotations

import asyncio

import httpx
import pytest

from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from tests.loop_clock import LoopClock

from .bench import ALI, Bench, body, order

SEND = "https://api.iletimerkezi.com/v1/send-sms/json"


def client(bench: Bench, seconds: float | None = 5.0) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=SandboxTransport(bench.provider), timeout=seconds)


async def test_an_answer_comes_as_json_under_its_own_status(bench: Bench) -> None:
    async with client(bench) as http:
        good = await http.post(SEND, content=body(order=order(ALI)))
        bad = await http.post(SEND, content=body(order=order(ALI)))
    assert (good.status_code, good.json()["response"]["order"]) == (200, {"id": "312891248"})
    assert good.headers["content-type"] == "application/json"
    assert (bad.status_code, bad.json()["response"]["status"]["message"]) == (451, "Tekrar eden sipariş")


async def test_the_method_counts_and_headers_arrive(bench: Bench) -> None:
    async with client(bench) as http:
        assert (await http.get(SEND)).status_code == 404
        throttled = await http.post(SEND, content=body(order=order("+905000000429")))
    assert (throttled.status_code, throttled.headers["retry-after"]) == (429, "2")


async def test_a_lost_answer_is_a_read_error_and_the_order_exists(bench: Bench) -> None:
    async with client(bench) as http:
        with pytest.raises(httpx.ReadError):
            await http.post(SEND, content=body(order=order("+905000000900")))
    assert bench.credits() == 99_999


async def test_silence_lasts_the_requests_own_time_limit(bench: Bench) -> None:
    async with client(bench, 0.001) as http:
        with pytest.raises(httpx.ReadTimeout):
            await http.post(SEND, content=body(order=order("+905000000902")))
    assert bench.credits() == 99_999


async def test_silence_without_a_limit_lasts_until_the_caller_goes(bench: Bench) -> None:
    async with client(bench, None) as http:
        silence = asyncio.create_task(http.post(SEND, content=body(order=order("+905000000903"))))
        clock = LoopClock()
        await clock.tick(3600)
        assert not silence.done()
        silence.cancel()
    assert bench.credits() == 100_000


async def test_a_garbled_answer_is_a_page_under_200(bench: Bench) -> None:
    async with client(bench) as http:
        answer = await http.post(SEND, content=body(order=order("+905000000904")))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert answer.text.startswith("<!DOCTYPE html>")
