"""Pushed reports for the tests of what is made of them, recorded as another process that takes them does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.provider.pushed import PushedReport, PushedStatus
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.settings import Settings
from tests.hosting import LIVE, Host, hosted

REACHED, UNREACHED, SLOW = "+905321234567", "+905000000112", "+905000000110"


class Push(Protocol):
    """Records the state of each number of an order, of messages with one number after the other."""

    def __call__(self, order_id: str, *states: tuple[str, PushedStatus]) -> Awaitable[None]: ...


def pusher(ledger: SqliteLedger) -> Push:
    """Return what records reports in `ledger`."""

    async def push(order_id: str, *states: tuple[str, PushedStatus]) -> None:
        await ledger.record_pushed(
            [
                PushedReport(message, OrderId(order_id), number, status)
                for message, (number, status) in enumerate(states, 1)
            ]
        )

    return push


@asynccontextmanager
async def pushed_to(folder: Path, settings: Settings = LIVE, **options: Any) -> AsyncIterator[tuple[Host, Push]]:
    """Give a host whose state is in `folder`, and what records reports there; `options` are those of :func:`hosted`."""
    own = replace(settings, state_dir=folder)
    async with hosted(own, **options) as host:
        ledger = SqliteLedger(folder, ledger_account(own), clock=host.clock, uptime=host.clock.uptime)
        try:
            yield host, pusher(ledger)
        finally:
            ledger.close()
