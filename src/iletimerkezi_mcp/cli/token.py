"""``token``: make a secret for the network and print it.

One kind serves as a bearer token and in the path of pushed reports: 43 letters, digits, hyphens and underscores.
"""

from __future__ import annotations

import argparse

from iletimerkezi_mcp.transports.tokens import fresh_token

from .streams import require_streams
from .usage import Flags


def run(_: argparse.Namespace, __: Flags) -> int:
    require_streams("stdout")
    print(fresh_token())
    return 0
