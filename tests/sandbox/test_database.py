from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from iletimerkezi_mcp.sandbox.database import SandboxDatabase, SandboxDatabaseError
from iletimerkezi_mcp.sandbox.fixtures import Fixtures
from iletimerkezi_mcp.sandbox.request_context import SimulatedAccount
from tests import processes

from .bench import ALI, VELI, Bench

SENDER = """
import json, sys
from datetime import datetime
from pathlib import Path
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.database import SandboxDatabase

monday = datetime.fromisoformat("2026-11-23T10:00:00+03:00")
with SandboxDatabase(Path(sys.argv[1]), clock=lambda: monday) as database:
    provider = Provider(database)
    for place in range(20):
        order = {"sender": "FIRMAADI", "iys": "0", "message": {"text": f"{sys.argv[2]} {place}",
                 "receipents": {"number": ["+905330000011"]}}}
        request = {"authentication": {"key": "k", "hash": "h"}, "order": order}
        print(provider.answer("/v1/send-sms/json", json.dumps({"request": request}).encode()).http_status)
"""


def test_a_world_in_memory_ends_with_its_process() -> None:
    first, second = Bench(), Bench()
    first.send(ALI)
    assert (first.credits(), second.credits()) == (99_999, 100_000)
    first.database.close()
    second.database.close()


def test_a_world_in_a_file_lasts_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "sandbox" / "world.sqlite3"
    before = Bench(path=path)
    order_id = before.send(ALI)
    with before.database.transaction(SimulatedAccount()) as context:
        context.db.execute("UPDATE account SET granted = granted + 1")
        modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert modes == dict.fromkeys(("world.sqlite3", "world.sqlite3-journal"), 0o600)
    for folder in (path.parent, path.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    before.database.close()
    after = Bench(Fixtures(), path=path)
    after.wait(8)
    assert after.fates(order_id) == [(ALI, 111)]
    after.database.close()


def test_two_holders_of_one_file_see_each_others_deeds(tmp_path: Path) -> None:
    one, other = Bench(path=tmp_path / "w"), Bench(path=tmp_path / "w")
    order_id = one.send(ALI)
    assert other.report(order_id)["total"] == 1
    assert other.refused(ALI) == 451
    one.database.close()
    other.database.close()


def test_several_processes_may_open_and_change_one_new_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "w"
    with ExitStack() as stack:
        senders = [
            stack.enter_context(
                processes.running(
                    [sys.executable, "-c", SENDER, str(path), str(name)], stdout=subprocess.PIPE, encoding="utf-8"
                )
            )
            for name in range(4)
        ]
        outputs = [sender.communicate()[0] for sender in senders]
    assert [output.split() for output in outputs] == [["200"] * 20] * 4
    bench = Bench(path=path)
    assert bench.credits() == 100_000 - 80
    bench.database.close()


def test_one_new_file_may_be_opened_several_times_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        for place in range(50):
            together = threading.Barrier(4)

            def open_it(path: Path = tmp_path / str(place), together: threading.Barrier = together) -> None:
                together.wait(10)
                SandboxDatabase(path).close()

            for opening in [threads.submit(open_it) for _ in range(4)]:
                opening.result(30)


def test_one_world_may_be_asked_from_several_threads(bench: Bench) -> None:
    def send(name: int) -> None:
        for place in range(10):
            bench.send(ALI, VELI, text=f"{name} {place}")

    threads = [threading.Thread(target=send, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bench.credits() == 100_000 - 80


def test_what_fails_half_way_is_undone(bench: Bench) -> None:
    def fail() -> None:
        with bench.database.transaction(SimulatedAccount()) as context:
            context.db.execute("DELETE FROM senders")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert len(bench.ask("get-sender")["senders"]["sender"]) == 3


def test_a_file_that_is_no_world_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "w"
    path.write_text("not a database, not at all, and long enough to be looked at" * 10, encoding="utf-8")
    with pytest.raises(SandboxDatabaseError) as refusal:
        SandboxDatabase(path)
    assert str(path) in refusal.value.reason.en
    assert str(path) in refusal.value.reason.tr


@pytest.mark.parametrize("statement", ["PRAGMA user_version = 99", "CREATE TABLE somebody_elses (name)"])
def test_a_database_of_another_layout_is_refused(tmp_path: Path, statement: str) -> None:
    db = sqlite3.connect(tmp_path / "w")
    db.execute(statement)
    db.close()
    with pytest.raises(SandboxDatabaseError):
        SandboxDatabase(tmp_path / "w")


def test_a_world_that_another_process_never_lets_go_of_cannot_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.sandbox.database.BUSY_SECONDS", 0.0)
    SandboxDatabase(tmp_path / "w").close()
    holder = sqlite3.connect(tmp_path / "w", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError):
        SandboxDatabase(tmp_path / "w")
    holder.close()
