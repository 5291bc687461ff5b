"""Istanbul's clock and calendar: the present, a moment in words, working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from iletimerkezi_mcp.language import Text

ISTANBUL = timezone(timedelta(hours=3), "+03")
"""Turkey's time, the whole year round; a fixed offset needs no time zone data on the machine."""

Clock = Callable[[], datetime]
"""A source of the present moment, aware; tests put their own in place of :func:`system_clock`."""

_WEEKDAYS = (
    Text("Monday", "Pazartesi"),
    Text("Tuesday", "Salı"),
    Text("Wednesday", "Çarşamba"),
    Text("Thursday", "Perşembe"),
    Text("Friday", "Cuma"),
    Text("Saturday", "Cumartesi"),
    Text("Sunday", "Pazar"),
)


def system_clock() -> datetime:
    """Return the present by the machine's clock, in Istanbul's time."""
    return datetime.now(ISTANBUL)


def describe_now(now: datetime) -> Text:
    """Return the present date, weekday and time in Istanbul, as a sentence."""
    return Text("It is now {time} in Istanbul.", "İstanbul'da şu an {time}.").format(time=describe_time(now))


def describe_time(moment: datetime) -> Text:
    """Return `moment` to the minute, in Istanbul: "10:00 on Friday 2026-12-25", "25.12.2026 Cuma 10:00"."""
    there = moment.astimezone(ISTANBUL)
    weekday = _WEEKDAYS[there.weekday()]
    return Text(f"{there:%H:%M} on {weekday.en} {there:%Y-%m-%d}", f"{there:%d.%m.%Y} {weekday.tr} {there:%H:%M}")


def working_days_since(then: datetime, now: datetime) -> int:
    """Count the working days begun in Istanbul after the day of `then`, up to today: 1 on Monday for a Friday's consent.

    Monday to Friday; public holidays count as working days, so the true figure may be lower.
    """
    first, last = then.astimezone(ISTANBUL).date(), now.astimezone(ISTANBUL).date()
    weeks, days = divmod(max((last - first).days, 0), 7)
    return weeks * 5 + sum((first.weekday() + day) % 7 < 5 for day in range(1, days + 1))


def midnight_after(moment: datetime) -> datetime:
    """Return when the day of `moment` ends in Istanbul."""
    return moment.astimezone(ISTANBUL).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
