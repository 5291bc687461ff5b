"""The run of a confirmed campaign: its orders, one after the other, until all are accepted or one is not."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, Literal, cast

import anyio
from anyio import to_thread

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview, PreviewExpiry
from iletimerkezi_mcp.confirmation.pending_series import SeriesStopped, Step, StepResult
from iletimerkezi_mcp.language import Text, for_model, for_onlooker, plural, sentences
from iletimerkezi_mcp.ledger.attempts import PendingMessage
from iletimerkezi_mcp.lists.division import Slice
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.errors import ApiError, Refused
from iletimerkezi_mcp.provider.orders import (
    REPORTS_PAGE_SIZE,
    OrderId,
    OrdersQuery,
    OutgoingMessage,
    OutgoingOrder,
    ReportQuery,
)
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.clock import ISTANBUL, describe_time
from iletimerkezi_mcp.sms.numbers import PhoneNumber
from iletimerkezi_mcp.sms.times import MIN_SEND_LEAD

from .arguments import argument
from .campaigns import HOW_TO_CONTINUE, ORDERS_LISTED, SEE_ORDERS, settle_first
from .list_text import CampaignPlan
from .paging import first_of

StoppedOutcome = Literal["stopped", "unknown"]

CHECKS = 10
"""The number of times that the list of orders is read until it shows an order with its total."""

CHECK_PAUSE = 3.0
"""Seconds between two of them."""

CHECK_SECONDS = 60
"""Seconds that all of them may take."""

ORDERS_NAMED = 5
"""Orders that a sentence names."""

PAGES_READ = 40
"""Pages of a day's orders that are searched for one."""


def order_step(
    message: PendingMessage, order: OutgoingOrder, number: int, now: datetime, expiry: PreviewExpiry | None = None
) -> PendingChange:
    """Return the change that makes `order`, which is the step of this number, from 1; `expiry` is the whole preview's."""

    async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
        order_id = await client.call(provider.SEND_SMS, order, on_sent=on_sent)
        return Acceptance(_ACCEPTED.format(order_id=order_id), _LOOK_LATER, order_id)

    return PendingChange(
        tool="send_list",
        canonical={"step": number, "recipients": message.recipients_digest.hex(), "sender": message.sender},
        preview=Preview(_STEP.format(number=number)),
        answer_fields={},
        how_to_verify=provider.SEND_SMS.how_to_verify(order).format(day=f"{now.astimezone(ISTANBUL):%Y-%m-%d}"),
        execute=execute,
        count=len(message.recipients),
        counted="recipients",
        message=message,
        preview_expiry=expiry,
    )


class CampaignRun:
    """The orders of a campaign, as far as they have come."""

    def __init__(self, plan: CampaignPlan, expiry: PreviewExpiry | None) -> None:
        self._plan = plan
        self._expiry = expiry
        self._context = plan.context
        self._results: list[StepResult] = []
        self._begun = plan.context.clock()

    def fields(self) -> dict[str, Any]:
        """Return the fields of the answer as they are now."""
        orders = [
            order_fields(result, piece.recipients)
            for piece, result in zip(self._plan.slices, self._results, strict=False)
        ]
        # The run ends with the first order that is not accepted.
        return {"campaign": self._plan.name, "orders": [*orders[:ORDERS_LISTED], *orders[ORDERS_LISTED:][-1:]]}

    async def __call__(self, step: Step) -> Acceptance:
        """Make one order after the other. Raises :class:`.SeriesStopped` at the first that is not accepted."""
        for number, piece in enumerate(self._plan.slices, 1):
            if (obstacle := await self._obstacle()) is not None:
                word, reason = obstacle
                raise self._stopped(reason, word=word)
            now = self._begun = self._context.clock()
            message, order = await to_thread.run_sync(self._order, piece)
            result = await step(order_step(message, order, number, now, self._expiry))
            self._results.append(result)
            if result.outcome != "done":
                raise self._stopped(failure_reason(result), stopped_outcome(result), word=result.outcome)
            if piece.is_cautious and result.order_id is not None:
                await self._check_total(result.order_id, piece, now)
        return self._finished()

    async def _obstacle(self) -> tuple[str, Text] | None:
        """Return why the next order may not be made, in a word and a sentence: another file, or the time has passed."""
        now = self._context.clock()
        if self._expiry is not None and now >= self._expiry.at:
            return "expired", _EXPIRED.format(reason=self._expiry.reason)
        if self._plan.terms.send_at is not None and self._plan.terms.send_at < now + MIN_SEND_LEAD:
            return "too_late", _TOO_LATE.format(time=describe_time(self._plan.terms.send_at))
        changed = await self._plan.filled.changed()
        return None if changed is None else ("file", changed)

    def _order(self, piece: Slice) -> tuple[PendingMessage, OutgoingOrder]:
        """Return the order of a slice, in which each text is once, with all to whom it goes."""
        filling, positions = self._plan.filled.filling, self._plan.positions[piece.start : piece.stop]
        message = self._plan.message.part(piece.start, piece.stop, filling.credits(positions))
        recipients = cast("tuple[PhoneNumber, ...]", message.recipients)
        if piece.texts == 1:
            return message, self._plan.terms.order((OutgoingMessage(filling.text(positions[0]), recipients),))
        by_text: dict[int, list[PhoneNumber]] = {}
        for position, number in zip(positions, recipients, strict=True):
            by_text.setdefault(filling.text_numbers[position], []).append(number)
        messages = tuple(OutgoingMessage(filling.texts[text], tuple(group)) for text, group in by_text.items())
        return message, self._plan.terms.order(messages)

    async def _check_total(self, order_id: str, piece: Slice, submitted: datetime) -> None:
        """Go on only if the list of orders shows this order with as many recipients as it has.

        With fewer, its report must show most of its texts: the blacklist and İYS take people out, not texts.
        """
        recipients, shown = piece.recipients, None
        # Well within the time after which a campaign without a step counts as interrupted.
        with anyio.move_on_after(CHECK_SECONDS):
            for check in range(CHECKS):
                await anyio.sleep(CHECK_PAUSE if check else 0)
                try:
                    shown = await self._total(order_id, submitted) or shown
                    whole = shown == recipients or (
                        shown is not None and shown < recipients and await self._shows_most_texts(order_id, piece)
                    )
                except ApiError as error:
                    reason = _NOT_CHECKED.format(order_id=order_id, reason=error.reason)
                    raise self._stopped(reason, word="unread") from None
                if whole:
                    await self._context.ledger.record_several_texts_proven()
                    return
        if shown is None:
            raise self._stopped(_NOT_SHOWN.format(order_id=order_id), word="unread")
        reason = _WRONG_TOTAL.format(
            order_id=order_id,
            shown=plural(shown, "recipient", "recipients", "alıcı"),
            recipients=plural(recipients, "recipient", "recipients", "alıcı"),
        )
        raise self._stopped(reason, word="wrong_total")

    async def _shows_most_texts(self, order_id: str, piece: Slice) -> bool:
        """Return whether the order's report shows recipients of at least half of its texts, and nobody else."""
        try:
            report = await self._context.client.call(provider.GET_REPORT, ReportQuery(OrderId(order_id)))
        except Refused:
            return False
        numbers, text_numbers = self._plan.filled.numbers, self._plan.filled.filling.text_numbers
        texts: dict[str, int] = {
            numbers[row]: text_numbers[row] for row in self._plan.positions[piece.start : piece.stop]
        }
        shown = {row.number for row in report.rows}
        return shown <= texts.keys() and 2 * len({texts[number] for number in shown}) >= piece.texts

    async def _total(self, order_id: str, submitted: datetime) -> int | None:
        """Return the recipients that the list of orders shows for an order; None if it does not show it yet."""
        start, end = (moment.astimezone(ISTANBUL).date() for moment in (submitted, self._context.clock()))
        page, total, pages = 1, None, 1
        while total is None and page <= min(pages, PAGES_READ):
            answer = await self._context.client.call(provider.GET_REPORTS, OrdersQuery(start, end, page))
            total = next((order.total for order in answer.orders if order.order_id == order_id), None)
            page, pages = page + 1, math.ceil(answer.count / REPORTS_PAGE_SIZE)
        return total

    def _finished(self) -> Acceptance:
        orders = plural(len(self._plan.slices), "order", "orders", "gönderim")
        recipients = plural(len(self._plan.positions), "recipient", "recipients", "alıcı")
        numbers = self._accepted_numbers()
        facts: dict[str, Text | str] = {
            "campaign": self._plan.name,
            "orders": orders,
            "numbers": numbers,
            "recipients": recipients,
        }
        if self._plan.terms.send_at is None:
            summary = _ALL_ACCEPTED.format(**facts)
        else:
            summary = _ALL_SCHEDULED.format(**facts, time=describe_time(self._plan.terms.send_at))
        name = self._plan.name
        next_step = _SAY_ACCEPTED.format(campaign=name, argument=argument("campaign", name))
        if self._plan.terms.message_type == "commercial":
            next_step = sentences(next_step, REFUSALS)
        return Acceptance(summary, next_step)

    def _accepted_numbers(self) -> str:
        numbers = [result.order_id for result in self._results if result.outcome == "done" and result.order_id]
        return first_of(numbers, ORDERS_NAMED) or "-"

    def _stopped(self, reason: Text, outcome: StoppedOutcome = "stopped", *, word: str) -> SeriesStopped:
        parts = list(zip(self._plan.slices, self._results, strict=False))
        accepted, unknown = (
            [piece.recipients for piece, result in parts if result.outcome == each] for each in ("done", "unknown")
        )
        left = len(self._plan.positions) - sum(accepted) - sum(unknown)
        counts = {"accepted": sum(accepted), "unknown": sum(unknown), "left": left}
        reasons = [_STOPPED.format(campaign=self._plan.name, **counts), reason]
        if accepted:
            orders = plural(len(self._plan.slices), "order", "orders", "gönderim")
            numbers = self._accepted_numbers()
            reasons.insert(1, _ACCEPTED_OF.format(number=len(accepted), orders=orders, numbers=numbers))
        next_step = (HOW_TO_CONTINUE if left else SEE_ORDERS).format(campaign=argument("campaign", self._plan.name))
        if unknown:
            next_step = settle_first(self._begun)
        return SeriesStopped(sentences(*reasons), sentences(_SAY_WHICH, next_step), outcome, word=word)


def order_fields(result: StepResult, recipients: int) -> dict[str, Any]:
    """Return the fields of one order in an answer."""
    return {"order_id": result.order_id, "recipients": recipients, "outcome": result.outcome}


def stopped_outcome(result: StepResult) -> StoppedOutcome:
    """Return the outcome of a run that this step has ended."""
    return "unknown" if result.outcome == "unknown" else "stopped"


def failure_reason(result: StepResult) -> Text:
    """Return why a step is not done, as a sentence."""
    if result.overlap is not None:
        return _HELD_BACK.format(number=len(result.overlap.recipients), until=describe_time(result.overlap.until))
    if result.error is not None:
        return result.error.reason
    return _UNCLEAR


_STEP = Text("order {number} of a campaign", "kampanyanın {number}. gönderimi")
_ACCEPTED = Text("Accepted as order {order_id}.", "Kabul edildi, gönderim no {order_id}.")
_LOOK_LATER = for_onlooker(
    Text("get_report shows what was delivered.", "Nelerin iletildiğini get_report gösterir."),
    "Ask in the chat what was delivered.",
    "Nelerin iletildiğini sohbette sorun.",
)
_EXPIRED = Text("The preview is no longer right: {reason}.", "Önizleme artık doğru değil: {reason}.")
_TOO_LATE = Text(
    "The send time {time} is too near by now: an order could go out at once.",
    "Gönderim zamanına ({time}) artık çok az var: gönderim hemen yapılabilirdi.",
)
_HELD_BACK = Text(
    "{number} of the recipients of the next order have this text by now, or may have it, until {until}.",
    "Sıradaki gönderimin alıcılarından {number} kişide bu metin artık var ya da olabilir ({until} zamanına kadar).",
)
_UNCLEAR = Text(
    "The provider accepted the last one with the number of an earlier order.",
    "Sağlayıcı sonuncusunu daha önceki bir gönderimin numarasıyla kabul etti.",
)
_NOT_CHECKED = Text(
    "The total of order {order_id}, the first of several texts, could not be read: {reason}",
    "Farklı metinler içeren ilk gönderimin ({order_id}) toplamı okunamadı: {reason}",
)
_NOT_SHOWN = Text(
    "get_reports does not show order {order_id}, the first of several texts, so its total is not known.",
    "get_reports, farklı metinler içeren ilk gönderimi ({order_id}) göstermiyor; toplamı bilinmiyor.",
)
_WRONG_TOTAL = Text(
    "Order {order_id}, the first of several texts, shows {shown} where it has {recipients}: the provider may have "
    "sent something else than was handed over.",
    "Farklı metinler içeren ilk gönderim ({order_id}) {shown} gösteriyor, oysa {recipients} var: sağlayıcı "
    "verilenden başka bir şey göndermiş olabilir.",
)
_ALL_ACCEPTED = Text(
    "Campaign {campaign}: {orders} accepted ({numbers}), {recipients}; accepted is not delivered.",
    "{campaign} kampanyası: {orders} kabul edildi ({numbers}), {recipients}; kabul edilmesi iletildiği anlamına gelmez.",
)
_ALL_SCHEDULED = Text(
    "Campaign {campaign}: {orders} accepted ({numbers}), {recipients}; scheduled for {time}.",
    "{campaign} kampanyası: {orders} kabul edildi ({numbers}), {recipients}; gönderim zamanı {time}.",
)
_SAY_ACCEPTED = sentences(
    for_model(
        "Tell the user that it is accepted, and the name {campaign}.",
        "Kullanıcıya kabul edildiğini ve kampanyanın adını ({campaign}) söyleyin.",
    ),
    for_onlooker(
        Text(
            "get_campaigns with {argument} shows what came of it, and save_report writes it to a file.",
            "Sonucu {argument} ile get_campaigns gösterir, save_report dosyaya yazar.",
        ),
        "Ask in the chat what came of it, or for a file of it.",
        "Sonucu sohbette sorun ya da dosyaya yazılmasını isteyin.",
    ),
)
REFUSALS = Text(
    "Refusals that people send by SMS are read in the provider's panel only, and are due in İYS within three business days.",
    "Alıcıların SMS ile bildirdiği retler yalnızca sağlayıcının panelinde görünür ve üç iş günü içinde İYS'ye bildirilmelidir.",
)
_STOPPED = Text(
    "Campaign {campaign} has stopped. Recipients: accepted {accepted}, of unknown outcome {unknown}, never handed over {left}.",
    "{campaign} kampanyası durdu. Alıcılardan kabul edilen {accepted}, sonucu bilinmeyen {unknown}, sağlayıcıya hiç "
    "aktarılmayan {left}.",
)
_ACCEPTED_OF = Text(
    "{number} of {orders} accepted ({numbers}).", "Planlanan {orders}, kabul edilen {number} ({numbers})."
)
_SAY_WHICH = for_model(
    "Tell the user which orders were accepted.", "Hangi gönderimlerin kabul edildiğini kullanıcıya söyleyin."
)
