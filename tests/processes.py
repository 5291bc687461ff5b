"""Processes that a test starts: every wait for one is bounded, and none outlives the block that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import Process

COMMAND = [sys.executable, "-m", "iletimerkezi_mcp"]
"""The server as a host starts it."""

BOUND = 120.0
"""Seconds after which a process is killed; far more than any of them takes, however busy the machine is."""

UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
"""The command that takes from the superuser the right to write everywhere, if that one runs the tests."""

Words = Sequence[str | Path]


def environment(**more: str) -> dict[str, str]:
    """Return this process's environment without the operator's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ILETIMERKEZI_")}
    return {**kept, "ILETIMERKEZI_LANG": "en", **more}


def unmeasured(**more: str) -> dict[str, str]:
    """Return the environment for a process whose coverage is not measured.

    A killed process cannot tell what it covered, and measuring loads modules of its own.
    """
    return {name: value for name, value in environment(**more).items() if not name.startswith("COVERAGE_")}


def run(command: Words, *, bound: float = BOUND, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end with an empty stdin, and return what it said as text."""
    given = {"stdin": subprocess.DEVNULL} if "input" not in options else {}
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run(command, timeout=bound, encoding="utf-8", **{**given, **piped, **options})


def run_command_line(
    arguments: Sequence[str], *, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end; `variables` are the operator's."""
    return run([*COMMAND, *arguments], env=environment(**variables), stdin=stdin, stdout=stdout)


@contextmanager
def running(command: Words, *, bound: float = BOUND, **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Start `command`, and kill it when the block ends or has taken `bound` seconds.

    The second also ends a read of its pipes, which could otherwise wait for ever.
    """
    process = subprocess.Popen(command, **options)
    alarm = threading.Timer(bound, process.kill)
    alarm.start()
    try:
        yield process
    finally:
        alarm.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


@asynccontextmanager
async def opened(command: Words, *, bound: float = BOUND, **options: Any) -> AsyncIterator[Process]:
    """Start `command` for a block of async code, and kill it when the block ends or has taken `bound` seconds."""
    with anyio.fail_after(bound):
        process = await anyio.open_process(command, **options)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            with anyio.CancelScope(shield=True):
                await process.aclose()
