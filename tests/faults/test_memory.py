"""The memory that an endless answer costs a real server process."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.http import serving
from tests.calls import GET_BALANCE, SEND, SEND_SMS
from tests.e2e.stdio_client import spoken
from tests.hosting import ERAS, Mode
from tests.sandbox.bench import Bench

from .answer import LARGE
from .catalogue import FAULTS
from .proxy import Proxy

LIMIT = LARGE // 3
"""Bytes that the peak may grow by: an answer that is read whole takes three times as much."""

STATUS = "/proc/{}/status"

linux = pytest.mark.skipif(
    not Path(STATUS.format("self")).exists(), reason="a process's own peak is read from Linux's /proc"
)


def _peak(process: int) -> int:
    """Return the most memory that the process has had so far, in bytes."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(STATUS.format(process)).read_text(encoding="ascii"))
    assert told is not None
    return int(told[1]) * 1024


@linux
@pytest.mark.parametrize(("name", "mode"), [("100 MB", ERAS[0]), ("100 MB, compressed", ERAS[1])])
async def test_an_answer_of_100_mb_costs_the_process_a_fraction_of_that(name: str, mode: Mode, tmp_path: Path) -> None:
    (fault,) = (fault for fault in FAULTS if fault.name == name)
    bench = Bench()
    variables: dict[str, Any] = {
        "ILETIMERKEZI_API_KEY": "a-key-of-some-length",
        "ILETIMERKEZI_API_HASH": "a-hash-of-some-length",
        "ILETIMERKEZI_STATE_DIR": str(tmp_path),
    }
    async with serving(bench.provider) as origin, Proxy(origin) as proxy:
        variables["ILETIMERKEZI_API_URL"] = f"http://{proxy.address}"
        async with spoken(mode, **variables) as wire:
            preview = await wire.call(SEND_SMS, SEND)
            assert (await wire.call(GET_BALANCE, {}))["outcome"] == "ok"
            before = _peak(wire.process.pid)
            proxy.fault = fault
            read = await wire.call(GET_BALANCE, {})
            sent = await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
            grown = _peak(wire.process.pid) - before
    bench.database.close()
    assert grown < LIMIT
    assert (read["outcome"], sent["outcome"]) == ("failed", "unknown")
