"""The operator's limits on sending, applied to figures alone: pure, and the same for the preview and the execution.

Set by environment or flags only. A refusal names the limit, and the time if waiting for it is legitimate; it ends in the
same words: the operator set this, and splitting or spreading is no way around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from iletimerkezi_mcp.language import TELL_USER, UNSAID, Text, plural
from iletimerkezi_mcp.ledger.attempts import PendingMessage, Usage
from iletimerkezi_mcp.settings import (
    DEFAULT_MAX_CONSENTS_PER_DAY,
    DEFAULT_MAX_LIST_RECIPIENTS,
    DEFAULT_MAX_RECIPIENTS,
    NO_LIMIT,
    Settings,
)
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.times import MIN_SEND_LEAD, earliest_send_at

from .change_result import NO_WAY_AROUND
from .pending_change import PendingChange

DEFAULT_CREDITS_FACTOR = 10
"""The default for the day's credits, as a multiple of the recipients allowed."""

CLOCK_TOLERANCE = timedelta(minutes=1)
"""The most by which this machine's clock may differ from the provider's if a send is scheduled."""

_SET_BY_OPERATOR = Text(
    "The operator set this and decides about it.",
    "Bunu yönetici ayarladı, kararı da o verir.",
    person=Text("The settings say so.", "Ayarlar böyle."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorLimits:
    """The operator's limits. None lifts a limit; an empty tuple of recipients or senders allows all.

    `recipients` holds canonical numbers, and prefixes that end in ``*``.
    """

    recipients: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    max_recipients: int = DEFAULT_MAX_RECIPIENTS
    max_list_recipients: int = DEFAULT_MAX_LIST_RECIPIENTS
    max_credits_per_day: int | None = DEFAULT_MAX_RECIPIENTS * DEFAULT_CREDITS_FACTOR
    max_consents_per_day: int = DEFAULT_MAX_CONSENTS_PER_DAY
    allow_commercial: bool = True

    @classmethod
    def of(cls, settings: Settings) -> OperatorLimits:
        """Return the limits that the operator has set."""
        most = settings.max_credits_per_day
        if most is None:
            allowed = settings.max_recipients if settings.files_dir is None else settings.max_list_recipients
            most = allowed * DEFAULT_CREDITS_FACTOR
        return cls(
            recipients=settings.allowed_recipients,
            senders=settings.allowed_senders,
            max_recipients=settings.max_recipients,
            max_list_recipients=settings.max_list_recipients,
            max_credits_per_day=None if most == NO_LIMIT else most,
            max_consents_per_day=settings.max_consents_per_day,
            allow_commercial=settings.allow_commercial,
        )


def check_limits(policy: OperatorLimits, change: PendingChange, usage: Usage, now: datetime) -> Text | None:
    """Return why `change` may not be made now, or None. The first limit that it exceeds is named."""
    message = change.message
    if message is None:
        reason = _consents(policy, change, usage)
    else:
        reason = (
            _commercial(policy, message)
            or _sender(policy, message)
            or _recipients(policy, message, named=change.campaign is None)
            or (
                _recipients_of_hour(policy, message, usage)
                if change.campaign is None
                else _recipients_of_campaign(policy, message)
            )
            or _credits(policy, message, usage)
        )
    if reason is not None:
        return Text.join(" ", [reason, _SET_BY_OPERATOR, NO_WAY_AROUND, TELL_USER])
    return None if message is None else _wrong_clock(message, usage) or _too_soon(message, now)


def _commercial(policy: OperatorLimits, message: PendingMessage) -> Text | None:
    if policy.allow_commercial or not message.commercial:
        return None
    return Text(
        "Commercial messages are switched off here (ILETIMERKEZI_ALLOW_COMMERCIAL).",
        "Ticari iletiler burada kapalı (ILETIMERKEZI_ALLOW_COMMERCIAL).",
    )


def _sender(policy: OperatorLimits, message: PendingMessage) -> Text | None:
    if not policy.senders or message.sender in policy.senders:
        return None
    return Text(
        "The sender {sender} is not among those allowed here (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
        "{sender} başlığı burada izin verilenler arasında değil (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
    ).format(sender=message.sender, allowed=", ".join(policy.senders))


def _recipients(policy: OperatorLimits, message: PendingMessage, *, named: bool) -> Text | None:
    if not policy.recipients:
        return None
    exact = frozenset(entry for entry in policy.recipients if not entry.endswith("*"))
    prefixes = tuple(entry[:-1] for entry in policy.recipients if entry.endswith("*"))
    barred = [number for number in message.recipients if number not in exact and not number.startswith(prefixes)]
    if not barred:
        return None
    if not named:
        return Text(
            "{barred} of {recipients} recipients not allowed here (ILETIMERKEZI_ALLOWED_RECIPIENTS).",
            "{recipients} alıcıdan {barred} tanesine burada izin verilmiyor (ILETIMERKEZI_ALLOWED_RECIPIENTS).",
        ).format(barred=len(barred), recipients=len(message.recipients))
    return Text(
        "{barred} of {recipients} recipients not allowed here (ILETIMERKEZI_ALLOWED_RECIPIENTS): {numbers}.",
        "{recipients} alıcıdan {barred} tanesine burada izin verilmiyor (ILETIMERKEZI_ALLOWED_RECIPIENTS): {numbers}.",
    ).format(
        barred=len(barred),
        recipients=len(message.recipients),
        numbers=", ".join([*barred[:3], "…"] if len(barred) > 3 else barred),
    )


def _recipients_of_hour(policy: OperatorLimits, message: PendingMessage, usage: Usage) -> Text | None:
    if len(message.recipients) + usage.recipients_in_hour <= policy.max_recipients:
        return None
    return Text(
        "At most {limit} recipients may be sent to within an hour, all texts together (ILETIMERKEZI_MAX_RECIPIENTS); this "
        "has {recipients}, and {earlier} were confirmed in the last hour.",
        "Bir saatte, bütün metinler birlikte, en çok {limit} alıcıya gönderilebilir (ILETIMERKEZI_MAX_RECIPIENTS); bu "
        "gönderimde {recipients} alıcı var, son bir saatte {earlier} alıcı onaylandı.",
    ).format(limit=policy.max_recipients, recipients=len(message.recipients), earlier=usage.recipients_in_hour)


def _recipients_of_campaign(policy: OperatorLimits, message: PendingMessage) -> Text | None:
    if len(message.recipients) <= policy.max_list_recipients:
        return None
    return Text(
        "A campaign may have at most {limit} recipients here (ILETIMERKEZI_MAX_LIST_RECIPIENTS); this has {recipients}.",
        "Burada bir kampanyada en çok {limit} alıcı olabilir (ILETIMERKEZI_MAX_LIST_RECIPIENTS); bunda {recipients} alıcı var.",
    ).format(limit=policy.max_list_recipients, recipients=len(message.recipients))


def _credits(policy: OperatorLimits, message: PendingMessage, usage: Usage) -> Text | None:
    limit = policy.max_credits_per_day
    if limit is None or usage.credits_today + message.credits <= limit:
        return None
    return Text(
        "At most {limit} credits a day may be used here (ILETIMERKEZI_MAX_CREDITS_PER_DAY); {used} are used today and "
        "this needs up to {needed}; the count is reset at {reset}.",
        "Günde en çok {limit} kredi kullanılabilir (ILETIMERKEZI_MAX_CREDITS_PER_DAY); bugün {used} kredi kullanıldı, bu "
        "gönderim en çok {needed} kredi; sayaç şu anda sıfırlanır: {reset}.",
    ).format(limit=limit, used=usage.credits_today, needed=message.credits, reset=describe_time(usage.day_ends))


def _consents(policy: OperatorLimits, change: PendingChange, usage: Usage) -> Text | None:
    if change.counted != "consents" or usage.count_today + change.count <= policy.max_consents_per_day:
        return None
    return Text(
        "At most {limit} consents a day may be declared here (ILETIMERKEZI_MAX_CONSENTS_PER_DAY); {used} are declared "
        "today and this has {count}; the count is reset at {reset}.",
        "Günde en çok {limit} izin kaydı bildirilebilir (ILETIMERKEZI_MAX_CONSENTS_PER_DAY); bugün {used} kayıt bildirildi, "
        "bu işlemde {count} kayıt var; sayaç şu anda sıfırlanır: {reset}.",
    ).format(
        limit=policy.max_consents_per_day,
        used=usage.count_today,
        count=change.count,
        reset=describe_time(usage.day_ends),
    )


def _too_soon(message: PendingMessage, now: datetime) -> Text | None:
    if message.send_at is None or message.send_at >= now + MIN_SEND_LEAD:
        return None
    too_soon = Text(
        "The send time must still be two minutes ahead when the message is confirmed, or the provider might send it at "
        "once. The earliest that works is {earliest}, if it is confirmed at once.",
        "Gönderim zamanı onay anında en az iki dakika ileride olmalı, yoksa sağlayıcı hemen gönderebilir. Hemen onaylanırsa "
        "en erken {earliest} olabilir.",
    ).format(earliest=describe_time(earliest_send_at(now)))
    ask = Text(
        "Ask the user for that or a later time.", "Kullanıcıdan bu ya da daha geç bir saat isteyin.", person=UNSAID
    )
    return Text.join(" ", [too_soon, ask])


def _wrong_clock(message: PendingMessage, usage: Usage) -> Text | None:
    difference = usage.clock_difference
    if message.send_at is None or difference is None or abs(difference) <= CLOCK_TOLERANCE:
        return None
    behind = Text(
        "A scheduled message would go out at another time: this machine's clock is {minutes} behind the provider's.",
        "İleri tarihli mesaj başka bir saatte giderdi: bu makinenin saati sağlayıcınınkinden {minutes} geri.",
    )
    ahead = Text(
        "A scheduled message would go out at another time: this machine's clock is {minutes} ahead of the provider's.",
        "İleri tarihli mesaj başka bir saatte giderdi: bu makinenin saati sağlayıcınınkinden {minutes} ileri.",
    )
    set_clock = Text(
        "The operator must set it.", "Yönetici saati ayarlamalı.", person=Text("Set the clock.", "Saati ayarlayın.")
    )
    words = behind if difference > timedelta() else ahead
    minutes = round(abs(difference) / timedelta(minutes=1))
    return Text.join(" ", [words.format(minutes=plural(minutes, "minute", "minutes", "dakika")), set_clock])
