"""A ledger of version 2 is brought forward: all that it said holds, and its processes write no more."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import anyio
import pytest

from iletimerkezi_mcp.ledger import database, schema
from iletimerkezi_mcp.ledger.attempts import AttemptOutcome, Identity, Overlap, Send
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.ledger import CodeInvalid, CodeUsed, Started
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.sms.clock import ISTANBUL
from tests import processes
from tests.calls import CANCEL_ORDER

from .machine import (
    BLOCKING,
    TEXT,
    A,
    B,
    C,
    D,
    Machine,
    PlannedChange,
    attempt,
    begun,
    on_record,
    sending,
    state,
    usage_of,
)
from .racing import race
from .version_2 import Version2, rows
from .version_3 import to_version_3
from .version_4 import to_version_4
from .version_5 import to_version_5
from .version_6 import to_version_6

ROOT = Path(__file__).parents[2]
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEW = str(schema.VERSION)
NUMBERS = [f"+9053200000{number:02}" for number in range(10)]
STATES = {
    "in_flight": "in_flight",
    "accepted": "done",
    "done": "done",
    "refused": "refused",
    "never_sent": "nothing_done",
    "unknown": "unknown",
    "not_found": "not_found",
    "cancelled": "cancelled",
}


@pytest.mark.parametrize("other_boot", [False, True], ids=["by the uptime", "by the wall clock"])
async def test_every_attempt_is_as_it_was(tmp_path: Path, machine: Machine, other_boot: bool) -> None:
    old = Version2(tmp_path)
    age = 30 * SECOND
    wall, boot, up = machine.now - age, "earlier" if other_boot else "first", machine.up - age
    if not other_boot:
        wall += DAY
    send_at = datetime(2026, 12, 25, 10, 0, tzinfo=ISTANBUL)
    sends = {
        stored: sending(number, credits_=5, label=stored, send_at=send_at, message_type="commercial", iys_list="TACIR")
        for stored, number in zip(STATES, NUMBERS, strict=False)
    }
    for stored, change in sends.items():
        order = stored if stored in {"accepted", "cancelled"} else None
        old.add(change, stored, wall=wall, boot=boot, up=up, order_id=order, code=450 if stored == "refused" else None)
    old.add(PlannedChange(CANCEL_ORDER, b"x", order_id="77"), "done", wall=wall, boot=boot, up=up, kind="person")
    old.close()
    ledger = machine.ledger(tmp_path)
    kept = (await ledger.latest(99))[::-1]
    assert [one.id for one in kept] == list(range(1, 10))
    for one, number, (stored, expected) in zip(kept, NUMBERS, STATES.items(), strict=False):
        digest, usage = await ledger.look_up(sends[stored])
        assert (one.state, one.change_digest, one.confirmed_by, one.count) == (expected, digest, "code", 1)
        assert (one.identity, one.started) == (Identity("", ""), wall)
        assert one.send == Send(5, "FIRMA", "commercial", "TACIR", send_at, stored)
        assert (one.order_id, one.status_code) == (
            stored if stored in {"accepted", "cancelled"} else None,
            450 if stored == "refused" else None,
        )
        holds = expected in {"in_flight", "done", "unknown"}
        until = send_at + 10 * MINUTE + (machine.now - age - wall)
        assert usage.overlap == (Overlap(one, (number,), until) if holds else None)
        assert usage.unsettled_attempt == (one if expected == "not_found" else None)
    assert (kept[8].tool, kept[8].order_id, kept[8].confirmed_by, kept[8].send) == (CANCEL_ORDER, "77", "person", None)
    assert {key: one.id for key, one in (await ledger.orders(["accepted", "cancelled", "77"])).items()} == {
        "accepted": 2,
        "cancelled": 8,
    }
    unsettled = [one.state for one in await ledger.unsettled_sends()]
    assert [state for state in unsettled if state != "in_flight"] == ["unknown", "not_found"]
    assert await ledger.unaudited_attempts() == []
    usage = await usage_of(ledger)
    assert (usage.credits_today, usage.count_today, usage.recipients_in_hour) == (25, 5, 5)
    assert (usage.code_count_in_hour, usage.person_count_in_hour) == (8, 0)
    assert not await ledger.are_recipients(kept[0], [NUMBERS[0]])
    assert await ledger.about(NUMBERS[0]) == []
    machine.wait(30 * SECOND)
    assert await state(ledger, 1) == "unknown"
    await ledger.settle(kept[0], AttemptOutcome("done", order_id="9"))
    await ledger.settle(kept[1], AttemptOutcome("done", order_id="accepted"), cancelled_order_id="accepted")
    assert await ledger.settle_unknown(kept[5], "10")
    assert [await state(ledger, number) for number in (1, 2, 6)] == ["done", "cancelled", "done"]
    assert (await begun(ledger)).id == 10
    ledger.close()


@pytest.mark.parametrize(
    # Version 2 did not keep when a send was accepted: within a minute of its yes.
    ("stored", "hold"),
    [("accepted", 11 * MINUTE), ("unknown", DAY), ("in_flight", DAY), ("done", 11 * MINUTE)],
)
@pytest.mark.parametrize("other_boot", [False, True], ids=["by the uptime", "by the wall clock"])
async def test_what_held_a_send_back_goes_on_for_its_span(
    tmp_path: Path, machine: Machine, stored: str, hold: timedelta, other_boot: bool
) -> None:
    old = Version2(tmp_path)
    age = hold - MINUTE
    wall = machine.now - (age if other_boot else -DAY)
    machine.up = 2 * DAY
    old.add(sending(A, B), stored, wall=wall, boot="earlier" if other_boot else "first", up=machine.up - age)
    old.close()
    ledger = machine.ledger(tmp_path)
    kept = await on_record(ledger, 1)
    assert kept is not None
    again = sending(B, A, text=f"{TEXT} ")
    assert await attempt(ledger, again) == Overlap(kept, (B, A), machine.now + MINUTE)
    assert (await usage_of(ledger, sending(A))).overlap is None
    assert (await usage_of(ledger, sending(A, B, C))).overlap is None
    assert (await usage_of(ledger, sending(A, B, text="another"))).overlap is None
    machine.wait(MINUTE)
    usage = await usage_of(ledger, again)
    assert (usage.overlap, usage.unsettled_attempt) == (
        None,
        kept if hold == DAY and stored == "unknown" else usage.unsettled_attempt,
    )
    assert (usage.unsettled_attempt is not None) == (hold == DAY)
    assert isinstance(await attempt(ledger, again), Started)
    ledger.close()


async def test_an_attempt_of_unknown_age_begins_to_age_now(tmp_path: Path, machine: Machine) -> None:
    old = Version2(tmp_path)
    old.add(sending(A), "accepted", wall=machine.now + 1000 * DAY, boot="earlier", up=HOUR)
    old.add(sending(B), "accepted", wall=machine.now + 1000 * DAY, boot="first", up=machine.up + HOUR)
    old.close()
    ledger = machine.ledger(tmp_path)
    for number in (A, B):
        overlap = (await usage_of(ledger, sending(number))).overlap
        assert overlap is not None
        assert overlap.until == machine.now + 11 * MINUTE
    machine.wait(11 * MINUTE)
    assert [(await usage_of(ledger, sending(number))).overlap for number in (A, B)] == [None, None]
    ledger.close()


async def test_other_changes_are_recognised(tmp_path: Path, machine: Machine) -> None:
    old = Version2(tmp_path)
    old.add(BLOCKING, "unknown", wall=machine.now - DAY, boot="earlier", up=HOUR)
    old.add(BLOCKING, "done", wall=machine.now - MINUTE, boot="first", up=machine.up - MINUTE)
    old.close()
    ledger = machine.ledger(tmp_path)
    usage = await usage_of(ledger, BLOCKING)
    assert (usage.unsettled_attempt, usage.recent_attempt) == (await on_record(ledger, 1), await on_record(ledger, 2))
    ledger.close()


@pytest.mark.parametrize("other_boot", [False, True], ids=["by the uptime", "by the wall clock"])
async def test_codes_stay_as_they_were(tmp_path: Path, machine: Machine, other_boot: bool) -> None:
    old = Version2(tmp_path)
    boot = "earlier" if other_boot else "first"

    def at(age: timedelta) -> dict[str, object]:
        return {"wall": machine.now - age, "boot": boot, "up": machine.up - age}

    first = old.add(sending(), "refused", **at(MINUTE))  # type: ignore[arg-type]
    young = old.issue("YOUNG", **at(9 * MINUTE))  # type: ignore[arg-type]
    dead = old.issue("DEAD", **at(10 * MINUTE))  # type: ignore[arg-type]
    withdrawn = old.issue("WITHDRAWN", withdrawn=True, **at(MINUTE))  # type: ignore[arg-type]
    used = old.issue("USED", attempt=first, **at(MINUTE))  # type: ignore[arg-type]
    deleted = old.issue("DELETED", **at(DAY + 10 * MINUTE))  # type: ignore[arg-type]
    old.close()
    ledger = machine.ledger(tmp_path)
    assert await attempt(ledger, sending(A), code=young) == CodeInvalid("other_change")
    assert await attempt(ledger, code=dead) == CodeInvalid("expired")
    assert await attempt(ledger, code=withdrawn) == CodeInvalid("withdrawn")
    assert await attempt(ledger, code=deleted) == CodeInvalid("not_issued")
    answer = await attempt(ledger, code=used)
    assert answer == CodeUsed((await ledger.latest(1))[0])
    started = await attempt(ledger, code=young)
    assert isinstance(started, Started)
    assert started.since_preview == 9 * MINUTE
    machine.wait(90 * DAY)
    await ledger.prune()
    assert await attempt(ledger, code=used) == CodeInvalid("not_issued")
    ledger.close()


async def test_an_old_code_of_unknown_age_has_expired(tmp_path: Path, machine: Machine) -> None:
    old = Version2(tmp_path)
    code = old.issue("FUTURE", wall=machine.now + SECOND, boot="earlier", up=HOUR)
    old.close()
    ledger = machine.ledger(tmp_path)
    assert await attempt(ledger, code=code) == CodeInvalid("expired")
    ledger.close()


async def test_an_old_process_that_has_the_file_open_writes_no_more(tmp_path: Path, machine: Machine) -> None:
    old = Version2(tmp_path)
    at = {"wall": machine.now, "boot": "first", "up": machine.up}
    first = old.add(sending(A), "in_flight", **at)  # type: ignore[arg-type]
    code = old.issue("CODE", **at)  # type: ignore[arg-type]
    reading = old.connect()
    assert reading.execute("SELECT count(*) FROM attempts").fetchone() == (1,)
    ledger = machine.ledger(tmp_path)
    assert [one.id for one in await ledger.latest(9)] == [first]
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        reading.execute("SELECT count(*) FROM attempts")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        old.add(sending(B), "in_flight", **at)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        old.issue("ANOTHER", **at)  # type: ignore[arg-type]
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        old.connection.execute("UPDATE confirmations SET attempt = 1")
    assert old.connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
    reading.close()
    old.close()
    assert len(await ledger.latest(9)) == 1
    assert isinstance(await attempt(ledger, code=code), Started)
    ledger.close()


async def test_a_process_that_is_about_to_write_is_waited_for(tmp_path: Path, machine: Machine) -> None:
    old = Version2(tmp_path)
    old.connection.execute("BEGIN IMMEDIATE")
    old.add(sending(A), "in_flight", wall=machine.now, boot="first", up=machine.up)
    ledger = machine.ledger(tmp_path)
    migrating = asyncio.create_task(ledger.latest(9))
    await anyio.wait_all_tasks_blocked()
    old.connection.execute("COMMIT")
    assert len(await migrating) == 1
    old.close()
    ledger.close()


async def test_a_ledger_that_its_old_process_keeps_locked_is_reported(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    old = Version2(tmp_path)
    old.connection.execute("BEGIN IMMEDIATE")
    ledger = machine.ledger(tmp_path)
    with pytest.raises(LedgerUnavailableError, match="locked"):
        await ledger.latest(9)
    old.connection.execute("COMMIT")
    assert rows(old.file, "attempts") == []
    assert await ledger.latest(9) == []
    old.close()
    ledger.close()


def test_new_processes_that_bring_it_forward_at_once_do_so_once(tmp_path: Path, machine: Machine) -> None:
    old = Version2(tmp_path)
    old.add(sending(A), "accepted", wall=machine.now, boot="first", up=machine.up)
    code = old.issue("CODE", wall=machine.now, boot="first", up=machine.up)
    old.close()
    answers = race(tmp_path, code)
    assert sorted(kind for kind, _ in answers) == ["CodeUsed", "CodeUsed", "CodeUsed", "Started"]
    assert len(rows(tmp_path / LEDGER_FILE, "key_check")) == len(rows(tmp_path / LEDGER_FILE, "ledger_time")) == 1


async def test_one_that_another_process_brings_forward_in_between_is_taken_as_it_is(
    tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    Version2(tmp_path).close()
    other, ledger = machine.ledger(tmp_path), machine.ledger(tmp_path)
    version: Callable[[sqlite3.Connection], int] = database._version

    def overtaken(connection: sqlite3.Connection) -> int:
        monkeypatch.undo()
        seen = version(connection)
        asyncio.run(begun(other))
        return seen

    monkeypatch.setattr(database, "_version", overtaken)
    assert len(await ledger.latest(9)) == 1
    ledger.close()
    other.close()


async def test_a_ledger_of_other_keys_is_left_at_its_version(tmp_path: Path, machine: Machine) -> None:
    old = Version2(tmp_path)
    old.connection.execute("UPDATE ledger SET fingerprint = x'00'")
    old.close()
    before = (tmp_path / LEDGER_FILE).read_bytes()
    ledger = machine.ledger(tmp_path)
    with pytest.raises(LedgerUnavailableError, match="belongs to another ledger"):
        await ledger.latest(9)
    assert (tmp_path / LEDGER_FILE).read_bytes() == before
    with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (2,)


async def test_a_ledger_that_is_only_read_is_left_at_its_version(tmp_path: Path, machine: Machine) -> None:
    Version2(tmp_path).close()
    before = (tmp_path / LEDGER_FILE).read_bytes()
    with pytest.raises(LedgerUnavailableError, match="the server brings it forward when it first uses it"):
        await machine.ledger(tmp_path, read_only=True).latest(9)
    assert (tmp_path / LEDGER_FILE).read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("former", ["2", "3", "4", "5", "6"])
async def test_a_kill_at_any_point_leaves_one_version_whole(tmp_path: Path, machine: Machine, former: str) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    old = Version2(folder)
    at = {"wall": machine.now, "boot": "first", "up": machine.up}
    first = old.add(sending(), "accepted", order_id="123", **at)  # type: ignore[arg-type]
    old.add(sending(D), "unknown", **at)  # type: ignore[arg-type]
    old.issue("USED", attempt=first, **at)  # type: ignore[arg-type]
    old.issue("UNUSED", change=sending(A, text="new"), **at)  # type: ignore[arg-type]
    old.close()
    if former != "2":
        ledger = machine.ledger(folder)
        await ledger.prune()
        ledger.close()
        {"3": to_version_3, "4": to_version_4, "5": to_version_5, "6": to_version_6}[former](folder)
    command = [sys.executable, "-m", "tests.ledger.dying", str(tmp_path / "killed"), str(folder)]
    ran = processes.run(command, cwd=ROOT, env=processes.unmeasured())
    assert (ran.returncode, ran.stderr) == (0, "")
    seen: set[tuple[str, ...]] = set()
    for line in ran.stdout.splitlines():
        point, words = json.loads(line)
        seen.add((*words, await _look(tmp_path / "killed" / str(point))))
    assert seen == {(former,), ("opens", former), ("opens", NEW), ("opens", "migrated", NEW)}


async def _look(folder: Path) -> str:
    """Return the version that a killed process has left, once all is found there that must be."""
    machine = Machine()
    with closing(sqlite3.connect(folder / LEDGER_FILE)) as file:
        version = str(file.execute("PRAGMA user_version").fetchone()[0])
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    of_2 = {"attempts", "confirmations", "ledger", "spending"}
    of_3 = {"attempt", "confirmation_code", "key_check", "ledger_time", "recipients"}
    of_4 = of_3 | {"campaign", "several_texts_proven"}
    of_5 = of_4 | {"rule"}
    of_6 = of_5 | {"card", "waiting_change"}
    by_version = {"2": of_2, "3": of_3, "4": of_4, "5": of_5, "6": of_6, NEW: of_6 | {"pushed"}}
    assert tables - {"sqlite_sequence"} == by_version[version]
    ledger = machine.ledger(folder)
    kept = await ledger.latest(9)
    assert [(one.id, one.state, one.order_id) for one in kept] == [(2, "unknown", None), (1, "done", "123")]
    assert isinstance(await attempt(ledger), Overlap)
    assert await attempt(ledger, code="USED") == CodeUsed(kept[1])
    assert isinstance(await attempt(ledger, sending(A, text="new"), code="UNUSED"), Started)
    ledger.close()
    return version
