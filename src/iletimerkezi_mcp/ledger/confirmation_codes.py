"""Confirmation codes: short-lived, each valid for one change, once, in every process that shares the ledger."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from .attempts import ConfirmedBy
from .clock import LedgerTime, microseconds

if TYPE_CHECKING:
    import sqlite3

CODE_LENGTH = 12
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 characters that cannot be taken for one another: 12 of them are 60 random bits."""

UNUSED_CODE_RETENTION = timedelta(days=1)
"""The further time for which an unused code is kept, so that it is told from one that was never issued."""

CodeFault = Literal["not_issued", "other_change", "withdrawn", "expired", "overtaken"]
"""The reason why a code is not valid: never issued, issued for another change, withdrawn, too old, or issued before an
attempt of which its preview would have warned."""


@dataclass(frozen=True, slots=True)
class UsedBy:
    """A code that was used before, by the attempt with this id."""

    attempt_id: int


@dataclass(frozen=True, slots=True)
class Valid:
    """A code that may be used; it was issued `age` ago, when the last attempt had the id `latest_attempt_id`."""

    age: timedelta
    latest_attempt_id: int


def draw() -> str:
    """Return a new random code: one word of letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def canonical(code: str) -> bytes:
    """Return `code` as it is hashed: people and models may change its case and put blanks around it."""
    return code.strip().upper().encode("utf-8", "surrogatepass")


def add(
    connection: sqlite3.Connection,
    code_hash: bytes,
    now: LedgerTime,
    *,
    binding: bytes,
    confirmed_by: ConfirmedBy,
    life: timedelta,
) -> None:
    """Put a new code's hash on record."""
    connection.execute(
        "INSERT INTO confirmation_code (hash, binding, confirmed_by, life, at, issued, latest) "
        "VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM attempt))",
        (code_hash, binding, confirmed_by, microseconds(life), now.ledger, now.wall),
    )


def check(
    connection: sqlite3.Connection, code_hash: bytes, now: LedgerTime, *, binding: bytes, confirmed_by: ConfirmedBy
) -> Valid | UsedBy | CodeFault:
    """Return whether the code with this hash may be used for `binding`.

    A code that was issued for another change does not reveal what it did, for it may be presented by another caller.
    One from before a restart of the machine, which by the wall clock was issued in the future, has expired: its age is
    not known; so has any that was issued in the future, until the provider has answered since the restart.
    """
    row = connection.execute("SELECT * FROM confirmation_code WHERE hash = ?", (code_hash,)).fetchone()
    if row is None:
        return "not_issued"
    if (row["binding"], row["confirmed_by"]) != (binding, confirmed_by):
        return "other_change"
    if row["attempt"] is not None:
        return UsedBy(row["attempt"])
    if row["withdrawn"]:
        return "withdrawn"
    age = max(0, now.ledger - row["at"])
    from_before = row["at"] <= now.floor or not now.is_confirmed
    if age >= row["life"] or (from_before and now.wall < row["issued"]):
        return "expired"
    return Valid(timedelta(microseconds=age), row["latest"])


def use(connection: sqlite3.Connection, code_hash: bytes, attempt: int) -> None:
    """Tie the code with this hash to the attempt that used it."""
    connection.execute("UPDATE confirmation_code SET attempt = ? WHERE hash = ?", (attempt, code_hash))


def withdraw(connection: sqlite3.Connection, code_hash: bytes) -> int | None:
    """Make the code with this hash invalid; return the attempt that has used it already, if there is one."""
    connection.execute("UPDATE confirmation_code SET withdrawn = 1 WHERE hash = ?", (code_hash,))
    row = connection.execute("SELECT attempt FROM confirmation_code WHERE hash = ?", (code_hash,)).fetchone()
    return None if row is None else row["attempt"]


def set_back(connection: sqlite3.Connection, now: LedgerTime, back: int) -> None:
    """Take `back` microseconds, that the ledger's time was wrong by, from the codes of that time."""
    connection.execute("UPDATE confirmation_code SET at = max(?, at - ?) WHERE at > ?", (now.floor, back, now.floor))


def prune(connection: sqlite3.Connection, now: LedgerTime) -> None:
    """Delete unused codes :data:`UNUSED_CODE_RETENTION` after their end; used ones go with their attempt."""
    connection.execute(
        "DELETE FROM confirmation_code WHERE attempt IS NULL AND at + life + ? <= ?",
        (microseconds(UNUSED_CODE_RETENTION), now.certain),
    )
