"""A host that stays connected over many examples, called from tests that are not asynchronous."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal

from tests.hosting import Host, hosted

BOUND = 30.0
"""Seconds that one call may take."""


@dataclass(frozen=True, slots=True)
class Line:
    """`host`, from outside its event loop."""

    host: Host
    portal: BlockingPortal

    def call(self, tool: str, arguments: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Call a tool as :meth:`Host.call` does, within a bound."""

        async def bounded() -> dict[str, Any]:
            with anyio.fail_after(BOUND):
                return await self.host.call(tool, arguments, **more)

        return self.portal.call(bounded)


@contextmanager
def line(portal: BlockingPortal, *given: Any, **more: Any) -> Iterator[Line]:
    """Give a host connected as :func:`hosted` says, in `portal`'s event loop."""
    with _entered(portal, partial(hosted, *given, **more)) as host:
        yield Line(host, portal)


def portal() -> AbstractContextManager[BlockingPortal]:
    """Give an event loop in a thread of its own."""
    return start_blocking_portal()


@contextmanager
def _entered(portal: BlockingPortal, opening: Any) -> Iterator[Host]:
    async def make() -> Any:
        return opening()

    with portal.wrap_async_context_manager(portal.call(make)) as host:
        yield host
