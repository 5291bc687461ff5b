"""The live documents: the account, and one order with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.tools.account import NoArguments
from iletimerkezi_mcp.tools.answers import ToolReply
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.order_report import ReportArguments, get_report
from iletimerkezi_mcp.tools.order_status import sent_from_here

from .read_cache import Document

_CALL_FIELDS = {"outcome", "page"}
"""Fields of a tool's answer that are about the call, not about what was read."""


async def account(
    tool: Callable[[NoArguments, ServerContext], Awaitable[ToolReply]], context: ServerContext
) -> Document:
    """Return what `tool`, `get_balance` or `get_sender`, answers. One API request; raises :class:`.ApiError`."""
    return _document(await tool(NoArguments(), context), context)


async def order(order_id: OrderId, context: ServerContext) -> Document:
    """Return the counters of an order as `get_report` answers them, and its entry in the ledger if it was sent from here.

    One API request; raises :class:`.ApiError`. An order whose time has not come is scheduled.
    """
    # The counters are the whole order's on any page, so the smallest one will do.
    reply = await get_report(ReportArguments(order_id=order_id, page_size=1, show="none"), context)
    attempt = (await sent_from_here([order_id], context)).get(order_id)
    return {
        **_document(reply, context),
        "sent_from_here": None if attempt is None else _sent_from_here(attempt, context),
    }


def _document(reply: ToolReply, context: ServerContext) -> Document:
    fields = reply.answer.model_dump(mode="json", exclude_none=True, exclude=_CALL_FIELDS)
    return {**fields, "read_at": context.clock().isoformat(timespec="seconds")}


def _sent_from_here(attempt: Attempt, context: ServerContext) -> dict[str, Any]:
    send = attempt.send
    assert send is not None
    return {
        "at": attempt.started.isoformat(timespec="seconds"),
        "local_time": context.say(describe_time(attempt.started)),
        "label": send.label,
        "message_type": send.message_type,
        "iys_list": send.iys_list,
        "recipients": attempt.count,
        "credits_at_most": send.credits,
        "send_at": None if send.send_at is None else send.send_at.isoformat(timespec="minutes"),
        "state": attempt.state,
        "confirmed_by": attempt.confirmed_by,
    }
