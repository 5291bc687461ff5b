"""The rows of the ledger: attempts are written, looked up and counted here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .attempts import (
    REPEAT_HOLD,
    TEXT_SPAN,
    UNKNOWN_HOLD,
    Attempt,
    ConfirmedBy,
    Duplicate,
    NewAttempt,
    Send,
    Settled,
    State,
    TextUse,
    Usage,
)
from .clock import Moment, instant, microseconds

if TYPE_CHECKING:
    import sqlite3

KEPT = timedelta(days=90)
"""The time for which an attempt stays on record."""


class Entries:
    """The attempts on record as they are at the moment `now`, inside a transaction of `connection`."""

    def __init__(self, connection: sqlite3.Connection, now: Moment) -> None:
        self._connection = connection
        self._now = now

    def expire(self) -> None:
        """Apply what follows from age alone.

        An attempt left in flight is unknown from now on, and one older than a day no longer counts. One that by the
        wall clock lies in the future, with no uptime to compare, begins to age now: otherwise a clock that once ran
        years ahead would hold a message back for years. Its wall time stays, for the clock may only be wrong now.
        """
        self._connection.execute(
            "UPDATE attempts SET state = 'unknown' WHERE recent AND id IN "
            "(SELECT id FROM seen_attempts WHERE recent AND state = 'in_flight' AND state_now = 'unknown')"
        )
        now = {
            "wall": self._now.wall,
            "boot": self._now.boot,
            "uptime": self._now.uptime,
            "hold": microseconds(UNKNOWN_HOLD),
        }
        # One statement for each of the two clocks that an age is measured by, so that each uses an index.
        self._connection.execute(
            "UPDATE attempts SET recent = 0 WHERE recent AND boot = :boot AND uptime <= :uptime - :hold", now
        )
        self._connection.execute(
            "UPDATE attempts SET recent = 0 "
            "WHERE recent AND wall <= :wall - :hold AND NOT (boot = :boot AND uptime <= :uptime)",
            now,
        )
        self._connection.execute(
            "UPDATE attempts SET boot = :boot, uptime = :uptime "
            "WHERE recent AND wall > :wall AND NOT (boot = :boot AND uptime <= :uptime)",
            now,
        )

    def prune(self) -> None:
        """Delete what is older than :data:`KEPT` with the codes that it used, and sums of nothing."""
        self._connection.execute(
            "DELETE FROM attempts WHERE id IN (SELECT id FROM seen_attempts WHERE age >= ?)", (microseconds(KEPT),)
        )
        self._connection.execute("DELETE FROM spending WHERE credits = 0")

    def add(self, attempt: NewAttempt, confirmed_by: ConfirmedBy) -> int:
        """Put `attempt` on record as in flight, and return its id."""
        send = attempt.send
        message: tuple[object, ...] = (None,) * 8
        if send is not None:
            message = (
                send.message_key,
                send.text_key,
                send.credits,
                send.sender,
                send.message_type,
                send.iys_list,
                None if send.send_at is None else microseconds(send.send_at),
                send.label,
            )
        head = (attempt.tool, attempt.account, attempt.arguments_digest, confirmed_by, attempt.count, attempt.order_id)
        now = self._now
        added = self._connection.execute(
            "INSERT INTO attempts (tool, account, deed, kind, count, order_id, state, started, wall, boot, uptime, "
            "same, text, credits, sender, message_type, iys_list, send_at, label) "
            "VALUES (?, ?, ?, ?, ?, ?, 'in_flight', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*head, now.wall, now.wall, now.boot, now.uptime, *message),
        )
        return int(added.lastrowid or 0)

    def get(self, attempt_id: int) -> Attempt | None:
        """Return the attempt with this id."""
        return self._first("SELECT * FROM seen_attempts WHERE id = ?", attempt_id)

    def settle(self, attempt_id: int, settled: Settled) -> None:
        """Record the outcome of an attempt.

        Its own answer overrides what a report made of it meanwhile; an unknown outcome does not.
        A cancelled one stays cancelled.
        """
        self._connection.execute(
            "UPDATE attempts SET state = :state, order_id = coalesce(:order_id, order_id), code = :code WHERE id = :id "
            "AND (state IN ('in_flight', 'unknown', 'not_found') OR (state = 'accepted' AND :state <> 'unknown'))",
            {"id": attempt_id, "state": _stored(settled), "order_id": settled.order_id, "code": settled.code},
        )

    def reconcile(self, attempt_id: int, order_id: str) -> bool:
        """Settle a send of unknown outcome as this order; return if it was one, and the order is not another send's."""
        updated = self._connection.execute(
            "UPDATE attempts SET state = 'accepted', order_id = :order_id "
            "WHERE id = :id AND id IN (SELECT id FROM unsure_sends WHERE id = :id) AND NOT EXISTS "
            "(SELECT 1 FROM attempts AS other WHERE other.account = attempts.account "
            "AND other.order_id = :order_id AND other.same IS NOT NULL)",
            {"id": attempt_id, "order_id": order_id},
        )
        return updated.rowcount == 1

    def mark_missing(self, attempt_id: int) -> bool:
        """Record that a report does not show a send of unknown outcome; return if it was one."""
        updated = self._connection.execute(
            "UPDATE attempts SET state = 'not_found' "
            "WHERE id = :id AND id IN (SELECT id FROM unsure_sends WHERE id = :id)",
            {"id": attempt_id},
        )
        return updated.rowcount == 1

    def cancel(self, account: bytes, order_id: str) -> None:
        """Record that an accepted order was cancelled."""
        self._connection.execute(
            "UPDATE attempts SET state = 'cancelled' "
            "WHERE account = ? AND order_id = ? AND same IS NOT NULL AND state = 'accepted'",
            (account, order_id),
        )

    def order(self, account: bytes, order_id: str) -> Attempt | None:
        """Return the send that became this order."""
        return self._first(
            "SELECT * FROM sends WHERE account = ? AND order_id = ? ORDER BY id DESC LIMIT 1", account, order_id
        )

    def recent(self, account: bytes, limit: int) -> list[Attempt]:
        """Return the last `limit` attempts of any kind, the newest first."""
        return self._all("SELECT * FROM seen_attempts WHERE account = ? ORDER BY id DESC LIMIT ?", account, limit)

    def unknown(self, account: bytes) -> list[Attempt]:
        """Return the sends whose outcome is unknown or that were not found, the oldest first."""
        return self._all("SELECT * FROM unsure_sends WHERE account = ? ORDER BY id", account)

    def usage(self, account: bytes, text_key: bytes | None, message_key: bytes | None) -> Usage:
        """Return the present figures for limits and previews."""
        midnight = self._now.midnight
        duplicate, not_found = self._identical(account, message_key)
        return Usage(
            credits_today=self._credits(account, self._now.wall - microseconds(midnight)),
            day_ends=midnight + timedelta(days=1),
            same_text=self._of_text(account, text_key),
            duplicate=duplicate,
            not_found=not_found,
        )

    def _credits(self, account: bytes, span: int) -> int:
        """Return the credits of the last `span` microseconds: whole minutes by their sums, partial ones row by row."""
        execute = self._connection.execute
        whole = "SELECT sum(credits) FROM aged_spending WHERE account = ? AND oldest <= ?"
        partial = (
            "SELECT boot, first_uptime, last_uptime FROM aged_spending WHERE account = ? AND credits > 0 "
            "AND (oldest IS NULL OR (oldest > ? AND youngest <= ?))"
        )
        rows = (
            "SELECT sum(credits) FROM counting_sends "
            "WHERE account = ? AND boot = ? AND uptime BETWEEN ? AND ? AND age <= ?"
        )
        sums = [execute(whole, (account, span)).fetchone()[0]]
        sums += [
            execute(rows, (account, *minute, span)).fetchone()[0] for minute in execute(partial, (account, span, span))
        ]
        return sum(credits_ for credits_ in sums if credits_ is not None)

    def _of_text(self, account: bytes, text_key: bytes | None) -> tuple[TextUse, ...]:
        rows = self._connection.execute(
            "SELECT count, age FROM counting_sends WHERE account = ? AND text = ? AND age < ? ORDER BY age DESC, id",
            (account, text_key, microseconds(TEXT_SPAN)),
        )
        return tuple(TextUse(row["count"], self._until(row, TEXT_SPAN)) for row in rows)

    def _identical(self, account: bytes, message_key: bytes | None) -> tuple[Duplicate | None, Attempt | None]:
        """Return the identical send that holds back longest, and the last one that was not found."""
        duplicate: Duplicate | None = None
        not_found: Attempt | None = None
        rows = self._connection.execute(
            "SELECT * FROM counting_sends WHERE account = ? AND same = ? AND age < ? ORDER BY id",
            (account, message_key, microseconds(UNKNOWN_HOLD)),
        )
        for row in rows:
            attempt = _attempt(row)
            if attempt.state == "not_found":
                not_found = attempt
                continue
            until = self._until(row, UNKNOWN_HOLD if attempt.state == "unknown" else REPEAT_HOLD)
            if until > (duplicate.until if duplicate else self._now.local):
                duplicate = Duplicate(attempt, until)
        return duplicate, not_found

    def _until(self, row: sqlite3.Row, span: timedelta) -> datetime:
        return instant(self._now.wall + microseconds(span) - row["age"])

    def _first(self, statement: str, *values: object) -> Attempt | None:
        return next(iter(self._all(statement, *values)), None)

    def _all(self, statement: str, *values: object) -> list[Attempt]:
        return [_attempt(row) for row in self._connection.execute(statement, values)]


def _stored(settled: Settled) -> str:
    """Return the file's word for `settled`: it has one for sends that became orders and one for other changes."""
    if settled.outcome == "done" and settled.order_id is not None:
        return "accepted"
    return "never_sent" if settled.outcome == "nothing_done" else settled.outcome


_READ: dict[str, State] = {"accepted": "done", "never_sent": "nothing_done"}
"""The states that the file has other words for."""


def _attempt(row: sqlite3.Row) -> Attempt:
    send = None
    if row["same"] is not None:
        send = Send(
            message_key=row["same"],
            text_key=row["text"],
            credits=row["credits"],
            sender=row["sender"],
            message_type=row["message_type"],
            iys_list=row["iys_list"],
            send_at=None if row["send_at"] is None else instant(row["send_at"]),
            label=row["label"],
        )
    return Attempt(
        id=row["id"],
        tool=row["tool"],
        account=row["account"],
        arguments_digest=row["deed"],
        confirmed_by=row["kind"],
        count=row["count"],
        started=instant(row["started"]),
        state=_READ.get(row["state_now"], row["state_now"]),
        order_id=row["order_id"],
        code=row["code"],
        send=send,
    )
