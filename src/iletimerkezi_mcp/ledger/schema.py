"""The tables of the ledger, and how those of an older version become these."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

from .attempts import MAX_FLIGHT_TIME
from .clock import Uptime, microseconds

VERSION = 7
OLDER_VERSIONS = (2, 3, 4, 5, 6)

# Every time is in microseconds. `at` and `ended` are the ledger's own time, by which everything ages; `started` and
# `send_at` are shown to people. `principal` and `host` are who confirmed an attempt and the MCP application they used.
# `text` and `alike` are keyed digests: of the text, and of what texts share that read nearly alike. `whole` is that of
# text and set of recipients, and only a row of version 2 has one: it knows no single recipients. The `recipients` of a
# campaign are those whom it leaves out because they have its text, and those of a declaration its records, and `alike` is one digest for all declarations of an account. `audit_owed` is set
# until the audit log has the line that says what came of the attempt. `latest` is the last attempt before a code was
# issued. `way` is how the yes came, `reserved` the credits of all steps of a series
# of sends that is no campaign, `parent` the attempt that one is a step of, `campaign` the name of the campaign of both, and `counted` what
# `count` counts. Of a campaign, `template` is a keyed digest, `file_digest` is under a keyed pad, `touched` is in the
# ledger's own time, and `runner` is the attempt that may go on with it.
_TABLES = """
CREATE TABLE key_check (fingerprint BLOB NOT NULL);
CREATE TABLE ledger_time (
    ledger INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    boot TEXT NOT NULL,
    uptime INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    provider INTEGER,
    provider_boot TEXT
);
CREATE TABLE attempt (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL,
    tool TEXT NOT NULL,
    change_digest BLOB NOT NULL,
    confirmed_by TEXT NOT NULL,
    principal TEXT NOT NULL,
    host TEXT NOT NULL,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    started INTEGER NOT NULL,
    state TEXT NOT NULL,
    ended INTEGER,
    order_id TEXT,
    code INTEGER,
    text BLOB,
    alike BLOB,
    whole BLOB,
    credits INTEGER,
    sender TEXT,
    message_type TEXT,
    iys_list TEXT,
    send_at INTEGER,
    label TEXT,
    audit_owed INTEGER NOT NULL DEFAULT 0,
    parent INTEGER,
    campaign TEXT,
    counted TEXT
);
CREATE INDEX attempt_change ON attempt (account, change_digest);
CREATE INDEX attempt_order ON attempt (account, order_id) WHERE credits IS NOT NULL;
CREATE INDEX attempt_unsettled ON attempt (account) WHERE state IN ('in_flight', 'unknown', 'not_found');
CREATE INDEX attempt_whole ON attempt (whole) WHERE whole IS NOT NULL;
CREATE INDEX attempt_audit ON attempt (account) WHERE audit_owed;
CREATE TABLE recipients (
    attempt INTEGER PRIMARY KEY REFERENCES attempt (id) ON DELETE CASCADE,
    alike BLOB NOT NULL,
    single INTEGER NOT NULL,
    digests BLOB NOT NULL
);
CREATE INDEX recipients_single ON recipients (alike, digests) WHERE single;
CREATE INDEX recipients_list ON recipients (alike) WHERE NOT single;
CREATE TABLE confirmation_code (
    hash BLOB PRIMARY KEY,
    binding BLOB NOT NULL,
    confirmed_by TEXT NOT NULL,
    life INTEGER NOT NULL,
    at INTEGER NOT NULL,
    issued INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0,
    latest INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER REFERENCES attempt (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX confirmation_code_attempt ON confirmation_code (attempt);
"""

_NEW_IN_4 = """
CREATE INDEX attempt_at ON attempt (account, at, counted, parent, state, confirmed_by, count, credits);
CREATE INDEX attempt_parent ON attempt (parent, at) WHERE parent IS NOT NULL;
CREATE INDEX attempt_campaign ON attempt (account, campaign) WHERE campaign IS NOT NULL;
CREATE TABLE campaign (
    id INTEGER PRIMARY KEY,
    account BLOB NOT NULL,
    name TEXT NOT NULL,
    file BLOB NOT NULL,
    file_digest BLOB NOT NULL,
    template BLOB NOT NULL,
    columns TEXT NOT NULL,
    sheet BLOB,
    number_column BLOB,
    include_hidden INTEGER NOT NULL,
    recipients INTEGER NOT NULL,
    credits_left INTEGER NOT NULL,
    runner INTEGER NOT NULL,
    started INTEGER NOT NULL,
    touched INTEGER NOT NULL,
    state TEXT NOT NULL,
    UNIQUE (account, name)
);
CREATE INDEX campaign_template ON campaign (account, template);
CREATE INDEX campaign_under_way ON campaign (account, touched) WHERE state = 'under_way';
CREATE TABLE several_texts_proven (account BLOB PRIMARY KEY) WITHOUT ROWID;
"""

# `body` is what a person has approved, as JSON, and `signature` is under the ledger's key.
_NEW_IN_5 = """
ALTER TABLE attempt ADD COLUMN way TEXT;
ALTER TABLE attempt ADD COLUMN reserved INTEGER;
CREATE INDEX attempt_reserved ON attempt (account) WHERE reserved IS NOT NULL;
CREATE TABLE rule (
    id INTEGER PRIMARY KEY,
    account BLOB NOT NULL,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    UNIQUE (account, name)
);
"""

# A change that waits for a person on a card. `call` is a keyed digest of who called and how, `code` the hash of the
# confirmation code that the yes uses up, and `sealed` the call itself, until the code is used or there is a `verdict`. `told` once a
# call had the outcome for an answer. A `card` is one that shows the change, by the hash of its code.
_NEW_IN_6 = """
CREATE TABLE waiting_change (
    number TEXT PRIMARY KEY,
    account BLOB NOT NULL,
    call BLOB NOT NULL,
    code BLOB NOT NULL,
    sealed TEXT,
    at INTEGER NOT NULL,
    wrong_numbers INTEGER NOT NULL DEFAULT 0,
    verdict TEXT,
    told INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX waiting_change_call ON waiting_change (call);
CREATE TABLE card (
    hash BLOB PRIMARY KEY,
    number TEXT NOT NULL REFERENCES waiting_change (number) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    shown INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX card_number ON card (number);
"""

# The reports that the provider pushed, one row for each message. `recipient` is 64 bits of a keyed digest of order and
# number. `at` is when the first one came, `final_at` when the first final one did, which `delivered` says, and
# `contradicted` if a later one was the other. `attempt` is the only unsettled send that has the number, if the order was
# not on record at the first report.
_NEW_IN_7 = """
CREATE TABLE pushed (
    account BLOB NOT NULL,
    order_id TEXT NOT NULL,
    recipient INTEGER NOT NULL,
    message INTEGER NOT NULL,
    at INTEGER NOT NULL,
    delivered INTEGER,
    final_at INTEGER,
    contradicted INTEGER NOT NULL DEFAULT 0,
    attempt INTEGER,
    PRIMARY KEY (account, order_id, recipient, message)
) WITHOUT ROWID;
CREATE INDEX pushed_attempt ON pushed (account, attempt) WHERE attempt IS NOT NULL;
"""

_NEW_IN = {4: _NEW_IN_4, 5: _NEW_IN_5, 6: _NEW_IN_6, 7: _NEW_IN_7}


def create(connection: sqlite3.Connection, fingerprint: bytes, wall: datetime, up: Uptime) -> None:
    """Make the tables of a new ledger, in a transaction of their own; its time begins as the wall clock's."""
    _begin(connection, fingerprint, wall, up)
    connection.execute("COMMIT")


def migrate(connection: sqlite3.Connection, check_key: Callable[[int], None], wall: datetime, up: Uptime) -> None:
    """Bring the tables of an older version forward, in a transaction of their own. Nothing that they say is lost.

    `check_key` is called with the version first, once no other process can bring them forward, and raises if their key is
    another one.

    A process of the older version that runs meanwhile fails from now on, and writes nothing that this one would not see:
    one of version 2 because the tables have new names, a later one because it looks for its version in each
    transaction.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version in OLDER_VERSIONS:
            check_key(version)
        if version in _NEW_SINCE:
            for statement in (*_NEW_SINCE[version], f"PRAGMA user_version = {VERSION}"):
                connection.execute(statement)
        if version == 2:
            fingerprint = connection.execute("SELECT fingerprint FROM ledger").fetchone()[0]
            _begin(connection, fingerprint, wall, up)
            now = (microseconds(wall), up.boot, round(up.seconds * 1_000_000), microseconds(MAX_FLIGHT_TIME))
            names = {"now_wall": now[0], "now_boot": now[1], "now_uptime": now[2], "flight": now[3]}
            for statement in _FROM_2:
                connection.execute(statement, names if ":" in statement else {})
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _begin(connection: sqlite3.Connection, fingerprint: bytes, wall: datetime, up: Uptime) -> None:
    if not connection.in_transaction:
        connection.execute("BEGIN IMMEDIATE")
    for statement in "".join((_TABLES, *_NEW_IN.values())).split(";\n"):
        connection.execute(statement)
    connection.execute("INSERT INTO key_check VALUES (?)", (fingerprint,))
    now = microseconds(wall)
    connection.execute(
        "INSERT INTO ledger_time (ledger, wall, boot, uptime, floor) VALUES (?, ?, ?, ?, ?)",
        (now, now, up.boot, round(up.seconds * 1_000_000), now - 1),
    )
    connection.execute(f"PRAGMA user_version = {VERSION}")


# Before version 4 the tool said what was counted; a send is what has credits.
_COUNTED = "CASE WHEN credits IS NOT NULL THEN 'recipients' WHEN tool = 'iys_register' THEN 'consents' END"
_FROM_3 = (
    "ALTER TABLE attempt ADD COLUMN parent INTEGER",
    "ALTER TABLE attempt ADD COLUMN campaign TEXT",
    "ALTER TABLE attempt ADD COLUMN counted TEXT",
    f"UPDATE attempt SET counted = {_COUNTED}",  # noqa: S608 - made of constants alone
    "DROP INDEX attempt_at",
)

_NEW_SINCE = {
    former: (
        *(_FROM_3 if former == 3 else ()),
        *"".join(tables for version, tables in _NEW_IN.items() if version > former).split(";\n"),
    )
    for former in OLDER_VERSIONS
    if former >= 3
}
"""The statements that bring the tables of a version forward, but for the oldest."""

# The age of a row of version 2 is that of its uptime within one boot, else of its wall clock; an unknown age counts as
# zero, and a code of unknown age has expired.
_BY_UPTIME = "boot = :now_boot AND uptime <= :now_uptime"
_AGE = f"CASE WHEN {_BY_UPTIME} THEN :now_uptime - uptime ELSE max(0, :now_wall - wall) END"
_FROM_2 = (
    f"""
    INSERT INTO attempt (id, account, tool, change_digest, confirmed_by, principal, host, count, at, started, state, ended,
        order_id, code, text, whole, credits, sender, message_type, iys_list, send_at, label, counted)
    SELECT id, account, tool, deed, kind, '', '', count, :now_wall - {_AGE}, started,
        CASE state WHEN 'accepted' THEN 'done' WHEN 'never_sent' THEN 'nothing_done' ELSE state END,
        CASE WHEN state <> 'in_flight' THEN :now_wall - {_AGE} + :flight END,
        order_id, code, text, same, credits, sender, message_type, iys_list, send_at, label, {_COUNTED}
    FROM attempts
    """,  # noqa: S608 - made of constants alone
    f"""
    INSERT INTO confirmation_code (hash, binding, confirmed_by, life, at, issued, withdrawn, attempt)
    SELECT hash, binding, kind, CASE WHEN {_BY_UPTIME} OR wall <= :now_wall THEN life ELSE 0 END, :now_wall - {_AGE},
        wall, withdrawn, attempt
    FROM confirmations
    """,  # noqa: S608 - made of constants alone
    "DROP TABLE confirmations",
    "DROP TABLE spending",
    "DROP TABLE attempts",
    "DROP TABLE ledger",
)
