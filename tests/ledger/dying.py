"""A process that uses a ledger and is killed on the way, once for each point of that way.

``python -m tests.ledger.dying FOLDER [LEDGER | campaign | pushed]`` forks a child for each point, with a ledger in FOLDER/0, FOLDER/1 and so on,
and prints for each a line of JSON: what the child had said before it was killed there. The last one is not killed.
With LEDGER, the folder of one of an older version, each child brings a copy of that one forward; with ``campaign`` it
sends one in two steps, one of them in doubt; with ``pushed`` it keeps reports in two batches. A point is a system call that Python tells of (opening, linking, renaming files), a statement of SQL, or ten
steps within one (with ``pushed`` a hundred).
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from iletimerkezi_mcp.ledger import database
from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from iletimerkezi_mcp.ledger.ledger import Started

from .machine import LIFE, A, B, C, Machine, attempt, begun, campaign, pushed, sending, stepped

_TOLD = {"open", "os.link", "os.rename", "os.remove", "os.mkdir", "os.chmod", "sqlite3.connect"}


async def _live(folder: Path, pass_point: Callable[[], None], mouth: int) -> None:
    ledger = Machine().ledger(folder)
    code = await ledger.issue(sending(), "ayse", "code", LIFE)
    os.write(mouth, f"{code} ".encode("ascii"))
    started = await attempt(ledger, code=code)
    assert isinstance(started, Started)
    pass_point()
    os.write(mouth, b"leaves ")
    await ledger.settle(started.attempt, AttemptOutcome("done", order_id="123"))
    os.write(mouth, b"settled ")
    ledger.close()


async def _send_campaign(folder: Path, pass_point: Callable[[], None], mouth: int) -> None:
    ledger = Machine().ledger(folder)
    parent = await begun(ledger, campaign())
    os.write(mouth, b"begun ")
    for number, people in enumerate(((A, B), (C,)), 1):
        step = await stepped(ledger, parent, *people)
        pass_point()
        os.write(mouth, f"leaves-{number} ".encode("ascii"))
        if number == 1:
            await ledger.settle(step, AttemptOutcome("done", order_id="1"))
    await ledger.settle(parent, AttemptOutcome("unknown"))
    os.write(mouth, b"ended ")
    ledger.close()


async def _push(folder: Path, _: Callable[[], None], mouth: int) -> None:
    ledger = Machine().ledger(folder)
    for message in (1, 2):
        await ledger.record_pushed([pushed(message=message), pushed(message=message, to=B)])
        os.write(mouth, b"kept ")
    ledger.close()


async def _migrate(folder: Path, _: Callable[[], None], mouth: int) -> None:
    ledger = Machine().ledger(folder)
    os.write(mouth, b"opens ")
    await ledger.latest(1)
    os.write(mouth, b"migrated ")
    ledger.close()


def _watched(last: int, steps: int) -> Callable[[], None]:
    """Have this process killed at the point numbered `last`; return what passes a point of the caller's own."""
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

    def watched(database: str, seconds: float = 0) -> sqlite3.Connection:
        connection = connect(database, seconds)
        connection.set_trace_callback(lambda _: pass_point())
        connection.set_progress_handler(step, steps)
        return connection

    database._connect = watched
    sys.addaudithook(audit)
    return pass_point


_LIVES = {None: _live, "campaign": _send_campaign, "pushed": _push}


def main(folder: Path, prepared: str | None = None) -> None:
    point, killed = 0, True
    while killed:
        ear, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            live = _LIVES.get(prepared, _migrate)
            if live is _migrate:
                shutil.copytree(str(prepared), folder / str(point))
            steps = 100 if live is _push else 10
            asyncio.run(live(folder / str(point), _watched(point, steps), mouth))
            os._exit(0)
        os.close(mouth)
        with os.fdopen(ear, encoding="ascii") as said:
            words = said.read().split()
        killed = os.waitpid(child, 0)[1] == signal.SIGKILL
        sys.stdout.write(json.dumps([point, words]) + "\n")
        point += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
