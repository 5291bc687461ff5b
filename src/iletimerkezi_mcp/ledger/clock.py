"""Points in time that stay comparable when the wall clock is changed."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from iletimerkezi_mcp.sms.clock import ISTANBUL, Clock

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds since the machine started, sleep included, and a name for that start: comparable within one `boot`."""

    boot: str
    seconds: float


BootClock = Callable[[], Uptime]
"""A source of the uptime; tests put their own in place of :func:`boot_clock`."""


def boot_clock() -> Uptime:
    """Return the machine's uptime.

    If the system has no name for its start (not Linux), each process counts as one start: two processes then compare
    by the wall clock, and one process still by a clock that cannot be set.
    """
    return Uptime(_boot(), _seconds())


@cache
def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"process-{secrets.token_hex(8)}"


def _seconds() -> float:
    # The first is Linux's; the second goes on while macOS sleeps; Windows' own monotonic clock does too.
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        clock = getattr(time, name, None)
        if clock is not None:
            return time.clock_gettime(clock)
    return time.monotonic()


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on both clocks: `wall` in microseconds since 1970 (UTC), `uptime` in microseconds of `boot`."""

    wall: int
    boot: str
    uptime: int

    @classmethod
    def read(cls, clock: Clock, uptime: BootClock) -> Moment:
        """Return the present moment."""
        up = uptime()
        return cls(microseconds(clock()), up.boot, round(up.seconds * 1_000_000))

    @property
    def local(self) -> datetime:
        """The wall clock's time in Istanbul."""
        return instant(self.wall)

    @property
    def midnight(self) -> datetime:
        """The beginning of the present day in Istanbul."""
        return self.local.replace(hour=0, minute=0, second=0, microsecond=0)

    def age(self, earlier: Moment) -> timedelta | None:
        """Return how long ago `earlier` was: by the uptime within one boot, else by the wall clock.

        None if only the wall clock can tell and it says that `earlier` is in the future: then the age is unknown.
        """
        if self.boot == earlier.boot and self.uptime >= earlier.uptime:
            return (self.uptime - earlier.uptime) * _TICK
        return (self.wall - earlier.wall) * _TICK if self.wall >= earlier.wall else None


def microseconds(value: datetime | timedelta) -> int:
    """Return a span, or an instant since 1970, in microseconds."""
    return (value - _EPOCH if isinstance(value, datetime) else value) // _TICK


def instant(wall: int) -> datetime:
    """Return the instant `wall` microseconds after 1970, in Istanbul time."""
    return (_EPOCH + wall * _TICK).astimezone(ISTANBUL)
