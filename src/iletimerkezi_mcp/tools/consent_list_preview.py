"""The words of a declaration of a list: its preview, whose lines with cells are for people only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from iletimerkezi_mcp.confirmation.pending_change import Preview
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.lists.folder import ListFile
from iletimerkezi_mcp.lists.table import Table
from iletimerkezi_mcp.provider.consents import BrandCode
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted

from .consent_list import ConsentList
from .consent_preview import DAYS_ONLY, LEGAL_STATEMENT, dates_in_words, first_records, groups, is_old, number_of

ROWS_IN_WORDS = 20
"""The most rows that are named in a sentence."""


def list_preview(
    brand_code: BrandCode, consents: ConsentList, file: ListFile, table: Table, now: datetime, *, first: int
) -> Preview:
    """Return the preview of a declaration of a list. `first` records are refusals although nothing is on file."""
    records = consents.records
    old = sum(is_old(record, now) for record in records)
    names = consents.columns.names
    left_out = (
        (_REFUSED, consents.refused_count),
        (_DUPLICATES, consents.duplicates),
        (_SKIPPED, consents.skipped),
        (_HIDDEN, consents.hidden),
    )
    return Preview(
        _HEADLINE.format(
            records=number_of(records),
            file=quoted(file.name),
            modified=describe_time(file.modified),
            brand_code=brand_code,
        ),
        warnings=(
            *((DAYS_ONLY.format(number=consents.days),) if consents.days else ()),
            LEGAL_STATEMENT,
            *((OLD_RECORDS.format(number=old),) if old else ()),
            *((_REFUSED_FIRST.format(number=first),) if first else ()),
            *(() if table.hidden_known else (_HIDDEN_UNKNOWN,)),
            *((_HELD_OPEN,) if file.held_open else ()),
        ),
        details=(
            _COLUMNS.format(
                recipient=quoted(names["recipient"]),
                status=quoted(names["status"]),
                source=quoted(names["source"]),
                date=quoted(names["consent_date"]),
                row=str(consents.columns.header_row),
            ),
            *groups(records, dated=False),
            *((_MINUTES.format(number=consents.minutes),) if consents.minutes else ()),
            *(template.format(number=number) for template, number in left_out if number),
            *(_ROW.format(row=str(row.row), reason=row.reason) for row in consents.refused),
        ),
        private=(
            _DATES.format(dates=dates_in_words([record.consent_date for record in records])),
            *first_records(records),
        ),
    )


def rows_in_words(rows: Sequence[int]) -> Text:
    """Return the first of these rows, and how many there are: "rows 3, 17 and 40 more"."""
    named = ", ".join(map(str, rows[:ROWS_IN_WORDS]))
    if (more := len(rows) - ROWS_IN_WORDS) > 0:
        return Text("rows {named} and {more} more", "satırlar: {named} ve {more} satır daha").format(
            named=named, more=more
        )
    if len(rows) == 1:
        return Text("row {named}", "{named}. satır").format(named=named)
    return Text("rows {named}", "satırlar: {named}").format(named=named)


_HEADLINE = Text(
    "declare {records} of the list {file} (changed at {modified}) to İYS for brand {brand_code}.",
    "{brand_code} markası için İYS'ye {file} listesinden (değişiklik: {modified}) {records} bildirilecek.",
)
OLD_RECORDS = Text(
    "Records older than three working days: {number}. They are declared last, in requests of their own, and the registry "
    "will probably refuse them. Do not change the date.",
    "Üç iş gününden eski izin kaydı: {number}. En son, ayrı isteklerle bildirilir ve sistem büyük olasılıkla reddeder. "
    "Tarihi değiştirmeyin.",
)
_REFUSED_FIRST = Text(
    "Records with RET for which iys_check found nothing within the last hour: {number}. The registry will probably refuse "
    "them: a first record cannot be a RET.",
    "iys_check'in son bir saatte kayıt bulamadığı RET: {number}. Sistem büyük olasılıkla reddeder: ilk kayıt RET olamaz.",
)
_HIDDEN_UNKNOWN = Text(
    "In this kind of file hidden rows cannot be told from others: they are declared too.",
    "Bu tür dosyada gizli satırlar ayırt edilemez: onlar da bildirilir.",
)
_HELD_OPEN = Text(
    "The file is open in another program; what is not saved there is not declared.",
    "Dosya başka bir programda açık; orada kaydedilmemiş olanlar bildirilmez.",
)
_COLUMNS = Text(
    "Columns, by row {row}: recipient {recipient}, status {status}, source {source}, date {date}",
    "Sütunlar ({row}. satıra göre): alıcı {recipient}, durum {status}, kaynak {source}, tarih {date}",
)
_DATES = Text("Dates: {dates}", "Tarihler: {dates}")
_MINUTES = Text(
    "Records dated to the minute: {number}; 0 seconds are declared.",
    "Tarihi dakikaya kadar yazılmış izin kaydı: {number}; saniyesi 0 olarak bildirilir.",
)
_REFUSED = Text("Rows that cannot be declared as they are: {number}", "Olduğu gibi bildirilemeyen satır: {number}")
_DUPLICATES = Text(
    "Rows left out because another says the same: {number}", "Aynısı olduğu için çıkarılan satır: {number}"
)
_SKIPPED = Text("Rows without a recipient: {number}", "Alıcısı olmayan satır: {number}")
_HIDDEN = Text("Hidden rows left out: {number}", "Dışarıda bırakılan gizli satır: {number}")
_ROW = Text("Row {row} {reason}", "{row}. satır: {reason}")
