from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.ledger import clock
from iletimerkezi_mcp.ledger.clock import LedgerTime, Uptime, instant, microseconds, uptime_clock
from iletimerkezi_mcp.sms.clock import ISTANBUL

NOON = datetime(2026, 11, 23, 12, 0, 0, 123457, tzinfo=ISTANBUL)


@st.composite
def _times(draw: st.DrawFn) -> LedgerTime:
    """Return the ledger's time after some restarts, waits and settings of the clock that were written down."""
    wall, boot, up = NOON, 0, 100.0
    time = LedgerTime(microseconds(NOON), microseconds(NOON), "0", 100_000_000, microseconds(NOON))
    for kind, span in draw(
        st.lists(st.tuples(st.sampled_from(["wait", "set", "restart"]), st.integers(-(10**6), 10**6)))
    ):
        if kind == "wait":
            wall, up = wall + timedelta(seconds=abs(span)), up + abs(span)
        elif kind == "set":
            wall += timedelta(seconds=span)
        else:
            boot, up, wall = boot + 1, 1.0, wall + timedelta(seconds=span)
        time = time.advanced(wall, Uptime(str(boot), up))
    return time


def _time(ledger: int = 1000, wall: int = 1000, uptime: int = 500, **more: Any) -> LedgerTime:
    return LedgerTime(**{"ledger": ledger, "wall": wall, "boot": "first", "uptime": uptime, "floor": 0, **more})


def _at(wall: int) -> datetime:
    return instant(wall)


def test_the_time_on_the_wall_is_istanbuls() -> None:
    time = _time(wall=microseconds(NOON))
    assert time.local == NOON
    assert time.midnight == datetime(2026, 11, 23, tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("time", "wall", "up", "ledger", "floor"),
    [
        (_time(), 1300, Uptime("first", 800e-6), 1300, 0),
        (_time(), 9_000_000, Uptime("first", 800e-6), 1300, 0),
        (_time(), 10, Uptime("first", 800e-6), 1300, 0),
        (_time(), 1300, Uptime("second", 1e-6), 1300, 1000),
        (_time(), 10, Uptime("second", 900e-6), 1000, 1000),
        (_time(), 1300, Uptime("first", 499e-6), 1300, 1000),
        (_time(ledger=700), 1300, Uptime("second", 1e-6), 1000, 700),
        (_time(ledger=1200), 1300, Uptime("second", 1e-6), 1300, 1200),
        (_time(ledger=1200), 1100, Uptime("second", 1e-6), 1300, 1200),
    ],
    ids=[
        "a wait",
        "a clock set forward",
        "a clock set back",
        "a restart",
        "a restart with the clock set back",
        "a start with the name of the one before",
        "a restart after the clock was set forward",
        "a restart after the clock was behind",
        "a restart while the clock is still behind",
    ],
)
def test_the_ledgers_time_advances_with_the_uptime_or_else_with_the_wall_clock(
    time: LedgerTime, wall: int, up: Uptime, ledger: int, floor: int
) -> None:
    later = time.advanced(_at(wall), up)
    assert later == LedgerTime(ledger, wall, up.boot, round(up.seconds * 1e6), floor)


@given(_times(), st.integers(0, 2 * microseconds(NOON)), st.sampled_from(["0", "1", "x"]), st.floats(0, 1e7))
def test_the_ledgers_time_never_goes_back_by_itself(time: LedgerTime, wall: int, boot: str, seconds: float) -> None:
    later = time.advanced(_at(wall), Uptime(boot, seconds))
    assert later.ledger >= time.ledger >= time.floor
    assert later.ledger >= later.floor


def test_without_an_answer_the_providers_clock_is_not_known() -> None:
    assert _time().difference is None


def test_an_answer_shows_the_difference_of_the_clocks() -> None:
    time = _time(ledger=700).corrected(_at(1060))
    assert time.difference == timedelta(microseconds=60)
    later = time.advanced(_at(5000), Uptime("first", 600e-6))
    assert later.difference == timedelta(microseconds=1160 - 5000)
    assert later.ledger == 800


@pytest.mark.parametrize(
    ("shown", "ledger"),
    [(5000, 5000), (1300, 1300), (1000, 1000), (10, 1000), (9_000_000, 9000)],
    ids=["as the wall clock", "less than it", "at the last record", "a time before that", "more than it"],
)
def test_the_first_answer_after_a_restart_takes_back_what_the_wall_clock_ran_ahead(shown: int, ledger: int) -> None:
    restarted = _time().corrected(_at(1000)).advanced(_at(9000), Uptime("second", 1e-6))
    assert restarted.ledger == 9000
    corrected = restarted.corrected(_at(shown))
    assert corrected.ledger == ledger
    assert corrected.difference == timedelta(microseconds=shown - 9000)
    assert corrected.corrected(_at(1)).ledger == ledger


def test_the_first_answer_of_all_moves_no_time() -> None:
    assert _time().advanced(_at(9000), Uptime("second", 1e-6)).corrected(_at(10)).ledger == 9000


@given(_times(), st.lists(st.integers(0, 2 * microseconds(NOON)), max_size=4), st.integers(0, 10**9))
def test_no_answer_sets_the_time_back_below_the_floor(time: LedgerTime, shown: list[int], later: int) -> None:
    for moment in shown:
        corrected = time.corrected(_at(moment))
        assert time.floor <= corrected.ledger <= time.ledger
        up = Uptime(f"{corrected.boot}+", 1.0)
        time = corrected.advanced(_at(corrected.wall + later), up)
        assert time.floor == corrected.ledger


def test_instants_are_kept_to_the_microsecond() -> None:
    assert instant(microseconds(NOON)) == NOON
    assert instant(microseconds(NOON)).tzinfo is ISTANBUL
    assert microseconds(timedelta(seconds=2)) == 2_000_000


def test_the_machines_uptime_only_grows_within_one_boot() -> None:
    first, second = uptime_clock(), uptime_clock()
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
