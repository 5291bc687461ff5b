from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.attempts import ConfirmedBy
from iletimerkezi_mcp.ledger.confirmation_codes import ALPHABET, CODE_LENGTH, CodeFault
from iletimerkezi_mcp.ledger.store import CodeInvalid, CodeUsed, Ledger, Started

from .machine import LIFE, Machine, agree, attempt, begun, message, sending


def test_a_code_is_one_word_of_at_least_fifty_random_bits() -> None:
    ledger = Machine().ledger()
    codes = {ledger.issue(b"b", confirmed_by="code", life=LIFE) for _ in range(50)}
    assert len(codes) == 50
    assert len(set(ALPHABET)) ** CODE_LENGTH >= 2**50
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in codes)


def test_a_code_works_once_and_then_returns_its_attempt() -> None:
    ledger = Machine().ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    first = attempt(ledger, code=code)
    assert isinstance(first, Started)
    assert attempt(ledger, code=code) == CodeUsed(first.attempt)
    assert ledger.recent(b"account", 9) == [first.attempt]


def test_a_used_code_returns_its_attempt_after_its_life_too() -> None:
    machine = Machine()
    ledger = machine.ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    attempt(ledger, code=code)
    machine.wait(timedelta(days=30))
    ledger.recent(b"account", 1)
    assert isinstance(attempt(ledger, code=code), CodeUsed)


def test_case_and_blanks_around_a_code_do_not_matter() -> None:
    ledger = Machine().ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    assert isinstance(attempt(ledger, code=f" {code.lower()}\n"), Started)


def test_the_age_of_a_code_is_returned() -> None:
    machine = Machine()
    ledger = machine.ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    machine.wait(timedelta(seconds=42))
    result = attempt(ledger, code=code)
    assert isinstance(result, Started)
    assert result.since_preview == timedelta(seconds=42)


def _begin(ledger: Ledger, code: str, binding: bytes = b"binding", confirmed_by: ConfirmedBy = "code") -> object:
    return ledger.begin(sending(), code=code, binding=binding, confirmed_by=confirmed_by, judge=agree)


@pytest.mark.parametrize("forged", ["", "A", "ABCDEFGHJKLM", "x" * 100_000, "ı\ud800\x00"])
def test_a_forged_code_is_unknown(forged: str) -> None:
    ledger = Machine().ledger()
    ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    assert _begin(ledger, forged) == CodeInvalid("not_issued")


def test_a_wrong_attempt_does_not_use_up_the_code() -> None:
    ledger = Machine().ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    assert _begin(ledger, code, binding=b"other") == CodeInvalid("other_change")
    assert _begin(ledger, code, confirmed_by="person") == CodeInvalid("other_change")
    assert isinstance(_begin(ledger, code), Started)


def test_a_used_code_reveals_nothing_for_another_change() -> None:
    ledger = Machine().ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    assert isinstance(_begin(ledger, code), Started)
    assert _begin(ledger, code, binding=b"other") == CodeInvalid("other_change")


def test_a_newer_code_does_not_void_an_older_one() -> None:
    ledger = Machine().ledger()
    older = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    assert isinstance(_begin(ledger, older), Started)


def test_a_withdrawn_code_is_useless() -> None:
    ledger = Machine().ledger()
    code = ledger.issue(b"binding", confirmed_by="person", life=LIFE)
    ledger.withdraw(code)
    assert _begin(ledger, code, confirmed_by="person") == CodeInvalid("withdrawn")


def test_withdrawing_a_used_code_changes_nothing() -> None:
    ledger = Machine().ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    _begin(ledger, code)
    used = ledger.withdraw(code)
    again = _begin(ledger, code)
    assert isinstance(again, CodeUsed)
    assert used == again.attempt


def test_withdrawing_an_unknown_code_does_nothing() -> None:
    assert Machine().ledger().withdraw("NEVERGIVEN22") is None


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wait", "change", "restart", "expected"),
    [
        (LIFE - SECOND, timedelta(), False, None),
        (LIFE, timedelta(), False, "expired"),
        (LIFE - SECOND, timedelta(days=400), False, None),
        (LIFE, timedelta(days=-400), False, "expired"),
        (timedelta(), LIFE - SECOND, True, None),
        (timedelta(), LIFE, True, "expired"),
        (timedelta(), -SECOND, True, "expired"),
    ],
)
def test_a_code_lives_its_time_whatever_the_clock_does(
    tmp_path: Path, wait: timedelta, change: timedelta, restart: bool, expected: CodeFault | None
) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    machine.wait(wait)
    machine.set_clock(change)
    if restart:
        machine.restart()
        ledger.close()
        ledger = machine.ledger(tmp_path)
    result = _begin(ledger, code)
    ledger.close()
    assert result == CodeInvalid(expected) if expected else isinstance(result, Started)


def test_an_unused_code_is_forgotten_a_day_after_its_end(tmp_path: Path) -> None:
    machine = Machine()
    ledger = machine.ledger(tmp_path)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    machine.wait(LIFE + timedelta(hours=23))
    assert _begin(ledger, code) == CodeInvalid("expired")
    machine.wait(timedelta(hours=2))
    assert _begin(ledger, code) == CodeInvalid("not_issued")
    ledger.close()


def test_a_used_code_is_forgotten_with_its_attempt() -> None:
    machine = Machine()
    ledger = machine.ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    attempt(ledger, code=code)
    machine.wait(timedelta(days=90))
    begun(ledger, sending(message(b"another")))
    assert _begin(ledger, code) == CodeInvalid("not_issued")
