from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import BinaryIO

import anyio
import pytest
from anyio import to_thread

from iletimerkezi_mcp.transports import stdout as outlet_module
from iletimerkezi_mcp.transports.stdout import StdoutWriter

Ends = tuple[BinaryIO, BinaryIO]
"""What the host reads from, and what the server writes to."""


@pytest.fixture(params=["pipe", "socket"])
def ends(request: pytest.FixtureRequest) -> Iterator[Ends]:
    with ExitStack() as opened:
        if request.param == "pipe":
            reading, writing = os.pipe()
        else:
            host, server = socket.socketpair()
            reading, writing = host.detach(), server.detach()
        # What a host that has gone did not take is tried once more as the file closes.
        opened.enter_context(suppress(BrokenPipeError))
        yield opened.enter_context(os.fdopen(reading, "rb")), opened.enter_context(os.fdopen(writing, "wb"))


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes were left to a thread each time."""
    left: list[int] = []

    class Counting:
        @staticmethod
        async def run_sync(put: Callable[[bytes], None], rest: bytes) -> None:
            left.append(len(rest))
            await to_thread.run_sync(put, rest)

    monkeypatch.setattr(outlet_module, "to_thread", Counting)
    return left


async def test_an_answer_that_finds_room_is_there_at_once(ends: Ends, threads: list[int]) -> None:
    host, stdout = ends
    with stdout, closing(StdoutWriter(stdout)) as outlet:
        for line in (b"one\n", b"two\n"):
            await outlet.write(line)
            assert host.readline() == line
    assert threads == []


async def test_a_host_that_does_not_read_keeps_nobody_else_waiting_and_then_gets_every_line_whole(
    ends: Ends, threads: list[int]
) -> None:
    host, stdout = ends
    lines = [b"%d " % number + b"x" * length + b"\n" for number, length in enumerate((2_000, 2_000_000, 10, 3_000))]

    async def write() -> None:
        with closing(StdoutWriter(stdout)) as outlet:
            for line in lines:
                await outlet.write(line)

    with stdout, anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(write)
            # The event loop is free although the line does not go through.
            while not threads:
                await anyio.lowlevel.checkpoint()
            read = await to_thread.run_sync(lambda: [host.readline() for _ in lines], abandon_on_cancel=True)
    assert read == lines


async def test_where_there_is_no_room_at_all_a_line_waits_whole(ends: Ends, threads: list[int]) -> None:
    host, stdout = ends
    os.set_blocking(stdout.fileno(), False)
    filled = 0
    with suppress(BlockingIOError):
        while True:
            filled += os.write(stdout.fileno(), b"x")
    os.set_blocking(stdout.fileno(), True)
    with stdout, closing(StdoutWriter(stdout)) as outlet, anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(outlet.write, b"one\n")
            while not threads:
                await anyio.lowlevel.checkpoint()
            assert await to_thread.run_sync(host.readline, abandon_on_cancel=True) == b"x" * filled + b"one\n"
    assert threads == [4]


async def test_a_host_that_has_gone_is_noticed(ends: Ends) -> None:
    host, stdout = ends
    host.close()
    with closing(StdoutWriter(stdout)) as outlet, pytest.raises((BrokenPipeError, ConnectionResetError)):
        await outlet.write(b"one\n")


async def test_a_file_takes_every_line(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    with path.open("wb") as stdout, closing(StdoutWriter(stdout)) as outlet:
        await outlet.write(b"one\n")
        await outlet.write(b"two\n")
    assert path.read_bytes() == b"one\ntwo\n"
