"""The suite's resources beside the product's, whose handlers answer whatever is not of the suite."""

from __future__ import annotations

import json
import re
from typing import Any

import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext

from iletimerkezi_mcp.server.lifespan import LifespanState

from .tool import DRAWN

Context = ServerRequestContext[LifespanState]

TEXT, BINARY, WATCHED = "test://static-text", "test://static-binary", "test://watched-resource"


def add_resources(server: Server[LifespanState]) -> None:
    """Have `server` list, read and follow the suite's resources beside its own."""
    product = {name: _handler(server, name) for name in ("list", "templates/list", "read", "subscribe", "unsubscribe")}

    async def list_resources(context: Context, params: mcp_types.PaginatedRequestParams) -> Any:
        result = await product["list"](context, params)
        return result.model_copy(update={"resources": [*result.resources, *_RESOURCES]})

    async def list_templates(context: Context, params: mcp_types.PaginatedRequestParams) -> Any:
        result = await product["templates/list"](context, params)
        return result.model_copy(update={"resource_templates": [*result.resource_templates, _TEMPLATE]})

    async def read(context: Context, params: mcp_types.ReadResourceRequestParams) -> Any:
        contents = _contents(params.uri)
        if contents is None:
            return await product["read"](context, params)
        return mcp_types.ReadResourceResult(contents=[contents], ttl_ms=0, cache_scope="private")

    async def subscribe(context: Context, params: mcp_types.SubscribeRequestParams) -> Any:
        return mcp_types.EmptyResult() if params.uri == WATCHED else await product["subscribe"](context, params)

    async def unsubscribe(context: Context, params: mcp_types.UnsubscribeRequestParams) -> Any:
        return mcp_types.EmptyResult() if params.uri == WATCHED else await product["unsubscribe"](context, params)

    server.add_request_handler("resources/list", mcp_types.PaginatedRequestParams, list_resources)
    server.add_request_handler("resources/templates/list", mcp_types.PaginatedRequestParams, list_templates)
    server.add_request_handler("resources/read", mcp_types.ReadResourceRequestParams, read)
    server.add_request_handler("resources/subscribe", mcp_types.SubscribeRequestParams, subscribe)
    server.add_request_handler("resources/unsubscribe", mcp_types.UnsubscribeRequestParams, unsubscribe)


def _handler(server: Server[LifespanState], name: str) -> Any:
    entry = server.get_request_handler(f"resources/{name}")
    assert entry is not None
    return entry.handler


def _resource(uri: str, kind: str) -> mcp_types.Resource:
    return mcp_types.Resource(uri=uri, name=uri, description=f"The suite's resource at {uri}.", mime_type=kind)


_RESOURCES = (_resource(TEXT, "text/plain"), _resource(BINARY, "image/png"), _resource(WATCHED, "text/plain"))

_TEMPLATE = mcp_types.ResourceTemplate(
    uri_template="test://template/{id}/data",
    name="template",
    description="The suite's template.",
    mime_type="application/json",
)


def _contents(uri: str) -> mcp_types.TextResourceContents | mcp_types.BlobResourceContents | None:
    if uri == BINARY:
        return mcp_types.BlobResourceContents(uri=uri, mime_type="image/png", blob=DRAWN)
    if uri == TEXT:
        return _text(uri, "text/plain", "This is the content of the static text resource.")
    if uri == WATCHED:
        return _text(uri, "text/plain", "This is the content of the watched resource.")
    if match := re.fullmatch(r"test://template/([^/]+)/data", uri):
        data = {"id": match[1], "templateTest": True, "data": f"Data for ID: {match[1]}"}
        return _text(uri, "application/json", json.dumps(data))
    return None


def _text(uri: str, kind: str, text: str) -> mcp_types.TextResourceContents:
    return mcp_types.TextResourceContents(uri=uri, mime_type=kind, text=text)
