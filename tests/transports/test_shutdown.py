"""Being told to stop."""

from __future__ import annotations

import os
import signal
import sys

import anyio
import pytest

from iletimerkezi_mcp.transports.shutdown import MIN_SECONDS, Shutdown, stop_signals


def test_what_has_begun_always_gets_a_moment() -> None:
    stop = Shutdown(100)
    assert stop.seconds_left() == MIN_SECONDS


def test_asked_once_there_is_the_grace_asked_again_only_the_moment() -> None:
    stop = Shutdown(1_000)
    stop.request()
    assert 900 < stop.seconds_left() <= 1_000
    assert not stop.forced.is_set()
    stop.request()
    assert stop.forced.is_set()
    assert stop.seconds_left() == MIN_SECONDS


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("first", ["SIGTERM", "SIGHUP"])
async def test_signals_ask(first: str) -> None:
    stop = Shutdown(10)
    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            await tasks.start(stop.on_signals)
            os.kill(os.getpid(), getattr(signal, first))
            await stop.requested.wait()
            os.kill(os.getpid(), signal.SIGINT)
            await stop.forced.wait()
            tasks.cancel_scope.cancel()


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_hangup_that_the_process_was_started_to_ignore_does_not_ask() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert stop_signals() == (signal.SIGINT, signal.SIGTERM)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert signal.SIGHUP in stop_signals()
