"""Sessions that follow resources, and what becomes of those that are gone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import anyio
import anyio.lowlevel
import mcp.types as mcp_types
import pytest
from mcp import MCPError
from mcp.server.session import ServerSession

from iletimerkezi_mcp.server.resources import legacy_subscribers as sessions
from iletimerkezi_mcp.server.resources.legacy_subscribers import Sessions

A, B = "iletimerkezi://balance", "iletimerkezi://policy"


@dataclass(eq=False)
class Connection:
    """A host's connection, seen from the server: what reaches it, and how it takes a ping."""

    client_params: object = field(default_factory=object)
    heard: list[str] = field(default_factory=list)
    pings: int = 0
    ping_error: MCPError | None = None
    stuck: bool = False

    async def send_resource_updated(self, uri: str) -> None:
        if self.stuck:
            await anyio.sleep_forever()
        self.heard.append(uri)

    async def send_ping(self) -> None:
        self.pings += 1
        if self.stuck:
            await anyio.sleep_forever()
        if self.ping_error is not None:
            raise self.ping_error

    @property
    def session(self) -> ServerSession:
        return cast("ServerSession", self)


@asynccontextmanager
async def serving() -> AsyncIterator[Sessions]:
    async with anyio.create_task_group() as tasks:
        yield Sessions(tasks, "en")
        tasks.cancel_scope.cancel()


async def test_each_session_has_its_own_set() -> None:
    first, second = Connection(), Connection()
    async with serving() as followers:
        followers.subscribe(first.session, A, networked=False)
        followers.subscribe(second.session, A, networked=False)
        followers.subscribe(second.session, B, networked=False)
        followers.unsubscribe(first.session, B)
        followers.tell(B)
        followers.unsubscribe(second.session, A)
        followers.tell(A)
        await anyio.wait_all_tasks_blocked()
        assert followers.uris() == {A, B}
        followers.unsubscribe(first.session, A)
        followers.unsubscribe(first.session, A)
        assert followers.uris() == {B}
    assert (first.heard, second.heard) == ([A], [B])


async def test_a_later_request_of_the_same_connection_is_the_same_session() -> None:
    first = Connection()
    later = Connection(client_params=first.client_params)
    async with serving() as followers:
        followers.subscribe(first.session, A, networked=True)
        followers.unsubscribe(later.session, A)
        assert followers.uris() == set()


@pytest.mark.parametrize(
    ("error", "stays"),
    [
        (None, True),
        (MCPError(mcp_types.METHOD_NOT_FOUND, "no ping here"), True),
        (MCPError(mcp_types.CONNECTION_CLOSED, "closed"), False),
    ],
)
async def test_a_session_that_is_gone_is_dropped(error: MCPError | None, stays: bool) -> None:
    connection = Connection(ping_error=error)
    async with serving() as followers:
        followers.subscribe(connection.session, A, networked=True)
        followers.check()
        followers.check()
        await anyio.wait_all_tasks_blocked()
        assert followers.networked == stays
    assert connection.pings == 1


async def test_the_only_connection_over_pipes_is_not_pinged() -> None:
    connection = Connection(stuck=True)
    async with serving() as followers:
        followers.subscribe(connection.session, A, networked=False)
        assert not followers.networked
        followers.check()
        await anyio.wait_all_tasks_blocked()
    assert connection.pings == 0


async def test_a_host_that_does_not_read_is_told_once_and_dropped_when_it_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "TELL_SECONDS", 0.01)
    slow, quick = Connection(stuck=True), Connection()
    async with serving() as followers:
        for connection in (slow, quick):
            followers.subscribe(connection.session, A, networked=True)
        followers.tell(A)
        followers.tell(A)
        followers.check()
        with anyio.fail_after(5):
            while slow.session in followers.following():
                await anyio.lowlevel.checkpoint()
    assert quick.heard == [A]
    assert quick.pings == 1
