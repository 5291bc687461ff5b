"""Ninety single sends a second, each confirmed by a code that was made beforehand."""

from __future__ import annotations

import asyncio
from collections import Counter
from time import perf_counter
from typing import Any

from .figure import Bar, Figure, Spread, p95
from .host import PRODUCT, Host, account, hosting, structure
from .upstream import upstream

SINGLE_SENDS_PER_SECOND = 90
LATENCY = 0.02
PREVIEWS_AT_ONCE = 16


async def stream(seconds: int) -> list[Figure]:
    """Send at a steady rate, whatever the answers take: each one's time counts from the moment it was due."""
    with upstream(LATENCY) as provider:
        async with hosting(PRODUCT, **account(provider.origin)) as host:
            await host.call("get_balance", {})
            sends = await _confirmable(host, seconds * SINGLE_SENDS_PER_SECOND)
            computed = host.computed()
            began = perf_counter() + 0.1
            answers = await asyncio.gather(
                *(_at(began + place / SINGLE_SENDS_PER_SECOND, host, *send) for place, send in enumerate(sends))
            )
            lasted = perf_counter() - began
            load = (host.computed() - computed) / lasted
        counted = provider.counted()
    late = [milliseconds for milliseconds, _ in answers]
    outcomes = Counter(outcome for _, outcome in answers)
    turned_away = outcomes["nothing_done"]
    lost = len(sends) - outcomes["done"] - turned_away + abs(outcomes["done"] - counted["different"])
    return [
        Figure(
            "stream",
            f"{SINGLE_SENDS_PER_SECOND} single sends a second for {seconds} s: p95",
            "ms",
            Spread.of([p95(late)]),
            bar=Bar("value", "most", 250),
        ),
        Figure(
            "stream_rate",
            "sends a second that came to be",
            "sends/s",
            Spread.of([len(sends) / lasted]),
            bar=Bar("value", "least", SINGLE_SENDS_PER_SECOND * 0.99),
        ),
        Figure(
            "stream_processor",
            "processor time of the server meanwhile",
            "cores",
            Spread.of([load]),
            bar=Bar("value", "most", 0.5),
        ),
        Figure(
            "stream_turned_away",
            "sends turned away, told as not done, for want of time",
            "",
            Spread.of([turned_away]),
            bar=Bar("value", "most", 0),
        ),
        Figure(
            "stream_lost",
            "sends lost (told as done and not at the provider, or the reverse, or not told)",
            "",
            Spread.of([lost]),
            bar=Bar("value", "most", 0),
        ),
        Figure(
            "stream_twice",
            "sends that went out twice",
            "",
            Spread.of([counted["orders"] - counted["different"]]),
            bar=Bar("value", "most", 0),
        ),
    ]


async def _confirmable(host: Host, many: int) -> list[tuple[int, bytes]]:
    """Return `many` different sends as lines that confirm them."""
    lines: list[tuple[int, bytes]] = []
    places = iter(range(many))

    async def worker() -> None:
        for place in places:
            given: dict[str, Any] = {
                "recipients": [f"+90532{place:07}"],
                "text": f"Siparişiniz yola çıktı, takip numarası {place}.",
                "message_type": "transactional",
            }
            preview = await host.call("send_sms", given)
            lines.append(host.line("send_sms", {**given, "confirm": preview["confirm"]}))

    await asyncio.gather(*(worker() for _ in range(PREVIEWS_AT_ONCE)))
    return lines


async def _at(moment: float, host: Host, number: int, line: bytes) -> tuple[float, str]:
    """Return the milliseconds from `moment` to the answer, and the outcome."""
    await asyncio.sleep(max(0.0, moment - perf_counter()))
    answer = structure(await host.send(number, line))
    return (perf_counter() - moment) * 1_000, answer["outcome"]
