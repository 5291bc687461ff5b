"""Builds the MCP server from the operator's settings."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from pydantic import SecretStr

from . import __version__
from .api.client import ApiClient, Credentials
from .api.limits import DEFAULT_LIMITS, Limits
from .approval.audit import AuditLog
from .approval.carry import Carrier
from .approval.gate import Caller, Gate
from .approval.matching import OrdersRead
from .approval.person import InputNeededError, McpPerson
from .approval.records import Records
from .approval.seal import LedgerSeal
from .approval.sightings import Sightings
from .instructions import instructions
from .ledger.folder import state_folder
from .ledger.moments import BootClock, boot_clock
from .ledger.store import Ledger
from .ledger.unavailable import LedgerUnavailableError
from .outgoing import Outgoing
from .settings import Settings, SettingsError
from .sms.times import Clock, system_clock
from .tools.call import App
from .tools.catalogue import all_tools

if TYPE_CHECKING:
    import httpx

NAME = "iletimerkezi-mcp"
GRACE_SECONDS = 0.5
"""How long a change that has begun may still take when the server is told to stop."""

Context = ServerRequestContext[App]


def build_server(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    uptime: BootClock = boot_clock,
) -> Server[App]:
    """The server for `settings`, ready to be run over any transport.

    `clock`, `uptime`, `transport` and `limits` are seams: the time, the network, and how long it may take. In the
    sandbox the simulated provider stands in for the network unless a `transport` is given. Nothing is read
    or opened before it runs.
    """
    registry = all_tools().offered(settings)
    ledger = Ledger(ledger_folder(settings), clock=clock, uptime=uptime)
    records = Records(ledger, _account(settings))

    @asynccontextmanager
    async def lifespan(_: Server[App]) -> AsyncIterator[App]:
        with _network(settings, clock, transport) as network:
            async with (
                ApiClient(
                    base_url=settings.api_url,
                    credentials=_credentials(settings),
                    transport=network,
                    limits=limits,
                    clock=clock,
                ) as client,
                anyio.create_task_group() as tasks,
            ):
                carrier = Carrier(tasks)
                outgoing = Outgoing(settings.secrets, mask_numbers=settings.mask_numbers)
                audit = AuditLog(settings.audit_log, Outgoing(settings.secrets).told)
                gate = Gate(settings, client, records, carrier, audit, clock)
                try:
                    yield App(settings, client, gate, records, Sightings(), OrdersRead(), outgoing, clock)
                finally:
                    await carrier.settle(GRACE_SECONDS)
                    ledger.close()

    async def list_tools(_: Context, __: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=registry.specs)

    async def call_tool(
        context: Context, params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult | mcp_types.InputRequiredResult:
        app = context.lifespan_context
        caller = Caller(McpPerson(context, params), host=_host(context))
        try:
            return await registry.call(params.name, params.arguments, app, caller)
        except InputNeededError as needed:
            return needed.result

    life: Callable[[Server[App]], AbstractAsyncContextManager[App]] = lifespan
    server = Server(
        NAME,
        version=__version__,
        title="iletiMerkezi SMS",
        instructions=instructions(settings),
        lifespan=life,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    security = RequestStateSecurity(codec=LedgerSeal(ledger))
    server.middleware.append(RequestStateBoundary(security, default_audience=NAME))
    return server


def ledger_folder(settings: Settings) -> Path | None:
    """Where the ledger is kept: the sandbox's beside its world, or in memory with it; else the state folder."""
    if settings.sandbox:
        return None if settings.state_dir is None else settings.state_dir / "sandbox"
    if settings.state_dir is not None:
        return settings.state_dir
    try:
        return state_folder(os.environ, sys.platform)
    except LedgerUnavailableError:
        raise SettingsError("ILETIMERKEZI_STATE_DIR must be set, for this user has no home folder.") from None


def _account(settings: Settings) -> tuple[str, ...]:
    """What the ledger's entries belong to: the key, the base address, sandbox or live."""
    key = settings.api_key.get_secret_value() if settings.api_key is not None else ""
    return (key, settings.api_url, "sandbox" if settings.sandbox else "live")


def _host(context: Context) -> str:
    """The host's name and version, as it gives them."""
    known = context.session.client_params
    return "" if known is None else f"{known.client_info.name} {known.client_info.version}"[:100]


def _credentials(settings: Settings) -> Credentials | None:
    if settings.api_key is not None and settings.api_hash is not None:
        return Credentials(settings.api_key, settings.api_hash)
    return Credentials(SecretStr("sandbox"), SecretStr("sandbox")) if settings.sandbox else None


@contextmanager
def _network(
    settings: Settings, clock: Clock, transport: Callable[[], httpx.AsyncBaseTransport] | None
) -> Iterator[Callable[[], httpx.AsyncBaseTransport] | None]:
    """What takes the place of the network, if anything; the sandbox's world is closed at the end."""
    if transport is not None or not settings.sandbox:
        yield transport
        return
    from .sandbox.opening import open_sandbox

    with open_sandbox(settings, clock) as opened:
        yield opened
