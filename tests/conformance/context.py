"""The call that is being answered, for fixtures that need more of the protocol than the product's tools do."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext

from iletimerkezi_mcp.server.lifespan import LifespanState


@dataclass(frozen=True, slots=True)
class Called:
    """One `tools/call`: the request and its parameters, the state in them already opened."""

    context: ServerRequestContext[LifespanState]
    params: mcp_types.CallToolRequestParams


_CURRENT: ContextVar[Called] = ContextVar("call")


def remember_calls(server: Server[LifespanState]) -> None:
    """Have `server` note each call before its own handler answers it."""
    entry = server.get_request_handler("tools/call")
    assert entry is not None
    answer: Any = entry.handler

    async def call(context: ServerRequestContext[LifespanState], params: mcp_types.CallToolRequestParams) -> Any:
        _CURRENT.set(Called(context, params))
        return await answer(context, params)

    server.add_request_handler("tools/call", mcp_types.CallToolRequestParams, call)


def current() -> Called:
    """Return the call that is being answered."""
    return _CURRENT.get()
