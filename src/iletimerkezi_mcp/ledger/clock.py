"""The ledger's own time: it goes on with the machine, and no setting of the wall clock moves it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from iletimerkezi_mcp.sms.clock import ISTANBUL

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds since the machine started, sleep included, and a name for that start: comparable within one `boot`."""

    boot: str
    seconds: float


UptimeClock = Callable[[], Uptime]
"""A source of the uptime; tests put their own in place of :func:`uptime_clock`."""


def uptime_clock() -> Uptime:
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
class LedgerTime:
    """One instant as the ledger keeps it, all in microseconds.

    `ledger` is the ledger's own time, by which everything ages: it advances with the uptime. Across a restart of the
    machine it advances by what the wall clock says, never backwards. `wall` is the wall clock since 1970 (UTC), `uptime`
    of `boot`. `floor` is the ledger's time at the end of the last boot before this one in which the provider answered:
    all later time may be a wall clock's that was set. `provider` is the provider's clock minus the ledger's time, and
    `provider_boot` the boot in which an answer showed it.
    """

    ledger: int
    wall: int
    boot: str
    uptime: int
    floor: int
    provider: int | None = None
    provider_boot: str | None = None

    def advanced(self, wall: datetime, up: Uptime) -> LedgerTime:
        """Return the instant at which the clocks show `wall` and `up`, later than this one."""
        now, uptime = microseconds(wall), round(up.seconds * 1_000_000)
        if up.boot == self.boot and uptime >= self.uptime:
            ledger, floor = self.ledger + uptime - self.uptime, self.floor
        else:
            # If the wall clock was behind the ledger at the last start and is right again, not all of its advance is time
            # that has passed: count from the ledger's time then.
            since = self.wall if now < self.ledger else max(self.wall, self.ledger)
            ledger = self.ledger + max(0, now - since)
            floor = self.ledger if self.is_confirmed else self.floor
        return replace(self, ledger=ledger, wall=now, boot=up.boot, uptime=uptime, floor=floor)

    def corrected(self, provider: datetime) -> LedgerTime:
        """Return this instant, now that an answer of the provider shows its clock.

        If the machine was restarted since its last answer, and less time has passed by the provider's clock than by the
        wall clock, the wall clock was set forward meanwhile: the ledger's time is set back, so that nothing that holds a
        send back has ended too early.
        """
        shown, ledger = microseconds(provider), self.ledger
        if self.provider is not None and self.provider_boot != self.boot:
            ledger = max(self.floor, min(ledger, shown - self.provider))
        return replace(self, ledger=ledger, provider=shown - ledger, provider_boot=self.boot)

    @property
    def is_confirmed(self) -> bool:
        """True unless the provider's next answer may show that the wall clock was set forward across a restart."""
        return self.provider is None or self.provider_boot == self.boot

    @property
    def certain(self) -> int:
        """The ledger's time that has passed for certain: nothing is deleted for its age before then."""
        return self.ledger if self.is_confirmed else self.floor

    @property
    def difference(self) -> timedelta | None:
        """The provider's clock minus the wall clock; None before its first answer."""
        return None if self.provider is None else (self.ledger + self.provider - self.wall) * _TICK

    @property
    def local(self) -> datetime:
        """The wall clock's time in Istanbul."""
        return instant(self.wall)

    @property
    def midnight(self) -> datetime:
        """The beginning of the present day in Istanbul."""
        return self.local.replace(hour=0, minute=0, second=0, microsecond=0)


def microseconds(value: datetime | timedelta) -> int:
    """Return a span, or an instant since 1970, in microseconds."""
    return (value - _EPOCH if isinstance(value, datetime) else value) // _TICK


def instant(wall: int) -> datetime:
    """Return the instant `wall` microseconds after 1970, in Istanbul time."""
    return (_EPOCH + wall * _TICK).astimezone(ISTANBUL)
