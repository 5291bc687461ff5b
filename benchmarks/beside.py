"""The provider's own server beside this one: ``python -m benchmarks.beside REVISION NODE INDEX.JS`` takes the table of ``docs/evidence.md``.

It is run by hand, with a build of that server's public repository at REVISION, and needs Node. It keeps the table in
``beside.json`` and writes the document. Both servers speak to one simulated
provider on loopback. That server reads its tools at its start from the provider's site, so it is given a list here, of the
two tools that are used and without any limit on their arguments: the words of its tools are not compared.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from time import perf_counter
from typing import Any, Final

import httpx

from iletimerkezi_mcp.provider.orders import GET_REPORT, GET_REPORTS, SEND_SMS
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.tools import order_report, send
from publishing.budget import BYTES_PER_TOKEN

from .evidence import DOCUMENT, TABLE, Table, document
from .history import last
from .host import PRODUCT, Host, account, hosting
from .process import resident
from .wire import HASH, KEY

ROUNDS: Final = 9
SEND, REPORT = send.SEND_SMS.name, order_report.GET_REPORT.name
LOST, PAGE_DONE, PAGE_NOT_DONE = "+905000000900", "+905000000904", "+905000000905"
"""Numbers of the sandbox: done and the answer lost; done, or not done, and a page of HTML in place of the answer."""


@dataclass(frozen=True, slots=True)
class Other:
    """The provider's server: its command, and where its list of tools is."""

    command: tuple[str, ...]
    manifest: str
    home: str

    def settings(self) -> dict[str, str]:
        """Return the variables that keep it on loopback."""
        return {
            "ILETIMERKEZI_MANIFEST_URL": self.manifest,
            "ILETIMERKEZI_MCP_CACHE_DIR": self.home,
            "ILETIMERKEZI_API_KEY": KEY,
            "ILETIMERKEZI_API_HASH": HASH,
        }


async def rows(other: Other, origin: str) -> list[tuple[str, str, str]]:
    """Return what is compared, theirs and ours."""
    found = [await _starts(other)]
    async with (
        hosting(other.command, **other.settings()) as theirs,
        hosting(PRODUCT, **account(origin)) as ours,
    ):
        found += [
            await _first_call(theirs, ours, origin),
            await _told(theirs, ours, LOST, "the provider has it, the connection breaks"),
            await _told(theirs, ours, PAGE_DONE, "the provider has it, a page of HTML comes back"),
            await _told(theirs, ours, PAGE_NOT_DONE, "the provider has nothing, a page of HTML comes back"),
            await _twice(theirs, ours, origin),
            await _misspelt(theirs, ours, origin),
            await _report(theirs, ours, origin),
        ]
    return found


async def _starts(other: Other) -> tuple[str, str, str]:
    cells = []
    for command, variables in ((other.command, other.settings()), (PRODUCT, account("http://127.0.0.1:9"))):
        seconds, memory = [], []
        for _ in range(ROUNDS):
            async with hosting(command, **variables) as host:
                await host.request("tools/list", {})
                seconds.append((perf_counter() - host.began) * 1_000)
                memory.append(resident(host.pid))
        cells.append(f"{median(seconds):.0f} ms, {median(memory):.0f} MiB")
    return ("from the start to the list of tools, and memory then", cells[0], cells[1])


async def _first_call(theirs: Host, ours: Host, origin: str) -> tuple[str, str, str]:
    cells: list[str] = []
    for host, call in ((theirs, _wire), (ours, _ours)):
        before = await _messages(origin)
        await _call(host, call([f"+9053200001{len(cells)}1"], "Siparişiniz hazır."))
        sent = await _messages(origin) - before
        cells.append("the message is sent" if sent else "a preview; nothing is sent")
    return ("the model asks once for an SMS", cells[0], cells[1])


async def _told(theirs: Host, ours: Host, number: str, case: str) -> tuple[str, str, str]:
    text = f"Siparişiniz hazır, kod {number[-3:]}."
    result = await _call(theirs, _wire([number], text))
    cell = "told as failure" if result.get("isError") else "told as success"
    text += " İyi günler."
    outcome = (await _confirmed(ours, [number], text))["outcome"]
    again = (await ours.call(SEND, _ours([number], text)))["outcome"]
    return (case, cell, f"told as `{outcome}`, a repeat as `{again}`")


async def _twice(theirs: Host, ours: Host, origin: str) -> tuple[str, str, str]:
    numbers = ["0532 000 00 21", "+905320000021"]
    before = await _messages(origin)
    result = await _call(theirs, _wire(numbers, "Randevunuz yarın."))
    sent = await _messages(origin) - before
    theirs_cell = f"{sent} messages" if sent else f"refused: {_said(result)}"
    before = await _messages(origin)
    await _confirmed(ours, numbers, "Randevunuz yarın saat 10.00'da.")
    return ("one person in two spellings of the number", theirs_cell, f"{await _messages(origin) - before} message")


async def _misspelt(theirs: Host, ours: Host, origin: str) -> tuple[str, str, str]:
    wire = _wire(["+905320000031"], "Toplantı saat 15.00'te.")
    wire["order"]["send_date_time"] = ["31/12/2026 15:00"]
    before = await _messages(origin)
    await _call(theirs, wire)
    cell = "sent at once" if await _messages(origin) > before else "refused"
    result = await _call(ours, {**_ours(["+905320000031"], "Toplantı saat 15.00'te."), "sent_at": "2026-12-31 15:00"})
    return ("a misspelt time to send", cell, "refused by name" if result.get("isError") else "not refused")


async def _report(theirs: Host, ours: Host, origin: str) -> tuple[str, str, str]:
    numbers = [f"+90533{place:07}" for place in range(1_000)]
    order_id = (await _confirmed(ours, numbers, "Bayramınız kutlu olsun."))["order_id"]
    reports = (
        await _call(theirs, {"order": {"id": order_id, "page": "1", "rowCount": "1000"}}, REPORT),
        await _call(ours, {"order_id": order_id}, REPORT),
    )
    cells = [f"{len(_said(result).encode()) // BYTES_PER_TOKEN:,} tokens" for result in reports]
    return ("the report of an order of 1,000", cells[0], cells[1])


async def _confirmed(host: Host, numbers: list[str], text: str) -> dict[str, Any]:
    """Return the answer to a send that is previewed and confirmed with its code."""
    preview = await host.call(SEND, _ours(numbers, text))
    return await host.call(SEND, {**_ours(numbers, text), "confirm": preview["confirm"]})


async def _call(host: Host, arguments: Mapping[str, Any], tool: str = SEND) -> dict[str, Any]:
    return await host.request("tools/call", {"name": tool, "arguments": arguments})


def _wire(numbers: list[str], text: str) -> dict[str, Any]:
    message = {"text": text, "receipents": {"number": numbers}}
    return {"order": {"sender": "FIRMAADI", "sendDateTime": [], "iys": "0", "message": message}}


def _ours(numbers: list[str], text: str) -> dict[str, Any]:
    return {"recipients": numbers, "text": text, "message_type": "transactional"}


def _said(result: Mapping[str, Any]) -> str:
    return "\n".join(block["text"] for block in result["content"])


async def _messages(origin: str) -> int:
    """Return how many messages the provider has in the orders of today."""
    today = datetime.now(ISTANBUL).date().isoformat()
    body = {
        "request": {
            "authentication": {"key": KEY, "hash": HASH},
            "filter": {"start": today, "end": today},
        }
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = (await client.post(f"{origin}{GET_REPORTS.path}", json=body)).json()
    return sum(int(order["total"]) for order in answer["response"].get("orders", []))


@asynccontextmanager
async def provider() -> AsyncIterator[str]:
    """Give the origin of the simulated provider, a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *PRODUCT,
        "sandbox",
        "--port",
        "0",
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "ILETIMERKEZI_LANG": "en"},
    )
    assert process.stderr is not None
    try:
        line = (await asyncio.wait_for(process.stderr.readline(), 60)).decode()
        yield next(word for word in line.split() if word.startswith("http")).rstrip(";")
    finally:
        process.terminate()
        await process.wait()


@contextmanager
def manifest(origin: str) -> Iterator[str]:
    """Serve the list of tools that the provider's site has, made here for three of them."""
    endpoints = [
        {
            "slug": name,
            "method": "POST",
            "base_url": origin,
            "path": path,
            "full_url": f"{origin}{path}",
            "auth": "api-key-and-hash",
            "notes": name,
            "mcp_tool": name,
            "error_codes": [],
            "summary": {"en": name},
            "doc_url": {},
            "input_schema": {"type": "object"},
        }
        for name, path in (
            (SEND, SEND_SMS.path),
            (REPORT, GET_REPORT.path),
        )
    ]
    body = json.dumps({"schema_version": "1", "base_url": origin, "endpoints": endpoints}).encode()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/manifest.json"
    finally:
        server.shutdown()


async def take(command: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return the rows of the table."""
    async with provider() as origin:
        with manifest(origin) as address, tempfile.TemporaryDirectory() as home:
            return await rows(Other(command, address, home), origin)


def main(revision: str, *command: str) -> None:
    """Take the table, keep it, and write the document."""
    subprocess.run(PRODUCT, stdin=subprocess.DEVNULL, check=True, timeout=60)
    table = Table(datetime.now(ISTANBUL).date().isoformat(), revision, asyncio.run(take(command)))
    TABLE.write_text(json.dumps(asdict(table), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    DOCUMENT.write_text(document(last(), table), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: python -m benchmarks.beside REVISION NODE INDEX.JS")
    main(*sys.argv[1:])
