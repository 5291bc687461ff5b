from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import anyio
import pytest
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCRequest

from iletimerkezi_mcp.transports.stdin import StdinReader

CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'
CANCEL = b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n'
NOTE = b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n'
REPLY = b'{"jsonrpc":"2.0","id":1,"result":{}}\n'
LONG = 3600.0


class Pipe:
    """A host's stdin: the end that the server reads, and the one that the host writes."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        self.source: BinaryIO = os.fdopen(reading, "rb")
        self._host = os.fdopen(writing, "wb", buffering=0)

    def say(self, *lines: bytes) -> None:
        self._host.write(b"".join(lines))

    def close(self) -> None:
        self._host.close()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    opened = Pipe()
    yield opened
    opened.close()
    opened.source.close()


@pytest.fixture
def made() -> Iterator[Callable[..., StdinReader]]:
    """Make readers that are closed at the end."""
    with ExitStack() as closing:

        def make(source: BinaryIO, *, hold: float, **more: Any) -> StdinReader:
            reader = StdinReader(source, hold=hold, **more)
            for stream in (reader.messages, reader.refusals, reader._to_server, reader._to_host):
                closing.callback(stream.close)
            return reader

        yield make


async def _messages(reader: StdinReader) -> list[SessionMessage | Exception]:
    return [message async for message in reader.messages]


async def test_messages_and_answers_to_anything_else_come_apart(pipe: Pipe, made: Callable[..., StdinReader]) -> None:
    reader = made(pipe.source, hold=0)
    pipe.say(CALL, b"\n", b"  \r\n", b"nonsense\n", CALL.replace(b"1,", b"2,"))
    pipe.close()
    with anyio.fail_after(60):
        await reader.run()
        messages = await _messages(reader)
        refusals = [answer async for answer in reader.refusals]
    assert messages == [SessionMessage(JSONRPCRequest(jsonrpc="2.0", id=id_, method="tools/list")) for id_ in (1, 2)]
    assert [answer.id for answer in refusals] == [None]


async def test_without_an_open_call_the_end_is_not_held_back(pipe: Pipe, made: Callable[..., StdinReader]) -> None:
    reader = made(pipe.source, hold=LONG)
    pipe.say(CALL, CANCEL, NOTE, REPLY)
    pipe.close()
    with anyio.fail_after(60):
        await reader.run()
        assert len(await _messages(reader)) == 4


async def test_the_end_is_held_back_until_every_call_and_every_bad_line_is_answered(
    pipe: Pipe, made: Callable[..., StdinReader]
) -> None:
    reader = made(pipe.source, hold=LONG)
    pipe.say(CALL, b"nonsense\n")
    pipe.close()
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(reader.run)
            await reader.messages.receive()
            await reader.refusals.receive()
            reader.answered(1)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(anyio.WouldBlock):
                reader.messages.receive_nowait()
            reader.refusal_answered()
            with pytest.raises(anyio.EndOfStream):
                await reader.messages.receive()


async def test_a_call_that_is_never_answered_holds_the_end_back_for_a_moment_only(
    pipe: Pipe, made: Callable[..., StdinReader]
) -> None:
    reader = made(pipe.source, hold=0.01)
    pipe.say(CALL)
    pipe.close()
    with anyio.fail_after(60):
        await reader.run()


async def test_stopped_it_reads_no_further_though_its_source_stays_open(
    pipe: Pipe, made: Callable[..., StdinReader]
) -> None:
    reader = made(pipe.source, hold=0)
    pipe.say(CALL)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(reader.run)
            await reader.messages.receive()
            reader.stop()
            with pytest.raises(anyio.EndOfStream):
                await reader.messages.receive()
    # The thread that reads is left behind in its read; a line lets it go.
    pipe.say(CALL)


@pytest.mark.parametrize("stopped", [False, True])
async def test_a_file_is_in_no_hurry_until_a_signal_comes(
    tmp_path: Path, stopped: bool, made: Callable[..., StdinReader]
) -> None:
    (tmp_path / "calls").write_bytes(CALL)
    with (tmp_path / "calls").open("rb") as source, anyio.fail_after(60):
        reader = made(source, hold=0, file_hold=LONG)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(reader.run)
            await reader.messages.receive()
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(anyio.WouldBlock):
                reader.messages.receive_nowait()
            if stopped:
                reader.stop()
            else:
                reader.answered(1)
            with pytest.raises(anyio.EndOfStream):
                await reader.messages.receive()


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\xef\xbb\xbf"])
async def test_the_mark_that_windows_programs_write_before_utf_8_is_no_part_of_a_line(
    pipe: Pipe, made: Callable[..., StdinReader], start: bytes
) -> None:
    reader = made(pipe.source, hold=0)
    pipe.say(start + CALL, NOTE)
    pipe.close()
    with anyio.fail_after(60):
        await reader.run()
        first, _ = await _messages(reader)
        assert [answer async for answer in reader.refusals] == []
    assert first == SessionMessage(JSONRPCRequest(jsonrpc="2.0", id=1, method="tools/list"))


async def test_a_call_whose_id_is_a_float_holds_the_end_back_until_it_is_answered_or_cancelled(
    pipe: Pipe, made: Callable[..., StdinReader]
) -> None:
    reader = made(pipe.source, hold=LONG)
    pipe.say(CALL.replace(b"1,", b"1.0,"), CANCEL.replace(b"1}", b"1.0}"))
    pipe.close()
    with anyio.fail_after(60):
        await reader.run()
        assert len(await _messages(reader)) == 2
