"""Earlier attempts that reach the same people, or declare the same: looked up by keyed digests."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from .attempts import DIGEST_RETENTION, REPEAT_HOLD, UNKNOWN_HOLD, Attempt, Overlap, PendingMessage, Usage
from .clock import instant, microseconds
from .recipients import digest_set, recipient_digests
from .rows import Rows

if TYPE_CHECKING:
    import sqlite3

COUNTS = "state IN ('in_flight', 'done', 'unknown', 'not_found', 'stopped')"
"""The condition that an attempt counts towards the limits on what reaches people: it was made, or may have been.

`stopped` is a series of which some steps were made.
"""


@dataclass(frozen=True)
class MessageDigests:
    """The keyed digests of a message.

    `text` is equal for texts that look alike to a reader, `skeleton` for those that read nearly alike, and
    `text_and_recipients` for equal `text` and set of recipients. `key` is the key of the digests of `recipients`, of 32
    bytes, and the same for equal `skeleton`. The columns of the first three are `text`, `alike` and `whole`.
    """

    text: bytes
    skeleton: bytes
    text_and_recipients: bytes
    key: bytes
    recipients: Sequence[str]

    @cached_property
    def of_recipients(self) -> array[int]:
        """The digests of `recipients`, in their order: of a long list they are made once, and only if they are needed."""
        return recipient_digests(self.key, self.recipients)

    def shared_with(self, stored: bytes | None) -> set[int]:
        """Return the digests that another send has too, as `stored` by the ledger; None is a send to the same people."""
        return self._set if stored is None else self._set.intersection(array("Q", stored))

    @cached_property
    def _set(self) -> set[int]:
        return set(self.of_recipients)


class Overlaps(Rows):
    """The attempts of an account, as they bear on a change that is to be made."""

    def earlier(
        self,
        message: PendingMessage,
        message_digests: MessageDigests,
        campaign: str | None,
        disjoint: int = 0,
    ) -> tuple[Overlap | None, Attempt | None, Attempt | None]:
        """Return what holds `message` back, an earlier send that it may repeat, and one that reads nearly alike.

        If it is of `campaign`, each earlier step of that holds back for as long as its recipients are known. `disjoint` is an
        attempt whose steps are known to have no recipient in common with it, or 0.
        """
        rows = self._overlapping(message_digests, campaign or "", disjoint)
        held: set[int] = set()
        holding: tuple[Attempt, int] | None = None
        sends = 0
        unsettled_attempt: Attempt | None = None
        recent_attempt: Attempt | None = None
        for row in rows:
            common = message_digests.shared_with(row["digests"])
            if not common:
                continue
            attempt, age = self._attempt(row), max(0, self._now.ledger - row["at"])
            if row["text"] != message_digests.text:
                if attempt.state != "not_found" and age < row["ahead"] + microseconds(REPEAT_HOLD):
                    recent_attempt = attempt
            elif (hold_left := _hold(attempt, row["ahead"], campaign) - age) > 0:
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
        pairs = zip(message.recipients, message_digests.of_recipients, strict=True)
        recipients = tuple(number for number, digest in pairs if digest in held)
        return (
            Overlap(holding[0], recipients, instant(self._now.wall + holding[1]), sends),
            unsettled_attempt,
            recent_attempt,
        )

    def _overlapping(self, message_digests: MessageDigests, campaign: str, disjoint: int) -> list[sqlite3.Row]:
        """Return the counting sends of texts that read nearly alike, to whom each went, the oldest first.

        Those that were accepted and hold nothing back any more are left out, but for steps of `campaign`: the digests of
        campaigns are kept for longer. So are the steps of the attempt `disjoint`. For a send to one person, of the many
        others to one person only theirs are read.
        """
        condition, values = "single", [message_digests.skeleton]
        if len(message_digests.recipients) == 1:
            digests = message_digests.of_recipients
            condition, values = "single AND digests = ?", [message_digests.skeleton, digests.tobytes()]
        over = self._now.ledger - microseconds(REPEAT_HOLD)
        return self._connection.execute(
            f"SELECT attempt.*, digests, {self._ahead} AS ahead FROM attempt JOIN ("  # noqa: S608 - constants and a number
            f"SELECT attempt AS id, digests FROM recipients WHERE alike = ? AND {condition} "
            "UNION ALL SELECT attempt, digests FROM recipients WHERE alike = ? AND NOT single "
            "AND attempt NOT IN (SELECT id FROM attempt WHERE parent = ?) "
            "UNION ALL SELECT id, NULL FROM attempt WHERE whole = ?"
            f") USING (id) WHERE account = ? AND credits IS NOT NULL AND {COUNTS} AND NOT "
            f"(state = 'done' AND at + {self._ahead} <= ? AND (campaign IS NULL OR campaign <> ?)) ORDER BY id",
            (
                *values,
                message_digests.skeleton,
                disjoint,
                message_digests.text_and_recipients,
                self._account,
                over,
                campaign,
            ),
        ).fetchall()

    def with_repeated(self, usage: Usage, digest: bytes, records: Sequence[str], keys: MessageDigests | None) -> Usage:
        """Return `usage` with the earlier attempts at this change, or at one of its records.

        Of a series, its steps are looked at while their records are known.
        """
        digests = [] if keys is None else keys.of_recipients
        unsettled_attempt, recent_attempt = None, None
        unsettled, recent = set[int](), set[int]()
        for row in self._connection.execute(
            "SELECT attempt.*, digests FROM attempt JOIN ("  # noqa: S608 - constants
            "SELECT id, NULL AS digests FROM attempt WHERE account = ? AND change_digest = ? AND NOT EXISTS "
            "(SELECT 1 FROM attempt AS step JOIN recipients ON attempt = step.id WHERE step.parent = attempt.id) "
            "UNION ALL SELECT attempt, digests FROM recipients WHERE alike = ? AND NOT single"
            f") USING (id) WHERE {COUNTS} ORDER BY id",
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
        pairs = list(zip(records, digests, strict=False))
        return replace(
            usage,
            unsettled_attempt=unsettled_attempt,
            recent_attempt=recent_attempt,
            unsettled_records=tuple(record for record, each in pairs if each in unsettled),
            recent_records=tuple(record for record, each in pairs if each in recent),
        )


def _hold(attempt: Attempt, ahead: int, campaign: str | None) -> int:
    """Return for how long after its start a send holds back the same text to the same people, in microseconds."""
    if attempt.state == "not_found":
        return 0
    hold = ahead + microseconds(REPEAT_HOLD)
    if attempt.state == "unknown":
        hold = max(hold, microseconds(UNKNOWN_HOLD))
    is_own = campaign is not None and attempt.campaign == campaign
    return max(hold, microseconds(DIGEST_RETENTION)) if is_own else hold


def record_hashes(records: Iterable[str]) -> list[str]:
    """Return 64 bits of each of the `records`, in the space that a number has."""
    return [hashlib.sha256(record.encode()).hexdigest()[:16] for record in records]
