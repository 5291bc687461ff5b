"""A server that is killed at any point of a campaign: nobody gets it twice, and everybody can get it still."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import anyio

from iletimerkezi_mcp.ledger.attempts import RUN_GAP
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import SEND_LIST
from tests.hosting import ManualClock, hosted
from tests.processes import unmeasured
from tests.tools.list_sends import CAMPAIGN, number, texts, write_list

from .killed import ROOT, ever_accepting, later, posix, variables
from .stdio_client import ENVELOPE, spoken
from .upstream import upstream

PEOPLE = 2


@posix
async def test_a_kill_at_any_point_of_a_campaign_sends_nothing_twice_and_the_rest_can_be_sent(tmp_path: Path) -> None:
    start, lists = tmp_path / "start", tmp_path / "lists"
    lists.mkdir()
    write_list(lists, PEOPLE)
    async with upstream(ever_accepting()) as up:
        settings = {
            **variables(start, up.origin),
            "ILETIMERKEZI_FILES_DIR": str(lists),
            "ILETIMERKEZI_TEXTS_PER_ORDER": "1",
            "ILETIMERKEZI_SENDER": "FIRMAADI",
        }
        async with spoken("auto", **settings) as wire:
            code = (await wire.call(SEND_LIST, CAMPAIGN))["confirm"]
            assert wire.process.stdin is not None
            await wire.process.stdin.aclose()
            await wire.process.wait()
        call = {"name": SEND_LIST, "arguments": {**CAMPAIGN, "confirm": code}, "_meta": ENVELOPE}
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
        seen: Counter[tuple[int, str]] = Counter()
        for line in ran.stdout.decode().splitlines():
            point, name, _ = json.loads(line)
            got = Counter(
                recipient
                for one in up.changes
                if one.account == str(point) and one.operation == "send-sms"
                for recipient in one.request["order"]["message"]["receipents"]["number"]
            )
            seen[await _look(tmp_path / str(point), lists, up.origin, got, name)] += 1
    # Killed before the first order, between the two, after both, and while one of them was in doubt.
    assert {outcome for outcome, _ in seen} == {0, 1, 2}
    assert {state for _, state in seen} >= {"not begun", "rest", "in doubt"}


async def _look(folder: Path, lists: Path, origin: str, got: Counter[str], name: str) -> tuple[int, str]:
    """Return how many got it before the kill, and what a later server found; it sends what can be sent."""
    assert all(times == 1 for times in got.values()), name
    clock = ManualClock(now=datetime.now(ISTANBUL) + RUN_GAP + timedelta(seconds=5))
    settings = replace(later(folder, origin), files_dir=lists, texts_per_order=1, sender="FIRMAADI")
    async with hosted(settings, clock=clock) as host:
        new = await host.call(SEND_LIST, CAMPAIGN)
        state, doubt = "not begun", False
        if new["outcome"] == "preview":
            assert not got, name
            done = await host.call(SEND_LIST, CAMPAIGN, confirm=new["confirm"])
            assert done["outcome"] == "done", name
        elif new["outcome"] == "held_back":
            state, doubt = "all", True
        else:
            assert new["outcome"] == "nothing_done", name
            campaign = new["next_step"].split("campaign ")[1].split(" ")[0]
            rest = await host.call(SEND_LIST, CAMPAIGN, campaign=campaign)
            doubt = any("outcome is unknown" in warning for warning in rest.get("warnings", ()))
            state = "in doubt" if doubt else "rest"
            done = await host.call(SEND_LIST, CAMPAIGN, campaign=campaign, confirm=rest["confirm"])
            assert done["outcome"] == "done", name
        got_all = got + Counter(recipient for recipient, _ in texts(host))
    assert all(times == 1 for times in got_all.values()), name
    if not doubt:
        assert set(got_all) == {number(place) for place in range(PEOPLE)}, name
    return len(got), state
