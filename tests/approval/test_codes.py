"""Confirmation codes."""

from __future__ import annotations

import re

from iletimerkezi_mcp.approval.codes import Codes, Verdict
from tests.hosting import Hands


def test_a_code_is_one_word_of_letters_and_digits_with_sixty_random_bits() -> None:
    codes = Codes(Hands())
    issued = {codes.issue(b"deed") for _ in range(100)}
    assert len(issued) == 100
    assert all(re.fullmatch(r"[A-HJ-NP-Z2-9]{12}", code) for code in issued)


def test_a_code_works_once_for_its_own_deed() -> None:
    codes = Codes(Hands())
    code = codes.issue(b"deed")
    assert codes.spend(code, b"other") is Verdict.OTHER_DEED
    assert codes.spend(f" {code.lower()} ", b"deed") is Verdict.GOOD
    assert codes.spend(code, b"deed") is Verdict.USED


def test_a_code_that_was_never_handed_out_is_unknown() -> None:
    assert Codes(Hands()).spend("NEVERGIVEN22", b"deed") is Verdict.UNKNOWN


def test_a_code_lives_ten_minutes() -> None:
    clock = Hands()
    codes = Codes(clock)
    code = codes.issue(b"deed")
    later = codes.issue(b"deed")
    clock.advance(minutes=9, seconds=59)
    assert codes.spend(code, b"deed") is Verdict.GOOD
    clock.advance(seconds=1)
    assert codes.spend(later, b"deed") is Verdict.EXPIRED
    codes.issue(b"another")
    assert codes.spend(later, b"deed") is Verdict.UNKNOWN


def test_a_newer_preview_does_not_void_an_older_code() -> None:
    codes = Codes(Hands())
    first, _second = codes.issue(b"deed"), codes.issue(b"deed")
    assert codes.spend(first, b"deed") is Verdict.GOOD
