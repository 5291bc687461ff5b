"""Playing a fault: each tool meets it once, and what came of it is a row of the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio

from iletimerkezi_mcp.ledger.attempts import State
from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS
from tests.calls import GET_BALANCE, SEND_SMS
from tests.hosting import Mode

from .catalogue import STALE
from .fault import Fault, Unreachable
from .stage import BOUND, TOOLS, Door, Stage, staged
from .table import Row, Rows


async def play(fault: Fault, expected: Rows, door: Door, mode: Mode, folder: Path) -> dict[str, Row]:
    """Return what came of each tool's call. If an answer holds the `expected` words, its row holds just those.

    At the end the fault is gone, and each change is called once more with its code: that must send nothing and tell
    the same. So must a new call of the message, unless it is certain that the first did not go out.
    """
    async with staged(fault, door, mode, folder) as stage:
        previews = {tool: await stage.call(tool) for tool in TOOLS if OPERATIONS[tool].changes}
        assert {preview["outcome"] for preview in previews.values()} == {"preview"}, previews
        codes = {tool: {"confirm": preview["confirm"]} for tool, preview in previews.items()}
        answers: dict[str, dict[str, Any]] = {}

        async def meet(tool: str) -> None:
            answers[tool] = await stage.call(tool, **codes.get(tool, {}))

        stage.between.fault = fault
        if fault is STALE:
            await stage.call(GET_BALANCE)
            stage.between.arrived.clear()
        if fault.alone:
            for tool in TOOLS:
                await meet(tool)
                assert fault is not STALE or stage.arrived(tool) == (1 if OPERATIONS[tool].changes else 2)
        else:
            async with anyio.create_task_group() as tasks:
                for tool in TOOLS:
                    tasks.start_soon(meet, tool)
        with anyio.fail_after(BOUND):
            await stage.between.quiet()
        stage.between.fault = None
        few = range(1) if isinstance(fault.way, Unreachable) else range(1, DEFAULT_TIMEOUTS.tries + 1)
        assert [tool for tool in TOOLS if stage.arrived(tool) not in few] == []
        states = await stage.ledger()
        rows = {tool: _row(tool, answers[tool], states.get(tool), stage, expected.of(tool)) for tool in TOOLS}
        for tool, code in codes.items():
            again = await stage.call(tool, **code)
            assert again["outcome"] == rows[tool].outcome
            assert (stage.arrived(tool), stage.made(tool)) == (rows[tool].sent, rows[tool].made), tool
        certain = states[SEND_SMS] in ("nothing_done", "refused")
        assert (await stage.call(SEND_SMS))["outcome"] == ("preview" if certain else "held_back")
        return rows


def _row(tool: str, answer: dict[str, Any], ledger: State | None, stage: Stage, expected: Row) -> Row:
    def told(said: str, part: str) -> str:
        return part if part in said else said

    return Row(
        answer["outcome"],
        told(answer["summary"], expected.words),
        told(answer["next_step"], expected.advice),
        ledger,
        stage.made(tool),
        stage.arrived(tool) if OPERATIONS[tool].changes else 0,
    )
