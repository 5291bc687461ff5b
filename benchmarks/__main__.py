"""``python -m benchmarks [GROUP ...]`` takes the figures and shows them in one table.

``--short`` is the form for every change: few rounds, and an exit code 1 where a count or a size is wrong, or where 64
calls in flight collapse; no time is judged. ``--record`` adds the run to the history and writes the document.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from iletimerkezi_mcp import __version__

from .bulk import bulk
from .campaigns import campaigns
from .crowd import crowd
from .delivery import delivery
from .evidence import DOCUMENT, Table, document
from .figure import Figure
from .history import HISTORY, Run
from .host import FLOOR, PRODUCT
from .judgement import wrong
from .lists import lists
from .machine import load, machine
from .reading import reading
from .sizes import sizes
from .start import start
from .stream import stream
from .table import plain

Take = Callable[[], Awaitable[list[Figure]]]

LONG: dict[str, Take] = {
    "start": lambda: start(rounds=15),
    "reading": lambda: reading(calls=600),
    "crowd": lambda: crowd(seconds=2, rounds=5),
    "stream": lambda: stream(seconds=60),
    "delivery": lambda: delivery(seconds=60),
    "bulk": lambda: bulk(rounds=9, idle_calls=300),
    "lists": lambda: lists(rounds=9, idle_calls=300),
    "campaigns": lambda: campaigns(rounds=7),
    "sizes": sizes,
}
SHORT: dict[str, Take] = {
    "start": lambda: start(rounds=1),
    "reading": lambda: reading(calls=50),
    "crowd": lambda: crowd(seconds=0.5, rounds=1),
    "stream": lambda: stream(seconds=2),
    "delivery": lambda: delivery(seconds=2),
    "bulk": lambda: bulk(rounds=1, idle_calls=20),
    "lists": lambda: lists(rounds=1, idle_calls=20),
    "campaigns": lambda: campaigns(rounds=1, people=100_000),
    "sizes": sizes,
}


def main() -> int:
    """Take what is asked for, show it, and say by the exit code whether the short form found something wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Takes the figures of docs/evidence.md and shows them in one table."
    )
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"one or more of {', '.join(LONG)} (all)")
    parser.add_argument("--short", action="store_true", help="few rounds; fails on wrong counts and sizes only")
    parser.add_argument("--record", action="store_true", help=f"add to {HISTORY.name} and write {DOCUMENT.name}")
    options = parser.parse_args()
    takes = SHORT if options.short else LONG
    groups = options.groups or list(takes)
    if unknown := set(groups) - set(takes):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if options.record and (options.short or options.groups):
        parser.error("only a whole long run is recorded")
    _compile()
    before = load()
    figures: list[Figure] = []
    for group in groups:
        found = asyncio.run(_taken(takes[group]))
        figures += found
        if not options.short:
            print(f"{group} taken, load {load()}", file=sys.stderr)
    run = Run(datetime.now(UTC).date().isoformat(), __version__, machine(), (before, load()), figures)
    print(
        ", ".join(f"{name} {value}" for name, value in run.machine.items()) + f"; load {run.load[0]} to {run.load[1]}"
    )
    print()
    print(plain(figures), end="")
    if options.record:
        with HISTORY.open("a", encoding="utf-8") as file:
            file.write(run.line())
        DOCUMENT.write_text(document(run, Table.read()), encoding="utf-8", newline="\n")
    faults = [figure for figure in figures if wrong(figure)] if options.short else []
    for figure in faults:
        print(f"WRONG: {figure.what}", file=sys.stderr)
    return 1 if faults else 0


async def _taken(take: Take) -> list[Figure]:
    return await take()


def _compile() -> None:
    """Have every module that will be loaded compiled, so that no start pays for another one's first time."""
    for command in (PRODUCT, FLOOR):
        subprocess.run(command, stdin=subprocess.DEVNULL, check=True, timeout=60)


if __name__ == "__main__":
    sys.exit(main())
