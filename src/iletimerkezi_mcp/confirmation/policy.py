"""The operator's limits on sending, judged from figures alone: pure, and the same at the preview as at the act.

Set by environment or flags only. A refusal names the limit, says when it frees up where it does, and ends in
the same words: the operator set this, do not split the list, tell the user.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from iletimerkezi_mcp.language import Text, count
from iletimerkezi_mcp.ledger.attempts import Usage
from iletimerkezi_mcp.settings import DEFAULT_MAX_RECIPIENTS, NO_LIMIT, Settings
from iletimerkezi_mcp.sms.clock import describe_time

from .pending_change import Message

DEFAULT_CREDITS_FACTOR = 10
"""The day's credits, where the operator says nothing, as a multiple of the recipients allowed."""

LEAD = timedelta(minutes=2)
"""How far ahead a send time must still lie when the request leaves: the provider sends a past one at once."""

_END = Text(
    " The operator set this; do not split the list or try another way, tell the user.",
    " Bunu yönetici ayarladı; listeyi bölmeyin, başka yol denemeyin, kullanıcıya söyleyin.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the operator allows. None lifts a limit; an empty tuple of recipients or senders allows all.

    `recipients` holds canonical numbers, and beginnings of numbers that end in ``*``.
    """

    recipients: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    max_recipients: int = DEFAULT_MAX_RECIPIENTS
    max_credits_per_day: int | None = DEFAULT_MAX_RECIPIENTS * DEFAULT_CREDITS_FACTOR
    allow_commercial: bool = True

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the operator has set."""
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


def refusal(limits: Limits, message: Message, usage: Usage, now: datetime) -> Text | None:
    """Why `message` may not be sent now, or None. The first limit that it meets is named."""
    return (
        _kind(limits, message)
        or _sender(limits, message)
        or _recipients(limits, message)
        or _many(limits, message, usage)
        or _credits(limits, message, usage)
        or _too_soon(message, now)
    )


def _kind(limits: Limits, message: Message) -> Text | None:
    if limits.allow_commercial or not message.commercial:
        return None
    return (
        Text(
            "Commercial messages are switched off here (ILETIMERKEZI_ALLOW_COMMERCIAL).",
            "Ticari iletiler burada kapalı (ILETIMERKEZI_ALLOW_COMMERCIAL).",
        )
        + _END
    )


def _sender(limits: Limits, message: Message) -> Text | None:
    if not limits.senders or message.sender in limits.senders:
        return None
    allowed = ", ".join(limits.senders)
    return (
        Text(
            f"The sender {message.sender} is not among those allowed here (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
            f"{message.sender} başlığı burada izin verilenler arasında değil (ILETIMERKEZI_ALLOWED_SENDERS): {allowed}.",
        )
        + _END
    )


def _allowed(number: str, exact: frozenset[str], beginnings: tuple[str, ...]) -> bool:
    return number in exact or number.startswith(beginnings)


def _recipients(limits: Limits, message: Message) -> Text | None:
    if not limits.recipients:
        return None
    exact = frozenset(one for one in limits.recipients if not one.endswith("*"))
    beginnings = tuple(one[:-1] for one in limits.recipients if one.endswith("*"))
    barred = [number for number in message.recipients if not _allowed(number, exact, beginnings)]
    if not barred:
        return None
    some = ", ".join(barred[:3]) + (", …" if len(barred) > 3 else "")
    return (
        count(len(barred))
        + Text(
            f" of the recipients are not among those allowed here (ILETIMERKEZI_ALLOWED_RECIPIENTS): {some}.",
            f" alıcı burada izin verilenler arasında değil (ILETIMERKEZI_ALLOWED_RECIPIENTS): {some}.",
        )
        + _END
    )


def _many(limits: Limits, message: Message, usage: Usage) -> Text | None:
    people = len(message.recipients)
    before = usage.recipients_of_text
    if people + before <= limits.max_recipients:
        return None
    most = count(limits.max_recipients)
    said = (
        Text("One text may go to at most ", "Bir metin bir saatte en çok ")
        + most
        + Text(
            " recipients within an hour (ILETIMERKEZI_MAX_RECIPIENTS); this has ",
            " alıcıya gidebilir (ILETIMERKEZI_MAX_RECIPIENTS); bunda ",
        )
        + count(people)
        + Text("", " alıcı var")
    )
    if before:
        said += Text(", and the same text went to ", ", aynı metin son bir saatte ") + count(before)
        said += Text(" in the last hour", " alıcıya gitti")
        if (frees := usage.text_frees_at(max(0, limits.max_recipients - people))) is not None and (
            people <= limits.max_recipients
        ):
            said += Text("; there is room at ", "; şu saatte yer açılır: ") + describe_time(frees)
    return said + "." + _END


def _credits(limits: Limits, message: Message, usage: Usage) -> Text | None:
    most = limits.max_credits_per_day
    if most is None or usage.credits_today + message.credits <= most:
        return None
    return (
        Text("At most ", "Günde en çok ")
        + count(most)
        + Text(
            " credits a day may be used here (ILETIMERKEZI_MAX_CREDITS_PER_DAY); ",
            " kredi kullanılabilir (ILETIMERKEZI_MAX_CREDITS_PER_DAY); bugün ",
        )
        + count(usage.credits_today)
        + Text(" are used today and this needs up to ", " kullanıldı, bu en çok ")
        + count(message.credits)
        + Text("; the count begins again at ", " ister; sayaç şu anda sıfırlanır: ")
        + describe_time(usage.day_ends)
        + "."
        + _END
    )


def _too_soon(message: Message, now: datetime) -> Text | None:
    if message.send_at is None or message.send_at >= now + LEAD:
        return None
    return Text(
        "The send time must still be two minutes ahead when the message is confirmed, or the provider might send it at "
        "once; ask the user for a later time. ",
        "Gönderim zamanı onay anında en az iki dakika ileride olmalı, yoksa sağlayıcı hemen gönderebilir; kullanıcıdan "
        "daha geç bir saat isteyin. ",
    ) + _now(now)


def _now(now: datetime) -> Text:
    return Text("It is now ", "Şu an ") + describe_time(now) + "."
