"""Reads that are remembered for a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import anyio
import pytest

from iletimerkezi_mcp.provider.errors import NoCredentials
from iletimerkezi_mcp.server.resources.read_cache import FAILURE_LIFE, MAX_ENTRIES, CachedDocument, Document, ReadCache
from tests.hosting import ManualClock

LIFE = timedelta(seconds=30)


@dataclass
class Source:
    """A read that counts its calls and answers when it is let."""

    calls: int = 0
    open: anyio.Event = field(default_factory=anyio.Event)
    error: Exception | None = None

    async def __call__(self) -> Document:
        self.calls += 1
        number = self.calls
        await self.open.wait()
        if self.error is not None:
            raise self.error
        return {"number": number}


def reading(source: Source, *, answers: bool = True) -> tuple[ReadCache, ManualClock]:
    if answers:
        source.open.set()
    clock = ManualClock()
    return ReadCache(clock), clock


async def test_a_read_is_repeated_from_memory_for_its_life_and_then_made_anew() -> None:
    source = Source()
    cache, clock = reading(source)
    first = await cache.read("a", LIFE, source)
    clock.advance(seconds=29)
    again = await cache.read("a", LIFE, source)
    clock.advance(seconds=1)
    anew = await cache.read("a", LIFE, source)
    assert first == CachedDocument({"number": 1}, LIFE)
    assert again == CachedDocument({"number": 1}, timedelta(seconds=1))
    assert anew == CachedDocument({"number": 2}, LIFE)


async def test_a_clock_that_is_set_back_keeps_nothing_alive() -> None:
    source = Source()
    cache, clock = reading(source)
    await cache.read("a", LIFE, source)
    clock.jump(hours=-1)
    assert (await cache.read("a", LIFE, source)).document == {"number": 2}


async def test_all_who_ask_at_once_share_one_read() -> None:
    source, answers = Source(), []
    cache, _ = reading(source, answers=False)

    async def ask() -> None:
        answers.append((await cache.read("a", LIFE, source)).document)

    async with anyio.create_task_group() as tasks:
        for _ in range(5):
            tasks.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        source.open.set()
    assert answers == [{"number": 1}] * 5


async def test_one_who_leaves_takes_nothing_from_the_others() -> None:
    source, documents = Source(), []
    cache, _ = reading(source, answers=False)
    async with anyio.create_task_group() as tasks:
        scopes = [anyio.CancelScope(), anyio.CancelScope()]

        async def ask(scope: anyio.CancelScope) -> None:
            with scope:
                documents.append((await cache.read("a", LIFE, source)).document)

        for scope in scopes:
            tasks.start_soon(ask, scope)
        await anyio.wait_all_tasks_blocked()
        scopes[0].cancel()
        await anyio.wait_all_tasks_blocked()
        source.open.set()
    assert documents == [{"number": 2}]


async def test_a_failure_is_repeated_for_a_few_seconds_only() -> None:
    source = Source(error=NoCredentials())
    cache, clock = reading(source)
    for _ in range(2):
        with pytest.raises(NoCredentials):
            await cache.read("a", LIFE, source)
    assert source.calls == 1
    clock.advance(seconds=FAILURE_LIFE.total_seconds())
    source.error = None
    assert (await cache.read("a", LIFE, source)).document == {"number": 2}


async def test_a_defect_reaches_the_one_who_asked_and_is_not_kept() -> None:
    source = Source(error=LookupError("a defect"))
    cache, _ = reading(source)
    for _ in range(2):
        with pytest.raises(LookupError):
            await cache.read("a", LIFE, source)
    assert source.calls == 2


async def test_what_is_forgotten_is_read_anew_even_while_a_read_is_under_way() -> None:
    source, first = Source(), []
    cache, _ = reading(source, answers=False)

    async def ask() -> None:
        first.append((await cache.read("a", LIFE, source)).document)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        await anyio.wait_all_tasks_blocked()
        cache.forget("a")
        source.open.set()
    assert first == [{"number": 1}]
    assert (await cache.read("a", LIFE, source)).document == {"number": 2}
    cache.forget("a")
    assert (await cache.read("a", LIFE, source)).document == {"number": 3}


async def test_of_many_answers_those_used_last_are_kept() -> None:
    source = Source()
    cache, _ = reading(source)
    for number in range(MAX_ENTRIES):
        await cache.read(str(number), LIFE, source)
    await cache.read("0", LIFE, source)
    await cache.read("one more", LIFE, source)
    assert source.calls == MAX_ENTRIES + 1
    await cache.read("0", LIFE, source)
    assert source.calls == MAX_ENTRIES + 1
    await cache.read("1", LIFE, source)
    assert source.calls == MAX_ENTRIES + 2
