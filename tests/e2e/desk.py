"""A person at a machine with a screen: a server on stdio whose host has no forms, and their browser."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from tests.e2e.card_host import CHROMIUM
from tests.hosting import Mode
from tests.node.tools import FOLDER, MODULES, run
from tests.processes import COMMAND, environment


@dataclass(frozen=True, slots=True)
class Desk:
    """A host without forms, and the person's home, where their browser notes what it was given."""

    client: Client
    home: Path

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] | None = (await self.client.call_tool(tool, arguments)).structured_content
        assert answer is not None
        return answer

    async def link(self) -> str:
        return await given_to(self.home)


async def given_to(home: Path) -> str:
    """Return the link that the browser was led to last."""
    given = anyio.Path(home / "given")
    with anyio.fail_after(60):
        while not await given.exists() or not (links := re.findall('href="(.*?)"', await given.read_text())):
            await anyio.lowlevel.checkpoint()
    await given.unlink()
    link: str = links[-1]
    return link


async def screen(home: Path) -> dict[str, str]:
    """Return the environment of a machine with a screen, whose browser copies the file that it is given."""
    browser = anyio.Path(home / "browser")
    await browser.write_text(
        f'#!/bin/sh\nenv > {home}/environment; cp "${{1#file://}}" {home}/new && mv {home}/new {home}/given\n'
    )
    await browser.chmod(0o700)
    return {
        "HOME": str(home),
        "DISPLAY": ":99",
        "BROWSER": f"{browser} %s",
        "ILETIMERKEZI_CONFIRM": "auto",
        "ILETIMERKEZI_SENDER": "FIRMAADI",
    }


@asynccontextmanager
async def desk(home: Path, mode: Mode = "auto", *flags: str, **variables: str) -> AsyncIterator[Desk]:
    """Start the server on a machine with a screen."""
    own = {**await screen(home), **variables}
    parameters = StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "--sandbox", *flags], env=environment(**own)
    )
    async with Client(parameters, mode=mode) as client:
        yield Desk(client, home)


async def look(home: Path, link: str, **options: Any) -> dict[str, Any]:
    """Return what Chromium sees at `link`."""
    assert MODULES.exists()
    ran = await run(FOLDER / "page.mjs", CHROMIUM or "", link, json.dumps(options), home=home)
    assert ran.status == 0, ran
    looked: dict[str, Any] = json.loads(ran.out)
    return looked
