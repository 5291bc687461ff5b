"""Builds the MCP server from the operator's settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import anyio
import mcp.types as mcp_types
from mcp.server import Server, ServerRequestContext
from pydantic import SecretStr

from . import __version__
from .api.client import ApiClient, Credentials
from .api.limits import DEFAULT_LIMITS, Limits
from .approval.carry import Carrier
from .approval.codes import Codes
from .approval.gate import Gate
from .language import Text
from .settings import Settings
from .sms.times import Clock, system_clock
from .tools.call import App
from .tools.catalogue import all_tools

if TYPE_CHECKING:
    import httpx

NAME = "iletimerkezi-mcp"
GRACE_SECONDS = 0.5
"""How long a change that has begun may still take when the server is told to stop."""

Context = ServerRequestContext[App]


def instructions(settings: Settings) -> str:
    """What a model is told before its first call."""
    mode = (
        Text(
            "SANDBOX: the provider is simulated. No message is real, nothing costs anything. Say so to the user.\n",
            "DENEME ORTAMI: sağlayıcı benzetimdir. Hiçbir ileti gerçek değil, hiçbir şey ücretli değil. Bunu "
            "kullanıcıya söyleyin.\n",
        )
        if settings.sandbox
        else Text(
            "LIVE: messages reach people and cost credits.\n", "CANLI: iletiler insanlara ulaşır, kredi harcar.\n"
        )
    )
    rest = Text(
        "Works one company's SMS account at iletiMerkezi (Turkey). "
        "send_sms, cancel_order, add_blacklist, delete_blacklist and iys_register do nothing on the first call: show "
        "the preview to the user word for word, and call again with its code only after they agree. "
        "outcome tells what happened: done is accepted, not delivered; unknown may have been done, so look before "
        "repeating. message_type is a legal statement; if unsure ask. Times are Istanbul's.",
        "Bir şirketin iletiMerkezi SMS hesabını kullanır. "
        "send_sms, cancel_order, add_blacklist, delete_blacklist ve iys_register ilk çağrıda hiçbir şey yapmaz: "
        "önizlemeyi kullanıcıya kelimesi kelimesine gösterin, kodla yalnızca onay verdikten sonra yeniden çağırın. "
        "outcome sonucu söyler: done kabul edildi demektir, iletildi demek değildir; unknown yapılmış olabilir "
        "demektir, yinelemeden önce bakın. message_type hukuki bir beyandır; emin değilseniz sorun. Saatler "
        "İstanbul saatidir.",
    )
    return (mode + rest).to(settings.language)


def build_server(
    settings: Settings,
    *,
    clock: Clock = system_clock,
    transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Server[App]:
    """The server for `settings`, ready to be run over any transport.

    `clock`, `transport` and `limits` are seams: the time, the network, and how long it may take. In the
    sandbox the simulated provider stands in for the network unless a `transport` is given. Nothing is read
    or opened before it runs.
    """
    registry = all_tools()

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
                try:
                    yield App(settings, client, Gate(settings, client, Codes(clock), carrier), clock)
                finally:
                    await carrier.settle(GRACE_SECONDS)

    async def list_tools(_: Context, __: mcp_types.PaginatedRequestParams | None) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=registry.specs)

    async def call_tool(context: Context, params: mcp_types.CallToolRequestParams) -> mcp_types.CallToolResult:
        return await registry.call(params.name, params.arguments, context.lifespan_context)

    life: Callable[[Server[App]], AbstractAsyncContextManager[App]] = lifespan
    return Server(
        NAME,
        version=__version__,
        title="iletiMerkezi SMS",
        instructions=instructions(settings),
        lifespan=life,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


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
