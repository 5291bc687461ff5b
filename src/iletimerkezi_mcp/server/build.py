"""Builds the MCP server from the operator's settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import mcp.types as mcp_types
from mcp.server import CacheHint, Server, ServerRequestContext
from mcp.server.apps import EXTENSION_ID
from mcp.server.context import CallNext, HandlerResult
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.confirmation.elicitation import read_malformed_answers
from iletimerkezi_mcp.confirmation.request_state import LedgerRequestState
from iletimerkezi_mcp.ledger.clock import UptimeClock, uptime_clock
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.provider.timeouts import DEFAULT_TIMEOUTS, Timeouts
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock, system_clock
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from iletimerkezi_mcp.tools.registry import Registry

from . import handlers
from .approval_pages import Browser
from .icon import icons
from .instructions import instructions
from .ledger import ledger_account, ledger_folder
from .lifespan import LifespanState, open_state
from .resources.policy import keeps_sessions
from .resources.reader import TABLE_LIFE

if TYPE_CHECKING:
    import httpx

NAME, TITLE = "iletimerkezi-mcp", "iletiMerkezi SMS"
GRACE_SECONDS = 0.5
"""The time that a change which was sent may still take when the server has to stop over stdio."""

_LISTS = CacheHint(ttl_ms=int(TABLE_LIFE / timedelta(milliseconds=1)))
"""The lists do not change while the server runs."""


class McpServer(Server[LifespanState]):
    """The SDK's server without announcements of changed lists, which it would make from 2026-07-28 on: none changes.

    `ledger` is the one that its tools use, also for what comes to this process beside the protocol.
    """

    ledger: SqliteLedger

    @property
    def server_info_stamp(self) -> dict[str, Any]:
        """The identity in each answer since 2026-07-28, without the icons: a host has them from its first question."""
        return {name: value for name, value in super().server_info_stamp.items() if name != "icons"}

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
    uptime: UptimeClock = uptime_clock,
    grace: Callable[[], float] = lambda: GRACE_SECONDS,
    stopping: Callable[[], bool] = lambda: False,
    on_sent: Sequence[OnSent] = (),
    senders: tuple[tuple[str, ...], datetime] | None = None,
    browser: Browser | None = None,
) -> McpServer:
    """Build the server for `settings`, ready to run over any transport. It reads and opens nothing before it runs.

    `tools` are all that there are; the settings may leave some out. `transport` replaces the network, and in the sandbox
    the simulated provider. `grace` is called when the server stops and returns the seconds that a change which was sent
    may still take; once `stopping` returns True no further request of a change that takes several begins. `on_sent` is called each time that a change is sent. `senders` are the account's approved ones as they
    were read at a time before. `browser` is that of the person at this machine, if the server and its host are on it.
    """
    settings = replace(settings, page=browser is not None and "page" in settings.ways)
    registry = tools.offered(settings)
    account, key_file = ledger_account(settings), settings.state_key_file
    ledger = SqliteLedger(ledger_folder(settings), account, clock=clock, uptime=uptime, key_file=key_file)
    sessions = keeps_sessions(settings)
    server = McpServer(
        NAME,
        version=__version__,
        title=TITLE,
        icons=icons(),
        instructions=instructions(settings, tools),
        lifespan=lambda _: open_state(
            settings, registry, ledger, clock, uptime, transport, timeouts, grace, stopping, on_sent, senders, browser
        ),
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
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
            "prompts/list": _LISTS,
            "resources/list": _LISTS,
            "resources/read": CacheHint(),
            "resources/templates/list": _LISTS,
        },
    )
    server.ledger = ledger
    security = RequestStateSecurity(codec=LedgerRequestState(ledger))
    server.middleware += [
        RequestStateBoundary(security, default_audience=NAME),
        read_malformed_answers,
        announce,
    ]
    server.extensions[EXTENSION_ID] = {}
    return server


async def announce(ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
    """Announce cards and icons in the answer to a host's first question, as a middleware of the server.

    The SDK leaves extensions out of the answer to `initialize`, and hosts without that announcement show no card.
    """
    result = await call_next(ctx)
    if ctx.method == "initialize":
        assert isinstance(result, dict)
        result["capabilities"]["extensions"] = {EXTENSION_ID: {}}
    elif ctx.method == "server/discover":
        assert isinstance(result, dict)
        result["_meta"][mcp_types.SERVER_INFO_META_KEY]["icons"] = [
            icon.model_dump(by_alias=True, mode="json", exclude_none=True) for icon in icons()
        ]
    return result
