"""The ledger: every attempt, and what became of it.

It is written before a request leaves and read before one may. Everything here blocks on the disk; an event
loop calls it in a worker thread. One ledger serves any number of threads, one file any number of processes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import Clock

from . import confirmation_codes
from .attempts import Attempt, ConfirmedBy, Duplicate, NewAttempt, Settled, Usage
from .clock import BootClock, Moment, boot_clock
from .entries import Entries
from .files import make_folder
from .keys import Keys, load_keys, look_at_keys, new_keys
from .unavailable import LedgerUnavailableError, because

if TYPE_CHECKING:
    import sqlite3

PRUNE_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Started:
    """The attempt is on record and the code is used up: the request may leave.

    The code was issued `since_preview` ago; `usage` is what counted before this attempt.
    """

    attempt: Attempt
    since_preview: timedelta
    usage: Usage


@dataclass(frozen=True, slots=True)
class CodeUsed:
    """The code was used before, by `attempt`."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class CodeInvalid:
    """The code is not valid for this change; it stays as it was."""

    fault: confirmation_codes.CodeFault


@dataclass(frozen=True, slots=True)
class RejectedByPolicy:
    """The policy rejected the change; the code stays valid."""

    reason: Text


@dataclass(frozen=True, slots=True)
class _File:
    """The file that a connection has open, to notice when another one has taken its place."""

    path: Path
    device: int
    number: int

    @classmethod
    def at(cls, path: Path) -> _File:
        status = path.stat()
        return cls(path, status.st_dev, status.st_ino)

    def is_in_place(self) -> bool:
        try:
            return _File.at(self.path) == self
        except FileNotFoundError:
            return False


class Ledger:
    """A ledger in `folder`, or in memory if that is None. Nothing is created or opened before it is first used.

    With `read_only` the folder holds a ledger already, and nothing in it is created or changed.

    Every method raises :class:`.unavailable.LedgerUnavailableError` if the ledger cannot be read or written; a later
    call tries again.
    """

    def __init__(
        self, folder: Path | None, *, clock: Clock, uptime: BootClock = boot_clock, read_only: bool = False
    ) -> None:
        self._folder = folder
        self._read_only = read_only
        self._clock = clock
        self._uptime = uptime
        # Reentrant, for the calls within a batch.
        self._lock = threading.RLock()
        self._shared: tuple[sqlite3.Connection, Moment] | None = None
        self._keys: Keys | None = None
        self._connection: sqlite3.Connection | None = None
        self._file: _File | None = None
        self._pruned: Moment | None = None

    def digest(self, *parts: bytes) -> bytes:
        """Return 32 bytes that identify exactly these parts in this order, and reveal nothing without the key file."""
        return self._with_keys().digest(*parts)

    def request_state_key(self) -> bytes:
        """Return the 32 bytes that seal the state of a question; every process that shares the folder has the same."""
        return self._with_keys().request_state

    def issue(self, binding: bytes, *, confirmed_by: ConfirmedBy, life: timedelta) -> str:
        """Return a new code for the change that `binding` identifies, valid once and for `life`.

        Earlier codes stay valid. Only the code's digest is kept.
        """
        code = confirmation_codes.draw()
        code_hash = self._hash(code)
        with self._session("IMMEDIATE") as (connection, now):
            confirmation_codes.add(connection, code_hash, now, binding=binding, confirmed_by=confirmed_by, life=life)
        return code

    def withdraw(self, code: str) -> Attempt | None:
        """Make `code` invalid: its question was answered with a no, or not in time.

        A code that was used before stays used; the attempt that used it is returned, for then it is too late for a no.
        """
        code_hash = self._hash(code)
        with self._session("IMMEDIATE") as (connection, now):
            attempt_id = confirmation_codes.withdraw(connection, code_hash)
            return None if attempt_id is None else Entries(connection, now).get(attempt_id)

    def begin(
        self,
        attempt: NewAttempt,
        *,
        code: str,
        binding: bytes,
        confirmed_by: ConfirmedBy,
        judge: Callable[[Usage], Text | None],
    ) -> Started | CodeUsed | CodeInvalid | Duplicate | RejectedByPolicy:
        """Check everything once more and, if nothing is wrong, use up `code` and put `attempt` on record.

        One transaction: of any number of calls with one code, in any number of processes, one gets
        :class:`Started`. `judge` gets what counts so far, without this attempt, and returns a reason
        against it or None; it must be quick, and must not call the ledger.
        """
        code_hash = self._hash(code)
        send = attempt.send
        with self._session("IMMEDIATE") as (connection, now):
            entries = Entries(connection, now)
            entries.expire()
            checked = confirmation_codes.check(connection, code_hash, now, binding=binding, confirmed_by=confirmed_by)
            if isinstance(checked, confirmation_codes.UsedBy):
                return CodeUsed(_recorded(entries.get(checked.attempt)))
            if not isinstance(checked, confirmation_codes.Valid):
                return CodeInvalid(checked)
            usage = entries.usage(attempt.account, *((send.text_key, send.message_key) if send else (None, None)))
            reason = judge(usage)
            if reason is not None:
                return RejectedByPolicy(reason)
            if usage.duplicate is not None:
                return usage.duplicate
            attempt_id = entries.add(attempt, confirmed_by)
            confirmation_codes.use(connection, code_hash, attempt_id)
            return Started(_recorded(entries.get(attempt_id)), checked.age, usage)

    def settle(self, attempt_id: int, settled: Settled) -> None:
        """Record the outcome of an attempt. One that is never settled is unknown after a minute."""
        with self._session("IMMEDIATE") as (connection, now):
            Entries(connection, now).settle(attempt_id, settled)

    def cancelled(self, account: bytes, order_id: str) -> None:
        """Record that this order was cancelled: it no longer holds anything back and no longer counts."""
        with self._session("IMMEDIATE") as (connection, now):
            Entries(connection, now).cancel(account, order_id)

    def reconcile(self, attempt_id: int, order_id: str) -> bool:
        """Settle a send of unknown outcome as this order, which a list of orders showed.

        False, with nothing changed, if the outcome is known or the order is on record as another send's.
        """
        with self._session("IMMEDIATE") as (connection, now):
            return Entries(connection, now).reconcile(attempt_id, order_id)

    def mark_missing(self, attempt_id: int) -> bool:
        """Record that a list of orders does not show a send of unknown outcome: it no longer holds anything back.

        It still counts, and may still be reconciled. False, with nothing changed, if the outcome is known.
        """
        with self._session("IMMEDIATE") as (connection, now):
            return Entries(connection, now).mark_missing(attempt_id)

    def usage(self, account: bytes, *, text_key: bytes | None = None, message_key: bytes | None = None) -> Usage:
        """Return what :meth:`begin` would give its judge now."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).usage(account, text_key, message_key)

    def unknown_sends(self, account: bytes) -> list[Attempt]:
        """Return the sends whose outcome is unknown, those not found included, the oldest first."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).unknown(account)

    def order(self, account: bytes, order_id: str) -> Attempt | None:
        """Return the send that became this order, if it was made here in the last 90 days."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).order(account, order_id)

    def recent(self, account: bytes, limit: int) -> list[Attempt]:
        """Return the last `limit` attempts of any kind, the newest first."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).recent(account, limit)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Put several calls from this thread into one transaction, in place of one for each.

        They reach the disk together, which costs as much as one of them: none of them is done before the block has
        ended, and if the block raises none is. A call that raises by itself does not undo the others.
        """
        with self._lock:
            try:
                with self._session("IMMEDIATE") as shared:
                    self._shared = shared
                    try:
                        yield
                    finally:
                        self._shared = None
            except LedgerUnavailableError:
                self._reset()
                raise

    def close(self) -> None:
        """Close the file. A ledger in memory is lost with this; a new one is opened when next used."""
        with self._lock:
            self._disconnect()

    def _hash(self, code: str) -> bytes:
        return self.digest(b"code", confirmation_codes.canonical(code))

    def _with_keys(self) -> Keys:
        with self._lock, self._explained(OSError):
            return self._loaded_keys()

    @contextmanager
    def _session(self, mode: Literal["IMMEDIATE", "DEFERRED"]) -> Iterator[tuple[sqlite3.Connection, Moment]]:
        """Open a transaction, with the moment that it happens at."""
        from . import database

        with self._lock, self._explained(OSError, database.Failure):
            if self._shared is not None:
                with database.step(self._shared[0]):
                    yield self._shared
                return
            connection = self._opened()
            with database.transaction(connection, mode, self._now) as now:
                yield connection, now

    def _now(self) -> Moment:
        return Moment.read(self._clock, self._uptime)

    @contextmanager
    def _explained(self, *failures: type[Exception]) -> Iterator[None]:
        try:
            yield
        except failures as error:
            if self._shared is None:
                self._reset()
            raise because(error, self._folder) from error

    def _loaded_keys(self) -> Keys:
        if self._keys is None:
            if self._folder is None:
                self._keys = new_keys()
            elif self._read_only:
                self._keys = look_at_keys(self._folder)
            else:
                from .database import FILE

                make_folder(self._folder)
                self._keys = load_keys(self._folder, self._folder / FILE)
        return self._keys

    def _opened(self) -> sqlite3.Connection:
        from . import database

        if self._file is not None and not self._file.is_in_place():
            self._disconnect()
        fingerprint = self._loaded_keys().fingerprint
        if self._connection is None:
            if self._folder is None:
                self._connection = database.open_memory(fingerprint)
            else:
                opening = database.look_at_file if self._read_only else database.open_file
                self._connection = opening(self._folder, fingerprint)
                self._file = _File.at(self._folder / database.FILE)
        if self._read_only:
            return self._connection
        since = self._now().age(self._pruned) if self._pruned else None
        if since is None or since >= PRUNE_EVERY:
            with database.transaction(self._connection, "IMMEDIATE", self._now) as now:
                entries = Entries(self._connection, now)
                entries.expire()
                entries.prune()
                confirmation_codes.prune(self._connection)
            self._pruned = now
        return self._connection

    def _reset(self) -> None:
        """Have the next call open the file anew; a ledger in memory would be lost, and stays."""
        if self._folder is not None:
            self._disconnect()

    def _disconnect(self) -> None:
        """Drop the connection and the keys, so that the next call begins from what is there then."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._file, self._pruned = None, None, None
        if self._folder is not None:
            self._keys = None


def _recorded(attempt: Attempt | None) -> Attempt:
    if attempt is None:
        raise LookupError("a used code outlived its attempt")
    return attempt
