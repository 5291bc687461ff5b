"""The fault layer in process: what stands between the server's HTTP client and the sandbox's transport."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import httpx

from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from iletimerkezi_mcp.sandbox.provider import Provider

from .answer import Answer
from .fault import Altered, Fault, Instead


class Interposer:
    """Answers in the wire's place while there is a `fault`. `arrived` counts requests by their operation."""

    def __init__(self, provider: Provider) -> None:
        self.fault: Fault | None = None
        self.arrived: Counter[str] = Counter()
        self._provider = provider

    async def quiet(self) -> None:
        """Return at once: whatever comes is attended to before its call ends."""

    def __call__(self, request: httpx.Request) -> httpx.Response | None:
        self.arrived[request.url.path.removeprefix("/v1/").removesuffix("/json")] += 1
        match self.fault and self.fault.way:
            case Instead(answer):
                return _response(answer(request.content))
            case Altered(turn):
                reply = self._provider.answer(request.url.path, request.content)
                assert isinstance(reply, JsonAnswer)
                return _response(turn(request.content, Answer(reply.http_status, reply.content)))
            case None:
                return None
        raise AssertionError("What is done to a connection needs one.")


def _response(answer: Answer) -> httpx.Response:
    return httpx.Response(answer.status, headers=list(answer.headers), content=_streamed(answer))


async def _streamed(answer: Answer) -> AsyncIterator[bytes]:
    for chunk in answer.content():
        yield chunk
