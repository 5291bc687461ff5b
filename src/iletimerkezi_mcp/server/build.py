"""Builds the MCP server from the operator's settings."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import mcp.types as mcp_types
from mcp import MCPError
from mcp.server import NotificationOptions, Server, ServerRequestContext
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from pydantic import SecretStr

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.confirmation.attempt_log import AttemptLog
from iletimerkezi_mcp.confirmation.audit import AuditLog
from iletimerkezi_mcp.confirmation.confirmation import Caller, Confirmation, OnBegun
from iletimerkezi_mcp.confirmation.detached import DetachedRunner
from iletimerkezi_mcp.confirmation.elicitation import InputNeededError, McpPerson
from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.confirmation.reconciliation import OrdersRead
from iletimerkezi_mcp.confirmation.request_state import LedgerRequestState
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.clock import BootClock, boot_clock
from iletimerkezi_mcp.ledger.folder import state_folder
from iletimerkezi_mcp.ledger.store import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.client import ApiClient, Credentials
from iletimerkezi_mcp.provider.timeouts import DEFAULT_LIMITS, Limits
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.server.resources.read_cache import ReadCache
from iletimerkezi_mcp.server.resources.reading import Reader
from iletimerkezi_mcp.server.resources.subscriptions import Subscriptions
from iletimerkezi_mcp.server.resources.uris import order_uri
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.sms.times import Clock, system_clock
from iletimerkezi_mcp.tools.catalogue import all_tools
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.registry import Registry

from . import prompts, resources
from .instructions import instructions
from .lifespan import LifespanState
from .transport_info import STDIO, TransportInfo

if TYPE_CHECKING:
    import httpx

NAME, TITLE = "iletimerkezi-mcp", "iletiMerkezi SMS"
GRACE_SECONDS = 0.5
"""How long a change that has begun may still take when the server is told to stop over stdio."""

logger = logging.getLogger(__name__)

_DEFECT = Text(
    "This server failed; nothing more is known. Tell the user; its log has the details.",
    "Bu sunucuda hata oluştu; başka bir şey bilinmiyor. Kullanıcıya söyleyin; ayrıntılar günlüğünde.",
)

Context = ServerRequestContext[LifespanState]


class McpServer(Server[LifespanState]):
    """The SDK's server, which in its later era claims every kind of notification; none of the lists changes here."""

    def get_capabilities(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, Any]] | None = None,
        extensions: dict[str, dict[str, Any]] | None = None,
        *,
        protocol_version: str | None = None,
    ) -> mcp_types.ServerCapabilities:
        """Return what is offered, with no list that changes."""
        offered = super().get_capabilities(
            notification_options, experimental_capabilities, extensions, protocol_version=protocol_version
        )
        for listed in (offered.tools, offered.prompts, offered.resources):
            assert listed is not None
            listed.list_changed = False
        return offered


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server is built around: its tools, and who has it answer the methods on resources and on prompts.

    `prompts` is told the names of the tools that the operator offers.
    """

    tools: Registry
    resources: Callable[[Server[LifespanState], Settings, TransportInfo], None]
    prompts: Callable[[Server[LifespanState], Settings, Collection[str]], None]


PRODUCT = Offer(all_tools(), resources.register, prompts.register)


def build_server(
    settings: Settings,
    *,
    offer: Offer = PRODUCT,
    clock: Clock = system_clock,
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    uptime: BootClock = boot_clock,
    transport_info: TransportInfo = STDIO,
    grace: Callable[[], float] = lambda: GRACE_SECONDS,
    on_begun: Sequence[OnBegun] = (),
) -> McpServer:
    """The server for `settings`, ready to be run over any transport.

    `clock`, `uptime`, `transport` and `limits` are seams: the time, the network and how long it may take. In the sandbox the simulated provider stands in for the
    network unless a `transport` is given. `transport_info` is how the server will be reached. `grace`, asked at the end, is how
    many seconds a change that has begun may still take; `on_begun` is told when one has. `offer` is what it offers, of
    which `settings` may leave out tools. Nothing is read or opened before it runs.
    """
    registry = offer.tools.offered(settings)
    ledger = Ledger(ledger_folder(settings), clock=clock, uptime=uptime)
    records = AttemptLog(ledger, account_of(settings))

    @asynccontextmanager
    async def lifespan(_: Server[LifespanState]) -> AsyncIterator[LifespanState]:
        with network_for(settings, clock, transport) as network:
            async with (
                ApiClient(
                    base_url=settings.api_url,
                    credentials=credentials_of(settings),
                    transport=network,
                    limits=limits,
                    clock=clock,
                ) as client,
                anyio.create_task_group() as tasks,
            ):
                runner = DetachedRunner(tasks)
                redactor = Redactor(settings.secrets, mask_numbers=settings.mask_numbers)
                audit = AuditLog(settings.audit_log, Redactor(settings.secrets).told)
                cache = ReadCache(clock)
                subscriptions = Subscriptions(tasks, cache, settings.language)
                on_settled = [subscriptions.change_settled]
                confirmation = Confirmation(settings, client, records, runner, audit, clock, on_settled, on_begun)
                recent_reads = RecentReads(lambda order_id: subscriptions.publish(order_uri(order_id)))
                app = ServerContext(
                    settings, client, confirmation, records, recent_reads, OrdersRead(), redactor, clock
                )
                reader = Reader(app, cache, transport_info, registry.names)
                try:
                    yield LifespanState(app, reader, subscriptions)
                finally:
                    subscriptions.close()
                    await runner.settle(grace())
                    tasks.cancel_scope.cancel()
                    ledger.close()

    async def list_tools(_: Context, __: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=registry.listed)

    async def call_tool(
        context: Context, params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult | mcp_types.InputRequiredResult:
        app = context.lifespan_context.app
        caller = Caller(McpPerson(context, params), _principal(), _host(context))
        try:
            return await registry.call(params.name, params.arguments, app, caller)
        except InputNeededError as needed:
            return needed.result
        except MCPError:
            raise
        except Exception:
            # The SDK would hand the words of a defect, and whatever they hold, to a host of the older era.
            logger.exception("%s failed in a way that nobody foresaw", params.name)
            raise MCPError(mcp_types.INTERNAL_ERROR, _DEFECT.to(settings.language)) from None

    life: Callable[[Server[LifespanState]], AbstractAsyncContextManager[LifespanState]] = lifespan
    server = McpServer(
        NAME,
        version=__version__,
        title=TITLE,
        instructions=instructions(settings),
        lifespan=life,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    offer.resources(server, settings, transport_info)
    offer.prompts(server, settings, registry.names)
    security = RequestStateSecurity(codec=LedgerRequestState(ledger))
    server.middleware.append(RequestStateBoundary(security, default_audience=NAME))
    return server


def ledger_folder(settings: Settings) -> Path | None:
    """Where the ledger is kept: the sandbox's beside its world, or in memory with it; else the state folder."""
    if settings.sandbox:
        return None if settings.state_dir is None else settings.state_dir / "sandbox"
    return lasting_folder(settings)


def lasting_folder(settings: Settings) -> Path:
    """The state folder: the one that is set, else this user's own."""
    if settings.state_dir is not None:
        return settings.state_dir
    try:
        return state_folder(os.environ, sys.platform)
    except LedgerUnavailableError:
        raise SettingsError(
            Text(
                "ILETIMERKEZI_STATE_DIR must be set, for this user has no home folder.",
                "ILETIMERKEZI_STATE_DIR ayarlanmalı: bu kullanıcının ev klasörü yok.",
            )
        ) from None


def account_of(settings: Settings) -> tuple[str, ...]:
    """What the ledger's entries belong to: the key, the base address, sandbox or live."""
    key = settings.api_key.get_secret_value() if settings.api_key is not None else ""
    return (key, settings.api_url, "sandbox" if settings.sandbox else "live")


def _host(context: Context) -> str:
    """The host's name and version, as it gives them."""
    known = context.session.client_params
    return "" if known is None else f"{known.client_info.name} {known.client_info.version}"[:100]


def _principal() -> str:
    """The name of the token that the request came with; empty where none is demanded."""
    token = get_access_token()
    return "" if token is None else token.client_id


def credentials_of(settings: Settings) -> Credentials | None:
    """Key and hash; in the sandbox, where none are needed, any."""
    if settings.api_key is not None and settings.api_hash is not None:
        return Credentials(settings.api_key, settings.api_hash)
    return Credentials(SecretStr("sandbox"), SecretStr("sandbox")) if settings.sandbox else None


@contextmanager
def network_for(
    settings: Settings, clock: Clock, transport: Callable[[], httpx.AsyncBaseTransport] | None = None
) -> Iterator[Callable[[], httpx.AsyncBaseTransport] | None]:
    """What takes the place of the network, if anything; the sandbox's world is closed at the end."""
    if transport is not None or not settings.sandbox:
        yield transport
        return
    from iletimerkezi_mcp.sandbox.factory import open_sandbox

    with open_sandbox(settings, clock) as opened:
        yield opened
