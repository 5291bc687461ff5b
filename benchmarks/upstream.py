"""The provider's place on loopback, in a process of its own: it answers after a fixed time and counts what it took.

``python -m benchmarks.upstream SECONDS`` prints its origin. A POST is answered as the provider would answer that path;
GET answers with what was counted.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.request import urlopen

import uvicorn

from .wire import SEND_PATH, accepted, answers

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send


class Counting:
    """An ASGI application that keeps the digest of every order that it took."""

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._reads = answers()
        self._orders: Counter[bytes] = Counter()
        self._under_way = 0
        self._most_at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        digest = hashlib.sha256()
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            digest.update(message.get("body", b""))
            more = message.get("more_body", False)
        if scope["method"] == "GET":
            body = json.dumps(self._counted()).encode()
        else:
            self._under_way += 1
            self._most_at_once = max(self._most_at_once, self._under_way)
            if self._latency:
                await asyncio.sleep(self._latency)
            self._under_way -= 1
            body = self._ordered(digest.digest()) if scope["path"] == SEND_PATH else self._reads[scope["path"]]
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _ordered(self, digest: bytes) -> bytes:
        self._orders[digest] += 1
        return accepted({"order": {"id": str(400_000_000 + self._orders.total())}})

    def _counted(self) -> dict[str, int]:
        return {
            "orders": self._orders.total(),
            "different": len(self._orders),
            "most_at_once": self._most_at_once,
        }


class Upstream:
    """A running upstream: where it is, and what it has counted."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def counted(self) -> dict[str, int]:
        """Return the orders taken, how many of them differ, and the most requests that were open at once."""
        with urlopen(self.origin, timeout=10) as answer:
            counts: dict[str, int] = json.load(answer)
        return counts


@contextmanager
def upstream(latency: float = 0.0) -> Iterator[Upstream]:
    """Start a process that answers each request after `latency` seconds."""
    command = (sys.executable, "-m", "benchmarks.upstream", str(latency))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="ascii") as process:
        assert process.stdout is not None
        try:
            yield Upstream(process.stdout.readline().strip())
        finally:
            process.terminate()


def main() -> None:
    """Serve until terminated."""
    # Named TCP, for asyncio turns Nagle's algorithm off only on sockets that are; it would hold answers back for 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(
            Counting(float(sys.argv[1])), http="h11", ws="none", lifespan="off", log_config=None, access_log=False
        )
        asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))


if __name__ == "__main__":
    main()
