"""A load balancer for tests: each request goes to the next worker, on a connection of its own."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import anyio
from anyio.abc import SocketAttribute, SocketStream
from anyio.streams.buffered import BufferedByteReceiveStream

LARGEST = 1 << 24


@asynccontextmanager
async def balanced(workers: Sequence[str]) -> AsyncIterator[str]:
    """Balance `workers`, addresses with one path, while the block runs, and give the address of all."""
    turns = itertools.cycle(workers)

    async def serve(client: SocketStream) -> None:
        heard = BufferedByteReceiveStream(client)
        with suppress(anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError, anyio.ClosedResourceError):
            async with client:
                head = await heard.receive_until(b"\r\n\r\n", LARGEST)
                lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
                length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
                body = await heard.receive_exactly(length) if length else b""
                parts = urlsplit(next(turns))
                async with await anyio.connect_tcp(parts.hostname or "", parts.port or 80) as worker:
                    await worker.send(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
                    async for part in worker:
                        await client.send(part)

    [listener] = (await anyio.create_tcp_listener(local_host="127.0.0.1")).listeners
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, serve)
        port = listener.extra(SocketAttribute.local_port)
        yield f"http://127.0.0.1:{port}{urlsplit(workers[0]).path}"
        tasks.cancel_scope.cancel()
