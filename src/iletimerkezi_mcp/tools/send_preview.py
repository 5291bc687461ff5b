"""The words of a send: its preview, and what is said once it is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from iletimerkezi_mcp.confirmation.pending_change import Done
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.provider.orders import OutgoingOrder
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.content import MessageType, meaning
from iletimerkezi_mcp.sms.escape import escape
from iletimerkezi_mcp.sms.parts import Estimate, describe_estimate

RECIPIENTS_SHOWN = 5
"""The most recipients that a preview shows."""


MESSAGE_TYPES: Mapping[str, Text] = {
    "transactional": Text("transactional", "bilgilendirme (transactional)"),
    "commercial": Text("commercial", "ticari (commercial)"),
}
"""The types in words."""


def describe_recipients(order: OutgoingOrder) -> Text:
    return plural(len(order.recipients), "recipient", "recipients", "alıcı")


def _credits(cost: int) -> Text:
    return plural(cost, "credit", "credits", "kredi")


def headline(order: OutgoingOrder, message_type: MessageType, cost: int, now: datetime) -> Text:
    """Return the whole order in one line."""
    kind = MESSAGE_TYPES[message_type]
    if order.iys_list is not None:
        kind = Text("{kind} {list}", "{kind} {list}").format(kind=kind, list=order.iys_list)
    when = (
        Text("now, {time}", "hemen, {time}").format(time=describe_time(now))
        if order.send_at is None
        else describe_time(order.send_at)
    )
    return Text(
        "send one SMS to {recipients}, {kind}, {when}, at most {credits}.",
        "{recipients} bir SMS gönderilecek: {kind}, {when}, en çok {credits}.",
    ).format(
        recipients=plural(len(order.recipients), "recipient", "recipients", "alıcıya"),
        kind=kind,
        when=when,
        credits=_credits(cost),
    )


def details(
    order: OutgoingOrder, message_type: MessageType, size: Estimate, duplicates: int, label: str | None
) -> list[Text]:
    numbers = ", ".join(order.recipients[:RECIPIENTS_SHOWN])
    more = len(order.recipients) - RECIPIENTS_SHOWN
    lines = [
        Text("Sender: {sender}", "Başlık: {sender}").format(sender=order.sender),
        Text("To: {numbers}", "Alıcılar: {numbers}").format(numbers=numbers)
        if more <= 0
        else Text("To: {numbers} and {more} more", "Alıcılar: {numbers} ve {more} alıcı daha").format(
            numbers=numbers, more=more
        ),
        Text("Length: {length}", "Uzunluk: {length}").format(length=describe_estimate(size)),
        meaning(message_type, order.iys_list),
    ]
    if duplicates:
        lines.append(
            Text("Duplicates removed: {number}", "Mükerrer numara: {number} (çıkarıldı)").format(number=duplicates)
        )
    if label is not None:
        lines.append(Text("Label (stays here): {label}", "Etiket (burada kalır): {label}").format(label=label))
    return lines


_MODES: dict[CharacterMode, Text] = {
    CharacterMode.ENGLISH: Text("English", "İngilizce"),
    CharacterMode.TURKISH: Text("Turkish", "Türkçe"),
    CharacterMode.UNICODE: Text("Unicode", "Unicode"),
}


def as_it_arrives(size: Estimate) -> list[Text]:
    """Return the text as it will arrive, for each mode that changes it."""
    return [
        Text("Arrives in {mode} mode as: {text}", "{mode} modunda şöyle ulaşır: {text}").format(
            mode=_MODES[reading.mode], text=escape(reading.rendering.text)
        )
        for reading in size.readings
        if reading.rendering.substitutions and not reading.rendering.is_empty
    ]


def empty_warning(size: Estimate) -> tuple[Text, ...]:
    if not size.arrives_empty:
        return ()
    return (
        Text(
            "In English mode nothing of this text would be left: the message would arrive empty.",
            "İngilizce modunda bu metinden geriye bir şey kalmaz: mesaj boş gider.",
        ),
    )


def acceptance(order: OutgoingOrder, order_id: str, cost: int) -> Done:
    """Return what to say once the provider has accepted the order."""
    if order.send_at is None:
        return Done(
            Text(
                "Accepted as order {order_id} for {recipients}, at most {credits}; accepted is not delivered.",
                "Kabul edildi, sipariş {order_id}: {recipients}, en çok {credits}; kabul edilmesi iletildiği anlamına "
                "gelmez.",
            ).format(order_id=order_id, recipients=describe_recipients(order), credits=_credits(cost)),
            Text(
                "Call get_report with order_id {order_id} in a minute to see what was delivered.",
                "İletim durumunu görmek için bir dakika sonra order_id {order_id} ile get_report çağırın.",
            ).format(order_id=order_id),
            order_id,
        )
    return Done(
        Text(
            "Accepted as order {order_id} for {recipients}, at most {credits}; scheduled for {time}.",
            "Kabul edildi, sipariş {order_id}: {recipients}, en çok {credits}; gönderim zamanı {time}.",
        ).format(
            order_id=order_id,
            recipients=describe_recipients(order),
            credits=_credits(cost),
            time=describe_time(order.send_at),
        ),
        Text(
            "It can be cancelled with cancel_order (order_id {order_id}) until then.",
            "O zamana kadar cancel_order ile iptal edilebilir (order_id {order_id}).",
        ).format(order_id=order_id),
        order_id,
    )
