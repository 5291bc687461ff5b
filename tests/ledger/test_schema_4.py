"""A ledger of version 4, which does not know how a yes came, is brought forward."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from iletimerkezi_mcp.ledger.attempts import Overlap
from iletimerkezi_mcp.ledger.files import LEDGER_FILE

from .machine import Machine, attempt, begun


async def test_all_that_it_said_holds(tmp_path: Path) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    made = await begun(ledger)
    ledger.close()
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE, isolation_level=None)) as file:
        file.execute("DROP INDEX attempt_reserved")
        for column in ("way", "reserved"):
            file.execute(f"ALTER TABLE attempt DROP COLUMN {column}")
        file.execute("PRAGMA user_version = 4")
    ledger = machine.ledger(tmp_path)
    (kept,) = await ledger.latest(9)
    assert kept == made
    assert isinstance(await attempt(ledger), Overlap)
    ledger.close()
