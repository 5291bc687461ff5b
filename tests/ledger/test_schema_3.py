"""A ledger of version 3 is brought forward: all that it said holds, and its processes write no more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger import database, schema
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.keys import FILE as KEY_FILE
from iletimerkezi_mcp.ledger.keys import load_keys
from iletimerkezi_mcp.ledger.ledger import CodeUsed, Started
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError

from .machine import (
    BLOCKING,
    LIFE,
    MINUTE,
    ORDER,
    UNKNOWN,
    A,
    B,
    C,
    D,
    Machine,
    attempt,
    begun,
    campaign,
    campaign_of,
    declaring,
    sending,
    stepped,
)
from .racing import race
from .version_3 import to_version_3


@contextmanager
def version_3(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the ledger's file looked at as version 3 did."""
    with monkeypatch.context() as patch:
        patch.setattr(schema, "VERSION", 3)
        patch.setattr(schema, "OLDER_VERSIONS", (2,))
        yield


async def test_everything_is_as_it_was(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await ledger.record_provider_time(machine.now + MINUTE, create=True)
    await ledger.settle(await begun(ledger, sending(A, B), confirmed_by="person", audit_owed=True), ORDER)
    await ledger.settle(await begun(ledger, sending(C, label="Kasım", send_at=machine.now + LIFE)), UNKNOWN)
    await begun(ledger, declaring("a", "b"))
    await begun(ledger, BLOCKING)
    used = await ledger.issue(sending(D), "ayse", "code", LIFE)
    await begun(ledger, sending(D), code=used)
    unused = await ledger.issue(sending(A, text="new"), "ayse", "code", LIFE)
    machine.wait(MINUTE)
    changes = [sending(A, D), sending(C), declaring("b", "c"), BLOCKING]
    before = await ledger.latest(9), [await ledger.look_up(change) for change in changes], await ledger.usage()
    ledger.close()
    to_version_3(tmp_path)
    ledger = machine.ledger(tmp_path)
    assert await ledger.latest(9) == before[0]
    assert [await ledger.look_up(change) for change in changes] == before[1]
    assert await ledger.usage() == before[2]
    assert [usage.count_today for _, usage in before[1]] == [4, 4, 2, 0]
    assert [one.id for one in await ledger.unaudited_attempts()] == [1]
    assert await attempt(ledger, sending(D), code=used) == CodeUsed(before[0][0])
    assert isinstance(await attempt(ledger, sending(A, text="new"), code=unused), Started)
    assert await ledger.about(C) == [before[0][3]]
    parent = await begun(ledger, campaign(text="campaign"))
    assert (await stepped(ledger, parent, A, text="campaign")).id == 8
    assert (await campaign_of(ledger)).left == 3
    ledger.close()


def _shape(file: Path) -> dict[str, object]:
    with closing(sqlite3.connect(file)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE sql IS NOT NULL")]
        return {
            name: [connection.execute(f"PRAGMA {facts}({name})").fetchall() for facts in ("table_info", "index_xinfo")]
            for name in names
        }


async def test_it_has_the_tables_and_indexes_of_a_new_one(tmp_path: Path, machine: Machine) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        ledger = machine.ledger(folder)
        await ledger.prune()
        ledger.close()
    to_version_3(old)
    ledger = machine.ledger(old)
    await ledger.prune()
    ledger.close()
    assert _shape(old / LEDGER_FILE) == _shape(new / LEDGER_FILE)


async def test_an_old_process_that_has_the_file_open_writes_no_more(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    ledger.close()
    to_version_3(tmp_path)
    keys = load_keys(tmp_path / KEY_FILE, tmp_path / LEDGER_FILE)

    def now() -> tuple[object, object]:
        return machine.clock(), machine.uptime()

    old = None
    with version_3(monkeypatch):
        old = database.open_file(tmp_path, tmp_path / KEY_FILE, keys.fingerprint, now, 1)  # type: ignore[arg-type]
        with database.transaction(old, "IMMEDIATE", now, "x", 1):  # type: ignore[arg-type]
            old.execute("UPDATE attempt SET label = 'old'")
    assert [one.state for one in await ledger.latest(9)] == ["in_flight"]
    for mode in ("IMMEDIATE", "DEFERRED"):
        with (
            version_3(monkeypatch),
            pytest.raises(LedgerUnavailableError, match="newer version"),
            database.transaction(old, mode, now, "x", 1),  # type: ignore[arg-type]
        ):
            raise AssertionError
    with version_3(monkeypatch), pytest.raises(LedgerUnavailableError, match="newer version"):
        database.open_file(tmp_path, tmp_path / KEY_FILE, keys.fingerprint, now, 1)  # type: ignore[arg-type]
    old.close()
    ledger.close()


async def test_one_that_is_only_read_or_has_another_key_is_left_at_its_version(
    tmp_path: Path, machine: Machine
) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    ledger.close()
    to_version_3(tmp_path)
    with pytest.raises(LedgerUnavailableError, match="the server brings it forward when it first uses it"):
        await machine.ledger(tmp_path, read_only=True).latest(9)
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        file.execute("UPDATE key_check SET fingerprint = x'00'")
        file.commit()
    with pytest.raises(LedgerUnavailableError, match="belongs to another ledger"):
        await machine.ledger(tmp_path).latest(9)
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (3,)


async def test_processes_that_bring_it_forward_at_once_do_so_once(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    code = await ledger.issue(sending(), "ayse", "code", LIFE)
    ledger.close()
    to_version_3(tmp_path)
    assert sorted(kind for kind, _ in race(tmp_path, code)) == ["CodeUsed", "CodeUsed", "CodeUsed", "Started"]
