"""İYS consent: declaring it to the national registry, and reading one record of it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview, PreviewExpiry
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider import consents as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.consents import (
    MAX_CONSENTS,
    BrandCode,
    Channel,
    ConsentDeclaration,
    ConsentQuery,
    ConsentRecord,
    ConsentStatus,
    RecipientType,
    Source,
)
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.clock import describe_time, midnight_after, working_days_since
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number
from iletimerkezi_mcp.sms.times import EARLIEST_CONSENT, TimeError, is_day, parse_consent_date, wire_moment

from .answers import ChangeAnswer, ReadAnswer, ToolReply, iso
from .arguments import Arguments, ChangeArguments
from .consent_preview import first_records, groups, number_of
from .context import ServerContext
from .errors import Problems
from .fields import ASKS_FIRST, BrandCodeArgument, ConfirmArgument, DryRunArgument, guarded, number_as_text, quotable
from .tool import ChangeTool, ReadTool

SOURCE_OF_2015 = "HS_2015"
"""The source whose only date is :data:`.EARLIEST_CONSENT` (contract, section 10.4)."""

MAX_WORKING_DAYS = 3
"""Working days within which a consent must be declared (contract, section 10.4)."""

DECISION = "HS_KARAR"

_TOO_OLD_BY_NOW = Text("a consent is older than three working days by now", "bir izin kaydı artık üç iş gününden eski")

# Plain ASCII: no character that looks like another one, and no markup.
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_{}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}"
    r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)

RecipientArgument = Annotated[
    str, guarded(254, "Number, or e-mail for EPOSTA, e.g. +905321234567."), BeforeValidator(number_as_text)
]
RecipientTypeArgument = Annotated[RecipientType, Field(description="BIREYSEL consumer, TACIR merchant.")]
ChannelArgument = Annotated[Channel, Field(description="MESAJ SMS, ARAMA calls, EPOSTA e-mail.")]


class ConsentArgument(BaseModel):
    """One consent record, in the registry's own values."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    recipient: RecipientArgument
    recipient_type: RecipientTypeArgument
    channel: ChannelArgument
    status: Annotated[ConsentStatus, Field(description="ONAY consents, RET refuses (after an ONAY).")]
    source: Annotated[
        Source,
        Field(
            description="Where it was given, e.g. HS_WEB; HS_2015 only with 2015-05-01T00:00:00, HS_KARAR only with RET."
        ),
    ]
    consent_date: Annotated[
        str,
        guarded(
            40, "When it was given, from the record, ISO 8601 to the second, e.g. 2026-11-20T10:30:00, or its day."
        ),
    ]


class RegisterArguments(ChangeArguments):
    brand_code: BrandCodeArgument | None = None
    consents: Annotated[
        list[ConsentArgument],
        Field(min_length=1, max_length=MAX_CONSENTS, description="1 to 5,000 records."),
    ]
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None


class RegisterAnswer(ChangeAnswer):
    brand_code: str | None = None
    consents: int | None = None


class CheckArguments(Arguments):
    brand_code: BrandCodeArgument | None = None
    recipient: RecipientArgument
    recipient_type: RecipientTypeArgument
    channel: ChannelArgument


class CheckAnswer(ReadAnswer):
    """`status` is ONAY or RET, absent if nothing is on file.

    `brand_confirmed` is true once this brand code has had a record of anyone: then nothing found means no record.
    """

    found: bool | None = None
    brand_confirmed: bool | None = None
    status: str | None = None
    source: str | None = None
    consent_date: str | None = None


def _brand_code(raw: str | None, context: ServerContext, problems: Problems) -> BrandCode:
    brand_code = raw if raw is not None else context.settings.brand_code
    if brand_code is None:
        problems.add(
            "brand_code",
            Text(
                "is missing; give the İYS code here (the panel shows it), or ask the operator to set "
                "ILETIMERKEZI_BRAND_CODE",
                "eksik; markanın İYS kodunu burada verin (panelde yazar) ya da yöneticiden ILETIMERKEZI_BRAND_CODE "
                "ayarlamasını isteyin",
                person=Text(
                    "is missing; give the İYS code here (the panel shows it), or set ILETIMERKEZI_BRAND_CODE",
                    "eksik; markanın İYS kodunu burada verin (panelde yazar) ya da ILETIMERKEZI_BRAND_CODE ayarlayın",
                ),
            ),
        )
    return BrandCode(brand_code or "")


def _recipient(raw: str, channel: Channel, field: str, context: ServerContext, problems: Problems) -> str:
    """Return the recipient, a number in E.164. A call may go to a landline, so ARAMA takes any Turkish number."""
    text = raw.strip()
    if channel == "EPOSTA":
        if not _EMAIL.fullmatch(text):
            problems.add(
                field,
                Text(
                    "must be an e-mail address in plain ASCII characters, since channel is EPOSTA",
                    "yalnızca ASCII karakterlerden oluşan bir e-posta adresi olmalı, çünkü kanal EPOSTA",
                ),
                quotable(text, context),
            )
        return text
    try:
        return parse_number(text, international=context.settings.abroad, landline=channel == "ARAMA")
    except NumberError as error:
        problems.add(field, error.reason, quotable(text, context))
        return text


def _record(
    argument: ConsentArgument, place: str, now: datetime, context: ServerContext, problems: Problems
) -> ConsentRecord | None:
    recipient = _recipient(argument.recipient, argument.channel, f"{place}.recipient", context, problems)
    try:
        date = parse_consent_date(argument.consent_date, now)
    except TimeError as error:
        problems.add_time(f"{place}.consent_date", error, now)
        return None
    if argument.source == SOURCE_OF_2015 and date != EARLIEST_CONSENT:
        problems.add(
            f"{place}.consent_date",
            Text(
                "must be {date} with source {source}; do not change the record to fit, ask the user",
                "{source} kaynağıyla {date} olmalı; kaydı buna uydurmayın, kullanıcıya sorun",
                person=Text(
                    "must be {date} with source {source}; do not change the record to fit",
                    "{source} kaynağıyla {date} olmalı; kaydı buna uydurmayın",
                ),
            ).format(date=wire_moment(EARLIEST_CONSENT), source=SOURCE_OF_2015),
        )
    if argument.source == DECISION and argument.status != "RET":
        reason = Text("{source} goes with RET only", "{source} yalnızca RET ile kullanılır").format(source=DECISION)
        problems.add(f"{place}.source", reason)
    return ConsentRecord(recipient, argument.recipient_type, argument.channel, argument.status, argument.source, date)


def _records(
    arguments: list[ConsentArgument], now: datetime, context: ServerContext, problems: Problems
) -> list[ConsentRecord]:
    """Return the records, each once. Raises :class:`.BadArgumentsError` for all `problems`."""
    records = [
        record
        for index, argument in enumerate(arguments)
        if (record := _record(argument, f"consents[{index}]", now, context, problems)) is not None
    ]
    problems.stop()
    first: dict[tuple[str, str, str], int] = {}
    for position, record in enumerate(records):
        key = (record.recipient.casefold(), record.recipient_type, record.channel)
        if key in first:
            reason = Text(
                "repeats {first}: one record for each recipient, type and channel",
                "{first} ile aynı: her alıcı, tür ve kanal için tek kayıt",
            )
            problems.add(f"consents[{position}]", reason.format(first=f"consents[{first[key]}]"))
        else:
            first[key] = position
    problems.stop()
    return records


async def plan_register(arguments: RegisterArguments, context: ServerContext) -> PendingChange:
    """Return the change of an `iys_register` call. Raises :class:`.BadArgumentsError`; makes no request."""
    now = context.clock()
    problems = Problems()
    brand_code = _brand_code(arguments.brand_code, context, problems)
    records = _records(arguments.consents, now, context, problems)
    spellings = [
        [r.recipient, r.recipient_type, r.channel, r.status, r.source, r.consent_date.isoformat()] for r in records
    ]
    tomorrow = midnight_after(now)
    days = sum(is_day(argument.consent_date) for argument in arguments.consents)

    declaration = ConsentDeclaration(brand_code, tuple(records))

    async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
        await client.call(provider.IYS_REGISTER, declaration, on_sent=on_sent)
        context.recent_reads.brand_codes.add(brand_code)
        return Acceptance(
            Text(
                "Declared {records} to İYS for brand {brand_code}.",
                "{brand_code} markası için İYS'ye bildirildi: {records}.",
            ).format(records=number_of(records), brand_code=brand_code),
            Text("iys_check reads one of them back.", "Kayıtlardan birini iys_check ile doğrulayabilirsiniz."),
        )

    return PendingChange(
        tool="iys_register",
        canonical={
            "brand_code": brand_code,
            "consents": sorted(spellings),
        },
        circumstances={"warnings": [warning.en for warning in _age_warnings(records, now)], "days": days},
        preview_expiry=PreviewExpiry(tomorrow, _TOO_OLD_BY_NOW)
        if _age_warnings(records, tomorrow) != _age_warnings(records, now)
        else None,
        preview=_preview(brand_code, records, days, now),
        answer_fields={"brand_code": brand_code, "consents": len(records)},
        how_to_verify=provider.IYS_REGISTER.how_to_verify(declaration),
        execute=execute,
        count=len(records),
        counted="consents",
        caution=Text(
            "Only a later record changes what is declared to İYS.",
            "İYS'ye bildirilen kayıt yalnızca daha sonraki bir kayıtla değişir.",
        ),
        audit_fields={"brand_code": brand_code},
        records={
            " ".join((brand_code, *spelling)).casefold(): f"{spelling[0]} {spelling[2]}" for spelling in spellings
        },
    )


_DAYS_ONLY = Text(
    "Records dated with a day and no time: {number}. What is declared is 00:00:00 of that day.",
    "Saati olmayan, yalnızca günü yazılmış izin kaydı: {number}. O günün 00:00:00 saati bildirilecek.",
)


def _preview(brand_code: BrandCode, records: list[ConsentRecord], days: int, now: datetime) -> Preview:
    """Return the preview of a declaration, in which `days` records are dated with a day alone."""
    return Preview(
        Text(
            "declare {records} to İYS for brand {brand_code}.",
            "{brand_code} markası için İYS'ye {records} bildirilecek.",
        ).format(records=number_of(records), brand_code=brand_code),
        warnings=(
            Text(
                "This is a declaration to a national registry about other people; only a later record changes it. "
                "Date and source must be those of the consent or refusal itself.",
                "Bu, başkaları hakkında ulusal sisteme verilen bir beyandır; yalnızca daha sonraki bir kayıtla değişir. "
                "Tarih ve kaynak, iznin ya da reddin kendi tarihi ve kaynağı olmalı.",
            ),
            *_age_warnings(records, now),
            *([_DAYS_ONLY.format(number=days)] if days else []),
        ),
        details=(*groups(records), *first_records(records)),
    )


def _age_warnings(records: list[ConsentRecord], now: datetime) -> tuple[Text, ...]:
    """Return a warning if the registry will probably refuse the batch: consents older than three working days."""
    old = sum(
        record.source != SOURCE_OF_2015 and working_days_since(record.consent_date, now) > MAX_WORKING_DAYS
        for record in records
    )
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


_NONE_ON_FILE = Text("{question}: no consent on file.", "{question}: izin kaydı yok.")
_BRAND_IN_DOUBT = Text(
    "{summary} Nothing has been found under brand code {brand_code} so far, so it may not be this account's.",
    "{summary} {brand_code} marka koduyla şimdiye kadar hiçbir kayıt bulunamadı; kod bu hesaba ait olmayabilir.",
)
_CHECK_BRAND = Text(
    "Check the brand code with the user. {next_step}",
    "Marka kodunu kullanıcıyla kontrol edin. {next_step}",
    person=Text("Check the brand code. {next_step}", "Marka kodunu kontrol edin. {next_step}"),
)
_WITHOUT_RECORD: dict[RecipientType, Text] = {
    "BIREYSEL": Text(
        "Send this consumer no commercial message on this channel: an ONAY has to come first.",
        "Bu tüketiciye bu kanaldan ticari ileti göndermeyin: önce ONAY gerekir.",
    ),
    "TACIR": Text(
        "A merchant needs no ONAY beforehand: commercial messages are allowed until there is a RET. If the recipient may be "
        "a consumer, ask again with BIREYSEL.",
        "Tacirden önceden ONAY almak gerekmez: RET olmadıkça ticari ileti gönderilebilir. Alıcı tüketici olabilirse BIREYSEL "
        "ile yeniden sorun.",
    ),
}


async def iys_check(arguments: CheckArguments, context: ServerContext) -> ToolReply:
    problems = Problems()
    brand_code = _brand_code(arguments.brand_code, context, problems)
    recipient = _recipient(arguments.recipient, arguments.channel, "recipient", context, problems)
    problems.stop()
    query = ConsentQuery(brand_code, recipient, arguments.recipient_type, arguments.channel)
    consent = await context.client.call(provider.IYS_CHECK, query)
    question = f"{recipient} {arguments.recipient_type} {arguments.channel}"
    if consent is None:
        confirmed = brand_code in context.recent_reads.brand_codes
        summary = _NONE_ON_FILE.format(question=question)
        next_step = _WITHOUT_RECORD[arguments.recipient_type]
        if not confirmed:
            summary = _BRAND_IN_DOUBT.format(summary=summary, brand_code=brand_code)
            next_step = _CHECK_BRAND.format(next_step=next_step)
        return context.reply(CheckAnswer, summary, next_step, found=False, brand_confirmed=confirmed)
    context.recent_reads.brand_codes.add(brand_code)
    facts: list[Text | str] = [consent.status if consent.status in ("ONAY", "RET") else quoted(consent.status)]
    if consent.consent_date is not None:
        facts.append(Text("since {date}", "tarih {date}").format(date=describe_time(consent.consent_date)))
    if consent.source:
        facts.append(Text("source {source}", "kaynak {source}").format(source=quoted(consent.source)))
    return context.reply(
        CheckAnswer,
        Text("{question}: {facts}.", "{question}: {facts}.").format(question=question, facts=Text.join(", ", facts)),
        Text("Commercial messages on this channel are allowed.", "Bu kanalda ticari iletiye izin var.")
        if consent.status == "ONAY"
        else Text("Send no commercial message on this channel.", "Bu kanaldan ticari ileti göndermeyin."),
        found=True,
        brand_confirmed=True,
        status=consent.status,
        source=consent.source,
        consent_date=iso(consent.consent_date),
    )


IYS_REGISTER = ChangeTool(
    name="iys_register",
    title="Declare consents to İYS",
    description="Declares to İYS, Turkey's registry for commercial messages, consents (ONAY) or refusals (RET) that were "
    "given elsewhere; due within three working days. A legal statement about others that only a later record changes: "
    "date and source are those of the consent, never moved to get past a refusal. All records or none. iys_check reads "
    f"one; to stop every message to a number use add_blacklist. {ASKS_FIRST}",
    summary=Text("declares consents to İYS, the national registry", "izinleri ulusal sistem İYS'ye bildirir"),
    arguments=RegisterArguments,
    answer=RegisterAnswer,
    idempotent=False,
    plan=plan_register,
    example={
        "consents": [
            {
                "recipient": "0532 999 88 77",
                "recipient_type": "BIREYSEL",
                "channel": "MESAJ",
                "status": "ONAY",
                "source": "HS_WEB",
                "consent_date": "2026-11-20T14:30:00",
            }
        ]
    },
)

IYS_CHECK = ReadTool(
    name="iys_check",
    title="Read one İYS consent",
    description="Reads one recipient's consent (ONAY) or refusal (RET) in İYS to commercial messages; iys_register "
    "declares one. Each brand, recipient type and channel has its own record, so nothing found may be a wrong one of "
    "them. Free. For single questions, not before a campaign: with commercial, send_sms has the provider check every "
    "recipient.",
    summary=Text("reads one consent", "bir izin kaydını okur"),
    arguments=CheckArguments,
    answer=CheckAnswer,
    read=iys_check,
    example={"recipient": "05330000099", "recipient_type": "BIREYSEL", "channel": "MESAJ"},
)
