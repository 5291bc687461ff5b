"""Two faults that a table cannot hold: a race that ends one way or the other, and a connection that is tried again."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS
from tests.calls import GET_BALANCE, SEND_SMS
from tests.hosting import ERAS, Mode

from .catalogue import CONNECTION
from .fault import Fault, Unreachable
from .proxy import Proxy
from .stage import TOOLS, staged

AT_ONCE = Fault("reset at once", "A connection without TLS is reset when it is made.", Unreachable("reset, no tls"))


@pytest.mark.parametrize("mode", ERAS)
async def test_a_connection_that_is_reset_before_anything_is_asked_is_tried_again_by_a_read_and_by_a_change(
    mode: Mode, tmp_path: Path
) -> None:
    (fault,) = (fault for fault in CONNECTION if fault.way == Unreachable("reset"))
    async with staged(fault, "tcp", mode, tmp_path) as stage:
        assert isinstance(stage.between, Proxy)
        preview = await stage.call(SEND_SMS)
        stage.between.fault = fault
        tried = []
        for tool, more in ((GET_BALANCE, {}), (SEND_SMS, {"confirm": preview["confirm"]})):
            before = stage.between.connections
            await stage.call(tool, **more)
            tried.append(stage.between.connections - before)
    assert tried == [DEFAULT_TIMEOUTS.tries] * 2


@pytest.mark.parametrize("mode", ERAS)
async def test_a_connection_that_is_reset_at_once_is_told_as_nothing_or_as_unknown_and_recorded_as_told(
    mode: Mode, tmp_path: Path
) -> None:
    # Whether the body had begun to leave is a matter of microseconds; the server knows, and the test does not.
    async with staged(AT_ONCE, "tcp", mode, tmp_path) as stage:
        codes = {tool: {"confirm": (await stage.call(tool))["confirm"]} for tool in TOOLS if OPERATIONS[tool].changes}
        stage.between.fault = AT_ONCE
        told: dict[str, str] = {}

        async def meet(tool: str) -> None:
            told[tool] = (await stage.call(tool, **codes.get(tool, {})))["outcome"]

        async with anyio.create_task_group() as tasks:
            for tool in TOOLS:
                tasks.start_soon(meet, tool)
        recorded = await stage.ledger()
        assert {stage.made(tool) for tool in TOOLS} == {0}
    for tool in TOOLS:
        if OPERATIONS[tool].changes:
            assert (told[tool], recorded[tool]) in {("nothing_done", "nothing_done"), ("unknown", "unknown")}
        else:
            assert told[tool] == "failed"
