"""The operator's limits on sending, applied to figures alone: pure, and the same for the preview and the execution.

Set by environment or flags only. A refusal names the limit, and the time if waiting for it is legitimate; it ends in the
same words: the operator set this, and splitting or spreading is no way around it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from iletimerkezi_mcp.language import TELL_USER, UNSAID, Text, plural
from iletimerkezi_mcp.ledger.attempts import PendingMessage, Usage
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.times import MIN_SEND_LEAD, earliest_send_at

from .change_result import NO_WAY_AROUND, describe_numbers
from .pending_change import PendingChange

CLOCK_TOLERANCE = timedelta(minutes=1)
"""The most by which this machine's clock may differ from the provider's if a send is scheduled."""

_SET_BY_OPERATOR = Text(
    "The operator set this and decides about it.",
    "Bunu yönetici ayarladı, kararı da o verir.",
    person=Text("The settings say so.", "Ayarlar böyle."),
)


def check_limits(settings: Settings, change: PendingChange, usage: Usage, now: datetime) -> Text | None:
    """Return why `change` may not be made now, or None. The first limit that it exceeds is named."""
    message = change.message
    if message is None:
        reason = _consents(settings, change, usage)
    else:
        reason = (
            _commercial(settings, message)
            or _sender(settings, message)
            or _recipients(settings, message, from_list=change.campaign is not None)
            or (
                _recipients_of_hour(settings, change.count, usage)
                if change.campaign is None
                else _recipients_of_campaign(settings, message)
            )
            or _credits(settings, message, usage)
        )
    if reason is not None:
        return Text.join(" ", [reason, _SET_BY_OPERATOR, NO_WAY_AROUND, TELL_USER])
    return None if message is None else _wrong_clock(message, usage) or _too_soon(message, now)


def _commercial(settings: Settings, message: PendingMessage) -> Text | None:
    if settings.allow_commercial or not message.commercial:
        return None
    return Text(
        "Commercial messages are switched off here (ILETIMERKEZI_ALLOW_COMMERCIAL).",
        "Ticari iletiler burada kapalı (ILETIMERKEZI_ALLOW_COMMERCIAL).",
    )


def _sender(settings: Settings, message: PendingMessage) -> Text | None:
    if not settings.allowed_senders or message.sender in settings.allowed_senders:
        return None
    return Text(
        "The sender {sender} is not among those allowed here (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
        "{sender} başlığı burada izin verilenler arasında değil (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
    ).format(sender=message.sender, allowed=", ".join(settings.allowed_senders))


def _recipients(settings: Settings, message: PendingMessage, *, from_list: bool) -> Text | None:
    if not settings.allowed_recipients:
        return None
    exact = frozenset(entry for entry in settings.allowed_recipients if not entry.endswith("*"))
    prefixes = tuple(entry[:-1] for entry in settings.allowed_recipients if entry.endswith("*"))
    barred = [number for number in message.recipients if number not in exact and not number.startswith(prefixes)]
    if not barred:
        return None
    return Text(
        "{barred} of {recipients} recipients not allowed here (ILETIMERKEZI_ALLOWED_RECIPIENTS): {numbers}.",
        "{recipients} alıcıdan {barred} tanesine burada izin verilmiyor (ILETIMERKEZI_ALLOWED_RECIPIENTS): {numbers}.",
    ).format(
        barred=len(barred),
        recipients=len(message.recipients),
        numbers=describe_numbers(barred, 3, from_list=from_list),
    )


def _recipients_of_hour(settings: Settings, recipients: int, usage: Usage) -> Text | None:
    if recipients + usage.recipients_in_hour <= settings.max_recipients:
        return None
    return Text(
        "At most {limit} recipients may be sent to within an hour, all texts together (ILETIMERKEZI_MAX_RECIPIENTS); this "
        "has {recipients}, and {earlier} were confirmed in the last hour.",
        "Bir saatte, bütün metinler birlikte, en çok {limit} alıcıya gönderilebilir (ILETIMERKEZI_MAX_RECIPIENTS); bu "
        "gönderimde {recipients} alıcı var, son bir saatte {earlier} alıcı onaylandı.",
    ).format(limit=settings.max_recipients, recipients=recipients, earlier=usage.recipients_in_hour)


def _recipients_of_campaign(settings: Settings, message: PendingMessage) -> Text | None:
    if len(message.recipients) <= settings.max_list_recipients:
        return None
    return Text(
        "A campaign may have at most {limit} recipients here (ILETIMERKEZI_MAX_LIST_RECIPIENTS); this has {recipients}.",
        "Burada bir kampanyada en çok {limit} alıcı olabilir (ILETIMERKEZI_MAX_LIST_RECIPIENTS); bunda {recipients} alıcı var.",
    ).format(limit=settings.max_list_recipients, recipients=len(message.recipients))


def _credits(settings: Settings, message: PendingMessage, usage: Usage) -> Text | None:
    limit = settings.daily_credits
    if limit is None or usage.credits_today + message.credits <= limit:
        return None
    return Text(
        "At most {limit} credits a day may be used here (ILETIMERKEZI_MAX_CREDITS_PER_DAY); {used} are used today and "
        "this needs up to {needed}; the count is reset at {reset}.",
        "Günde en çok {limit} kredi kullanılabilir (ILETIMERKEZI_MAX_CREDITS_PER_DAY); bugün {used} kredi kullanıldı, bu "
        "gönderim en çok {needed} kredi; sayaç şu anda sıfırlanır: {reset}.",
    ).format(limit=limit, used=usage.credits_today, needed=message.credits, reset=describe_time(usage.day_ends))


def _consents(settings: Settings, change: PendingChange, usage: Usage) -> Text | None:
    if change.counted != "consents" or usage.count_today + change.count <= settings.max_consents_per_day:
        return None
    return Text(
        "At most {limit} consents a day may be declared here (ILETIMERKEZI_MAX_CONSENTS_PER_DAY); {used} are declared "
        "today and this has {count}; the count is reset at {reset}.",
        "Günde en çok {limit} izin kaydı bildirilebilir (ILETIMERKEZI_MAX_CONSENTS_PER_DAY); bugün {used} kayıt bildirildi, "
        "bu işlemde {count} kayıt var; sayaç şu anda sıfırlanır: {reset}.",
    ).format(
        limit=settings.max_consents_per_day,
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
