"""Sending an SMS order and cancelling one that has not gone out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from anyio import to_thread
from pydantic import Field

from iletimerkezi_mcp.confirmation.change_result import STAYS_COMMERCIAL
from iletimerkezi_mcp.confirmation.pending_change import Done, Message, OnSent, PendingChange, Preview
from iletimerkezi_mcp.language import Text, count, plural
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.orders import MAX_RECIPIENTS, OrderId, OutgoingOrder, Sender
from iletimerkezi_mcp.sms.alphabet import CharacterMode, compose
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.content import TEST_SENDER, IysList, MessageType, meaning, warnings
from iletimerkezi_mcp.sms.escape import escape, is_blank
from iletimerkezi_mcp.sms.numbers import Recipients, parse_numbers
from iletimerkezi_mcp.sms.parts import MAX_PARTS, Estimate, describe_estimate, estimate
from iletimerkezi_mcp.sms.senders import MAX_SENDER, SenderError, parse_sender
from iletimerkezi_mcp.sms.times import TimeError, parse_send_at

from .answers import ChangeAnswer
from .arguments import Arguments, ConfirmArgument, OrderIdArgument, PreconditionError, Problems, guarded
from .context import ServerContext
from .registry import change_tool
from .reports import tell_order

FIRST = 5
"""How many recipients a preview shows."""

SHORT_LIST = 500
"""Recipients up to which a list is read without a thread."""


class SendArguments(Arguments):
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
    def refusal_ends(cls, arguments: Mapping[str, Any]) -> Text | None:
        """A model that is refused a commercial send tries the other type next."""
        return STAYS_COMMERCIAL if arguments.get("message_type") == "commercial" else None


class SendAnswer(ChangeAnswer):
    """What `send_sms` answers."""

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


class CancelArguments(Arguments):
    """Arguments of `cancel_order`."""

    order_id: OrderIdArgument
    confirm: ConfirmArgument | None = None


class CancelAnswer(ChangeAnswer):
    """What `cancel_order` answers."""

    order_id: str | None = None


def sender_or_default(given: str | None, app: ServerContext, problems: Problems) -> str:
    """The sender that the call names, else the operator's; what is wrong with it goes to `problems`."""
    sender = given if given is not None else app.settings.sender
    if sender is None:
        problems.add(
            "sender",
            Text(
                "is missing; name one here (get_sender lists them), or have the operator set ILETIMERKEZI_SENDER",
                "eksik; burada verin (onaylıları get_sender listeler) ya da yönetici ILETIMERKEZI_SENDER ayarlasın",
            ),
        )
        return ""
    try:
        return parse_sender(sender)
    except SenderError as error:
        problems.add("sender", error.reason)
        return sender


async def plan_send(given: SendArguments, app: ServerContext) -> PendingChange:
    """The whole deed of a `send_sms` call. Raises :class:`BadArgumentsError`; makes no request."""
    now = app.clock()
    problems = Problems()
    recipients = await _canonical(given.recipients, app)
    for rejected in recipients.rejected:
        problems.add(f"recipients[{rejected.position}]", rejected.reason)
    if (more := recipients.rejected_count - len(recipients.rejected)) > 0:
        problems.add_more(more)
    sized = _check_text(given.text, app, problems)
    sender = sender_or_default(given.sender, app, problems)
    _check_type(given, sender, problems)
    send_at = None
    if given.send_at is not None:
        try:
            send_at = parse_send_at(given.send_at, now)
        except TimeError as error:
            problems.add_time("send_at", error)
    problems.stop()
    order = OutgoingOrder(Sender(sender), compose(given.text), recipients.numbers, given.iys_list, send_at)
    label = escape(given.label.strip(), 60) if given.label and given.label.strip() else None
    return _send_deed(order, given.message_type, sized, recipients, label, app)


async def _canonical(raws: list[str], app: ServerContext) -> Recipients:
    """`raws` made canonical; a long list in a thread, for 50,000 in any spelling take up to 400 ms."""
    international = app.settings.abroad
    if len(raws) <= SHORT_LIST:
        return parse_numbers(raws, international=international)
    return await to_thread.run_sync(lambda: parse_numbers(raws, international=international), abandon_on_cancel=True)


def _check_text(text: str, app: ServerContext, problems: Problems) -> Estimate:
    sized = estimate(text, app.settings.character_mode)
    if is_blank(text):
        problems.add("text", Text("must not be blank", "boş olamaz"))
    elif sized.too_long:
        problems.add(
            "text",
            Text(
                f"needs more than {MAX_PARTS} parts, the most that is accepted; shorten it",
                f"{MAX_PARTS} parçadan uzun; en çok {MAX_PARTS} kabul edilir; kısaltın",
            ),
        )
    return sized


def _check_type(given: SendArguments, sender: str, problems: Problems) -> None:
    if given.message_type == "commercial" and given.iys_list is None:
        problems.add(
            "iys_list",
            Text(
                "is required with commercial: BIREYSEL for consumers, TACIR for merchants; "
                "do not send this as transactional",
                "ticari iletide zorunlu: tüketiciler için BIREYSEL, tacirler için TACIR; "
                "bunu transactional olarak göndermeyin",
            ),
        )
    if given.message_type == "commercial" and sender == TEST_SENDER:
        problems.add(
            "sender",
            Text(
                "APITEST sends no commercial message: it asks İYS for nobody and replaces the text; "
                "do not send this as transactional",
                "APITEST ticari ileti göndermez: İYS'ye sormaz ve metni değiştirir; bunu transactional olarak göndermeyin",
            ),
        )
    if given.message_type == "transactional" and given.iys_list is not None:
        problems.add(
            "iys_list",
            Text(
                "belongs to commercial messages only; leave it out, or say commercial if the text promotes anything",
                "yalnızca ticari iletide kullanılır; çıkarın ya da metin bir şey tanıtıyorsa commercial deyin",
            ),
        )


_LABELS: dict[str, Text] = {
    "transactional": Text("transactional", "bilgilendirme (transactional)"),
    "commercial": Text("commercial", "ticari (commercial)"),
}


def _send_deed(
    order: OutgoingOrder,
    message_type: MessageType,
    sized: Estimate,
    recipients: Recipients,
    label: str | None,
    app: ServerContext,
) -> PendingChange:
    duplicates = recipients.duplicates
    people = len(order.recipients)
    price = sized.credits_at_most(people)
    to = plural(people, "recipient", "recipients", "alıcı")
    now = app.clock()
    headline = (
        Text("send one SMS to ", "tek bir SMS metni gönder: ")
        + to
        + ", "
        + _LABELS[message_type]
        + (f" {order.iys_list}" if order.iys_list else "")
        + ", "
        + (Text("now, ", "hemen, ") + describe_time(now) if order.send_at is None else describe_time(order.send_at))
        + Text(", at most ", ", en çok ")
        + plural(price, "credit", "credits", "kredi")
        + "."
    )
    details = [
        Text("Sender: ", "Başlık: ") + order.sender,
        Text("To: ", "Alıcılar: ") + ", ".join(order.recipients[:FIRST]),
        Text("Length: ", "Uzunluk: ") + describe_estimate(sized),
        meaning(message_type, order.iys_list),
    ]
    if people > FIRST:
        details[1] += Text(" and ", " ve ") + count(people - FIRST) + Text(" more", " alıcı daha")
    if duplicates:
        details.append(Text("Duplicates removed: ", "Çıkarılan yinelenmiş numara: ") + count(duplicates))
    if label is not None:
        details.append(Text("Label (stays here): ", "Etiket (burada kalır): ") + label)
    seen = (app.recent_reads.tell_balance(price, now), app.recent_reads.tell_sender(order.sender, now))
    refusals = tuple(told.text for told in seen if told is not None and told.against)
    details += [told.text for told in seen if told is not None and not told.against]
    details += _as_it_arrives(sized)

    async def execute(client: ApiClient, on_sent: OnSent) -> Done:
        order_id = await client.call(provider.SEND_SMS, order, on_sent=on_sent)
        return Done(
            Text("Accepted as order ", "Kabul edildi, sipariş ")
            + order_id
            + Text(" for ", ": ")
            + to
            + Text(", at most ", ", en çok ")
            + plural(price, "credit", "credits", "kredi")
            + (
                Text("; accepted is not delivered.", "; kabul edilmesi iletildiği anlamına gelmez.")
                if order.send_at is None
                else Text("; scheduled for ", "; gönderim zamanı ") + describe_time(order.send_at) + "."
            ),
            Text(
                f"Call get_report with order_id {order_id} in a minute to see what was delivered.",
                f"İletim durumunu görmek için bir dakika sonra order_id {order_id} ile get_report çağırın.",
            )
            if order.send_at is None
            else Text(
                f"It can be cancelled with cancel_order (order_id {order_id}) until then.",
                f"O zamana kadar cancel_order ile iptal edilebilir (order_id {order_id}).",
            ),
            order_id,
        )

    when = order.send_at or now
    cautions = warnings(order.text, message_type=message_type, iys_list=order.iys_list, when=when, sender=order.sender)
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
        preview=Preview(headline, (*refusals, *_emptiness(sized), *cautions), tuple(details), order.text),
        answer_fields={
            "recipients": people,
            "duplicates": duplicates,
            "sender": order.sender,
            "message_type": message_type,
            "send_at": order.send_at.isoformat(timespec="minutes") if order.send_at else "now",
            "alphabet": sized.dearest.rendering.alphabet.value,
            "parts": sized.parts,
            "credits": price,
            "label": label,
        },
        how_to_verify=Text("Look with get_reports (today) for an order of ", "get_reports ile (bugün) şuna bakın: ")
        + to
        + Text(" from ", ", başlık ")
        + order.sender
        + Text(" submitted about ", ", yaklaşık ")
        + now.strftime("%H:%M")
        + Text("; tell the user what you find.", "; bulduğunuzu kullanıcıya söyleyin."),
        execute=execute,
        count=people,
        message=Message(
            text=order.text,
            recipients=order.recipients,
            recipients_digest=recipients.recipients_digest,
            sender=order.sender,
            message_type=message_type,
            iys_list=order.iys_list,
            send_at=order.send_at,
            credits=price,
            label=label,
        ),
    )


_MODES: dict[CharacterMode, Text] = {
    CharacterMode.ENGLISH: Text("English", "İngilizce"),
    CharacterMode.TURKISH: Text("Turkish", "Türkçe"),
    CharacterMode.UNICODE: Text("Unicode", "Unicode"),
}


def _as_it_arrives(sized: Estimate) -> list[Text]:
    """The text as it will arrive, for each mode that changes it."""
    return [
        Text("Arrives in ", "")
        + _MODES[reading.mode]
        + Text(" mode as: ", " modda şöyle ulaşır: ")
        + escape(reading.rendering.text)
        for reading in sized.readings
        if reading.rendering.changed and not reading.rendering.empty
    ]


def _emptiness(sized: Estimate) -> tuple[Text, ...]:
    if not sized.arrives_empty:
        return ()
    return (
        Text(
            "In English mode nothing of this text would be left: the message would arrive empty.",
            "İngilizce modda bu metinden geriye bir şey kalmaz: mesaj boş gider.",
        ),
    )


async def plan_cancel(given: CancelArguments, app: ServerContext) -> PendingChange:
    """The deed of a `cancel_order` call; makes no request.

    Raises :class:`PreconditionError` for an order of which nothing is known here: nobody could say what they confirm.
    """
    order_id = OrderId(given.order_id)
    known = await _known_of(order_id, app)
    if known is None:
        raise PreconditionError(
            Text(
                f"Nothing was done: nothing is known here of order {order_id}, so nobody could see what they confirm.",
                f"Hiçbir şey yapılmadı: {order_id} numaralı sipariş burada bilinmiyor, kimse neyi onayladığını göremez.",
            ),
            Text(
                f"Read it first with get_report (order_id {order_id}), then call this again.",
                f"Önce get_report ile okuyun (order_id {order_id}), sonra bunu yeniden çağırın.",
            ),
        )

    async def execute(client: ApiClient, on_sent: OnSent) -> Done:
        await client.call(provider.CANCEL_ORDER, order_id, on_sent=on_sent)
        return Done(
            Text(f"Order {order_id} is cancelled.", f"{order_id} numaralı sipariş iptal edildi."),
            Text(
                "get_report shows it as not sent; tell the user.",
                "get_report onu gönderilmedi diye gösterir; kullanıcıya söyleyin.",
            ),
            order_id,
        )

    return PendingChange(
        tool="cancel_order",
        canonical={"order_id": order_id},
        preview=Preview(
            Text(
                f"cancel order {order_id}, which cannot be undone.",
                f"{order_id} numaralı siparişi iptal et; geri alınamaz.",
            ),
            details=(
                *known,
                Text(
                    "Only a scheduled order that has not begun to go out can be cancelled.",
                    "Yalnızca gönderimi başlamamış, ileri tarihli bir sipariş iptal edilebilir.",
                ),
            ),
        ),
        answer_fields={"order_id": order_id},
        how_to_verify=Text(
            f"Look with get_report (order_id {order_id}): not sent means that it was cancelled.",
            f"get_report ile bakın (order_id {order_id}): gönderilmedi ise iptal edilmiştir.",
        ),
        execute=execute,
        order_id=order_id,
    )


async def _known_of(order_id: OrderId, app: ServerContext) -> list[Text] | None:
    """What the ledger and earlier reports told of an order; None where neither knows it."""
    known: list[Text] = []
    attempt = await app.records.order(order_id)
    if attempt is not None and attempt.send is not None:
        sent = attempt.send
        when = Text("at once", "hemen") if sent.send_at is None else Text("for ", "") + describe_time(sent.send_at)
        known.append(
            Text("Sent from here ", "Buradan gönderildi: ")
            + describe_time(attempt.started)
            + ", "
            + when
            + ", "
            + plural(attempt.count, "recipient", "recipients", "alıcı")
            + f", {sent.sender}, "
            + _LABELS[sent.message_type]
            + (f", “{sent.label}”" if sent.label else "")
        )
    if (seen := app.recent_reads.order(order_id)) is not None:
        told = (
            Text("scheduled, its time has not come", "ileri tarihli, zamanı gelmedi")
            if seen.summary is None
            else tell_order(seen.summary, app.clock())
        )
        known.append(Text("Report of ", "Rapor, ") + describe_time(seen.at) + ": " + told)
    return known or None


SEND_SMS = change_tool(
    name="send_sms",
    title="Send an SMS",
    description="Sends one text to one or many numbers. Costs one credit per part and recipient; cannot be called "
    "back. The first call sends nothing: it answers with a preview (recipients, parts, credits, time) and "
    "a code; the same call with the code in confirm sends. Personal texts: one call each. done is "
    "accepted, not delivered: see get_report. unknown may have been sent: look in get_reports, do not "
    "repeat. cancel_order stops a scheduled one.",
    arguments=SendArguments,
    answer=SendAnswer,
    idempotent=False,
    plan=plan_send,
    confirm=lambda given: given.confirm,
)

CANCEL_ORDER = change_tool(
    name="cancel_order",
    title="Cancel an order",
    description="Stops a scheduled order before it goes out, for good. Free. Read it with get_report first: one that "
    "is being sent cannot be stopped. First call: a preview and a code; again with the code in confirm, it cancels.",
    arguments=CancelArguments,
    answer=CancelAnswer,
    idempotent=True,
    plan=plan_cancel,
    confirm=lambda given: given.confirm,
)
