"""Dates and times in the provider's spellings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.wire_times import read_moment, wire_day, wire_moment, wire_send_at


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ISTANBUL)


def test_the_wire_has_its_own_spellings_in_istanbuls_time() -> None:
    moment = datetime(2026, 12, 31, 21, 5, 9, tzinfo=UTC)
    assert wire_send_at(moment) == "01/01/2027 00:05"
    assert wire_moment(moment) == "2027-01-01 00:05:09"
    assert wire_day(date(2026, 1, 2)) == "2026-01-02"


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-11-20 10:30:00", at(2026, 11, 20, 10, 30)),
        (" 2026-11-20 10:30:00 ", at(2026, 11, 20, 10, 30)),
        ("2026-11-20T07:30:00.000000Z", at(2026, 11, 20, 10, 30)),
        ("0000-00-00 00:00:00", None),
        ("2026-02-30 10:00:00", None),
        ("20.11.2026 10:30", None),
        ("", None),
        ("-", None),
        (None, None),
        (1763623800, None),
        ([], None),
    ],
)
def test_a_moment_in_an_answer_is_read_or_is_none(raw: object, moment: datetime | None) -> None:
    assert read_moment(raw) == moment


@given(st.integers(0, 250_000_000_000), st.integers(0, 999_999))
def test_a_moment_survives_the_wire(seconds: int, microseconds: int) -> None:
    moment = at(2000, 1, 2) + timedelta(seconds=seconds)
    assert read_moment(wire_moment(moment + timedelta(microseconds=microseconds))) == moment
