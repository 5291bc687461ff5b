"""The server, killed on the way of one confirmed call, once for each point of that way.

``python -m tests.e2e.mortal FOLDER CALL`` forks a child for each point, each with a copy of the state folder
FOLDER/start in FOLDER/0, FOLDER/1 and so on, and with the number of its point as API hash. The child runs the command
line as a host would start it and is given CALL, one line of JSON-RPC. For each a line of JSON is printed: the point's
number, its name, and the answer if one came. The last child is not killed. A point is a statement of SQL, or a step
of the HTTP request as its transport tells it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

import iletimerkezi_mcp.server.build
import iletimerkezi_mcp.transports.stdio
from iletimerkezi_mcp.cli import main as command_line
from iletimerkezi_mcp.ledger import database
from iletimerkezi_mcp.provider.send_progress import SendProgress

LOADED = (httpx, iletimerkezi_mcp.server.build, iletimerkezi_mcp.transports.stdio)
"""Imported once, before the forks: most of a start."""


def _die_at(last: int, mouth: int) -> None:
    """Have this process killed at the point `last`, its last words the point's name."""
    points = 0
    connect, trace = database._connect, SendProgress.trace

    def pass_point(name: str) -> None:
        nonlocal points
        if points == last:
            os.write(mouth, name.encode())
            os.kill(os.getpid(), signal.SIGKILL)
        points += 1

    def watched(database: str, seconds: float = 0) -> sqlite3.Connection:
        connection = connect(database, seconds)
        connection.set_trace_callback(lambda statement: pass_point(" ".join(statement.split())[:40]))
        return connection

    async def traced(self: SendProgress, event: str, info: Mapping[str, Any]) -> None:
        pass_point(event)
        await trace(self, event, info)

    database._connect = watched
    setattr(SendProgress, "trace", traced)  # noqa: B010


def _live(folder: Path, point: int, ends: tuple[int, int], mouth: int) -> None:
    os.environ["ILETIMERKEZI_STATE_DIR"] = str(folder)
    os.environ["ILETIMERKEZI_API_HASH"] = str(point)
    os.dup2(ends[0], 0)
    os.dup2(ends[1], 1)
    os.closerange(max(*ends, mouth) + 1, 64)
    _die_at(point, mouth)
    os._exit(command_line([]))


def _attempt(folder: Path, point: int, call: bytes) -> tuple[bool, str, object]:
    """Return if the child was killed, where, and what it answered."""
    shutil.copytree(folder / "start", folder / str(point))
    server_in, to_server = os.pipe()
    from_server, server_out = os.pipe()
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(to_server)
        os.close(from_server)
        os.close(ear)
        _live(folder / str(point), point, (server_in, server_out), mouth)
    for end in (server_in, server_out, mouth):
        os.close(end)
    os.write(to_server, call + b"\n")
    with os.fdopen(from_server, "rb") as said, os.fdopen(ear, encoding="utf-8") as words:
        answer = said.readline()
        os.close(to_server)
        killed = os.waitpid(child, 0)[1] == signal.SIGKILL
        return killed, words.read(), json.loads(answer) if answer else None


def main(folder: Path, call: bytes) -> None:
    """Try every point until one child lives to the end."""
    point, killed = 0, True
    while killed:
        killed, name, answer = _attempt(folder, point, call)
        sys.stdout.write(json.dumps([point, name, answer]) + "\n")
        sys.stdout.flush()
        point += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), os.fsencode(sys.argv[2]))
