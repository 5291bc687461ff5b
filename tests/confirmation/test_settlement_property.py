"""However its pages are read, whatever the clock is set to: a list never hides an order that was made of a send."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.confirmation.reconciliation import ORDER_DELAY
from tests.calls import GET_REPORTS
from tests.hosting import MONDAY, Host, hosted

from .scenes import unknown

OURS = 7
PAGE_SIZE = 2
_OTHER_ROWS = st.sampled_from([{"total": 1}, {"total": 3}, {"sender": "DEMO"}])
_CHANGES = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([60, 300])),
    st.tuples(st.just("set"), st.sampled_from([-7_200, 7_200])),
    st.tuples(st.just("order"), st.just({}) | _OTHER_ROWS),
    st.tuples(st.just("gone"), st.integers(0, 2)),
)
_LISTS = st.tuples(st.just("list"), st.lists(_CHANGES, max_size=2), st.none() | _OTHER_ROWS)
_STEPS = st.tuples(_CHANGES, _LISTS, _CHANGES, _LISTS)


class _Truth:
    """The provider's orders: ours comes `after` so many seconds, and other programs' come and go."""

    def __init__(self, host: Host, after: int) -> None:
        self.host = host
        self.start = host.clock.up
        self.after = after
        self.last = 100
        self.is_doubtful = False
        self.orders: list[dict[str, Any]] = []
        for number in range(3):
            self.add(number + 1, {"sender": "DEMO"})

    async def step(self, kind: str, value: Any, other_row: dict[str, Any] | None = None) -> None:
        clock = self.host.clock
        if kind == "wait":
            clock.advance(seconds=value)
        elif kind == "set":
            clock.jump(seconds=value)
        self.come()
        if kind == "order":
            self.last += 1
            self.add(self.last, value)
        elif kind == "gone":
            others = [order for order in self.orders if order["id"] != OURS]
            self.orders = [order for order in self.orders if order not in others[value : value + 1]]
        elif kind == "list":
            await self.read(1, other_row)
            for change in value:
                await self.step(*change)
            await self.read(2, None)

    def come(self) -> None:
        passed = self.host.clock.up - self.start
        if passed >= self.after and all(order["id"] != OURS for order in self.orders):
            self.add(OURS, {})

    def add(self, order_id: int, fields: dict[str, Any]) -> None:
        submitted = MONDAY + timedelta(seconds=self.host.clock.up - self.start if order_id != OURS else self.after)
        row = {
            "id": order_id,
            "status": 114,
            "total": 2,
            "sender": "FIRMAADI",
            "submitAt": f"{submitted:%Y-%m-%d %H:%M:%S}",
        }
        self.orders.insert(0, row | fields)

    async def read(self, page: int, other_row: dict[str, Any] | None) -> None:
        """Read a page, on which our order may come a second time in another way."""
        rows = self.orders[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        twice = [row | other_row for row in rows if row["id"] == OURS and other_row is not None]
        body = {"status": {"code": 200}, "count": len(self.orders), "orders": rows + twice}
        self.host.wire.broken = lambda _: httpx.Response(200, json={"response": body})
        answer = await self.host.call(GET_REPORTS, page=page, start="2026-11-22", end="2026-11-24")
        self.is_doubtful |= bool(twice)
        for one in answer.get("settled", []):
            assert one["outcome"] != "not_found"
            assert one["outcome"] == "undecided" or (one["order_ids"] == [str(OURS)] and not self.is_doubtful)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([0, 1, 90, ORDER_DELAY.seconds]), _STEPS)
def test_a_send_whose_order_was_made_is_never_taken_for_not_made_nor_for_anothers(
    after: int, steps: tuple[tuple[Any, ...], ...]
) -> None:
    async def play() -> None:
        async with hosted() as host:
            await unknown(host)
            truth = _Truth(host, after)
            truth.come()
            for step in steps:
                await truth.step(*step)

    asyncio.run(play())
