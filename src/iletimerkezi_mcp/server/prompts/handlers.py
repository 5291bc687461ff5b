"""The protocol's methods on prompts and completion."""

from __future__ import annotations

import mcp.types as mcp_types
from mcp.server import ServerRequestContext

from iletimerkezi_mcp.server.lifespan import LifespanState

from .completion import completion

Context = ServerRequestContext[LifespanState]


async def list_prompts(context: Context, _: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListPromptsResult:
    """Answer `prompts/list`."""
    return mcp_types.ListPromptsResult(prompts=context.lifespan_context.prompts.specs())


async def get_prompt(context: Context, params: mcp_types.GetPromptRequestParams) -> mcp_types.GetPromptResult:
    """Answer `prompts/get`."""
    state = context.lifespan_context
    return await state.prompts.write(params.name, params.arguments or {}, state.app, state.reader)


async def complete(context: Context, params: mcp_types.CompleteRequestParams) -> mcp_types.CompleteResult:
    """Answer `completion/complete`."""
    state = context.lifespan_context
    return mcp_types.CompleteResult(completion=await completion(params, state.prompts, state.app, state.reader))
