"""No proxy of this machine is between a client and the servers of the tests."""

from __future__ import annotations

from tests.connections import no_proxy_around

__all__ = ["no_proxy_around"]
