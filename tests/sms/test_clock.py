"""Istanbul's clock and calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import ISTANBUL, describe_now, describe_time, system_clock, working_days_since

NOW = datetime(2026, 11, 23, 4, 40, 30, tzinfo=UTC)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ISTANBUL)


def test_the_systems_clock_is_istanbuls() -> None:
    assert system_clock().utcoffset() == timedelta(hours=3)


def test_now_is_described_with_its_weekday_in_istanbul() -> None:
    assert describe_now(NOW) == Text(
        "It is now 07:40 on Monday 2026-11-23 in Istanbul.", "İstanbul'da şu an 23.11.2026 Pazartesi 07:40."
    )
    assert (
        describe_now(datetime(2026, 11, 22, 22, 0, tzinfo=UTC)).en
        == "It is now 01:00 on Monday 2026-11-23 in Istanbul."
    )


@pytest.mark.parametrize(
    ("day", "en", "tr"),
    [
        (21, "10:00 on Monday 2026-12-21", "21.12.2026 Pazartesi 10:00"),
        (22, "10:00 on Tuesday 2026-12-22", "22.12.2026 Salı 10:00"),
        (23, "10:00 on Wednesday 2026-12-23", "23.12.2026 Çarşamba 10:00"),
        (24, "10:00 on Thursday 2026-12-24", "24.12.2026 Perşembe 10:00"),
        (25, "10:00 on Friday 2026-12-25", "25.12.2026 Cuma 10:00"),
        (26, "10:00 on Saturday 2026-12-26", "26.12.2026 Cumartesi 10:00"),
        (27, "10:00 on Sunday 2026-12-27", "27.12.2026 Pazar 10:00"),
    ],
)
def test_a_moment_is_described_with_its_weekday(day: int, en: str, tr: str) -> None:
    assert describe_time(datetime(2026, 12, day, 7, 0, tzinfo=UTC)) == Text(en, tr)


@pytest.mark.parametrize(
    ("then", "days"),
    [
        (at(2026, 11, 23), 0),
        (at(2026, 11, 22, 23, 59), 1),
        (at(2026, 11, 21), 1),
        (at(2026, 11, 20), 1),
        (at(2026, 11, 19), 2),
        (at(2026, 11, 18), 3),
        (at(2026, 11, 17), 4),
        (at(2026, 11, 16), 5),
        (at(2026, 11, 24), 0),
    ],
)
def test_working_days_leave_out_weekends(then: datetime, days: int) -> None:
    assert working_days_since(then, NOW) == days


@given(st.integers(0, 4000))
def test_working_days_are_the_weekdays_since(age: int) -> None:
    today = NOW.astimezone(ISTANBUL).date()
    expected = sum((today - timedelta(days=back)).weekday() < 5 for back in range(age))
    assert working_days_since(NOW - timedelta(days=age), NOW) == expected
