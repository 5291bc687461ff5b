"""``token``: make a bearer token for the network and print it."""

from __future__ import annotations

import argparse

from iletimerkezi_mcp.transports.tokens import fresh_token

from .streams import require_streams
from .usage import Flags


def run(_: argparse.Namespace, __: Flags) -> int:
    require_streams("stdout")
    print(fresh_token())
    return 0
