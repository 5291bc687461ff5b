"""The live documents: balance, senders, and one order with what the ledger knows of it."""

from __future__ import annotations

from typing import Any

from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.orders import OrderId
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.tools.account import NoArguments, get_balance, get_sender
from iletimerkezi_mcp.tools.answers import ToolReply
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.order_report import ReportArguments, get_report

from .read_cache import Document

_OF_THE_CALL = {"outcome", "page"}
"""Fields of a tool's answer that say something of the call, not of what was read."""


async def balance(app: ServerContext) -> Document:
    """What `get_balance` tells. One API request; raises :class:`.ApiError`."""
    return _document(await get_balance(NoArguments(), app), app)


async def senders(app: ServerContext) -> Document:
    """What `get_sender` tells. One API request; raises :class:`.ApiError`."""
    return _document(await get_sender(NoArguments(), app), app)


async def order(order_id: OrderId, app: ServerContext) -> Document:
    """What `get_report` tells of an order, counters only, and what the ledger knows where it was sent from here.

    One API request; raises :class:`.ApiError`. An order whose time has not come is told as scheduled.
    """
    # The counters are the whole order's on any page, so the smallest one will do.
    reply = await get_report(ReportArguments(order_id=order_id, page_size=1, show="none"), app)
    try:
        attempt = await app.records.order(order_id)
    except LedgerUnavailableError:
        attempt = None
    return {**_document(reply, app), "sent_from_here": None if attempt is None else _sent(attempt, app)}


def _document(reply: ToolReply, app: ServerContext) -> Document:
    told = reply.answer.model_dump(mode="json", exclude_none=True, exclude=_OF_THE_CALL)
    return {**told, "read_at": app.clock().isoformat(timespec="seconds")}


def _sent(attempt: Attempt, app: ServerContext) -> dict[str, Any]:
    sent = attempt.send
    assert sent is not None
    return {
        "at": attempt.started.isoformat(timespec="seconds"),
        "told": app.say(describe_time(attempt.started)),
        "label": sent.label,
        "message_type": sent.message_type,
        "iys_list": sent.iys_list,
        "recipients": attempt.count,
        "credits_at_most": sent.credits,
        "send_at": None if sent.send_at is None else sent.send_at.isoformat(timespec="minutes"),
        "state": attempt.state,
        "confirmed_by": attempt.confirmed_by,
    }
