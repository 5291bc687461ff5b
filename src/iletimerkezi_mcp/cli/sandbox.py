"""``sandbox``: serve the simulated provider over HTTP on loopback, for other clients."""

from __future__ import annotations

import argparse
import os

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.settings import LARGEST_PORT, load_settings

from .command import Command, Flags
from .errors import UsageError
from .stderr import say

_TAKES = ("sender", "brand_code", "character_mode", "abroad", "language", "state_dir")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8186, help="port (default 8186; 0 takes a free one)")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > LARGEST_PORT:
        raise ValueError
    return int(text)


def _run(options: argparse.Namespace, flags: Flags) -> int:
    settings = load_settings(os.environ, {**flags, "sandbox": "1"}, only=(*_TAKES, "sandbox"))
    from iletimerkezi_mcp.sandbox.factory import open_provider
    from iletimerkezi_mcp.sandbox.http import PortError, run
    from iletimerkezi_mcp.sms.times import system_clock

    def ready(address: str) -> None:
        say(
            Text(
                f"The sandbox answers at {address}; stop it with Ctrl-C.",
                f"Deneme ortamı {address} adresinde; durdurmak için Ctrl-C.",
            ),
            settings.language,
        )

    with open_provider(settings, system_clock) as provider:
        try:
            run(provider, "127.0.0.1", options.port, ready)
        except PortError as error:
            raise UsageError(error.reason) from error
    return 0


SANDBOX = Command(
    name="sandbox",
    help="serve the simulated provider over HTTP on loopback, for other clients",
    takes=_TAKES,
    arguments=_arguments,
    misuse={
        "--port": Text(
            f"--port must be a whole number from 0 to {LARGEST_PORT}.",
            f"--port 0 ile {LARGEST_PORT} arasında bir tam sayı olmalı.",
        )
    },
    run=_run,
)
