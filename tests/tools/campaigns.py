"""Campaigns on record for the tests of the tools that read and cancel them, with orders that the provider knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.ledger.attempts import Attempt, AttemptOutcome
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.times import parse_send_at
from tests.calls import SEND_SMS
from tests.hosting import LIVE, Host, hosted
from tests.ledger.machine import begun, campaign, stepped
from tests.tools.examples import EXAMPLES

TOMORROW = "2026-11-24T10:30"


@dataclass(slots=True)
class Stage:
    """A host, its ledger, and another server of the same account that makes orders which the ledger does not know."""

    host: Host
    ledger: SqliteLedger
    other: Host

    async def begin(self, name: str = "k-1", *recipients: str, principal: str = LIVE.operator, **more: Any) -> Attempt:
        """Put a campaign to `recipients`, or to four people, on record as confirmed."""
        planned = campaign(*recipients, name=name, text=f"Metin {name}", **more)
        return await begun(self.ledger, planned, confirmed_by="person", principal=principal)

    async def order(self, *recipients: str, send_at: str | None = None) -> str:
        """Return the number of a new order at the provider."""
        text = f"Sipariş {len(self.other.wire.requests)}"
        send = {**EXAMPLES[SEND_SMS], "text": text, "recipients": recipients}
        if send_at is not None:
            send["send_at"] = send_at
        return str((await self.other.confirm(SEND_SMS, send))["order_id"])

    async def accept(
        self, runner: Attempt, *recipients: str, send_at: str | None = None, order_id: str | None = None
    ) -> str:
        """Put an accepted step on record, of an order that the provider knows unless `order_id` says another one."""
        number = order_id or await self.order(*recipients, send_at=send_at)
        moment = None if send_at is None else parse_send_at(send_at, self.host.clock())
        text = f"Metin {runner.campaign}"
        step = await stepped(self.ledger, runner, *recipients, send_at=moment, text=text, sender=LIVE.sender)
        assert await self.ledger.settle(step, AttemptOutcome("done", order_id=number))
        return number

    async def step(self, runner: Attempt, *recipients: str, outcome: AttemptOutcome | None = None) -> Attempt:
        """Put another step on record; without an `outcome` it is in flight."""
        step = await stepped(self.ledger, runner, *recipients, text=f"Metin {runner.campaign}")
        if outcome is not None:
            await self.ledger.settle(step, outcome)
        return step


@asynccontextmanager
async def staged(folder: Path, settings: Settings = LIVE, **options: Any) -> AsyncIterator[Stage]:
    """Give a stage whose files are in `folder`; `options` are those of :func:`hosted`."""
    own = replace(settings, state_dir=folder / "state", files_dir=folder)
    async with (
        hosted(own, **options) as host,
        hosted(replace(LIVE, state_dir=folder / "other"), clock=host.clock, wire=host.wire) as other,
    ):
        ledger = SqliteLedger(folder / "state", ledger_account(own), clock=host.clock, uptime=host.clock.uptime)
        try:
            yield Stage(host, ledger, other)
        finally:
            ledger.close()
