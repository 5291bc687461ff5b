"""``sandbox``: serve the simulated provider over HTTP on loopback, for other clients."""

from __future__ import annotations

import argparse
import os

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import LARGEST_PORT, load_settings

from .command import Command, Flags, UsageError
from .streams import say

_SETTINGS = ("sender", "brand_code", "character_mode", "abroad", "language", "state_dir")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", default="8186", help="The port to listen at (default 8186; 0 takes a free one).")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST_PORT:
        raise UsageError(
            Text(
                "--port must be a whole number from 0 to {largest}.",
                "--port 0 ile {largest} arasında bir tam sayı olmalı.",
            ).format(largest=str(LARGEST_PORT))
        )
    return int(text)


def _run(options: argparse.Namespace, flags: Flags) -> int:
    port = _port(options.port)
    settings = load_settings(os.environ, {**flags, "sandbox": "1"}, only=(*_SETTINGS, "sandbox"))
    from iletimerkezi_mcp.sandbox.factory import open_provider
    from iletimerkezi_mcp.sandbox.http import PortError, run
    from iletimerkezi_mcp.sms.clock import system_clock

    def ready(address: str) -> None:
        say(
            Text(
                "The sandbox answers at {address}; stop it with Ctrl-C.",
                "Deneme ortamı {address} adresinde; durdurmak için Ctrl-C.",
            ).format(address=address),
            settings.language,
        )

    with open_provider(settings, system_clock) as provider:
        try:
            run(provider, port, ready)
        except PortError as error:
            raise UsageError(error.reason) from error
    return 0


SANDBOX = Command(
    name="sandbox",
    help="Serve the simulated provider over HTTP on loopback, for other clients.",
    settings=_SETTINGS,
    arguments=_arguments,
    run=_run,
)
