"""From the start of the process to the answer of `tools/list`, and the memory that it holds then."""

from __future__ import annotations

from time import perf_counter

from .figure import Bar, Figure, Spread
from .host import FLOOR, PRODUCT, account, hosting
from .process import resident

NOWHERE = "http://127.0.0.1:9"
"""Nothing is asked of the provider before a call."""


async def start(rounds: int) -> list[Figure]:
    """Measure time, processor time and memory of a start, the product's and the floor's in turn, once each beforehand."""
    commands = {"floor": (FLOOR, {}), "product": (PRODUCT, account(NOWHERE))}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    computed: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, (command, variables) in commands.items():
            async with hosting(command, **variables) as host:
                await host.request("tools/list", {})
                if turn == 0:
                    continue
                seconds[name].append((perf_counter() - host.began) * 1_000)
                computed[name].append(host.computed() * 1_000)
                memory[name].append(resident(host.pid))

    def figure(name: str, what: str, unit: str, found: dict[str, list[float]], bar: Bar | None) -> Figure:
        return Figure(name, what, unit, Spread.of(found["product"]), Spread.of(found["floor"]), bar)

    return [
        figure("start", "spawn to `tools/list`, stdio", "ms", seconds, Bar("ratio", "most", 1.10)),
        figure("start_processor", "processor time until then", "ms", computed, None),
        figure("start_memory", "resident memory after that", "MiB", memory, Bar("ratio", "most", 1.15)),
    ]
