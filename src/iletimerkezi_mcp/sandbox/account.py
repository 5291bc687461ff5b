"""get-balance and get-sender: what the account has (contract, sections 7 and 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from .request_context import Account, Json, RequestContext

LIRA_PER_CREDIT = 0.3
"""What one credit costs here, in Turkish lira, so that ``amount`` and ``sms`` tell the same."""


def credits_left(desk: RequestContext) -> int:
    """Credits not spent and not reserved.

    An accepted order reserves a credit for each part of each message; what turns out undelivered, and all of
    an order that is not sent, comes back (contract, section 2).
    """
    left: int = desk.db.execute(
        """SELECT granted - (
            SELECT COALESCE(SUM(credits), 0) FROM recipients JOIN orders ON orders.id = order_id
            WHERE stopped_at IS NULL AND NOT (fate = 112 AND settles_at <= ?)) FROM account""",
        (desk.now,),
    ).fetchone()[0]
    return left


def is_sender(desk: RequestContext, name: str) -> bool:
    """Whether `name` is approved, compared exactly."""
    return desk.db.execute("SELECT 1 FROM senders WHERE name = ?", (name,)).fetchone() is not None


class _AboutNobody:
    """A request without numbers in it."""

    __slots__ = ()

    def numbers(self, _desk: RequestContext) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True)
class GetBalance(_AboutNobody):
    """How much is left."""

    @classmethod
    def read(cls, _fields: Json, _account: Account) -> Self:
        """Nothing is asked but the credentials."""
        return cls()

    def act(self, desk: RequestContext) -> Json:
        """The credits, and what they are worth."""
        left = credits_left(desk)
        return {"balance": {"amount": round(left * LIRA_PER_CREDIT, 3), "sms": left}}


@dataclass(frozen=True)
class GetSender(_AboutNobody):
    """Which names may be used."""

    @classmethod
    def read(cls, _fields: Json, _account: Account) -> Self:
        """Nothing is asked but the credentials."""
        return cls()

    def act(self, desk: RequestContext) -> Json:
        """The names, in the order in which they were approved."""
        return {"senders": {"sender": [name for (name,) in desk.db.execute("SELECT name FROM senders ORDER BY rowid")]}}
