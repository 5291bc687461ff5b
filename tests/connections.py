"""The connections of this process, looked at from outside of whoever holds them."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path


def far_end(address: object) -> socket.socket:
    """A second handle on the socket of this process whose peer is at `address`; the caller closes it."""
    for name in Path("/dev/fd").iterdir():
        with suppress(OSError):
            found = socket.socket(fileno=os.dup(int(name.name)))
            with suppress(OSError):
                if found.getpeername() == address:
                    return found
            found.close()
    raise LookupError(address)
