"""The entries of the ledger: attempts are written, looked up and counted here."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from .attempts import (
    DIGEST_RETENTION,
    LIMIT_SPAN,
    NEVER_LEFT,
    REPEAT_HOLD,
    RULE_SPAN,
    RUN_GAP,
    UNKNOWN_HOLD,
    Attempt,
    AttemptOutcome,
    Change,
    Counted,
    Identity,
    State,
    Usage,
    Way,
)
from .clock import microseconds
from .overlaps import COUNTS, MessageDigests, Overlaps
from .recipients import digest_set, recipient_digests
from .rows import keep_time

RETENTION = timedelta(days=90)
"""The time for which an attempt stays on record."""

UNUSED_CODE_RETENTION = timedelta(days=1)
"""The further time for which an unused code is kept, so that it is told from one that was never issued."""

_SUMS = f"""
SELECT coalesce(sum(credits) FILTER (WHERE at >= :day AND {COUNTS}), 0) AS credits_today,
    coalesce(sum(count) FILTER (WHERE at > :hour AND counted = 'recipients' AND parent IS NULL AND {COUNTS}), 0)
        - (SELECT coalesce(sum(count), 0) FROM attempt INDEXED BY attempt_campaign WHERE account = :account
            AND campaign IS NOT NULL AND at > :hour AND counted = 'recipients' AND parent IS NULL AND {COUNTS})
        AS recipients_in_hour,
    coalesce(sum(count) FILTER (WHERE at >= :day AND counted = :counted AND parent IS NULL AND {COUNTS}), 0) AS count_today,
    coalesce(sum(count) FILTER (WHERE at > :hour AND counted = :counted AND parent IS NULL AND confirmed_by = 'code'), 0)
        AS code_count_in_hour,
    coalesce(sum(count) FILTER (WHERE at > :hour AND counted = :counted AND parent IS NULL AND confirmed_by = 'person'), 0)
        AS person_count_in_hour
FROM attempt WHERE account = :account AND at > min(:day - 1, :hour)
"""  # noqa: S608 - constants
"""The sums that limits go by, in one pass over the day's and the hour's attempts: an index has all that it reads.

An attempt without a parent was confirmed itself. The index does not know campaigns, so theirs are taken off.
"""


class Entries(Overlaps):
    """The attempts of an account: written, looked up and counted."""

    def delete_old(self) -> None:
        """Delete attempts after :data:`RETENTION` with the codes that they used, and the digests of recipients much sooner.

        Those are personal data to whoever holds the key: they go once the outcome is settled and holds nothing back, and
        those of a campaign not before :data:`.attempts.DIGEST_RETENTION` either, of a rule's message :data:`.attempts.RULE_SPAN`. A scheduled send is as old as the time
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
            "(state IN ('refused', 'nothing_done', 'cancelled') OR credits IS NULL AND campaign IS NOT NULL "
            f"OR state = 'done' AND at + {self._ahead} <= ? OR state = 'not_found' AND at + {self._ahead} <= ?) "
            "AND NOT EXISTS (SELECT 1 FROM campaign WHERE campaign.account = attempt.account "
            f"AND name = campaign AND touched > ? AND (credits IS NULL OR attempt.state NOT IN {NEVER_LEFT})) "
            "AND NOT (way IS 'rule' AND at > ?))",
            tuple(now - microseconds(span) for span in (REPEAT_HOLD, UNKNOWN_HOLD, DIGEST_RETENTION, RULE_SPAN)),
        )
        self._connection.execute(
            "DELETE FROM confirmation_code WHERE attempt IS NULL AND at + life + ? <= ?",
            (microseconds(UNUSED_CODE_RETENTION), now),
        )

    def add(
        self,
        change: Change,
        digest: bytes,
        message_digests: MessageDigests | None,
        *,
        confirmed_by: str,
        identity: Identity,
        audit_owed: bool,
        way: Way | None = None,
        parent: Attempt | None = None,
    ) -> Attempt:
        """Put an attempt at `change` on record as in flight, and return it.

        A series is recorded without what its steps record: message, credits and digests. That of a campaign has the
        digests of those who are left out, and that of other sends reserves their credits. `parent` is that of a step.
        """
        message = None if change.is_series else change.message
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
            "way": way,
            "parent": parent and parent.id,
            "campaign": change.campaign.name if change.campaign is not None else parent and parent.campaign,
            "counted": change.counted,
        }
        if change.is_series and change.campaign is None and change.message is not None:
            row["reserved"] = change.message.credits
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
        if message_digests is not None and (change.campaign is not None or not change.is_series):
            digests = (
                message_digests.of_recipients
                if change.campaign is None
                else recipient_digests(message_digests.key, change.campaign.left_out)
            )
            single = message is not None and len(digests) == 1
            self._connection.execute(
                "INSERT INTO recipients VALUES (?, ?, ?, ?)",
                (attempt_id, message_digests.skeleton, single, digests.tobytes()),
            )
        return self.get(attempt_id)

    def record_provider_time(self, time: datetime) -> None:
        now = self._now.corrected(time)
        keep_time(self._connection, now)
        # What the ledger's time was wrong by is taken from what happened in that time.
        if (back := self._now.ledger - now.ledger) > 0:
            by_at = [(table, "at") for table in ("attempt", "confirmation_code", "waiting_change", "card", "pushed")]
            times = [*by_at, ("attempt", "ended"), ("campaign", "touched"), ("pushed", "final_at")]
            for table, column in times:
                self._connection.execute(
                    f"UPDATE {table} SET {column} = max(?, {column} - ?) WHERE {column} > ?",  # noqa: S608 - constants
                    (self._now.floor, back, self._now.floor),
                )

    def record_outcome(self, attempt_id: int, outcome: AttemptOutcome) -> bool:
        """Record the outcome of an attempt; as unknown, and return False, if another send has its order number.

        A definite answer overrides what a report has concluded meanwhile: a send that was refused has no order, also if
        a list gave it one. An unknown outcome overrides only "not found", which is the safe side: the send holds back its
        repeats again. A cancelled send stays cancelled.
        """
        if outcome.order_id is not None and self._is_anothers(outcome.order_id, attempt_id):
            self.record_outcome(attempt_id, AttemptOutcome("unknown"))
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

    def settle_unknown(self, attempt: Attempt, order_id: str | None) -> bool:
        # As an order it holds back from now on, for when it was accepted is not known: a yes may be on its way to a preview
        # that says that it may not have been.
        sends = self._all("id = ? AND credits IS NOT NULL", attempt.id)
        if not any(send.state in ("unknown", "not_found") for send in sends):
            return False
        if order_id is not None and self.orders([order_id]):
            return False
        state: State = "not_found" if order_id is None else "done"
        self._connection.execute(
            "UPDATE attempt SET state = :state, order_id = :order_id, "
            "ended = CASE :state WHEN 'done' THEN :now ELSE ended END WHERE id = :id",
            {"id": attempt.id, "state": state, "order_id": order_id, "now": self._now.ledger},
        )
        return True

    def cancel(self, order_ids: Collection[str]) -> None:
        here = [(self._account, order_id) for order_id in order_ids]
        self._connection.executemany(
            "UPDATE attempt SET state = 'cancelled' "
            "WHERE account = ? AND order_id = ? AND credits IS NOT NULL AND state = 'done'",
            here,
        )
        # Besides a send, only a cancellation names an order: one of unknown outcome has done it.
        self._connection.executemany(
            "UPDATE attempt SET state = 'done' "
            "WHERE account = ? AND order_id = ? AND credits IS NULL AND state IN ('in_flight', 'unknown')",
            here,
        )

    def orders(self, order_ids: Collection[str]) -> dict[str, Attempt]:
        places = ", ".join("?" * len(order_ids))
        condition = f"account = ? AND order_id IN ({places}) AND credits IS NOT NULL"
        return {attempt.order_id or "": attempt for attempt in self._all(condition, self._account, *order_ids)}

    def steps(self, parent: Attempt) -> list[Attempt]:
        return self._all("parent = ? ORDER BY id", parent.id)

    def latest(self, limit: int) -> list[Attempt]:
        return self._all("account = ? ORDER BY id DESC LIMIT ?", self._account, limit)

    def unsettled_sends(self) -> list[Attempt]:
        return self._all(
            "account = ? AND state IN ('in_flight', 'unknown', 'not_found') AND credits IS NOT NULL ORDER BY id",
            self._account,
        )

    def unaudited_attempts(self) -> list[Attempt]:
        rows = self._all("account = ? AND audit_owed ORDER BY id", self._account)
        return [attempt for attempt in rows if attempt.state != "in_flight"]

    def mark_audited(self, attempt: Attempt) -> None:
        self._connection.execute("UPDATE attempt SET audit_owed = 0 WHERE id = ?", (attempt.id,))

    def usage_before(self, change: Change, digest: bytes, message_digests: MessageDigests | None) -> Usage:
        """Return the present figures for limits and previews of `change`."""
        campaign = None if change.campaign is None else change.campaign.name
        usage = self.usage(change.counted, but=campaign or "")
        if change.message is None:
            return self.with_repeated(usage, digest, tuple(change.records), message_digests)
        if message_digests is None:
            return usage
        overlap, unsettled_attempt, recent_attempt = self.earlier(change.message, message_digests, campaign)
        return replace(usage, overlap=overlap, unsettled_attempt=unsettled_attempt, recent_attempt=recent_attempt)

    def usage(self, counted: Counted | None = None, *, but: str = "") -> Usage:
        """Return what counts towards the limits; `but` is a campaign whose rest is left out, for it is being continued."""
        midnight = self._now.midnight
        day = self._now.ledger - (self._now.wall - microseconds(midnight))
        hour = self._now.ledger - microseconds(LIMIT_SPAN)
        given = {"account": self._account, "day": day, "hour": hour, "counted": counted}
        sums = dict(self._connection.execute(_SUMS, given).fetchone())
        sums["credits_today"] += self._credits_left(day, but) + self._credits_reserved()
        return Usage(**sums, day_ends=midnight + timedelta(days=1), clock_difference=self._now.difference)

    def are_recipients(self, attempt: Attempt, numbers: Collection[str]) -> bool:
        row = self._connection.execute(
            "SELECT alike, digests FROM recipients WHERE attempt = ?", (attempt.id,)
        ).fetchone()
        if row is None:
            return False
        key = self._keys.recipients_key(row["alike"])
        return digest_set(row["digests"]).issuperset(recipient_digests(key, [*numbers]))

    def about(self, number: str) -> list[Attempt]:
        return [self.get(attempt_id) for attempt_id in self._digests_of(number)]

    def forget(self, number: str) -> list[Attempt]:
        digests = self._digests_of(number)
        for attempt_id, digest in digests.items():
            row = self._connection.execute("SELECT digests FROM recipients WHERE attempt = ?", (attempt_id,)).fetchone()
            kept = array("Q", (each for each in array("Q", row["digests"]) if each != digest))
            self._connection.execute(
                "UPDATE recipients SET digests = ? WHERE attempt = ?", (kept.tobytes(), attempt_id)
            )
            # The empty list of a campaign, or of its step, says that nothing is missing: the campaign can be continued.
            self._connection.execute(
                "DELETE FROM recipients WHERE attempt = ? AND digests = x'' "
                "AND attempt IN (SELECT id FROM attempt WHERE campaign IS NULL)",
                (attempt_id,),
            )
        return [self.get(attempt_id) for attempt_id in digests]

    def _digests_of(self, number: str) -> dict[int, int]:
        """Return the digest of `number` in each list that holds it, by attempt, the oldest first."""
        by_alike: dict[bytes, int] = {}
        digests = {}
        for row in self._connection.execute(
            "SELECT r.* FROM recipients AS r JOIN attempt ON id = r.attempt WHERE account = ? ORDER BY r.attempt",
            (self._account,),
        ):
            if row["alike"] not in by_alike:
                key = self._keys.recipients_key(row["alike"])
                by_alike[row["alike"]] = recipient_digests(key, [number])[0]
            if by_alike[row["alike"]] in digest_set(row["digests"]):
                digests[row["attempt"]] = by_alike[row["alike"]]
        return digests

    def _credits_left(self, day: int, but: str) -> int:
        """Return what campaigns under way may still use, those aside that neither run nor had a step since `day`."""
        row = self._connection.execute(
            "SELECT coalesce(sum(credits_left), 0) FROM campaign "
            "WHERE account = ? AND state = 'under_way' AND touched > ? AND name <> ?",
            (self._account, min(day - 1, self._now.ledger - microseconds(RUN_GAP)), but),
        ).fetchone()
        return int(row[0])

    def _credits_reserved(self) -> int:
        """Return what other series of sends that run now may still use."""
        row = self._connection.execute(
            "SELECT coalesce(sum(rest), 0) FROM (SELECT whole.reserved - coalesce(sum(step.credits), 0) AS rest "
            "FROM attempt AS whole LEFT JOIN attempt AS step ON step.parent = whole.id "
            "WHERE whole.account = ? AND whole.reserved IS NOT NULL AND whole.state = 'in_flight' "
            "GROUP BY whole.id HAVING max(whole.at, coalesce(max(step.at), 0)) > ?)",
            (self._account, self._now.ledger - microseconds(RUN_GAP)),
        ).fetchone()
        return int(row[0])
