"""Every pair of fault and tool is what the table says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hosting import ERAS, Mode

from .catalogue import FAULTS
from .fault import Fault
from .play import play
from .stage import TOOLS, Door, doors
from .table import TABLE


def _short(nth: int, fault: Fault) -> tuple[Door, Mode]:
    """Return the first door of `fault`, and the protocol versions in turn."""
    return doors(fault)[0], ERAS[nth % 2]


SHORT = [(fault, *_short(nth, fault)) for nth, fault in enumerate(FAULTS)]
LONG = [
    (fault, door, mode)
    for nth, fault in enumerate(FAULTS)
    for door in doors(fault)
    for mode in ERAS
    if (door, mode) != _short(nth, fault)
]


def test_the_table_has_a_row_for_every_fault() -> None:
    assert list(TABLE) == [fault.name for fault in FAULTS]


@pytest.mark.parametrize(
    ("fault", "door", "mode"),
    [
        *[pytest.param(*case, id="-".join((case[0].name, *case[1:]))) for case in SHORT],
        *[pytest.param(*case, id="-".join((case[0].name, *case[1:])), marks=pytest.mark.long) for case in LONG],
    ],
)
async def test_every_tool_tells_records_and_leaves_what_the_table_says(
    fault: Fault, door: Door, mode: Mode, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = TABLE[fault.name]
    played = await play(fault, rows, door, mode, tmp_path)
    assert {tool: (row, rows.of(tool)) for tool, row in played.items() if row != rows.of(tool)} == {}
    assert list(played) == list(TOOLS)
    assert caplog.text == ""
