"""A process that waits for a word and then uses a ledger at the same time as others.

``python -m tests.ledger.racing FOLDER CODE KIND NUMBER`` says "ready", waits for a line, tries to begin with CODE and
prints the kind of answer and the key that seals questions. KIND is ``send``, ``campaign`` (that of this NUMBER),
``continue``, which sends a step too, or ``rule``: a notice with this NUMBER, which needs no code. With ``pushed`` it keeps
the reports of :data:`PUSHED` messages of order CODE instead: that each was delivered, and of every second message half of
the processes says that it was not.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from iletimerkezi_mcp.ledger.ledger import Started
from iletimerkezi_mcp.provider.pushed import PushedStatus
from tests import processes

from .machine import B, C, Machine, attempt, begun_by_rule, campaign, notice, pushed, sending, stepped

ROOT = Path(__file__).parents[2]
RACERS = 4
PUSHED = 20


def race(folder: Path, *codes: str, kind: str = "send") -> list[list[str]]:
    """Return the answers of four processes that begin at once, each with its code, or all with the only one."""
    command = [sys.executable, "-m", "tests.ledger.racing", str(folder)]
    pipe = subprocess.PIPE
    with ExitStack() as stack:
        racers = [
            stack.enter_context(
                processes.running(
                    [*command, codes[number % len(codes)], kind, str(number)],
                    cwd=ROOT,
                    stdin=pipe,
                    stdout=pipe,
                    encoding="utf-8",
                )
            )
            for number in range(RACERS)
        ]
        for racer in racers:
            assert racer.stdout is not None
            assert racer.stdout.readline() == "ready\n"
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        return [racer.communicate()[0].split() for racer in racers]


async def _begin(folder: Path, code: str, kind: str, number: str) -> str:
    ledger = Machine().ledger(folder)
    changes = {"campaign": campaign(name=f"k-{number}"), "continue": campaign(B, C, continues=True)}
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    answer: object = None
    if kind == "pushed":
        for message in range(PUSHED):
            own: PushedStatus = "undelivered" if int(number) % 2 and message % 2 else "delivered"
            statuses: list[PushedStatus] = [own, "accepted", own]
            await ledger.record_pushed([pushed(each, message=message, order_id=code) for each in statuses])
    elif kind == "rule":
        answer = await begun_by_rule(ledger, notice(number, f"+90532000000{number}"))
    else:
        answer = await attempt(ledger, changes.get(kind, sending()), code=code)
    if kind == "continue" and isinstance(answer, Started):
        await stepped(ledger, answer.attempt, B, C)
    key = ledger.request_state_key().hex()
    ledger.close()
    return f"{type(answer).__name__} {key}\n"


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(_begin(Path(sys.argv[1]), *sys.argv[2:])))
