"""Writing to the host."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import anyio
import pytest
from anyio import to_thread
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCNotification, JSONRPCResponse, jsonrpc_message_adapter

from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.transports.stdin import StdinReader
from iletimerkezi_mcp.transports.stdio import StdoutWriter

NOTE = SessionMessage(JSONRPCNotification(jsonrpc="2.0", method="notifications/progress"))
ANSWER = SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=1, result={}))
LARGE = SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=2, result={"text": "x" * 2_000_000}))
CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'


@dataclass
class Wire:
    """Both pipes of a host: what it has said, and the end that it reads."""

    reader: StdinReader
    writer: StdoutWriter
    host: BinaryIO

    def lines(self) -> list[SessionMessage]:
        """Return every message up to the end of the server's output."""
        return [SessionMessage(jsonrpc_message_adapter.validate_json(line)) for line in self.host]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    with ExitStack() as opened:
        stdin, said = os.pipe()
        os.write(said, CALL + b"nonsense\n")
        os.close(said)
        source = opened.enter_context(os.fdopen(stdin, "rb"))
        reading, writing = os.pipe()
        # A host that has gone did not read; closing the file tries once more.
        opened.enter_context(suppress(BrokenPipeError))
        stdout = opened.enter_context(os.fdopen(writing, "wb"))
        host = opened.enter_context(os.fdopen(reading, "rb"))
        reader = StdinReader(source, hold=3600)
        writer = StdoutWriter(stdout, reader, Redactor(()))
        for stream in (reader.messages, reader.refusals, reader._to_server, reader._to_host):
            opened.callback(stream.close)
        opened.callback(writer._queue.close)
        opened.callback(writer._lines.close)
        yield Wire(reader, writer, host)


async def test_messages_arrive_whole_and_in_order_and_with_every_answer_the_lines_may_end(wire: Wire) -> None:
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wire.writer.run)
            tasks.start_soon(wire.reader.run)
            tasks.start_soon(wire.writer.write_refusals)
            async with wire.writer:
                await wire.writer.send(NOTE)
                await wire.reader.messages.receive()
                await wire.writer.send(ANSWER)
                with pytest.raises(anyio.EndOfStream):
                    await wire.reader.messages.receive()
    wire.writer._stdout.close()
    arrived = wire.lines()
    assert [item for item in arrived if item in (NOTE, ANSWER)] == [NOTE, ANSWER]
    assert len(arrived) == 3


async def test_a_host_that_does_not_read_blocks_nothing_else_and_then_gets_every_line_whole(wire: Wire) -> None:
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wire.writer.run)
            await wire.writer.send(LARGE)
            # The event loop is free although the line does not go through.
            await anyio.lowlevel.checkpoint()
            tasks.start_soon(wire.writer.send, ANSWER)
            read = await to_thread.run_sync(lambda: [wire.host.readline() for _ in range(2)], abandon_on_cancel=True)
            await wire.writer.aclose()
    assert [SessionMessage(jsonrpc_message_adapter.validate_json(line)) for line in read] == [LARGE, ANSWER]


async def test_a_refusal_that_comes_after_the_end_is_dropped(wire: Wire) -> None:
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wire.reader.run)
            await wire.reader.messages.receive()
            await wire.writer.aclose()
            tasks.start_soon(wire.writer.write_refusals)
            await wire.writer.run()
            tasks.cancel_scope.cancel()
    wire.writer._stdout.close()
    assert wire.lines() == []


async def test_what_is_stuck_is_dropped_and_so_is_what_follows(wire: Wire) -> None:
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wire.writer.send, NOTE)
            await anyio.wait_all_tasks_blocked()
            wire.writer.give_up()
        await wire.writer.send(ANSWER)
        await wire.writer.aclose()
        await wire.writer.run()
    wire.writer._stdout.close()
    assert wire.lines() == []


async def test_a_host_that_reads_is_not_given_up(wire: Wire) -> None:
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wire.writer.run)
            wire.writer.give_up()
            await wire.writer.send(ANSWER)
            await wire.writer.aclose()
    wire.writer._stdout.close()
    assert wire.lines() == [ANSWER]


async def test_a_host_that_has_closed_its_end_stops_the_reading_and_is_sent_nothing_more(wire: Wire) -> None:
    wire.host.close()
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wire.writer.run)
            tasks.start_soon(wire.writer.write_refusals)
            await wire.writer.send(NOTE)
            await wire.writer.send(ANSWER)
            await wire.reader.run()
            await wire.writer.aclose()


async def test_a_file_takes_every_line(tmp_path: Path, wire: Wire) -> None:
    path = tmp_path / "answers"
    with path.open("wb") as stdout, anyio.fail_after(60):
        writer = StdoutWriter(stdout, wire.reader, Redactor(()))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(writer.run)
            async with writer:
                await writer.send(NOTE)
                await writer.send(ANSWER)
    assert len(path.read_bytes().splitlines()) == 2
