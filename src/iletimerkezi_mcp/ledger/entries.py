"""The entries of the ledger: attempts are written, looked up and counted here."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection
from datetime import timedelta

from .attempts import (
    DIGEST_RETENTION,
    LIMIT_SPAN,
    NEVER_LEFT,
    REPEAT_HOLD,
    UNKNOWN_HOLD,
    Attempt,
    AttemptOutcome,
    Change,
    ConfirmedBy,
    Counted,
    Identity,
    State,
    Usage,
)
from .clock import microseconds
from .overlaps import COUNTS, MessageDigests, Overlaps
from .recipients import digest_set, recipient_digests

RETENTION = timedelta(days=90)
"""The time for which an attempt stays on record."""

_CONFIRMED = "counted = ? AND parent IS NULL"
"""The condition that an attempt was confirmed itself, and counts recipients or consents, whichever is asked for."""


class Entries(Overlaps):
    """The attempts of an account: written, looked up and counted."""

    def prune(self) -> None:
        """Delete attempts after :data:`RETENTION` with the codes that they used, and the digests of recipients much sooner.

        Those are personal data to whoever holds the key: they go once the outcome is settled and holds nothing back, and
        those of a campaign not before :data:`.attempts.DIGEST_RETENTION` either. A scheduled send is as old as the time
        for which it is scheduled. One that lacks its audit line stays until it has it.
        """
        now = self._now.certain
        self._connection.execute(
            f"DELETE FROM attempt WHERE at + {self._ahead} <= ? AND NOT audit_owed",  # noqa: S608 - a constant
            (now - microseconds(RETENTION),),
        )
        self._connection.execute(
            "DELETE FROM campaign WHERE NOT EXISTS "
            "(SELECT 1 FROM attempt WHERE attempt.account = campaign.account AND campaign = name)"
        )
        self._connection.execute(
            "DELETE FROM recipients WHERE attempt IN (SELECT id FROM attempt WHERE "  # noqa: S608 - a constant
            "(state IN ('refused', 'nothing_done', 'cancelled') "
            f"OR state = 'done' AND at + {self._ahead} <= ? OR state = 'not_found' AND at + {self._ahead} <= ?) "
            "AND NOT EXISTS (SELECT 1 FROM campaign WHERE campaign.account = attempt.account "
            f"AND name = campaign AND touched > ? AND attempt.state NOT IN {NEVER_LEFT}))",
            (now - microseconds(REPEAT_HOLD), now - microseconds(UNKNOWN_HOLD), now - microseconds(DIGEST_RETENTION)),
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
        series: bool = False,
        parent: Attempt | None = None,
    ) -> Attempt:
        """Put an attempt at `change` on record as in flight, and return it.

        A `series` is recorded without what its steps record: message, credits and digests. `parent` is that of a step.
        """
        message = None if series else change.message
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
            "parent": parent and parent.id,
            "campaign": change.campaign.name if change.campaign is not None else parent and parent.campaign,
            "counted": change.counted,
        }
        if message is not None:
            row |= {
                "credits": message.credits,
                "sender": message.sender,
                "message_type": message.message_type,
                "iys_list": message.iys_list,
                "send_at": None if message.send_at is None else microseconds(message.send_at),
                "label": message.label,
            }
        if message is not None and message_digests is not None:
            row |= {"text": message_digests.text, "alike": message_digests.skeleton}
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        added = self._connection.execute(f"INSERT INTO attempt ({names}) VALUES ({values})", row)  # noqa: S608 - constants
        attempt_id = added.lastrowid or 0
        if message_digests is not None and not series:
            digests = message_digests.of_recipients
            single = message is not None and len(digests) == 1
            self._connection.execute(
                "INSERT INTO recipients VALUES (?, ?, ?, ?)",
                (attempt_id, message_digests.skeleton, single, digests.tobytes()),
            )
        return self.get(attempt_id)

    def set_back(self, back: int) -> None:
        """Take `back` microseconds, that the ledger's time was wrong by, from what happened in that time."""
        for column in ("at", "ended"):
            self._connection.execute(
                f"UPDATE attempt SET {column} = max(?, {column} - ?) WHERE {column} > ?",  # noqa: S608 - constants
                (self._now.floor, back, self._now.floor),
            )
        self._connection.execute(
            "UPDATE campaign SET touched = max(?, touched - ?) WHERE touched > ?",
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

        False, with nothing changed, too if the order is on record as another send's. As an order it holds back from now on,
        for when it was accepted is not known: a yes may be on its way to a preview that says that it may not have been.
        """
        sends = self._all("id = ? AND credits IS NOT NULL", attempt_id)
        if not any(send.state in ("unknown", "not_found") for send in sends):
            return False
        if order_id is not None and self.orders([order_id]):
            return False
        state: State = "not_found" if order_id is None else "done"
        self._connection.execute(
            "UPDATE attempt SET state = :state, order_id = :order_id, "
            "ended = CASE :state WHEN 'done' THEN :now ELSE ended END WHERE id = :id",
            {"id": attempt_id, "state": state, "order_id": order_id, "now": self._now.ledger},
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

    def steps(self, parent_id: int) -> list[Attempt]:
        """Return the steps of a series, the oldest first."""
        return self._all("parent = ? ORDER BY id", parent_id)

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

    def usage(
        self,
        change: Change | None,
        digest: bytes | None,
        message_digests: MessageDigests | None,
        *,
        counted: Counted | None = None,
    ) -> Usage:
        """Return the present figures for limits and previews of `change`, or without one of what is `counted`."""
        midnight = self._now.midnight
        day = self._now.ledger - (self._now.wall - microseconds(midnight))
        hour = self._now.ledger - microseconds(LIMIT_SPAN)
        counted = counted if change is None else change.counted
        overlap, unsettled_attempt, recent_attempt = None, None, None
        unsettled_records: tuple[str, ...] = ()
        recent_records: tuple[str, ...] = ()
        if change is not None and change.message is not None and message_digests is not None:
            campaign = None if change.campaign is None else change.campaign.name
            overlap, unsettled_attempt, recent_attempt = self.earlier(change.message, message_digests, campaign, None)
        elif change is not None and change.message is None and digest is not None:
            repeated = self.repeated(digest, tuple(change.records), message_digests)
            unsettled_attempt, recent_attempt, unsettled_records, recent_records = repeated
        return Usage(
            credits_today=self._sum("credits", f"at >= ? AND {COUNTS}", day) + self._credits_left(change, day),
            day_ends=midnight + timedelta(days=1),
            recipients_in_hour=self._sum(
                "count", f"at > ? AND credits IS NOT NULL AND parent IS NULL AND {COUNTS}", hour
            ),
            count_today=self._sum("count", f"at >= ? AND {_CONFIRMED} AND {COUNTS}", day, counted),
            code_count_in_hour=self._sum("count", f"at > ? AND {_CONFIRMED} AND confirmed_by = 'code'", hour, counted),
            person_count_in_hour=self._sum(
                "count", f"at > ? AND {_CONFIRMED} AND confirmed_by = 'person'", hour, counted
            ),
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
            self._connection.execute(
                "UPDATE recipients SET digests = ? WHERE attempt = ?", (kept.tobytes(), attempt_id)
            )
            # The empty list of a campaign's step says that nothing is missing: the campaign can be continued.
            self._connection.execute(
                "DELETE FROM recipients WHERE attempt = ? AND digests = x'' "
                "AND attempt IN (SELECT id FROM attempt WHERE campaign IS NULL)",
                (attempt_id,),
            )
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

    def _credits_left(self, change: Change | None, day: int) -> int:
        """Return what campaigns under way may still use, those aside that had no step since `day` and that `change` continues."""
        own = "" if change is None or change.campaign is None else change.campaign.name
        row = self._connection.execute(
            "SELECT coalesce(sum(credits_left), 0) FROM campaign "
            "WHERE account = ? AND state = 'under_way' AND touched >= ? AND name <> ?",
            (self._account, day, own),
        ).fetchone()
        return int(row[0])
