"""The state of the simulated provider, in SQLite: in memory, or in a file that several processes share.

Nothing runs in the background. Every time in the tables is a moment, and what has come true by now is worked out
when a request asks.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from iletimerkezi_mcp.language import ExplainedError, Text
from iletimerkezi_mcp.ledger.files import make_folder
from iletimerkezi_mcp.sms.clock import Clock, system_clock

from .fixtures import FIXTURES, Fixtures
from .request_context import RequestContext, SimulatedAccount

VERSION = 1
"""The layout of the tables; a file of another layout is refused."""

BUSY_SECONDS = 10.0
"""The time that one process waits for another to finish its transaction."""

_TABLES = (
    "CREATE TABLE account (granted INTEGER NOT NULL)",
    "CREATE TABLE senders (name TEXT PRIMARY KEY)",
    """CREATE TABLE orders (
        id INTEGER PRIMARY KEY, sender TEXT NOT NULL, accepted_at REAL NOT NULL, send_at REAL NOT NULL,
        digest TEXT NOT NULL, stopped_at REAL)""",
    "CREATE INDEX orders_by_digest ON orders (digest, accepted_at)",
    "CREATE INDEX orders_by_day ON orders (accepted_at)",
    """CREATE TABLE recipients (
        order_id INTEGER NOT NULL, position INTEGER NOT NULL, number TEXT NOT NULL, fate INTEGER NOT NULL,
        settles_at REAL NOT NULL, credits INTEGER NOT NULL, PRIMARY KEY (order_id, position)) WITHOUT ROWID""",
    "CREATE TABLE blacklist (number TEXT PRIMARY KEY, added_at REAL NOT NULL)",
    """CREATE TABLE consents (
        id INTEGER PRIMARY KEY, brand_code TEXT NOT NULL, recipient TEXT NOT NULL, recipient_type TEXT NOT NULL,
        channel TEXT NOT NULL, status TEXT NOT NULL, source TEXT NOT NULL, consent_date TEXT NOT NULL,
        recorded_on TEXT NOT NULL)""",
    "CREATE INDEX consents_by_recipient ON consents (brand_code, recipient, recipient_type, channel, id)",
)

_UNUSABLE = Text(
    "The sandbox cannot use {path}: it is damaged or from another version. Delete it to start afresh.",
    "Deneme ortamı {path} dosyasını kullanamıyor: dosya bozuk veya başka bir sürüme ait. Baştan başlamak için dosyayı "
    "silin.",
)


class SandboxDatabaseError(ExplainedError):
    """The sandbox's file cannot be used: it is another program's, damaged, or of another layout."""


class SandboxDatabase:
    """One simulated account with all that is in it.

    `path` None keeps it in memory. A file is made readable by its owner alone (0600), with its folder and the one around
    it if they are missing (0700), filled with `fixtures` when it is new, and may be open in several processes at once.
    Raises :class:`SandboxDatabaseError` for a file that is not ours, OSError if it cannot be made, and
    sqlite3.OperationalError if another process holds it for too long.
    """

    def __init__(self, path: Path | None = None, clock: Clock = system_clock, fixtures: Fixtures = FIXTURES) -> None:
        if path is not None:
            make_folder(path.parent)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self._clock = clock
        self._lock = threading.Lock()
        self._db = sqlite3.connect(
            path or ":memory:", timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            version = self._open(fixtures)
        except sqlite3.OperationalError:
            self._db.close()
            raise
        except sqlite3.DatabaseError:
            version = -1
        if version != VERSION:
            self._db.close()
            raise SandboxDatabaseError(_UNUSABLE.format(path=str(path)))

    def _open(self, fixtures: Fixtures) -> int:
        """Lay out and fill new tables, take old ones as they are, and return the version of the layout."""
        # No write-ahead log: processes that turn it on at once do not wait for each other. What a machine without power
        # loses was made up.
        self._db.execute("PRAGMA synchronous = OFF")
        with self.transaction(SimulatedAccount()) as context:
            version: int = context.db.execute("PRAGMA user_version").fetchone()[0]
            if version == 0 and context.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                version = VERSION
                for table in _TABLES:
                    context.db.execute(table)
                fixtures.insert(context)
                context.db.execute(f"PRAGMA user_version = {VERSION}")
        return version

    @contextmanager
    def transaction(self, account: SimulatedAccount) -> Iterator[RequestContext]:
        """Open a transaction, the only one at its time: kept when the block ends, undone when it raises."""
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield RequestContext(self._db, self._clock().timestamp(), account)

    def close(self) -> None:
        """Let go of the file, or of the memory."""
        with self._lock:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
