"""Confirmation codes: short-lived, each good for one deed, once, in every process that shares the ledger."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from .attempts import ConfirmedBy
from .clock import Moment, microseconds

if TYPE_CHECKING:
    import sqlite3

CODE_LENGTH = 12
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 characters that cannot be taken for one another: 12 of them are 60 random bits."""

GRACE = timedelta(days=1)
"""How much longer an unused code is known, so that it is told to have expired rather than to be a wrong one."""

Fault = Literal["unknown", "other", "withdrawn", "expired"]
"""What is wrong with a code: never handed out, given for something else, withdrawn, or too old."""


@dataclass(frozen=True, slots=True)
class SpentOn:
    """This code was used before, by the attempt with this id."""

    attempt: int


@dataclass(frozen=True, slots=True)
class Valid:
    """This code may be spent; it was issued so long ago."""

    waited: timedelta


def draw() -> str:
    """A new random code: one word of letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def canonical(code: str) -> bytes:
    """`code` as it is hashed: people and models may change its case and put blanks around it."""
    return code.strip().upper().encode("utf-8", "surrogatepass")


def keep(
    connection: sqlite3.Connection, hashed: bytes, now: Moment, *, binding: bytes, kind: ConfirmedBy, life: timedelta
) -> None:
    """Put a new code's hash on record."""
    connection.execute(
        "INSERT INTO confirmations (hash, binding, kind, life, wall, boot, uptime) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (hashed, binding, kind, microseconds(life), now.wall, now.boot, now.uptime),
    )


def judge(
    connection: sqlite3.Connection, hashed: bytes, now: Moment, *, binding: bytes, kind: ConfirmedBy
) -> Valid | SpentOn | Fault:
    """What the code with this hash is good for.

    One that was given for something else tells nothing of what it did, for whoever presents it may be
    somebody else. One of unknown age (the clock was set back across a restart) has expired.
    """
    row = connection.execute("SELECT * FROM confirmations WHERE hash = ?", (hashed,)).fetchone()
    if row is None:
        return "unknown"
    if (row["binding"], row["kind"]) != (binding, kind):
        return "other"
    if row["attempt"] is not None:
        return SpentOn(row["attempt"])
    if row["withdrawn"]:
        return "withdrawn"
    age = now.age(Moment(row["wall"], row["boot"], row["uptime"]))
    if age is None or microseconds(age) >= row["life"]:
        return "expired"
    return Valid(age)


def spend(connection: sqlite3.Connection, hashed: bytes, attempt: int) -> None:
    """Tie the code with this hash to the attempt that used it."""
    connection.execute("UPDATE confirmations SET attempt = ? WHERE hash = ?", (attempt, hashed))


def withdraw(connection: sqlite3.Connection, hashed: bytes) -> None:
    """Make the code with this hash useless, unless it is spent."""
    connection.execute("UPDATE confirmations SET withdrawn = 1 WHERE hash = ?", (hashed,))


def spender(connection: sqlite3.Connection, hashed: bytes) -> int | None:
    """The attempt that used the code with this hash, if one did."""
    row = connection.execute("SELECT attempt FROM confirmations WHERE hash = ?", (hashed,)).fetchone()
    return None if row is None else row["attempt"]


def prune(connection: sqlite3.Connection) -> None:
    """Forget unused codes a day after their end; used ones go with their attempt."""
    connection.execute(
        "DELETE FROM confirmations WHERE hash IN "
        "(SELECT hash FROM seen_confirmations WHERE attempt IS NULL AND age >= life + ?)",
        (microseconds(GRACE),),
    )
