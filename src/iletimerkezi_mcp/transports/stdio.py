"""Serving over stdio, and stopping promptly."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing
from typing import Any, BinaryIO

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream
from mcp.server import Server
from mcp.shared.message import SessionMessage

from iletimerkezi_mcp.language import Language

from .answers import Answers
from .stdin import StdinReader
from .stdout import StdoutWriter

STUCK_SECONDS = 0.1
"""How long after the end of the lines an answer may wait for the host to read; after that the host does not."""

PIPE_BYTES = 64 * 1024
"""What a pipe holds on most systems, and so the most that one read of it gives."""

LAST_SECONDS = 0.5
"""How long the clean-up may take then. With the intake's hold and the above it is 0.9 seconds."""


async def serve_stdio(server: Server[Any], language: Language) -> None:
    """Serve on stdin and stdout until stdin closes or SIGINT or SIGTERM arrives, then leave the process.

    `language` is what a line that cannot be read is answered in.
    Both ends are one: no more lines, a moment for the calls that are open, the server's own clean-up, and
    ``os._exit(0)``. Waiting for the threads would not do: one may look a name up for ten seconds, one
    be blocked on a stdout that the host does not read, one on a stdin that it does not close. For the
    same reason the process leaves before the clean-up is through where that takes too long.
    """
    intake = StdinReader(_claim_stdin(), language=language)
    stdout = _claim_stdout()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, intake)
        try:
            async with anyio.create_task_group() as writing:
                redactor, said = anyio.create_memory_object_stream[SessionMessage]()
                writing.start_soon(_write, said, stdout)
                answers = Answers(redactor, intake)
                tasks.start_soon(_listen, intake, answers)
                tasks.start_soon(answers.refuse)
                await server.run(intake.messages, answers, server.create_initialization_options())
        except* BrokenPipeError:
            """The host has closed its end of stdout and hears nothing more."""
        os._exit(0)


async def _listen(intake: StdinReader, answers: Answers) -> None:
    await intake.run()
    await anyio.sleep(STUCK_SECONDS)
    answers.give_up()
    await anyio.sleep(LAST_SECONDS)
    os._exit(0)


async def _write(messages: MemoryObjectReceiveStream[SessionMessage], stdout: BinaryIO) -> None:
    """Write `messages` as they come."""
    async with messages:
        with closing(StdoutWriter(stdout)) as outlet:
            async for item in messages:
                await outlet.write(item.message.model_dump_json(by_alias=True, exclude_unset=True).encode() + b"\n")


def _claim_stdin() -> BinaryIO:
    """The host's lines, from a descriptor that nothing else knows; file descriptor 0 is empty from now on.

    It is not given back, nor is stdout, for the process ends with its transport_info. A call to 50,000 recipients is
    a line of more than a megabyte, hence the buffer.
    """
    lines = os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=PIPE_BYTES)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, sys.stdin.fileno())
    os.close(empty)
    return lines


def _claim_stdout() -> BinaryIO:
    """Where the host reads, on a descriptor that nothing else knows; what is printed goes to stderr from now on."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Where stderr was closed before the start, its number may be anybody's by now.
    elsewhere = os.open(os.devnull, os.O_WRONLY) if sys.stderr is None else os.dup(2)
    os.dup2(elsewhere, sys.stdout.fileno())
    os.close(elsewhere)
    return answers


async def _stop_on_signal(intake: StdinReader) -> None:
    if sys.platform == "win32":
        return
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        while True:
            await anext(signals)
            intake.stop()
