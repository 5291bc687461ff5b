"""Any sequence of calls, restarts and clocks set at will, against a model that knows the true time."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from iletimerkezi_mcp.ledger.attempts import FLIGHT, REPEAT_HOLD, UNKNOWN_HOLD, Duplicate, Settled
from iletimerkezi_mcp.ledger.clock import Moment, microseconds
from iletimerkezi_mcp.ledger.database import FILE
from iletimerkezi_mcp.ledger.store import CodeInvalid, CodeUsed, Started

from .machine import LIFE, Machine, agree, message, sending

_SAME = st.sampled_from([b"one", b"two"])
_PICK = st.integers(min_value=0, max_value=1000)
_SPANS = st.sampled_from(
    [timedelta(seconds=30), FLIGHT, LIFE, timedelta(hours=5), timedelta(hours=12, seconds=-20), timedelta(hours=24)]
)
_OUTCOMES = st.sampled_from(["done", "refused", "nothing_done", "unknown"])


@dataclass
class _Code:
    code: str
    same: bytes
    issued: timedelta
    boot: str
    attempt: int | None = None


@dataclass
class _Sent:
    same: bytes
    started: timedelta
    boot: str
    settled: str | None = None

    def holds(self, now: timedelta) -> bool:
        age = now - self.started
        unknown = self.settled == "unknown" or (self.settled is None and age >= FLIGHT)
        if self.settled in {"refused", "nothing_done", "not_found", "cancelled"}:
            return False
        return age < (UNKNOWN_HOLD if unknown else REPEAT_HOLD)


class LedgerModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._machine = Machine()
        self._ledger = self._machine.ledger(Path(self._folder.name))
        self._time = timedelta()
        self._offset = timedelta()
        self._lowest = timedelta()
        self._codes: list[_Code] = []
        self._sent: dict[int, _Sent] = {}

    def teardown(self) -> None:
        self._ledger.close()
        self._folder.cleanup()

    @rule(same=_SAME)
    def issue(self, same: bytes) -> None:
        code = self._ledger.issue(same, confirmed_by="code", life=LIFE)
        self._codes.append(_Code(code, same, self._time, self._machine.boot))

    @precondition(lambda self: self._codes)
    @rule(pick=_PICK, same=_SAME)
    def begin(self, pick: int, same: bytes) -> None:
        code = self._codes[pick % len(self._codes)]
        answer = self._ledger.begin(
            sending(message(same)), code=code.code, binding=same, confirmed_by="code", judge=agree
        )
        one_boot = code.boot == self._machine.boot
        expired = self._time - code.issued >= LIFE
        if isinstance(answer, CodeInvalid) and answer.fault == "not_issued":
            assert expired
        elif same != code.same:
            assert answer == CodeInvalid("other_change")
        elif code.attempt is not None:
            assert isinstance(answer, CodeUsed)
            assert answer.attempt.id == code.attempt
        elif isinstance(answer, CodeInvalid):
            assert answer == CodeInvalid("expired")
            assert expired or not one_boot
        else:
            assert not (expired and one_boot)
            holding = [sent for sent in self._sent.values() if sent.same == same and sent.holds(self._time)]
            if isinstance(answer, Started):
                assert holding == []
                assert answer.attempt.id not in self._sent
                code.attempt = answer.attempt.id
                self._sent[code.attempt] = _Sent(same, self._time, self._machine.boot)
            else:
                assert isinstance(answer, Duplicate)
                assert self._sent[answer.attempt.id].same == same
                assert holding or self._machine.boot != "first"

    @precondition(lambda self: self._sent)
    @rule(pick=_PICK, outcome=_OUTCOMES)
    def settle(self, pick: int, outcome: str) -> None:
        number, sent = self._pick(pick)
        if sent.settled is None:
            made = {"done": Settled("done", order_id=str(number)), "refused": Settled("refused", code=450)}
            made |= {"nothing_done": Settled("nothing_done"), "unknown": Settled("unknown")}
            self._ledger.settle(number, made[outcome])
            sent.settled = outcome

    @precondition(lambda self: self._sent)
    @rule(pick=_PICK)
    def look_for(self, pick: int) -> None:
        number, sent = self._pick(pick)
        if self._ledger.mark_missing(number):
            assert sent.settled in {None, "unknown", "not_found"}
            assert sent.settled or self._time - sent.started >= FLIGHT
            sent.settled = "not_found"

    @precondition(lambda self: self._sent)
    @rule(pick=_PICK)
    def cancel(self, pick: int) -> None:
        number, sent = self._pick(pick)
        self._ledger.cancelled(b"account", str(number))
        if sent.settled == "done":
            sent.settled = "cancelled"

    @rule(span=_SPANS)
    def wait(self, span: timedelta) -> None:
        self._time += span
        self._machine.wait(span)

    @rule(change=_SPANS)
    def set_clock_back(self, change: timedelta) -> None:
        self._set(self._offset - change)

    @precondition(lambda self: self._machine.boot == "first")
    @rule(change=_SPANS)
    def set_clock_ahead(self, change: timedelta) -> None:
        self._set(self._offset + change)

    @rule()
    def reopen(self) -> None:
        self._ledger.close()
        self._ledger = self._machine.ledger(Path(self._folder.name))

    @rule(off=_SPANS)
    def restart(self, off: timedelta) -> None:
        # Across a restart only the wall clock is left; one that runs ahead then cannot be told from time that passed.
        self._set(self._lowest)
        self._ledger.close()
        self._time += off
        self._machine.restart(off)
        self._ledger = self._machine.ledger(Path(self._folder.name))

    @invariant()
    def the_credits_of_the_day_are_those_of_its_sends(self) -> None:
        used = self._ledger.usage(b"account").credits_today
        now = Moment.read(self._machine.clock, self._machine.uptime)
        day = timedelta(microseconds=now.wall - microseconds(now.midnight))
        with closing(sqlite3.connect(Path(self._folder.name) / FILE)) as connection:
            rows = connection.execute("SELECT credits, wall, boot, uptime, state FROM attempts WHERE recent").fetchall()
        assert used == sum(
            credits_
            for credits_, wall, boot, uptime, state in rows
            if state in {"in_flight", "accepted", "unknown", "not_found"}
            and (now.age(Moment(wall, boot, uptime)) or timedelta()) <= day
        )

    def _set(self, offset: timedelta) -> None:
        self._machine.set_clock(offset - self._offset)
        self._offset = offset
        self._lowest = min(self._lowest, offset)

    def _pick(self, pick: int) -> tuple[int, _Sent]:
        return list(self._sent.items())[pick % len(self._sent)]


TestLedgerModel = LedgerModel.TestCase
TestLedgerModel.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
