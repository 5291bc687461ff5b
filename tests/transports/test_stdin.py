from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCRequest, jsonrpc_message_adapter
from pydantic import ValidationError

from iletimerkezi_mcp.transports.stdin import StdinReader, parsed

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
    """Makes what is closed at the end."""
    with ExitStack() as closing:

        def make(source: BinaryIO, *, hold: float, **more: Any) -> StdinReader:
            intake = StdinReader(source, hold=hold, **more)
            for stream in (intake.messages, intake.refusals, intake._taken, intake._refused):
                closing.callback(stream.close)
            return intake

        yield make


async def _messages(intake: StdinReader) -> list[SessionMessage | Exception]:
    return [message async for message in intake.messages]


async def test_messages_and_answers_to_anything_else_come_apart(pipe: Pipe, made: Callable[..., StdinReader]) -> None:
    intake = made(pipe.source, hold=0)
    pipe.say(CALL, b"\n", b"  \r\n", b"nonsense\n", CALL.replace(b"1,", b"2,"))
    pipe.close()
    with anyio.fail_after(20):
        await intake.run()
        messages = await _messages(intake)
        refused = [refusal async for refusal in intake.refusals]
    assert messages == [SessionMessage(JSONRPCRequest(jsonrpc="2.0", id=id_, method="tools/list")) for id_ in (1, 2)]
    assert [refusal.id for refusal in refused] == [None]


async def test_without_an_open_call_the_end_is_not_held_back(pipe: Pipe, made: Callable[..., StdinReader]) -> None:
    intake = made(pipe.source, hold=LONG)
    pipe.say(CALL, CANCEL, NOTE, REPLY)
    pipe.close()
    with anyio.fail_after(20):
        await intake.run()
        assert len(await _messages(intake)) == 4


async def test_the_end_is_held_back_until_every_call_and_every_bad_line_is_answered(
    pipe: Pipe, made: Callable[..., StdinReader]
) -> None:
    intake = made(pipe.source, hold=LONG)
    pipe.say(CALL, b"nonsense\n")
    pipe.close()
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(intake.run)
            await intake.messages.receive()
            await intake.refusals.receive()
            intake.answered(1)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(anyio.WouldBlock):
                intake.messages.receive_nowait()
            intake.refusal_answered()
            with pytest.raises(anyio.EndOfStream):
                await intake.messages.receive()


async def test_a_call_that_is_never_answered_holds_the_end_back_for_a_moment_only(
    pipe: Pipe, made: Callable[..., StdinReader]
) -> None:
    intake = made(pipe.source, hold=0.01)
    pipe.say(CALL)
    pipe.close()
    with anyio.fail_after(20):
        await intake.run()


async def test_stopped_it_reads_no_further_though_its_source_stays_open(
    pipe: Pipe, made: Callable[..., StdinReader]
) -> None:
    intake = made(pipe.source, hold=0)
    pipe.say(CALL)
    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(intake.run)
            await intake.messages.receive()
            intake.stop()
            with pytest.raises(anyio.EndOfStream):
                await intake.messages.receive()
    # The thread that reads is left behind in its read; a line lets it go.
    pipe.say(CALL)


@pytest.mark.parametrize("stopped", [False, True])
async def test_a_file_is_in_no_hurry_until_a_signal_comes(
    tmp_path: Path, stopped: bool, made: Callable[..., StdinReader]
) -> None:
    (tmp_path / "calls").write_bytes(CALL)
    with (tmp_path / "calls").open("rb") as source, anyio.fail_after(20):
        intake = made(source, hold=0, file_hold=LONG)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(intake.run)
            await intake.messages.receive()
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(anyio.WouldBlock):
                intake.messages.receive_nowait()
            if stopped:
                intake.stop()
            else:
                intake.answered(1)
            with pytest.raises(anyio.EndOfStream):
                await intake.messages.receive()


_VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 1.0, 1.5, 10**30, float("nan"), "", "1", "m", "2.0", [], [1], {}, {"a": [{}]}, {"method": 1}]
) | st.fixed_dictionaries({"code": st.sampled_from([1, 1.0, "1"]), "message": st.sampled_from(["m", 1])})
_FRAMES = st.dictionaries(
    st.sampled_from(["jsonrpc", "id", "method", "params", "result", "error", "request_id", "more"]), _VALUES
) | st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0")},
    optional={"id": _VALUES, "method": _VALUES, "params": _VALUES, "result": _VALUES, "error": _VALUES},
)


@given(_FRAMES.map(lambda frame: json.dumps(frame).encode()) | st.binary(max_size=20))
def test_a_line_holds_what_the_sdk_reads_in_it_or_fails_as_it_does_there(line: bytes) -> None:
    assert _told(parsed, line) == _told(lambda one: jsonrpc_message_adapter.validate_json(one, by_name=False), line)


def _told(read: Callable[[bytes], Any], line: bytes) -> object:
    """The message or the error; as text, for no number equals NaN."""
    try:
        message = read(line)
    except ValidationError as error:
        return str(error)
    return type(message), repr(message), message.model_fields_set
