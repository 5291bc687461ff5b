"""The document that shows the latest recorded run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from .figure import Figure
from .history import Run
from .table import markdown

DOCUMENT = Path(__file__).parents[1] / "docs" / "evidence.md"
TABLE = Path(__file__).parent / "beside.json"

_BESIDE = """\
## Beside the provider's own server

What a user would otherwise pick: `iletimerkezi-mcp-server`, the provider's, for Node, built from its public repository at
{revision}. Taken on {day} by `python -m benchmarks.beside`, both against the same simulated provider on loopback, over stdio. The other
server for this API, `theYahia/ileti-merkezi-mcp`, could not be had for this run.
"""

_INTRODUCTION = """\
# Evidence: what the server costs

This page is written by `python -m benchmarks --record` from the last line of `benchmarks/history.jsonl`; do not edit it.

Each figure stands beside a floor that was taken in the same run, in turn with it: the least that could do the same, on
the same machine at the same time. A ratio therefore holds on other machines too, where milliseconds do not. Everything
is compiled beforehand. The provider is a process on loopback. A figure in brackets is the range of the middle half.
"""

_HOW = {
    "start": "The floor is the SDK's lowlevel server on stdio with one tool, its process started in the same way. "
    "From the start of the process to the answer of `tools/list`, after the handshake of 2025-11-25.",
    "balance": "The floor is the median of a call of the bare SDK that does nothing, plus a bare `httpx` POST over a "
    "kept connection, both from the same host. The provider answers at once, which is the hardest case.",
    "crowd": "The floor is the same host's best rate at 1, 2, 4, 8, 16, 32 or 64 calls in flight. The provider answers "
    "after 20 ms.",
    "stream": "Each send is due at its own moment, whatever the earlier ones take, and its time counts from then. Each "
    "has its own code, made beforehand. The provider answers after 20 ms. The ledger is on the machine's disk: each "
    "attempt is there before its request leaves.",
    "bulk": "The floor is a call of the bare SDK with the same arguments, one pydantic validation of them, and one "
    "`httpx` POST of the same body, which was made beforehand. The numbers are in no order.",
    "beside_bulk": "A `get_balance` is due each 25 ms; its time counts from that moment. The floor is the same without "
    "the large send.",
    "delivery": "500 are due each second, over 64 connections. The ledger is on the machine's disk: each report is there before "
    "it is answered. The process is killed at the end, while reports are under way.",
    "open_list": "An XLSX file with names, numbers, amounts, dates and towns, a tenth of its rows hidden. The floor reads all its "
    "cells with the same library, in the benchmark's own process, and finds neither hidden rows nor numbers.",
    "tools": "A token is reckoned as four bytes of compact JSON.",
}


BENCHMARK_ITSELF = 1
"""The load above the number of cores that the benchmark alone may bring."""

BUSY = (
    "**The machine had much other work.** Times, rates and every bar on them say little here, whether met or missed; "
    "processor time says more, and counts, sizes and memory hold."
)


@dataclass(frozen=True, slots=True)
class Table:
    """What :mod:`.beside` found: its day (ISO 8601), the revision of the other server, and rows of what, theirs and ours."""

    day: str
    revision: str
    rows: Sequence[tuple[str, str, str]]

    @classmethod
    def read(cls) -> Self:
        """Return the one that was taken last."""
        return cls(**json.loads(TABLE.read_text(encoding="utf-8")))

    def markdown(self) -> str:
        """Return its section of the document."""
        head = ("case", "the provider's server", "this one"), ("---",) * 3
        lines = [f"| {' | '.join(row)} |\n" for row in (*head, *self.rows)]
        return _BESIDE.format(day=self.day, revision=self.revision[:7]) + "\n" + "".join(lines)


def document(run: Run, table: Table) -> str:
    """Return the whole text of :data:`DOCUMENT`."""
    parts = [_INTRODUCTION, _machine(run), markdown(run.figures), _how(run.figures), table.markdown()]
    return "\n".join(part for part in parts if part)


def _machine(run: Run) -> str:
    versions = ", ".join(f"{name} {value}" for name, value in run.machine.items() if name not in ("processor", "cores"))
    load = f"{run.load[0]} at the beginning and {run.load[1]} at the end, the benchmark's own included"
    return (
        f"## The run of {run.day}\n\n"
        f"iletimerkezi-mcp {run.version} on {run.machine['processor']}, {run.machine['cores']} cores; {versions}. "
        f"Processes that wanted to compute, on average of a minute: {load}.\n"
        + (f"\n{BUSY}\n" if max(run.load) > int(run.machine["cores"]) + BENCHMARK_ITSELF else "")
        + (f"\n{run.note}\n" if run.note else "")
    )


def _how(figures: list[Figure]) -> str:
    told = [f"- {figure.what}: {_HOW[figure.name]}\n" for figure in figures if figure.name in _HOW]
    return "## How they are taken\n\n" + "".join(told)
