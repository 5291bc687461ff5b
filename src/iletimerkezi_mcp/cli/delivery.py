"""``delivery``: take pushed reports into the ledger of the state folder, for servers that run on stdio."""

from __future__ import annotations

import argparse
import logging

import anyio

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.sqlite import PRUNE_SECONDS, SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.transports.http import delivering
from iletimerkezi_mcp.transports.shutdown import Shutdown
from iletimerkezi_mcp.transports.tokens import secret_digest

from .account_ledger import AccountLedger
from .streams import say
from .usage import FAILED, Flags, UsageError

logger = logging.getLogger(__name__)

_NO_SECRET = Text(
    "ILETIMERKEZI_DELIVERY_SECRET must be set; iletimerkezi-mcp token --delivery makes one.",
    "ILETIMERKEZI_DELIVERY_SECRET ayarlanmalı; iletimerkezi-mcp token --delivery bir tane üretir.",
)
_READY = Text(
    "Pushed reports are taken at {origin}/delivery/ and the value of ILETIMERKEZI_DELIVERY_SECRET, into {folder}.",
    "İletim bildirimleri {origin}/delivery/ ve ardından ILETIMERKEZI_DELIVERY_SECRET değeriyle alınıp {folder} klasörüne "
    "yazılıyor.",
)


def run(options: argparse.Namespace, flags: Flags) -> int:
    account = AccountLedger.of_command(options, flags, "delivery_secret")
    settings = account.settings
    if settings.delivery_secret is None:
        raise UsageError(_NO_SECRET)
    digest = secret_digest(settings.delivery_secret.get_secret_value())

    async def serve(ledger: SqliteLedger) -> None:
        # What is wrong with the ledger is better said now than to the provider.
        await ledger.prune()
        stop = Shutdown(0)
        async with anyio.create_task_group() as tasks:
            await tasks.start(stop.on_signals)
            tasks.start_soon(prune_hourly, ledger)
            async with delivering(ledger, digest, settings.http_host, settings.http_port) as origin:
                say(_READY.format(origin=origin, folder=str(account.folder)), settings.language)
                await stop.requested.wait()
            tasks.cancel_scope.cancel()

    code = 0
    try:
        account.use(serve)
    except LedgerUnavailableError as error:
        say(error.reason, settings.language)
        code = FAILED
    return code


async def prune_hourly(ledger: Ledger) -> None:
    """Delete what is too old to be kept, also while no report comes."""
    while True:
        await anyio.sleep(PRUNE_SECONDS)
        try:
            await ledger.prune()
        except LedgerUnavailableError as error:
            logger.warning("%s", error)
