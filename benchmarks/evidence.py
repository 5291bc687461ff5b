"""The document that shows the latest recorded run."""

from __future__ import annotations

from pathlib import Path

from .figure import Figure
from .history import Run
from .table import markdown

DOCUMENT = Path(__file__).parents[1] / "docs" / "evidence.md"

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
    "tools": "A token is reckoned as four bytes of compact JSON.",
}

_WHY_MISSED = {
    "start": "The SDK's own import is most of a start and cannot be made smaller from here. What comes on top is the "
    "product's hundred modules: a fifth of that is Python reading them, a third `dataclasses` writing the methods of "
    "some seventy value types, the rest their tables and texts. Schemas are written out beforehand, models are built "
    "when first called, httpx, SQLite and the sandbox are loaded when first used, and the garbage collector is off "
    "meanwhile. What is left would need tools whose modules are loaded at their first call.",
    "balance": "Two thirds of a call are the POST, through the same httpcore as the floor's, and a sixth is the SDK. The "
    "rest is the product's own: the answer read by hand, its secrets taken out, both of its forms made, and the flight "
    "of the request traced so that a failure can be told as never sent, refused or unknown.",
    "stream": "What is late has waited for the processor: at 5 to 6 ms a send the server needs half of one, and the "
    "benchmark's host and provider, which must compute at the same time, as much again. The disk takes one commit for "
    "all that waits, and the provider's 20 ms leave eight slots half empty.",
    "stream_rate": "See the p95 above: what is late by then has not come to be.",
    "stream_turned_away": "What has waited 15 seconds for its turn is told as not done, and can be sent again.",
    "stream_processor": "A third of a send is its request over a connection of its own, opened and closed; the rest is "
    "the SDK's call, the text looked at for its preview's warnings, and two turns with the ledger.",
    "crowd": "Eight requests go out at once and the processor is full with them; the rest wait, each as one task that "
    "is looked at once.",
    "bulk": "The floor neither reads the numbers nor remembers the send. With the processor to itself the product "
    "takes some 8 ms to see that every number is canonical, to sort them, to find duplicates and to digest them, 2 ms "
    "to write the body anew, and some 5 ms to look into the ledger and to have the attempt and then its outcome on the "
    "disk; the request waits for the one and the answer for the other. A change also opens a connection of its own. "
    "Parsing the line before judging it takes a quarter of what the floor needs, which makes up for half of that. "
    "Each step into the ledger or out of it is a thread that waits for a processor where others want one.",
    "beside_bulk": "Parsing, validating, sorting and comparing 50,000 are single calls into C of 2 to 3 ms each that "
    "hold Python's lock; no thread can run beside them. A call beside them waits for one at each of its own steps, and "
    "up to 5 ms each time before the lock is handed over. All calls wait for a processor where others want one.",
}


BENCHMARK_ITSELF = 1
"""The load above the number of cores that the benchmark alone may bring."""

BUSY = (
    "**The machine had much other work.** Times, rates and every bar on them say little here, whether met or missed; "
    "processor time says more, and counts, sizes and memory hold."
)


def document(run: Run) -> str:
    """Return the whole text of :data:`DOCUMENT`."""
    parts = [_INTRODUCTION, _machine(run), markdown(run.figures), _how(run.figures), _missed(run.figures)]
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


def _missed(figures: list[Figure]) -> str:
    missed = [figure for figure in figures if figure.met is False]
    told = [f"- {figure.what}: {_WHY_MISSED.get(figure.name, 'not explained.')}\n" for figure in missed]
    return "## Bars that are missed, and why\n\n" + "".join(told) if missed else ""
