"""Cancelling what a campaign still has scheduled, and ending its rest: `cancel_campaign`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries, SeriesStopped, Step
from iletimerkezi_mcp.language import UNSAID, Text, plural, sentences, verbatim
from iletimerkezi_mcp.ledger.campaigns import Campaign
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.errors import ApiError
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted

from .answers import SeriesAnswer
from .arguments import ChangeArguments, argument
from .campaigns import ORDERS_LISTED, SEE_ORDERS, find_campaign
from .cancel import CANNOT_BE_UNDONE, ONLY_SCHEDULED, cancel
from .context import ServerContext
from .errors import PreconditionError
from .fields import ASKS_FIRST, ConfirmArgument, DryRunArgument, capped_text
from .paging import first_of
from .tool import ChangeTool

ORDERS_NAMED = 10
"""The most orders that a sentence or a preview names."""

NOT_ANY_MORE = 455
"""The provider's code for an order that cannot be cancelled (contract, section 4)."""


class CancelCampaignArguments(ChangeArguments):
    campaign: Annotated[str, capped_text(40, "E.g. k-3f9a2c.")]
    dry_run: DryRunArgument = False
    confirm: ConfirmArgument | None = None


class CancelCampaignAnswer(SeriesAnswer):
    """Order numbers, by what came of each, at most 50 of a kind. `left` counts the recipients who are never handed over now."""

    campaign: str | None = None
    cancelled: list[str] | None = None
    not_cancelled: list[str] | None = None
    unknown: list[str] | None = None
    left: int | None = None


async def plan_cancel_campaign(arguments: CancelCampaignArguments, context: ServerContext) -> PendingSeries:
    """Return the change of a `cancel_campaign` call; makes no request.

    Raises :class:`.PreconditionError` if there is no such campaign, or nothing of it that could be stopped.
    """
    campaign = await find_campaign(arguments.campaign, context)
    orders = _scheduled(campaign, context.clock())
    look = _LOOK.format(campaign=argument("campaign", campaign.name))
    if not (orders or campaign.running or campaign.can_continue):
        raise PreconditionError(_NOTHING_TO_STOP.format(campaign=campaign.name), look)
    cancellation = _Cancellation(campaign.name, look, context)
    return PendingSeries(
        tool="cancel_campaign",
        canonical={"campaign": campaign.name},
        # While it is sent its orders become more: the yes is to all of them.
        preview_conditions={"running": True} if campaign.running else {"orders": [*orders], "left": campaign.left},
        preview=_preview(campaign, orders),
        answer_fields={"campaign": campaign.name},
        how_to_verify=look,
        question=Text("Do you want to cancel this campaign?", "Bu kampanyanın iptalini onaylıyor musunuz?"),
        caution=CANNOT_BE_UNDONE,
        owner=campaign.steps[-1].identity.principal if campaign.steps else None,
        run=cancellation.run,
        fields=cancellation.fields,
        steps=None if campaign.running else len(orders),
    )


class _Cancellation:
    """The cancelling of a campaign's orders, one by one, as far as it has come."""

    def __init__(self, campaign: str, look: Text, context: ServerContext) -> None:
        self._campaign = campaign
        self._see = look
        self._context = context
        self._orders: dict[str, list[str]] = {"cancelled": [], "not_cancelled": [], "unknown": []}
        self._left = 0
        self._is_being_sent = False

    def fields(self) -> dict[str, Any]:
        """Return the fields of the answer as they are now."""
        return {**{kind: orders[:ORDERS_LISTED] for kind, orders in self._orders.items()}, "left": self._left}

    async def run(self, step: Step) -> Acceptance:
        """End the campaign, so that no further order of it is made, and then cancel its scheduled orders."""
        cancelled, not_cancelled, unknown = self._orders.values()
        failure: ApiError | None = None
        await self._context.ledger.cancel_campaign(self._campaign)
        # One may be accepted while the campaign is ended.
        while waiting := [one for one in await self._look() if one not in cancelled + not_cancelled + unknown]:
            result = await step(_cancel_step(waiting[0]))
            if result.outcome == "done":
                cancelled.append(waiting[0])
            elif result.outcome == "unknown":
                unknown.append(waiting[0])
            elif result.error is None or result.error.code == NOT_ANY_MORE:
                not_cancelled.append(waiting[0])
            else:
                # The others would fare the same.
                failure = result.error
                not_cancelled += waiting
        reasons = (
            _CANCELLED.format(campaign=self._campaign, number=len(cancelled)),
            _REST.format(number=self._left) if self._left else None,
            _NOT_CANCELLED.format(orders=_named(not_cancelled)) if not_cancelled else None,
            None if failure is None else failure.reason,
            _UNKNOWN.format(orders=_named(unknown)) if unknown else None,
        )
        summary = sentences(*(reason for reason in reasons if reason is not None))
        if self._is_being_sent:
            raise SeriesStopped(summary, _CALL_AGAIN, "unknown")
        if unknown or not_cancelled:
            raise SeriesStopped(summary, self._see, "unknown" if unknown else "stopped")
        return Acceptance(summary, self._see)

    async def _look(self) -> list[str]:
        campaign = await find_campaign(self._campaign, self._context)
        self._left = campaign.left
        self._is_being_sent = any(step.state == "in_flight" for step in campaign.steps)
        return list(_scheduled(campaign, self._context.clock()))


def _named(orders: Sequence[str]) -> Text:
    """Return the numbers of `orders`, of many the first ones and how many they are."""
    named = first_of(orders, ORDERS_NAMED)
    return _COUNTED.format(orders=named, number=len(orders)) if len(orders) > ORDERS_NAMED else verbatim(named)


def _cancel_step(order_id: str) -> PendingChange:
    return PendingChange(
        tool="cancel_campaign",
        canonical={"order_id": order_id},
        preview=Preview(UNSAID),
        answer_fields={},
        how_to_verify=provider.CANCEL_ORDER.how_to_verify(OrderId(order_id)),
        execute=partial(cancel, OrderId(order_id)),
        order_id=order_id,
    )


def _scheduled(campaign: Campaign, now: datetime) -> dict[str, Text]:
    """Return the accepted orders whose time has not come, each with a line for the preview.

    If this machine's clock was set since, it may have come by the clock of then alone, or by that of now.
    """
    return {
        step.order_id: _ORDER.format(
            order_id=step.order_id,
            recipients=plural(step.count, "recipient", "recipients", "alıcı"),
            time=describe_time(step.send.send_at),
        )
        for step in campaign.steps
        if step.state == "done"
        and step.order_id
        and step.send
        and step.send.send_at
        and step.send.send_at > min(now, now - (step.corrected_start - step.started))
    }


def _preview(campaign: Campaign, orders: Mapping[str, Text]) -> Preview:
    others = sum(step.state in ("done", "unknown", "in_flight") for step in campaign.steps) - len(orders)
    headline = _END.format(campaign=campaign.name, file=quoted(campaign.file))
    if orders:
        headline = _HEADLINE.format(
            campaign=campaign.name,
            file=quoted(campaign.file),
            orders=plural(len(orders), "scheduled order", "scheduled orders", "ileri tarihli gönderim"),
        )
    return Preview(
        headline,
        warnings=(
            *((_RUNNING,) if campaign.running else ()),
            *((_OTHERS.format(number=others),) if others else ()),
        ),
        details=(
            *[*orders.values()][:ORDERS_NAMED],
            *((_REST.format(number=campaign.left),) if campaign.left else ()),
        ),
        advice=(ONLY_SCHEDULED,),
    )


_NOTHING_TO_STOP = Text(
    "Campaign {campaign} has no scheduled order and nothing left that could be stopped.",
    "{campaign} kampanyasında ileri tarihli gönderim de durdurulacak başka bir şey de yok.",
)
_LOOK = sentences(
    SEE_ORDERS,
    Text(
        "Cancelled or not sent means that nobody gets the order.",
        "“İptal edildi” ya da “gönderilmedi” ise o gönderim kimseye gitmez.",
    ),
)
_HEADLINE = Text(
    "cancel campaign {campaign} (list {file}), {orders}, which cannot be undone.",
    "{campaign} kampanyası ({file} listesi), {orders} iptal edilecek; bu işlem geri alınamaz.",
)
_END = Text(
    "end campaign {campaign} (list {file}), none of whose orders is scheduled.",
    "{campaign} kampanyası ({file} listesi) bitirilecek; ileri tarihli gönderimi yok.",
)
_RUNNING = Text(
    "It is being sent now: no further order is made after the one under way.",
    "Şu anda gönderiliyor: yoldaki gönderimden sonra yenisi verilmez.",
)
_OTHERS = Text(
    "Orders that are gone, or may be, and that nothing can stop: {number}.",
    "Giden ya da gitmiş olabilecek, artık durdurulamayacak gönderim: {number}.",
)
_ORDER = Text("Order {order_id}: {recipients}, {time}", "Gönderim no {order_id}: {recipients}, {time}")
_REST = Text(
    "Recipients who have not been handed over, and will not be: {number}.",
    "Gönderime verilmemiş ve artık verilmeyecek alıcı: {number}.",
)
_CANCELLED = Text(
    "Campaign {campaign} is ended; orders cancelled: {number}.",
    "{campaign} kampanyası bitirildi; iptal edilen gönderim: {number}.",
)
_NOT_CANCELLED = Text("Not cancelled: {orders}.", "İptal edilemeyen: {orders}.")
_COUNTED = Text("{orders} ({number})", "{orders} ({number})")
_UNKNOWN = Text("Of unknown outcome: {orders}.", "Sonucu bilinmeyen: {orders}.")
_CALL_AGAIN = Text(
    "One order is being handed over at this moment and may be accepted: call this again in a minute, to cancel it too.",
    "Bir gönderim tam şu anda veriliyor, kabul edilebilir: onu da iptal etmek için bir dakika sonra yeniden çağırın.",
)

CANCEL_CAMPAIGN = ChangeTool(
    name="cancel_campaign",
    title="Cancel a campaign",
    description=f"Ends a campaign: cancels each order still scheduled, drops the rest. Free. {ASKS_FIRST}",
    summary=Text(
        "cancels all scheduled orders of a campaign and ends its rest",
        "kampanyanın ileri tarihli bütün gönderimlerini iptal eder, kalanını bitirir",
    ),
    arguments=CancelCampaignArguments,
    answer=CancelCampaignAnswer,
    idempotent=True,
    plan=plan_cancel_campaign,
    example={"campaign": "k-3f9a2c"},
)
