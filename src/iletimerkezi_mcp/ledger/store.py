"""The ledger: what was attempted, and what became of it.

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
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

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

J = TypeVar("J")

PRUNE_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Started:
    """The attempt is on record and the code is spent: the request may leave.

    The code was issued `waited` ago; `usage` is what counted before this attempt.
    """

    attempt: Attempt
    waited: timedelta
    usage: Usage


@dataclass(frozen=True, slots=True)
class CodeUsed:
    """The code was used before; this is what came of it so far."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class CodeInvalid:
    """The code is not good for this; nothing was spent."""

    fault: confirmation_codes.Fault


@dataclass(frozen=True, slots=True)
class Rejected(Generic[J]):
    """The policy said no; nothing was spent."""

    verdict: J


@dataclass(frozen=True, slots=True)
class _File:
    """The file that a connection has open, to see when another one has taken its place."""

    path: Path
    device: int
    number: int

    @classmethod
    def at(cls, path: Path) -> _File:
        seen = path.stat()
        return cls(path, seen.st_dev, seen.st_ino)

    def stands(self) -> bool:
        try:
            return _File.at(self.path) == self
        except FileNotFoundError:
            return False


class Ledger:
    """A ledger in `folder`, or in memory where that is None. Nothing is made or opened before it is first used.

    With `read_only` the folder holds a ledger already, and nothing in it is made or changed.

    Every method raises :class:`.unavailable.LedgerUnavailableError` where the ledger cannot be read or written; a later call
    tries again.
    """

    def __init__(
        self, folder: Path | None, *, clock: Clock, uptime: BootClock = boot_clock, read_only: bool = False
    ) -> None:
        self._folder = folder
        self._read_only = read_only
        self._clock = clock
        self._uptime = uptime
        # Reentrant, for what is done together.
        self._lock = threading.RLock()
        self._shared: tuple[sqlite3.Connection, Moment] | None = None
        self._keys: Keys | None = None
        self._connection: sqlite3.Connection | None = None
        self._file: _File | None = None
        self._pruned: Moment | None = None

    def digest(self, *parts: bytes) -> bytes:
        """32 bytes that stand for exactly these parts in this order, and tell nothing without the key file."""
        return self._with_keys().digest(*parts)

    def request_state_key(self) -> bytes:
        """32 bytes to seal the state of a question with; the same in every process that shares the folder."""
        return self._with_keys().request_state

    def issue(self, binding: bytes, *, kind: ConfirmedBy, life: timedelta) -> str:
        """A new code for what `binding` stands for, good once and for `life`; earlier ones stay good.

        Only its digest is kept.
        """
        code = confirmation_codes.draw()
        hashed = self._hash(code)
        with self._session("IMMEDIATE") as (connection, now):
            confirmation_codes.keep(connection, hashed, now, binding=binding, kind=kind, life=life)
        return code

    def withdraw(self, code: str) -> Attempt | None:
        """Make `code` useless: its question was answered with a no, or by nobody in time.

        One that was used before stays so; the attempt that used it is given back, for then it is too late for a no.
        """
        hashed = self._hash(code)
        with self._session("IMMEDIATE") as (connection, now):
            confirmation_codes.withdraw(connection, hashed)
            attempt = confirmation_codes.spender(connection, hashed)
            return None if attempt is None else Entries(connection, now).get(attempt)

    def begin(
        self,
        attempt: NewAttempt,
        *,
        code: str,
        binding: bytes,
        kind: ConfirmedBy,
        judge: Callable[[Usage], J | None],
    ) -> Started | CodeUsed | CodeInvalid | Duplicate | Rejected[J]:
        """Check everything once more and, where all is well, spend `code` and put `attempt` on record.

        One transaction: of any number of calls with one code, in any number of processes, one gets
        :class:`Started`. `judge` looks at what counts so far, this attempt not included, and gives a reason
        against it or None; it must be quick, and must not call the ledger.
        """
        hashed = self._hash(code)
        send = attempt.send
        with self._session("IMMEDIATE") as (connection, now):
            entries = Entries(connection, now)
            entries.expire()
            found = confirmation_codes.judge(connection, hashed, now, binding=binding, kind=kind)
            if isinstance(found, confirmation_codes.SpentOn):
                return CodeUsed(_known(entries.get(found.attempt)))
            if not isinstance(found, confirmation_codes.Valid):
                return CodeInvalid(found)
            usage = entries.usage(attempt.account, *((send.text_key, send.message_key) if send else (None, None)))
            verdict = judge(usage)
            if verdict is not None:
                return Rejected(verdict)
            if usage.duplicate is not None:
                return usage.duplicate
            number = entries.add(attempt, kind)
            confirmation_codes.spend(connection, hashed, number)
            return Started(_known(entries.get(number)), found.waited, usage)

    def settle(self, attempt_id: int, outcome: Settled) -> None:
        """Write down what came of an attempt. One that is never settled is unknown after a minute."""
        with self._session("IMMEDIATE") as (connection, now):
            Entries(connection, now).settle(attempt_id, outcome)

    def cancelled(self, account: bytes, order_id: str) -> None:
        """Note that this order was cancelled: it holds nothing back any more and counts no more."""
        with self._session("IMMEDIATE") as (connection, now):
            Entries(connection, now).cancel(account, order_id)

    def reconcile(self, attempt_id: int, order_id: str) -> bool:
        """Settle a send of unknown outcome as this order, which a list of orders showed.

        False, with nothing changed, where the outcome is known or the order is on record as another send's.
        """
        with self._session("IMMEDIATE") as (connection, now):
            return Entries(connection, now).reconcile(attempt_id, order_id)

    def mark_missing(self, attempt_id: int) -> bool:
        """Note that a list of orders does not show a send of unknown outcome: it holds nothing back any more.

        It counts on, and may still be matched. False, with nothing changed, where the outcome is known.
        """
        with self._session("IMMEDIATE") as (connection, now):
            return Entries(connection, now).mark_missing(attempt_id)

    def usage(self, account: bytes, *, text_key: bytes | None = None, message_key: bytes | None = None) -> Usage:
        """What :meth:`begin` would show its judge now."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).usage(account, text_key, message_key)

    def unknown_sends(self, account: bytes) -> list[Attempt]:
        """The sends whose outcome is unknown, those not found included, the oldest first."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).unknown(account)

    def order(self, account: bytes, order_id: str) -> Attempt | None:
        """The send that became this order, where it was made here in the last 90 days."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).order(account, order_id)

    def recent(self, account: bytes, limit: int) -> list[Attempt]:
        """The last `limit` attempts of any kind, the newest first."""
        with self._session("DEFERRED") as (connection, now):
            return Entries(connection, now).recent(account, limit)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction around several calls from this thread, in place of one for each.

        They reach the disk at once, which costs as much as one of them: none of them has happened before the block
        has ended, and where it raises none has. One that raises by itself leaves the others standing.
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
        """Let go of the file. A ledger in memory is lost with this; another one is opened when next used."""
        with self._lock:
            self._disconnect()

    def _hash(self, code: str) -> bytes:
        return self.digest(b"code", confirmation_codes.canonical(code))

    def _with_keys(self) -> Keys:
        with self._lock, self._explained(OSError):
            return self._loaded_keys()

    @contextmanager
    def _session(self, mode: Literal["IMMEDIATE", "DEFERRED"]) -> Iterator[tuple[sqlite3.Connection, Moment]]:
        """A transaction and the moment that it happens at."""
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

        if self._file is not None and not self._file.stands():
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
        """Open the file anew at the next call; one in memory would be lost."""
        if self._folder is not None:
            self._disconnect()

    def _disconnect(self) -> None:
        """Forget file, keys and all, so that the next call begins from what is there then."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._file, self._pruned = None, None, None
        if self._folder is not None:
            self._keys = None


def _known(attempt: Attempt | None) -> Attempt:
    if attempt is None:
        raise LookupError("a spent code outlived its attempt")
    return attempt
