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


async def crowd(seconds: float, rounds: int) -> list[Figure]:
    """Measure calls a second with 64 in flight, beside the best at any of :data:`AT_ONCE`; a round tries all, `seconds` each."""
    rates: dict[int, list[float]] = {many: [] for many in AT_ONCE}
    with upstream(LATENCY) as provider:
        async with hosting(PRODUCT, **account(provider.origin)) as host:
            await _rate(host, 8, seconds)
            for turn in range(rounds):
                for many in AT_ONCE if turn % 2 == 0 else reversed(AT_ONCE):
                    rates[many].append(await _rate(host, many, seconds))
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


async def _rate(host: Host, many: int, seconds: float) -> float:
    """Return the calls a second with `many` in flight."""
    done = 0
    began = perf_counter()

    async def worker() -> None:
        nonlocal done
        while perf_counter() < began + seconds:
            await host.call("get_balance", {})
            done += 1

    await asyncio.gather(*(worker() for _ in range(many)))
    return done / (perf_counter() - began)
