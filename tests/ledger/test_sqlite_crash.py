"""A process killed at any point leaves a ledger that opens, and no unrecorded attempt."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import Overlap
from iletimerkezi_mcp.ledger.ledger import CodeUsed, Started
from tests import processes

from .machine import Machine, attempt

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_kill_at_any_point_leaves_the_attempt_absent_or_at_least_unknown(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.ledger.dying", str(tmp_path)]
    ran = processes.run(command, cwd=ROOT, env=processes.unmeasured())
    assert (ran.returncode, ran.stderr) == (0, "")
    seen: set[str] = set()
    for line in ran.stdout.splitlines():
        point, words = json.loads(line)
        seen.add(await _look(tmp_path / str(point), words))
    assert seen == {"no code", "code still good", "in flight", "in flight, request gone", "done"}


async def _look(folder: Path, words: list[str]) -> str:
    """Return what another process finds a while later, given the output of the killed one."""
    machine = Machine()
    ledger = machine.ledger(folder)
    (kept,) = await ledger.latest(9) or (None,)
    try:
        if not words:
            assert kept is None
            return "no code"
        if kept is None:
            assert words[1:] == []
            assert isinstance(await attempt(ledger, code=words[0]), Started)
            return "code still good"
        assert await attempt(ledger, code=words[0]) == CodeUsed(kept)
        assert isinstance(await attempt(ledger), Overlap)
        if kept.state == "done":
            assert words[1:] in (["leaves"], ["leaves", "settled"])
            return "done"
        assert kept.state == "in_flight"
        machine.wait(timedelta(minutes=1))
        assert [left.state for left in await ledger.unsettled_sends()] == ["unknown"]
        assert words[1:] in ([], ["leaves"])
        return "in flight, request gone" if words[1:] else "in flight"
    finally:
        ledger.close()
