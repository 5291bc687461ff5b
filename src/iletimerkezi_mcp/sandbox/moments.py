"""Times as the provider writes them: Istanbul's, without an offset (contract, section 2)."""

from __future__ import annotations

import re
from datetime import date, datetime

from iletimerkezi_mcp.sms.clock import ISTANBUL

DAY = 86_400.0
"""Seconds of a day; Istanbul's clock is never put forward or back."""

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SCHEDULE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4}) ([0-9]{2}):([0-9]{2})(:[0-9]{2})?")


def write(at: float) -> str:
    """Write `at` (seconds since 1970) as ``YYYY-MM-DD HH:MM:SS``."""
    return datetime.fromtimestamp(at, ISTANBUL).strftime("%Y-%m-%d %H:%M:%S")


def read(raw: object) -> datetime:
    """Read a moment written as ``YYYY-MM-DD HH:MM:SS``. Raises ValueError for anything else."""
    if not isinstance(raw, str) or not _MOMENT.fullmatch(raw):
        raise ValueError("not a moment")
    return datetime.fromisoformat(raw).replace(tzinfo=ISTANBUL)


def read_day(raw: object) -> date:
    """Read a day written as ``YYYY-MM-DD``. Raises ValueError for anything else."""
    if not isinstance(raw, str) or not _DAY.fullmatch(raw):
        raise ValueError("not a day")
    return date.fromisoformat(raw)


def midnight(day: date) -> float:
    """Return the first moment of `day`, in seconds since 1970."""
    return datetime(day.year, day.month, day.day, tzinfo=ISTANBUL).timestamp()


def today(now: float) -> date:
    """Return the day in Istanbul at `now`."""
    return datetime.fromtimestamp(now, ISTANBUL).date()


def read_schedule(raw: object, now: float) -> float:
    """Return when a ``sendDateTime`` of `raw` goes out, in seconds since 1970 (contract, section 3).

    A string ``dd/MM/yyyy HH:mm`` or an array of one. Empty, absent or past means now. With seconds the provider
    ignores the schedule and sends at once. Raises ValueError for anything else.
    """
    if isinstance(raw, list):
        if len(raw) > 1:
            raise ValueError("more than one schedule")
        raw = raw[0] if raw else None
    if raw is None or raw == "":
        return now
    match = _SCHEDULE.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise ValueError("not a schedule")
    day, month, year, hour, minute = (int(part) for part in match.groups()[:5])
    at = datetime(year, month, day, hour, minute, tzinfo=ISTANBUL).timestamp()
    return now if match[6] else max(at, now)
