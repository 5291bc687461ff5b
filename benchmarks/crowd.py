"""Many calls in flight: the rate must not fall where more are asked at once than the provider is asked."""

from __future__ import annotations

import asyncio
from time import perf_counter

from .figure import Bar, Figure, Spread
from .host import PRODUCT, Host, account, hosting
from .upstream import upstream

LATENCY = 0.02
"""Seconds in which the provider answers here."""

AT_ONCE = (1, 2, 4, 8, 16, 32, 64)


async def crowd(calls: int, rounds: int) -> list[Figure]:
    """Calls a second with 64 in flight, beside the best at any of :data:`AT_ONCE`; each round tries all of them."""
    rates: dict[int, list[float]] = {many: [] for many in AT_ONCE}
    with upstream(LATENCY) as provider:
        async with hosting(PRODUCT, **account(provider.origin)) as host:
            await _rate(host, 8, calls)
            for turn in range(rounds):
                for many in AT_ONCE if turn % 2 == 0 else reversed(AT_ONCE):
                    rates[many].append(await _rate(host, many, calls))
        asked = provider.counted()["most_at_once"]
    spreads = {many: Spread.of(found) for many, found in rates.items()}
    best = max(spreads.values(), key=lambda spread: spread.median)
    return [
        Figure("crowd", "64 calls in flight", "calls/s", spreads[64], best, Bar("ratio", "least", 0.9)),
        Figure(
            "crowd_upstream",
            "requests at the provider at once, at most, meanwhile",
            "",
            Spread.of([asked]),
            bar=Bar("value", "most", 8),
        ),
    ]


async def _rate(host: Host, many: int, calls: int) -> float:
    turns = iter(range(calls))

    async def worker() -> None:
        for _ in turns:
            await host.call("get_balance", {})

    began = perf_counter()
    await asyncio.gather(*(worker() for _ in range(many)))
    return calls / (perf_counter() - began)
