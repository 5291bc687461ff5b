"""Builds the MCP server from the operator's settings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import mcp.types as mcp_types
from mcp import MCPError
from mcp.server import CacheHint, Server
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.confirmation.elicitation import Elicitation, InputNeededError
from iletimerkezi_mcp.confirmation.request_state import LedgerRequestState
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.clock import BootClock, boot_clock
from iletimerkezi_mcp.ledger.store import Ledger
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS, Timeouts
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock, system_clock
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from iletimerkezi_mcp.tools.registry import Registry

from . import handlers
from .account import ledger_folder
from .instructions import instructions
from .lifespan import Context, LifespanState, open_state
from .resources.policy import keeps_sessions
from .resources.reader import TABLE_LIFE

if TYPE_CHECKING:
    import httpx

NAME, TITLE = "iletimerkezi-mcp", "iletiMerkezi SMS"
GRACE_SECONDS = 0.5
"""The time that a change which has begun may still take when the server has to stop over stdio."""

logger = logging.getLogger(__name__)

_DEFECT = Text(
    "This server failed; nothing more is known. Tell the user; its log has the details.",
    "Bu sunucuda hata oluştu; başka bir şey bilinmiyor. Kullanıcıya söyleyin; ayrıntılar sunucunun günlüğünde.",
)


class McpServer(Server[LifespanState]):
    """The SDK's server, which would announce changes of lists to hosts of 2026-07-28; none of the lists changes here."""

    def get_capabilities(self, *arguments: Any, **options: Any) -> mcp_types.ServerCapabilities:
        """Return the capabilities, with no list that changes."""
        capabilities = super().get_capabilities(*arguments, **options)
        for capability in (capabilities.tools, capabilities.prompts, capabilities.resources):
            assert capability is not None
            capability.list_changed = False
        return capabilities


def build_server(
    settings: Settings,
    *,
    tools: Registry = REGISTRY,
    clock: Clock = system_clock,
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
    timeouts: Timeouts = DEFAULT_TIMEOUTS,
    uptime: BootClock = boot_clock,
    grace: Callable[[], float] = lambda: GRACE_SECONDS,
    on_sent: Sequence[OnSent] = (),
) -> McpServer:
    """Build the server for `settings`, ready to be run over any transport. Nothing is read or opened before it runs.

    `clock`, `uptime`, `transport` and `timeouts` are seams: the time, the network and how long it may take. In the sandbox
    the simulated provider takes the place of the network unless a `transport` is given. `grace`, called at the end, returns how many seconds a change that has begun may still take;
    `on_sent` is called when one has. `tools` are the tools, of which `settings` may leave out some.
    """
    registry = tools.offered(settings)
    ledger = Ledger(ledger_folder(settings), clock=clock, uptime=uptime)

    async def list_tools(_: Context, __: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=registry.specs)

    async def call_tool(
        context: Context, params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult | mcp_types.InputRequiredResult:
        token = get_access_token()
        caller = Caller(Elicitation(context, params), "" if token is None else token.client_id, _host(context))
        try:
            return await registry.call(params.name, params.arguments, context.lifespan_context.app, caller)
        except InputNeededError as needed:
            return needed.result
        except MCPError:
            raise
        except Exception:
            # The SDK would hand the words of a defect, and whatever they hold, to a host of the older era.
            logger.exception("%s failed unexpectedly", params.name)
            raise MCPError(mcp_types.INTERNAL_ERROR, _DEFECT.to(settings.language)) from None

    lists = CacheHint(ttl_ms=int(TABLE_LIFE / timedelta(milliseconds=1)))
    sessions = keeps_sessions(settings)
    server = McpServer(
        NAME,
        version=__version__,
        title=TITLE,
        instructions=instructions(settings),
        lifespan=lambda _: open_state(
            settings,
            ledger=ledger,
            clock=clock,
            transport=transport,
            timeouts=timeouts,
            tools=registry.names,
            grace=grace,
            on_sent=on_sent,
        ),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
        on_subscribe_resource=handlers.subscribe if sessions else None,
        on_unsubscribe_resource=handlers.unsubscribe if sessions else None,
        on_subscriptions_listen=handlers.listen if sessions else None,
        on_list_prompts=handlers.list_prompts,
        on_get_prompt=handlers.get_prompt,
        on_completion=handlers.complete,
        cache_hints={
            "prompts/list": lists,
            "resources/list": lists,
            "resources/read": CacheHint(),
            "resources/templates/list": lists,
        },
    )
    security = RequestStateSecurity(codec=LedgerRequestState(ledger))
    server.middleware.append(RequestStateBoundary(security, default_audience=NAME))
    return server


def _host(context: Context) -> str:
    """Return the host's name and version, as it declares them."""
    params = context.session.client_params
    return "" if params is None else f"{params.client_info.name} {params.client_info.version}"[:100]
