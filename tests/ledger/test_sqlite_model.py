"""Any sequence of calls, restarts and clocks set at will, against a model that knows the true time."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from iletimerkezi_mcp.ledger.attempts import MAX_FLIGHT_TIME, REPEAT_HOLD, UNKNOWN_HOLD, AttemptOutcome, Overlap
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.ledger import CodeInvalid, CodeUsed, Started
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.outcomes import RequestOutcome

from .machine import LIFE, A, B, Machine, attempt, on_record, sending

T = TypeVar("T")
_SAME = st.sampled_from([A, B])
_PICK = st.integers(min_value=0, max_value=1000)
_SPANS = st.sampled_from(
    [
        timedelta(seconds=30),
        MAX_FLIGHT_TIME,
        LIFE,
        timedelta(hours=5),
        timedelta(hours=12, seconds=-20),
        timedelta(hours=24),
    ]
)
_OUTCOMES: st.SearchStrategy[RequestOutcome] = st.sampled_from(["done", "refused", "nothing_done", "unknown"])
CREDITS = 6


@dataclass
class _Code:
    code: str
    same: str
    issued: timedelta
    boot: str
    attempt: int | None = None


@dataclass
class _Sent:
    same: str
    started: timedelta
    day: datetime
    settled: str | None = None

    def holds(self, now: timedelta) -> bool:
        age = now - self.started
        unknown = self.settled == "unknown" or (self.settled is None and age >= MAX_FLIGHT_TIME)
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
        self._runner = asyncio.Runner()
        self._was_set = False
        self._provider_was_right = False
        self._codes: list[_Code] = []
        self._sent: dict[int, _Sent] = {}

    def teardown(self) -> None:
        self._ledger.close()
        self._runner.close()
        self._folder.cleanup()

    @rule(same=_SAME)
    def issue(self, same: str) -> None:
        code = self._run(self._ledger.issue(sending(same), "ayse", "code", LIFE))
        self._codes.append(_Code(code, same, self._time, self._machine.boot))

    @precondition(lambda self: self._codes)
    @rule(pick=_PICK, same=_SAME)
    def begin(self, pick: int, same: str) -> None:
        code = self._codes[pick % len(self._codes)]
        answer = self._run(attempt(self._ledger, sending(same), code=code.code))
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
                self._sent[code.attempt] = _Sent(same, self._time, self._day)
            else:
                assert isinstance(answer, Overlap)
                assert self._sent[answer.attempt.id].same == same
                assert answer.recipients == (same,)
                assert holding or self._machine.boot != "first"

    @precondition(lambda self: self._sent)
    @rule(pick=_PICK, outcome=_OUTCOMES)
    def settle(self, pick: int, outcome: RequestOutcome) -> None:
        number, sent = self._pick(pick)
        kept = self._run(on_record(self._ledger, number))
        if sent.settled is None and kept is not None:
            order = str(number) if outcome == "done" else None
            self._run(self._ledger.settle(kept, AttemptOutcome(outcome, order_id=order)))
            sent.settled = outcome

    @precondition(lambda self: self._sent)
    @rule(pick=_PICK)
    def look_for(self, pick: int) -> None:
        number, sent = self._pick(pick)
        kept = self._run(on_record(self._ledger, number))
        if kept is not None and self._run(self._ledger.settle_unknown(kept, None)):
            assert sent.settled in {None, "unknown", "not_found"}
            assert sent.settled or self._time - sent.started >= MAX_FLIGHT_TIME
            sent.settled = "not_found"

    @precondition(lambda self: self._sent)
    @rule(pick=_PICK)
    def cancel(self, pick: int) -> None:
        number, sent = self._pick(pick)
        kept = self._run(on_record(self._ledger, number))
        if kept is not None and sent.settled == "done":
            self._run(self._ledger.settle(kept, AttemptOutcome("done"), cancelled_order_id=str(number)))
            sent.settled = "cancelled"

    @rule(mad=st.sampled_from([timedelta(), timedelta(days=-9_000), timedelta(days=9_000)]))
    def provider_answers(self, mad: timedelta) -> None:
        self._run(self._ledger.record_provider_time(Machine().now + self._time + mad))
        self._provider_was_right = not mad

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

    @rule(put_back=st.booleans())
    def lose_the_file(self, put_back: bool) -> None:
        folder = Path(self._folder.name)
        self._run(self._ledger.usage())
        (folder / LEDGER_FILE).rename(folder / "away")
        for call in (self._ledger.usage, lambda: self._ledger.issue(sending(A), "ayse", "code", LIFE)):
            with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
                self._run(call())
        if put_back:
            (folder / "away").rename(folder / LEDGER_FILE)
        else:
            (folder / "away").unlink()
            self.reopen()
            self._codes.clear()
            self._sent.clear()
            self._provider_was_right = False

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

    @precondition(lambda self: self._provider_was_right)
    @rule(off=_SPANS, ahead=_SPANS)
    def restart_with_the_clock_ahead(self, off: timedelta, ahead: timedelta) -> None:
        self.restart(off)
        self._set(self._offset + ahead)
        self.provider_answers(timedelta())

    @invariant()
    def the_credits_of_the_day_are_those_of_its_sends(self) -> None:
        used = self._run(self._ledger.usage()).credits_today
        counting = [
            sent for sent in self._sent.values() if sent.settled not in {"refused", "nothing_done", "cancelled"}
        ]
        assert used % CREDITS == 0
        assert used <= CREDITS * len(counting)
        if self._machine.boot == "first" and not self._was_set:
            assert used == CREDITS * sum(sent.day == self._day for sent in counting)

    @property
    def _day(self) -> datetime:
        return self._machine.now.replace(hour=0, minute=0, second=0, microsecond=0)

    def _run(self, call: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(call)

    def _set(self, offset: timedelta) -> None:
        self._machine.set_clock(offset - self._offset)
        self._was_set = True
        self._offset = offset
        self._lowest = min(self._lowest, offset)

    def _pick(self, pick: int) -> tuple[int, _Sent]:
        return list(self._sent.items())[pick % len(self._sent)]


TestLedgerModel = LedgerModel.TestCase
TestLedgerModel.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
