"""İYS consent: declaring it to the national registry, and reading what stands there."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from iletimerkezi_mcp.confirmation.pending_change import Done, OnSent, PendingChange, Preview
from iletimerkezi_mcp.language import Text, count, plural
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
)
from iletimerkezi_mcp.sms.clock import describe_time, working_days_since
from iletimerkezi_mcp.sms.numbers import NumberError, parse_number
from iletimerkezi_mcp.sms.times import TimeError, parse_consent_date
from iletimerkezi_mcp.sms.wire_times import wire_moment

from .answers import ChangeAnswer, ReadAnswer, Reply
from .arguments import Arguments, BrandCodeArgument, ConfirmArgument, Problems, guarded
from .context import ServerContext
from .registry import change_tool, read_tool

Source = Literal[
    "HS_FIZIKSEL_ORTAM",
    "HS_ISLAK_IMZA",
    "HS_WEB",
    "HS_CAGRI_MERKEZI",
    "HS_SOSYAL_MEDYA",
    "HS_EPOSTA",
    "HS_MESAJ",
    "HS_MOBIL",
    "HS_EORTAM",
    "HS_ETKINLIK",
    "HS_2015",
    "HS_ATM",
    "HS_KARAR",
]
"""Where a consent was given (contract, section 10.3)."""

BEFORE_2015 = "HS_2015"
DECISION = "HS_KARAR"
MAX_WORKING_DAYS = 3
"""Working days within which a consent must be declared (contract, section 10.4)."""

DATE_OF_2015 = "2015-05-01 00:00:00"
"""The one date that HS_2015 goes with (contract, section 10.4)."""

RECORDS_SHOWN = 5
"""How many records a preview shows one by one, after all of them in groups."""

# Plain ASCII: nothing that could show as something else than it is, and no markup.
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_{}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}"
    r"(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)

RecipientArgument = Annotated[str, guarded(254, "Number, or e-mail for EPOSTA, e.g. +905321234567.")]
RecipientTypeArgument = Annotated[RecipientType, Field(description="BIREYSEL consumer, TACIR merchant.")]
ChannelArgument = Annotated[Channel, Field(description="MESAJ SMS, ARAMA calls, EPOSTA e-mail.")]


class ConsentArgument(BaseModel):
    """One consent record, in the registry's own values."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    recipient: RecipientArgument
    recipient_type: RecipientTypeArgument
    channel: ChannelArgument
    status: Annotated[ConsentStatus, Field(description="ONAY consents, RET refuses.")]
    source: Annotated[Source, Field(description="Where it was given, from the record, e.g. HS_WEB.")]
    consent_date: Annotated[
        str,
        guarded(
            40,
            "When it was given, from the record, ISO 8601 to the second, e.g. 2026-11-20T10:30:00.",
        ),
    ]


class RegisterArguments(Arguments):
    """Arguments of `iys_register`."""

    brand_code: BrandCodeArgument | None = None
    consents: Annotated[
        list[ConsentArgument],
        Field(min_length=1, max_length=MAX_CONSENTS, description="1 to 5,000 records; one bad one fails them all."),
    ]
    confirm: ConfirmArgument | None = None


class RegisterAnswer(ChangeAnswer):
    """What `iys_register` answers."""

    brand_code: str | None = None
    consents: int | None = None


class CheckArguments(Arguments):
    """Arguments of `iys_check`."""

    brand_code: BrandCodeArgument | None = None
    recipient: RecipientArgument
    recipient_type: RecipientTypeArgument
    channel: ChannelArgument


class CheckAnswer(ReadAnswer):
    """What `iys_check` answers; `status` is ONAY or RET, absent where nothing is on file."""

    found: bool | None = None
    status: str | None = None
    source: str | None = None
    consent_date: str | None = None


def _brand_code(given: str | None, app: ServerContext, problems: Problems) -> BrandCode:
    code = given if given is not None else app.settings.brand_code
    if code is None:
        problems.add(
            "brand_code",
            Text(
                "is missing; give the İYS code here (the panel shows it), or have the operator set ILETIMERKEZI_BRAND_CODE",
                "eksik; markanın İYS kodunu burada verin (panelde yazar) ya da yönetici ILETIMERKEZI_BRAND_CODE ayarlasın",
            ),
        )
    return BrandCode(code or "")


def _recipient(raw: str, channel: Channel, field: str, app: ServerContext, problems: Problems) -> str:
    """The canonical recipient. A call may go to a landline, so ARAMA takes any Turkish number."""
    text = raw.strip()
    if channel == "EPOSTA":
        if not _EMAIL.fullmatch(text):
            problems.add(
                field,
                Text(
                    "must be an e-mail address in plain ASCII characters, since channel is EPOSTA",
                    "yalnızca ASCII karakterlerden oluşan bir e-posta adresi olmalı, çünkü kanal EPOSTA",
                ),
            )
        return text
    try:
        return parse_number(text, international=app.settings.abroad, landline=channel == "ARAMA")
    except NumberError as error:
        problems.add(field, error.reason)
        return text


def _record(
    given: ConsentArgument, place: str, now: datetime, app: ServerContext, problems: Problems
) -> ConsentRecord | None:
    recipient = _recipient(given.recipient, given.channel, f"{place}.recipient", app, problems)
    try:
        date = parse_consent_date(given.consent_date, now)
    except TimeError as error:
        problems.add_time(f"{place}.consent_date", error)
        return None
    if given.source == BEFORE_2015 and wire_moment(date) != DATE_OF_2015:
        problems.add(
            f"{place}.consent_date",
            Text(
                f"must be {DATE_OF_2015} with source {BEFORE_2015}; do not change the record to fit, ask the user",
                f"{BEFORE_2015} kaynağıyla {DATE_OF_2015} olmalı; kaydı buna uydurmayın, kullanıcıya sorun",
            ),
        )
    if given.source == DECISION and given.status != "RET":
        problems.add(
            f"{place}.source", Text(f"{DECISION} goes with RET only", f"{DECISION} yalnızca RET ile kullanılır")
        )
    return ConsentRecord(recipient, given.recipient_type, given.channel, given.status, given.source, date)


def _repeated(records: list[ConsentRecord], problems: Problems) -> None:
    seen: dict[tuple[str, str, str], int] = {}
    for position, record in enumerate(records):
        key = (record.recipient, record.recipient_type, record.channel)
        if key in seen:
            problems.add(
                f"consents[{position}]",
                Text(
                    f"repeats consents[{seen[key]}]: one record for each recipient, type and channel",
                    f"consents[{seen[key]}] ile aynı: her alıcı, tür ve kanal için tek kayıt",
                ),
            )
        else:
            seen[key] = position


async def plan_register(given: RegisterArguments, app: ServerContext) -> PendingChange:
    """The deed of an `iys_register` call. Raises :class:`BadArgumentsError`; makes no request."""
    now = app.clock()
    problems = Problems()
    brand_code = _brand_code(given.brand_code, app, problems)
    made = [_record(one, f"consents[{index}]", now, app, problems) for index, one in enumerate(given.consents)]
    problems.stop()
    records = [record for record in made if record is not None]
    _repeated(records, problems)
    problems.stop()
    number = len(records)
    many = _told_number(records)

    async def execute(client: ApiClient, on_sent: OnSent) -> Done:
        await client.call(provider.IYS_REGISTER, ConsentDeclaration(brand_code, tuple(records)), on_sent=on_sent)
        return Done(
            Text("Declared ", f"{brand_code} markası için İYS'ye bildirildi: ")
            + many
            + Text(f" to İYS for brand {brand_code}.", "."),
            Text("iys_check reads one of them back.", "Bunlardan biri iys_check ile sorgulanabilir."),
        )

    first = records[0]
    return PendingChange(
        tool="iys_register",
        canonical={
            "brand_code": brand_code,
            "consents": sorted(
                [r.recipient, r.recipient_type, r.channel, r.status, r.source, r.consent_date.isoformat()]
                for r in records
            ),
        },
        preview=Preview(
            Text("declare ", f"{brand_code} markası için İYS'ye ")
            + many
            + Text(f" to İYS for brand {brand_code}.", " bildir."),
            warnings=(
                Text(
                    "This is a declaration to a national registry about other people; only a later record changes it. "
                    "Date and source must be those of the consent or refusal itself.",
                    "Bu, başkaları hakkında ulusal sisteme verilen bir beyandır; yalnızca daha sonraki bir kayıtla "
                    "değişir. Tarih ve "
                    "kaynak, iznin ya da reddin kendi tarihi ve kaynağı olmalı.",
                ),
                *_too_old(records, now),
            ),
            details=(*_groups(records), *_first(records)),
        ),
        answer_fields={"brand_code": brand_code, "consents": number},
        how_to_verify=Text(
            f"Look with iys_check at the first record ({first.recipient}, {first.recipient_type}, {first.channel}).",
            f"iys_check ile ilk kayda bakın ({first.recipient}, {first.recipient_type}, {first.channel}).",
        ),
        execute=execute,
        count=number,
        audit_fields={"brand_code": brand_code},
    )


def _told_number(records: list[ConsentRecord]) -> Text:
    """How many records of which status: "1 record (RET)", "3 records (2 ONAY, 1 RET)"."""
    statuses = Counter(record.status for record in records)
    number = plural(len(records), "record", "records", "izin kaydı")
    if len(statuses) == 1:
        return number + f" ({records[0].status})"
    return (
        number + " (" + Text.join(", ", (count(times) + f" {name}" for name, times in sorted(statuses.items()))) + ")"
    )


def _groups(records: list[ConsentRecord]) -> list[Text]:
    """All that is declared, by what it says and where it is from, each group with its earliest and latest date."""
    groups: dict[tuple[str, str, str, str], list[datetime]] = {}
    for record in records:
        says = (record.status, record.channel, record.recipient_type, record.source)
        groups.setdefault(says, []).append(record.consent_date)
    told = []
    for kind, dates in sorted(groups.items()):
        earliest, latest = min(dates), max(dates)
        span = _moment(earliest)
        if latest != earliest:
            span = Text("from ", "") + span + Text(" to ", " ile ") + _moment(latest) + Text("", " arası")
        told.append(count(len(dates)) + " × " + " ".join(kind) + ", " + span)
    return told


def _first(records: list[ConsentRecord]) -> list[Text]:
    told = [
        Text(f"Record {place}: ", "İlk kayıt: " if place == 1 else f"{place}. kayıt: ")
        + f"{record.recipient}, {record.status} {record.channel} {record.recipient_type}, {record.source}, "
        + _moment(record.consent_date)
        for place, record in enumerate(records[:RECORDS_SHOWN], start=1)
    ]
    if (more := len(records) - len(told)) > 0:
        told[-1] += Text("; and ", "; ve ") + count(more) + Text(" more", " kayıt daha")
    return told


def _moment(moment: datetime) -> Text:
    """A date of a record to the second, as it is declared."""
    return Text(wire_moment(moment), f"{moment:%d.%m.%Y %H:%M:%S}")


def _too_old(records: list[ConsentRecord], now: datetime) -> tuple[Text, ...]:
    """A warning where the registry will probably refuse the batch: consents older than three working days."""
    old = sum(
        record.source != BEFORE_2015 and working_days_since(record.consent_date, now) > MAX_WORKING_DAYS
        for record in records
    )
    if not old:
        return ()
    return (
        plural(old, "record is", "records are", "izin kaydı")
        + Text(
            " older than three working days: the registry will probably refuse the whole batch. Do not change the date.",
            " üç iş gününden eski: sistem büyük olasılıkla tüm listeyi reddeder. Tarihi değiştirmeyin.",
        ),
    )


async def iys_check(given: CheckArguments, app: ServerContext) -> Reply:
    """Read one consent."""
    problems = Problems()
    brand_code = _brand_code(given.brand_code, app, problems)
    recipient = _recipient(given.recipient, given.channel, "recipient", app, problems)
    problems.stop()
    consent = await app.client.call(
        provider.IYS_CHECK, ConsentQuery(brand_code, recipient, given.recipient_type, given.channel)
    )
    about = f"{recipient} {given.recipient_type} {given.channel}"
    if consent is None:
        return Reply(
            CheckAnswer(
                outcome="ok",
                summary=app.say(
                    Text(
                        f"{about}: no consent on file, or {brand_code} is not your brand.",
                        f"{about}: kayıtlı izin yok ya da {brand_code} sizin markanız değil.",
                    )
                ),
                next_step=app.say(
                    Text(
                        "Check the brand code; without an ONAY send no commercial message to a consumer.",
                        "Marka kodunu kontrol edin; ONAY yoksa tüketiciye ticari ileti göndermeyin.",
                    )
                ),
                found=False,
                sandbox=app.settings.sandbox,
            )
        )
    since = (
        Text("", "") if consent.consent_date is None else Text(" since ", ", ") + describe_time(consent.consent_date)
    )
    source = f" ({consent.source})" if consent.source else ""
    allowed = consent.status == "ONAY"
    return Reply(
        CheckAnswer(
            outcome="ok",
            summary=app.say(Text(f"{about}: {consent.status}", f"{about}: {consent.status}") + since + source + "."),
            next_step=app.say(
                Text("Commercial messages on this channel are allowed.", "Bu kanalda ticari iletiye izin var.")
                if allowed
                else Text("Send no commercial message on this channel.", "Bu kanaldan ticari ileti göndermeyin.")
            ),
            found=True,
            status=consent.status,
            source=consent.source,
            consent_date=None if consent.consent_date is None else consent.consent_date.isoformat(),
            sandbox=app.settings.sandbox,
        )
    )


IYS_REGISTER = change_tool(
    name="iys_register",
    title="Declare consents to İYS",
    description="Declares consents (ONAY) or refusals (RET) to İYS, Turkey's national registry: a legal statement "
    "about others that only a later record changes. Date and source come from the consent record and are "
    "never moved to get past a refusal. All records or none. First call: a preview and a code; again with the code in confirm, it declares.",
    arguments=RegisterArguments,
    answer=RegisterAnswer,
    idempotent=False,
    plan=plan_register,
    confirm=lambda given: given.confirm,
)

IYS_CHECK = read_tool(
    name="iys_check",
    title="Read one İYS consent",
    description="Reads whether a recipient consents (ONAY) or refuses (RET) on a channel. Free, changes nothing. For "
    "single questions: with commercial, send_sms has the provider check every recipient.",
    arguments=CheckArguments,
    answer=CheckAnswer,
    read=iys_check,
)
