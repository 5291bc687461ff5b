"""No proxy of this machine stands between the server and the faults."""

from tests.connections import no_proxy_around

__all__ = ["no_proxy_around"]
