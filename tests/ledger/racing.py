"""A process that waits for a word and then uses a ledger at the same time as others.

``python -m tests.ledger.racing FOLDER CODE`` says "ready", waits for a line, tries to begin with CODE and prints the
kind of answer and the key that seals questions.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests import processes

from .machine import Machine, attempt

ROOT = Path(__file__).parents[2]


def race(folder: Path, code: str) -> list[list[str]]:
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


def main(folder: Path, code: str) -> None:
    ledger = Machine().ledger(folder)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    answer = asyncio.run(attempt(ledger, code=code))
    sys.stdout.write(f"{type(answer).__name__} {ledger.request_state_key().hex()}\n")
    ledger.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
