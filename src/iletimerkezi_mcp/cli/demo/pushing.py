"""The reports that the simulated provider pushes during a demo, taken as ``iletimerkezi-mcp delivery`` takes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial

import anyio

from iletimerkezi_mcp.cli.streams import say
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.sandbox.factory import open_provider
from iletimerkezi_mcp.sandbox.push import push_reports
from iletimerkezi_mcp.server.ledger import ledger_account, ledger_folder
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.sms.clock import Clock, system_clock
from iletimerkezi_mcp.transports.delivery import PREFIX
from iletimerkezi_mcp.transports.http import delivering
from iletimerkezi_mcp.transports.tokens import fresh_token, secret_digest

_NO_PORT = Text(
    "Pushed reports cannot be shown: no port could be opened at 127.0.0.1 ({reason}).",
    "İletim bildirimleri gösterilemiyor: 127.0.0.1 adresinde bir port açılamadı ({reason}).",
)


@asynccontextmanager
async def pushing(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[Text | None]:
    """Push the reports of the sandbox that `settings` name into its ledger while the block runs.

    Give None, or the reason if no port can be opened for it. The server, which runs in a process of its own, finds the
    reports in the ledger that both share.
    """
    secret = fresh_token()
    ledger = SqliteLedger(ledger_folder(settings), ledger_account(settings), clock=clock)
    with closing(ledger), open_provider(settings, clock) as provider:
        try:
            async with (
                delivering(ledger, secret_digest(secret), "127.0.0.1", 0) as origin,
                anyio.create_task_group() as tasks,
            ):
                url = f"{origin}{PREFIX}{secret}"
                tasks.start_soon(push_reports, provider, url, partial(say, language=settings.language), clock)
                yield None
                tasks.cancel_scope.cancel()
        except SettingsError as error:
            yield _NO_PORT.format(reason=str(error.__cause__))
