"""The simulated provider in place of the network, as a transport for :mod:`httpx`."""

from __future__ import annotations

import anyio
import httpx

from .answers import ConnectionLoss, HtmlPage, Silence
from .provider import Provider


class SandboxTransport(httpx.AsyncBaseTransport):
    """Hands every request to `provider`, whatever host it names.

    A lost answer is :class:`httpx.ReadError`. Silence lasts the request's own read timeout and is then
    :class:`httpx.ReadTimeout`; without a timeout it lasts until the request is cancelled.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request`."""
        answer = self._provider.answer(request.url.path, await request.aread(), method=request.method)
        match answer:
            case ConnectionLoss():
                raise httpx.ReadError("The connection ended before an answer came.", request=request)
            case Silence():
                seconds = request.extensions.get("timeout", {}).get("read")
                await (anyio.sleep_forever() if seconds is None else anyio.sleep(seconds))
                raise httpx.ReadTimeout("No answer came in time.", request=request)
            case HtmlPage():
                headers = [("Content-Type", "text/html; charset=UTF-8")]
                return httpx.Response(200, headers=headers, content=answer.content, request=request)
            case _:
                headers = [("Content-Type", "application/json"), *answer.headers]
                return httpx.Response(answer.http_status, headers=headers, content=answer.content, request=request)
