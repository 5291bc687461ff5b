from __future__ import annotations

import asyncio

import anyio
import pytest

from iletimerkezi_mcp.provider.rate_limit import PER_SECOND, RecipientRate


class Time:
    """A clock that only sleeping moves; `short` makes every sleep end a little early, as real ones may."""

    def __init__(self, short: float = 0.0) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        self._short = short

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += max(seconds - (self._short if len(self.slept) == 1 else 0.0), 0.0)
        await anyio.lowlevel.checkpoint()


async def _starts(rate: RecipientRate, time: Time, count: int) -> list[float]:
    starts: list[float] = []
    for _ in range(count):
        await rate.wait()
        starts.append(time.now)
    return starts


async def test_the_first_ones_start_at_once_and_the_rest_keep_the_rate() -> None:
    time = Time()
    rate = RecipientRate(3, clock=time.clock, sleep=time.sleep)
    assert await _starts(rate, time, 7) == [100.0, 100.0, 100.0, 101.0, 101.0, 101.0, 102.0]
    assert time.slept == [1.0, 1.0]


async def test_no_rolling_second_holds_more_than_allowed() -> None:
    time = Time()
    rate = RecipientRate(3, clock=time.clock, sleep=time.sleep)
    starts: list[float] = []
    for pause in [0.0, 0.4, 0.4, 0.0, 0.1, 0.0, 0.9, 0.0]:
        time.now += pause
        starts += await _starts(rate, time, 1)
    assert all(later - earlier >= 1.0 for earlier, later in zip(starts, starts[3:], strict=False))


async def test_a_sleep_that_ends_early_is_slept_to_its_end() -> None:
    time = Time(short=0.25)
    rate = RecipientRate(1, clock=time.clock, sleep=time.sleep)
    assert await _starts(rate, time, 2) == [100.0, 101.0]
    assert time.slept == [1.0, 0.25]


async def test_it_is_first_come_first_served() -> None:
    time = Time()
    rate = RecipientRate(1, clock=time.clock, sleep=time.sleep)
    order: list[int] = []

    async def send(number: int) -> None:
        await rate.wait()
        order.append(number)

    with anyio.fail_after(60):
        await asyncio.gather(*(send(number) for number in range(6)))
    assert order == list(range(6))


async def test_one_that_is_cancelled_while_it_waits_takes_up_no_place() -> None:
    now = 100.0
    asleep = anyio.Event()

    async def sleep(seconds: float) -> None:
        asleep.set()
        await anyio.sleep_forever()

    rate = RecipientRate(1, clock=lambda: now, sleep=sleep)
    await rate.wait()
    with anyio.fail_after(60):
        waiting = asyncio.create_task(rate.wait())
        await asleep.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        now = 101.0
        await rate.wait()


def test_the_rate_stays_below_the_accounts_hundred() -> None:
    assert PER_SECOND < 100
