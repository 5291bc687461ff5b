"""İYS consent: declaring it to the national registry, and reading one record of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated

from pydantic import BeforeValidator, Field

from iletimerkezi_mcp.confirmation.pending_change import PendingChange, Preview
from iletimerkezi_mcp.confirmation.recent_reads import READ_HOLDS
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.provider import consents as provider
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
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.times import TimeError, is_day, parse_consent_date

from .answers import ChangeAnswer, ReadAnswer, ToolReply, iso
from .arguments import Arguments, ChangeArguments
from .context import ServerContext
from .declaration import (
    broken_rules,
    consent_key,
    declare,
    first_records,
    groups,
    number_of,
    parse_recipient,
    shared_fields,
    warnings,
)
from .errors import Problems
from .fields import (
    ASKS_FIRST,
    BrandCodeArgument,
    ConfirmArgument,
    DryRunArgument,
    capped_text,
    number_as_text,
    quotable,
)
from .tool import ChangeTool, ReadTool

RecipientArgument = Annotated[
    str, capped_text(254, "Number, or e-mail for EPOSTA, e.g. +905321234567."), BeforeValidator(number_as_text)
]
RecipientTypeArgument = Annotated[RecipientType, Field(description="BIREYSEL consumer, TACIR merchant.")]
ChannelArgument = Annotated[Channel, Field(description="MESAJ SMS, ARAMA calls, EPOSTA e-mail.")]


class ConsentArgument(Arguments):
    """One consent record, in the registry's own values."""

    recipient: RecipientArgument
    recipient_type: RecipientTypeArgument
    channel: ChannelArgument
    status: Annotated[ConsentStatus, Field(description="ONAY consents, RET refuses (after an ONAY).")]
    source: Annotated[
        Source,
        Field(
            description="Where it was given, e.g. HS_WEB, HS_FIZIKSEL_ORTAM in a shop; HS_2015 only with 2015-05-01T00:00:00, HS_KARAR only with RET."
        ),
    ]
    consent_date: Annotated[
        str,
        capped_text(40, "When it was given, ISO 8601 to the second, e.g. 2026-11-20T10:30:00, or its day."),
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


def brand_code_of(raw: str | None, context: ServerContext, problems: Problems) -> BrandCode:
    """Return the brand code of a call, or the operator's; note that it is missing."""
    brand_code = raw if raw is not None else context.settings.brand_code
    if brand_code is None:
        problems.add(
            "brand_code",
            Text(
                "is missing; give the İYS code (the panel shows it); the operator can also set ILETIMERKEZI_BRAND_CODE",
                "eksik; markanın İYS kodunu verin (panelde yazar); ILETIMERKEZI_BRAND_CODE ile yönetici de ayarlayabilir",
            ),
        )
    return BrandCode(brand_code or "")


def _recipient(raw: str, channel: Channel, field: str, context: ServerContext, problems: Problems) -> str:
    recipient = parse_recipient(raw, channel, international=context.settings.abroad)
    if isinstance(recipient, str):
        return recipient
    problems.add(field, recipient, quotable(raw.strip(), context))
    return raw


def _record(
    argument: ConsentArgument, place: str, now: datetime, context: ServerContext, problems: Problems
) -> ConsentRecord | None:
    recipient = _recipient(argument.recipient, argument.channel, f"{place}.recipient", context, problems)
    try:
        date = parse_consent_date(argument.consent_date, now)
    except TimeError as error:
        problems.add_time(f"{place}.consent_date", error, now)
        return None
    for field, reason in broken_rules(argument.status, argument.source, date):
        problems.add(f"{place}.{field}", reason)
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
    problems.raise_if_any()
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
    problems.raise_if_any()
    return records


async def plan_register(arguments: RegisterArguments, context: ServerContext) -> PendingChange:
    """Return the change of an `iys_register` call. Raises :class:`.BadArgumentsError`; makes no request."""
    now = context.clock()
    problems = Problems()
    brand_code = brand_code_of(arguments.brand_code, context, problems)
    records = _records(arguments.consents, now, context, problems)
    days = sum(is_day(argument.consent_date) for argument in arguments.consents)
    declaration = ConsentDeclaration(brand_code, tuple(records))
    headline = Text(
        "declare {records} to İYS for brand {brand_code}.", "{brand_code} markası için İYS'ye {records} bildirilecek."
    )
    return PendingChange(
        tool="iys_register",
        preview=Preview(
            headline.format(records=number_of(records), brand_code=brand_code),
            warnings=warnings(declaration, days, context),
            details=(*(groups(records) if len(records) > 1 else ()), *first_records(records)),
        ),
        answer_fields={"brand_code": brand_code, "consents": len(records)},
        how_to_verify=provider.IYS_REGISTER.how_to_verify(declaration),
        execute=partial(declare, declaration, context),
        **shared_fields(declaration, [f"{record.recipient} {record.channel}" for record in records], days, now),
    )


_NONE_ON_FILE = Text("{question}: no consent on file.", "{question}: izin kaydı yok.")
_BRAND_IN_DOUBT = Text(
    "{summary} This server has seen no record of brand {brand_code} since it started; a wrong code would answer the same.",
    "{summary} Bu sunucu başladığından beri {brand_code} markasının hiçbir kaydını görmedi; yanlış bir kod da aynı yanıtı "
    "verir.",
)
_CHECK_BRAND = Text(
    "Check the brand code with the user. {next_step}",
    "Marka kodunu kullanıcıyla kontrol edin. {next_step}",
    person=Text("Check the brand code. {next_step}", "Marka kodunu kontrol edin. {next_step}"),
)
_WITHOUT_RECORD: dict[RecipientType, Text] = {
    "BIREYSEL": Text(
        "Send this consumer no commercial message on this channel: an ONAY has to come first. Nor is there anything to take "
        "back: a RET would be refused. A record as TACIR or on another channel is a separate one.",
        "Bu tüketiciye bu kanaldan ticari ileti göndermeyin: önce ONAY gerekir. Geri alınacak izin de yok: RET reddedilir. "
        "TACIR olarak ya da başka kanaldaki kaydı ayrıdır.",
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
    brand_code = brand_code_of(arguments.brand_code, context, problems)
    recipient = _recipient(arguments.recipient, arguments.channel, "recipient", context, problems)
    problems.raise_if_any()
    query = ConsentQuery(brand_code, recipient, arguments.recipient_type, arguments.channel)
    consent = await context.client.call(provider.IYS_CHECK, query)
    question = f"{recipient} {arguments.recipient_type} {arguments.channel}"
    context.recent_reads.remember_consent(consent_key(brand_code, query), context.clock(), found=consent is not None)
    if query.channel == "MESAJ":
        allowed = query.recipient_type == "TACIR" if consent is None else consent.status == "ONAY"
        until = None if allowed else context.clock() + READ_HOLDS
        context.recent_reads.remember_reach(query.recipient, query.recipient_type, until)
    if consent is None:
        confirmed = brand_code in context.recent_reads.brand_codes
        summary = _NONE_ON_FILE.format(question=question)
        next_step = _WITHOUT_RECORD[arguments.recipient_type]
        if not confirmed:
            summary = _BRAND_IN_DOUBT.format(summary=summary, brand_code=brand_code)
            if brand_code != context.settings.brand_code:
                next_step = _CHECK_BRAND.format(next_step=next_step)
        return context.reply(CheckAnswer, summary, next_step, found=False, brand_confirmed=confirmed)
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
    description="Declares to İYS, Turkey's registry for commercial messages, consents (ONAY) or refusals (RET) that were given "
    "outside İYS, within three working days of them. A legal statement: only a record of later date changes it; date and "
    "source are the person's, never altered to get past a refusal. One bad record fails all: iys_check reads one. To stop "
    f"every message to a number use add_blacklist. {ASKS_FIRST}",
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
    description="Reads one recipient's consent (ONAY) or refusal (RET) in İYS to commercial messages; iys_register declares "
    "one. Each brand, recipient type and channel has its own record, so nothing found may only mean that one of them is wrong. "
    "Free. For single questions, not for each number of a long list: a commercial send_sms has every recipient checked.",
    summary=Text("reads one consent", "bir izin kaydını okur"),
    arguments=CheckArguments,
    answer=CheckAnswer,
    read=iys_check,
    example={"recipient": "05330000099", "recipient_type": "BIREYSEL", "channel": "MESAJ"},
)
