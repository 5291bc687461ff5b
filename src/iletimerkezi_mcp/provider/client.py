"""The API client: one call of an operation, repeated only if that can do no harm.

A read is repeated after a transient failure. A change is repeated only if its request was provably never sent; any other
failure of it is raised as unknown and is the caller's to handle.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import anyio
from anyio import current_time, sleep
from pydantic import SecretStr

from iletimerkezi_mcp.redaction import HIDDEN, SHORTEST_SECRET
from iletimerkezi_mcp.sms.clock import Clock, system_clock

from .account import GET_BALANCE
from .decoding import MalformedAnswerError, read_date, read_response, read_retry_after
from .errors import (
    AnswerLate,
    AnswerUnreadable,
    ApiError,
    CannotConnect,
    Closed,
    ConnectTooSlow,
    NoCredentials,
    Refused,
    TooBusy,
)
from .operation import A, Operation, Q, request_body
from .send_progress import OnSent, SendProgress
from .timeouts import DEFAULT_TIMEOUTS, Timeouts

if TYPE_CHECKING:
    import httpx

    from .http import Network

T = TypeVar("T")

SINGLE_SENDS_PER_SECOND: Final = 95
"""Sends a second in one process.

The provider takes 100 messages a second from an account, counted in recipients and meant for messages to one person;
bulk orders have their own limit (contract, section 2). The margin is for requests that bunch up on the way.
"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's key and hash; neither shows in a repr."""

    key: SecretStr
    hash: SecretStr


class SingleSendRate:
    """Lets at most `per_second` sends start in any rolling second, in the order in which they came."""

    def __init__(self, per_second: int = SINGLE_SENDS_PER_SECOND) -> None:
        self._per_second = per_second
        self._starts: deque[float] = deque(maxlen=per_second)
        self._turn = anyio.Lock(fast_acquire=True)

    async def wait(self) -> None:
        """Wait until one more send may start. A wait that is cancelled does not count as a start."""
        async with self._turn:
            if len(self._starts) == self._per_second and (pause := self._starts[0] + 1.0 - current_time()) > 0:
                await sleep(pause)
            self._starts.append(current_time())


DATE_SECONDS = 30.0
"""The longest time from a request to its answer, sleep included, after which the answer's date is still taken."""


class ApiClient:
    """A client of one account at one address. Enter it to close its connections at the end.

    Every method raises :class:`.ApiError`: :class:`.NoCredentials` if `credentials` is None, else the class of the
    failure. Every call ends within ``timeouts.call_seconds``.

    `transport` makes a replacement of the network. `clock` gives the date that a ``Retry-After`` is measured from,
    `uptime` seconds that no setting of the clock moves.
    `on_date` is called with the provider's time, to the second, as each answer shows it.
    """

    def __init__(
        self,
        *,
        base_url: str,
        credentials: Credentials | None,
        transport: Callable[[], httpx.AsyncBaseTransport] | None = None,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        rate: SingleSendRate | None = None,
        clock: Clock = system_clock,
        uptime: Callable[[], float] = time.monotonic,
        on_date: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._base_url = base_url
        self._credentials = credentials
        self._transport = transport
        self._timeouts = timeouts
        self._rate = rate or SingleSendRate()
        self._clock = clock
        self._uptime = uptime
        self._on_date = on_date
        self._last_date: tuple[datetime, float] | None = None
        self._slots = anyio.Semaphore(timeouts.at_once, fast_acquire=True)
        self._opened_network: Network | None = None
        self._closed = False

    @property
    def clock_difference(self) -> timedelta | None:
        """The provider's clock minus this machine's, also if this one was set since the last answer; None before it."""
        if self._last_date is None:
            return None
        date, uptime = self._last_date
        return date + timedelta(seconds=self._uptime() - uptime) - self._clock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._closed = True
        if self._opened_network is not None:
            await self._opened_network.aclose()

    async def greet(self) -> datetime | None:
        """Check that a server answers at the base address, whatever it answers, without sending key and hash.

        Return its time, to the second, if the answer holds it. Never raises :class:`.NoCredentials`.
        """

        async def exchange(network: Network, progress: SendProgress) -> datetime | None:
            return read_date((await network.greet(progress)).date)

        return await self._carry(GET_BALANCE, exchange)

    async def call(self, operation: Operation[Q, A], request: Q, *, on_sent: OnSent | None = None) -> A:
        """Call `operation` with `request` and return its answer.

        `on_sent` is called at each try, right before the provider may get the request; it may raise :class:`.NotSent`.
        """
        if self._credentials is None:
            raise NoCredentials
        key, hash_ = self._credentials.key.get_secret_value(), self._credentials.hash.get_secret_value()
        body = request_body(key, hash_, operation.encode(request))

        async def exchange(network: Network, progress: SendProgress) -> A:
            begun = self._uptime()
            answer = await network.post(operation, body, progress)
            # An answer that the machine slept over shows a time that has passed.
            if self._uptime() - begun < DATE_SECONDS and (date := read_date(answer.date)) is not None:
                self._last_date = date, self._uptime()
                self._on_date(date)
            retry_after = read_retry_after(answer.retry_after, self._clock())
            response = read_response(operation, answer.status, self._without_secrets(answer.body), retry_after)
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
        on_sent: OnSent | None = None,
        rate_limited: bool = False,
    ) -> T:
        """Return the result of `exchange`, within the time limit of a call, and repeat it if that can do no harm."""
        failure: ApiError | None = None
        progress = SendProgress(on_sent)
        until = current_time() + self._timeouts.call_seconds
        number = 0
        with anyio.CancelScope(deadline=until):
            while True:
                number += 1
                try:
                    async with self._turn(rate_limited=rate_limited):
                        return await exchange(self._network(), progress)
                except ApiError as error:
                    failure = error
                    progress.restart()
                    pause = self._pause(error, operation, number, until)
                    if pause is None:
                        raise
                await sleep(pause)
        if progress.is_sent:
            raise AnswerLate(operation)
        raise failure or (ConnectTooSlow() if progress.in_transport else TooBusy())

    def _network(self) -> Network:
        """Return the network. It is opened at the first call, for that takes a tenth of a second of a start."""
        from .http import Network

        if self._closed:
            raise Closed
        if self._opened_network is None:
            self._opened_network = Network(self._base_url, self._timeouts, self._transport)
        return self._opened_network

    @asynccontextmanager
    async def _turn(self, *, rate_limited: bool) -> AsyncIterator[None]:
        """Hold one of the slots and, with `rate_limited`, a place in the rate, taken last so that it is used at once."""
        async with AsyncExitStack() as stack:
            with anyio.move_on_after(self._timeouts.queue_seconds) as waiting:
                await stack.enter_async_context(self._slots)
                if rate_limited:
                    await self._rate.wait()
            if waiting.cancelled_caught:
                raise TooBusy
            yield

    def _without_secrets(self, body: bytes) -> bytes:
        """Replace key and hash in `body`: a server may echo them, and a field cut to its length would hold a part."""
        assert self._credentials is not None
        for secret in (self._credentials.key, self._credentials.hash):
            value = secret.get_secret_value().encode("utf-8", "surrogatepass")
            if len(value) >= SHORTEST_SECRET:
                body = body.replace(value, HIDDEN.encode())
        return body

    def _pause(self, error: ApiError, operation: Operation[Any, Any], number: int, until: float) -> float | None:
        """Return the seconds to wait after try `number` before the next one, None if there is to be none."""
        repeatable = error.transient and (isinstance(error, CannotConnect) or not operation.changes)
        if not repeatable or number >= self._timeouts.tries:
            return None
        pause = random.random() * self._timeouts.backoff_seconds * 2 ** (number - 1)  # noqa: S311 - no secret
        pause = max(pause, error.retry_after or 0.0)
        return pause if pause < until - current_time() else None
