"""A machine whose two clocks go as a test says, and what is tried on it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import (
    Attempt,
    AttemptOutcome,
    Change,
    ConfirmedBy,
    Counted,
    Identity,
    Overlap,
    PendingCampaign,
    PendingMessage,
    Usage,
)
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.ledger.clock import Uptime
from iletimerkezi_mcp.ledger.ledger import CodeInvalid, CodeUsed, Started, Superseded
from iletimerkezi_mcp.ledger.rules import RuleFit, RuleTerms
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.provider.pushed import PushedReport, PushedStatus
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import ADD_BLACKLIST, IYS_REGISTER, SEND_LIST, SEND_SMS

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIFE = 10 * MINUTE
ORDER = AttemptOutcome("done", order_id="123")
UNKNOWN = AttemptOutcome("unknown")
REFUSED = AttemptOutcome("refused", status_code=450)
ACCOUNT = ("key", "https://api.example", "live")
TEXT = "Siparişiniz yola çıktı."
AYSE = Identity("ayse", "Host 1.0")
A, B, C, D = "+905321111111", "+905322222222", "+905323333333", "+905324444444"

Answer = Started | CodeUsed | CodeInvalid | Superseded | Overlap | Text


class Machine:
    """Monday noon, an hour after the start."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=ISTANBUL)
        self.boot = "first"
        self.up = timedelta(hours=1)

    def clock(self) -> datetime:
        return self.now

    def uptime(self) -> Uptime:
        return Uptime(self.boot, self.up.total_seconds())

    def wait(self, span: timedelta) -> None:
        self.now += span
        self.up += span

    def set_clock(self, change: timedelta) -> None:
        self.now += change

    def restart(self, off: timedelta = timedelta()) -> None:
        self.boot += "+"
        self.now += off
        self.up = timedelta(seconds=1)

    def ledger(self, folder: Path | None = None, *, account: tuple[str, ...] = ACCOUNT, **options: Any) -> SqliteLedger:
        return SqliteLedger(folder, account, clock=self.clock, uptime=self.uptime, **options)


@dataclass(frozen=True)
class PlannedChange:
    tool: str
    digest: bytes
    count: int = 1
    order_id: str | None = None
    message: PendingMessage | None = None
    records: tuple[str, ...] = ()
    counted: Counted | None = None
    campaign: PendingCampaign | None = None
    is_series: bool = False

    @property
    def binding(self) -> bytes:
        return self.digest


def recipients_digest(recipients: Sequence[str]) -> bytes:
    return hashlib.sha256(",".join(sorted(recipients)).encode("ascii")).digest()


def message(*recipients: str, text: str = TEXT, credits_: int = 6, **more: Any) -> PendingMessage:
    recipients = recipients or (A, B, C)
    fields = {"sender": "FIRMA", "message_type": "transactional", "iys_list": None, "send_at": None, **more}
    return PendingMessage(
        text=text,
        recipients=recipients,
        recipients_digest=recipients_digest(recipients),
        credits=credits_,
        **fields,
    )


def sending(*recipients: str, **more: Any) -> PlannedChange:
    """Return a send to `recipients`, or to three people; `more` are the message's other fields."""
    sent = message(*recipients, **more)
    digest = hashlib.sha256(repr(sent).encode()).digest()
    return PlannedChange(SEND_SMS, digest, count=len(sent.recipients), message=sent, counted="recipients")


def notice(number: object = 1, recipient: str = A, **more: Any) -> PlannedChange:
    """Return a send whose text is that of the rule of :func:`terms`."""
    return sending(recipient, text=f"Siparişiniz {number} yola çıktı.", **more)


def terms(**more: Any) -> RuleTerms:
    """Return the terms of a rule; `more` are other ones."""
    fields = {
        "name": "kargo",
        "text": "Siparişiniz {no:12} yola çıktı.",
        "sender": "FIRMA",
        "per_hour": 20,
        "per_day": 50,
        "per_person": 2,
        "days": 30,
        "approved_by": "ayse",
    }
    return RuleTerms(**{**fields, **more})


def pushed(
    status: PushedStatus | None = "delivered", *, message: int = 1, order_id: str = "123", to: str = A
) -> PushedReport:
    """Return a report that the provider pushes."""
    return PushedReport(message, OrderId(order_id), to, status)


BLOCKING = PlannedChange(ADD_BLACKLIST, b"block")


def declaring(*records: str, **more: Any) -> PlannedChange:
    """Return a declaration of `records`."""
    fields = {"count": len(records), "records": records, "counted": "consents", **more}
    return PlannedChange(IYS_REGISTER, repr(records).encode(), **fields)


def agree(_: Usage) -> Text | None:
    return None


async def begun_by_rule(ledger: SqliteLedger, change: Change) -> Started | RuleFit | Overlap | Text | None:
    """Try to begin `change` under a rule."""
    return await ledger.begin_by_rule(change, identity=AYSE, audit_owed=False, check_limits=agree)


async def attempt(
    ledger: SqliteLedger,
    change: Change | None = None,
    *,
    code: str | None = None,
    confirmed_by: ConfirmedBy = "code",
    principal: str = "ayse",
    audit_owed: bool = False,
) -> Answer:
    """Try `change` (or the send to three people) with `code`, or with a new one."""
    change = change or sending()
    if code is None:
        code = await ledger.issue(change, principal, confirmed_by, LIFE)
    return await ledger.begin(
        change,
        code=code,
        confirmed_by=confirmed_by,
        identity=Identity(principal, "Host 1.0"),
        audit_owed=audit_owed,
        check_limits=agree,
    )


async def begun(ledger: SqliteLedger, change: Change | None = None, **options: Any) -> Attempt:
    result = await attempt(ledger, change, **options)
    assert isinstance(result, Started), result
    return result.attempt


async def usage_of(ledger: SqliteLedger, change: Change | None = None) -> Usage:
    """Return what counts before `change`, or before the send to three people."""
    return (await ledger.look_up(change or sending()))[1]


async def on_record(ledger: SqliteLedger, attempt_id: int) -> Attempt | None:
    return next((each for each in await ledger.latest(1_000) if each.id == attempt_id), None)


async def state(ledger: SqliteLedger, attempt_id: int) -> str | None:
    kept = await on_record(ledger, attempt_id)
    return None if kept is None else kept.state


def ids(attempts: Sequence[Attempt]) -> list[int]:
    return [attempt.id for attempt in attempts]


def campaign(*recipients: str, name: str = "k-1", text: str = TEXT, **more: Any) -> PlannedChange:
    """Return a campaign to `recipients`, or to four people; `more` are its other fields."""
    whole = message(*(recipients or (A, B, C, D)), text=text, credits_=2 * len(recipients or "four"))
    fields = {
        "file": "liste.xlsx",
        "file_digest": bytes(32),
        "columns": (1, 2),
        "sheet": None,
        "number_column": None,
        **more,
    }
    pending = PendingCampaign(name=name, template=text, **fields)
    digest = hashlib.sha256(repr(pending).encode()).digest()
    count = len(whole.recipients)
    return PlannedChange(
        SEND_LIST, digest, count, message=whole, counted="recipients", campaign=pending, is_series=True
    )


def part(*recipients: str, **more: Any) -> PlannedChange:
    """Return a step of a campaign, which sends to `recipients`."""
    return replace(sending(*recipients, **{"credits_": 2 * len(recipients), **more}), tool=SEND_LIST)


async def stepped(ledger: SqliteLedger, parent: Attempt, *recipients: str, **more: Any) -> Attempt:
    """Begin a step of `parent` that sends to `recipients`."""
    step = await ledger.begin_step(parent, part(*recipients, **more), audit_owed=False)
    assert isinstance(step, Attempt), step
    return step


async def campaign_of(ledger: SqliteLedger, name: str = "k-1") -> Campaign:
    kept = await ledger.campaign(name)
    assert kept is not None
    return kept
