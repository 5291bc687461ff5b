"""Dates and times as people, models and the provider write them.

Every time here is aware and in :data:`.ISTANBUL`; one written without an offset is Istanbul's
(contract, section 2, "Time zone").
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Literal

from iletimerkezi_mcp.language import ExplainedError, Text

from .clock import ISTANBUL, describe_time

MAX_REPORT_DAYS = 10
"""Calendar days in one range of reports, both ends included (contract, section 6, the careful reading)."""

MIN_SEND_LEAD = timedelta(minutes=2)
"""The least time from confirmation to the send time: the provider sends at once if that time has passed."""

MAX_SEND_AHEAD = timedelta(days=366)
"""The longest time ahead for which a message can be scheduled; a later one is a slip of the keyboard."""

EARLIEST_DAY = date(2000, 1, 1)
"""No account is older; an earlier day is a slip of the keyboard."""

EARLIEST_CONSENT = datetime(2015, 5, 1, tzinfo=ISTANBUL)
"""The registry takes no consent from before Law 6563 came into force (contract, section 10.4)."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?:(?P<seconds>:[0-9]{2})(?:\.(?P<fraction>[0-9]+))?)?"
    r" ?(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_WRITTEN = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?P<sign>[./-])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4})"
    r"|(?P<year_first>[0-9]{4})(?P<mark>[./-])(?P<month_next>[0-9]{1,2})(?P=mark)(?P<day_last>[0-9]{1,2}))"
    r"(?:(?:[Tt]|,? +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DAY_FIRST = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}\b.*", re.DOTALL)

_A_DAY = Text("a date like 2026-11-23", "2026-11-23 gibi bir tarih")
_A_MOMENT = Text("a date and a time like {example}", "{example} gibi bir tarih ve saat")
_MUST_BE = Text("must be {form}", "{form} olmalı")
_YEAR_FIRST = Text("must begin with the year: {form}", "yılla başlamalı: {form}")
_NO_TIME_OF_DAY = Text(
    "has a date but no time of day; it must be {form}", "yalnızca tarih içeriyor, saat de gerekli: {form} olmalı"
)
_IN_THE_FUTURE = Text("lies in the future", "gelecekte")


_NOT_A_WRITTEN_DATE = Text(
    "must be a date like 20.11.2026 or 20.11.2026 10:30:00, with the day first",
    "20.11.2026 ya da 20.11.2026 10:30:00 gibi, günü başta yazılmış bir tarih olmalı",
)


class TimeError(ExplainedError, ValueError):
    """This date or time cannot be used. `reason` reads on from its name.

    `field` is the end of a range that is wrong, if one call read both.
    """

    def __init__(self, reason: Text, field: Literal["start", "end"] | None = None) -> None:
        self.field = field
        super().__init__(reason)


def earliest_send_at(now: datetime) -> datetime:
    """Return the first whole minute for which a message can be scheduled if it is confirmed `now`."""
    earliest = now + MIN_SEND_LEAD
    minute = earliest.replace(second=0, microsecond=0)
    return minute if minute == earliest else minute + timedelta(minutes=1)


def parse_send_at(raw: str, now: datetime) -> datetime:
    """Read when to send: an ISO 8601 date and time to the minute, later than `now`, by a year at most.

    Seconds may be written if they are zero; the provider would take any other for "at once"
    (contract, section 3). Raises :class:`TimeError`.
    """
    moment = _moment(raw, "2026-12-25T10:00")
    if moment.second or moment.microsecond:
        raise TimeError(Text("must be to the minute, without seconds", "dakikaya kadar yazılmalı, saniye içermemeli"))
    if moment <= now:
        raise TimeError(
            Text(
                "is not in the future; leave it out to send at once; confirmed at once, the earliest that works is {earliest}",
                "gelecekte bir zaman değil; hemen göndermek için boş bırakın; hemen onaylanırsa en erken {earliest} olabilir",
            ).format(earliest=describe_time(earliest_send_at(now)))
        )
    if moment > now + MAX_SEND_AHEAD:
        raise TimeError(Text("is more than a year ahead", "bir yıldan daha ileride"))
    return moment


def report_range(start: str | None, end: str | None, now: datetime) -> tuple[date, date]:
    """Return the first and the last day of a report, at most :data:`MAX_REPORT_DAYS` with both ends.

    Without both, the last ten days up to today; with `start` alone, the ten days from it or up to
    today; with `end` alone, the ten days up to it. `end` may lie ahead, `start` may not.
    Raises :class:`TimeError` with its `field`.
    """
    today = now.astimezone(ISTANBUL).date()
    span = timedelta(days=MAX_REPORT_DAYS - 1)
    first = None if start is None else _day(start, "start")
    last = None if end is None else _day(end, "end")
    if first is not None and first > today:
        raise TimeError(_IN_THE_FUTURE, "start")
    if last is None:
        last = today if first is None else min(first + span, today)
    if first is None:
        first = last - span
        if first > today:
            raise TimeError(Text("lies too far in the future", "çok ileri bir tarih"), "end")
    if last < first:
        raise TimeError(Text("is before start", "başlangıçtan (start) önce"), "end")
    if last - first > span:
        raise TimeError(
            Text(
                "makes a range of {days} days with start; at most {limit} days can be read at once, both ends included, "
                "so read it in several calls",
                "start ile birlikte {days} günlük bir aralık oluşturuyor; iki uç dahil bir seferde en çok {limit} gün "
                "okunabilir, birkaç çağrıya bölün",
            ).format(days=(last - first).days + 1, limit=MAX_REPORT_DAYS),
            "end",
        )
    return first, last


def parse_added(raw: str, now: datetime, *, end: bool) -> datetime:
    """Read one end of a time range: an ISO 8601 time, or a day, which means its first or (`end`) its last second.

    A range that begins in the future is refused: its empty answer would read as if no number
    were blocked. Raises :class:`TimeError`.
    """
    if is_day(raw):
        moment = datetime.combine(_day(raw), time(23, 59, 59) if end else time(), ISTANBUL)
    else:
        example = Text("2026-11-20 or 2026-11-20T10:30", "2026-11-20 ya da 2026-11-20T10:30")
        moment = _moment(raw, example).replace(microsecond=0)
    if not end and moment > now:
        raise TimeError(_IN_THE_FUTURE)
    return moment


def parse_consent_date(raw: str, now: datetime) -> datetime:
    """Read when a consent was given: ISO 8601, not in the future, not before :data:`EARLIEST_CONSENT`.

    A time is written to the second: it comes from the consent's record and nothing of it is made up here (contract,
    section 10.4). A record may hold only the day, which is read as its first second. Raises :class:`TimeError`.
    """
    example = Text(
        "2026-11-20T10:30:00, to the second, or a day like 2026-11-20",
        "2026-11-20 ya da saniyesiyle yazılmış 2026-11-20T10:30:00",
    )
    moment = _moment(f"{raw.strip()}T00:00:00" if is_day(raw) else raw, example, seconds=True)
    if moment.microsecond:
        raise TimeError(Text("must be to the second, not finer", "saniyeye kadar yazılmalı, daha ince olmamalı"))
    if moment > now:
        raise TimeError(
            Text(
                "lies in the future; the registry refuses that; take the date from the consent record",
                "gelecekte; İYS bunu kabul etmez; tarihi izin kaydından alın",
            ),
        )
    if moment < EARLIEST_CONSENT:
        raise TimeError(
            Text(
                "is before 2015-05-01 00:00:00; the registry takes none from before that",
                "01.05.2015 00:00:00 tarihinden önce; İYS daha eski kayıt kabul etmez",
            ),
        )
    return moment


class MonthFirstError(TimeError):
    """A date that only makes sense with the month first: others beside it may have been written so, too."""


def parse_written_consent_date(raw: str, now: datetime) -> tuple[datetime, bool]:
    """Read when a consent was given as lists of people hold it, and return True beside it if it is a day alone.

    The day comes first (20.11.2026, 20/11/2026 10:30), or the year (2026-11-20 10:30:00). What is not written is zero, and
    what is finer than a second is dropped, for the registry knows no fraction. Raises :class:`TimeError`.
    """
    match = _WRITTEN.fullmatch(raw.strip())
    if match is None:
        raise TimeError(_NOT_A_WRITTEN_DATE)
    year = match["year"] or match["year_first"]
    month, day = int(match["month"] or match["month_next"]), int(match["day"] or match["day_last"])
    if match["year"] and month > 12 >= day:
        raise MonthFirstError(_NOT_A_WRITTEN_DATE)
    time_of_day = f"{int(match['hour'] or 0):02}:{match['minute'] or '00'}:{match['second'] or '00'}"
    date = parse_consent_date(f"{year}-{month:02}-{day:02}T{time_of_day}{match['offset'] or ''}", now)
    return date, match["hour"] is None


def is_day(raw: str) -> bool:
    """Return True if `raw` is written as a day without a time."""
    return _DAY.fullmatch(raw.strip()) is not None


def wire_send_at(moment: datetime) -> str:
    """Write a time to send as the provider wants it: ``dd/MM/yyyy HH:mm``, never with seconds (contract, section 3)."""
    return f"{moment.astimezone(ISTANBUL):%d/%m/%Y %H:%M}"


def wire_moment(moment: datetime) -> str:
    """Write a moment as the provider writes and reads it: ``YYYY-MM-DD HH:MM:SS``, in Istanbul."""
    return f"{moment.astimezone(ISTANBUL):%Y-%m-%d %H:%M:%S}"


def read_moment(raw: object) -> datetime | None:
    """Read a moment of an answer; return None if there is none (``0000-00-00 00:00:00``, an empty field)."""
    match = _MOMENT.fullmatch(raw.strip()) if isinstance(raw, str) else None
    return _resolve(match) if match else None


def _day(raw: str, field: Literal["start", "end"] | None = None) -> date:
    day = raw.strip()
    if not _DAY.fullmatch(day):
        raise TimeError(_wrong_form(day, _A_DAY), field)
    return _require_moment(read_moment(f"{day}T00:00"), field).date()


def _moment(raw: str, example: Text | str, *, seconds: bool = False) -> datetime:
    match = _MOMENT.fullmatch(raw.strip())
    if not match or (seconds and not match["seconds"]):
        raise TimeError(_wrong_form(raw.strip(), _A_MOMENT.format(example=example)))
    return _require_moment(_resolve(match))


def _wrong_form(raw: str, form: Text) -> Text:
    """Return why `raw` is not of `form`; in Turkish a date is written with the day first."""
    fault = _MUST_BE
    if _DAY.fullmatch(raw):
        fault = _NO_TIME_OF_DAY
    elif _DAY_FIRST.fullmatch(raw):
        fault = _YEAR_FIRST
    return fault.format(form=form)


def _require_moment(moment: datetime | None, field: Literal["start", "end"] | None = None) -> datetime:
    """Return `moment`, or raise :class:`TimeError` if there is no such moment or it is before :data:`EARLIEST_DAY`."""
    if moment is None:
        raise TimeError(Text("is a date or time that does not exist", "var olmayan bir tarih ya da saat"), field)
    if moment.date() < EARLIEST_DAY:
        raise TimeError(Text("is too long ago", "çok eski bir tarih"), field)
    return moment


def _resolve(match: re.Match[str]) -> datetime | None:
    """Return the moment of a match of `_MOMENT`, in Istanbul, or None if no calendar or clock has it."""
    day, rest = match[0][:10], match[0][11:]
    try:
        moment = datetime.fromisoformat(f"{day}T{rest.replace(' ', '').upper()}")
        moment = moment.replace(tzinfo=moment.tzinfo or ISTANBUL).astimezone(ISTANBUL)
    except (ValueError, OverflowError):
        return None
    # Finer than a microsecond cannot be held; a rest must not vanish, since only zero means none.
    if not moment.microsecond and (match["fraction"] or "").strip("0"):
        moment = moment.replace(microsecond=1)
    return moment
