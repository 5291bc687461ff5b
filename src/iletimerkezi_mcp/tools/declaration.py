"""Declaring a batch of consent records to İYS, the same for a call's records and for those of a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PreviewExpiry
from iletimerkezi_mcp.confirmation.recent_reads import READ_HOLDS
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider import consents as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.consents import BrandCode, ConsentDeclaration, ConsentQuery, ConsentRecord
from iletimerkezi_mcp.provider.errors import Refused
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.clock import midnight_after

from .consent_preview import age_warnings, number_of
from .context import ServerContext

_TOO_OLD_BY_NOW = Text("a consent is older than three working days by now", "bir izin kaydı artık üç iş gününden eski")


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
        Text("iys_check reads one of them back.", "Kayıtlardan birini iys_check ile doğrulayabilirsiniz."),
    )


def consent_key(brand_code: BrandCode, consent: ConsentRecord | ConsentQuery) -> tuple[str, ...]:
    """Return what İYS has one record of: brand, recipient, type and channel."""
    return brand_code, consent.recipient.casefold(), consent.recipient_type, consent.channel


def spelling(record: ConsentRecord) -> list[str]:
    """Return all that is declared of a record, in one spelling."""
    return [
        record.recipient,
        record.recipient_type,
        record.channel,
        record.status,
        record.source,
        record.consent_date.isoformat(),
    ]


def record_key(brand_code: BrandCode, spelling: Sequence[str]) -> str:
    """Return what the ledger tells a record by: all that is declared, whatever the case of an address."""
    return " ".join((brand_code, *spelling)).casefold()


def preview_expiry(records: Sequence[ConsentRecord], now: datetime) -> PreviewExpiry | None:
    """Return the midnight at which one more of the records will be too old, if there is one."""
    tomorrow = midnight_after(now)
    if age_warnings(records, tomorrow) == age_warnings(records, now):
        return None
    return PreviewExpiry(tomorrow, _TOO_OLD_BY_NOW)


def _probable_causes(brand_code: BrandCode, records: Sequence[ConsentRecord], context: ServerContext) -> Text:
    """Return what to do after 422, the likeliest cause first, without those that the checks before the call exclude."""
    causes = []
    if any(record.status == "RET" for record in records):
        causes.append(Text("a RET without an ONAY on file", "kayıtlı ONAY'ı olmayan bir RET"))
    if age_warnings(records, context.clock()):
        causes.append(Text("a date older than three working days", "üç iş gününden eski bir tarih"))
    causes.append(
        Text("a stored record with the same status or a later date", "aynı durumda ya da daha yeni bir kayıt")
    )
    if brand_code not in context.recent_reads.brand_codes:
        causes.append(Text("a wrong brand code", "yanlış marka kodu"))
    return Text(
        "Probable cause: {causes}. Look with iys_check and declare only the records that change something; without an ONAY "
        "there is nothing to take back. Never change a date or a source to get past this.",
        "Olası neden: {causes}. iys_check ile bakın, yalnızca bir şeyi değiştiren kayıtları bildirin; ONAY yoksa geri "
        "alınacak izin de yoktur. Bunu aşmak için tarihi ya da kaynağı asla değiştirmeyin.",
    ).format(causes=Text.join("; ", causes))
