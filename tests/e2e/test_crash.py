"""A server that is killed around a confirmed send, and several that share one state folder."""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections import Counter
from contextlib import AsyncExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from iletimerkezi_mcp.ledger.attempts import MAX_FLIGHT_TIME
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import GET_BALANCE, SEND, SEND_SMS
from tests.hosting import ERAS, ManualClock, Mode, hosted
from tests.processes import COMMAND, environment, unmeasured

from .killed import ROOT, ever_accepting, later, posix, variables
from .stdio_client import ENVELOPE, spoken
from .upstream import Stage, Upstream, upstream


def audited(folder: Path) -> list[tuple[str, bool]]:
    """Return the outcomes in the audit log of the one attempt, each with whether its line was written late."""
    lines = [json.loads(line) for line in (folder / "audit.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(line["outcome"], "written_late" in line) for line in lines if line.get("attempt") == 1]


def states(folder: Path) -> list[str]:
    """Return what the ledger's file holds at this moment, read beside the server."""
    with closing(sqlite3.connect(folder / LEDGER_FILE)) as connection:
        return [state for (state,) in connection.execute("SELECT state FROM attempt ORDER BY id")]


async def on_record(folder: Path) -> None:
    """Return once an attempt is in the ledger's file."""
    while not states(folder):
        await anyio.lowlevel.checkpoint()


async def a_minute_later(folder: Path, origin: str, code: str) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Return what a server finds that starts when the killed one's call must be over: another send, the code again, the wire."""
    clock = ManualClock(now=datetime.now(ISTANBUL) + MAX_FLIGHT_TIME + timedelta(seconds=1))
    async with hosted(later(folder, origin), clock=clock) as host:
        same = await host.call(SEND_SMS, SEND)
        again = await host.call(SEND_SMS, SEND, confirm=code)
        return same, again, host.wire.paths()


Point = Stage | None
"""The stage at which the upstream holds the request when the server is killed; None: it has not even accepted."""


@posix
@pytest.mark.parametrize(
    ("point", "mode"), [(None, "auto"), ("arrived", "legacy"), ("ordered", "auto"), ("answered", "legacy")]
)
async def test_a_send_whose_server_was_killed_is_never_made_twice(point: Point, mode: Mode, tmp_path: Path) -> None:
    log = str(tmp_path / "audit.jsonl")
    async with (
        upstream(stop_at=point, accepting=point is not None) as up,
        anyio.create_task_group() as tasks,
        spoken(mode, **variables(tmp_path, up.origin), ILETIMERKEZI_AUDIT_LOG=log) as doomed,
    ):
        preview = await doomed.call(SEND_SMS, SEND)
        confirmed = {**SEND, "confirm": preview["confirm"]}
        await doomed.begin("tools/call", {"name": SEND_SMS, "arguments": confirmed})
        await (on_record(tmp_path) if point is None else up.reached[point].wait())
        doomed.process.kill()
        await doomed.process.wait()
        up.released.set()
        if point is None:
            tasks.start_soon(up.serve)
        async with spoken(mode, **variables(tmp_path, up.origin)) as fresh:
            same = await fresh.call(SEND_SMS, SEND)
            again = await fresh.call(SEND_SMS, confirmed)
            balance = await fresh.call(GET_BALANCE, {})
        held, replayed, sent = await a_minute_later(tmp_path, up.origin, preview["confirm"])
        tasks.cancel_scope.cancel()
    assert balance["outcome"] == "ok"
    assert "confirm" not in same
    assert "confirm" not in again
    assert (same["outcome"], held["outcome"], sent) == ("held_back", "held_back", [])
    # The answer may have come through before the kill; whatever the ledger says, it says twice.
    assert again["outcome"] in ({"unknown", "done"} if point == "answered" else {"unknown"})
    assert replayed["outcome"] == again["outcome"]
    assert ("its outcome is unknown" in held["summary"]) == (again["outcome"] == "unknown")
    # Killed before the line on what came of it, or after that line and before the ledger knew of it.
    before, *after = audited(tmp_path)
    if point is None and before != ("in_flight", False):
        before, after = ("in_flight", False), [before]
    assert before == ("in_flight", False)
    assert after in ([(again["outcome"], True)], [(again["outcome"], False)], [("done", False), ("done", True)])
    assert [one.operation for one in up.changes] == ["send-sms"] if point else len(up.changes) <= 1


@posix
async def test_a_send_that_was_answered_is_known_after_a_kill(tmp_path: Path) -> None:
    async with upstream() as up:
        async with spoken("auto", **variables(tmp_path, up.origin)) as doomed:
            preview = await doomed.call(SEND_SMS, SEND)
            done = await doomed.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
            doomed.process.kill()
            await doomed.process.wait()
        held, replayed, sent = await a_minute_later(tmp_path, up.origin, preview["confirm"])
    assert done["outcome"] == "done"
    assert (held["outcome"], held["order_id"]) == ("held_back", done["order_id"])
    assert (replayed["outcome"], replayed["order_id"]) == ("done", done["order_id"])
    assert (len(up.changes), sent) == (1, [])


@posix
async def test_a_kill_before_anything_was_recorded_leaves_the_code_good(tmp_path: Path) -> None:
    async with upstream() as up:
        async with spoken("auto", **variables(tmp_path, up.origin)) as doomed:
            preview = await doomed.call(SEND_SMS, SEND)
            doomed.process.kill()
            await doomed.process.wait()
        async with spoken("auto", **variables(tmp_path, up.origin)) as fresh:
            again = await fresh.call(SEND_SMS, SEND)
            done = await fresh.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
    assert (again["outcome"], done["outcome"], len(up.changes)) == ("preview", "done", 1)


@posix
async def test_a_kill_at_any_statement_or_step_of_the_request_leaves_it_unrecorded_and_unsent_or_unknown(
    tmp_path: Path,
) -> None:
    start = tmp_path / "start"
    async with upstream(ever_accepting()) as up:
        async with spoken("auto", **variables(start, up.origin)) as wire:
            code = (await wire.call(SEND_SMS, SEND))["confirm"]
            assert wire.process.stdin is not None
            await wire.process.stdin.aclose()
            await wire.process.wait()
        call = {"name": SEND_SMS, "arguments": {**SEND, "confirm": code}, "_meta": ENVELOPE}
        with anyio.fail_after(120):
            ran = await anyio.run_process(
                [
                    *(sys.executable, "-m", "tests.e2e.mortal", str(tmp_path)),
                    json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}),
                ],
                cwd=ROOT,
                env=unmeasured(**variables(start, up.origin)),
                stderr=None,
            )
        arrived = Counter(one.account for one in up.changes)
        seen: Counter[str] = Counter()
        for line in ran.stdout.decode().splitlines():
            point, name, answer = json.loads(line)
            seen[await _look(tmp_path / str(point), up, code, arrived[str(point)], name, answer)] += 1
    assert {name for name, times in seen.items() if times > 1} == {"nothing", "recorded", "arrived"}
    assert seen["accepted"] >= 1


async def _look(folder: Path, up: Upstream, code: str, arrived: int, name: str, answer: Any) -> str:
    """Return what a server finds after the one in `folder` was killed at the point `name`."""
    assert arrived <= 1, name
    twin = folder.with_name(f"{folder.name}-twin")
    shutil.copytree(folder, twin)
    async with hosted(later(folder, up.origin), clock=ManualClock(now=datetime.now(ISTANBUL))) as host:
        at_once = await host.call(SEND_SMS, SEND)
        again = await host.call(SEND_SMS, SEND, confirm=code)
        assert len(host.wire.requests) + arrived <= 1, name
    held, replayed, sent = await a_minute_later(twin, up.origin, code)
    assert len(sent) + arrived <= 1, name
    if at_once["outcome"] == "preview":
        assert (again["outcome"], replayed["outcome"], held["outcome"], arrived) == ("done", "done", "preview", 0), name
        return "nothing"
    assert (at_once["outcome"], held["outcome"], sent) == ("held_back", "held_back", []), name
    if again["outcome"] == "done":
        assert arrived == 1, name
        assert again["order_id"] == held["order_id"] == replayed["order_id"]
        assert answer is None or answer["result"]["structuredContent"]["order_id"] == again["order_id"]
        return "accepted"
    assert answer is None, name
    assert (again["outcome"], replayed["outcome"]) == ("unknown", "unknown"), name
    assert "its outcome is unknown" in held["summary"]
    return "arrived" if arrived else "recorded"


async def test_a_code_previewed_at_one_server_is_good_at_another_of_the_same_folder_once(tmp_path: Path) -> None:
    async with (
        upstream() as up,
        spoken("auto", **variables(tmp_path, up.origin)) as one,
        spoken("legacy", **variables(tmp_path, up.origin)) as other,
    ):
        preview = await one.call(SEND_SMS, SEND)
        confirmed = {**SEND, "confirm": preview["confirm"]}
        done = await other.call(SEND_SMS, confirmed)
        replays = [await server.call(SEND_SMS, confirmed) for server in (one, other)]
    assert (preview["outcome"], done["outcome"]) == ("preview", "done")
    assert [(replay["outcome"], replay["order_id"]) for replay in replays] == [("done", done["order_id"])] * 2
    assert all("Nothing more was done now" in replay["summary"] for replay in replays)
    assert len(up.changes) == 1


@pytest.mark.parametrize("codes", [1, 10], ids=["one code", "ten codes"])
@pytest.mark.parametrize("modes", [("auto",), ("legacy",), ERAS], ids=["auto", "legacy", "two processes"])
async def test_ten_identical_confirmed_calls_at_once_reach_the_wire_once(
    modes: tuple[Mode, ...], codes: int, tmp_path: Path
) -> None:
    answers: list[dict[str, Any]] = []

    async def confirm(client: Client, code: str) -> None:
        result = await client.call_tool(SEND_SMS, {**SEND, "confirm": code})
        assert result.structured_content is not None
        answers.append(result.structured_content)

    with anyio.fail_after(60):
        async with upstream(stop_at="arrived") as up, AsyncExitStack() as open_:
            server = StdioServerParameters(
                command=COMMAND[0],
                args=COMMAND[1:],
                env=environment(**variables(tmp_path, up.origin)),
            )
            clients = [await open_.enter_async_context(Client(server, mode=mode)) for mode in modes]
            previews = [await clients[0].call_tool(SEND_SMS, SEND) for _ in range(codes)]
            given = [preview.structured_content["confirm"] for preview in previews if preview.structured_content]
            assert len(set(given)) == codes
            async with anyio.create_task_group() as tasks:
                for number in range(10):
                    tasks.start_soon(confirm, clients[number % len(clients)], given[number % codes])
                # The others meet a first one that is still on its way.
                await up.reached["arrived"].wait()
                while len(answers) < 9:
                    await anyio.lowlevel.checkpoint()
                up.released.set()
    assert len(up.changes) == 1
    loser = "unknown" if codes == 1 else "held_back"
    assert Counter(answer["outcome"] for answer in answers) == {"done": 1, loser: 9}
    assert all("confirm" not in answer for answer in answers)
