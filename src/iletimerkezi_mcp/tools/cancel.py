"""Cancelling an order that has not gone out: `cancel_order`."""

from __future__ import annotations

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview
from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.ledger.attempts import Attempt, Send
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.clock import describe_time

from .answers import ChangeAnswer
from .arguments import ChangeArguments
from .context import ServerContext
from .errors import PreconditionError
from .fields import ASKS_FIRST, ConfirmArgument, DryRunArgument, OrderIdArgument
from .order_status import describe_order
from .send_preview import MESSAGE_TYPES
from .tool import ChangeTool


class CancelArguments(ChangeArguments):
    order_id: OrderIdArgument
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None


class CancelAnswer(ChangeAnswer):
    order_id: str | None = None


_UNKNOWN_ORDER = Text(
    "Nothing was done: order {order_id} is not known to this server, so a preview could not show what it is.",
    "Hiçbir şey yapılmadı: {order_id} numaralı gönderim bu sunucuda bilinmiyor; onaydan önce ayrıntısı gösterilemez.",
)
_READ_FIRST = Text(
    "Read it first with get_report (order_id {order_id}), then call this again.",
    "Önce get_report ile okuyun (order_id {order_id}), sonra bunu yeniden çağırın.",
)
_CANCELLED = Text("Order {order_id} is cancelled.", "{order_id} numaralı gönderim iptal edildi.")
_SHOWN_AS_NOT_SENT = Text(
    "get_report shows it as not sent; tell the user.",
    "get_report bu gönderimi “gönderilmedi” olarak gösterir; kullanıcıya söyleyin.",
    person=Text("get_report shows it as not sent.", "get_report bu gönderimi “gönderilmedi” olarak gösterir."),
)


async def plan_cancel(arguments: CancelArguments, context: ServerContext) -> PendingChange:
    """Return the change of a `cancel_order` call; makes no request.

    Raises :class:`.PreconditionError` for an order of which nothing is known here: a preview could not say what it is.
    """
    order_id = OrderId(arguments.order_id)
    attempt = (await context.ledger.orders([order_id])).get(order_id)
    details = await _details(order_id, attempt, context)
    if not details:
        raise PreconditionError(_UNKNOWN_ORDER.format(order_id=order_id), _READ_FIRST.format(order_id=order_id))

    async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
        await client.call(provider.CANCEL_ORDER, order_id, on_sent=on_sent)
        return Acceptance(_CANCELLED.format(order_id=order_id), _SHOWN_AS_NOT_SENT, order_id)

    return PendingChange(
        tool="cancel_order",
        canonical={"order_id": order_id},
        preview=Preview(
            Text(
                "cancel order {order_id}, which cannot be undone.",
                "{order_id} numaralı gönderim iptal edilecek; bu işlem geri alınamaz.",
            ).format(order_id=order_id),
            details=(
                *details,
                Text(
                    "Only a scheduled order that has not begun to go out can be cancelled.",
                    "Yalnızca henüz başlamamış, ileri tarihli bir gönderim iptal edilebilir.",
                ),
            ),
        ),
        answer_fields={"order_id": order_id},
        how_to_verify=provider.CANCEL_ORDER.how_to_verify(order_id),
        execute=execute,
        order_id=order_id,
        question=Text(
            "Do you confirm that this SMS order is cancelled?", "Bu SMS gönderiminin iptalini onaylıyor musunuz?"
        ),
        caution=Text("A cancelled SMS order cannot be brought back.", "İptal edilen SMS gönderimi geri getirilemez."),
        owner=None if attempt is None else attempt.identity.principal,
    )


async def _details(order_id: OrderId, attempt: Attempt | None, context: ServerContext) -> list[Text]:
    """Return what the ledger and earlier reports say of an order; nothing if neither knows it."""
    details = []
    if attempt is not None and attempt.send is not None:
        details.append(_describe_attempt(attempt, attempt.send))
    if (report := context.recent_reads.order(order_id)) is not None:
        state = (
            Text("scheduled, its time has not come", "ileri tarihli, zamanı gelmedi")
            if report.summary is None
            else describe_order(report.summary, context.clock())
        )
        details.append(
            Text("Report read at {time}: {state}", "{time} tarihli rapor: {state}").format(
                time=describe_time(report.at), state=state
            )
        )
    return details


def _describe_attempt(attempt: Attempt, send: Send) -> Text:
    facts: list[Text | str] = [
        Text("at once", "hemen")
        if send.send_at is None
        else Text("for {time}", "gönderim zamanı {time}").format(time=describe_time(send.send_at)),
        plural(attempt.count, "recipient", "recipients", "alıcı"),
        send.sender,
        MESSAGE_TYPES[send.message_type],
        *([f"“{send.label}”"] if send.label else []),
    ]
    return Text("Sent from here at {time}: {facts}", "Buradan gönderildi ({time}): {facts}").format(
        time=describe_time(attempt.started), facts=Text.join(", ", facts)
    )


CANCEL_ORDER = ChangeTool(
    name="cancel_order",
    title="Cancel an order",
    description="Cancels a scheduled SMS order before it goes out, for good; one that is being sent cannot be stopped. "
    "Free. To change its text or time, cancel it and send anew. An order not sent from here: read get_reports first, "
    f"which tells time and recipients. {ASKS_FIRST}",
    summary=Text("stops a scheduled order", "ileri tarihli bir gönderimi durdurur"),
    arguments=CancelArguments,
    answer=CancelAnswer,
    idempotent=True,
    plan=plan_cancel,
    example={"order_id": "312891245"},
)
