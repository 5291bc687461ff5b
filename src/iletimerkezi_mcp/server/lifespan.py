"""The lifespan of a running server: what is opened when it starts, at hand for each request, and closed at its end."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import anyio
from mcp.server import ServerRequestContext

from iletimerkezi_mcp.confirmation.audit import AuditWriter
from iletimerkezi_mcp.confirmation.confirmation import Confirmation
from iletimerkezi_mcp.confirmation.detached import DetachedRunner
from iletimerkezi_mcp.confirmation.recent_reads import RecentReads
from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.ledger.clock import UptimeClock
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.lists.do_not_contact import DoNotContact
from iletimerkezi_mcp.provider.send_progress import OnSent
from iletimerkezi_mcp.provider.timeouts import Timeouts
from iletimerkezi_mcp.redaction import Redactor
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import Clock
from iletimerkezi_mcp.tools.context import ServerContext
from iletimerkezi_mcp.tools.registry import Registry

from .approval_pages import Browser, BrowserPages
from .client import open_client
from .prompts.catalogue import OfferedPrompts
from .resources.catalogue import order_uri
from .resources.read_cache import ReadCache
from .resources.reader import Reader
from .resources.subscriptions import Subscriptions
from .upkeep import ProviderTime, run_upkeep, watch_pushed

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class LifespanState:
    """The parts of a running server as the protocol's handlers use them; `context` is the tools' view of them.

    `run` names this run of the server.
    """

    registry: Registry
    context: ServerContext
    reader: Reader
    subscriptions: Subscriptions
    prompts: OfferedPrompts
    run: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def language(self) -> Language:
        return self.context.settings.language


RequestContext = ServerRequestContext[LifespanState]


@asynccontextmanager
async def open_state(
    settings: Settings,
    registry: Registry,
    ledger: Ledger,
    clock: Clock,
    uptime: UptimeClock,
    transport: Callable[[], httpx.AsyncBaseTransport] | None,
    timeouts: Timeouts,
    grace: Callable[[], float],
    stopping: Callable[[], bool],
    on_sent: Sequence[OnSent],
    senders: tuple[tuple[str, ...], datetime] | None,
    browser: Browser | None,
) -> AsyncIterator[LifespanState]:
    """Open the state of a server; the parameters are those of :func:`.build_server`.

    At the end, changes that were sent get the time of `grace`, and everything else is cancelled. The ledger is closed
    after all of them, for each writes its outcome.
    """
    with closing(ledger):
        async with (
            anyio.create_task_group() as tasks,
            open_client(
                settings, clock, transport, timeouts, ProviderTime(ledger, tasks, clock).record, uptime
            ) as client,
        ):
            runner = DetachedRunner(tasks, stopping)
            cache = ReadCache(clock)
            subscriptions = Subscriptions(tasks, cache, settings.language)
            audit = AuditWriter(settings, ledger, clock)
            pages = BrowserPages(tasks, browser) if browser is not None and settings.page else None
            confirmation = Confirmation(
                settings,
                client,
                ledger,
                runner,
                tasks,
                audit,
                clock,
                uptime,
                on_settled=[subscriptions.publish_change],
                on_sent=on_sent,
                pages=pages,
            )
            if pages is not None:
                pages.answer = confirmation.approvals.answer
            recent_reads = RecentReads(lambda order_id: subscriptions.publish(order_uri(order_id)))
            if senders is not None:
                recent_reads.remember_senders(*senders)
            context = ServerContext(
                settings,
                client,
                confirmation,
                ledger,
                recent_reads,
                DoNotContact(settings.do_not_contact),
                Redactor(settings.secrets, mask_numbers=settings.mask_numbers),
                clock,
                uptime,
            )
            confirmation.approvals.plan = partial(registry.plan, context)
            reader = Reader(context, cache, registry.names)
            tasks.start_soon(run_upkeep, ledger, audit)
            tasks.start_soon(watch_pushed, ledger, subscriptions, clock)
            prompts = OfferedPrompts(context, reader, registry.names)
            try:
                yield LifespanState(registry, context, reader, subscriptions, prompts)
            finally:
                subscriptions.close()
                await runner.finish(grace())
                tasks.cancel_scope.cancel()
