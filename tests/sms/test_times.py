"""Dates and times as people, models and the provider write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.times import (
    EARLIEST_CONSENT,
    TimeError,
    earliest_send_at,
    parse_added,
    parse_consent_date,
    parse_send_at,
    read_moment,
    report_range,
    wire_moment,
    wire_send_at,
)

NOW = datetime(2026, 11, 23, 4, 40, 30, tzinfo=UTC)


SOONEST = "confirmed at once, the earliest that works is 07:43 on Monday 2026-11-23"
CONSENT_FORM = "2026-11-20T10:30:00, to the second, or a day like 2026-11-20"


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ISTANBUL)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-12-25T10:00", at(2026, 12, 25, 10)),
        (" 2026-12-25 10:00 ", at(2026, 12, 25, 10)),
        ("2026-12-25T10:00:00.000Z", at(2026, 12, 25, 13)),
        ("2026-12-25t22:30z", at(2026, 12, 26, 1, 30)),
        ("2026-12-25T10:00+03:00", at(2026, 12, 25, 10)),
        ("2026-12-25T10:00 +0300", at(2026, 12, 25, 10)),
        ("2026-12-25T10:00+03", at(2026, 12, 25, 10)),
        ("2026-12-26T01:00+05:30", at(2026, 12, 25, 22, 30)),
        ("2026-12-31T20:00-08:00", at(2027, 1, 1, 7)),
        ("2026-11-23T07:41", at(2026, 11, 23, 7, 41)),
        ("2027-11-23T10:00", at(2027, 11, 23, 10)),
    ],
)
def test_a_time_to_send_is_read_and_is_istanbuls(raw: str, moment: datetime) -> None:
    parsed = parse_send_at(raw, NOW)
    assert parsed == moment
    assert parsed.tzinfo is ISTANBUL


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2026-12-25T10:00:01", "must be to the minute, without seconds"),
        ("2026-12-25T10:00:00.5", "must be to the minute, without seconds"),
        ("2026-12-25T10:00:00.0000001", "must be to the minute, without seconds"),
        ("2026-11-23T07:40", "is not in the future; leave it out to send at once; " + SOONEST),
        ("2025-12-25T10:00", "is not in the future; leave it out to send at once; " + SOONEST),
        ("1026-12-25T10:00", "is too long ago"),
        ("2027-11-25T10:00", "is more than a year ahead"),
        ("2226-12-25T10:00", "is more than a year ahead"),
        ("9999-12-31T23:59", "is more than a year ahead"),
        ("2026-12-25", "has a date but no time of day; it must be a date and a time like 2026-12-25T10:00"),
        ("25.12.2026 10:00", "must begin with the year: a date and a time like 2026-12-25T10:00"),
        ("25.12.26", "must begin with the year: a date and a time like 2026-12-25T10:00"),
        ("2026-02-29T10:00", "is a date or time that does not exist"),
        ("2026-12-25T25:00", "is a date or time that does not exist"),
        ("2026-12-25T10:60", "is a date or time that does not exist"),
        ("2026-12-25T10:00+99:00", "is a date or time that does not exist"),
        ("0000-00-00T00:00", "is a date or time that does not exist"),
        ("0001-01-01T00:00+14:00", "is a date or time that does not exist"),
        ("9999-12-31T23:59-14:00", "is a date or time that does not exist"),
        ("20261225T1000", "must be a date and a time like 2026-12-25T10:00"),
        ("2026-12-25T10", "must be a date and a time like 2026-12-25T10:00"),
        ("2026-12-25T10:00.5", "must be a date and a time like 2026-12-25T10:00"),
        ("2026-12-25T10:00[Europe/Istanbul]", "must be a date and a time like 2026-12-25T10:00"),
        ("٢٠٢٦-12-25T10:00", "must be a date and a time like 2026-12-25T10:00"),
        ("tomorrow at ten", "must be a date and a time like 2026-12-25T10:00"),
        ("", "must be a date and a time like 2026-12-25T10:00"),
    ],
)
def test_a_time_that_cannot_be_sent_at_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(TimeError) as refused:
        parse_send_at(raw, NOW)
    assert refused.value.reason.en == reason
    assert str(refused.value) == refused.value.reason.en
    assert refused.value.field is None


@pytest.mark.parametrize(
    ("now", "earliest"),
    [
        (at(2026, 11, 23, 10), at(2026, 11, 23, 10, 2)),
        (at(2026, 11, 23, 10, 0, 1), at(2026, 11, 23, 10, 3)),
        (at(2026, 11, 23, 10, 0, 59), at(2026, 11, 23, 10, 3)),
        (at(2026, 11, 23, 23, 58, 30), at(2026, 11, 24, 0, 1)),
    ],
)
def test_the_earliest_time_to_send_at_is_a_whole_minute(now: datetime, earliest: datetime) -> None:
    assert earliest_send_at(now) == earliest


def test_a_refusal_reads_as_well_in_turkish() -> None:
    with pytest.raises(TimeError) as refused:
        parse_send_at("2026-12-25", NOW)
    assert refused.value.reason.tr == (
        "yalnızca tarih içeriyor, saat de gerekli: 2026-12-25T10:00 gibi bir tarih ve saat olmalı"
    )


@pytest.mark.parametrize(("raw", "day"), [("2026-11-23", date(2026, 11, 23)), (" 2000-01-01\n", date(2000, 1, 1))])
def test_a_day_is_read(raw: str, day: date) -> None:
    assert report_range(raw, None, NOW)[0] == day


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("23.11.2026", "must begin with the year: a date like 2026-11-23"),
        ("3/11/26", "must begin with the year: a date like 2026-11-23"),
        ("2026-11-31", "is a date or time that does not exist"),
        ("1999-12-31", "is too long ago"),
        ("2026-11-23T10:00", "must be a date like 2026-11-23"),
        ("2026-W48-1", "must be a date like 2026-11-23"),
        ("yesterday", "must be a date like 2026-11-23"),
    ],
)
def test_what_is_not_a_day_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(TimeError) as refused:
        report_range(raw, None, NOW)
    assert refused.value.reason.en == reason


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (None, None, date(2026, 11, 14), date(2026, 11, 23)),
        ("2026-11-01", None, date(2026, 11, 1), date(2026, 11, 10)),
        ("2026-11-20", None, date(2026, 11, 20), date(2026, 11, 23)),
        ("2026-11-23", None, date(2026, 11, 23), date(2026, 11, 23)),
        (None, "2026-11-10", date(2026, 11, 1), date(2026, 11, 10)),
        (None, "2026-12-02", date(2026, 11, 23), date(2026, 12, 2)),
        (None, "2000-01-01", date(1999, 12, 23), date(2000, 1, 1)),
        ("2026-11-10", "2026-11-19", date(2026, 11, 10), date(2026, 11, 19)),
        ("2026-11-10", "2026-11-10", date(2026, 11, 10), date(2026, 11, 10)),
        ("2026-11-23", "2026-12-02", date(2026, 11, 23), date(2026, 12, 2)),
    ],
)
def test_a_report_covers_at_most_ten_days(start: str | None, end: str | None, first: date, last: date) -> None:
    assert report_range(start, end, NOW) == (first, last)


def test_the_last_ten_days_end_on_istanbuls_day() -> None:
    before_midnight_in_utc = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
    assert report_range(None, None, before_midnight_in_utc) == (date(2026, 11, 14), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("start", "end", "field", "reason"),
    [
        ("2026-11-24", None, "start", "lies in the future"),
        ("2026-11-24", "2026-11-20", "start", "lies in the future"),
        ("9999-12-31", None, "start", "lies in the future"),
        (None, "2026-12-03", "end", "lies too far in the future"),
        ("2026-11-10", "2026-11-09", "end", "is before start"),
        (
            "2026-11-10",
            "2026-11-20",
            "end",
            (
                "makes a range of 11 days with start; at most 10 days can be read at once, both ends included, "
                "so read it in several calls"
            ),
        ),
        ("yesterday", "today", "start", "must be a date like 2026-11-23"),
        ("2026-11-10", "2026-11-31", "end", "is a date or time that does not exist"),
        (None, "1026-11-10", "end", "is too long ago"),
    ],
)
def test_a_range_that_cannot_be_read_is_refused_by_the_end_at_fault(
    start: str | None, end: str | None, field: str, reason: str
) -> None:
    with pytest.raises(TimeError) as refused:
        report_range(start, end, NOW)
    assert refused.value.field == field
    assert refused.value.reason.en == reason


@pytest.mark.parametrize(
    ("raw", "end", "moment"),
    [
        ("2026-11-20", False, at(2026, 11, 20)),
        ("2026-11-20", True, at(2026, 11, 20, 23, 59, 59)),
        ("2026-11-20T10:30", False, at(2026, 11, 20, 10, 30)),
        ("2026-11-20 10:30:15", True, at(2026, 11, 20, 10, 30, 15)),
        ("2026-11-20T10:30:15.123456Z", True, at(2026, 11, 20, 13, 30, 15)),
        ("2026-11-23", True, at(2026, 11, 23, 23, 59, 59)),
        ("2026-11-23", False, at(2026, 11, 23)),
    ],
)
def test_a_day_in_a_filter_means_its_first_or_its_last_second(raw: str, end: bool, moment: datetime) -> None:
    assert parse_added(raw, NOW, end=end) == moment


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2026-11-24", "lies in the future"),
        ("2026-11-23T08:00", "lies in the future"),
        ("2026-11-31", "is a date or time that does not exist"),
        ("20.11.2026", "must begin with the year: a date and a time like 2026-11-20 or 2026-11-20T10:30"),
        ("last week", "must be a date and a time like 2026-11-20 or 2026-11-20T10:30"),
    ],
)
def test_a_filter_that_begins_in_the_future_or_cannot_be_read_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(TimeError) as refused:
        parse_added(raw, NOW, end=False)
    assert refused.value.reason.en == reason


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-11-20T10:30:00", at(2026, 11, 20, 10, 30)),
        ("2026-11-20 10:30:59", at(2026, 11, 20, 10, 30, 59)),
        ("2026-11-20T10:30:00.000Z", at(2026, 11, 20, 13, 30)),
        ("2015-05-01 00:00:00", EARLIEST_CONSENT),
        (" 2015-05-01 ", EARLIEST_CONSENT),
        ("2026-11-20", at(2026, 11, 20)),
        ("2026-11-23", at(2026, 11, 23)),
        ("2015-04-30T21:00:00Z", EARLIEST_CONSENT),
        ("2026-11-23T07:40:30", at(2026, 11, 23, 7, 40, 30)),
    ],
)
def test_a_consents_date_is_read_to_the_second(raw: str, moment: datetime) -> None:
    assert parse_consent_date(raw, NOW) == moment


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2026-11-20T10:30", "must be a date and a time like " + CONSENT_FORM),
        ("20.11.2026 10:30:00", "must begin with the year: a date and a time like " + CONSENT_FORM),
        ("2026-11-20T10:30:00.250", "must be to the second, not finer"),
        (
            "2026-11-23T07:40:31",
            "lies in the future; the registry refuses that; take the date from the consent record",
        ),
        ("2026-11-24", "lies in the future; the registry refuses that; take the date from the consent record"),
        ("2026-02-30", "is a date or time that does not exist"),
        ("2015-04-30T23:59:59", "is before 2015-05-01 00:00:00; the registry takes none from before that"),
    ],
)
def test_a_consents_date_that_the_registry_would_refuse_is_refused_here(raw: str, reason: str) -> None:
    with pytest.raises(TimeError) as refused:
        parse_consent_date(raw, NOW)
    assert refused.value.reason.en == reason


@given(st.integers(0, 400_000), st.integers(-14 * 60, 14 * 60))
def test_one_instant_is_the_same_in_every_offset(minutes_ahead: int, offset: int) -> None:
    instant = at(2027, 1, 1) + timedelta(minutes=minutes_ahead)
    written = instant.astimezone(timezone(timedelta(minutes=offset))).isoformat()
    assert parse_send_at(written, NOW) == instant


def test_the_wire_has_its_own_spellings_in_istanbuls_time() -> None:
    moment = datetime(2026, 12, 31, 21, 5, 9, tzinfo=UTC)
    assert wire_send_at(moment) == "01/01/2027 00:05"
    assert wire_moment(moment) == "2027-01-01 00:05:09"


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2026-11-20 10:30:00", at(2026, 11, 20, 10, 30)),
        (" 2026-11-20 10:30:00 ", at(2026, 11, 20, 10, 30)),
        ("2026-11-20T07:30:00.000000Z", at(2026, 11, 20, 10, 30)),
        ("0000-00-00 00:00:00", None),
        ("2026-02-30 10:00:00", None),
        ("20.11.2026 10:30", None),
        ("", None),
        (None, None),
        (1763623800, None),
    ],
)
def test_a_moment_in_an_answer_is_read_or_is_none(raw: object, moment: datetime | None) -> None:
    assert read_moment(raw) == moment


@given(st.integers(0, 250_000_000_000), st.integers(0, 999_999))
def test_a_moment_survives_the_wire(seconds: int, microseconds: int) -> None:
    moment = at(2000, 1, 2) + timedelta(seconds=seconds)
    assert read_moment(wire_moment(moment + timedelta(microseconds=microseconds))) == moment
