"""The operator's limits on sending, applied to figures alone: pure, and the same for the preview and the execution.

Set by environment or flags only. A refusal names the limit, says when it frees up if it does, and ends in
the same words: the operator set this, do not split the list, tell the user.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Usage
from iletimerkezi_mcp.settings import DEFAULT_MAX_RECIPIENTS, NO_LIMIT, Settings
from iletimerkezi_mcp.sms.clock import describe_time

from .pending_change import PendingMessage

DEFAULT_CREDITS_FACTOR = 10
"""The default for the day's credits, as a multiple of the recipients allowed."""

LEAD = timedelta(minutes=2)
"""The least time from the request to its send time: the provider sends at once if the time has passed."""

_SET_BY_OPERATOR = Text(
    "The operator set this; do not split the list or try another way, tell the user.",
    "Bunu yönetici ayarladı; listeyi bölmeyin, başka yol denemeyin, kullanıcıya söyleyin.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPolicy:
    """The operator's limits. None lifts a limit; an empty tuple of recipients or senders allows all.

    `recipients` holds canonical numbers, and prefixes that end in ``*``.
    """

    recipients: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    max_recipients: int = DEFAULT_MAX_RECIPIENTS
    max_credits_per_day: int | None = DEFAULT_MAX_RECIPIENTS * DEFAULT_CREDITS_FACTOR
    allow_commercial: bool = True

    @classmethod
    def of(cls, settings: Settings) -> SendPolicy:
        """Return the limits that the operator has set."""
        most = settings.max_credits_per_day
        if most is None:
            most = settings.max_recipients * DEFAULT_CREDITS_FACTOR
        return cls(
            recipients=settings.allowed_recipients,
            senders=settings.allowed_senders,
            max_recipients=settings.max_recipients,
            max_credits_per_day=None if most == NO_LIMIT else most,
            allow_commercial=settings.allow_commercial,
        )


def refusal(policy: SendPolicy, message: PendingMessage, usage: Usage, now: datetime) -> Text | None:
    """Return why `message` may not be sent now, or None. The first limit that it exceeds is named."""
    reason = (
        _commercial(policy, message)
        or _sender(policy, message)
        or _recipients(policy, message)
        or _recipients_of_text(policy, message, usage)
        or _credits(policy, message, usage)
    )
    return _too_soon(message, now) if reason is None else Text.join(" ", [reason, _SET_BY_OPERATOR])


def _commercial(policy: SendPolicy, message: PendingMessage) -> Text | None:
    if policy.allow_commercial or not message.commercial:
        return None
    return Text(
        "Commercial messages are switched off here (ILETIMERKEZI_ALLOW_COMMERCIAL).",
        "Ticari iletiler burada kapalı (ILETIMERKEZI_ALLOW_COMMERCIAL).",
    )


def _sender(policy: SendPolicy, message: PendingMessage) -> Text | None:
    if not policy.senders or message.sender in policy.senders:
        return None
    return Text(
        "The sender {sender} is not among those allowed here (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
        "{sender} başlığı burada izin verilenler arasında değil (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
    ).format(sender=message.sender, allowed=", ".join(policy.senders))


def _recipients(policy: SendPolicy, message: PendingMessage) -> Text | None:
    if not policy.recipients:
        return None
    exact = frozenset(entry for entry in policy.recipients if not entry.endswith("*"))
    prefixes = tuple(entry[:-1] for entry in policy.recipients if entry.endswith("*"))
    barred = [number for number in message.recipients if number not in exact and not number.startswith(prefixes)]
    if not barred:
        return None
    return Text(
        "{barred} of {recipients} recipients not allowed here (ILETIMERKEZI_ALLOWED_RECIPIENTS): {numbers}.",
        "{recipients} alıcıdan {barred} tanesine burada izin verilmiyor (ILETIMERKEZI_ALLOWED_RECIPIENTS): {numbers}.",
    ).format(
        barred=len(barred),
        recipients=len(message.recipients),
        numbers=", ".join([*barred[:3], "…"] if len(barred) > 3 else barred),
    )


def _recipients_of_text(policy: SendPolicy, message: PendingMessage, usage: Usage) -> Text | None:
    recipients, earlier = len(message.recipients), usage.recipients_of_text
    if recipients + earlier <= policy.max_recipients:
        return None
    figures = {"limit": policy.max_recipients, "recipients": recipients}
    if not earlier:
        return Text(
            "One text may go to at most {limit} recipients within an hour (ILETIMERKEZI_MAX_RECIPIENTS); this has "
            "{recipients}.",
            "Bir metin bir saatte en çok {limit} alıcıya gönderilebilir (ILETIMERKEZI_MAX_RECIPIENTS); bu gönderimde "
            "{recipients} alıcı var.",
        ).format(**figures)
    frees = usage.text_frees_at(max(0, policy.max_recipients - recipients))
    if frees is None or recipients > policy.max_recipients:
        return Text(
            "One text may go to at most {limit} recipients within an hour (ILETIMERKEZI_MAX_RECIPIENTS); this has "
            "{recipients}, and the same text went to {earlier} in the last hour.",
            "Bir metin bir saatte en çok {limit} alıcıya gönderilebilir (ILETIMERKEZI_MAX_RECIPIENTS); bu gönderimde "
            "{recipients} alıcı var, aynı metin son bir saatte {earlier} alıcıya gönderildi.",
        ).format(**figures, earlier=earlier)
    return Text(
        "One text may go to at most {limit} recipients within an hour (ILETIMERKEZI_MAX_RECIPIENTS); this has "
        "{recipients}, and the same text went to {earlier} in the last hour; there is room at {frees}.",
        "Bir metin bir saatte en çok {limit} alıcıya gönderilebilir (ILETIMERKEZI_MAX_RECIPIENTS); bu gönderimde "
        "{recipients} alıcı var, aynı metin son bir saatte {earlier} alıcıya gönderildi; şu saatte yer açılır: {frees}.",
    ).format(**figures, earlier=earlier, frees=describe_time(frees))


def _credits(policy: SendPolicy, message: PendingMessage, usage: Usage) -> Text | None:
    limit = policy.max_credits_per_day
    if limit is None or usage.credits_today + message.credits <= limit:
        return None
    return Text(
        "At most {limit} credits a day may be used here (ILETIMERKEZI_MAX_CREDITS_PER_DAY); {used} are used today and "
        "this needs up to {needed}; the count is reset at {reset}.",
        "Günde en çok {limit} kredi kullanılabilir (ILETIMERKEZI_MAX_CREDITS_PER_DAY); bugün {used} kredi kullanıldı, bu "
        "gönderim en çok {needed} kredi; sayaç şu anda sıfırlanır: {reset}.",
    ).format(limit=limit, used=usage.credits_today, needed=message.credits, reset=describe_time(usage.day_ends))


def _too_soon(message: PendingMessage, now: datetime) -> Text | None:
    if message.send_at is None or message.send_at >= now + LEAD:
        return None
    return Text(
        "The send time must still be two minutes ahead when the message is confirmed, or the provider might send it at "
        "once; ask the user for a later time. It is now {now}.",
        "Gönderim zamanı onay anında en az iki dakika ileride olmalı, yoksa sağlayıcı hemen gönderebilir; kullanıcıdan "
        "daha geç bir saat isteyin. Şu an {now}.",
    ).format(now=describe_time(now))
