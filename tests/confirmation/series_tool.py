"""A small tool whose change is a series: one text to several people, some of them in each order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from iletimerkezi_mcp.confirmation.pending_change import Acceptance, PendingChange, Preview, PreviewExpiry
from iletimerkezi_mcp.confirmation.pending_series import PendingSeries, SeriesStopped, Step
from iletimerkezi_mcp.language import Text, verbatim
from iletimerkezi_mcp.ledger.attempts import PendingCampaign, PendingMessage
from iletimerkezi_mcp.provider import orders as provider
from iletimerkezi_mcp.provider.client import ApiClient
from iletimerkezi_mcp.provider.orders import OutgoingMessage, OutgoingOrder, Sender
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.sms.numbers import PhoneNumber, digest_of_recipients, parse_numbers
from iletimerkezi_mcp.tools.answers import SeriesAnswer
from iletimerkezi_mcp.tools.arguments import ChangeArguments
from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.registry import Registry
from iletimerkezi_mcp.tools.tool import ChangeTool

NAME = "send_parts"
CELL = "Ayşe Kuş"
"""A cell, which no model is to read."""

Before = Callable[[int], Awaitable[None]]
"""Called before each order, with its place."""


class PartsArguments(ChangeArguments):
    recipients: list[str]
    text: str = "Sayın {Ad}, siparişiniz yolda."
    size: int = 2
    campaign: str | None = None
    continues: bool = False
    file: str = "m.csv"
    message_type: str = "transactional"
    known: bool = True
    dry_run: bool = False
    confirm: str | None = None


class PartsAnswer(SeriesAnswer):
    order_id: str | None = None
    campaign: str | None = None
    orders: list[dict[str, Any]] | None = None


async def at_once(_: int) -> None:
    pass


def registry(before: Before = at_once, expiry: PreviewExpiry | None = None) -> Registry:
    """Return all tools, and the one of this module. `expiry` is that of each order."""

    async def plan_parts(arguments: PartsArguments, _: ServerContext) -> PendingSeries:
        return plan(arguments, before, expiry)

    tool = ChangeTool(
        name=NAME,
        title="Send in parts",
        description="Sends one text in several orders.",
        summary=Text("sends in parts", "parça parça gönderir"),
        arguments=PartsArguments,
        answer=PartsAnswer,
        idempotent=False,
        plan=plan_parts,
        example={"recipients": ["05321234567"]},
    )
    return Registry((*TOOLS, tool))


def _message(arguments: PartsArguments, numbers: Sequence[str]) -> PendingMessage:
    recipients = parse_numbers(numbers, international=False)
    return PendingMessage(
        text=arguments.text,
        recipients=recipients.numbers,
        recipients_digest=digest_of_recipients(recipients.numbers),
        sender="FIRMAADI",
        message_type="transactional",
        iys_list=None,
        send_at=None,
        credits=len(numbers),
    )


def plan(arguments: PartsArguments, before: Before = at_once, expiry: PreviewExpiry | None = None) -> PendingSeries:
    whole = _message(arguments, arguments.recipients)
    parts = [
        _message(arguments, whole.recipients[first : first + arguments.size])
        for first in range(0, len(whole.recipients), arguments.size)
    ]
    orders: list[dict[str, Any]] = []
    look = Text("Look at it.", "Bakın.")

    async def run(step: Step) -> Acceptance:
        for place, part in enumerate(parts):
            await before(place)
            result = await step(_order(part, arguments.text, place, expiry))
            orders.append({"order_id": result.order_id, "outcome": result.outcome})
            if result.outcome != "done":
                reason = "held" if result.error is None else result.error.reason.en
                raise SeriesStopped(
                    verbatim(f"Order {place} ended it: {reason}"),
                    look,
                    "unknown" if result.outcome == "unknown" else "stopped",
                    word=result.outcome,
                )
        return Acceptance(verbatim(f"All {len(parts)} orders are accepted."), look)

    campaign = None
    if arguments.campaign is not None:
        campaign = PendingCampaign(
            name=arguments.campaign,
            file=arguments.file,
            file_digest=arguments.file.encode().ljust(32)[:32],
            template=arguments.text,
            columns=(0,),
            sheet=None,
            number_column=None,
            continues=arguments.continues,
        )
    return PendingSeries(
        tool=NAME,
        canonical={"recipients": whole.recipients_digest.hex(), "text": whole.text, "campaign": arguments.campaign},
        preview=Preview(
            verbatim(f"send to {len(whole.recipients)} in {len(parts)} orders."),
            warnings=(Text("Mind this.", "Dikkat."),),
            quoted=arguments.text,
            private=(verbatim(f"Row 2:\nSayın {CELL}, siparişiniz yolda."),),
        ),
        answer_fields={"campaign": arguments.campaign},
        how_to_verify=look,
        count=len(whole.recipients),
        counted="recipients",
        message=whole,
        campaign=campaign,
        run=run,
        fields=lambda: {"orders": [*orders]},
        steps=len(parts) if arguments.known else None,
    )


def _order(part: PendingMessage, text: str, place: int, expiry: PreviewExpiry | None) -> PendingChange:
    filled = text.replace("{Ad}", CELL)
    order = OutgoingOrder(Sender(part.sender), (OutgoingMessage(filled, tuple(map(PhoneNumber, part.recipients))),))

    async def execute(client: ApiClient, on_sent: OnSent) -> Acceptance:
        order_id = await client.call(provider.SEND_SMS, order, on_sent=on_sent)
        return Acceptance(verbatim("Accepted."), verbatim("Go on."), order_id)

    return PendingChange(
        tool=NAME,
        canonical={"recipients": part.recipients_digest.hex(), "place": place},
        preview=Preview(verbatim(f"order {place}")),
        answer_fields={},
        how_to_verify=verbatim("Look."),
        execute=execute,
        count=len(part.recipients),
        counted="recipients",
        message=part,
        preview_expiry=expiry,
    )
