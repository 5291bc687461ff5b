"""Connections: the sockets of this process, seen from outside, and clients that wait long enough."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from .processes import BOUND


@pytest.fixture(autouse=True)
def no_proxy_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def http_client(**options: Any) -> httpx.AsyncClient:
    """Return a client that neither a proxy of this machine nor a busy machine gets in the way of."""
    return httpx.AsyncClient(trust_env=False, timeout=BOUND, **options)


def far_end(address: object) -> socket.socket:
    """Return a second handle on the socket of this process whose peer is at `address`; the caller closes it."""
    for name in Path("/dev/fd").iterdir():
        with suppress(OSError):
            found = socket.socket(fileno=os.dup(int(name.name)))
            with suppress(OSError):
                if found.getpeername() == address:
                    return found
            found.close()
    raise LookupError(address)
