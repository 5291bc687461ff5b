"""Cancelling an order that has not gone out: `cancel_order`."""

from __future__ import annotations

from functools import partial

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview
from iletimerkezi_mcp.language import TELL_USER, Text, for_onlooker, plural, sentences
from iletimerkezi_mcp.ledger.attempts import Attempt, Send
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted

from .answers import ChangeAnswer
from .arguments import ChangeArguments
from .context import ServerContext
from .errors import PreconditionError
from .fields import ASKS_FIRST, ConfirmArgument, DryRunArgument, OrderIdArgument
from .order_status import describe_order, order_facts
from .send_preview import MESSAGE_TYPES
from .tool import ChangeTool


class CancelArguments(ChangeArguments):
    order_id: OrderIdArgument
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None


class CancelAnswer(ChangeAnswer):
    order_id: str | None = None


_UNKNOWN_ORDER = Text(
    "Nothing was done: this server does not know what order {order_id} is, so a preview could not show it.",
    "Hiçbir şey yapılmadı: {order_id} numaralı gönderimin ne olduğu bu sunucuda bilinmiyor; onaydan önce ayrıntısı "
    "gösterilemez.",
)
_READ_FIRST = Text(
    "Only get_reports can tell time, recipients and sender of an order that is still scheduled: list the day on which it "
    "was submitted, then call this again.",
    "İleri tarihli bir gönderimin zamanını, alıcı sayısını ve başlığını yalnızca get_reports gösterir: verildiği günü "
    "listeleyin, sonra bunu yeniden çağırın.",
)
_SENT_AT_ONCE = Text(
    "It was sent at once, not scheduled, so it has probably gone out; the provider refuses then.",
    "İleri tarihli değildi, hemen gönderildi; büyük olasılıkla gitti ve sağlayıcı iptali reddeder.",
)
_CANCELLED = Text("Order {order_id} is cancelled.", "{order_id} numaralı gönderim iptal edildi.")
_SHOWN_AS_NOT_SENT = sentences(
    TELL_USER,
    for_onlooker(
        Text(
            "get_report shows it as not sent. It is not documented if its credits are charged: get_balance shows it.",
            "get_report bu gönderimi “gönderilmedi” olarak gösterir. Kredilerinin ne olduğu belgelenmemiş: get_balance "
            "gösterir.",
        ),
        "It is not documented if its credits are charged: ask in the chat for the balance.",
        "Kredilerinin ne olduğu belgelenmemiş: bakiyeyi sohbette sorun.",
    ),
)


CANNOT_BE_UNDONE = Text("A cancelled SMS order cannot be brought back.", "İptal edilen SMS gönderimi geri getirilemez.")
ONLY_SCHEDULED = Text(
    "Only a scheduled order that has not begun to go out can be cancelled.",
    "Yalnızca henüz başlamamış, ileri tarihli bir gönderim iptal edilebilir.",
)


async def cancel(order_id: OrderId, client: ApiClient, on_sent: OnSent) -> Acceptance:
    """Cancel an order. Raises :class:`.ApiError`."""
    await client.call(provider.CANCEL_ORDER, order_id, on_sent=on_sent)
    return Acceptance(_CANCELLED.format(order_id=order_id), _SHOWN_AS_NOT_SENT, order_id)


async def plan_cancel(arguments: CancelArguments, context: ServerContext) -> PendingChange:
    """Return the change of a `cancel_order` call; makes no request.

    Raises :class:`.PreconditionError` for an order of which nothing is known here: a preview could not say what it is.
    """
    order_id = OrderId(arguments.order_id)
    attempt = (await context.ledger.orders([order_id])).get(order_id)
    details = await _details(order_id, attempt, context)
    if not details:
        raise PreconditionError(_UNKNOWN_ORDER.format(order_id=order_id), _READ_FIRST)

    return PendingChange(
        tool="cancel_order",
        canonical={"order_id": order_id},
        preview=Preview(
            Text(
                "cancel SMS order {order_id}, which cannot be undone.",
                "{order_id} numaralı SMS gönderimi iptal edilecek; bu işlem geri alınamaz.",
            ).format(order_id=order_id),
            warnings=() if attempt is None or attempt.send is None or attempt.send.send_at else (_SENT_AT_ONCE,),
            details=tuple(details),
            advice=(ONLY_SCHEDULED,),
        ),
        answer_fields={"order_id": order_id},
        how_to_verify=provider.CANCEL_ORDER.how_to_verify(order_id),
        execute=partial(cancel, order_id),
        order_id=order_id,
        question=Text("Do you want to cancel this SMS order?", "Bu SMS gönderiminin iptalini onaylıyor musunuz?"),
        caution=CANNOT_BE_UNDONE,
        owner=None if attempt is None else attempt.identity.principal,
    )


async def _details(order_id: OrderId, attempt: Attempt | None, context: ServerContext) -> list[Text]:
    """Return what the ledger and earlier reads say of an order; nothing if neither can tell what it is."""
    details = []
    if attempt is not None and attempt.send is not None:
        details.append(_describe_attempt(attempt, attempt.send))
    if (read := context.recent_reads.order(order_id)) is not None and read.summary is not None:
        state = describe_order(read.summary, context.clock(), scheduled=read.scheduled)
        facts = Text.join(", ", [state, *order_facts(read.summary, attempt)])
        details.append(
            Text("Read at {time}: {facts}", "{time} itibarıyla: {facts}").format(
                time=describe_time(read.at), facts=facts
            )
        )
    return details


def _describe_attempt(attempt: Attempt, send: Send) -> Text:
    facts: list[Text | str] = [
        Text("at once", "hemen")
        if send.send_at is None
        else Text("for {time}", "gönderim zamanı {time}").format(time=describe_time(send.send_at)),
        plural(attempt.count, "recipient", "recipients", "alıcı"),
        quoted(send.sender),
        MESSAGE_TYPES[send.message_type],
        *([f"“{send.label}”"] if send.label else []),
    ]
    return Text("Sent from here at {time}: {facts}", "Buradan gönderildi ({time}): {facts}").format(
        time=describe_time(attempt.started), facts=Text.join(", ", facts)
    )


CANCEL_ORDER = ChangeTool(
    name="cancel_order",
    title="Cancel an order",
    description="Cancels a scheduled SMS order before it goes out, for good; one that is being sent cannot be stopped. Free. To "
    "change its text or time, cancel it and send anew. An order that was not sent from here is refused until get_reports has "
    f"shown it. {ASKS_FIRST}",
    summary=Text("stops a scheduled order", "ileri tarihli bir gönderimi durdurur"),
    arguments=CancelArguments,
    answer=CancelAnswer,
    idempotent=True,
    plan=plan_cancel,
    example={"order_id": "312891245"},
)
