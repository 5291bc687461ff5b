"""Reading the balance, one call at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from time import perf_counter

import httpx

from .figure import Bar, Figure, Spread
from .host import FLOOR, PRODUCT, account, hosting
from .upstream import upstream
from .wire import BALANCE_PATH, BALANCE_REQUEST

WARM_UP = 20
"""Calls that are not counted: the first ones load the HTTP client and open the connection."""


async def reading(calls: int) -> list[Figure]:
    """Measure the median of a `get_balance`, of an idle call of the bare SDK, and of a bare POST, all in turn."""
    with upstream() as provider:
        async with (
            hosting(FLOOR) as floor,
            hosting(PRODUCT, **account(provider.origin)) as product,
            httpx.AsyncClient(base_url=provider.origin) as client,
        ):

            async def post() -> object:
                return (await client.post(BALANCE_PATH, content=BALANCE_REQUEST)).json()

            turns: dict[str, Callable[[], Awaitable[object]]] = {
                "nothing": lambda: floor.call("nothing", {}),
                "post": post,
                "product": lambda: product.call("get_balance", {}),
            }
            found: dict[str, list[float]] = {name: [] for name in turns}
            for _ in range(WARM_UP + calls):
                for name, turn in turns.items():
                    began = perf_counter()
                    await turn()
                    found[name].append((perf_counter() - began) * 1_000)
            before = product.computed(), floor.computed()
            for _ in range(calls):
                await product.call("get_balance", {})
                await floor.call("nothing", {})
            computed = [
                (host.computed() - at) / calls * 1_000 for host, at in zip((product, floor), before, strict=True)
            ]
    kept = {name: values[WARM_UP:] for name, values in found.items()}
    sums = [nothing + post for nothing, post in zip(kept["nothing"], kept["post"], strict=True)]
    return [
        Figure(
            "balance",
            "`get_balance` over stdio, one at a time",
            "ms",
            Spread.of(kept["product"]),
            Spread.of(sums),
            Bar("ratio", "most", 1.15),
        ),
        Figure(
            "balance_processor",
            "processor time of one, beside a call of the bare SDK that does nothing",
            "ms",
            Spread.of(computed[:1]),
            Spread.of(computed[1:]),
        ),
    ]
