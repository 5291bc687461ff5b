"""The reports that the provider pushed: kept in one row for each message, and counted by number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from .attempts import Attempt
from .clock import microseconds
from .entries import Entries
from .recipients import BLOCK, digest_set, recipient_digests

if TYPE_CHECKING:
    import sqlite3

    from iletimerkezi_mcp.provider.pushed import PushedReport

PUSHED_RETENTION = timedelta(days=29)
"""The time for which a report counts. It is deleted within an hour of that while anything runs."""

ORDER_WAIT = timedelta(days=1)
"""The time for which a report waits for its order to be on record."""

LATE = timedelta(hours=1)
"""The time after which the reports of an order should have come."""

LATE_UNTIL = timedelta(days=7)
"""The time after which an order is not named as late any more."""

NAMED_LATE = 10
"""Late orders that are named at once."""

DELETED_AT_ONCE = 50_000
"""Rows that are deleted in one transaction: others wait for it. The next one goes on."""

PushedState = Literal["delivered", "undelivered", "waiting"]
"""The state of a number: the worst of its messages', for a long text may be reported in parts."""

_DELIVERED = {"accepted": None, "delivered": True, "undelivered": False}

_RECORD = """
INSERT INTO pushed (account, order_id, recipient, message, at, delivered, final_at, attempt)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, order_id, recipient, message) DO UPDATE SET
    contradicted = contradicted OR coalesce(delivered <> excluded.delivered, 0),
    delivered = coalesce(delivered, excluded.delivered),
    final_at = coalesce(final_at, excluded.final_at)
"""

_BY_NUMBER = """
SELECT order_id, recipient, max(coalesce(final_at, at)) AS last, max(contradicted) AS contradicted,
    CASE WHEN min(delivered) = 0 THEN 'undelivered' WHEN count(delivered) < count(*) THEN 'waiting' ELSE 'delivered' END
    AS state
FROM pushed WHERE account = ? AND at > ?
"""

_ON_RECORD = """
EXISTS (SELECT 1 FROM attempt WHERE attempt.account = pushed.account AND attempt.order_id = pushed.order_id
    AND credits IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class PushedCounts:
    """The numbers of an order about which reports were pushed, by state; `at` is when the last state was reported.

    Of `contradicted` ones a later final report was another than the first.
    """

    delivered: int
    undelivered: int
    waiting: int
    contradicted: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PushedToNumber:
    """The state of one number of an order, and when it was last reported."""

    state: PushedState
    at: datetime
    contradicted: bool


class PushedReports(Entries):
    """The reports that were pushed about the orders of an account, inside a transaction."""

    def record_pushed(self, reports: Sequence[PushedReport]) -> None:
        attempts = self._attempts_of(reports)
        now = self._now.ledger
        rows = []
        for report in reports:
            if report.status is not None:
                delivered = _DELIVERED[report.status]
                recipient = self._recipient(report.order_id, report.recipient)
                final_at = None if delivered is None else now
                attempt = attempts.get((report.order_id, report.recipient))
                rows.append(
                    (self._account, report.order_id, recipient, report.message_id, now, delivered, final_at, attempt)
                )
        self._connection.executemany(_RECORD, rows)

    def _attempts_of(self, reports: Sequence[PushedReport]) -> dict[tuple[str, str], int]:
        """Return, by order and number, the only unsettled send that the report may be about.

        The recipients of a send are digests under the key of its text: a number is known here and now alone.
        """
        sends = self.unsettled_sends()
        if not sends:
            return {}
        here = self.orders({report.order_id for report in reports})
        # What is no number has no digest there.
        found: dict[tuple[str, str], list[int]] = {
            (report.order_id, report.recipient): []
            for report in reports
            if report.order_id not in here and len(report.recipient) <= BLOCK and report.recipient.isascii()
        }
        for send in sends:
            row = self._connection.execute(
                "SELECT alike, digests FROM recipients WHERE attempt = ?", (send.id,)
            ).fetchone()
            if row is not None and found:
                stored = digest_set(row["digests"])
                key = self._keys.recipients_key(row["alike"])
                digests = recipient_digests(key, [number for _, number in found])
                for pair, digest in zip(found, digests, strict=True):
                    if digest in stored:
                        found[pair].append(send.id)
        return {pair: ids[0] for pair, ids in found.items() if len(ids) == 1}

    def pushed(self, order_ids: Collection[str]) -> dict[str, PushedCounts]:
        here = self.orders(order_ids)
        rows = self._connection.execute(
            "SELECT order_id, sum(state = 'delivered') AS delivered, sum(state = 'undelivered') AS undelivered, "  # noqa: S608 - constants
            "sum(state = 'waiting') AS waiting, sum(contradicted) AS contradicted, max(last) AS last "
            f"FROM ({_BY_NUMBER} AND order_id IN ({', '.join('?' * len(here))}) GROUP BY order_id, recipient) "
            "GROUP BY order_id",
            (self._account, self._oldest, *here),
        )
        return {
            row["order_id"]: PushedCounts(
                row["delivered"], row["undelivered"], row["waiting"], row["contradicted"], self._by_wall(row["last"])
            )
            for row in rows
        }

    def pushed_to(self, order_id: str, numbers: Sequence[str]) -> dict[str, PushedToNumber]:
        if not self.orders([order_id]):
            return {}
        recipients = {number: self._recipient(order_id, number) for number in numbers}
        # One number is looked up; many are found among all of the order, which is read once.
        condition, values = ("AND recipient = ?", [*recipients.values()]) if len(recipients) == 1 else ("", [])
        rows: dict[int, sqlite3.Row] = {
            row["recipient"]: row
            for row in self._connection.execute(
                f"{_BY_NUMBER} AND order_id = ? {condition} GROUP BY order_id, recipient",
                (self._account, self._oldest, order_id, *values),
            )
        }
        found = {number: rows[recipient] for number, recipient in recipients.items() if recipient in rows}
        return {
            number: PushedToNumber(row["state"], self._by_wall(row["last"]), bool(row["contradicted"]))
            for number, row in found.items()
        }

    def pushed_claims(self) -> dict[int, dict[str, int]]:
        claims: dict[int, dict[str, int]] = {send.id: {} for send in self.unsettled_sends()}
        for row in self._connection.execute(
            "SELECT order_id, min(attempt) AS attempt, count(DISTINCT recipient) AS numbers FROM pushed "  # noqa: S608 - constants
            "WHERE account = ? AND at > ? AND order_id IN "
            "(SELECT order_id FROM pushed WHERE account = ? AND attempt IS NOT NULL) "
            f"AND NOT {_ON_RECORD} GROUP BY order_id "
            "HAVING count(attempt) = count(*) AND min(attempt) = max(attempt)",
            (self._account, self._oldest, self._account),
        ):
            if row["attempt"] in claims:
                claims[row["attempt"]][row["order_id"]] = row["numbers"]
        return {attempt: orders for attempt, orders in claims.items() if orders}

    def last_pushed(self) -> datetime | None:
        row = self._connection.execute(
            "SELECT max(coalesce(final_at, at)) FROM pushed WHERE account = ? AND at > ?", (self._account, self._oldest)
        ).fetchone()
        return None if row[0] is None else self._by_wall(row[0])

    def late_orders(self) -> list[Attempt]:
        row = self._connection.execute(
            "SELECT min(at), max(at) FROM pushed WHERE account = ?", (self._account,)
        ).fetchone()
        if row[0] is None:
            return []
        first = max(row[0], self._now.ledger - microseconds(LATE_UNTIL))
        last = min(row[1], self._now.ledger - microseconds(LATE))
        own = "FROM pushed WHERE pushed.account = sent.account AND pushed.order_id = sent.order_id"
        others = "FROM pushed WHERE pushed.account = sent.account AND pushed.order_id <> sent.order_id AND pushed.at"
        rows = self._connection.execute(
            f"SELECT * FROM (SELECT *, at + {self._ahead} AS went FROM attempt "  # noqa: S608 - constants
            "WHERE account = ? AND state = 'done' AND credits IS NOT NULL) AS sent "
            f"WHERE went BETWEEN ? AND ? AND (NOT EXISTS (SELECT 1 {own}) OR EXISTS (SELECT 1 {own} AND delivered IS NULL)) "
            f"AND EXISTS (SELECT 1 {others} < went) AND EXISTS (SELECT 1 {others} > went) ORDER BY id DESC LIMIT ?",
            (self._account, first, last, NAMED_LATE),
        )
        return [self._attempt(row) for row in rows]

    def pushed_about(self, number: str) -> list[str]:
        orders = self._connection.execute("SELECT DISTINCT order_id FROM pushed WHERE account = ?", (self._account,))
        found = "SELECT 1 FROM pushed WHERE account = ? AND order_id = ? AND recipient = ?"
        return [
            order_id
            for (order_id,) in orders.fetchall()
            if self._connection.execute(found, (self._account, order_id, self._recipient(order_id, number))).fetchone()
        ]

    def forget_pushed(self, number: str) -> list[str]:
        orders = self.pushed_about(number)
        self._connection.executemany(
            "DELETE FROM pushed WHERE account = ? AND order_id = ? AND recipient = ?",
            [(self._account, order_id, self._recipient(order_id, number)) for order_id in orders],
        )
        return orders

    def delete_old_pushed(self) -> bool:
        """Delete reports after :data:`PUSHED_RETENTION`, and after :data:`ORDER_WAIT` those of orders not on record.

        Return True if more may be left than :data:`DELETED_AT_ONCE`. To delete one too early harms nothing, so the ledger's
        time need not be certain.
        """
        deleted = self._connection.execute(
            "DELETE FROM pushed WHERE (account, order_id, recipient, message) IN ("  # noqa: S608 - constants
            "SELECT account, order_id, recipient, message FROM pushed "
            f"WHERE at <= ? OR (at <= ? AND NOT {_ON_RECORD}) LIMIT ?)",
            (self._oldest, self._now.ledger - microseconds(ORDER_WAIT), DELETED_AT_ONCE),
        )
        return deleted.rowcount == DELETED_AT_ONCE

    @property
    def _oldest(self) -> int:
        """The ledger's time at and before which no report counts any more."""
        return self._now.ledger - microseconds(PUSHED_RETENTION)

    def _recipient(self, order_id: str, number: str) -> int:
        """Return 64 bits for a number of an order: two orders to one person have nothing in common."""
        digest = self._keys.digest(b"pushed", self._account, order_id.encode(), number.encode())
        return int.from_bytes(digest[:8], "big", signed=True)
