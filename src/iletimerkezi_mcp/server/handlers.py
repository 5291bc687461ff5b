"""The protocol's methods: tools, resources, prompts and completion."""

from __future__ import annotations

import logging

import mcp.types as mcp_types
from mcp import MCPError
from mcp.server.apps import client_supports_apps
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.connection import Connection
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.confirmation.elicitation import Elicitation, InputNeededError
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.escape import cut

from .cards.pages import read_card
from .lifespan import RequestContext
from .prompts.completion import completion
from .resources import catalogue

logger = logging.getLogger(__name__)

_SERVER_FAILED = Text(
    "This server failed; nothing more is known. Tell the user; its log has the details.",
    "Bu sunucuda hata oluştu; başka bir şey bilinmiyor. Kullanıcıya söyleyin; ayrıntılar sunucunun günlüğünde.",
    person=Text(
        "The program failed; nothing more is known. The details are above.",
        "Programda hata oluştu; başka bir şey bilinmiyor. Ayrıntılar yukarıda.",
    ),
)


async def list_tools(request: RequestContext, _: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListToolsResult:
    """Answer `tools/list`, from 2026-07-28 on alike for every host; before that, cards are for those that declare them."""
    registry = request.lifespan_context.registry
    with_cards = request.protocol_version in MODERN_PROTOCOL_VERSIONS or client_supports_apps(request)
    return mcp_types.ListToolsResult(tools=registry.specs_with_cards if with_cards else registry.specs)


async def call_tool(
    request: RequestContext, params: mcp_types.CallToolRequestParams
) -> mcp_types.CallToolResult | mcp_types.InputRequiredResult:
    """Answer `tools/call`. An unexpected error is logged; its message is not sent to the host."""
    state = request.lifespan_context
    try:
        return await state.registry.call(params.name, params.arguments, state.context, _caller(request, params))
    except InputNeededError as needed:
        return needed.result
    except MCPError:
        raise
    except Exception:
        # The SDK would send the error's message, which may hold personal data, to a host of the 2025 protocol.
        logger.exception("%s failed unexpectedly", params.name)
        raise MCPError(mcp_types.INTERNAL_ERROR, state.context.say(_SERVER_FAILED)) from None


async def list_resources(
    request: RequestContext, _: mcp_types.PaginatedRequestParams | None
) -> mcp_types.ListResourcesResult:
    return mcp_types.ListResourcesResult(resources=catalogue.resources(request.lifespan_context.language))


async def list_templates(
    request: RequestContext, _: mcp_types.PaginatedRequestParams | None
) -> mcp_types.ListResourceTemplatesResult:
    return mcp_types.ListResourceTemplatesResult(
        resource_templates=catalogue.templates(request.lifespan_context.language)
    )


async def read_resource(
    request: RequestContext, params: mcp_types.ReadResourceRequestParams
) -> mcp_types.ReadResourceResult:
    state = request.lifespan_context
    if (card := read_card(params.uri, state.language)) is not None:
        return card
    return await state.reader.read(params.uri, _caller(request, params))


async def subscribe(request: RequestContext, params: mcp_types.SubscribeRequestParams) -> mcp_types.EmptyResult:
    """Answer `resources/subscribe` of the 2025 protocol."""
    _check_exists(params.uri, request)
    request.lifespan_context.subscriptions.subscribe(_connection(request), params.uri, _principal())
    return mcp_types.EmptyResult()


async def unsubscribe(request: RequestContext, params: mcp_types.UnsubscribeRequestParams) -> mcp_types.EmptyResult:
    """Answer `resources/unsubscribe` of the 2025 protocol."""
    _check_exists(params.uri, request)
    request.lifespan_context.subscriptions.unsubscribe(_connection(request), params.uri)
    return mcp_types.EmptyResult()


async def listen(
    request: RequestContext, params: mcp_types.SubscriptionsListenRequestParams
) -> mcp_types.SubscriptionsListenResult:
    """Answer `subscriptions/listen`, which lasts until the host goes."""
    return await request.lifespan_context.subscriptions.listen(request, params)


async def list_prompts(
    request: RequestContext, _: mcp_types.PaginatedRequestParams | None
) -> mcp_types.ListPromptsResult:
    return mcp_types.ListPromptsResult(prompts=request.lifespan_context.prompts.specs())


async def get_prompt(request: RequestContext, params: mcp_types.GetPromptRequestParams) -> mcp_types.GetPromptResult:
    prompts, caller = request.lifespan_context.prompts, _caller(request, params)
    return await prompts.write(params.name, params.arguments or {}, caller)


async def complete(request: RequestContext, params: mcp_types.CompleteRequestParams) -> mcp_types.CompleteResult:
    return mcp_types.CompleteResult(completion=await completion(params, request.lifespan_context.prompts))


def _connection(request: RequestContext) -> Connection:
    """Return what lasts from request to request of a session; the SDK shows it to its own classes only."""
    return request.session._connection  # noqa: SLF001


def _caller(request: RequestContext, params: mcp_types.InputResponseRequestParams) -> Caller:
    return Caller(
        Elicitation(request, params),
        request.session.report_progress,
        request.lifespan_context.context.uptime().seconds,
        _principal(),
        _host(request),
        shows_cards=client_supports_apps(request),
        session=_session(request),
    )


def _principal() -> str:
    """Return the name of the request's token, "" without one."""
    token = get_access_token()
    return "" if token is None else token.client_id


def _host(request: RequestContext) -> str:
    """Return the host's name and version, as it declares them, without secrets."""
    params = request.session.client_params
    name = "" if params is None else f"{params.client_info.name} {params.client_info.version}"
    return cut(request.lifespan_context.context.redactor.text(name), 100)


def _session(request: RequestContext) -> str:
    """Return a name of the session that the request belongs to; the protocol of 2026 has none over HTTP, so it is the host's."""
    if request.request is None:
        return request.lifespan_context.run
    return str(request.request.headers.get("mcp-session-id") or _host(request))


def _check_exists(uri: str, request: RequestContext) -> None:
    state = request.lifespan_context
    if not catalogue.exists(uri):
        raise catalogue.not_found(state.context.redactor.redact(uri), state.language)
