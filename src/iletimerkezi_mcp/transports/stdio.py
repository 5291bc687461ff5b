"""Serving over stdio, and stopping promptly."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any, BinaryIO, cast

import anyio
from mcp.server import Server
from mcp.server.stdio import stdio_server

from iletimerkezi_mcp.language import Language

from .answers import Answers
from .intake import Intake

STUCK_SECONDS = 0.1
"""How long after the end of the lines an answer may wait for the host to read; after that the host does not."""

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
    intake = Intake(_claim_stdin(), language=language)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_stop_on_signal, intake)
        try:
            # The SDK reads its stdin line by line as it would a file, which is all that it asks of it.
            lines = cast("anyio.AsyncFile[str]", intake.lines)
            async with stdio_server(stdin=lines) as (incoming, outgoing):
                answers = Answers(outgoing, intake)
                tasks.start_soon(_listen, intake, answers)
                tasks.start_soon(answers.refuse)
                await server.run(incoming, answers, server.create_initialization_options())
        except* BrokenPipeError:
            """The host has closed its end of stdout and hears nothing more."""
        os._exit(0)


async def _listen(intake: Intake, answers: Answers) -> None:
    await intake.run()
    await anyio.sleep(STUCK_SECONDS)
    answers.give_up()
    await anyio.sleep(LAST_SECONDS)
    os._exit(0)


def _claim_stdin() -> BinaryIO:
    """The host's lines, from a descriptor that nothing else knows; file descriptor 0 is empty from now on.

    The SDK does the same with stdout, and with a stdin that is not handed to it. Neither is given back,
    for the process ends with its serving.
    """
    lines = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, sys.stdin.fileno())
    os.close(empty)
    return lines


async def _stop_on_signal(intake: Intake) -> None:
    if sys.platform == "win32":
        return
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        while True:
            await anext(signals)
            intake.stop()
