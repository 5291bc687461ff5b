"""The protocol's methods on prompts and completion."""

from __future__ import annotations

from collections.abc import Collection

import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.server.lifespan import LifespanState

from .catalogue import Catalogue
from .completion import completion

Context = ServerRequestContext[LifespanState]


def add_prompts(server: Server[LifespanState], language: Language, tools: Collection[str]) -> None:
    """Have `server` list and write prompts, and complete arguments. `tools` are the names of those offered."""
    catalogue = Catalogue(tools, language)

    async def list_prompts(_: Context, __: mcp_types.PaginatedRequestParams) -> mcp_types.ListPromptsResult:
        return mcp_types.ListPromptsResult(prompts=catalogue.specs())

    async def get_prompt(context: Context, params: mcp_types.GetPromptRequestParams) -> mcp_types.GetPromptResult:
        return await catalogue.write(params.name, params.arguments or {}, context.lifespan_context)

    async def complete(context: Context, params: mcp_types.CompleteRequestParams) -> mcp_types.CompleteResult:
        return mcp_types.CompleteResult(completion=await completion(params, catalogue, context.lifespan_context))

    server.add_request_handler("prompts/list", mcp_types.PaginatedRequestParams, list_prompts)
    server.add_request_handler("prompts/get", mcp_types.GetPromptRequestParams, get_prompt)
    server.add_request_handler("completion/complete", mcp_types.CompleteRequestParams, complete)
