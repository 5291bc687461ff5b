"""Several real processes use one ledger at the same instant."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests import processes

from .machine import ACCOUNT, LIFE, Machine

ROOT = Path(__file__).parents[2]


def _race(folder: Path, code: str) -> list[list[str]]:
    """Return the answers of four processes that begin with `code` at once."""
    command = [sys.executable, "-m", "tests.ledger.racing", str(folder), code]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        racers = [
            stack.enter_context(processes.running(command, cwd=ROOT, stdin=pipe, stdout=pipe, encoding="utf-8"))
            for _ in range(4)
        ]
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        return [racer.communicate()[0].split() for racer in racers]


def test_processes_with_one_code_act_once(tmp_path: Path) -> None:
    ledger = Machine().ledger(tmp_path)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    answers = _race(tmp_path, code)
    kept = ledger.recent(ACCOUNT, 9)
    ledger.close()
    assert sorted(kind for kind, _ in answers) == ["CodeUsed", "CodeUsed", "CodeUsed", "Started"]
    assert len(kept) == 1


def test_processes_that_start_at_once_share_one_new_ledger_and_its_keys(tmp_path: Path) -> None:
    answers = _race(tmp_path / "state", "NOBODYSCODE2")
    ledger = Machine().ledger(tmp_path / "state")
    assert answers == [["CodeInvalid", ledger.digest(b"x").hex()]] * 4
    ledger.close()
    assert {path.name for path in (tmp_path / "state").iterdir()} == {"ledger.key", "ledger.sqlite3"}
