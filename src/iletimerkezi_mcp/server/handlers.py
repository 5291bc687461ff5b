"""The protocol's methods on resources, prompts and completion."""

from __future__ import annotations

import mcp.types as mcp_types

from .lifespan import Context
from .prompts.completion import completion
from .resources import catalogue


async def list_resources(context: Context, _: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListResourcesResult:
    return mcp_types.ListResourcesResult(resources=catalogue.resources(context.lifespan_context.language))


async def list_templates(
    context: Context, _: mcp_types.PaginatedRequestParams | None
) -> mcp_types.ListResourceTemplatesResult:
    return mcp_types.ListResourceTemplatesResult(
        resource_templates=catalogue.templates(context.lifespan_context.language)
    )


async def read_resource(context: Context, params: mcp_types.ReadResourceRequestParams) -> mcp_types.ReadResourceResult:
    return await context.lifespan_context.reader.read(params.uri)


async def subscribe(context: Context, params: mcp_types.SubscribeRequestParams) -> mcp_types.EmptyResult:
    """Answer `resources/subscribe` of the 2025 era."""
    _must_exist(params.uri, context)
    context.lifespan_context.subscriptions.subscribe(context.session, params.uri)
    return mcp_types.EmptyResult()


async def unsubscribe(context: Context, params: mcp_types.UnsubscribeRequestParams) -> mcp_types.EmptyResult:
    """Answer `resources/unsubscribe` of the 2025 era."""
    _must_exist(params.uri, context)
    context.lifespan_context.subscriptions.unsubscribe(context.session, params.uri)
    return mcp_types.EmptyResult()


async def listen(
    context: Context, params: mcp_types.SubscriptionsListenRequestParams
) -> mcp_types.SubscriptionsListenResult:
    """Answer `subscriptions/listen`, which lasts until the host goes."""
    return await context.lifespan_context.subscriptions.listen(context, params)


async def list_prompts(context: Context, _: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListPromptsResult:
    return mcp_types.ListPromptsResult(prompts=context.lifespan_context.prompts.specs())


async def get_prompt(context: Context, params: mcp_types.GetPromptRequestParams) -> mcp_types.GetPromptResult:
    return await context.lifespan_context.prompts.write(params.name, params.arguments or {})


async def complete(context: Context, params: mcp_types.CompleteRequestParams) -> mcp_types.CompleteResult:
    return mcp_types.CompleteResult(completion=await completion(params, context.lifespan_context.prompts))


def _must_exist(uri: str, context: Context) -> None:
    state = context.lifespan_context
    if not catalogue.exists(uri):
        raise catalogue.not_found(state.app.redactor.redact(uri), state.language)
