"""A machine whose two clocks go as a test says, and what is tried on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt, Duplicate, NewAttempt, Send, Usage
from iletimerkezi_mcp.ledger.clock import Uptime
from iletimerkezi_mcp.ledger.store import CodeInvalid, CodeUsed, Ledger, RejectedByPolicy, Started
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests.calls import ADD_BLACKLIST, SEND_SMS

LIFE = timedelta(minutes=10)
ACCOUNT = b"account"


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

    def ledger(self, folder: Path | None = None) -> Ledger:
        return Ledger(folder, clock=self.clock, uptime=self.uptime)


def message(
    message_key: bytes = b"same", text_key: bytes = b"text", credits_: int = 6, label: str | None = None
) -> Send:
    return Send(
        message_key=message_key,
        text_key=text_key,
        credits=credits_,
        sender="FIRMA",
        message_type="transactional",
        label=label,
    )


def sending(send: Send | None = None, *, count: int = 3, account: bytes = ACCOUNT) -> NewAttempt:
    return NewAttempt(tool=SEND_SMS, account=account, arguments_digest=b"digest", count=count, send=send or message())


BLOCKING = NewAttempt(tool=ADD_BLACKLIST, account=ACCOUNT, arguments_digest=b"block", count=1)


def agree(_: Usage) -> Text | None:
    return None


def attempt(
    ledger: Ledger, new: NewAttempt | None = None, *, code: str | None = None
) -> Started | CodeUsed | CodeInvalid | Duplicate | RejectedByPolicy:
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE) if code is None else code
    return ledger.begin(new or sending(), code=code, binding=b"binding", confirmed_by="code", judge=agree)


def begun(ledger: Ledger, new: NewAttempt | None = None) -> Attempt:
    result = attempt(ledger, new)
    assert isinstance(result, Started), result
    return result.attempt


def on_record(ledger: Ledger, attempt_id: int) -> Attempt | None:
    return next((each for each in ledger.recent(ACCOUNT, 1_000) if each.id == attempt_id), None)


def state(ledger: Ledger, attempt_id: int) -> str | None:
    found = on_record(ledger, attempt_id)
    return None if found is None else found.state
