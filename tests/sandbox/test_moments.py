from __future__ import annotations

from datetime import date, datetime

import pytest

from iletimerkezi_mcp.sandbox import moments
from iletimerkezi_mcp.sms.clock import ISTANBUL

from .bench import MONDAY

NOW = MONDAY.timestamp()


def test_a_moment_is_written_and_read_in_istanbuls_time() -> None:
    assert moments.write(NOW) == "2026-11-23 10:00:00"
    assert moments.read("2026-11-23 10:00:00") == MONDAY


@pytest.mark.parametrize(
    "raw", [None, 5, "2026-11-23", "2026-11-23T10:00:00", "2026-02-30 10:00:00", "2026-11-23 25:00:00"]
)
def test_anything_else_is_no_moment(raw: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        moments.read(raw)


def test_a_day_is_read_and_has_a_first_moment() -> None:
    assert moments.read_day("2026-11-23") == date(2026, 11, 23)
    assert moments.midnight(date(2026, 11, 23)) == NOW - 10 * 3600
    assert moments.today(NOW) == date(2026, 11, 23)
    assert moments.today(NOW + 14 * 3600) == date(2026, 11, 24)


@pytest.mark.parametrize("raw", [None, 5, "23.11.2026", "2026-W48-1", "20261123", "2026-02-30"])
def test_anything_else_is_no_day(raw: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        moments.read_day(raw)


@pytest.mark.parametrize("raw", ["25/12/2026 10:30", ["25/12/2026 10:30"]])
def test_a_schedule_is_a_string_or_an_array_of_one(raw: object) -> None:
    assert moments.read_schedule(raw, NOW) == datetime(2026, 12, 25, 10, 30, tzinfo=ISTANBUL).timestamp()


@pytest.mark.parametrize(
    "raw", [None, "", [], [""], [None], "22/11/2026 10:00", "25/12/2026 10:30:00", ["25/12/2026 10:30:59"]]
)
def test_no_schedule_a_past_one_and_one_with_seconds_mean_now(raw: object) -> None:
    assert moments.read_schedule(raw, NOW) == NOW


@pytest.mark.parametrize(
    "raw",
    [
        5,
        {},
        "now",
        "2026-12-25 10:30",
        "25.12.2026 10:30",
        "1/1/2027 9:00",
        "32/12/2026 10:30",
        "25/12/2026 24:30",
        ["25/12/2026 10:30"] * 2,
    ],
)
def test_anything_else_is_no_schedule(raw: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        moments.read_schedule(raw, NOW)
