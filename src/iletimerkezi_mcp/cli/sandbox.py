"""``sandbox``: serve the simulated provider over HTTP on loopback, for other clients."""

from __future__ import annotations

import argparse
import os
from functools import partial
from urllib.parse import urlsplit

import anyio
import httpx

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sandbox import http
from iletimerkezi_mcp.sandbox.factory import open_provider
from iletimerkezi_mcp.sandbox.push import push_reports
from iletimerkezi_mcp.settings import SettingsError, addresses, load_settings
from iletimerkezi_mcp.sms.clock import system_clock

from .streams import say
from .usage import Flags, UsageError

_READY = Text(
    "The sandbox answers at {address}; stop it with Ctrl-C.",
    "Deneme ortamı {address} adresinde; durdurmak için Ctrl-C.",
)

# The address is not repeated: it ends in a secret.
_PUSH = Text(
    "--push must be an address such as http://127.0.0.1:8000/delivery/SECRET.",
    "--push http://127.0.0.1:8000/delivery/GİZLİ-DEĞER gibi bir adres olmalı.",
)


def run(options: argparse.Namespace, flags: Flags) -> int:
    try:
        port = addresses.port(options.port)
    except SettingsError as error:
        raise UsageError(Text("--port {reason}.", "--port {reason}.").format(reason=error.reason)) from None
    if options.push is not None and not _is_address(options.push):
        raise UsageError(_PUSH)
    fields = (*options.command.settings, "sandbox")
    settings = load_settings(os.environ, {**flags, "sandbox": "1"}, only=fields)

    def ready(address: str) -> None:
        say(_READY.format(address=address), settings.language)

    with open_provider(settings, system_clock) as provider:
        pushing = partial(push_reports, provider, options.push, lambda text: say(text, settings.language))
        try:
            http.run(provider, port, ready, anyio.sleep_forever if options.push is None else pushing)
        except http.PortError as error:
            raise UsageError(error.reason) from error
    return 0


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        addresses.hostname(parts.hostname or "")
        httpx.URL(value)
        return parts.scheme in ("http", "https") and parts.port != 0
    except (ValueError, SettingsError, httpx.InvalidURL):
        return False
