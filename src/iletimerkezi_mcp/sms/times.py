"""Dates and times: what people and models write, Istanbul's clock, and the provider's spellings.

Every time here is aware and in :data:`ISTANBUL`; one written without an offset is meant so
(contract, section 2, "Time zone"). A model has no clock, so every refusal tells the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal

from iletimerkezi_mcp.language import Text

ISTANBUL = timezone(timedelta(hours=3), "+03")
"""Turkey's time, the whole year round; a fixed offset needs no time zone data on the machine."""

Clock = Callable[[], datetime]
"""What tells the present moment, aware; tests put their own in place of :func:`system_clock`."""

MAX_REPORT_DAYS = 10
"""Calendar days in one range of reports, both ends included (contract, section 6, the careful reading)."""

EARLIEST_DAY = date(2000, 1, 1)
"""No account is older; an earlier day is a slip of the keyboard."""

EARLIEST_CONSENT = datetime(2015, 5, 1, tzinfo=ISTANBUL)
"""The registry takes no consent from before Law 6563 came into force (contract, section 10.4)."""

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(?:(?P<seconds>:[0-9]{2})(?:\.(?P<fraction>[0-9]+))?)?"
    r" ?(?:(?P<utc>[Zz])|(?P<offset>[+-][0-9]{2}):?(?P<minutes>[0-9]{2})?)?"
)
_DAY_FIRST = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}\b.*", re.DOTALL)

_WEEKDAYS = (
    Text("Monday", "Pazartesi"),
    Text("Tuesday", "Salı"),
    Text("Wednesday", "Çarşamba"),
    Text("Thursday", "Perşembe"),
    Text("Friday", "Cuma"),
    Text("Saturday", "Cumartesi"),
    Text("Sunday", "Pazar"),
)


class TimeError(ValueError):
    """This date or time cannot be used. `reason` reads on from its name and ends with the present time.

    `fault` and `clock` are the two parts of it, for an answer that names several faults and tells the time
    once. `field` tells which end of a range is meant, where one call read both.
    """

    def __init__(self, fault: Text, now: datetime, field: Literal["start", "end"] | None = None) -> None:
        self.fault = fault
        self.clock = tell_now(now)
        self.reason = fault + ". " + self.clock
        self.field = field
        super().__init__(self.reason.en)


def system_clock() -> datetime:
    """The machine's clock, in Istanbul's time."""
    return datetime.now(ISTANBUL)


def tell_now(now: datetime) -> Text:
    """The present date, weekday and time in Istanbul, as a sentence."""
    there = now.astimezone(ISTANBUL)
    weekday = _WEEKDAYS[there.weekday()]
    return Text(
        f"It is now {weekday.en} {there:%Y-%m-%d %H:%M} in Istanbul.",
        f"İstanbul'da şu an {there:%d.%m.%Y} {weekday.tr}, saat {there:%H:%M}.",
    )


def describe(moment: datetime) -> Text:
    """`moment` to the minute, in Istanbul, with its weekday: "Friday 2026-12-25 10:00", "25.12.2026 Cuma 10:00"."""
    there = moment.astimezone(ISTANBUL)
    weekday = _WEEKDAYS[there.weekday()]
    return Text(f"{weekday.en} {there:%Y-%m-%d %H:%M}", f"{there:%d.%m.%Y} {weekday.tr} {there:%H:%M}")


def parse_send_at(raw: str, now: datetime) -> datetime:
    """When to send: an ISO 8601 date and time to the minute, later than `now`.

    Seconds may be written if they are zero; the provider would take any other for "at once"
    (contract, section 3). Raises :class:`TimeError`.
    """
    moment = _moment(raw, now, Text("like 2026-12-25T10:00", "2026-12-25T10:00 gibi"))
    if moment.second or moment.microsecond:
        raise TimeError(
            Text("must be to the minute, without seconds", "dakikaya kadar yazılmalı, saniye içermemeli"), now
        )
    if moment <= now:
        raise TimeError(
            Text(
                "is not in the future; leave it out to send at once",
                "gelecekte bir zaman değil; hemen göndermek için boş bırakın",
            ),
            now,
        )
    return moment


def parse_day(raw: str, now: datetime) -> date:
    """A calendar day in ISO 8601, like 2026-11-23, not before :data:`EARLIEST_DAY`. Raises :class:`TimeError`."""
    return _day(raw, now, None)


def report_range(start: str | None, end: str | None, now: datetime) -> tuple[date, date]:
    """The first and the last day of a report, at most :data:`MAX_REPORT_DAYS` with both ends.

    Without both, the last ten days up to today; with `start` alone, the ten days from it or up to
    today; with `end` alone, the ten days up to it. `end` may lie ahead, `start` may not.
    Raises :class:`TimeError` with its `field`.
    """
    today = now.astimezone(ISTANBUL).date()
    span = timedelta(days=MAX_REPORT_DAYS - 1)
    first = None if start is None else _day(start, now, "start")
    last = None if end is None else _day(end, now, "end")
    if first is not None and first > today:
        raise TimeError(Text("lies in the future", "gelecekte bir tarih"), now, "start")
    if last is None:
        last = today if first is None else min(first + span, today)
    if first is None:
        first = last - span
        if first > today:
            raise TimeError(Text("lies too far in the future", "çok ileri bir tarih"), now, "end")
    if last < first:
        raise TimeError(Text("is before start", "başlangıçtan (start) önce"), now, "end")
    if last - first > span:
        raise TimeError(
            Text(
                f"makes a range of {(last - first).days + 1} days with start; at most {MAX_REPORT_DAYS} days "
                "can be read at once, both ends included, so read it in several calls",
                f"start ile birlikte {(last - first).days + 1} günlük bir aralık oluşturuyor; iki uç dahil bir seferde "
                f"en çok {MAX_REPORT_DAYS} gün okunabilir, birkaç çağrıya bölün",
            ),
            now,
            "end",
        )
    return first, last


def parse_added(raw: str, now: datetime, *, end: bool) -> datetime:
    """One end of a time range: an ISO 8601 time, or a day, of which the first or (`end`) the last second is meant.

    A range that begins in the future is refused: its empty answer would read as "nobody is
    blocked". Raises :class:`TimeError`.
    """
    if _DAY.fullmatch(raw.strip()):
        edge = time(23, 59, 59) if end else time()
        moment = datetime.combine(_day(raw, now, None), edge, ISTANBUL)
    else:
        moment = _moment(
            raw, now, Text("like 2026-11-20 or 2026-11-20T10:30", "2026-11-20 ya da 2026-11-20T10:30 gibi")
        )
        moment = moment.replace(microsecond=0)
    if not end and moment > now:
        raise TimeError(Text("lies in the future", "gelecekte bir tarih"), now)
    return moment


def parse_consent_date(raw: str, now: datetime) -> datetime:
    """When a consent was given: ISO 8601 to the second, not in the future, not before :data:`EARLIEST_CONSENT`.

    The seconds must be written: the date comes from the consent's record and nothing of it is made
    up here (contract, section 10.4). Raises :class:`TimeError`.
    """
    example = Text("to the second, like 2026-11-20T10:30:00", "saniyesiyle, 2026-11-20T10:30:00 gibi")
    moment = _moment(raw, now, example, seconds=True)
    if moment.microsecond:
        raise TimeError(Text("must be to the second, not finer", "saniyeye kadar yazılmalı, daha ince olmamalı"), now)
    if moment > now:
        raise TimeError(
            Text(
                "lies in the future; the registry refuses that; take the date from the consent record",
                "gelecekte bir tarih; İYS bunu kabul etmez; tarihi izin kaydından alın",
            ),
            now,
        )
    if moment < EARLIEST_CONSENT:
        raise TimeError(
            Text(
                "is before 2015-05-01 00:00:00; the registry takes none from before that",
                "01.05.2015 00:00:00 tarihinden önce; İYS daha eski kayıt kabul etmez",
            ),
            now,
        )
    return moment


def wire_send_at(moment: datetime) -> str:
    """A time to send as the provider wants it: ``dd/MM/yyyy HH:mm``, never with seconds (contract, section 3)."""
    return f"{moment.astimezone(ISTANBUL):%d/%m/%Y %H:%M}"


def wire_moment(moment: datetime) -> str:
    """A moment as the provider writes and reads it: ``YYYY-MM-DD HH:MM:SS``, in Istanbul."""
    return f"{moment.astimezone(ISTANBUL):%Y-%m-%d %H:%M:%S}"


def wire_day(day: date) -> str:
    """A day as the provider reads it: ``YYYY-MM-DD`` (contract, section 6)."""
    return day.isoformat()


def read_moment(raw: object) -> datetime | None:
    """A moment out of an answer, or None where there is none to be read (``0000-00-00 00:00:00``, an empty field)."""
    match = _MOMENT.fullmatch(raw.strip()) if isinstance(raw, str) else None
    return _resolve(match) if match else None


def working_days_old(then: datetime, now: datetime) -> int:
    """Working days begun in Istanbul after the day of `then`, up to today: 1 on Monday for a Friday's consent.

    Monday to Friday; public holidays are not known here, so the true figure may be lower.
    """
    first, last = then.astimezone(ISTANBUL).date(), now.astimezone(ISTANBUL).date()
    weeks, days = divmod(max((last - first).days, 0), 7)
    return weeks * 5 + sum((first.weekday() + day) % 7 < 5 for day in range(1, days + 1))


def _day(raw: str, now: datetime, field: Literal["start", "end"] | None) -> date:
    match = _DAY.fullmatch(raw.strip())
    if not match:
        raise TimeError(_unreadable(raw, Text("a date like 2026-11-23", "2026-11-23 gibi bir tarih")), now, field)
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise TimeError(_NO_SUCH, now, field) from None
    if day < EARLIEST_DAY:
        raise TimeError(Text("is too long ago", "çok eski bir tarih"), now, field)
    return day


def _moment(raw: str, now: datetime, example: Text, *, seconds: bool = False) -> datetime:
    """The moment that `raw` says; `example` completes "a date and a time …" in both languages."""
    wanted = Text(f"a date and a time {example.en}", f"{example.tr} bir tarih ve saat")
    match = _MOMENT.fullmatch(raw.strip())
    if not match:
        if _DAY.fullmatch(raw.strip()):
            reason = Text("has a date but no time of day; it must be ", "yalnızca tarih içeriyor, saat de gerekli: ")
            raise TimeError(reason + wanted + Text("", " olmalı"), now)
        raise TimeError(_unreadable(raw, wanted), now)
    if seconds and not match["seconds"]:
        raise TimeError(Text("must be ", "") + wanted + Text("", " olmalı"), now)
    moment = _resolve(match)
    if moment is None:
        raise TimeError(_NO_SUCH, now)
    if moment.date() < EARLIEST_DAY:
        raise TimeError(Text("is too long ago", "çok eski bir tarih"), now)
    return moment


_NO_SUCH = Text("is a date or time that does not exist", "var olmayan bir tarih ya da saat")


def _resolve(match: re.Match[str]) -> datetime | None:
    """The moment of a match of `_MOMENT`, in Istanbul; None where the calendar or the clock has no such one."""
    offset = "+03:00"
    if match["utc"]:
        offset = "+00:00"
    elif match["offset"]:
        offset = f"{match['offset']}:{match['minutes'] or '00'}"
    # Finer than a microsecond cannot be held; a rest must not vanish, since only zero means none.
    fraction = match["fraction"] or ""
    micro = f"{fraction:0<6}"[:6]
    if micro == "000000" and fraction.strip("0"):
        micro = "000001"
    try:
        moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match['seconds'] or ':00'}.{micro}{offset}")
        return moment.astimezone(ISTANBUL)
    except (ValueError, OverflowError):
        return None


def _unreadable(raw: str, wanted: Text) -> Text:
    """Not written as wanted; told apart where the day stands first, as Turkish dates are written."""
    if _DAY_FIRST.fullmatch(raw.strip()):
        return Text("must begin with the year: ", "yılla başlamalı: ") + wanted
    return Text("must be ", "") + wanted + Text("", " olmalı")
