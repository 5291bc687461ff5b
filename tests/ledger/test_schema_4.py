"""A ledger of version 4, which does not know how a yes came, is brought forward."""

from __future__ import annotations

from pathlib import Path

from iletimerkezi_mcp.ledger.attempts import Overlap

from .machine import Machine, attempt, begun
from .version_4 import to_version_4


async def test_all_that_it_said_holds(tmp_path: Path) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    made = await begun(ledger)
    ledger.close()
    to_version_4(tmp_path)
    ledger = machine.ledger(tmp_path)
    (kept,) = await ledger.latest(9)
    assert kept == made
    assert isinstance(await attempt(ledger), Overlap)
    ledger.close()
