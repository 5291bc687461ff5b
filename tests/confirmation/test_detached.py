"""A change is followed to its end, whatever becomes of the caller."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import pytest

from iletimerkezi_mcp.confirmation.detached import DetachedRunner, ServerStoppedError


async def test_the_result_comes_back() -> None:
    async def work(begun: Callable[[], None]) -> int:
        begun()
        return 7

    async with anyio.create_task_group() as tasks:
        assert await DetachedRunner(tasks).run(work) == 7


async def test_what_the_work_raises_comes_back() -> None:
    async def work(begun: Callable[[], None]) -> int:
        raise ValueError("no")

    async with anyio.create_task_group() as tasks:
        with pytest.raises(ValueError, match="no"):
            await DetachedRunner(tasks).run(work)


@pytest.mark.parametrize("begins", [True, False])
async def test_a_cancelled_caller_stops_only_what_has_not_begun(begins: bool) -> None:
    started, go, ended = anyio.Event(), anyio.Event(), anyio.Event()
    finished: list[bool] = []

    async def work(begun: Callable[[], None]) -> None:
        try:
            if begins:
                begun()
            started.set()
            await go.wait()
            finished.append(True)
        finally:
            ended.set()

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            runner = DetachedRunner(tasks)
            async with anyio.create_task_group() as caller:
                caller.start_soon(runner.run, work)
                await started.wait()
                caller.cancel_scope.cancel()
            assert ended.is_set() is not begins
            go.set()
            await ended.wait()
    assert finished == ([True] if begins else [])


async def test_at_the_servers_end_what_has_begun_gets_its_grace() -> None:
    begun_work, go = anyio.Event(), anyio.Event()
    finished: list[str] = []

    async def quick(begun: Callable[[], None]) -> None:
        begun()
        begun_work.set()
        await go.wait()
        finished.append("quick")

    with anyio.fail_after(60):
        async with anyio.create_task_group() as tasks:
            runner = DetachedRunner(tasks)
            async with anyio.create_task_group() as caller:
                caller.start_soon(runner.run, quick)
                await begun_work.wait()
                caller.cancel_scope.cancel()
            async with anyio.create_task_group() as ending:
                ending.start_soon(runner.finish, 60)
                go.set()
    assert finished == ["quick"]


async def test_what_outlasts_the_grace_is_stopped_and_reported_as_such() -> None:
    started = anyio.Event()
    told: list[str] = []

    async def endless(begun: Callable[[], None]) -> None:
        begun()
        started.set()
        await anyio.sleep_forever()

    async def call(runner: DetachedRunner) -> None:
        try:
            await runner.run(endless)
        except ServerStoppedError:
            told.append("stopped")

    with anyio.fail_after(60):
        async with anyio.create_task_group() as callers, anyio.create_task_group() as tasks:
            runner = DetachedRunner(tasks)
            callers.start_soon(call, runner)
            await started.wait()
            await runner.finish(0)
    assert told == ["stopped"]


@pytest.mark.parametrize("begins", [True, False])
async def test_when_the_servers_tasks_are_cancelled_only_what_has_begun_gets_its_grace(begins: bool) -> None:
    started, go = anyio.Event(), anyio.Event()
    finished: list[bool] = []

    async def work(begun: Callable[[], None]) -> None:
        if begins:
            begun()
        started.set()
        await go.wait()
        finished.append(True)

    with anyio.fail_after(60):
        async with anyio.create_task_group() as server, anyio.create_task_group() as tasks:
            runner = DetachedRunner(tasks)
            server.start_soon(runner.run, work)
            await started.wait()
            server.cancel_scope.cancel()
            try:
                await anyio.sleep_forever()
            finally:
                go.set()
                await runner.finish(60)
    assert finished == ([True] if begins else [])


async def test_it_stops_once_that_is_asked_for_or_the_server_ends() -> None:
    asked: list[bool] = []
    async with anyio.create_task_group() as tasks:
        runner = DetachedRunner(tasks, lambda: bool(asked))
        assert not runner.is_stopping
        asked.append(True)
        assert runner.is_stopping
        ending = DetachedRunner(tasks)
        assert not ending.is_stopping
        await ending.finish(0)
        assert ending.is_stopping
