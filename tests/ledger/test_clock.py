from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger import clock
from iletimerkezi_mcp.ledger.clock import Moment, Uptime, boot_clock, instant, microseconds
from iletimerkezi_mcp.sms.clock import ISTANBUL

NOON = datetime(2026, 11, 23, 12, 0, 0, 123457, tzinfo=ISTANBUL)


def test_a_moment_is_read_from_both_clocks() -> None:
    moment = Moment.read(lambda: NOON, lambda: Uptime("boot", 1.5))
    assert moment == Moment(microseconds(NOON), "boot", 1_500_000)
    assert moment.local == NOON
    assert moment.midnight == datetime(2026, 11, 23, tzinfo=ISTANBUL)


def test_instants_are_kept_to_the_microsecond() -> None:
    assert instant(microseconds(NOON)) == NOON
    assert instant(microseconds(NOON)).tzinfo is ISTANBUL
    assert microseconds(timedelta(seconds=2)) == 2_000_000


@pytest.mark.parametrize(
    ("earlier", "age"),
    [
        (Moment(0, "b", 400), timedelta(microseconds=600)),
        (Moment(999_999, "b", 400), timedelta(microseconds=600)),
        (Moment(400, "a", 999), timedelta(microseconds=600)),
        (Moment(1001, "a", 0), None),
        (Moment(400, "b", 1001), timedelta(microseconds=600)),
        (Moment(1001, "b", 1001), None),
        (Moment(1000, "b", 1000), timedelta()),
    ],
)
def test_an_age_is_measured_by_the_uptime_or_else_by_the_wall_clock(earlier: Moment, age: timedelta | None) -> None:
    assert Moment(1000, "b", 1000).age(earlier) == age


def test_the_machines_uptime_only_grows_within_one_boot() -> None:
    first, second = boot_clock(), boot_clock()
    assert first.boot == second.boot
    assert first.seconds <= second.seconds


def test_the_system_names_its_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "boot_id"
    named.write_text("0f8fad5b\n", encoding="ascii")
    monkeypatch.setattr(clock, "_BOOT_ID", named)
    assert clock._boot.__wrapped__() == "0f8fad5b"


def test_without_a_name_for_the_start_each_process_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_BOOT_ID", tmp_path / "none")
    first, second = clock._boot.__wrapped__(), clock._boot.__wrapped__()
    assert first.startswith("process-")
    assert first != second


def test_the_best_clock_of_the_platform_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "CLOCK_BOOTTIME", 7, raising=False)
    monkeypatch.setattr(time, "CLOCK_MONOTONIC", 1, raising=False)
    monkeypatch.setattr(time, "clock_gettime", float, raising=False)
    monkeypatch.setattr(time, "monotonic", lambda: 42.0)
    assert clock._seconds() == 7.0
    monkeypatch.delattr(time, "CLOCK_BOOTTIME")
    assert clock._seconds() == 1.0
    monkeypatch.delattr(time, "CLOCK_MONOTONIC")
    assert clock._seconds() == 42.0
