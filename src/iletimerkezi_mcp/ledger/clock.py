"""Moments that can be compared although somebody sets the clock."""

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
    """Seconds since the machine started, sleep included, and a name for that start: they compare within one `boot`."""

    boot: str
    seconds: float


BootClock = Callable[[], Uptime]
"""What tells the uptime; tests put their own in place of :func:`boot_clock`."""


def boot_clock() -> Uptime:
    """The machine's uptime.

    Where the system has no name for its start (not Linux), each process counts as one: then two processes
    compare by the wall clock, and one process still by a clock that nobody sets.
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
        """The present moment."""
        up = uptime()
        return cls(microseconds(clock()), up.boot, round(up.seconds * 1_000_000))

    @property
    def there(self) -> datetime:
        """The wall clock's time, in Istanbul."""
        return instant(self.wall)

    @property
    def midnight(self) -> datetime:
        """When the present day began in Istanbul."""
        return self.there.replace(hour=0, minute=0, second=0, microsecond=0)

    def age(self, earlier: Moment) -> timedelta | None:
        """How long ago `earlier` was: by the uptime within one boot, else by the wall clock.

        None where the wall clock is all there is and says that `earlier` lies ahead, so that nobody knows.
        """
        if self.boot == earlier.boot and self.uptime >= earlier.uptime:
            return (self.uptime - earlier.uptime) * _TICK
        return (self.wall - earlier.wall) * _TICK if self.wall >= earlier.wall else None


def microseconds(moment: datetime | timedelta) -> int:
    """A span, or an instant since 1970, in microseconds."""
    return (moment - _EPOCH if isinstance(moment, datetime) else moment) // _TICK


def instant(wall: int) -> datetime:
    """The instant `wall` microseconds after 1970, in Istanbul."""
    return (_EPOCH + wall * _TICK).astimezone(ISTANBUL)
