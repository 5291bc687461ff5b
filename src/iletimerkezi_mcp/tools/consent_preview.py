"""The words of a declaration of consents: its preview."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.provider.consents import ConsentRecord
from iletimerkezi_mcp.sms.times import wire_moment

RECORDS_SHOWN = 5
"""The most records that a preview shows one by one, after all of them in groups."""


def number_of(records: list[ConsentRecord]) -> Text:
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


def groups(records: list[ConsentRecord]) -> list[Text]:
    """Return all that is declared, grouped by content and source, each group with its earliest and latest date."""
    dates_of: dict[tuple[str, str, str, str], list[datetime]] = {}
    for record in records:
        kind = (record.status, record.channel, record.recipient_type, record.source)
        dates_of.setdefault(kind, []).append(record.consent_date)
    return [
        Text("{number} × {kind}, {dates}", "{number} × {kind}, {dates}").format(
            number=len(dates), kind=" ".join(kind), dates=_span(min(dates), max(dates))
        )
        for kind, dates in sorted(dates_of.items())
    ]


def _span(earliest: datetime, latest: datetime) -> Text:
    if earliest == latest:
        return _moment(earliest)
    return Text("from {earliest} to {latest}", "{earliest} ile {latest} arası").format(
        earliest=_moment(earliest), latest=_moment(latest)
    )


def first_records(records: list[ConsentRecord]) -> list[Text]:
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
