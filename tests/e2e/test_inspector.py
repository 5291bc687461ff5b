"""The MCP inspector's command line does the main job: over every transport, in both protocol versions.

It chooses the era by ``--protocol-era`` and connects anew for each request. Over stdio each request is therefore a
server process of its own, and what a code belongs to lasts between them in the state folder.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import anyio
import pytest

from tests.calls import GET_BALANCE, GET_REPORT, SEND, SEND_SMS
from tests.e2e.network import started
from tests.node.tools import INSPECTOR, needs_node_tools, run
from tests.processes import COMMAND
from tests.tools.examples import listed
from tests.transports.served import ALI

pytestmark = needs_node_tools

Transport = Literal["stdio", "sse", "streamable-http"]
Era = Literal["legacy", "modern"]

NEGOTIATED: dict[Era, str] = {"legacy": "2025-11-25", "modern": "2026-07-28"}

PATIENT = ("--connect-timeout", "60000")
"""Milliseconds; the inspector's own 15 seconds are not for a machine with much else to do."""


@dataclass(frozen=True, slots=True)
class Inspector:
    """The inspector, and how it reaches the server."""

    target: tuple[str, ...]
    era: Era
    home: Path

    async def ask(self, method: str, *options: str) -> Any:
        """Return the result of one request, of which the inspector does not complain."""
        chosen = ("--method", method, "--protocol-era", self.era, "--format", "json", *PATIENT, *options)
        ran = await run(INSPECTOR, "--cli", *self.target, *chosen, home=self.home)
        assert (ran.status, ran.err) == (0, ""), ran
        return json.loads(ran.out)["result"]

    async def call(self, tool: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return a tool's answer."""
        given = json.dumps(arguments or {}, ensure_ascii=False)
        result = await self.ask("tools/call", "--tool-name", tool, "--tool-args-json", given)
        content = result["structuredContent"]
        assert isinstance(content, dict)
        return content


@asynccontextmanager
async def reached(transport: Transport, era: Era, folder: Path) -> AsyncIterator[Inspector]:
    """Give the inspector, connected to a server in the sandbox."""
    if transport == "stdio":
        command = (*COMMAND, "--sandbox", "--lang", "en", "--state-dir", str(folder / "state"))
        yield Inspector(command, era, folder)
        return
    notices = 1 if transport == "sse" else 0
    kind = "sse" if transport == "sse" else "http"
    async with started(transport, "--sandbox", notices=notices) as at:
        shown = ("--header", f"Authorization: Bearer {ALI}")
        yield Inspector((at.address, "--transport", kind, *shown), era, folder)


@pytest.mark.parametrize("era", ["legacy", "modern"])
@pytest.mark.parametrize("transport", ["stdio", "sse", "streamable-http"])
async def test_the_inspector_does_the_main_job(transport: Transport, era: Era, tmp_path: Path) -> None:
    async with reached(transport, era, tmp_path) as inspector, anyio.create_task_group() as tasks:
        tasks.start_soon(_sends, inspector)
        tasks.start_soon(_reads, inspector)


async def _sends(inspector: Inspector) -> None:
    welcome = await inspector.ask("initialize")
    assert welcome["protocolVersion"] == NEGOTIATED[inspector.era]
    preview = await inspector.call(SEND_SMS, SEND)
    assert preview["outcome"] == "preview"
    sent = await inspector.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
    assert sent["outcome"] == "done"
    report = await inspector.call(GET_REPORT, {"order_id": sent["order_id"]})
    assert (report["outcome"], report["order_id"]) == ("ok", sent["order_id"])


async def _reads(inspector: Inspector) -> None:
    tools = (await inspector.ask("tools/list", "--strict"))["tools"]
    assert len(tools) == len(listed("legacy" if inspector.era == "legacy" else "auto"))
    assert (await inspector.call(GET_BALANCE))["outcome"] == "ok"
    resources = {one["uri"] for one in (await inspector.ask("resources/list"))["resources"]}
    assert "iletimerkezi://policy" in resources
    [policy] = (await inspector.ask("resources/read", "--uri", "iletimerkezi://policy"))["contents"]
    assert json.loads(policy["text"])["mode"] == "sandbox"
    written = await inspector.ask("prompts/get", "--prompt-name", "account_check", "--prompt-args", "language=en")
    assert GET_BALANCE in written["messages"][0]["content"]["text"]
