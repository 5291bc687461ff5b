"""Confirmation codes: short-lived, each valid for one change, once, in every process that shares the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from .attempts import Attempt, Change, ConfirmedBy
from .clock import microseconds
from .ledger import CodeInvalid, CodeUsed
from .rows import Rows

CODE_LENGTH = 12
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 characters that cannot be taken for one another: 12 of them are 60 random bits."""


@dataclass(frozen=True, slots=True)
class Valid:
    """A code that may be used; it was issued `age` ago, when the last attempt had the id `latest_attempt_id`."""

    age: timedelta
    latest_attempt_id: int


def canonical(code: str) -> bytes:
    """Return `code` as it is hashed: people and models may change its case and put blanks around it."""
    return code.strip().upper().encode("utf-8", "surrogatepass")


class Codes(Rows):
    """The codes of the ledger: only their keyed digests are kept."""

    def issue(self, change: Change, principal: str, confirmed_by: ConfirmedBy, life: timedelta) -> str:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        self._connection.execute(
            "INSERT INTO confirmation_code (hash, binding, confirmed_by, life, at, issued, latest) "
            "VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM attempt))",
            (
                self._hash(code),
                self._binding(change, principal),
                confirmed_by,
                microseconds(life),
                self._now.ledger,
                self._now.wall,
            ),
        )
        return code

    def check_code(
        self, code: str, change: Change, principal: str, kinds: Collection[str]
    ) -> Valid | CodeUsed | CodeInvalid:
        """Return whether `code`, of one of these kinds, may be used for `change`.

        A code that was issued for another change does not reveal what it did, for it may be presented by another caller.
        One from before a restart of the machine, which by the wall clock was issued in the future, has expired: its age is
        not known; so has any that was issued in the future, until the provider has answered since the restart.
        """
        now, code_hash = self._now, self._hash(code)
        row = self._connection.execute("SELECT * FROM confirmation_code WHERE hash = ?", (code_hash,)).fetchone()
        if row is None:
            return CodeInvalid("not_issued")
        if row["binding"] != self._binding(change, principal) or row["confirmed_by"] not in kinds:
            return CodeInvalid("other_change")
        if row["attempt"] is not None:
            return CodeUsed(self.get(row["attempt"]))
        if row["withdrawn"]:
            return CodeInvalid("withdrawn")
        age = max(0, now.ledger - row["at"])
        from_before = row["at"] <= now.floor or not now.is_confirmed
        if age >= row["life"] or (from_before and now.wall < row["issued"]):
            return CodeInvalid("expired")
        return Valid(timedelta(microseconds=age), row["latest"])

    def use_code(self, code: str, attempt: Attempt) -> None:
        """Tie `code` to the attempt that uses it."""
        self._connection.execute(
            "UPDATE confirmation_code SET attempt = ? WHERE hash = ?", (attempt.id, self._hash(code))
        )

    def withdraw(self, code: str) -> Attempt | None:
        code_hash = self._hash(code)
        self._connection.execute(
            "UPDATE confirmation_code SET withdrawn = 1 WHERE hash = ?1 OR (confirmed_by = 'code' AND binding = "
            "(SELECT binding FROM confirmation_code WHERE hash = ?1 AND attempt IS NULL))",
            (code_hash,),
        )
        row = self._connection.execute(
            "SELECT attempt FROM confirmation_code WHERE hash = ? AND attempt IS NOT NULL", (code_hash,)
        ).fetchone()
        return None if row is None else self.get(row["attempt"])

    def _hash(self, code: str) -> bytes:
        return self._keys.digest(b"code", canonical(code))

    def _binding(self, change: Change, principal: str) -> bytes:
        """Return the digest of all that a code is valid for."""
        return self._keys.digest(b"binding", self._account, change.binding, principal.encode("utf-8", "surrogatepass"))
