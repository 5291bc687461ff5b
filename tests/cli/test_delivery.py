"""``delivery``: the process that takes pushed reports and does nothing else."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from pathlib import Path
from typing import cast

import anyio
import pytest

from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.cli.delivery import prune_hourly
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.sqlite import PRUNE_SECONDS
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from tests.connections import http_client
from tests.e2e.killed import posix
from tests.e2e.network import DELIVERY_SECRET, started_delivery
from tests.loop_clock import LoopClock
from tests.transports.pushes import NUMBER, files_with, ledger_in, report


@pytest.fixture(autouse=True)
def _operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ILETIMERKEZI_LANG", "en")
    monkeypatch.setenv("ILETIMERKEZI_DELIVERY_SECRET", DELIVERY_SECRET)
    monkeypatch.delenv("ILETIMERKEZI_API_KEY", raising=False)


async def test_it_takes_reports_into_the_folder_and_says_nothing_but_where(tmp_path: Path) -> None:
    flags = ("--sandbox", "--state-dir", str(tmp_path))
    async with started_delivery(*flags) as process, http_client() as http:
        assert process.said.startswith("iletimerkezi-mcp: Pushed reports are taken at http://127.0.0.1:")
        assert f"/delivery/ and the value of ILETIMERKEZI_DELIVERY_SECRET, into {tmp_path}" in process.said
        path = f"{process.address}/delivery/{DELIVERY_SECRET}"
        assert (await http.post(path, json=report(body="QZ775533"))).status_code == 200
        assert (await http.get(f"{process.address}/healthz")).status_code == 200
        assert (await http.post(f"{process.address}/mcp", json={})).status_code == 404
        assert (await http.post(f"{process.address}/delivery/QZ775533", json=report())).status_code == 404
        assert (await http.post(path, content=b"x" * 70_000)).status_code == 413
        assert await process.end() == ""
    assert DELIVERY_SECRET not in process.said
    ledger = ledger_in(tmp_path)
    assert await ledger.pushed_about(NUMBER) == ["104525848"]
    ledger.close()
    assert files_with(tmp_path, DELIVERY_SECRET, NUMBER[1:], "QZ775533") == []


def test_it_needs_a_secret_and_the_key_of_the_account(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["delivery", "--state-dir", str(tmp_path)]) == 2
    assert "ILETIMERKEZI_API_KEY must be set" in capsys.readouterr().err
    monkeypatch.delenv("ILETIMERKEZI_DELIVERY_SECRET")
    assert main(["delivery", "--sandbox", "--state-dir", str(tmp_path)]) == 2
    assert "ILETIMERKEZI_DELIVERY_SECRET must be set" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_it_does_not_start_with_a_ledger_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "ledger.sqlite3").write_bytes(b"not a database, but long enough to look at" * 99)
    assert main(["delivery", "--sandbox", "--state-dir", str(tmp_path), "--port", "0"]) == 1
    assert "The ledger cannot be used" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["delivery", "--sandbox", "--state-dir", str(tmp_path), "--port", port]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert f"cannot listen at 127.0.0.1 port {port}" in line


@posix
def test_it_deletes_what_is_old_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[object] = []

    async def prune(ledger: object) -> None:
        rounds.append(ledger)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("iletimerkezi_mcp.cli.delivery.prune_hourly", prune)
    bound = threading.Timer(60, os.kill, (os.getpid(), signal.SIGTERM))
    bound.start()
    try:
        assert main(["delivery", "--sandbox", "--state-dir", str(tmp_path), "--port", "0"]) == 0
    finally:
        bound.cancel()
    assert len(rounds) == 1


async def test_what_is_old_is_deleted_every_hour_also_while_no_report_comes(caplog: pytest.LogCaptureFixture) -> None:
    rounds: list[str] = []

    class FakeLedger:
        async def prune(self) -> None:
            rounds.append("")
            if len(rounds) == 1:
                raise LedgerUnavailableError(Text("the disk is full.", "disk dolu."))

    clock = LoopClock()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(prune_hourly, cast("Ledger", FakeLedger()))
        await clock.tick()
        with caplog.at_level(logging.WARNING):
            for expected in (1, 2):
                await clock.tick(PRUNE_SECONDS)
                assert len(rounds) == expected
        tasks.cancel_scope.cancel()
    assert ["disk is full" in record.getMessage() for record in caplog.records] == [True]
