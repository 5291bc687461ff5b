"""The protocol's methods on resources."""

from __future__ import annotations

from datetime import timedelta

import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.server.lifespan import LifespanState
from iletimerkezi_mcp.server.transport_info import TransportInfo

from . import catalogue, uris
from .reader import TABLE_LIFE

Context = ServerRequestContext[LifespanState]

LIST_LIFE_MS = int(TABLE_LIFE / timedelta(milliseconds=1))
"""How long a host may keep a list of resources or prompts."""


def add_resources(server: Server[LifespanState], language: Language, transport_info: TransportInfo) -> None:
    """Have `server` list, read and, unless it keeps no sessions, follow resources."""

    async def list_resources(_: Context, __: mcp_types.PaginatedRequestParams) -> mcp_types.ListResourcesResult:
        return mcp_types.ListResourcesResult(resources=catalogue.resources(language))

    async def list_templates(_: Context, __: mcp_types.PaginatedRequestParams) -> mcp_types.ListResourceTemplatesResult:
        return mcp_types.ListResourceTemplatesResult(resource_templates=catalogue.templates(language))

    async def read(context: Context, params: mcp_types.ReadResourceRequestParams) -> mcp_types.ReadResourceResult:
        return await context.lifespan_context.reader.read(params.uri)

    async def subscribe(context: Context, params: mcp_types.SubscribeRequestParams) -> mcp_types.EmptyResult:
        _must_exist(params.uri, context)
        context.lifespan_context.subscriptions.subscribe(context.session, params.uri)
        return mcp_types.EmptyResult()

    async def unsubscribe(context: Context, params: mcp_types.UnsubscribeRequestParams) -> mcp_types.EmptyResult:
        _must_exist(params.uri, context)
        context.lifespan_context.subscriptions.unsubscribe(context.session, params.uri)
        return mcp_types.EmptyResult()

    async def listen(
        context: Context, params: mcp_types.SubscriptionsListenRequestParams
    ) -> mcp_types.SubscriptionsListenResult:
        return await context.lifespan_context.subscriptions.listen(context, params)

    server.add_request_handler("resources/list", mcp_types.PaginatedRequestParams, list_resources)
    server.add_request_handler("resources/templates/list", mcp_types.PaginatedRequestParams, list_templates)
    server.add_request_handler("resources/read", mcp_types.ReadResourceRequestParams, read)
    if not transport_info.stateless:
        server.add_request_handler("resources/subscribe", mcp_types.SubscribeRequestParams, subscribe)
        server.add_request_handler("resources/unsubscribe", mcp_types.UnsubscribeRequestParams, unsubscribe)
        server.add_request_handler("subscriptions/listen", mcp_types.SubscriptionsListenRequestParams, listen)


def _must_exist(uri: str, context: Context) -> None:
    if not uris.exists(uri):
        app = context.lifespan_context.app
        raise catalogue.not_found(app.redactor.redact(uri), app.settings.language)
