"""Hosts that follow an order hear of what is pushed about it, in both protocol versions, and the provider is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.server.resources.catalogue import BALANCE, order_uri
from tests.hosting import ERAS, LIVE, Mode
from tests.loop_clock import LoopClock
from tests.server.resources.following import Ear, listening
from tests.server.resources.reads import read
from tests.tools.orders import send
from tests.tools.pushing import REACHED, SLOW, Push, pusher

LOOK = 2.0


class _Looks:
    """The server's looks at what was pushed, each of which the loop's clock has to be put forward for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        self.fails = False
        self.clock = LoopClock()
        self._ended = anyio.Event()
        look = SqliteLedger.pushed

        async def counted(ledger: SqliteLedger, order_ids: set[str]) -> object:
            try:
                if self.fails:
                    raise LedgerUnavailableError(Text("gone", "yok"))
                return await look(ledger, order_ids)
            finally:
                self.number += 1
                self._ended.set()

        monkeypatch.setattr(SqliteLedger, "pushed", counted)

    async def take(self, looks: int = 2) -> None:
        """Let this many looks end, so that everything that was pushed before has been told."""
        for _ in range(looks):
            self._ended = anyio.Event()
            await self.clock.tick(LOOK)
            with anyio.fail_after(60):
                await self._ended.wait()
            await anyio.wait_all_tasks_blocked()


@asynccontextmanager
async def _watching(mode: Mode, folder: Path) -> AsyncIterator[tuple[Ear, Push]]:
    settings = replace(LIVE, state_dir=folder)
    async with listening(mode, settings) as ear:
        clock = ear.host.clock
        ledger = SqliteLedger(folder, ledger_account(settings), clock=clock, uptime=clock.uptime)
        try:
            yield ear, pusher(ledger)
        finally:
            ledger.close()


@pytest.mark.parametrize("mode", ERAS)
async def test_a_host_hears_of_each_change_that_is_pushed_and_of_no_repetition(
    tmp_path: Path, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _watching(mode, tmp_path) as (ear, push):
        order_id = await send(ear.host, [REACHED, SLOW])
        other = order_uri("312891245")
        async with ear.following(order_uri(order_id), other):
            await read(ear.host, order_uri(order_id))
            looks = _Looks(monkeypatch)
            before = len(ear.host.wire.requests)
            await looks.take()
            assert ear.heard == []
            for status in ("accepted", "delivered"):
                await push(order_id, (REACHED, status))
                await looks.take()
                assert ear.heard == [order_uri(order_id)]
                await push(order_id, (REACHED, status))
                await looks.take()
                assert ear.heard == [order_uri(order_id)]
                ear.heard.clear()
            assert len(ear.host.wire.requests) == before
            # It is read afresh, though the copy from before is younger than five seconds.
            assert (await read(ear.host, order_uri(order_id)))["pushed"]["delivered"] == 1


@pytest.mark.parametrize("mode", ERAS)
async def test_a_report_that_came_as_the_host_began_to_follow_is_told_and_an_old_one_is_not(
    tmp_path: Path, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _watching(mode, tmp_path) as (ear, push):
        old = await send(ear.host, [REACHED])
        await push(old, (REACHED, "delivered"))
        ear.host.clock.advance(seconds=5)
        new = await send(ear.host, [SLOW])
        async with ear.following(order_uri(old), order_uri(new)):
            await push(new, (SLOW, "accepted"))
            await _Looks(monkeypatch).take()
        assert ear.heard == [order_uri(new)]


async def test_the_ledger_is_looked_at_only_while_an_order_is_followed_and_its_failure_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _watching("auto", tmp_path) as (ear, push):
        looks = _Looks(monkeypatch)
        async with ear.following(order_uri("7")):
            # There is no ledger yet.
            await looks.clock.tick(3 * LOOK)
        order_id = await send(ear.host, [REACHED])
        async with ear.following(BALANCE):
            await looks.clock.tick(3 * LOOK)
            assert looks.number == 0
        async with ear.following(order_uri(order_id)):
            looks.fails = True
            await looks.take()
            looks.fails = False
            await looks.take()
            await push(order_id, (REACHED, "delivered"))
            await looks.take()
            assert ear.heard == [order_uri(order_id)]
        number = looks.number
        await looks.clock.tick(3 * LOOK)
        assert looks.number == number
