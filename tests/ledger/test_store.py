from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger import database, store
from iletimerkezi_mcp.ledger.attempts import Duplicate, Settled, TextUse, Usage
from iletimerkezi_mcp.ledger.store import CodeUsed, Ledger, RejectedByPolicy, Started
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from tests import processes

from .machine import ACCOUNT, BLOCKING, LIFE, Machine, agree, attempt, begun, message, on_record, sending, state

TOO_MUCH = Text("too much", "çok fazla")


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_nothing_is_made_or_loaded_before_the_first_use(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from iletimerkezi_mcp.ledger.store import Ledger; "
        "from iletimerkezi_mcp.sms.clock import system_clock; "
        f"ledger = Ledger(Path({str(tmp_path / 'state')!r}), clock=system_clock); ledger.close(); "
        "print('iletimerkezi_mcp.ledger.database' in sys.modules)"
    )
    ran = processes.run([sys.executable, "-c", code])
    assert ran.stdout == "False\n"
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_private(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path / "deep" / "state")
    ledger.digest(b"x")
    assert (tmp_path / "deep" / "state").stat().st_mode & 0o777 == 0o700


def test_ledgers_that_share_a_folder_share_keys_codes_and_entries(tmp_path: Path, machine: Machine) -> None:
    one, two = machine.ledger(tmp_path), machine.ledger(tmp_path)
    assert one.digest(b"a", b"b") == two.digest(b"a", b"b")
    assert one.request_state_key() == two.request_state_key()
    assert len(one.request_state_key()) == 32
    code = one.issue(b"binding", confirmed_by="code", life=LIFE)
    first = attempt(two, code=code)
    assert isinstance(first, Started)
    assert attempt(one, code=code) == CodeUsed(first.attempt)
    assert isinstance(attempt(one), Duplicate)
    one.close()
    two.close()


@pytest.mark.parametrize("still_open", [True, False])
def test_a_ledger_that_is_only_read_shows_what_is_there_and_changes_nothing(
    tmp_path: Path, machine: Machine, still_open: bool
) -> None:
    writer = machine.ledger(tmp_path)
    begun(writer)
    if not still_open:
        writer.close()
    before = {path.name for path in tmp_path.iterdir()}
    reader = Ledger(tmp_path, clock=machine.clock, uptime=machine.uptime, read_only=True)
    assert [one.state for one in reader.recent(ACCOUNT, 5)] == ["in_flight"]
    with pytest.raises(LedgerUnavailableError):
        reader.issue(b"binding", confirmed_by="code", life=LIFE)
    reader.close()
    assert {path.name for path in tmp_path.iterdir()} == before
    writer.close()


def test_a_ledger_that_is_only_read_is_not_created(tmp_path: Path, machine: Machine) -> None:
    reader = Ledger(tmp_path, clock=machine.clock, uptime=machine.uptime, read_only=True)
    with pytest.raises(LedgerUnavailableError):
        reader.digest(b"x")
    assert list(tmp_path.iterdir()) == []


def test_ledgers_in_memory_share_nothing(machine: Machine) -> None:
    one, two = machine.ledger(), machine.ledger()
    assert one.digest(b"a") != two.digest(b"a")
    begun(one)
    begun(two)
    one.close()
    assert one.recent(ACCOUNT, 9) == []


def test_a_policy_that_says_no_uses_up_no_code(machine: Machine) -> None:
    ledger = machine.ledger()
    first = begun(ledger)
    code = ledger.issue(b"binding", confirmed_by="person", life=LIFE)
    seen: list[Usage] = []

    def judge(usage: Usage) -> Text | None:
        seen.append(usage)
        return TOO_MUCH if len(seen) == 1 else None

    new = sending(message(b"other", credits_=4))

    def act() -> object:
        return ledger.begin(new, code=code, binding=b"binding", confirmed_by="person", judge=judge)

    assert act() == RejectedByPolicy(TOO_MUCH)
    assert ledger.recent(ACCOUNT, 9) == [first]
    second = act()
    assert isinstance(second, Started)
    assert second.attempt.confirmed_by == "person"
    use = TextUse(3, machine.now + timedelta(hours=1))
    usage = ledger.usage(b"none")
    assert seen == [Usage(6, usage.day_ends, (use,))] * 2


def test_a_send_that_is_held_back_does_not_use_up_its_code(machine: Machine) -> None:
    ledger = machine.ledger()
    begun(ledger)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    assert isinstance(attempt(ledger, code=code), Duplicate)
    ledger.settle(1, Settled("refused", code=450))
    assert isinstance(attempt(ledger, code=code), Started)


def test_a_policy_that_fails_uses_up_no_code(machine: Machine) -> None:
    ledger = machine.ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)

    def judge(_: Usage) -> Text | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.begin(sending(), code=code, binding=b"binding", confirmed_by="code", judge=judge)
    assert isinstance(attempt(ledger, code=code), Started)


@pytest.mark.parametrize("shared", [True, False], ids=["one ledger", "a ledger each"])
def test_ten_calls_at_once_with_one_code_act_once(tmp_path: Path, machine: Machine, shared: bool) -> None:
    ledgers = [machine.ledger(tmp_path)] * 10 if shared else [machine.ledger(tmp_path) for _ in range(10)]
    code = ledgers[0].issue(b"binding", confirmed_by="code", life=LIFE)
    barrier = threading.Barrier(10, timeout=60)

    def call(ledger: Ledger) -> object:
        barrier.wait()
        return attempt(ledger, code=code)

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(call, ledgers))
    kept = ledgers[0].recent(ACCOUNT, 99)
    for ledger in ledgers:
        ledger.close()
    assert sorted(type(result).__name__ for result in results) == ["CodeUsed"] * 9 + ["Started"]
    assert len(kept) == 1


def test_ten_identical_sends_at_once_with_a_code_each_act_once(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    codes = [ledger.issue(b"binding", confirmed_by="code", life=LIFE) for _ in range(10)]
    barrier = threading.Barrier(10, timeout=60)

    def call(code: str) -> object:
        barrier.wait()
        return attempt(ledger, code=code)

    with ThreadPoolExecutor(10) as pool:
        results = list(pool.map(call, codes))
    ledger.close()
    assert sorted(type(result).__name__ for result in results) == ["Duplicate"] * 9 + ["Started"]


def test_the_file_knows_neither_texts_nor_numbers_nor_codes(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    text, number = "Randevunuz yarın 10:00", "+905321234567"
    account, same = ledger.digest(b"key", b"base"), ledger.digest(text.encode(), number.encode())
    send = message(same, ledger.digest(text.encode()), label="Randevular")
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    result = attempt(ledger, sending(send, account=account), code=code)
    assert isinstance(result, Started)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    ledger.close()
    for secret in (text.encode(), number.encode(), b"5321234567", code.encode(), text.encode("utf-16-le")):
        assert secret not in raw
    assert b"Randevular" in raw


def test_what_is_done_in_a_batch_is_committed_together(tmp_path: Path, machine: Machine) -> None:
    one, two = machine.ledger(tmp_path), machine.ledger(tmp_path)
    assert two.recent(ACCOUNT, 1) == []
    with one.batch():
        first = begun(one)
        assert isinstance(attempt(one), Duplicate)
        assert on_record(two, first.id) is None
        one.settle(first.id, Settled("done", order_id="7"))
    assert state(two, first.id) == "done"
    one.close()
    two.close()


def test_one_that_fails_among_others_is_undone_alone(machine: Machine) -> None:
    def fail(_: Usage) -> Text | None:
        raise ZeroDivisionError

    ledger = machine.ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    with ledger.batch():
        first = begun(ledger)
        with pytest.raises(ZeroDivisionError):
            ledger.begin(BLOCKING, code=code, binding=b"binding", confirmed_by="code", judge=fail)
    assert ledger.recent(ACCOUNT, 9) == [first]
    assert isinstance(attempt(ledger, BLOCKING, code=code), Started)


def test_if_a_batch_fails_nothing_of_it_is_committed(tmp_path: Path, machine: Machine) -> None:
    def fail() -> None:
        with ledger.batch():
            begun(ledger)
            raise ZeroDivisionError

    ledger = machine.ledger(tmp_path)
    with pytest.raises(ZeroDivisionError):
        fail()
    assert ledger.recent(ACCOUNT, 9) == []
    ledger.close()


@pytest.mark.parametrize("memory", [False, True])
def test_a_disk_that_fills_up_during_a_batch_is_reported_and_nothing_is_committed(
    tmp_path: Path, machine: Machine, memory: bool
) -> None:
    def fill_up() -> None:
        with ledger.batch():
            begun(ledger)
            attempt(ledger, crowded, code=code)

    ledger = machine.ledger(None if memory else tmp_path)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    assert ledger._connection is not None
    ledger._connection.execute("PRAGMA max_page_count = 1")
    crowded = sending(message(b"other", label="x" * 60_000))
    with pytest.raises(LedgerUnavailableError, match="is full"):
        fill_up()
    assert ledger.recent(ACCOUNT, 9) == []
    assert memory or isinstance(attempt(ledger, crowded, code=code), Started)
    ledger.close()


def test_a_transaction_that_sqlite_ended_by_itself_is_reported(machine: Machine) -> None:
    def end_it(_: Usage) -> Text | None:
        assert ledger._connection is not None
        ledger._connection.execute("ROLLBACK")
        raise ZeroDivisionError

    def begin() -> None:
        with ledger.batch(), suppress(ZeroDivisionError):
            ledger.begin(BLOCKING, code=code, binding=b"binding", confirmed_by="code", judge=end_it)

    ledger = machine.ledger()
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    with pytest.raises(LedgerUnavailableError):
        begin()
    assert ledger.recent(ACCOUNT, 9) == []


def test_a_folder_below_a_file_is_reported_and_tried_again(tmp_path: Path, machine: Machine) -> None:
    (tmp_path / "file").touch()
    ledger = machine.ledger(tmp_path / "file" / "state")
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match="is not a folder"):
            ledger.digest(b"x")
        with pytest.raises(LedgerUnavailableError, match="is not a folder"):
            ledger.recent(ACCOUNT, 1)
    (tmp_path / "file").unlink()
    begun(ledger)
    ledger.close()


def test_a_full_disk_is_reported_uses_up_no_code_and_leaves_reading_possible(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = machine.ledger(tmp_path)
    first = begun(ledger)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    ledger.close()
    monkeypatch.setattr(database, "PRAGMAS", (*database.PRAGMAS, "max_page_count = 1"))
    crowded = sending(message(b"other", label="x" * 60_000))
    with pytest.raises(LedgerUnavailableError, match="is full"):
        attempt(ledger, crowded, code=code)
    assert ledger.recent(ACCOUNT, 9) == [first]
    monkeypatch.undo()
    ledger.close()
    assert isinstance(attempt(ledger, crowded, code=code), Started)
    ledger.close()


def test_no_memory_left_is_reported_and_nothing_is_lost(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = machine.ledger()
    first = begun(ledger)
    assert ledger._connection is not None
    ledger._connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(LedgerUnavailableError, match="is full"):
        begun(ledger, sending(message(b"other", label="x" * 60_000)))
    assert ledger.recent(ACCOUNT, 9) == [first]


def test_a_damaged_file_is_reported_and_left_as_it_is(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    begun(ledger)
    ledger.close()
    file = tmp_path / database.FILE
    file.write_bytes(b"not a database" * 1000)
    for _ in range(2):
        with pytest.raises(LedgerUnavailableError, match=r"Nothing was deleted\. Move the files"):
            ledger.usage(ACCOUNT)
    assert file.read_bytes() == b"not a database" * 1000


def test_a_ledger_that_is_locked_for_too_long_is_reported(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.0)
    one, two = machine.ledger(tmp_path), machine.ledger(tmp_path)
    begun(one)
    two.recent(ACCOUNT, 1)
    assert one._connection is not None
    one._connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnavailableError, match="locked"):
        two.issue(b"binding", confirmed_by="code", life=LIFE)
    one._connection.execute("ROLLBACK")
    two.issue(b"binding", confirmed_by="code", life=LIFE)
    one.close()
    two.close()


def test_a_ledger_moved_away_while_in_use_is_created_anew(tmp_path: Path, machine: Machine) -> None:
    folder = tmp_path / "state"
    ledger = machine.ledger(folder)
    begun(ledger)
    ledger.recent(ACCOUNT, 1)
    folder.rename(tmp_path / "away")
    assert ledger.recent(ACCOUNT, 9) == []
    other = machine.ledger(folder)
    first = begun(other)
    assert ledger.recent(ACCOUNT, 9) == [first]
    ledger.close()
    other.close()


def test_a_ledger_put_in_the_place_of_the_open_one_is_taken(tmp_path: Path, machine: Machine) -> None:
    folder, other = tmp_path / "state", tmp_path / "other"
    ledger = machine.ledger(folder)
    begun(ledger)
    spare = machine.ledger(other)
    spare.recent(ACCOUNT, 1)
    spare.close()
    folder.rename(tmp_path / "away")
    other.rename(folder)
    assert ledger.recent(ACCOUNT, 9) == []
    ledger.close()


def test_a_used_code_without_its_attempt_is_a_defect() -> None:
    with pytest.raises(LookupError):
        store._recorded(None)


def test_a_closed_ledger_opens_again(tmp_path: Path, machine: Machine) -> None:
    ledger = machine.ledger(tmp_path)
    first = begun(ledger)
    ledger.close()
    ledger.close()
    assert ledger.recent(ACCOUNT, 9) == [first]
    ledger.close()


def test_a_change_without_a_message_is_judged_by_the_accounts_usage(machine: Machine) -> None:
    ledger = machine.ledger()
    begun(ledger)
    code = ledger.issue(b"binding", confirmed_by="code", life=LIFE)
    seen: list[Usage] = []

    def judge(usage: Usage) -> Text:
        seen.append(usage)
        return TOO_MUCH

    result = ledger.begin(BLOCKING, code=code, binding=b"binding", confirmed_by="code", judge=judge)
    assert result == RejectedByPolicy(TOO_MUCH)
    assert seen == [ledger.usage(ACCOUNT)]
    assert isinstance(ledger.begin(BLOCKING, code=code, binding=b"binding", confirmed_by="code", judge=agree), Started)
