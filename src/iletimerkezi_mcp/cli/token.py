"""``token``: make a bearer token for the network and print it."""

from __future__ import annotations

import argparse

from .command import Command, Flags
from .stderr import need


def _run(_: argparse.Namespace, __: Flags) -> int:
    need("stdout")
    from iletimerkezi_mcp.transports.tokens import fresh_token

    print(fresh_token())
    return 0


TOKEN = Command(name="token", help="make a token for ILETIMERKEZI_HTTP_TOKEN and print it", takes=(), run=_run)
