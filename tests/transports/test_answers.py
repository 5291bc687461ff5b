from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import anyio
import pytest
from anyio.streams.memory import MemoryObjectReceiveStream
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, JSONRPCNotification, JSONRPCResponse

from iletimerkezi_mcp.transports.answers import Answers
from iletimerkezi_mcp.transports.stdin import StdinReader

NOTE = SessionMessage(JSONRPCNotification(jsonrpc="2.0", method="notifications/progress"))
ANSWER = SessionMessage(JSONRPCResponse(jsonrpc="2.0", id=1, result={}))
CALL = b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n'


@pytest.fixture
async def intake() -> AsyncIterator[StdinReader]:
    reading, writing = os.pipe()
    os.write(writing, CALL + b"nonsense\n")
    os.close(writing)
    with os.fdopen(reading, "rb") as source:
        made = StdinReader(source, hold=3600)
        yield made
        for stream in (made.messages, made.refusals, made._taken, made._refused):
            stream.close()


@contextmanager
def _wire(intake: StdinReader, room: int = 9) -> Iterator[tuple[Answers, MemoryObjectReceiveStream[SessionMessage]]]:
    sending, host = anyio.create_memory_object_stream[SessionMessage](room)
    with sending, host:
        yield Answers(sending, intake), host


async def test_what_is_sent_arrives_and_with_every_answer_the_lines_may_end(intake: StdinReader) -> None:
    with _wire(intake) as (answers, host):
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(intake.run)
                tasks.start_soon(answers.refuse)
                async with answers:
                    await answers.send(NOTE)
                    await intake.messages.receive()
                    await answers.send(ANSWER)
                    with pytest.raises(anyio.EndOfStream):
                        await intake.messages.receive()
        arrived = [item.message async for item in host]
        assert NOTE.message in arrived
        assert ANSWER.message in arrived
        assert [type(item) for item in arrived].count(JSONRPCError) == 1


async def test_a_refusal_that_comes_after_the_end_goes_nowhere(intake: StdinReader) -> None:
    with _wire(intake) as (answers, host):
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(intake.run)
                async with answers:
                    await intake.messages.receive()
                await answers.refuse()
                tasks.cancel_scope.cancel()
        assert [item async for item in host] == []


async def test_what_is_stuck_is_dropped_and_so_is_what_follows(intake: StdinReader) -> None:
    with _wire(intake, room=0) as (answers, host):
        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(answers.send, NOTE)
                await anyio.wait_all_tasks_blocked()
                answers.give_up()
            await answers.send(ANSWER)
        assert answers.deaf
        await answers.aclose()
        assert [item async for item in host] == []


async def test_a_host_that_reads_is_not_given_up(intake: StdinReader) -> None:
    with _wire(intake) as (answers, host):
        answers.give_up()
        await answers.send(ANSWER)
        await answers.aclose()
        assert not answers.deaf
        assert [item async for item in host] == [ANSWER]
