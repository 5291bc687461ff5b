"""The API client: calls any operation, with what may be retried and what may not.

A read is repeated on a passing failure. A change is repeated only where its request
provably never left; any other failure of it is told as unknown and left to the caller.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import anyio
from pydantic import SecretStr

from .account import GET_BALANCE
from .classify import judge, read_date, read_retry_after
from .decoding import MalformedAnswerError
from .errors import (
    AnswerLate,
    AnswerUnreadable,
    ApiError,
    CannotConnect,
    Closed,
    ConnectTooSlow,
    NoCredentials,
    Refused,
    ServerFailed,
    Throttled,
    TooBusy,
)
from .operation import A, Operation, Q, request_body
from .rate_limit import RecipientRate
from .send_progress import OnSent, SendProgress, unwatched
from .timeouts import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    import httpx

    from .http import Network

T = TypeVar("T")

SHORTEST_SECRET: Final = 4
"""Bytes of a key or hash from which on it is taken out of an answer; shorter ones are parts of common words."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's key and hash; neither shows in a repr."""

    key: SecretStr
    hash: SecretStr


class ApiClient:
    """Speaks for one account to one address. Enter it to close its connections at the end.

    Every method raises :class:`.ApiError`: :class:`.NoCredentials` where `credentials` is None, and
    whatever else of that tree happened. Every call ends within ``limits.call_seconds``.

    `transport` makes what takes the place of the network. `clock` tells the date that a ``Retry-After`` is
    measured from, `jitter` a number from 0 to 1, and `sleep` waits between two attempts.
    """

    def __init__(
        self,
        *,
        base_url: str,
        credentials: Credentials | None,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        limits: Limits = DEFAULT_LIMITS,
        rate: RecipientRate | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[object]] = anyio.sleep,
    ) -> None:
        self._base_url = base_url
        self._credentials = credentials
        self._transport = transport
        self._limits = limits
        self._rate = rate or RecipientRate()
        self._clock = clock
        self._jitter = jitter
        self._sleep = sleep
        self._slots = anyio.Semaphore(limits.at_once, fast_acquire=True)
        self._opened: Network | None = None
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._closed = True
        if self._opened is not None:
            await self._opened.aclose()

    async def greet(self) -> datetime | None:
        """See that somebody answers at the base address, whatever it says, without handing it key and hash.

        Gives the time that it has, to the second, where its answer tells. Never raises :class:`.NoCredentials`.
        """

        async def exchange(network: Network, flight: SendProgress) -> datetime | None:
            return read_date((await network.greet(flight)).date)

        return await self._carry(GET_BALANCE, exchange)

    async def call(self, operation: Operation[Q, A], request: Q, *, on_sent: OnSent = unwatched) -> A:
        """Make one call of `operation` and return its answer.

        `on_sent` is called once, at the moment from which the provider may get the request.
        """
        if self._credentials is None:
            raise NoCredentials
        key, hash_ = self._credentials.key.get_secret_value(), self._credentials.hash.get_secret_value()
        body = request_body(key, hash_, operation.encode(request))

        async def exchange(network: Network, flight: SendProgress) -> A:
            reply = await network.post(operation, body, flight)
            cleaned = self._without_secrets(reply.body)
            response = judge(operation, reply.status, cleaned, read_retry_after(reply.retry_after, self._clock()))
            with suppress(MalformedAnswerError):
                return operation.decode(response, request)
            raise AnswerUnreadable(operation)

        try:
            return await self._carry(operation, exchange, on_sent=on_sent, rate_limited=operation.rate_limited(request))
        except Refused as refusal:
            if refusal.code in operation.answer_for_code:
                return operation.answer_for_code[refusal.code]
            raise

    async def _carry(
        self,
        operation: Operation[Any, Any],
        exchange: Callable[[Network, SendProgress], Awaitable[T]],
        *,
        on_sent: OnSent = unwatched,
        rate_limited: bool = False,
    ) -> T:
        """What `exchange` gives, within the time that a call has, and repeated where that cannot do harm."""
        failure: ApiError | None = None
        flight = SendProgress(on_sent)
        attempt = 0
        until = anyio.current_time() + self._limits.call_seconds
        with anyio.CancelScope(deadline=until):
            while True:
                attempt += 1
                try:
                    async with self._turn(rate_limited=rate_limited):
                        return await exchange(self._network(), flight)
                except ApiError as error:
                    failure = error
                    flight.restart()
                    pause = self._pause(error, operation, attempt, until)
                    if pause is None:
                        raise
                await self._sleep(pause)
        if flight.left:
            raise AnswerLate(operation)
        raise failure or (ConnectTooSlow() if flight.handed else TooBusy())

    def _network(self) -> Network:
        """The network, opened at the first call: that takes a tenth of a second, which a start can do without."""
        from .http import Network

        if self._closed:
            raise Closed
        if self._opened is None:
            self._opened = Network(self._base_url, self._limits, self._transport)
        return self._opened

    @asynccontextmanager
    async def _turn(self, *, rate_limited: bool) -> AsyncIterator[None]:
        """One of the slots, and with `rate_limited` a place in the rate, which is taken last so that it is used at once."""
        async with AsyncExitStack() as held:
            with anyio.move_on_after(self._limits.queue_seconds) as waiting:
                await held.enter_async_context(self._slots)
                if rate_limited:
                    await self._rate.wait()
            if waiting.cancelled_caught:
                raise TooBusy
            yield

    def _without_secrets(self, body: bytes) -> bytes:
        """`body` without key and hash: an upstream may echo them, and a field cut to its length would hold a part."""
        assert self._credentials is not None
        for secret in (self._credentials.key, self._credentials.hash):
            value = secret.get_secret_value().encode("utf-8", "surrogatepass")
            if len(value) >= SHORTEST_SECRET:
                body = body.replace(value, b"[hidden]")
        return body

    def _pause(self, error: ApiError, operation: Operation[Any, Any], attempt: int, until: float) -> float | None:
        """The seconds to wait before the next attempt; None where there is to be none."""
        repeatable = error.transient if not operation.changes else isinstance(error, CannotConnect) and error.transient
        if not repeatable or attempt >= self._limits.attempts:
            return None
        pause = self._jitter() * self._limits.backoff_seconds * 2 ** (attempt - 1)
        if isinstance(error, Throttled | ServerFailed) and error.retry_after is not None:
            pause = max(pause, error.retry_after)
        return pause if pause < until - anyio.current_time() else None
