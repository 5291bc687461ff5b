"""The API client: eleven operations, each one request, with what may be retried and what may not.

A read is repeated on a passing failure. A change is repeated only where its request
provably never left; any other failure of it is told as unknown and left to the caller.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

import anyio
from pydantic import SecretStr

from iletimerkezi_mcp.sms.numbers import PhoneNumber

from . import requests as wire
from . import responses as answers
from .classify import judge, read_date, read_retry_after
from .errors import (
    AcceptedUntracked,
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
from .operations import CHANGES, Operation
from .rate_limit import RecipientRate
from .send_progress import Begun, SendProgress, unwatched
from .timeouts import DEFAULT_LIMITS, Limits
from .types import (
    MAX_PAGE_SIZE,
    Balance,
    BlacklistPage,
    BrandCode,
    Channel,
    Consent,
    ConsentRecord,
    OrderId,
    OrderList,
    OrderReport,
    OutgoingOrder,
    RecipientType,
)

if TYPE_CHECKING:
    import httpx

    from .http import Network, Reply

T = TypeVar("T")

SHORTEST_SECRET: Final = 4
"""Bytes of a key or hash from which on it is taken out of an answer; shorter ones are parts of common words."""

NOT_VALIDATED: Final = 422
"""The code that, for a look-up in İYS, also stands for "no record" (contract, section 10.2)."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's key and hash; neither shows in a repr."""

    key: SecretStr
    hash: SecretStr


def _nothing(response: Mapping[str, Any]) -> None:
    """What is to be read of an answer that only has a code."""


def _tracked(response: Mapping[str, Any]) -> OrderId:
    with suppress(answers.UnreadableError):
        return answers.read_order_id(response)
    raise AcceptedUntracked


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

        return await self._carry("get_balance", exchange)

    async def get_balance(self) -> Balance:
        """What is left on the account."""
        return await self._call("get_balance", wire.nothing(), answers.read_balance)

    async def get_senders(self) -> tuple[str, ...]:
        """The approved senders, as they have to be written."""
        return await self._call("get_sender", wire.nothing(), answers.read_senders)

    async def get_report(self, order_id: OrderId, *, page: int = 1, page_size: int = MAX_PAGE_SIZE) -> OrderReport:
        """An order's counters and one page of its recipients; a scheduled order is :class:`.Refused` with 456."""
        return await self._call(
            "get_report", wire.report(order_id, page, page_size), lambda answer: answers.read_report(answer, order_id)
        )

    async def get_reports(self, start: date, end: date, *, page: int = 1) -> OrderList:
        """One page of the orders made from `start` to `end`, at most ten days with both (contract, section 6)."""
        return await self._call("get_reports", wire.reports(start, end, page), answers.read_orders)

    async def get_blacklist(
        self,
        *,
        page: int = 1,
        page_size: int = MAX_PAGE_SIZE,
        added_from: datetime | None = None,
        added_to: datetime | None = None,
    ) -> BlacklistPage:
        """One page of the blocked numbers, all of them or those added within the given time."""
        return await self._call(
            "get_blacklist", wire.blacklist(page, page_size, added_from, added_to), answers.read_blacklist
        )

    async def check_consent(
        self, brand_code: BrandCode, recipient: str, recipient_type: RecipientType, channel: Channel
    ) -> Consent | None:
        """The consent that İYS holds; None for no record or another's brand, which cannot be told apart."""
        try:
            return await self._call(
                "iys_check",
                wire.consent(brand_code, recipient, recipient_type, channel),
                lambda answer: answers.read_consent(answer, recipient, recipient_type, channel),
            )
        except Refused as refusal:
            if refusal.code != NOT_VALIDATED:
                raise
        return None

    async def send_sms(self, order: OutgoingOrder, *, begun: Begun = unwatched) -> OrderId:
        """Have `order` sent; accepted is not delivered.

        An order to one recipient waits for its place among the account's 100 a second (contract, section 2).
        """
        return await self._call(
            "send_sms",
            wire.order(order),
            _tracked,
            numbers=order.recipients,
            begun=begun,
            paced=len(order.recipients) == 1,
        )

    async def cancel_order(self, order_id: OrderId, *, begun: Begun = unwatched) -> None:
        """Cancel an order that has not begun to go out; :class:`.Refused` with 455 where it cannot be."""
        await self._call("cancel_order", wire.cancellation(order_id), _nothing, begun=begun)

    async def add_blacklist(self, number: PhoneNumber, *, begun: Begun = unwatched) -> None:
        """Stop every message of the account to `number`. A number that is listed already is no failure."""
        await self._call("add_blacklist", wire.blocked(number), _nothing, begun=begun)

    async def delete_blacklist(self, number: PhoneNumber, *, begun: Begun = unwatched) -> None:
        """Take `number` off the blacklist; :class:`.Refused` with 474 where it is not on it or has to stay."""
        await self._call("delete_blacklist", wire.blocked(number), _nothing, begun=begun)

    async def register_consents(
        self, brand_code: BrandCode, records: Sequence[ConsentRecord], *, begun: Begun = unwatched
    ) -> None:
        """Declare `records` to İYS: all of them or, with one bad one among them, none (:class:`.Refused`, 422)."""
        await self._call("iys_register", wire.consents(brand_code, records), _nothing, begun=begun)

    async def _call(
        self,
        operation: Operation,
        fields: wire.Fields,
        read: Callable[[Mapping[str, Any]], T],
        *,
        numbers: Sequence[PhoneNumber] = (),
        begun: Begun = unwatched,
        paced: bool = False,
    ) -> T:
        if self._credentials is None:
            raise NoCredentials
        body = wire.request_body(
            self._credentials.key.get_secret_value(), self._credentials.hash.get_secret_value(), fields, numbers
        )

        async def exchange(network: Network, flight: SendProgress) -> T:
            return self._understood(operation, await network.post(operation, body, flight), read)

        return await self._carry(operation, exchange, begun=begun, paced=paced)

    async def _carry(
        self,
        operation: Operation,
        exchange: Callable[[Network, SendProgress], Awaitable[T]],
        *,
        begun: Begun = unwatched,
        paced: bool = False,
    ) -> T:
        """What `exchange` gives, within the time that a call has, and repeated where that cannot do harm."""
        failure: ApiError | None = None
        flight = SendProgress(begun)
        attempt = 0
        until = anyio.current_time() + self._limits.call_seconds
        with anyio.CancelScope(deadline=until):
            while True:
                attempt += 1
                try:
                    async with self._turn(paced=paced):
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
    async def _turn(self, *, paced: bool) -> AsyncIterator[None]:
        """One of the slots, and with `paced` a place in the rate, which is taken last so that it is used at once."""
        async with AsyncExitStack() as held:
            with anyio.move_on_after(self._limits.queue_seconds) as waiting:
                await held.enter_async_context(self._slots)
                if paced:
                    await self._rate.wait()
            if waiting.cancelled_caught:
                raise TooBusy
            yield

    def _understood(self, operation: Operation, reply: Reply, read: Callable[[Mapping[str, Any]], T]) -> T:
        body = self._without_secrets(reply.body)
        response = judge(operation, reply.status, body, read_retry_after(reply.retry_after, self._clock()))
        with suppress(answers.UnreadableError):
            return read(response)
        raise AnswerUnreadable(operation)

    def _without_secrets(self, body: bytes) -> bytes:
        """`body` without key and hash: an upstream may echo them, and a field cut to its length would hold a part."""
        assert self._credentials is not None
        for secret in (self._credentials.key, self._credentials.hash):
            value = secret.get_secret_value().encode("utf-8", "surrogatepass")
            if len(value) >= SHORTEST_SECRET:
                body = body.replace(value, b"[hidden]")
        return body

    def _pause(self, error: ApiError, operation: Operation, attempt: int, until: float) -> float | None:
        """The seconds to wait before the next attempt; None where there is to be none."""
        repeatable = (
            error.transient if operation not in CHANGES else isinstance(error, CannotConnect) and error.transient
        )
        if not repeatable or attempt >= self._limits.attempts:
            return None
        pause = self._jitter() * self._limits.backoff_seconds * 2 ** (attempt - 1)
        if isinstance(error, Throttled | ServerFailed) and error.retry_after is not None:
            pause = max(pause, error.retry_after)
        return pause if pause < until - anyio.current_time() else None
