"""get-balance and get-sender: what the account has (contract, sections 7 and 8)."""

from __future__ import annotations

from .request_context import Json, RequestContext

LIRA_PER_CREDIT = 0.3
"""The price of a credit here, in Turkish lira, so that ``amount`` and ``sms`` agree."""


def credits_left(context: RequestContext) -> int:
    """Return the credits that are neither spent nor reserved.

    An accepted order reserves a credit for each part of each message; what turns out undelivered, and all of an
    order that is not sent, comes back (contract, section 2).
    """
    left: int = context.db.execute(
        """SELECT granted - (
            SELECT COALESCE(SUM(credits), 0) FROM recipients JOIN orders ON orders.id = order_id
            WHERE stopped_at IS NULL AND NOT (fate = 112 AND settles_at <= ?)) FROM account""",
        (context.now,),
    ).fetchone()[0]
    return left


def get_balance(_fields: Json, context: RequestContext) -> Json:
    """Return the credits, and what they are worth."""
    left = credits_left(context)
    return {"balance": {"amount": round(left * LIRA_PER_CREDIT, 3), "sms": left}}


def get_senders(_fields: Json, context: RequestContext) -> Json:
    """Return the approved names, in the order in which they were approved."""
    return {"senders": {"sender": [name for (name,) in context.db.execute("SELECT name FROM senders ORDER BY rowid")]}}


def is_sender(context: RequestContext, name: str) -> bool:
    """Return whether `name` is approved, compared exactly."""
    return context.db.execute("SELECT 1 FROM senders WHERE name = ?", (name,)).fetchone() is not None
