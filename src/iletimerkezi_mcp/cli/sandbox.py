"""``sandbox``: serve the simulated provider over HTTP on loopback, for other clients."""

from __future__ import annotations

import argparse
import os

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sandbox import http
from iletimerkezi_mcp.sandbox.factory import open_provider
from iletimerkezi_mcp.settings import SettingsError, addresses, load_settings
from iletimerkezi_mcp.sms.clock import system_clock

from .streams import say
from .usage import Flags, UsageError

_READY = Text(
    "The sandbox answers at {address}; stop it with Ctrl-C.",
    "Deneme ortamı {address} adresinde; durdurmak için Ctrl-C.",
)


def run(options: argparse.Namespace, flags: Flags) -> int:
    try:
        port = addresses.port(options.port)
    except SettingsError as error:
        raise UsageError(Text("--port {reason}.", "--port {reason}.").format(reason=error.reason)) from None
    fields = (*options.command.settings, "sandbox")
    settings = load_settings(os.environ, {**flags, "sandbox": "1"}, only=fields)

    def ready(address: str) -> None:
        say(_READY.format(address=address), settings.language)

    with open_provider(settings, system_clock) as provider:
        try:
            http.run(provider, port, ready)
        except http.PortError as error:
            raise UsageError(error.reason) from error
    return 0
