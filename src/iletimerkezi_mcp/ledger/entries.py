"""The entries of the ledger: attempts are written, looked up and counted here."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from .attempts import (
    LIMIT_SPAN,
    REPEAT_HOLD,
    UNKNOWN_HOLD,
    Attempt,
    AttemptOutcome,
    Change,
    ConfirmedBy,
    Identity,
    Overlap,
    PendingMessage,
    State,
    Usage,
)
from .clock import instant, microseconds
from .recipients import digest_set, recipient_digests
from .rows import Rows

if TYPE_CHECKING:
    import sqlite3

RETENTION = timedelta(days=90)
"""The time for which an attempt stays on record."""

_COUNTS = "state IN ('in_flight', 'done', 'unknown', 'not_found')"
"""The condition that an attempt counts towards the limits on what reaches people: it was made, or may have been."""


@dataclass(frozen=True, slots=True)
class MessageDigests:
    """The keyed digests of a message.

    `text` is equal for texts that look alike to a reader, `skeleton` for those that read nearly alike, and
    `text_and_recipients` for equal `text` and set of recipients. `recipients_key` is the key of the recipients' digests,
    of 32 bytes, and the same for equal `skeleton`. The columns of the first three are `text`, `alike` and `whole`.
    """

    text: bytes
    skeleton: bytes
    text_and_recipients: bytes
    recipients_key: bytes


class Entries(Rows):
    """The attempts of an account: written, looked up and counted."""

    def prune(self) -> None:
        """Delete attempts after :data:`RETENTION` with the codes that they used, and the digests of recipients much sooner.

        Those are personal data to whoever holds the key: they go once the outcome is settled and holds nothing back. A
        scheduled send is as old as the time for which it is scheduled. One that lacks its audit line stays until it has it.
        """
        now = self._now.certain
        self._connection.execute(
            f"DELETE FROM attempt WHERE at + {self._ahead} <= ? AND NOT audit_owed",  # noqa: S608 - a constant
            (now - microseconds(RETENTION),),
        )
        self._connection.execute(
            "DELETE FROM recipients WHERE attempt IN (SELECT id FROM attempt WHERE "  # noqa: S608 - a constant
            "state IN ('refused', 'nothing_done', 'cancelled') "
            f"OR state = 'done' AND at + {self._ahead} <= ? OR state = 'not_found' AND at + {self._ahead} <= ?)",
            (now - microseconds(REPEAT_HOLD), now - microseconds(UNKNOWN_HOLD)),
        )

    def add(
        self,
        change: Change,
        digest: bytes,
        message_digests: MessageDigests | None,
        *,
        confirmed_by: ConfirmedBy,
        identity: Identity,
        audit_owed: bool,
    ) -> Attempt:
        """Put an attempt at `change` on record as in flight, and return it."""
        message = change.message
        row: dict[str, object] = {
            "account": self._account,
            "tool": change.tool,
            "change_digest": digest,
            "confirmed_by": confirmed_by,
            "principal": identity.principal,
            "host": identity.host,
            "count": change.count,
            "at": self._now.ledger,
            "started": self._now.wall,
            "state": "in_flight",
            "order_id": change.order_id,
            "audit_owed": audit_owed,
        }
        if message is not None and message_digests is not None:
            row |= {
                "text": message_digests.text,
                "alike": message_digests.skeleton,
                "credits": message.credits,
                "sender": message.sender,
                "message_type": message.message_type,
                "iys_list": message.iys_list,
                "send_at": None if message.send_at is None else microseconds(message.send_at),
                "label": message.label,
            }
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        added = self._connection.execute(f"INSERT INTO attempt ({names}) VALUES ({values})", row)  # noqa: S608 - constants
        attempt_id = added.lastrowid or 0
        if message_digests is not None:
            recipients = _hashes(change.records) if message is None else message.recipients
            digests = recipient_digests(message_digests.recipients_key, recipients).tobytes()
            single = message is not None and len(recipients) == 1
            self._connection.execute(
                "INSERT INTO recipients VALUES (?, ?, ?, ?)", (attempt_id, message_digests.skeleton, single, digests)
            )
        return self.get(attempt_id)

    def set_back(self, back: int) -> None:
        """Take `back` microseconds, that the ledger's time was wrong by, from what happened in that time."""
        for column in ("at", "ended"):
            self._connection.execute(
                f"UPDATE attempt SET {column} = max(?, {column} - ?) WHERE {column} > ?",  # noqa: S608 - constants
                (self._now.floor, back, self._now.floor),
            )

    def settle(self, attempt_id: int, outcome: AttemptOutcome) -> bool:
        """Record the outcome of an attempt; as unknown, and return False, if another send has its order number.

        A definite answer overrides what a report has concluded meanwhile: a send that was refused has no order, also if
        a list gave it one. An unknown outcome overrides only "not found", which is the safe side: the send holds back its
        repeats again. A cancelled send stays cancelled.
        """
        if outcome.order_id is not None and self._is_anothers(outcome.order_id, attempt_id):
            self.settle(attempt_id, AttemptOutcome("unknown"))
            return False
        self._connection.execute(
            "UPDATE attempt SET state = :state, code = :code, ended = :now, "
            "order_id = CASE WHEN credits IS NOT NULL AND :state IN ('refused', 'nothing_done') THEN NULL "
            "ELSE coalesce(:order_id, order_id) END WHERE id = :id "
            "AND (state IN ('in_flight', 'unknown', 'not_found') OR (state = 'done' AND :state <> 'unknown'))",
            {
                "id": attempt_id,
                "state": outcome.outcome,
                "order_id": outcome.order_id,
                "code": outcome.status_code,
                "now": self._now.ledger,
            },
        )
        return True

    def _is_anothers(self, order_id: str, attempt_id: int) -> bool:
        condition = "account = ? AND order_id = ? AND credits IS NOT NULL AND id <> ?"
        return bool(self._all(condition, self._account, order_id, attempt_id))

    def settle_unknown(self, attempt_id: int, order_id: str | None) -> bool:
        """Settle a send of unknown outcome as this order, or (None) as not made; return whether it was unknown.

        False, with nothing changed, too if the order is on record as another send's.
        """
        sends = self._all("id = ? AND credits IS NOT NULL", attempt_id)
        if not any(send.state in ("unknown", "not_found") for send in sends):
            return False
        if order_id is not None and self.orders([order_id]):
            return False
        state: State = "not_found" if order_id is None else "done"
        self._connection.execute(
            "UPDATE attempt SET state = ?, order_id = ? WHERE id = ?", (state, order_id, attempt_id)
        )
        return True

    def cancel(self, order_id: str) -> None:
        """Record that an accepted order was cancelled, and that an attempt of unknown outcome to do that has done it."""
        here = (self._account, order_id)
        self._connection.execute(
            "UPDATE attempt SET state = 'cancelled' "
            "WHERE account = ? AND order_id = ? AND credits IS NOT NULL AND state = 'done'",
            here,
        )
        # Besides a send, only a cancellation names an order.
        self._connection.execute(
            "UPDATE attempt SET state = 'done' "
            "WHERE account = ? AND order_id = ? AND credits IS NULL AND state IN ('in_flight', 'unknown')",
            here,
        )

    def orders(self, order_ids: Collection[str]) -> dict[str, Attempt]:
        """Return the sends that became these orders."""
        places = ", ".join("?" * len(order_ids))
        condition = f"account = ? AND order_id IN ({places}) AND credits IS NOT NULL"
        return {attempt.order_id or "": attempt for attempt in self._all(condition, self._account, *order_ids)}

    def latest(self, limit: int) -> list[Attempt]:
        """Return the last `limit` attempts of any kind, the newest first."""
        return self._all("account = ? ORDER BY id DESC LIMIT ?", self._account, limit)

    def unsettled(self) -> list[Attempt]:
        """Return the sends that are in flight, whose outcome is unknown or that were not found, the oldest first."""
        return self._all(
            "account = ? AND state IN ('in_flight', 'unknown', 'not_found') AND credits IS NOT NULL ORDER BY id",
            self._account,
        )

    def unaudited_attempts(self) -> list[Attempt]:
        """Return the attempts that have ended, or can no longer be in flight, and lack their line in the audit log."""
        rows = self._all("account = ? AND audit_owed ORDER BY id", self._account)
        return [attempt for attempt in rows if attempt.state != "in_flight"]

    def mark_audited(self, attempt_id: int) -> None:
        """Record that the audit log says what came of an attempt."""
        self._connection.execute("UPDATE attempt SET audit_owed = 0 WHERE id = ?", (attempt_id,))

    def usage(self, change: Change | None, digest: bytes | None, message_digests: MessageDigests | None) -> Usage:
        """Return the present figures for limits and previews."""
        midnight = self._now.midnight
        day = self._now.ledger - (self._now.wall - microseconds(midnight))
        hour = self._now.ledger - microseconds(LIMIT_SPAN)
        tool = None if change is None else change.tool
        overlap, unsettled_attempt, recent_attempt = None, None, None
        unsettled_records: tuple[str, ...] = ()
        recent_records: tuple[str, ...] = ()
        if change is not None and change.message is not None and message_digests is not None:
            overlap, unsettled_attempt, recent_attempt = self._earlier(change.message, message_digests)
        elif change is not None and digest is not None:
            repeated = self._repeated(digest, tuple(change.records), message_digests)
            unsettled_attempt, recent_attempt, unsettled_records, recent_records = repeated
        return Usage(
            credits_today=self._sum("credits", f"at >= ? AND {_COUNTS}", day),
            day_ends=midnight + timedelta(days=1),
            recipients_in_hour=self._sum("count", f"at > ? AND credits IS NOT NULL AND {_COUNTS}", hour),
            tool_count_today=self._sum("count", f"at >= ? AND tool = ? AND {_COUNTS}", day, tool),
            code_count_in_hour=self._sum("count", "at > ? AND tool = ? AND confirmed_by = 'code'", hour, tool),
            person_count_in_hour=self._sum("count", "at > ? AND tool = ? AND confirmed_by = 'person'", hour, tool),
            overlap=overlap,
            unsettled_attempt=unsettled_attempt,
            recent_attempt=recent_attempt,
            unsettled_records=unsettled_records,
            recent_records=recent_records,
            clock_difference=self._now.difference,
        )

    def are_recipients(self, attempt_id: int, key: Callable[[bytes], bytes], numbers: Collection[str]) -> bool:
        """Return whether all `numbers` are recipients of this attempt; `key` gives the key for a digest in `alike`."""
        row = self._connection.execute(
            "SELECT alike, digests FROM recipients WHERE attempt = ?", (attempt_id,)
        ).fetchone()
        if row is None:
            return False
        return digest_set(row["digests"]).issuperset(recipient_digests(key(row["alike"]), [*numbers]))

    def about(self, key: Callable[[bytes], bytes], number: str) -> list[Attempt]:
        """Return the attempts whose digests show that they went to `number`, the oldest first."""
        return [self.get(attempt_id) for attempt_id in self._digests_of(key, number)]

    def forget(self, key: Callable[[bytes], bytes], number: str) -> list[Attempt]:
        """Delete the digests of `number`, and return the attempts that had one, the oldest first."""
        digests = self._digests_of(key, number)
        for attempt_id, digest in digests.items():
            row = self._connection.execute("SELECT digests FROM recipients WHERE attempt = ?", (attempt_id,)).fetchone()
            kept = array("Q", (each for each in array("Q", row["digests"]) if each != digest))
            if kept:
                self._connection.execute(
                    "UPDATE recipients SET digests = ? WHERE attempt = ?", (kept.tobytes(), attempt_id)
                )
            else:
                self._connection.execute("DELETE FROM recipients WHERE attempt = ?", (attempt_id,))
        return [self.get(attempt_id) for attempt_id in digests]

    def _digests_of(self, key: Callable[[bytes], bytes], number: str) -> dict[int, int]:
        """Return the digest of `number` in each list that holds it, by attempt, the oldest first."""
        by_alike: dict[bytes, int] = {}
        digests = {}
        for row in self._connection.execute(
            "SELECT r.* FROM recipients AS r JOIN attempt ON id = r.attempt WHERE account = ? ORDER BY r.attempt",
            (self._account,),
        ):
            if row["alike"] not in by_alike:
                by_alike[row["alike"]] = recipient_digests(key(row["alike"]), [number])[0]
            if by_alike[row["alike"]] in digest_set(row["digests"]):
                digests[row["attempt"]] = by_alike[row["alike"]]
        return digests

    def _sum(self, column: str, condition: str, *values: object) -> int:
        statement = f"SELECT coalesce(sum({column}), 0) FROM attempt WHERE account = ? AND {condition}"  # noqa: S608 - constants
        return int(self._connection.execute(statement, (self._account, *values)).fetchone()[0])

    def _earlier(
        self, message: PendingMessage, message_digests: MessageDigests
    ) -> tuple[Overlap | None, Attempt | None, Attempt | None]:
        """Return what holds `message` back, an earlier send that it may repeat, and one that reads nearly alike."""
        rows = self._overlapping(message_digests, message.recipients)
        digests = recipient_digests(message_digests.recipients_key, message.recipients) if rows else array("Q")
        wanted = set(digests)
        held: set[int] = set()
        holding: tuple[Attempt, int] | None = None
        sends = 0
        unsettled_attempt: Attempt | None = None
        recent_attempt: Attempt | None = None
        for row in rows:
            common = wanted if row["digests"] is None else wanted & digest_set(row["digests"])
            if not common:
                continue
            attempt, age = self._attempt(row), max(0, self._now.ledger - row["at"])
            if row["text"] != message_digests.text:
                if attempt.state != "not_found" and age < row["ahead"] + microseconds(REPEAT_HOLD):
                    recent_attempt = attempt
            elif (hold_left := _hold(attempt.state, row["ahead"]) - age) > 0:
                held |= common
                sends += 1
                if holding is None or hold_left > holding[1]:
                    holding = attempt, hold_left
            elif attempt.state == "unknown" or (
                attempt.state == "not_found" and age < row["ahead"] + microseconds(UNKNOWN_HOLD)
            ):
                unsettled_attempt = attempt
        if holding is None:
            return None, unsettled_attempt, recent_attempt
        pairs = zip(message.recipients, digests, strict=True)
        recipients = tuple(number for number, digest in pairs if digest in held)
        return (
            Overlap(holding[0], recipients, instant(self._now.wall + holding[1]), sends),
            unsettled_attempt,
            recent_attempt,
        )

    def _overlapping(self, message_digests: MessageDigests, recipients: Sequence[str]) -> list[sqlite3.Row]:
        """Return the counting sends of texts that read nearly alike, to whom each went, the oldest first.

        For a send to one person, of the many others to one person only theirs are read.
        """
        condition, values = "single", [message_digests.skeleton]
        if len(recipients) == 1:
            digests = recipient_digests(message_digests.recipients_key, recipients)
            condition, values = "single AND digests = ?", [message_digests.skeleton, digests.tobytes()]
        return self._connection.execute(
            f"SELECT attempt.*, digests, {self._ahead} AS ahead FROM attempt JOIN ("  # noqa: S608 - constants and a number
            f"SELECT attempt AS id, digests FROM recipients WHERE alike = ? AND {condition} "
            "UNION ALL SELECT attempt, digests FROM recipients WHERE alike = ? AND NOT single "
            "UNION ALL SELECT id, NULL FROM attempt WHERE whole = ?"
            f") USING (id) WHERE account = ? AND {_COUNTS} ORDER BY id",
            (*values, message_digests.skeleton, message_digests.text_and_recipients, self._account),
        ).fetchall()

    def _repeated(
        self, digest: bytes, records: Sequence[str], keys: MessageDigests | None
    ) -> tuple[Attempt | None, Attempt | None, tuple[str, ...], tuple[str, ...]]:
        """Return the last attempt of unknown outcome at this change, or at one of its records, and the last of ten minutes.

        Then the records that any attempt of unknown outcome has, and those that any of ten minutes has.
        """
        digests = [] if keys is None else recipient_digests(keys.recipients_key, _hashes(records))
        unsettled_attempt, recent_attempt = None, None
        unsettled, recent = set[int](), set[int]()
        for row in self._connection.execute(
            "SELECT attempt.*, digests FROM attempt JOIN ("  # noqa: S608 - constants
            "SELECT id, NULL AS digests FROM attempt WHERE account = ? AND change_digest = ? "
            "UNION ALL SELECT attempt, digests FROM recipients WHERE alike = ? AND NOT single"
            f") USING (id) WHERE {_COUNTS} ORDER BY id",
            (self._account, digest, b"" if keys is None else keys.skeleton),
        ):
            attempt, identical = self._attempt(row), row["digests"] is None
            common = set(digests) if identical else digest_set(row["digests"]).intersection(digests)
            if (identical or common) and attempt.outcome == "unknown":
                unsettled_attempt = attempt
                unsettled |= common
            elif (identical or common) and self._now.ledger - row["at"] < microseconds(REPEAT_HOLD):
                recent_attempt = attempt
                recent |= common
        unsettled_records, recent_records = (
            tuple(record for record, each in zip(records, digests, strict=False) if each in repeated)
            for repeated in (unsettled, recent)
        )
        return unsettled_attempt, recent_attempt, unsettled_records, recent_records


def _hold(state: State, ahead: int) -> int:
    """Return for how long after its start a send holds back the same text to the same people, in microseconds."""
    if state == "not_found":
        return 0
    hold = ahead + microseconds(REPEAT_HOLD)
    return max(hold, microseconds(UNKNOWN_HOLD)) if state == "unknown" else hold


def _hashes(records: Iterable[str]) -> list[str]:
    """Return 64 bits of each of the `records`, in the space that a number has."""
    return [hashlib.sha256(record.encode()).hexdigest()[:16] for record in records]
