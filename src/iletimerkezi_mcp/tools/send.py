"""Sending an SMS order: `send_sms`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from anyio import to_thread
from pydantic import Field

from iletimerkezi_mcp.confirmation.change_result import STAYS_COMMERCIAL
from iletimerkezi_mcp.confirmation.pending_change import Done, Message, OnSent, PendingChange, Preview
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.orders import MAX_RECIPIENTS, OutgoingOrder, Sender
from iletimerkezi_mcp.sms.alphabet import CharacterMode, compose
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.content import TEST_SENDER, IysList, MessageType, meaning, warnings
from iletimerkezi_mcp.sms.escape import escape, is_blank
from iletimerkezi_mcp.sms.numbers import Recipients, parse_numbers
from iletimerkezi_mcp.sms.parts import MAX_PARTS, Estimate, describe_estimate, estimate
from iletimerkezi_mcp.sms.senders import MAX_SENDER, SenderError, parse_sender
from iletimerkezi_mcp.sms.times import TimeError, parse_send_at

from .answers import ChangeAnswer
from .arguments import ChangeArguments
from .context import ServerContext
from .errors import Problems
from .fields import ConfirmArgument, guarded
from .tool import ChangeTool, Step

RECIPIENTS_SHOWN = 5
"""How many recipients a preview shows."""

SHORT_LIST = 500
"""Recipients up to which a list is read without a thread."""


class SendArguments(ChangeArguments):
    """Arguments of `send_sms`."""

    recipients: Annotated[
        list[Annotated[str, guarded(64)]],
        Field(
            min_length=1,
            max_length=MAX_RECIPIENTS,
            description='1 to 50,000 mobile numbers, any usual spelling, e.g. ["+905321234567"].',
        ),
    ]
    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2_000,
            description=f"Word for word, at most {MAX_PARTS} parts (about 1,000 characters), "
            'e.g. "Siparişiniz yola çıktı." The carrier adds B186 itself.',
        ),
    ]
    message_type: Annotated[
        MessageType,
        Field(
            description="A legal statement about the content (Law 6563), not the number of recipients. "
            "transactional: only informs about something the person already has with the company (order, delivery, "
            "payment, debt, appointment, membership, security, one-time code). commercial: promotes goods, services or "
            "the firm's name (campaign, discount, coupon, cart reminder, greeting, survey), even by one promotional "
            "word in a notice. If unsure ask the user; never change it to get past a refusal."
        ),
    ]
    iys_list: Annotated[
        IysList | None,
        Field(description="Required with commercial, only there: BIREYSEL consumers, TACIR merchants."),
    ] = None
    sender: Annotated[
        str | None,
        guarded(
            64,
            f"Approved name (see get_sender), at most {MAX_SENDER} characters, case and spaces exact, e.g. FIRMAADI. "
            "Left out: the operator's.",
        ),
    ] = None
    send_at: Annotated[
        str | None,
        guarded(
            40,
            "ISO 8601 to the minute, Istanbul time without offset, e.g. 2026-12-25T10:00. Left out: now.",
        ),
    ] = None
    label: Annotated[
        str | None,
        Field(
            max_length=60,
            description='Your own name for it, at most 60 characters, e.g. "Kasım indirimi". Stays here.',
        ),
    ] = None
    confirm: ConfirmArgument | None = None

    @classmethod
    def end_of_refusal(cls, arguments: Mapping[str, Any]) -> Text | None:
        """Return the sentence for a commercial send: a model that is refused one tries the other type next."""
        return STAYS_COMMERCIAL if arguments.get("message_type") == "commercial" else None


class SendAnswer(ChangeAnswer):
    """The answer of `send_sms`."""

    order_id: str | None = None
    recipients: int | None = None
    duplicates: int | None = None
    sender: str | None = None
    message_type: str | None = None
    send_at: str | None = None
    alphabet: str | None = None
    parts: int | None = None
    credits: int | None = None
    label: str | None = None


async def plan_send(arguments: SendArguments, context: ServerContext) -> PendingChange:
    """Return the whole change of a `send_sms` call. Raises :class:`.BadArgumentsError`; makes no request."""
    now = context.clock()
    problems = Problems()
    recipients = await _canonical(arguments.recipients, context)
    for rejected in recipients.rejected:
        problems.add(f"recipients[{rejected.position}]", rejected.reason)
    if (more := recipients.rejected_count - len(recipients.rejected)) > 0:
        problems.add_more(more)
    size = _estimate(arguments.text, context, problems)
    sender = _sender(arguments.sender, context, problems)
    _check_type(arguments, sender, problems)
    send_at = None
    if arguments.send_at is not None:
        try:
            send_at = parse_send_at(arguments.send_at, now)
        except TimeError as error:
            problems.add_time("send_at", error)
    problems.stop()
    order = OutgoingOrder(Sender(sender), compose(arguments.text), recipients.numbers, arguments.iys_list, send_at)
    label = escape(arguments.label.strip(), 60) if arguments.label and arguments.label.strip() else None
    return _change(order, arguments.message_type, size, recipients, label, now, context)


async def _canonical(raws: list[str], context: ServerContext) -> Recipients:
    """Make `raws` canonical; a long list in a thread, for 50,000 in any spelling take up to 400 ms."""
    international = context.settings.abroad
    if len(raws) <= SHORT_LIST:
        return parse_numbers(raws, international=international)
    return await to_thread.run_sync(lambda: parse_numbers(raws, international=international), abandon_on_cancel=True)


def _estimate(text: str, context: ServerContext, problems: Problems) -> Estimate:
    size = estimate(text, context.settings.character_mode)
    if is_blank(text):
        problems.add("text", Text("must not be blank", "boş olamaz"))
    elif size.too_long:
        problems.add(
            "text",
            Text(
                "needs more than {most} parts, the most that is accepted; shorten it",
                "{most} boydan uzun, daha uzunu kabul edilmiyor; kısaltın",
            ).format(most=MAX_PARTS),
        )
    return size


def _sender(raw: str | None, context: ServerContext, problems: Problems) -> str:
    """Return the sender that the call names, else the operator's; what is wrong with it goes to `problems`."""
    sender = raw if raw is not None else context.settings.sender
    if sender is None:
        problems.add(
            "sender",
            Text(
                "is missing; name one here (get_sender lists them), or ask the operator to set ILETIMERKEZI_SENDER",
                "eksik; burada verin (onaylıları get_sender listeler) ya da yöneticiden ILETIMERKEZI_SENDER ayarlamasını "
                "isteyin",
            ),
        )
        return ""
    try:
        return parse_sender(sender)
    except SenderError as error:
        problems.add("sender", error.reason)
        return sender


def _check_type(arguments: SendArguments, sender: str, problems: Problems) -> None:
    if arguments.message_type == "commercial" and arguments.iys_list is None:
        problems.add(
            "iys_list",
            Text(
                "is required with commercial: BIREYSEL for consumers, TACIR for merchants; "
                "do not send this as transactional",
                "ticari iletide zorunlu: tüketiciler için BIREYSEL, tacirler için TACIR; "
                "bunu transactional olarak göndermeyin",
            ),
        )
    if arguments.message_type == "commercial" and sender == TEST_SENDER:
        problems.add(
            "sender",
            Text(
                "APITEST sends no commercial message: it checks no consent in İYS and replaces the text; "
                "do not send this as transactional",
                "APITEST ticari ileti göndermez: İYS'ye sormaz ve metni değiştirir; bunu transactional olarak göndermeyin",
            ),
        )
    if arguments.message_type == "transactional" and arguments.iys_list is not None:
        problems.add(
            "iys_list",
            Text(
                "belongs to commercial messages only; leave it out, or say commercial if the text promotes anything",
                "yalnızca ticari iletide kullanılır; çıkarın ya da metin bir şey tanıtıyorsa commercial deyin",
            ),
        )


MESSAGE_TYPES: Mapping[str, Text] = {
    "transactional": Text("transactional", "bilgilendirme (transactional)"),
    "commercial": Text("commercial", "ticari (commercial)"),
}
"""The types in words."""


def _change(
    order: OutgoingOrder,
    message_type: MessageType,
    size: Estimate,
    recipients: Recipients,
    label: str | None,
    now: datetime,
    context: ServerContext,
) -> PendingChange:
    number = len(order.recipients)
    cost = size.credits_at_most(number)
    reads = [
        read
        for read in (context.recent_reads.tell_balance(cost, now), context.recent_reads.tell_sender(order.sender, now))
        if read is not None
    ]
    content_warnings = warnings(
        order.text,
        message_type=message_type,
        iys_list=order.iys_list,
        when=order.send_at or now,
        sender=order.sender,
    )

    async def execute(client: ApiClient, on_sent: OnSent) -> Done:
        order_id = await client.call(provider.SEND_SMS, order, on_sent=on_sent)
        return _accepted(order, order_id, cost)

    return PendingChange(
        tool="send_sms",
        canonical={
            "recipients": recipients.recipients_digest.hex(),
            "text": order.text,
            "message_type": message_type,
            "iys_list": order.iys_list,
            "sender": order.sender,
            "send_at": order.send_at.isoformat() if order.send_at else None,
            "label": label,
        },
        preview=Preview(
            _headline(order, message_type, cost, now),
            (*(read.text for read in reads if read.against), *_emptiness(size), *content_warnings),
            (
                *_details(order, message_type, size, recipients.duplicates, label),
                *(read.text for read in reads if not read.against),
                *_as_it_arrives(size),
            ),
            order.text,
        ),
        answer_fields={
            "recipients": number,
            "duplicates": recipients.duplicates,
            "sender": order.sender,
            "message_type": message_type,
            "send_at": order.send_at.isoformat(timespec="minutes") if order.send_at else "now",
            "alphabet": size.dearest.rendering.alphabet.value,
            "parts": size.parts,
            "credits": cost,
            "label": label,
        },
        how_to_verify=Text(
            "Look with get_reports (today) for an order of {recipients} from {sender} submitted about {time}; tell the "
            "user what you find.",
            "get_reports ile (bugün) şu gönderimi arayın: {recipients}, başlık {sender}, saat yaklaşık {time}; bulduğunuzu "
            "kullanıcıya söyleyin.",
        ).format(recipients=_recipients(order), sender=order.sender, time=now.strftime("%H:%M")),
        execute=execute,
        count=number,
        message=Message(
            text=order.text,
            recipients=order.recipients,
            recipients_digest=recipients.recipients_digest,
            sender=order.sender,
            message_type=message_type,
            iys_list=order.iys_list,
            send_at=order.send_at,
            credits=cost,
            label=label,
        ),
    )


def _recipients(order: OutgoingOrder) -> Text:
    return plural(len(order.recipients), "recipient", "recipients", "alıcı")


def _credits(cost: int) -> Text:
    return plural(cost, "credit", "credits", "kredi")


def _headline(order: OutgoingOrder, message_type: MessageType, cost: int, now: datetime) -> Text:
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


def _details(
    order: OutgoingOrder, message_type: MessageType, size: Estimate, duplicates: int, label: str | None
) -> list[Text]:
    numbers = ", ".join(order.recipients[:RECIPIENTS_SHOWN])
    more = len(order.recipients) - RECIPIENTS_SHOWN
    details = [
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
        details.append(
            Text("Duplicates removed: {number}", "Mükerrer numara: {number} (çıkarıldı)").format(number=duplicates)
        )
    if label is not None:
        details.append(Text("Label (stays here): {label}", "Etiket (burada kalır): {label}").format(label=label))
    return details


_MODES: dict[CharacterMode, Text] = {
    CharacterMode.ENGLISH: Text("English", "İngilizce"),
    CharacterMode.TURKISH: Text("Turkish", "Türkçe"),
    CharacterMode.UNICODE: Text("Unicode", "Unicode"),
}


def _as_it_arrives(size: Estimate) -> list[Text]:
    """Return the text as it will arrive, for each mode that changes it."""
    return [
        Text("Arrives in {mode} mode as: {text}", "{mode} modunda şöyle ulaşır: {text}").format(
            mode=_MODES[reading.mode], text=escape(reading.rendering.text)
        )
        for reading in size.readings
        if reading.rendering.substitutions and not reading.rendering.is_empty
    ]


def _emptiness(size: Estimate) -> tuple[Text, ...]:
    if not size.arrives_empty:
        return ()
    return (
        Text(
            "In English mode nothing of this text would be left: the message would arrive empty.",
            "İngilizce modunda bu metinden geriye bir şey kalmaz: mesaj boş gider.",
        ),
    )


def _accepted(order: OutgoingOrder, order_id: str, cost: int) -> Done:
    """Return what to say once the provider has accepted the order."""
    if order.send_at is None:
        return Done(
            Text(
                "Accepted as order {order_id} for {recipients}, at most {credits}; accepted is not delivered.",
                "Kabul edildi, sipariş {order_id}: {recipients}, en çok {credits}; kabul edilmesi iletildiği anlamına "
                "gelmez.",
            ).format(order_id=order_id, recipients=_recipients(order), credits=_credits(cost)),
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
            recipients=_recipients(order),
            credits=_credits(cost),
            time=describe_time(order.send_at),
        ),
        Text(
            "It can be cancelled with cancel_order (order_id {order_id}) until then.",
            "O zamana kadar cancel_order ile iptal edilebilir (order_id {order_id}).",
        ).format(order_id=order_id),
        order_id,
    )


_THREE_RECIPIENTS = {
    "recipients": ["0532 123 45 67", "+90 532 123 45 67", "5331112233"],
    "text": "Siparişiniz yola çıktı. Kargo takip: AB123. İyi günler.",
    "message_type": "transactional",
}
CAMPAIGN = {
    "recipients": ["+905330000001", "+905330000002"],
    "text": "Kasım indirimi başladı, bu hafta her şey %20 ucuz. Ret için RET yazıp 3330'a gönderin.",
    "message_type": "commercial",
    "iys_list": "BIREYSEL",
    "send_at": "2026-11-24T11:00",
    "label": "Kasım indirimi",
}
"""The scheduled commercial order of the examples."""

SEND_SMS = ChangeTool(
    name="send_sms",
    title="Send an SMS",
    description="Sends one text to one or many numbers. Costs one credit per part and recipient; cannot be called "
    "back. The first call sends nothing: it answers with a preview (recipients, parts, credits, time) and "
    "a code; the same call with the code in confirm sends. Personal texts: one call each. done is "
    "accepted, not delivered: see get_report. unknown may have been sent: look in get_reports, do not "
    "repeat. cancel_order stops a scheduled one.",
    summary=Text(
        "sends one text to 1 to 50,000 numbers, now or later",
        "bir metni 1-50.000 numaraya, hemen ya da ileri bir zamanda gönderir",
    ),
    arguments=SendArguments,
    answer=SendAnswer,
    idempotent=False,
    plan=plan_send,
    example={"recipients": ["05321234567"], "text": "Siparişiniz yola çıktı.", "message_type": "transactional"},
    notes="`message_type` decides about the law: `commercial` makes the provider check every recipient's consent in "
    "İYS before anything goes out (see [İYS in practice](../iys.md))."
    "\n\nThe preview shows the text as it will arrive. While `ILETIMERKEZI_CHARSET` is unset, it is not known if "
    "the account replaces Turkish letters, so both readings are shown and the more expensive one counts."
    "\n\nAn identical send is held back for ten minutes after one that was accepted, and for 24 hours after one "
    "whose outcome is unknown.",
    steps=(
        Step("Three recipients, two of them the same. Nothing is sent yet:", _THREE_RECIPIENTS),
        Step("The user has seen it and agreed, so the same call with the code:", _THREE_RECIPIENTS, confirm=True),
        Step("Said again a minute later, by mistake. It is held back:", _THREE_RECIPIENTS, later=60),
        Step("A commercial one, for tomorrow morning:", CAMPAIGN),
    ),
)
