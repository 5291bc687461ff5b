"""Declaring consents to İYS, the same for the records of a call and those of a list: their rules, preview and request."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PreviewExpiry
from iletimerkezi_mcp.confirmation.recent_reads import READ_HOLDS
from iletimerkezi_mcp.language import Text, count, for_model, for_onlooker, plural, sentences
from iletimerkezi_mcp.provider import consents as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.consents import (
    BrandCode,
    Channel,
    ConsentDeclaration,
    ConsentQuery,
    ConsentRecord,
    ConsentStatus,
    Source,
)
from iletimerkezi_mcp.provider.errors import Refused
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.clock import midnight_after, working_days_since
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number
from iletimerkezi_mcp.sms.times import EARLIEST_CONSENT, wire_moment

from .context import ServerContext
from .list_warnings import describe_rows

MAX_WORKING_DAYS = 3
"""Working days within which a consent must be declared (contract, section 10.4)."""

RECORDS_SHOWN = 5
"""The most records that a preview shows one by one, after all of them in groups."""

SOURCE_OF_2015 = "HS_2015"
"""The source whose only date is :data:`.EARLIEST_CONSENT` (contract, section 10.4)."""

DECISION = "HS_KARAR"
"""The source that goes with a refusal only (contract, section 10.4)."""

# Plain ASCII: no character that looks like another one, and no markup.
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_{}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}"
    r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)
_NOT_AN_EMAIL = Text(
    "must be an e-mail address in plain ASCII characters, since channel is EPOSTA",
    "yalnızca ASCII karakterlerden oluşan bir e-posta adresi olmalı, çünkü kanal EPOSTA",
)
_NOT_THE_DAY_OF_2015 = Text(
    "must be {date} with source {source}; do not change the record to fit",
    "{source} kaynağıyla {date} olmalı; kaydı buna uydurmayın",
)
_REFUSALS_ONLY = Text("{source} goes with RET only", "{source} yalnızca RET ile kullanılır")


def parse_recipient(raw: str, channel: Channel, *, international: bool) -> str | Text:
    """Return the recipient of a record, an e-mail address for EPOSTA, else a number in E.164; or why it is none.

    A call may go to a landline, so ARAMA takes any Turkish number. The reason reads on from the name of the field.
    """
    text = raw.strip()
    if channel == "EPOSTA":
        return text if _EMAIL.fullmatch(text) else _NOT_AN_EMAIL
    try:
        return parse_number(text, international=international, landline=channel == "ARAMA")
    except NumberError as error:
        return error.reason


def broken_rules(
    status: ConsentStatus, source: Source, date: datetime
) -> Iterator[tuple[Literal["consent_date", "source"], Text]]:
    """Return the fields that the registry is sure to refuse together, each with the reason, which reads on from it."""
    if source == SOURCE_OF_2015 and date != EARLIEST_CONSENT:
        yield "consent_date", _NOT_THE_DAY_OF_2015.format(date=wire_moment(EARLIEST_CONSENT), source=SOURCE_OF_2015)
    if source == DECISION and status != "RET":
        yield "source", _REFUSALS_ONLY.format(source=DECISION)


_LEGAL_STATEMENT = Text(
    "This is a declaration to a national registry about other people; only a later record changes it. Date and source must "
    "be those of the consent or refusal itself.",
    "Bu, başkaları hakkında ulusal sisteme verilen bir beyandır; yalnızca daha sonraki bir kayıtla değişir. Tarih ve kaynak, "
    "iznin ya da reddin kendi tarihi ve kaynağı olmalı.",
)
_DAYS_ONLY = sentences(
    Text(
        "Records dated with a day and no time: {number}. What is declared is 00:00:00 of that day.",
        "Saati olmayan, yalnızca günü yazılmış izin kaydı: {number}. O günün 00:00:00 saati bildirilecek.",
    ),
    for_model("Ask for the time first.", "Önce saatini sorun."),
)
_OLD = Text(
    "Records older than three working days: {records}. The registry will probably refuse {refused}. Do not change the date.",
    "Üç iş gününden eski izin kaydı: {records}. Sistem büyük olasılıkla {refused} reddeder. Tarihi değiştirmeyin.",
)
_REFUSED_FIRST = Text(
    "Records with RET for which the registry had nothing when asked within the last hour: {records}. The registry will probably refuse "
    "{refused}: a first record cannot be a RET, and without an ONAY there is nothing to take back.",
    "Son bir saatteki sorguda İYS'de kaydı bulunamayan RET: {records}. Sistem büyük olasılıkla {refused} reddeder: ilk kayıt RET "
    "olamaz; ONAY yoksa geri alınacak izin de yoktur.",
)
_WHOLE_BATCH = Text("the whole batch", "listenin tamamını")
_THEM = Text("them", "bunları")
_IN_ROWS = Text("{number} ({rows})", "{number} ({rows})")


def warnings(
    declaration: ConsentDeclaration, days: int, context: ServerContext, rows: Sequence[int] | None = None
) -> tuple[Text, ...]:
    """Return what to mind; `days` of the records are dated with a day alone, which comes first.

    Of a list the `rows` of the records are named. Its bad ones are searched for, so that they do not fail the others.
    """
    now, reads = context.clock(), context.recent_reads
    records = declaration.records
    first = [
        place
        for place, record in enumerate(records)
        if record.status == "RET" and reads.lacks_consent(consent_key(declaration.brand_code, record), now)
    ]
    old = [place for place, record in enumerate(records) if _is_old(record, now)]
    lines = [_DAYS_ONLY.format(number=days)] if days else []
    lines.append(_LEGAL_STATEMENT)
    for places, template in ((old, _OLD), (first, _REFUSED_FIRST)):
        if places:
            number, refused = count(len(places)), _WHOLE_BATCH
            if rows is not None:
                named = describe_rows([rows[place] for place in places], len(places))
                number, refused = _IN_ROWS.format(number=len(places), rows=named), _THEM
            lines.append(template.format(records=number, refused=refused))
    return tuple(lines)


def _is_old(record: ConsentRecord, now: datetime) -> bool:
    """Return True if the registry will probably refuse a record for its age (contract, section 10.4)."""
    return record.source != SOURCE_OF_2015 and working_days_since(record.consent_date, now) > MAX_WORKING_DAYS


def _count_old(records: Iterable[ConsentRecord], now: datetime) -> int:
    return sum(_is_old(record, now) for record in records)


def number_of(records: Sequence[ConsentRecord]) -> Text:
    """Return how many records of which status: "1 record (RET)", "3 records (2 ONAY, 1 RET)"."""
    numbers = Counter(record.status for record in records)
    each = Text("{number} {status}", "{number} {status}")
    statuses = [each.format(number=number, status=status) for status, number in sorted(numbers.items())]
    return Text("{records} ({statuses})", "{records} ({statuses})").format(
        records=plural(len(records), "record", "records", "izin kaydı"),
        statuses=Text.join(", ", statuses) if len(statuses) > 1 else records[0].status,
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


def shared_fields(declaration: ConsentDeclaration, names: Iterable[str], days: int, now: datetime) -> dict[str, Any]:
    """Return the fields that the pending change of every declaration has; `names` tell a person which record is which."""
    brand_code, records = declaration.brand_code, declaration.records
    spellings = [
        [one.recipient, one.recipient_type, one.channel, one.status, one.source, one.consent_date.isoformat()]
        for one in records
    ]
    # Whatever the case of an address, it is the same record.
    keys = (" ".join((brand_code, *spelling)).casefold() for spelling in spellings)
    tomorrow, old = midnight_after(now), _count_old(records, now)
    return {
        "canonical": {"brand_code": brand_code, "consents": sorted(spellings)},
        "preview_conditions": {"old": old, "days": days},
        "preview_expiry": PreviewExpiry(tomorrow, _TOO_OLD_BY_NOW) if _count_old(records, tomorrow) > old else None,
        "count": len(records),
        "counted": "consents",
        "caution": _CAUTION,
        "audit_fields": {"brand_code": brand_code},
        "records": dict(zip(keys, names, strict=True)),
    }


_CAUTION = Text(
    "Only a later record changes what is declared to İYS.",
    "İYS'ye bildirilen kayıt yalnızca daha sonraki bir kayıtla değişir.",
)
_TOO_OLD_BY_NOW = Text("a consent is older than three working days by now", "bir izin kaydı artık üç iş gününden eski")
READ_BACK = Text("iys_check reads one of them back.", "Kayıtlardan birini iys_check ile doğrulayabilirsiniz.")


async def declare(
    declaration: ConsentDeclaration, context: ServerContext, client: ApiClient, on_sent: OnSent
) -> Acceptance:
    """Declare a batch and remember what it says of its recipients. Raises :class:`.ApiError`."""
    brand_code, records = declaration.brand_code, declaration.records
    now = context.clock()
    try:
        await client.call(provider.IYS_REGISTER, declaration, on_sent=on_sent)
    except Refused as refusal:
        if refusal.code == provider.NOT_VALIDATED:
            refusal.next_step = _probable_causes(brand_code, records, context)
        raise
    reads = context.recent_reads
    for record in records:
        reads.remember_consent(consent_key(brand_code, record), now, found=True)
        if record.channel == "MESAJ":
            until = None if record.status == "ONAY" else now + READ_HOLDS
            reads.remember_reach(record.recipient, record.recipient_type, until)
    return Acceptance(
        Text(
            "Declared {records} to İYS for brand {brand_code}.",
            "{brand_code} markası için İYS'ye bildirildi: {records}.",
        ).format(records=number_of(records), brand_code=brand_code),
        READ_BACK,
    )


def consent_key(brand_code: BrandCode, consent: ConsentRecord | ConsentQuery) -> tuple[str, ...]:
    """Return what İYS has one record of: brand, recipient, type and channel."""
    return brand_code, consent.recipient.casefold(), consent.recipient_type, consent.channel


def _probable_causes(brand_code: BrandCode, records: Sequence[ConsentRecord], context: ServerContext) -> Text:
    """Return what to do after 422, the likeliest cause first, without those that the checks before the call exclude."""
    causes = []
    if any(record.status == "RET" for record in records):
        causes.append(Text("a RET without an ONAY on file", "kayıtlı ONAY'ı olmayan bir RET"))
    if _count_old(records, context.clock()):
        causes.append(Text("a date older than three working days", "üç iş gününden eski bir tarih"))
    causes.append(
        Text("a stored record with the same status or a later date", "aynı durumda ya da daha yeni bir kayıt")
    )
    if brand_code not in context.recent_reads.brand_codes:
        causes.append(Text("a wrong brand code", "yanlış marka kodu"))
    return for_onlooker(
        Text(
            "Probable cause: {causes}. Look with iys_check and declare only the records that change something; without an ONAY "
            "there is nothing to take back. Never change a date or a source to get past this.",
            "Olası neden: {causes}. iys_check ile bakın, yalnızca bir şeyi değiştiren kayıtları bildirin; ONAY yoksa geri "
            "alınacak izin de yoktur. Bunu aşmak için tarihi ya da kaynağı asla değiştirmeyin.",
        ),
        "Probable cause: {causes}. Ask in the chat what İYS has on record.",
        "Olası neden: {causes}. İYS'deki kayıtları sohbette sorun.",
    ).format(causes=Text.join("; ", causes))
