"""A process that waits for a word and then uses a ledger at the same time as others.

``python -m tests.ledger.racing FOLDER CODE`` says "ready", waits for a line, tries to begin with CODE and prints the
kind of answer and a digest under the shared key.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .machine import Machine, attempt


def main(folder: Path, code: str) -> None:
    ledger = Machine().ledger(folder)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    answer = attempt(ledger, code=code)
    sys.stdout.write(f"{type(answer).__name__} {ledger.digest(b'x').hex()}\n")
    ledger.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
