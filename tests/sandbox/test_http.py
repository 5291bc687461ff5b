from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator

import anyio
import httpx
import pytest
from anyio.abc import SocketAttribute

from iletimerkezi_mcp.sandbox.answers import ProviderAnswer
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.http import PortError, run, serving
from iletimerkezi_mcp.sandbox.provider import Provider
from tests.connections import far_end, http_client

from .bench import ALI, Bench, body, order

SEND = "/v1/send-sms/json"


@pytest.fixture
async def http(bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(bench.provider) as origin, http_client(base_url=origin) as client:
        yield client


async def test_an_answer_comes_over_a_real_connection(bench: Bench, http: httpx.AsyncClient) -> None:
    good = await http.post(SEND, content=body(order=order(ALI)))
    bad = await http.post(SEND, content=body(order=order(ALI)))
    assert (good.status_code, good.json()["response"]["order"]) == (200, {"id": "312891248"})
    assert good.headers["content-type"] == "application/json"
    assert (bad.status_code, bad.json()["response"]["status"]["message"]) == (451, "Tekrar eden sipariş")


async def test_an_answers_body_does_not_wait_for_its_headers_to_be_acknowledged(bench: Bench) -> None:
    async with serving(bench.provider) as origin:
        port = int(origin.rpartition(":")[2])
        async with await anyio.connect_tcp("127.0.0.1", port) as connection:
            await connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await connection.receive()
            far = far_end(connection.extra(SocketAttribute.local_address))
            assert far.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            far.close()


async def test_other_paths_and_methods_are_answered_as_the_provider_does(http: httpx.AsyncClient) -> None:
    assert [(await http.get(path)).json()["response"]["status"]["code"] for path in ("/", SEND)] == [404, 404]
    throttled = await http.post(SEND, content=body(order=order("+905000000429")))
    assert (throttled.status_code, throttled.headers["retry-after"]) == (429, "2")


async def test_a_lost_answer_breaks_the_connection_and_the_order_exists(bench: Bench, http: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await http.post(SEND, content=body(order=order("+905000000900")))
    assert bench.credits() == 99_999
    assert (await http.post(SEND, content=body(order=order(ALI)))).status_code == 200


class Telling(Provider):
    """A provider that tells when it has been asked."""

    def __init__(self, database: SandboxDatabase) -> None:
        super().__init__(database)
        self.asked = anyio.Event()

    def answer(self, path: str, body: bytes, *, method: str = "POST") -> ProviderAnswer:
        answer = super().answer(path, body, method=method)
        self.asked.set()
        return answer


async def test_silence_lasts_until_the_client_goes(bench: Bench) -> None:
    provider = Telling(bench.database)
    async with serving(provider) as origin, http_client() as client, asyncio.TaskGroup() as tasks:
        silence = tasks.create_task(client.post(origin + SEND, content=body(order=order("+905000000902"))))
        await provider.asked.wait()
        assert not silence.done()
        silence.cancel()
    assert bench.credits() == 99_999


async def test_a_client_that_waits_in_silence_does_not_hold_up_the_end(bench: Bench) -> None:
    provider = Telling(bench.database)
    async with http_client() as client, anyio.create_task_group() as tasks:

        async def ask(origin: str) -> None:
            answer = await client.post(origin + SEND, content=body(order=order("+905000000902")), timeout=30)
            assert answer.status_code == 500

        with anyio.fail_after(60):
            async with serving(provider) as origin:
                tasks.start_soon(ask, origin)
                await provider.asked.wait()


async def test_a_garbled_answer_is_a_page_under_200(http: httpx.AsyncClient) -> None:
    answer = await http.post(SEND, content=body(order=order("+905000000905")))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_a_port_in_use_is_an_error(bench: Bench) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortError) as caught:
        run(bench.provider, port := taken.getsockname()[1], print)
    said = caught.value.reason.en
    assert said.startswith(f"The sandbox cannot listen at port {port} ({os.strerror(errno.EADDRINUSE)}")
    assert said.endswith("; choose another one with --port, 0 takes a free one.")


def test_run_serves_until_it_is_interrupted(bench: Bench) -> None:
    codes: list[int] = []

    def ask(origin: str) -> None:
        codes.append(httpx.post(origin + SEND, content=body(order=order(ALI)), trust_env=False).status_code)
        os.kill(os.getpid(), signal.SIGINT)

    threads: list[threading.Thread] = []

    def ready(origin: str) -> None:
        threads.append(threading.Thread(target=ask, args=(origin,)))
        threads[0].start()

    run(bench.provider, 0, ready)
    threads[0].join()
    assert codes == [200]
