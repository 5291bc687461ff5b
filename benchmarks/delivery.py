"""Five hundred pushed reports a second beside other calls, a kill under that load, and the room that reports take.

``python -m benchmarks.delivery URL`` pushes until its stdin is closed or the connection breaks, and prints how many were
answered with 200 and in how many seconds. It is a process of its own, so that it does not slow down what is timed here.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.provider.pushed import PushedReport
from iletimerkezi_mcp.sms.clock import system_clock

from .bulk import probes
from .figure import Bar, Figure, Spread, p95
from .host import PRODUCT, account, hosting
from .upstream import upstream

REPORTS_PER_SECOND = 500
PUSHED_PER_SECOND = 525
CONNECTIONS = 64
LATENCY = 0.02
STORED = 100_000
BATCH = 500

SECRET = "a-delivery-secret-of-the-benchmark"  # noqa: S105 - of a server of this run alone
TOKEN = "a-bearer-token-of-the-benchmark-only"  # noqa: S105 - of a server of this run alone


async def delivery(seconds: float) -> list[Figure]:
    """Measure for `seconds` with the reports in another process and as long with them in the same one."""
    with upstream(LATENCY) as provider, tempfile.TemporaryDirectory() as folder:
        own = {**account(provider.origin), "ILETIMERKEZI_STATE_DIR": folder, "ILETIMERKEZI_DELIVERY_SECRET": SECRET}
        async with hosting(PRODUCT, **own) as host:
            await probes(host, 0.1)
            idle = await probes(host, seconds)
            with _listening(("delivery",), own) as (process, url), _pushing(url) as pushing:
                beside = await probes(host, seconds)
                process.send_signal(signal.SIGKILL)
                process.wait()
                kept, lasted = _result(pushing)
        lost = max(0, kept - _rows(Path(folder)))
    with upstream(LATENCY) as provider, tempfile.TemporaryDirectory() as folder:
        own = {**own, **account(provider.origin), "ILETIMERKEZI_STATE_DIR": folder, "ILETIMERKEZI_HTTP_TOKEN": TOKEN}
        with _listening(("--transport", "streamable-http"), own) as (process, url):
            async with _client(url) as client:
                await probes(client, 0.1)
                idle_same = await probes(client, seconds)
                with _pushing(f"{url.removesuffix('/mcp')}/delivery/{SECRET}") as pushing:
                    beside_same = await probes(client, seconds)
                    assert pushing.stdin is not None
                    pushing.stdin.close()
                    kept_same, lasted_same = _result(pushing)
    rate = Bar("value", "least", REPORTS_PER_SECOND)
    later = Bar("difference", "most", 20)
    return [
        Figure(
            "delivery", "pushed reports kept a second, beside stdio", "reports/s", Spread.of([kept / lasted]), bar=rate
        ),
        Figure(
            "delivery_same",
            "the same in one process with HTTP",
            "reports/s",
            Spread.of([kept_same / lasted_same]),
            bar=rate,
        ),
        Figure(
            "delivery_lost",
            "reports lost of those, by a kill under that load",
            "",
            Spread.of([lost]),
            bar=Bar("value", "most", 0),
        ),
        Figure(
            "beside_delivery",
            "the balance read over stdio meanwhile: p95, beside idle",
            "ms",
            Spread.of([p95(beside)]),
            Spread.of([p95(idle)]),
            later,
        ),
        Figure(
            "beside_delivery_same",
            "the same over HTTP, from the process that takes the reports",
            "ms",
            Spread.of([p95(beside_same)]),
            Spread.of([p95(idle_same)]),
            later,
        ),
        *[await _stored(orders) for orders in (2, STORED)],
    ]


async def _stored(orders: int) -> Figure:
    """Return the size of the ledger with reports about so many orders."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ledger = SqliteLedger(folder, ("key", "url", "live"), clock=system_clock)
        for first in range(0, STORED, BATCH):
            await ledger.record_pushed(
                [
                    PushedReport(
                        900_000_000 + place,
                        OrderId(str(300_000_000 + place % orders)),
                        f"+90532{place:07}",
                        "delivered",
                    )
                    for place in range(first, first + BATCH)
                ]
            )
        size = sum((folder / file).stat().st_size for file in ("ledger.sqlite3", "ledger.sqlite3-wal"))
        ledger.close()
    what = f"{STORED:,} pushed reports about {orders:,} orders in the ledger and its `-wal` file"
    return Figure(f"delivery_stored_{orders}", what, "MB", Spread.of([size / 1e6]), bar=Bar("value", "most", 20))


@contextmanager
def _listening(words: tuple[str, ...], settings: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a process that listens, and give it and the URL that calls or reports go to."""
    environment = {**os.environ, "ILETIMERKEZI_LANG": "en", **settings}
    command = (*PRODUCT, *words, "--port", "0")
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            url = next(word for word in process.stderr.readline().split() if word.startswith("http")).rstrip(".")
            yield process, f"{url}{SECRET}" if url.endswith("/delivery/") else url
        finally:
            process.kill()


@contextmanager
def _pushing(url: str) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-m", "benchmarks.delivery", url)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _result(pushing: subprocess.Popen[str]) -> tuple[int, float]:
    assert pushing.stdout is not None
    kept, lasted = json.loads(pushing.stdout.readline())
    return kept, lasted


def _rows(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "ledger.sqlite3")) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM pushed").fetchone()
        return int(rows)


class _Client:
    """Calls over streamable HTTP in the protocol of 2026-07-28, each complete in itself."""

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        envelope = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "benchmarks", "version": "1"},
        }
        params = {"name": tool, "arguments": arguments, "_meta": envelope}
        headers = {
            "Accept": "application/json, text/event-stream",
            "Authorization": f"Bearer {TOKEN}",
            "MCP-Protocol-Version": "2026-07-28",
            "Mcp-Method": "tools/call",
            "Mcp-Name": tool,
        }
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        answer = await self._http.post(self._url, json=message, headers=headers)
        assert answer.status_code == 200, answer.text
        return {}


@asynccontextmanager
async def _client(url: str) -> AsyncIterator[_Client]:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        yield _Client(http, url)


async def push(url: str) -> tuple[int, float]:
    """Push at a steady rate, and return how many reports were answered with 200 until the end, and the seconds."""
    parts = urlsplit(url)
    due: asyncio.Queue[int] = asyncio.Queue()
    kept = 0

    async def worker() -> None:
        nonlocal kept
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while True:
            place = await due.get()
            report = {
                "id": 900_000_000 + place,
                "packet_id": 300_000_000 + place // 2,
                "status": "delivered",
                "to": f"+90532{place:07}",
                "body": "Sayın müşterimiz, siparişiniz yola çıktı.",
            }
            body = json.dumps({"report": report}).encode()
            head = f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(2)
            kept += answer.startswith(b"HTTP/1.1 200 ")

    began = perf_counter()
    workers = [asyncio.create_task(worker()) for _ in range(CONNECTIONS)]
    place = 0
    while not any(task.done() for task in workers) and not select.select([sys.stdin], [], [], 0)[0]:
        while place < (perf_counter() - began) * PUSHED_PER_SECOND:
            due.put_nowait(place)
            place += 1
        await asyncio.sleep(0.002)
    lasted = perf_counter() - began
    for task in workers:
        task.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return kept, lasted


if __name__ == "__main__":
    print(json.dumps(asyncio.run(push(sys.argv[1]))), flush=True)
