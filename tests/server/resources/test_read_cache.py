"""Reads that are shared."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import anyio
import pytest

from iletimerkezi_mcp.provider.errors import NoCredentials
from iletimerkezi_mcp.server.resources.read_cache import FAILURE_LIFE, KEPT, Answered, Document, ReadCache
from tests.hosting import Hands

LIFE = timedelta(seconds=30)


@dataclass
class Source:
    """A read that counts its calls and answers when it is let."""

    calls: int = 0
    cancelled: int = 0
    open: anyio.Event = field(default_factory=anyio.Event)
    error: Exception | None = None

    async def __call__(self) -> Document:
        self.calls += 1
        number = self.calls
        try:
            await self.open.wait()
        except anyio.get_cancelled_exc_class():
            self.cancelled += 1
            raise
        if self.error is not None:
            raise self.error
        return {"number": number}


@asynccontextmanager
async def reading(source: Source, *, answers: bool = True) -> AsyncIterator[tuple[ReadCache, Hands]]:
    if answers:
        source.open.set()
    clock = Hands()
    async with anyio.create_task_group() as tasks:
        yield ReadCache(tasks, clock), clock
        tasks.cancel_scope.cancel()


async def test_a_read_is_told_again_for_its_life_and_then_made_anew() -> None:
    source = Source()
    async with reading(source) as (live, clock):
        first = await live.read("a", LIFE, source)
        clock.advance(seconds=29)
        again = await live.read("a", LIFE, source)
        clock.advance(seconds=1)
        anew = await live.read("a", LIFE, source)
    assert first == Answered({"number": 1}, LIFE)
    assert again == Answered({"number": 1}, timedelta(seconds=1))
    assert anew == Answered({"number": 2}, LIFE)


async def test_a_clock_that_is_set_back_keeps_nothing_alive() -> None:
    source = Source()
    async with reading(source) as (live, clock):
        await live.read("a", LIFE, source)
        clock.jump(hours=-1)
        assert (await live.read("a", LIFE, source)).document == {"number": 2}


async def test_all_who_ask_at_once_share_one_read() -> None:
    source, answers = Source(), []
    async with reading(source, answers=False) as (live, _):

        async def ask() -> None:
            answers.append((await live.read("a", LIFE, source)).document)

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(ask)
            await anyio.wait_all_tasks_blocked()
            source.open.set()
    assert answers == [{"number": 1}] * 5


async def test_one_who_leaves_takes_nothing_from_the_others_and_the_last_one_ends_the_read() -> None:
    source = Source()
    async with reading(source, answers=False) as (live, _):
        async with anyio.create_task_group() as tasks:
            scopes = [anyio.CancelScope(), anyio.CancelScope()]

            async def ask(scope: anyio.CancelScope) -> None:
                with scope:
                    await live.read("a", LIFE, source)

            for scope in scopes:
                tasks.start_soon(ask, scope)
            await anyio.wait_all_tasks_blocked()
            scopes[0].cancel()
            await anyio.wait_all_tasks_blocked()
            assert source.cancelled == 0
            scopes[1].cancel()
            await anyio.wait_all_tasks_blocked()
            assert source.cancelled == 1
        source.open.set()
        assert (await live.read("a", LIFE, source)).document == {"number": 2}


async def test_a_failure_is_told_again_for_a_few_seconds_only() -> None:
    source = Source(error=NoCredentials())
    async with reading(source) as (live, clock):
        for _ in range(2):
            with pytest.raises(NoCredentials):
                await live.read("a", LIFE, source)
        assert source.calls == 1
        clock.advance(seconds=FAILURE_LIFE.total_seconds())
        source.error = None
        assert (await live.read("a", LIFE, source)).document == {"number": 2}


async def test_a_defect_reaches_the_one_who_asked_and_is_not_kept() -> None:
    source = Source(error=LookupError("a defect"))
    async with reading(source) as (live, _):
        for _ in range(2):
            with pytest.raises(LookupError):
                await live.read("a", LIFE, source)
    assert source.calls == 2


async def test_what_is_forgotten_is_read_anew_even_while_a_read_is_under_way() -> None:
    source, first = Source(), []
    async with reading(source, answers=False) as (live, _):

        async def ask() -> None:
            first.append((await live.read("a", LIFE, source)).document)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask)
            await anyio.wait_all_tasks_blocked()
            live.forget("a")
            source.open.set()
        assert first == [{"number": 1}]
        assert (await live.read("a", LIFE, source)).document == {"number": 2}
        live.forget("a")
        assert (await live.read("a", LIFE, source)).document == {"number": 3}


async def test_of_many_answers_those_used_last_are_kept() -> None:
    source = Source()
    async with reading(source) as (live, _):
        for number in range(KEPT):
            await live.read(str(number), LIFE, source)
        await live.read("0", LIFE, source)
        await live.read("one more", LIFE, source)
        assert source.calls == KEPT + 1
        await live.read("0", LIFE, source)
        assert source.calls == KEPT + 1
        await live.read("1", LIFE, source)
        assert source.calls == KEPT + 2
