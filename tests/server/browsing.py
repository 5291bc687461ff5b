"""A browser that opens nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx

from tests.connections import http_client


@dataclass(eq=False)
class FakeBrowser:
    """Reads the file that it is given, as a browser would, and keeps the link that it leads to."""

    folder: Path
    opens: bool = True
    links: list[str] = field(default_factory=list)

    def open(self, file: Path) -> bool:
        assert file.parent == self.folder
        assert file.stat().st_mode & 0o777 == 0o600
        (link,) = re.findall('href="(.*)"', file.read_text(encoding="ascii"))
        self.links.append(link)
        return self.opens


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def post(link: str, **fields: str) -> httpx.Response:
    origin = "http://" + urlsplit(link).netloc
    async with http_client() as http:
        return await http.post(link, data=fields, headers={"Origin": origin}, follow_redirects=True)


async def get(link: str, **headers: str) -> httpx.Response:
    async with http_client() as http:
        return await http.get(link, headers=headers)


async def let_threads_run() -> None:
    """Give the ledger's thread its turn: a loop that never waits would keep it from running."""
    await anyio.to_thread.run_sync(int)
