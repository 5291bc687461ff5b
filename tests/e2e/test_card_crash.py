"""A server that is killed after a person has approved on a card: what they approved is sent once or told as it is."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.tools.answers import CARD_META
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from tests.calls import SEND_SMS
from tests.confirmation.cards import LARGE, Chat
from tests.hosting import CARDS, ManualClock, hosted
from tests.processes import COMMAND, environment, unmeasured

from .killed import ROOT, ever_accepting, later, posix, variables
from .stdio_client import ENVELOPE
from .upstream import upstream

ASKED = {**LARGE, "sender": "FIRMAADI"}


@posix
async def test_a_kill_at_any_point_after_the_yes_sends_nothing_twice_and_the_card_says_what_is_known(
    tmp_path: Path,
) -> None:
    start = tmp_path / "start"
    async with upstream(ever_accepting()) as up:
        settings = {**variables(start, up.origin), "ILETIMERKEZI_CONFIRM": "auto"}
        server = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment(**settings))
        with anyio.fail_after(60):
            async with Client(server, **CARDS) as client:
                waiting = await client.call_tool(SEND_SMS, ASKED)
                code = (waiting.meta or {})[CARD_META]["code"]
                await client.call_tool(CARD_ANSWER.name, {"code": code, "decision": "shown"})
        approval = {"code": code, "decision": "approve", "count": "100"}
        call = {"name": CARD_ANSWER.name, "arguments": approval, "_meta": ENVELOPE}
        with anyio.fail_after(240):
            ran = await anyio.run_process(
                [
                    *(sys.executable, "-m", "tests.e2e.mortal", str(tmp_path)),
                    json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}),
                ],
                cwd=ROOT,
                env=unmeasured(**settings),
                stderr=None,
            )
        arrived = Counter(one.account for one in up.changes)
        seen: Counter[str] = Counter()
        for line in ran.stdout.decode().splitlines():
            point, name, answer = json.loads(line)
            assert arrived[str(point)] <= 1, name
            seen[await _look(tmp_path / str(point), up.origin, code, arrived[str(point)], name, answer)] += 1
    assert {name for name, times in seen.items() if times > 1} >= {"open", "unknown"}
    assert seen["done"] >= 1


async def _look(folder: Path, origin: str, code: str, arrived: int, name: str, answer: Any) -> str:
    """Return what the card says after the server in `folder` was killed at the point `name`."""
    settings = replace(later(folder, origin), confirm="auto")
    async with hosted(settings, clock=ManualClock(now=datetime.now(ISTANBUL)), **CARDS) as host:
        at = Chat(host)
        card, _ = await at.press(code, "shown")
        again, _ = await at.press(code, "approve", 100)
        told, _ = await at.ask(ASKED)
        assert at.sends + arrived <= 1, name
        if card["state"] == "open":
            assert (again["outcome"], told["outcome"], at.sends, answer) == ("done", "done", 1, None), name
            return "open"
        assert at.sends == 0, name
        assert card["outcome"] == again["outcome"] == told["outcome"], name
        if card["outcome"] == "done":
            assert arrived == 1, name
            return "done"
        assert (card["outcome"], answer) == ("unknown", None), name
        return "unknown"
