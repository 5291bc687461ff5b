"""The calls of the tools' pages, played against the real server in the sandbox from one fixed moment."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import anyio
import httpx
import mcp.types as mcp_types
from mcp import Client

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.ledger.clock import Uptime
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.sms.clock import ISTANBUL

MONDAY: Final = datetime(2026, 11, 23, 10, 0, tzinfo=ISTANBUL)
BETWEEN_CALLS: Final = timedelta(minutes=1)

FOLDER: Final = "/home/ayse/lists"
"""Stands in a page for the folder of the lists."""

CODE: Final = "K7Q2M9XW4TBA"
"""Stands in a page for a confirmation code, which is another one each time."""

CAMPAIGN: Final = "k-3f9a2c"
"""Stands in a page for the name of a campaign, which is another one each time."""

LISTS: Final = {
    "müşteriler.csv": "Ad Soyad;GSM;Şehir;Tutar\r\n"
    "Ayşe Şahin;0533 000 00 01;İstanbul;1.250,50\r\n"
    "Bora Işık;5330000002;Ankara;99,90\r\n"
    "Cem Öz;0533 000 00 03;;100\r\n"
    "Deniz Ak;5,33E+09;İzmir;75\r\n"
    "Ayşe Şahin;+90 533 000 00 01;İstanbul;40\r\n",
    "izinler.csv": "Ad Soyad;GSM;İzin Durumu;İzin Kaynağı;İzin Tarihi\r\n"
    "Ayşe Şahin;0533 000 00 11;Onay;HS_FIZIKSEL_ORTAM;20.11.2026 10:30:00\r\n"
    "Bora Işık;5330000012;Onay;Web;21.11.2026\r\n"
    "Cem Öz;0533 000 00 13;Onay;HS_MESAJ;22.11.2026 18:05:12\r\n"
    "Deniz Ak;0533 000 00 14;Onay;Faks;20.11.2026 09:15:00\r\n",
}
"""The lists in the folder of the pages' examples, by name; the people are made up."""


@dataclass(frozen=True, slots=True)
class Example:
    """The calls of one page that were made: their answers as text, and the requests that reached the provider, by path."""

    answers: list[str] = field(default_factory=list)
    requests: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class _Clock:
    """A clock that only moves when it is set."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def uptime(self) -> Uptime:
        """Return the time since the machine started."""
        return Uptime("boot", (self.now - MONDAY).total_seconds())


class _Recorder(SandboxTransport):
    """Records each request, and lets the simulated provider answer."""

    def __init__(self, provider: Provider, requests: list[tuple[str, Any]]) -> None:
        super().__init__(provider)
        self._requests = requests

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Record the request and pass it on."""
        self._requests.append((request.url.path, json.loads(await request.aread())))
        return await super().handle_async_request(request)


@cache
def play(calls: tuple[str, ...], *, language: Language, with_lists: bool) -> Example:
    """Make `calls`, each the JSON of a `tools/call`, one after the other in one database.

    :data:`CODE` is replaced by the code of the last preview, :data:`CAMPAIGN` by the last campaign. `with_lists` has a folder with :data:`LISTS`.
    """
    return anyio.run(_play, calls, language, with_lists)


async def _play(calls: tuple[str, ...], language: Language, with_lists: bool) -> Example:
    clock = _Clock()
    example = Example()
    with TemporaryDirectory() as folder, SandboxDatabase(clock=clock) as database:
        for name, content in LISTS.items():
            file = Path(folder) / name
            file.write_text(content, encoding="utf-8-sig", newline="")
            os.utime(file, (MONDAY.timestamp(), MONDAY.timestamp()))
        files_dir = folder if with_lists else None
        settings = load_settings({}, {"sandbox": "1", "language": language, "files_dir": files_dir})
        provider = Provider(database)
        server = build_server(
            settings,
            clock=clock,
            uptime=clock.uptime,
            transport=lambda: _Recorder(provider, example.requests),
        )
        code, campaign = CODE, CAMPAIGN
        async with Client(server) as client:
            for call in calls:
                params = json.loads(call.replace(CODE, code).replace(CAMPAIGN, campaign))
                result = await client.call_tool(params["name"], params["arguments"])
                text = "\n".join(block.text for block in result.content if isinstance(block, mcp_types.TextContent))
                code = (result.structured_content or {}).get("confirm", code)
                if named := re.search("k-[0-9a-f]{6}", text):
                    campaign = named[0]
                text = text.replace(campaign, CAMPAIGN)
                example.answers.append(text.replace(code, CODE).replace(folder, FOLDER))
                clock.now += BETWEEN_CALLS
    return example
