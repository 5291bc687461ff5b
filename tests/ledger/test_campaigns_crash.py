"""A process that is killed at any point of a campaign leaves one that can be continued, and reaches nobody twice."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome, Overlap
from iletimerkezi_mcp.ledger.ledger import Superseded
from tests import processes

from .machine import LIFE, MINUTE, A, B, C, D, Machine, attempt, begun, campaign, campaign_of, part, stepped
from .racing import race

ROOT = Path(__file__).parents[2]
PEOPLE = (A, B, C, D)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_kill_at_any_point_of_a_campaign_leaves_an_honest_record(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.ledger.dying", str(tmp_path), "campaign"]
    ran = processes.run(command, cwd=ROOT, env=processes.unmeasured())
    assert (ran.returncode, ran.stderr) == (0, "")
    seen: Counter[str] = Counter()
    for line in ran.stdout.splitlines():
        point, words = json.loads(line)
        seen[await _look(tmp_path / str(point), words)] += 1
    assert set(seen) == {"nothing", "begun", "first in doubt", "first done", "second in doubt", "stopped"}


async def _look(folder: Path, words: list[str]) -> str:
    """Return how far another process finds the campaign a while later, and continue it to its end."""
    machine = Machine()
    ledger = machine.ledger(folder)
    try:
        kept = await ledger.campaign("k-1")
        if kept is None:
            assert words == []
            assert await ledger.latest(9) == []
            return "nothing"
        # What has left is on record, whoever was told.
        sent = [*(PEOPLE[:2] if len(kept.steps) else ()), *((C,) if len(kept.steps) > 1 else ())]
        assert len(kept.steps) >= sum(word.startswith("leaves") for word in words)
        assert await ledger.handed_over("k-1", PEOPLE) == set(sent)
        assert kept.left == 4 - len(sent)
        if kept.state == "under_way":
            assert "ended" not in words
            change = campaign(*PEOPLE[len(sent) :], continues=True)
            assert await attempt(ledger, change) == Superseded()
            machine.wait(2 * MINUTE)
            kept = await campaign_of(ledger)
            assert kept.interrupted
        states = [step.state for step in kept.steps]
        again = await begun(ledger, campaign(*PEOPLE[len(sent) :], continues=True))
        for person in sent:
            assert isinstance(await ledger.begin_step(again, part(person), audit_owed=False), Overlap)
        await stepped(ledger, again, *PEOPLE[len(sent) :])
        assert (await campaign_of(ledger)).left == 0
        if kept.state == "stopped":
            return "stopped"
        return {
            (): "begun",
            ("unknown",): "first in doubt",
            ("done",): "first done",
            ("done", "unknown"): "second in doubt",
        }[tuple(states)]
    finally:
        ledger.close()


async def test_of_many_processes_that_continue_a_campaign_one_does(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    parent = await begun(ledger, campaign())
    await stepped(ledger, parent, A)
    await ledger.settle(parent, AttemptOutcome("unknown"))
    codes = [await ledger.issue(campaign(B, C, continues=True), "ayse", "code", LIFE) for _ in range(4)]
    assert sorted(kind for kind, _ in race(tmp_path, *codes, kind="continue")) == ["Started", *["Superseded"] * 3]
    kept = await campaign_of(ledger)
    assert [step.parent for step in kept.steps] == [parent.id, kept.runner]
    assert await ledger.handed_over("k-1", PEOPLE) == {A, B, C}
    ledger.close()


async def test_of_many_processes_that_begin_the_same_campaign_one_does(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    changes = [campaign(name=f"k-{number}") for number in range(4)]
    codes = [await ledger.issue(change, "ayse", "code", LIFE) for change in changes]
    assert sorted(kind for kind, _ in race(tmp_path, *codes, kind="campaign")) == ["Started", *["Superseded"] * 3]
    assert len(await ledger.campaigns()) == 1
    ledger.close()


async def test_an_old_runner_that_wakes_up_sends_nothing(tmp_path: Path, machine: Machine) -> None:
    old, new = machine.ledger(tmp_path), machine.ledger(tmp_path)
    parent = await begun(old, campaign())
    await stepped(old, parent, A)
    machine.wait(2 * MINUTE)
    again = await begun(new, campaign(B, C, D, continues=True))
    answers = [
        await old.begin_step(parent, part(B), audit_owed=False),
        await new.begin_step(again, part(B), audit_owed=False),
        await old.begin_step(parent, part(C), audit_owed=False),
    ]
    assert [type(answer) for answer in answers] == [Superseded, Attempt, Superseded]
    await old.settle(parent, AttemptOutcome("done"))
    assert (await campaign_of(new)).state == "under_way"
    await new.settle(again, AttemptOutcome("done"))
    assert (await campaign_of(new)).state == "finished"
    old.close()
    new.close()
