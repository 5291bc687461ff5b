"""The rows of the ledger, read as attempts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from .attempts import MAX_FLIGHT_TIME, RUN_GAP, Attempt, Identity, Send, State
from .clock import LedgerTime, instant, microseconds
from .keys import Keys

if TYPE_CHECKING:
    import sqlite3


def keep_time(connection: sqlite3.Connection, time: LedgerTime) -> None:
    """Record `time` as the last instant at which the ledger was written."""
    connection.execute(
        "UPDATE ledger_time SET ledger = ?, wall = ?, boot = ?, uptime = ?, floor = ?, provider = ?, provider_boot = ?",
        (time.ledger, time.wall, time.boot, time.uptime, time.floor, time.provider, time.provider_boot),
    )


class NewestAttempt(NamedTuple):
    """The newest attempt of a ledger, which an older copy and another ledger lack. Only `id` is known if it was deleted."""

    id: int
    started: int | None
    change_digest: bytes | None


class Rows:
    """The rows of `account` as they are at the moment `now`, inside a transaction of `connection`."""

    def __init__(self, connection: sqlite3.Connection, account: bytes, now: LedgerTime, keys: Keys) -> None:
        self._connection = connection
        self._account = account
        self._now = now
        self._keys = keys

    def get(self, attempt_id: int) -> Attempt:
        """Return the attempt with this id. Raises LookupError."""
        for attempt in self._all("id = ?", attempt_id):
            return attempt
        raise LookupError(f"no attempt {attempt_id}")

    def newest(self) -> NewestAttempt | None:
        """Return the newest attempt that there ever was in this ledger, of any account; None if there was none."""
        row = self._connection.execute(
            "SELECT seq, started, change_digest FROM sqlite_sequence LEFT JOIN attempt ON id = seq WHERE name = 'attempt'"
        ).fetchone()
        return None if row is None else NewestAttempt(*row)

    def holds(self, attempt: NewestAttempt) -> bool:
        """Return whether `attempt` was the newest one in this ledger, or in one of which this is the continuation."""
        newest = self.newest()
        if newest is None or newest.id < attempt.id:
            return False
        row = self._connection.execute(
            "SELECT id, started, change_digest FROM attempt WHERE id = ?", (attempt.id,)
        ).fetchone()
        # Attempts are deleted for their age.
        return row is None or attempt.started is None or NewestAttempt(*row) == attempt

    def _rows(self, condition: str, *values: object) -> Iterable[sqlite3.Row]:
        return self._connection.execute(f"SELECT * FROM attempt WHERE {condition}", values)  # noqa: S608 - constants

    def _all(self, condition: str, *values: object) -> list[Attempt]:
        return [self._attempt(row) for row in self._rows(condition, *values)]

    def _attempt(self, row: sqlite3.Row) -> Attempt:
        state: State = row["state"]
        if (
            state == "in_flight"
            and self._now.ledger - row["at"] >= microseconds(MAX_FLIGHT_TIME)
            and not self._steps(row)
        ):
            state = "unknown"
        send = None
        if row["credits"] is not None:
            send = Send(
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
            change_digest=row["change_digest"],
            confirmed_by=row["confirmed_by"],
            identity=Identity(row["principal"], row["host"]),
            count=row["count"],
            started=instant(row["started"]),
            state=state,
            corrected_start=self._by_wall(row["at"]),
            # One whose process died did not say when it ended; by then it must have.
            corrected_end=self._by_wall(
                row["at"] + microseconds(MAX_FLIGHT_TIME) if row["ended"] is None else row["ended"]
            ),
            order_id=row["order_id"],
            status_code=row["code"],
            send=send,
            parent=row["parent"],
            campaign=row["campaign"],
            # Before version 5 a person's yes came in a form.
            way=row["way"] or ("code" if row["confirmed_by"] == "code" else "form"),
        )

    def _steps(self, row: sqlite3.Row) -> bool:
        """Return whether the attempt in `row` has a step that began a moment ago."""
        since = self._now.ledger - microseconds(RUN_GAP)
        steps = self._connection.execute("SELECT 1 FROM attempt WHERE parent = ? AND at > ?", (row["id"], since))
        return steps.fetchone() is not None

    def _by_wall(self, ledger_time: int) -> datetime:
        """Return an instant of the ledger's time, by the wall clock as it is now."""
        return instant(self._now.wall + ledger_time - self._now.ledger)

    @property
    def _ahead(self) -> str:
        """The time from the confirmation of a send to when it was accepted or, if that is later, is to go out; in SQL.

        When it is to go out is by the wall clock of then or, if that is longer, by the provider's clock: a message goes out
        by the latter.
        """
        by_provider = 0 if self._now.provider is None else f"coalesce(send_at - at - {self._now.provider}, 0)"
        accepted = "CASE state WHEN 'done' THEN coalesce(ended - at, 0) ELSE 0 END"
        return f"max(0, {accepted}, coalesce(send_at - started, 0), {by_provider})"
