"""What a running server does beside its calls: it learns the provider's time, and mends the audit log."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.sandbox.transport import SandboxTransport
from tests.calls import ADD_BLACKLIST, GET_BALANCE, SEND, SEND_SMS
from tests.hosting import LIVE, Host, ManualClock, hosted
from tests.loop_clock import LoopClock

LATER = {**SEND, "send_at": "2026-11-23T10:15"}


def date_ahead(host: Host, ahead: timedelta) -> None:
    """Let the provider's answers bear a clock that is `ahead` of the machine's."""

    def answer(_: httpx.Request) -> httpx.Response:
        date = format_datetime((host.clock.now + ahead).astimezone(UTC), usegmt=True)
        balance = {"response": {"status": {"code": 200}, "balance": {"amount": "1", "sms": "100"}}}
        return httpx.Response(200, json=balance, headers={"Date": date})

    host.wire.broken = answer


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=30), "this machine's clock is 30 minutes behind the provider's"),
        (timedelta(minutes=-30), "this machine's clock is 30 minutes ahead of the provider's"),
        (timedelta(seconds=59), None),
    ],
)
async def test_with_another_clock_than_the_providers_nothing_is_scheduled(ahead: timedelta, words: str | None) -> None:
    async with hosted() as host:
        date_ahead(host, ahead)
        await host.call(GET_BALANCE)
        host.wire.broken = None
        later = await host.call(SEND_SMS, LATER)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "preview"
    if words is None:
        assert later["outcome"] == "preview"
    else:
        assert later["outcome"] == "nothing_done"
        assert words in later["summary"]


async def test_another_process_knows_the_difference_and_a_clock_that_was_set_right_ends_it(tmp_path: Path) -> None:
    settings, clock = replace(LIVE, state_dir=tmp_path), ManualClock()
    async with hosted(settings, clock=clock) as host:
        date_ahead(host, timedelta(minutes=30))
        await host.call(GET_BALANCE)
        await host.call(GET_BALANCE)
    async with hosted(settings, clock=clock) as host:
        assert "30 minutes behind" in (await host.call(SEND_SMS, LATER))["summary"]
        clock.jump(minutes=30)
        assert (await host.call(SEND_SMS, {**LATER, "send_at": "2026-11-23T10:45"}))["outcome"] == "preview"


async def test_a_clock_that_is_right_makes_no_ledger(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, state_dir=tmp_path)) as host:
        date_ahead(host, timedelta())
        await host.call(GET_BALANCE)
        assert not (tmp_path / LEDGER_FILE).exists()


async def test_a_ledger_that_cannot_be_used_stops_no_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    async with hosted(replace(LIVE, state_dir=file / "below")) as host:
        date_ahead(host, timedelta(hours=1))
        assert (await host.call(GET_BALANCE))["outcome"] == "ok"
        assert (await host.call(GET_BALANCE))["outcome"] == "ok"
    assert "The ledger cannot be used" in caplog.text


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=1)])
async def test_a_state_folder_that_cannot_be_looked_at_stops_no_read(tmp_path: Path, ahead: timedelta) -> None:
    async with hosted(replace(LIVE, state_dir=tmp_path / ("x" * 300))) as host:
        date_ahead(host, ahead)
        assert (await host.call(GET_BALANCE))["outcome"] == "ok"
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "nothing_done"


async def test_a_damaged_ledger_and_a_missing_audit_folder_are_logged_at_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / LEDGER_FILE).write_bytes(b"x" * 4096)
    settings = replace(LIVE, state_dir=tmp_path, audit_log=tmp_path / "missing" / "audit.jsonl")
    async with hosted(settings) as host:
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "nothing_done"
        assert (await host.call(GET_BALANCE))["outcome"] == "ok"
    assert "audit.jsonl cannot be written" in caplog.text
    assert "Check ILETIMERKEZI_AUDIT_LOG" in caplog.text
    assert "Ask the operator" not in caplog.text, "the operator reads the log"
    assert "The ledger cannot be used" in caplog.text


async def test_what_a_killed_process_left_in_flight_is_audited_once_it_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(LIVE, state_dir=tmp_path, audit_log=tmp_path / "audit.jsonl", operator_name="Ayşe")
    clock = ManualClock()

    async def send() -> None:
        async with hosted(settings, clock=clock) as host:
            await host.confirm(SEND_SMS, SEND)

    with monkeypatch.context() as patch:
        patch.setattr(SandboxTransport, "handle_async_request", _killed)
        patch.setattr("iletimerkezi_mcp.ledger.entries.Entries.record_outcome", _killed_at_once)
        patch.setattr("iletimerkezi_mcp.confirmation.audit.AuditLog.append", lambda *_: None)
        with pytest.raises(BaseExceptionGroup):
            await send()
    loop = LoopClock()
    async with hosted(settings, clock=clock) as host:
        await host.call(ADD_BLACKLIST, number="05321234567")
        assert _outcomes(tmp_path) == []
        clock.advance(seconds=60)
        await loop.tick(60)
        await host.call(ADD_BLACKLIST, number="05321234567")
    assert _outcomes(tmp_path) == [("unknown", "Ayşe", True)]


async def test_a_late_line_that_two_servers_write_is_known_by_its_attempt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(LIVE, state_dir=tmp_path, audit_log=tmp_path / "audit.jsonl")
    clock, both, look_up = ManualClock(), anyio.Event(), SqliteLedger.unaudited_attempts
    reads = 0

    async def meanwhile(ledger: SqliteLedger) -> list[Attempt]:
        nonlocal reads
        attempts = await look_up(ledger)
        reads += 1
        if reads == 2:
            both.set()
        await both.wait()
        return attempts

    with monkeypatch.context() as patch:
        patch.setattr("iletimerkezi_mcp.confirmation.audit.AuditLog.append", lambda *_: None)
        patch.setattr(SqliteLedger, "mark_audited", _not_now)
        async with hosted(settings, clock=clock) as host:
            assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"
    monkeypatch.setattr(SqliteLedger, "unaudited_attempts", meanwhile)
    with anyio.fail_after(60):
        async with hosted(settings, clock=clock), hosted(settings, clock=clock):
            while len(_lines(tmp_path)) < 2:
                await anyio.lowlevel.checkpoint()
        async with hosted(settings, clock=clock) as host:
            while reads < 3:
                await anyio.lowlevel.checkpoint()
            await host.call(ADD_BLACKLIST, number="05321234567")
    first, second = _lines(tmp_path)
    assert first == second
    assert (first["attempt"], first["outcome"], first["written_late"]) == (1, "done", True)
    assert first["change"]


async def test_every_hour_the_digests_of_recipients_go_that_hold_nothing_back_any_more(tmp_path: Path) -> None:
    def digests() -> int:
        with closing(sqlite3.connect(tmp_path / LEDGER_FILE)) as ledger:
            return int(ledger.execute("SELECT count(*) FROM recipients").fetchone()[0])

    loop = LoopClock()
    async with hosted(replace(LIVE, state_dir=tmp_path)) as host:
        await host.confirm(SEND_SMS, SEND)
        host.clock.advance(minutes=1)
        await loop.tick(60)
        # The ledger answers in turn: after the round that began with that minute.
        await host.call(SEND_SMS, SEND, text="Bir başka bilgi.")
        assert digests() == 1
        # A round may come a little less than an hour after the one before.
        host.clock.advance(minutes=58)
        await loop.tick(3_600)
        with anyio.fail_after(60):
            while digests():
                await anyio.lowlevel.checkpoint()


class KilledError(BaseException):
    """The end of a process in the middle of a request."""


async def _killed(*_: object) -> httpx.Response:
    raise KilledError


def _killed_at_once(*_: object) -> None:
    raise KilledError


async def _not_now(*_: object) -> None:
    """Leave the line owed."""


def _lines(folder: Path) -> list[dict[str, Any]]:
    file = folder / "audit.jsonl"
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def _outcomes(folder: Path) -> list[tuple[str, str, bool]]:
    return [(line["outcome"], line["who"], line["written_late"]) for line in _lines(folder)]


async def test_a_clock_that_is_set_wrong_after_an_answer_schedules_nothing(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, state_dir=tmp_path)) as host:
        date_ahead(host, timedelta())
        await host.call(GET_BALANCE)
        host.clock.jump(hours=1)
        later = await host.call(SEND_SMS, {**LATER, "send_at": "2026-11-23T11:15"})
    assert "60 minutes ahead" in later["summary"]


async def test_the_date_of_an_answer_that_the_machine_slept_over_is_not_taken() -> None:
    async with hosted() as host:
        date_ahead(host, timedelta())
        answer = host.wire.broken
        assert answer is not None

        def asleep(request: httpx.Request) -> httpx.Response:
            shown = answer(request)
            assert shown is not None
            host.clock.advance(hours=1)
            return shown

        host.wire.broken = asleep
        await host.call(GET_BALANCE)
        host.wire.broken = None
        later = await host.call(SEND_SMS, {**LATER, "send_at": "2026-11-23T11:15"})
    assert later["outcome"] == "preview"
