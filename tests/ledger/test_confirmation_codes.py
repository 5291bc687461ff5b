from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.confirmation_codes import ALPHABET, CODE_LENGTH
from iletimerkezi_mcp.ledger.ledger import CodeFault, CodeInvalid, CodeUsed, Started
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger

from .machine import LIFE, A, Machine, attempt, begun, sending


async def _issue(ledger: SqliteLedger) -> str:
    return await ledger.issue(sending(), "ayse", "code", LIFE)


async def test_a_code_is_one_word_of_at_least_fifty_random_bits(ledger: SqliteLedger) -> None:
    codes = {await _issue(ledger) for _ in range(50)}
    assert len(codes) == 50
    assert len(set(ALPHABET)) ** CODE_LENGTH >= 2**50
    assert all(len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) for code in codes)


async def test_a_code_works_once_and_then_returns_its_attempt(ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    first = await attempt(ledger, code=code)
    assert isinstance(first, Started)
    assert await attempt(ledger, code=code) == CodeUsed(first.attempt)
    assert await ledger.latest(9) == [first.attempt]


async def test_a_used_code_returns_its_attempt_after_its_life_too(machine: Machine, ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    await attempt(ledger, code=code)
    machine.wait(timedelta(days=30))
    await ledger.prune()
    assert isinstance(await attempt(ledger, code=code), CodeUsed)


async def test_case_and_blanks_around_a_code_do_not_matter(ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    assert isinstance(await attempt(ledger, code=f" {code.lower()}\n"), Started)


async def test_the_age_of_a_code_is_returned(machine: Machine, ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    machine.wait(timedelta(seconds=42))
    result = await attempt(ledger, code=code)
    assert isinstance(result, Started)
    assert result.since_preview == timedelta(seconds=42)


@pytest.mark.parametrize("forged", ["", "A", "ABCDEFGHJKLM", "x" * 100_000, "ı\ud800\x00"])
async def test_a_forged_code_is_not_issued(ledger: SqliteLedger, forged: str) -> None:
    await _issue(ledger)
    assert await attempt(ledger, code=forged) == CodeInvalid("not_issued")


async def test_a_code_is_good_for_its_change_its_principal_its_account_and_its_source_alone(
    tmp_path: Path, machine: Machine
) -> None:
    ledger, other = (
        machine.ledger(tmp_path),
        machine.ledger(tmp_path, account=("key", "https://api.example", "sandbox")),
    )
    code = await _issue(ledger)
    wrong = [
        await attempt(ledger, sending(A), code=code),
        await attempt(ledger, code=code, principal="mehmet"),
        await attempt(ledger, code=code, principal="\ud800"),
        await attempt(ledger, code=code, confirmed_by="person"),
        await attempt(other, code=code),
    ]
    assert wrong == [CodeInvalid("other_change")] * 5
    assert isinstance(await attempt(ledger, code=code), Started)
    ledger.close()
    other.close()


async def test_a_used_code_reveals_nothing_for_another_change(ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    assert isinstance(await attempt(ledger, code=code), Started)
    assert await attempt(ledger, sending(A), code=code) == CodeInvalid("other_change")


async def test_a_newer_code_does_not_void_an_older_one(ledger: SqliteLedger) -> None:
    older = await _issue(ledger)
    await _issue(ledger)
    assert isinstance(await attempt(ledger, code=older), Started)


async def test_a_withdrawn_code_is_useless(ledger: SqliteLedger) -> None:
    code = await ledger.issue(sending(), "ayse", "person", LIFE)
    assert await ledger.withdraw(code) is None
    assert await attempt(ledger, code=code, confirmed_by="person") == CodeInvalid("withdrawn")


async def test_withdrawing_a_used_code_changes_nothing(ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    await attempt(ledger, code=code)
    used = await ledger.withdraw(code)
    again = await attempt(ledger, code=code)
    assert isinstance(again, CodeUsed)
    assert used == again.attempt


async def test_withdrawing_an_unknown_code_does_nothing(ledger: SqliteLedger) -> None:
    assert await ledger.withdraw("NEVERGIVEN22") is None


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("wait", "change", "restart", "expected"),
    [
        (LIFE - SECOND, timedelta(), False, None),
        (LIFE, timedelta(), False, "expired"),
        (LIFE - SECOND, timedelta(days=400), False, None),
        (LIFE - SECOND, timedelta(days=-400), False, None),
        (LIFE, timedelta(days=-400), False, "expired"),
        (timedelta(), LIFE - SECOND, True, None),
        (timedelta(), LIFE, True, "expired"),
        (timedelta(), -SECOND, True, "expired"),
    ],
)
async def test_a_code_lives_its_time_whatever_the_clock_does(
    tmp_path: Path, machine: Machine, wait: timedelta, change: timedelta, restart: bool, expected: CodeFault | None
) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.prune()
    machine.wait(SECOND)
    code = await _issue(ledger)
    machine.wait(wait)
    machine.set_clock(change)
    if restart:
        machine.restart()
        ledger.close()
        ledger = machine.ledger(tmp_path)
    result = await attempt(ledger, code=code)
    ledger.close()
    assert result == CodeInvalid(expected) if expected else isinstance(result, Started)


async def test_a_code_whose_age_is_not_known_does_not_come_back(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    code = await _issue(ledger)
    ledger.close()
    machine.restart(-timedelta(days=1))
    assert await attempt(ledger, code=code) == CodeInvalid("expired")
    machine.wait(timedelta(hours=1))
    assert await attempt(ledger, code=code) == CodeInvalid("expired")
    ledger.close()


async def test_an_unused_code_is_deleted_a_day_after_its_end(machine: Machine, ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    machine.wait(LIFE + timedelta(hours=23))
    assert await attempt(ledger, code=code) == CodeInvalid("expired")
    machine.wait(timedelta(hours=2))
    assert await attempt(ledger, code=code) == CodeInvalid("not_issued")


async def test_a_used_code_is_deleted_with_its_attempt(machine: Machine, ledger: SqliteLedger) -> None:
    code = await _issue(ledger)
    await attempt(ledger, code=code)
    machine.wait(timedelta(days=90))
    await begun(ledger, sending(A))
    assert await attempt(ledger, code=code) == CodeInvalid("not_issued")


async def test_a_code_issued_in_the_future_has_expired_until_the_provider_has_answered(
    machine: Machine, ledger: SqliteLedger
) -> None:
    await ledger.prune()
    await ledger.record_provider_time(machine.now)
    machine.restart(timedelta(days=1))
    code = await _issue(ledger)
    machine.restart(-timedelta(days=1))
    assert await attempt(ledger, code=code) == CodeInvalid("expired")
