from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger import database, schema, sqlite
from iletimerkezi_mcp.ledger.attempts import AttemptOutcome, Overlap, Usage
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.keys import FILE as KEY_FILE
from iletimerkezi_mcp.ledger.ledger import CodeUsed, Ledger, Started
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from tests import processes

from .machine import (
    AYSE,
    LIFE,
    A,
    B,
    C,
    D,
    Machine,
    attempt,
    begun,
    campaign,
    declaring,
    sending,
    state,
    stepped,
    usage_of,
)

TOO_MUCH = Text("too much", "çok fazla")
CROWDED = sending(text="other", label="x" * 60_000)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def _begin(ledger: SqliteLedger, code: str, check_limits: object) -> object:
    assert callable(check_limits)
    return await ledger.begin(
        sending(), code=code, confirmed_by="code", identity=AYSE, audit_owed=False, check_limits=check_limits
    )


async def _issue(ledger: SqliteLedger) -> str:
    return await ledger.issue(sending(), "ayse", "code", LIFE)


def test_it_is_a_ledger(machine: Machine) -> None:
    ledger: Ledger = machine.ledger()
    assert not ledger.exists()


def test_nothing_is_made_or_loaded_before_the_first_use(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from iletimerkezi_mcp.ledger.sqlite import SqliteLedger; "
        "from iletimerkezi_mcp.sms.clock import system_clock; "
        f"ledger = SqliteLedger(Path({str(tmp_path / 'state')!r}), ('key',), clock=system_clock); "
        "assert not ledger.exists(); ledger.close(); "
        "print(*({'sqlite3', 'cryptography', 'iletimerkezi_mcp.ledger.database'} & {*sys.modules}))"
    )
    ran = processes.run([sys.executable, "-c", code], env=processes.unmeasured())
    assert ran.stdout == "\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("in_memory", [True, False])
async def test_a_ledger_exists_once_it_is_used(tmp_path: Path, machine: Machine, in_memory: bool) -> None:
    ledger = machine.ledger(None if in_memory else tmp_path)
    ledger.request_state_key()
    assert not ledger.exists()
    await ledger.usage()
    assert ledger.exists()
    ledger.close()
    assert ledger.exists() is not in_memory


def test_the_folder_is_made_private(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path / "deep" / "state")
    ledger.request_state_key()
    for folder in (tmp_path / "deep", tmp_path / "deep" / "state"):
        assert folder.stat().st_mode & 0o777 == 0o700


async def test_ledgers_that_share_a_folder_share_keys_codes_and_entries(tmp_path: Path, machine: Machine) -> None:
    one, two = machine.ledger(tmp_path), machine.ledger(tmp_path)
    assert await one.look_up(sending()) == await two.look_up(sending())
    assert one.request_state_key() == two.request_state_key()
    assert len(one.request_state_key()) == 32
    code = await _issue(one)
    first = await attempt(two, code=code)
    assert isinstance(first, Started)
    assert await attempt(one, code=code) == CodeUsed(first.attempt)
    assert isinstance(await attempt(one), Overlap)
    one.close()
    two.close()


async def test_the_keys_may_lie_elsewhere(tmp_path: Path, machine: Machine) -> None:
    key_file = tmp_path / "keys" / "the.key"
    ledger = machine.ledger(tmp_path / "state", key_file=key_file)
    await begun(ledger)
    ledger.close()
    assert _names(tmp_path / "state") == {LEDGER_FILE}
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_mode & 0o777 == 0o700
    for read_only in (False, True):
        ledger = machine.ledger(tmp_path / "state", key_file=key_file, read_only=read_only)
        assert len(await ledger.latest(9)) == 1
        ledger.close()
        without = machine.ledger(tmp_path / "state", read_only=read_only)
        with pytest.raises(LedgerUnavailableError, match=r"ledger\.key is missing"):
            await without.latest(9)
    assert _names(tmp_path / "state") == {LEDGER_FILE}


@pytest.mark.parametrize("still_open", [True, False])
async def test_a_ledger_that_is_only_read_shows_what_is_there_and_changes_nothing(
    tmp_path: Path, machine: Machine, still_open: bool
) -> None:
    writer = machine.ledger(tmp_path)
    await begun(writer)
    if not still_open:
        writer.close()
    before = _names(tmp_path)
    reader = machine.ledger(tmp_path, read_only=True)
    assert [one.state for one in await reader.latest(5)] == ["in_flight"]
    assert (await usage_of(reader)).overlap is not None
    await reader.prune()
    with pytest.raises(LedgerUnavailableError):
        await _issue(reader)
    reader.close()
    assert _names(tmp_path) == before
    writer.close()


async def test_a_ledger_that_is_only_read_is_not_created(tmp_path: Path, machine: Machine) -> None:
    reader = machine.ledger(tmp_path / "state", read_only=True)
    with pytest.raises(LedgerUnavailableError):
        reader.request_state_key()
    with pytest.raises(LedgerUnavailableError):
        await reader.latest(1)
    assert _names(tmp_path) == set()


async def test_ledgers_in_memory_share_nothing(machine: Machine) -> None:
    one, two = machine.ledger(), machine.ledger()
    assert one.request_state_key() != two.request_state_key()
    await begun(one)
    await begun(two)
    one.close()
    assert await one.latest(9) == []


async def test_a_limit_that_is_exceeded_uses_up_no_code(machine: Machine) -> None:
    ledger = machine.ledger()
    first = await begun(ledger, sending(A, text="other"))
    code = await _issue(ledger)
    seen: list[Usage] = []

    def check_limits(usage: Usage) -> Text | None:
        seen.append(usage)
        return TOO_MUCH if len(seen) == 1 else None

    assert await _begin(ledger, code, check_limits) is TOO_MUCH
    assert await ledger.latest(9) == [first]
    expected = await usage_of(ledger)
    second = await _begin(ledger, code, check_limits)
    assert isinstance(second, Started)
    assert seen == [expected] * 2
    assert second.usage == expected
    assert (expected.credits_today, expected.recipients_in_hour, expected.code_count_in_hour) == (6, 1, 1)


async def test_a_limit_is_checked_before_an_overlap_holds_back(machine: Machine) -> None:
    ledger = machine.ledger()
    await begun(ledger)
    assert await _begin(ledger, await _issue(ledger), lambda _: TOO_MUCH) is TOO_MUCH


async def test_a_send_that_is_held_back_does_not_use_up_its_code(machine: Machine) -> None:
    ledger = machine.ledger()
    first = await begun(ledger)
    code = await _issue(ledger)
    assert isinstance(await attempt(ledger, code=code), Overlap)
    await ledger.settle(first, AttemptOutcome("refused", status_code=450))
    assert isinstance(await attempt(ledger, code=code), Started)


async def test_a_check_that_fails_uses_up_no_code(machine: Machine) -> None:
    def check_limits(_: Usage) -> Text | None:
        raise ZeroDivisionError

    ledger = machine.ledger()
    code = await _issue(ledger)
    with pytest.raises(ZeroDivisionError):
        await _begin(ledger, code, check_limits)
    assert isinstance(await attempt(ledger, code=code), Started)


async def test_a_change_without_a_message_is_checked_by_its_own_usage(machine: Machine) -> None:
    ledger, change = machine.ledger(), declaring("a")
    await begun(ledger, change)
    await begun(ledger)
    code = await ledger.issue(change, "ayse", "code", LIFE)
    seen: list[Usage] = []
    await ledger.begin(
        change, code=code, confirmed_by="code", identity=AYSE, audit_owed=False, check_limits=seen.append
    )
    assert [(usage.count_today, usage.code_count_in_hour, usage.credits_today) for usage in seen] == [(1, 1, 6)]


async def test_the_file_knows_neither_texts_nor_numbers_nor_codes(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    text = "Randevunuz yarın 10:00"
    change = sending(A, B, text=text, label="Randevular")
    code = await ledger.issue(change, "ayse", "code", LIFE)
    assert isinstance(await attempt(ledger, change, code=code), Started)
    digest = bytes(range(32))
    parent = await begun(ledger, campaign(C, D, text="Sayın {Ad}", file_digest=digest))
    await stepped(ledger, parent, C, text="Sayın {Ad}")
    raw = _content(tmp_path)
    ledger.close()
    assert b"liste.xlsx" in raw
    for secret in ("Sayın".encode(), b"{Ad}", C[3:].encode(), D[3:].encode(), digest):
        assert secret not in raw
    for secret in (text.encode(), A.encode(), A[3:].encode(), code.encode(), text.encode("utf-16-le"), change.digest):
        assert secret not in raw
    assert b"Randevular" in raw


async def test_what_was_deleted_is_wiped(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    ledger.close()
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        digests = file.execute("SELECT digests FROM recipients").fetchone()[0]
    assert digests in (tmp_path / LEDGER_FILE).read_bytes()
    await ledger.settle(first, AttemptOutcome("refused", status_code=450))
    ledger.close()
    await ledger.prune()
    ledger.close()
    assert digests not in (tmp_path / LEDGER_FILE).read_bytes()


async def test_a_folder_below_a_file_is_reported_and_tried_again(tmp_path: Path, machine: Machine) -> None:
    (tmp_path / "file").touch()
    ledger = machine.ledger(tmp_path / "file" / "state")
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="is not a folder"):
            ledger.request_state_key()
        with pytest.raises(LedgerUnavailableError, match="is not a folder"):
            await ledger.latest(1)
    (tmp_path / "file").unlink()
    await begun(ledger)
    ledger.close()


async def test_a_full_disk_is_reported_uses_up_no_code_and_leaves_reading_possible(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    code = await ledger.issue(CROWDED, "ayse", "code", LIFE)
    ledger.close()
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "max_page_count = 1"))
    with pytest.raises(LedgerUnavailableError, match="is full"):
        await attempt(ledger, CROWDED, code=code)
    assert await ledger.latest(9) == [first]
    monkeypatch.undo()
    ledger.close()
    assert isinstance(await attempt(ledger, CROWDED, code=code), Started)
    ledger.close()


async def test_no_memory_left_is_reported_and_nothing_is_lost(machine: Machine) -> None:
    ledger = machine.ledger()
    first = await begun(ledger)
    assert ledger._connection is not None
    ledger._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(LedgerUnavailableError, match="is full"):
        await begun(ledger, CROWDED)
    assert await ledger.latest(9) == [first]


async def test_a_transaction_that_sqlite_ended_by_itself_leaves_nothing(tmp_path: Path, machine: Machine) -> None:
    def end_it(_: Usage) -> None:
        assert ledger._connection is not None
        ledger._connection.execute("ROLLBACK")
        raise ZeroDivisionError

    ledger = machine.ledger(tmp_path)
    code = await _issue(ledger)
    with pytest.raises(ZeroDivisionError):
        await _begin(ledger, code, end_it)
    assert await ledger.latest(9) == []
    assert isinstance(await attempt(ledger, code=code), Started)
    ledger.close()


async def test_a_damaged_file_is_reported_and_left_as_it_is(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    ledger.close()
    file = tmp_path / LEDGER_FILE
    file.write_bytes(b"not a database" * 1000)
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match=r"Nothing was deleted\. Move the files"):
            await ledger.usage()
    assert file.read_bytes() == b"not a database" * 1000


async def test_a_key_or_a_ledger_that_was_put_back_is_taken(tmp_path: Path, machine: Machine) -> None:
    folder, other = tmp_path / "state", tmp_path / "other"
    ledger, spare = machine.ledger(folder), machine.ledger(other)
    first = await begun(ledger)
    ledger.close()
    spare.request_state_key()
    right = (folder / "ledger.key").read_bytes()
    (folder / "ledger.key").write_bytes((other / "ledger.key").read_bytes())
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="belongs to another ledger"):
            await ledger.latest(9)
    (folder / "ledger.key").write_bytes(right)
    assert await ledger.latest(9) == [first]
    ledger.close()


async def test_a_newer_version_that_takes_the_open_ledger_over_is_noticed(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        file.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="newer version"):
            await ledger.latest(9)
        with pytest.raises(LedgerUnavailableError, match="newer version"):
            await _issue(ledger)
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        assert file.execute("SELECT count(*) FROM confirmation_code").fetchone()[0] == 1
        file.execute(f"PRAGMA user_version = {schema.VERSION}")
    assert await ledger.latest(9) == [first]
    ledger.close()


async def test_a_ledger_moved_away_while_in_use_is_missed_until_it_is_moved_back(
    tmp_path: Path, machine: Machine
) -> None:
    folder = tmp_path / "state"
    ledger = machine.ledger(folder)
    first = await begun(ledger)
    folder.rename(tmp_path / "away")
    puts: list[Callable[[], None]] = [lambda: None, folder.touch, folder.unlink, folder.mkdir]
    for put in puts:
        put()
        with pytest.raises(LedgerUnavailableError, match="restart the server"):
            await ledger.latest(9)
        with pytest.raises(LedgerUnavailableError, match="restart the server"):
            ledger.request_state_key()
    assert _names(folder) == set()
    folder.rmdir()
    (tmp_path / "away").rename(folder)
    assert await ledger.latest(9) == [first]
    ledger.close()


@pytest.mark.parametrize("with_key", [False, True])
async def test_a_ledger_in_the_place_of_a_deleted_one_is_taken_only_after_the_end(
    tmp_path: Path, machine: Machine, with_key: bool
) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    for name in _names(tmp_path) - (set() if with_key else {KEY_FILE}):
        (tmp_path / name).unlink()
    # Its number must not be the deleted one's, although that is free as soon as no process has it open.
    with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
        await ledger.latest(9)
    other = machine.ledger(tmp_path)
    second = await begun(other)
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
            await ledger.latest(9)
    assert await other.latest(9) == [second]
    ledger.close()
    assert await ledger.latest(9) == [second]
    ledger.close()
    other.close()


@pytest.mark.parametrize("part", ["-wal", "-shm"])
async def test_without_its_log_the_ledger_is_another_one(tmp_path: Path, machine: Machine, part: str) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    (tmp_path / f"{LEDGER_FILE}{part}").rename(tmp_path / "away")
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
            await begun(ledger)
    (tmp_path / "away").rename(tmp_path / f"{LEDGER_FILE}{part}")
    assert await ledger.latest(9) == [first]
    ledger.close()


async def test_the_rights_of_others_are_taken_away_every_hour(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    names = _names(tmp_path)
    for name in names:
        (tmp_path / name).chmod(0o644)
    machine.wait(timedelta(minutes=59))
    await ledger.prune()
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in names} == {0o600}
    ledger.close()


async def test_a_copy_of_the_ledger_in_its_place_is_another_one_also_after_a_failure(
    tmp_path: Path, machine: Machine
) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        file.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
        with pytest.raises(LedgerUnavailableError, match="newer version"):
            await ledger.latest(9)
        file.execute(f"PRAGMA user_version = {schema.VERSION}")
    shutil.copy(tmp_path / LEDGER_FILE, tmp_path / "copy")
    (tmp_path / "copy").replace(tmp_path / LEDGER_FILE)
    with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
        await ledger.latest(9)
    ledger.close()
    assert len(await ledger.latest(9)) == 1
    ledger.close()


async def test_a_used_code_without_its_attempt_is_a_defect(machine: Machine) -> None:
    ledger = machine.ledger()
    code = await _issue(ledger)
    await attempt(ledger, code=code)
    assert ledger._connection is not None
    ledger._connection.execute("PRAGMA foreign_keys = OFF")
    ledger._connection.execute("DELETE FROM attempt")
    with pytest.raises(LookupError, match="no attempt 1"):
        await attempt(ledger, code=code)


async def test_a_closed_ledger_opens_again(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    ledger.close()
    ledger.close()
    assert await ledger.latest(9) == [first]
    ledger.close()


async def test_accounts_that_share_a_folder_see_nothing_of_each_other(tmp_path: Path, machine: Machine) -> None:
    one, two, odd = (machine.ledger(tmp_path, account=account) for account in (("a", "b"), ("ab",), ("a\ud800", "b")))
    first = await begun(one)
    for other in (two, odd):
        assert (await usage_of(other)).overlap is None
        assert await other.latest(9) == []
    await begun(two)
    await begun(odd)
    assert await state(one, first.id) == "in_flight"
    assert len(await one.latest(9)) == 1
    machine.wait(timedelta(minutes=1))
    assert [len(await ledger.unsettled_sends()) for ledger in (one, two, odd)] == [1, 1, 1]
    for ledger in (one, two, odd):
        ledger.close()


async def test_a_ledger_restored_from_a_backup_without_a_log_is_used(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    first = await begun(ledger)
    ledger.close()
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        file.execute("PRAGMA journal_mode = DELETE")
    second = await begun(ledger, sending(A, text="another"))
    assert await ledger.latest(9) == [second, first]
    ledger.close()


async def failed(ledger: SqliteLedger, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have one transaction fail, so that the ledger's file is opened anew by the next."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.01)
    with closing(sqlite3.connect(folder / LEDGER_FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnavailableError, match="locked for more than"):
            await begun(ledger, sending(B))


async def test_after_a_failure_a_ledger_without_the_last_attempts_is_another_one(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    shutil.copyfile(tmp_path / LEDGER_FILE, tmp_path / "without its log")
    await failed(ledger, tmp_path, monkeypatch)
    monkeypatch.undo()
    shutil.copyfile(tmp_path / "without its log", tmp_path / LEDGER_FILE)
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
            await begun(ledger, sending(B))
    ledger.close()


async def test_after_a_failure_a_ledger_with_other_attempts_is_another_one(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    await failed(ledger, tmp_path, monkeypatch)
    monkeypatch.undo()
    (tmp_path / LEDGER_FILE).rename(tmp_path / "away")
    machine.wait(timedelta(seconds=1))
    other = machine.ledger(tmp_path)
    await begun(other, sending(B))
    await begun(other, sending(C, text="Third"))
    other.close()
    # A file system may give a new file the number of the one that was deleted.
    monkeypatch.setattr(sqlite._File, "is_in_place", lambda _: True)
    with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
        await begun(ledger, sending(B))
    ledger.close()


async def test_an_older_copy_written_over_the_ledger_is_another_one_once_it_is_written_to(
    tmp_path: Path, machine: Machine
) -> None:
    earlier = machine.ledger(tmp_path)
    await begun(earlier)
    earlier.close()
    shutil.copyfile(tmp_path / LEDGER_FILE, tmp_path / "copy")
    await begun(earlier, sending(B, text="Another"))
    earlier.close()
    ledger = machine.ledger(tmp_path)
    assert len(await ledger.latest(9)) == 2
    shutil.copyfile(tmp_path / "copy", tmp_path / LEDGER_FILE)
    other = machine.ledger(tmp_path)
    await begun(other, sending(C, text="Third"))
    with pytest.raises(LedgerUnavailableError, match="was deleted, moved or replaced"):
        await ledger.usage()
    ledger.close()
    other.close()


async def test_a_ledger_from_which_the_last_attempt_was_deleted_for_its_age_is_the_same(
    tmp_path: Path, machine: Machine
) -> None:
    ledger = machine.ledger(tmp_path)
    await begun(ledger)
    await ledger.record_provider_time(machine.now)
    machine.wait(timedelta(days=100))
    await ledger.record_provider_time(machine.now)
    await ledger.prune()
    for _ in range(2):
        assert await ledger.latest(9) == []
    assert (await begun(ledger)).id == 2
    ledger.close()
