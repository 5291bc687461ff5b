"""The ledger in an SQLite file, or in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, TypeVar

import anyio
import anyio.to_thread

from iletimerkezi_mcp.sms.clock import Clock

from .clock import Uptime, UptimeClock, uptime_clock
from .files import LEDGER_FILE, make_folder
from .keys import FILE as KEY_FILE
from .keys import Keys, load_keys, look_at_keys, new_keys
from .rows import NewestAttempt, keep_time
from .session import Session
from .unavailable import LOCKED, REPLACED, LedgerReplacedError, LedgerUnavailableError, explain_failure

if TYPE_CHECKING:
    import sqlite3

PRUNE_SECONDS = 3600.0

T = TypeVar("T")
P = ParamSpec("P")
Mode = Literal["IMMEDIATE", "DEFERRED"]


@dataclass(frozen=True, slots=True)
class _File:
    """A file that a connection has open, to notice when another one has taken its place."""

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
        except (FileNotFoundError, NotADirectoryError):
            return False


def _seconds_until(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _in_transaction(
    mode: Mode, method: Callable[Concatenate[Session, P], T]
) -> Callable[Concatenate[SqliteLedger, P], Coroutine[Any, Any, T]]:
    """Return the method of the ledger that calls `method` in a transaction."""

    async def call(self: SqliteLedger, /, *arguments: P.args, **options: P.kwargs) -> T:
        return await self._call(mode, lambda session: method(session, *arguments, **options))

    return call


_reads = partial(_in_transaction, "DEFERRED")
_writes = partial(_in_transaction, "IMMEDIATE")


class SqliteLedger:
    """The ledger of `account` (its key, base address and mode) in `folder`, or in memory if that is None.

    Nothing is created or opened before it is first used. With `read_only` the folder holds a ledger already, and nothing
    in it is created or changed. `key_file` is the file of its keys if that lies elsewhere. :class:`.ledger.Ledger`
    documents the methods.

    From its first use until it is closed it uses one file: if that is deleted, moved or replaced, every call fails, for
    another one knows nothing of what this one holds back.

    Everything blocks on the disk, so each call takes one hop to a thread, one call after the other. A caller that is
    cancelled while it waits for its turn does nothing; once its turn has come, it learns the outcome. One object serves
    one event loop at a time; another thread's loop needs another object.
    """

    def __init__(
        self,
        folder: Path | None,
        account: tuple[str, ...],
        *,
        clock: Clock,
        uptime: UptimeClock = uptime_clock,
        key_file: Path | None = None,
        read_only: bool = False,
    ) -> None:
        self._folder = folder
        self._account = tuple(part.encode("utf-8", "surrogatepass") for part in account)
        self._clock = clock
        self._uptime = uptime
        self._key_file = key_file
        self._read_only = read_only
        self._turn = anyio.Lock(fast_acquire=True)
        # For what is called from no event loop, and for the thread of a call whose task was ended.
        self._lock = threading.RLock()
        self._keys: Keys | None = None
        self._connection: sqlite3.Connection | None = None
        self._file: _File | None = None
        # SQLite's log and its index: what they hold is not in the file yet.
        self._log: list[_File] = []
        # The provider's time, and the uptime then, if an answer showed it before there was a ledger.
        self._early_provider_time: tuple[datetime, float] | None = None
        self._pruned: float | None = None
        # Of what is too old something may be left for the next transaction.
        self._more = False
        self._newest: NewestAttempt | None = None

    def request_state_key(self) -> bytes:
        with self._lock, self._explain_failures(OSError):
            return self._load_keys().request_state_key

    look_up = _reads(Session.look_up)
    issue = _writes(Session.issue)
    withdraw = _writes(Session.withdraw)
    begin_step = _writes(Session.begin_step)
    steps = _reads(Session.steps)
    settle = _writes(Session.settle)
    settle_unknown = _writes(Session.settle_unknown)
    latest = _reads(Session.latest)
    unsettled_sends = _reads(Session.unsettled_sends)
    cancel = _writes(Session.cancel)
    orders = _reads(Session.orders)
    are_recipients = _reads(Session.are_recipients)
    unaudited_attempts = _reads(Session.unaudited_attempts)
    mark_audited = _writes(Session.mark_audited)
    campaigns = _reads(Session.campaigns)
    campaign = _reads(Session.campaign)
    unfinished_campaign = _reads(Session.unfinished_campaign)
    handed_over = _reads(Session.handed_over)
    cancel_campaign = _writes(Session.cancel_campaign)
    several_texts_proven = _reads(Session.several_texts_proven)
    record_several_texts_proven = _writes(Session.record_several_texts_proven)
    about = _reads(Session.about)
    """Return the attempts whose digests show that they went to a canonical number, the oldest first."""
    forget = _writes(Session.forget)
    """Delete the digests of a canonical number, and return the attempts that had one, the oldest first.

    Nothing is held back from that person any more because of them, and a send of unknown outcome that went to it may
    no longer be recognised.
    """

    rules = _reads(Session.rules)
    edited_rules = _reads(Session.edited_rules)
    """Return the names of the rules that were edited in the file, which let nothing through."""
    look_up_rule = _reads(Session.look_up_rule)
    add_rule = _writes(Session.add_rule)
    """Put a rule on record that a person has approved; see :meth:`.rules.Rules.add_rule`."""
    revoke_rule = _writes(Session.revoke_rule)
    """Delete a rule; False if there is none of this name."""

    keep_waiting = _writes(Session.keep_waiting)
    issue_card = _writes(Session.issue_card)
    show_card = _writes(Session.show_card)
    change_on_card = _reads(Session.change_on_card)
    waiting_change = _reads(Session.waiting_change)
    waiting_call = _reads(Session.waiting_call)
    add_wrong_number = _writes(Session.add_wrong_number)
    end_waiting = _writes(Session.end_waiting)
    delete_unless_shown = _writes(Session.delete_unless_shown)
    mark_told = _writes(Session.mark_told)

    record_pushed = _writes(Session.record_pushed)
    pushed = _reads(Session.pushed)
    pushed_to = _reads(Session.pushed_to)
    pushed_claims = _reads(Session.pushed_claims)
    last_pushed = _reads(Session.last_pushed)
    late_orders = _reads(Session.late_orders)
    pushed_about = _reads(Session.pushed_about)
    """Return the orders with pushed reports to a canonical number."""
    forget_pushed = _writes(Session.forget_pushed)
    """Delete the pushed reports to a canonical number, and return the orders that had one."""

    usage = _reads(Session.usage)
    begin = _writes(Session.begin)
    begin_by_rule = _writes(Session.begin_by_rule)

    async def record_provider_time(self, time: datetime, *, create: bool = False) -> None:
        if create or self.exists():
            await self._call("IMMEDIATE", lambda session: session.record_provider_time(time))
        else:
            self._early_provider_time = time, self._uptime().seconds

    def exists(self) -> bool:
        if self._folder is None:
            return self._connection is not None
        try:
            return (self._folder / LEDGER_FILE).exists()
        except OSError:
            return False

    async def prune(self) -> None:
        """Delete all that is too old to be kept; any other call deletes some first, if an hour has passed or more is left."""
        self._pruned, more = None, True
        while more:
            await self._call("DEFERRED", lambda _: None)
            more = self._more

    def close(self) -> None:
        """Close the file, and take the one that is there at the next call, whichever that is."""
        with self._lock:
            self._disconnect()
            self._file, self._newest = None, None

    async def _call(self, mode: Mode, work: Callable[[Session], T]) -> T:
        """Return what `work` returns, in a thread and a transaction, within a time that all waiting shares."""
        from .database import BUSY_SECONDS

        deadline = time.monotonic() + BUSY_SECONDS
        try:
            with anyio.fail_after(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise LedgerUnavailableError(LOCKED.format(place=str(self._folder))) from None
        try:
            return await anyio.to_thread.run_sync(self._transact, mode, work, deadline)
        finally:
            self._turn.release()

    def _transact(self, mode: Mode, work: Callable[[Session], T], deadline: float) -> T:
        from . import database

        with self._lock, self._explain_failures(OSError, database.Failure):
            connection = self._open(_seconds_until(deadline))
            keys = self._load_keys()
            account = keys.digest(b"account", *self._account)
            up = self._uptime().seconds
            is_due = self._more or self._pruned is None or not 0 <= up - self._pruned < PRUNE_SECONDS
            prune, more = is_due and not self._read_only, False
            mode = "IMMEDIATE" if prune else mode
            if prune and self._folder is not None:
                database.tighten_files(self._folder, self._key_path(self._folder))
            with database.transaction(
                connection, mode, self._now, str(self._folder), _seconds_until(deadline)
            ) as begun:
                moment = begun
                if mode == "IMMEDIATE" and self._early_provider_time is not None:
                    shown, uptime = self._early_provider_time
                    moment = begun.corrected(shown + timedelta(seconds=up - uptime))
                    keep_time(connection, moment)
                    self._early_provider_time = None
                session = Session(connection, account, moment, keys)
                if self._newest is not None and not session.holds(self._newest):
                    raise LedgerReplacedError(REPLACED.format(place=str(self._folder)))
                if prune:
                    session.delete_old()
                    session.delete_decided()
                    more = session.delete_old_pushed()
                result = work(session)
                newest = session.newest()
            self._newest = newest
            if prune:
                self._pruned, self._more = up, more
            return result

    def _now(self) -> tuple[datetime, Uptime]:
        return self._clock(), self._uptime()

    @contextmanager
    def _explain_failures(self, *failures: type[Exception]) -> Iterator[None]:
        try:
            yield
        except LedgerReplacedError:
            # The file that is open stays so: a new one then cannot get its number, and it is known if it is put back.
            raise
        except LedgerUnavailableError:
            self._reset()
            raise
        except failures as error:
            self._reset()
            raise explain_failure(error, self._folder) from error

    def _load_keys(self) -> Keys:
        files = self._log if self._file is None else [self._file, *self._log]
        if not all(file.is_in_place() for file in files):
            raise LedgerReplacedError(REPLACED.format(place=str(self._folder)))
        if self._keys is None and self._folder is None:
            self._keys = new_keys()
        elif self._keys is None and self._folder is not None:
            path, ledger = self._key_path(self._folder), self._folder / LEDGER_FILE
            if self._read_only:
                self._keys = look_at_keys(path, ledger)
            else:
                make_folder(self._folder)
                self._keys = load_keys(path, ledger)
        assert self._keys is not None
        return self._keys

    def _key_path(self, folder: Path) -> Path:
        return self._key_file or folder / KEY_FILE

    def _open(self, seconds: float) -> sqlite3.Connection:
        from . import database

        fingerprint = self._load_keys().fingerprint
        if self._connection is None:
            if self._folder is None:
                self._connection = database.open_memory(fingerprint, self._now)
                return self._connection
            key_path = self._key_path(self._folder)
            if self._read_only:
                self._connection = database.look_at_file(self._folder, key_path, fingerprint, seconds)
            else:
                self._connection = database.open_file(self._folder, key_path, fingerprint, self._now, seconds)
                self._log = [_File.at(path) for path in database.log_files(self._folder) if path.exists()]
            if self._file is None:
                self._file = _File.at(self._folder / LEDGER_FILE)
        return self._connection

    def _reset(self) -> None:
        """Have the next call open the file anew; a ledger in memory would be lost, and stays."""
        if self._folder is not None:
            self._disconnect()

    def _disconnect(self) -> None:
        """Drop the connection and the keys, so that the next call begins from what is there then."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._pruned, self._log = None, None, []
        if self._folder is not None:
            self._keys = None
