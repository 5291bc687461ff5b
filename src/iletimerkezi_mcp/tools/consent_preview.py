"""The words of a declaration of consents: its preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from iletimerkezi_mcp.confirmation.pending_change import Preview
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.provider.consents import BrandCode, ConsentRecord
from iletimerkezi_mcp.sms.clock import working_days_since
from iletimerkezi_mcp.sms.times import wire_moment

from .consent_records import SOURCE_OF_2015

MAX_WORKING_DAYS = 3
"""Working days within which a consent must be declared (contract, section 10.4)."""

RECORDS_SHOWN = 5
"""The most records that a preview shows one by one, after all of them in groups."""


LEGAL_STATEMENT = Text(
    "This is a declaration to a national registry about other people; only a later record changes it. Date and source must "
    "be those of the consent or refusal itself.",
    "Bu, başkaları hakkında ulusal sisteme verilen bir beyandır; yalnızca daha sonraki bir kayıtla değişir. Tarih ve kaynak, "
    "iznin ya da reddin kendi tarihi ve kaynağı olmalı.",
)
DAYS_ONLY = Text(
    "Records dated with a day and no time: {number}. Ask for the time; otherwise 00:00:00 of that day is declared.",
    "Saati olmayan, yalnızca günü yazılmış izin kaydı: {number}. Saatini sorun; yoksa o günün 00:00:00 saati bildirilecek.",
    person=Text(
        "Records dated with a day and no time: {number}. What is declared is 00:00:00 of that day.",
        "Saati olmayan, yalnızca günü yazılmış izin kaydı: {number}. O günün 00:00:00 saati bildirilecek.",
    ),
)
_REFUSED_FIRST = Text(
    "Records with RET for which iys_check found nothing within the last hour: {number}. The registry will probably refuse "
    "the whole batch: a first record cannot be a RET, and without an ONAY there is nothing to take back.",
    "iys_check'in son bir saatte kayıt bulamadığı RET: {number}. Sistem büyük olasılıkla listenin tamamını reddeder: ilk "
    "kayıt RET olamaz; ONAY yoksa geri alınacak izin de yoktur.",
)


def consent_preview(
    brand_code: BrandCode, records: Sequence[ConsentRecord], now: datetime, *, days: int, first: int
) -> Preview:
    """Return the preview of a declaration.

    `days` records are dated with a day alone; `first` are refusals although nothing is on file.
    """
    return Preview(
        Text(
            "declare {records} to İYS for brand {brand_code}.",
            "{brand_code} markası için İYS'ye {records} bildirilecek.",
        ).format(records=number_of(records), brand_code=brand_code),
        warnings=(
            LEGAL_STATEMENT,
            *age_warnings(records, now),
            *([_REFUSED_FIRST.format(number=first)] if first else []),
            *([DAYS_ONLY.format(number=days)] if days else []),
        ),
        details=(*(groups(records) if len(records) > 1 else ()), *first_records(records)),
    )


def is_old(record: ConsentRecord, now: datetime) -> bool:
    """Return True if the registry will probably refuse the record for its age (contract, section 10.4)."""
    return record.source != SOURCE_OF_2015 and working_days_since(record.consent_date, now) > MAX_WORKING_DAYS


def age_warnings(records: Sequence[ConsentRecord], now: datetime) -> tuple[Text, ...]:
    """Return a warning if the registry will probably refuse the batch: consents older than three working days."""
    old = sum(is_old(record, now) for record in records)
    if not old:
        return ()
    return (
        Text(
            "Records older than three working days: {number}. The registry will probably refuse the whole batch. Do not "
            "change the date.",
            "Üç iş gününden eski izin kaydı: {number}. Sistem büyük olasılıkla listenin tamamını reddeder. Tarihi "
            "değiştirmeyin.",
        ).format(number=old),
    )


def number_of(records: Sequence[ConsentRecord]) -> Text:
    """Return how many records of which status: "1 record (RET)", "3 records (2 ONAY, 1 RET)"."""
    numbers = Counter(record.status for record in records)
    statuses: list[Text | str] = [
        Text("{number} {status}", "{number} {status}").format(number=number, status=status)
        for status, number in sorted(numbers.items())
    ]
    if len(statuses) == 1:
        statuses = [records[0].status]
    return Text("{records} ({statuses})", "{records} ({statuses})").format(
        records=plural(len(records), "record", "records", "izin kaydı"), statuses=Text.join(", ", statuses)
    )


def groups(records: Sequence[ConsentRecord], *, dated: bool = True) -> list[Text]:
    """Return all that is declared, grouped by content and source, each group with its earliest and latest date."""
    dates_of: dict[tuple[str, str, str, str], list[datetime]] = {}
    for record in records:
        kind = (record.status, record.channel, record.recipient_type, record.source)
        dates_of.setdefault(kind, []).append(record.consent_date)
    lines = []
    for words, dates in sorted(dates_of.items()):
        line = Text("{number} × {kind}", "{number} × {kind}").format(number=len(dates), kind=" ".join(words))
        span = dates_in_words(dates)
        lines.append(Text("{line}, {dates}", "{line}, {dates}").format(line=line, dates=span) if dated else line)
    return lines


def dates_in_words(dates: Collection[datetime]) -> Text:
    """Return the earliest and the latest of these dates, each to the second."""
    earliest, latest = min(dates), max(dates)
    if earliest == latest:
        return _moment(earliest)
    return Text("from {earliest} to {latest}", "{earliest} ile {latest} arası").format(
        earliest=_moment(earliest), latest=_moment(latest)
    )


def first_records(records: Sequence[ConsentRecord]) -> list[Text]:
    """Return the first records one by one."""
    lines = [
        Text("Record {place}: {record}, {date}", "{place}. kayıt: {record}, {date}").format(
            place=place,
            record=f"{record.recipient}, {record.status} {record.channel} {record.recipient_type}, {record.source}",
            date=_moment(record.consent_date),
        )
        for place, record in enumerate(records[:RECORDS_SHOWN], start=1)
    ]
    if (more := len(records) - len(lines)) > 0:
        lines[-1] = Text("{line}; and {more} more", "{line}; ve {more} kayıt daha").format(line=lines[-1], more=more)
    return lines


def _moment(moment: datetime) -> Text:
    """Return a date of a record to the second, as it is declared."""
    return Text(wire_moment(moment), f"{moment:%d.%m.%Y %H:%M:%S}")
