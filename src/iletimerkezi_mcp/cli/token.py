"""``token``: make a bearer token for the network and print it."""

from __future__ import annotations

import argparse

from .command import Command, Flags
from .streams import require_streams


def _run(_: argparse.Namespace, __: Flags) -> int:
    require_streams("stdout")
    from iletimerkezi_mcp.transports.tokens import fresh_token

    print(fresh_token())
    return 0


TOKEN = Command(name="token", help="Make a token for ILETIMERKEZI_HTTP_TOKEN and print it.", run=_run)
