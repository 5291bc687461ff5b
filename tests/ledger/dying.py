"""A process that uses a ledger and is killed on the way, once for each point of that way.

``python -m tests.ledger.dying FOLDER`` forks a child for each point, with a ledger in FOLDER/0, FOLDER/1 and so on,
and prints for each a line of JSON: what the child had said before it was killed there. The last one is not killed.
A point is a system call that Python tells of (opening, linking, renaming files), a statement of SQL, or ten
steps within one.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from pathlib import Path

from iletimerkezi_mcp.ledger import database
from iletimerkezi_mcp.ledger.attempts import Settled

from .machine import LIFE, Machine, attempt

_TOLD = {"open", "os.link", "os.rename", "os.remove", "os.mkdir", "os.chmod", "sqlite3.connect"}


def _live(folder: Path, last: int, mouth: int) -> None:
    points = 0
    connect = database._connect

    def pass_point() -> None:
        nonlocal points
        if points == last:
            os.kill(os.getpid(), signal.SIGKILL)
        points += 1

    def audit(event: str, _: object) -> None:
        if event in _TOLD:
            pass_point()

    def step() -> int:
        pass_point()
        return 0

    def watched(database: str) -> sqlite3.Connection:
        connection = connect(database)
        connection.set_trace_callback(lambda _: pass_point())
        connection.set_progress_handler(step, 10)
        return connection

    database._connect = watched
    sys.addaudithook(audit)
    ledger = Machine().ledger(folder)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    os.write(mouth, f"{code} ".encode("ascii"))
    attempt(ledger, code=code)
    pass_point()
    os.write(mouth, b"leaves ")
    ledger.settle(1, Settled("done", order_id="123"))
    os.write(mouth, b"settled ")
    ledger.close()


def main(folder: Path) -> None:
    point, killed = 0, True
    while killed:
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            _live(folder / str(point), point, mouth)
            os._exit(0)
        os.close(mouth)
        with os.fdopen(ear, encoding="ascii") as said:
            words = said.read().split()
        killed = os.waitpid(child, 0)[1] == signal.SIGKILL
        sys.stdout.write(json.dumps([point, words]) + "\n")
        point += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
