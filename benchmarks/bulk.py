"""One text to 50,000 recipients: the confirmed call, its memory, and what it does to other calls meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any, Protocol

from .figure import Bar, Figure, Spread, p95
from .host import FLOOR, PRODUCT, Host, account, hosting, structure
from .process import peak
from .upstream import upstream

RECIPIENTS = [f"+9053{place * 48_271 % 100_000_000:08}" for place in range(50_000)]
"""All different, in 25 ascending runs, as a list that was put together from sorted ones."""

PROBE_SECONDS = 0.025
"""The time between two calls that are due."""


async def bulk(rounds: int, idle_calls: int) -> list[Figure]:
    """Measure floor and product in turn, alone, then with other calls beside it. The HTTP clients are loaded before."""
    walls: dict[str, list[float]] = {"floor": [], "product": []}
    computed: dict[str, list[float]] = {"floor": [], "product": []}
    with upstream() as provider:
        async with hosting((*FLOOR, provider.origin)) as floor, hosting(PRODUCT, **account(provider.origin)) as product:
            await product.call("get_balance", {})
            for turn in range(rounds + 1):
                for name, host, line in (
                    ("floor", floor, floor.line("send", _given(turn))),
                    ("product", product, await _confirmable(product, turn)),
                ):
                    before = host.computed()
                    began = perf_counter()
                    answer = structure(await host.send(*line))
                    took = (perf_counter() - began) * 1_000
                    assert answer["outcome"] in ("ok", "done"), answer
                    if turn > 0:
                        walls[name].append(took)
                        computed[name].append((host.computed() - before) * 1_000)
            most = peak(product.pid)
            idle = await probes(product, idle_calls * PROBE_SECONDS)
            busy: list[float] = []
            for turn in range(rounds):
                line = await _confirmable(product, rounds + 1 + turn)
                busy += await beside(product, line)
    return [
        Figure(
            "bulk",
            "`send_sms` to 50,000, the confirmed call",
            "ms",
            Spread.of(walls["product"]),
            Spread.of(walls["floor"]),
            Bar("ratio", "most", 1.5),
        ),
        Figure(
            "bulk_processor", "processor time of it", "ms", Spread.of(computed["product"]), Spread.of(computed["floor"])
        ),
        Figure(
            "bulk_memory", "peak memory of the server by then", "MiB", Spread.of([most]), bar=Bar("value", "most", 120)
        ),
        Figure(
            "beside_bulk",
            "`get_balance` while that runs: p95, beside idle",
            "ms",
            Spread.of([p95(busy)]),
            Spread.of([p95(idle)]),
            Bar("difference", "most", 50),
        ),
        Figure(
            "beside_bulk_calls",
            "how many calls that p95 is of, and how many idle",
            "",
            Spread.of([len(busy)]),
            Spread.of([len(idle)]),
        ),
    ]


def _given(turn: int) -> dict[str, Any]:
    return {"recipients": RECIPIENTS, "text": f"Toplantımız {turn} numaralı salonda.", "message_type": "transactional"}


async def _confirmable(host: Host, turn: int) -> tuple[int, bytes]:
    preview = await host.call("send_sms", _given(turn))
    return host.line("send_sms", {**_given(turn), "confirm": preview["confirm"]})


async def beside(host: Host, line: tuple[int, bytes]) -> list[float]:
    """Return the milliseconds of the other calls that were due while the big one was under way."""
    sending = host.send(*line)
    began = perf_counter()
    probes: list[asyncio.Task[float]] = []
    while not sending.done():
        probes.append(asyncio.create_task(_probe(host, perf_counter())))
        due = began + len(probes) * PROBE_SECONDS
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(sending), max(0.0, due - perf_counter()))
    assert structure(sending.result())["outcome"] in ("ok", "done")
    return list(await asyncio.gather(*probes))


class Callee(Protocol):
    """A server that can be called, over whatever transport."""

    async def call(self, tool: str, arguments: Mapping[str, Any], /) -> dict[str, Any]:
        """Call a tool."""


async def probes(host: Callee, seconds: float) -> list[float]:
    """Return the milliseconds of calls that are due at the same pace while nothing else runs."""
    began = perf_counter()
    probes: list[asyncio.Task[float]] = []
    while (now := perf_counter()) < began + seconds:
        probes.append(asyncio.create_task(_probe(host, now)))
        await asyncio.sleep(max(0.0, began + len(probes) * PROBE_SECONDS - perf_counter()))
    return list(await asyncio.gather(*probes))


async def _probe(host: Callee, due: float) -> float:
    await host.call("get_balance", {})
    return (perf_counter() - due) * 1_000
