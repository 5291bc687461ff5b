"""A state folder that cannot be written: reads go on, and whatever would need a record is not done."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests import processes
from tests.calls import GET_BALANCE, SEND, SEND_SMS
from tests.hosting import ERAS, Mode
from tests.processes import COMMAND, UNPRIVILEGED, environment
from tests.tools.examples import CHANGES, EXAMPLES, READS

from .stdio_client import StdioClient
from .upstream import Upstream, upstream

posix = pytest.mark.skipif(sys.platform == "win32", reason="users and rights as POSIX has them")
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of another process")


@dataclass(frozen=True, slots=True)
class Case:
    """A folder that is no use, how it is made below another one, and what is said about it."""

    name: str
    make: Callable[[Path], Path]
    said: str


def _below_a_file(place: Path) -> Path:
    (place / "file").write_text("", encoding="utf-8")
    return place / "file" / "state"


def _ledger_is_a_folder(place: Path) -> Path:
    (place / "state" / "ledger.sqlite3").mkdir(parents=True)
    (place / "state" / "ledger.key").mkdir()
    return place / "state"


def _not_a_ledger(place: Path) -> Path:
    (place / "ledger.sqlite3").write_bytes(b"something else entirely" * 100)
    return place


def _not_writable(place: Path) -> Path:
    (place / "state").mkdir()
    (place / "state").chmod(0o555)
    return place / "state"


def _in_a_folder_that_is_not_writable(place: Path) -> Path:
    return _not_writable(place) / "below"


CASES = [
    Case("below a file", _below_a_file, "is not a folder"),
    Case("a folder in place of the ledger", _ledger_is_a_folder, "ILETIMERKEZI_STATE_DIR"),
    Case("another file in place of the ledger", _not_a_ledger, "ledger.key is missing"),
    Case("not writable", _not_writable, "cannot be written to"),
    Case("in a folder that is not writable", _in_a_folder_that_is_not_writable, "cannot be written to"),
]


@asynccontextmanager
async def served(mode: Mode, folder: Path, up: Upstream) -> AsyncIterator[StdioClient]:
    """Start a live server that may not write everywhere, and give a hand-written client."""
    if os.geteuid() == 0 and shutil.which(UNPRIVILEGED[0]) is None:
        pytest.skip("the superuser can write everywhere")
    before = UNPRIVILEGED if os.geteuid() == 0 else []
    settings = {
        "ILETIMERKEZI_API_KEY": "live-key",
        "ILETIMERKEZI_API_HASH": "live-hash",
        "ILETIMERKEZI_API_URL": up.origin,
        "ILETIMERKEZI_BRAND_CODE": "123456",
        "ILETIMERKEZI_CONFIRM": "code",
        "ILETIMERKEZI_STATE_DIR": str(folder),
        "ILETIMERKEZI_SENDER": "FIRMAADI",
    }
    async with processes.opened([*before, *COMMAND], env=environment(**settings), stderr=None) as process:
        wire = StdioClient(process, mode)
        await wire.open()
        yield wire


async def _reads_work(wire: StdioClient) -> None:
    for tool in READS:
        assert (await wire.call(tool, EXAMPLES[tool]))["outcome"] == "ok", tool


@posix
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_reads_go_on_and_changes_say_why_nothing_is_done(case: Case, tmp_path: Path) -> None:
    folder = case.make(tmp_path)
    mode = ERAS[CASES.index(case) % 2]
    async with upstream() as up, served(mode, folder, up) as wire:
        await _reads_work(wire)
        before = len(up.posted)
        for confirm in ({}, {"confirm": "AAAAAAAAAAAA"}):
            for tool in CHANGES:
                answer = await wire.call(tool, {**EXAMPLES[tool], **confirm})
                assert answer["outcome"] == "nothing_done", tool
                assert answer["summary"].startswith("Nothing was done. The ledger cannot be used: "), tool
                assert case.said in answer["summary"], tool
                assert str(folder) in answer["summary"], tool
                assert "confirm" not in answer, tool
        assert len(up.posted) == before
        await _reads_work(wire)


@posix
async def test_a_folder_that_is_made_writable_again_is_used_without_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    folder.chmod(0o555)
    async with upstream() as up, served("auto", folder, up) as wire:
        refused = await wire.call(SEND_SMS, SEND)
        folder.chmod(0o700)
        preview = await wire.call(SEND_SMS, SEND)
        done = await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
    assert (refused["outcome"], preview["outcome"], done["outcome"]) == ("nothing_done", "preview", "done")
    assert len(up.changes) == 1


async def test_a_file_in_place_of_the_folder_stops_the_start_or_later_every_change(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with upstream() as up:
        async with served("auto", folder, up) as wire:
            # Started, and the folder not yet made.
            await wire.call(GET_BALANCE, {})
            folder.write_text("", encoding="utf-8")
            await _reads_work(wire)
            answers = [await wire.call(tool, EXAMPLES[tool]) for tool in CHANGES]
        ran = processes.run(COMMAND, env=environment(ILETIMERKEZI_STATE_DIR=str(folder)))
    assert {answer["outcome"] for answer in answers} == {"nothing_done"}
    assert all("is not a folder" in answer["summary"] for answer in answers)
    assert up.changes == []
    assert ran.returncode == 2
    assert "ILETIMERKEZI_STATE_DIR must be a folder" in ran.stderr


def _delete_ledger(folder: Path) -> None:
    for file in folder.glob("ledger.sqlite3*"):
        file.unlink()


def _delete_ledger_and_key(folder: Path) -> None:
    _delete_ledger(folder)
    (folder / "ledger.key").unlink()


def _put_an_empty_one_in_its_place(folder: Path) -> None:
    _delete_ledger(folder)
    (folder / "ledger.sqlite3").touch()


def _restore_a_copy(folder: Path) -> None:
    shutil.copy(folder / "ledger.sqlite3", folder / "copy")
    (folder / "copy").replace(folder / "ledger.sqlite3")


LOSSES: list[Callable[[Path], None]] = [
    _delete_ledger,
    _delete_ledger_and_key,
    shutil.rmtree,
    _put_an_empty_one_in_its_place,
    _restore_a_copy,
]


@posix
@pytest.mark.parametrize("lose", LOSSES)
async def test_a_ledger_that_is_lost_while_the_server_runs_is_not_begun_anew_in_silence(
    lose: Callable[[Path], None], tmp_path: Path
) -> None:
    folder, mode = tmp_path / "state", ERAS[LOSSES.index(lose) % 2]
    other = {**SEND, "text": "Bir başka bilgi."}
    async with upstream() as up, served(mode, folder, up) as wire:
        preview = await wire.call(SEND_SMS, SEND)
        assert (await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]}))["outcome"] == "done"
        code = (await wire.call(SEND_SMS, other))["confirm"]
        lose(folder)
        there = {file.name for file in folder.glob("*")}
        for _ in range(2):
            for changed in (SEND, {**other, "confirm": code}, other):
                answer = await wire.call(SEND_SMS, changed)
                assert answer["outcome"] == "nothing_done"
                assert "was deleted, moved or replaced while the server was using it" in answer["summary"]
                assert "restart the server" in answer["summary"]
            await _reads_work(wire)
        assert {file.name for file in folder.glob("*")} == there
        assert len(up.changes) == 1


@posix
async def test_a_server_that_is_started_again_begins_the_deleted_ledger_anew(tmp_path: Path) -> None:
    async with upstream() as up:
        async with served("auto", tmp_path, up) as wire:
            preview = await wire.call(SEND_SMS, SEND)
            await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
            assert (await wire.call(SEND_SMS, SEND))["outcome"] == "held_back"
            _delete_ledger(tmp_path)
        async with served("auto", tmp_path, up) as wire:
            assert (await wire.call(SEND_SMS, SEND))["outcome"] == "preview"


def _disk(wire: StdioClient, *, full: bool) -> None:
    """Let the server's files not grow at all, which is what a full disk is to a writer, or grow again."""
    import resource

    free = resource.RLIM_INFINITY
    resource.prlimit(wire.process.pid, resource.RLIMIT_FSIZE, (0 if full else free, free))


@linux
async def test_a_disk_that_fills_up_before_the_yes_stops_the_send(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with upstream() as up, served("auto", folder, up) as wire:
        preview = await wire.call(SEND_SMS, SEND)
        confirmed = {**SEND, "confirm": preview["confirm"]}
        _disk(wire, full=True)
        refused = await wire.call(SEND_SMS, confirmed)
        await _reads_work(wire)
        changes_then = len(up.changes)
        _disk(wire, full=False)
        done = await wire.call(SEND_SMS, confirmed)
    assert (refused["outcome"], changes_then) == ("nothing_done", 0)
    assert refused["summary"].startswith("Nothing was done. The ledger cannot be used: ")
    assert (done["outcome"], len(up.changes)) == ("done", 1)


@linux
async def test_a_disk_that_fills_up_while_the_request_is_out_leaves_the_send_told_and_held_back(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    async with upstream(stop_at="arrived") as up, served("auto", folder, up) as wire:
        preview = await wire.call(SEND_SMS, SEND)
        confirmed = {**SEND, "confirm": preview["confirm"]}
        answers: list[dict[str, Any]] = []

        async def confirm() -> None:
            answers.append(await wire.call(SEND_SMS, confirmed))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(confirm)
            await up.reached["arrived"].wait()
            _disk(wire, full=True)
            up.released.set()
        same = await wire.call(SEND_SMS, SEND)
        _disk(wire, full=False)
        freed = await wire.call(SEND_SMS, SEND)
        replayed = await wire.call(SEND_SMS, confirmed)
    (done,) = answers
    assert done["outcome"] == "done"
    assert "The ledger cannot be used" in done["summary"]
    assert same["outcome"] in {"held_back", "nothing_done"}
    assert (freed["outcome"], replayed["outcome"]) == ("held_back", "unknown")
    assert len(up.changes) == 1
