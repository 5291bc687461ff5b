"""The path at which the provider pushes its reports: ``POST /delivery/SECRET`` (contract, section 11).

The provider signs nothing, so the secret in the path is the only proof. It is compared before anything else is read,
and is in no answer and no log. Reports change what is told of delivery, and nothing else.
"""

from __future__ import annotations

import hmac
import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus

import anyio
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from iletimerkezi_mcp.ledger.ledger import Ledger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.decoding import MalformedAnswerError
from iletimerkezi_mcp.provider.pushed import PushedReport, read_pushed_report
from iletimerkezi_mcp.settings import is_loopback

from .tokens import secret_digest

logger = logging.getLogger(__name__)

PREFIX = "/delivery/"

MAX_BODY = 64 << 10
"""Bytes of one report; larger is 413. A documented one has 200, and a text adds at most 6,000."""

BODY_SECONDS = 10.0
"""The time in which the whole body has to come; later is 408."""

GATHER_SECONDS = 0.02
"""The time in which reports are gathered, so that 500 in a second take 50 writes to the disk at most."""

MAX_BATCH = 500
"""Reports that are written at once: others wait for the ledger meanwhile."""

STOP_SECONDS = 1.0
"""The time that a body or a wrong secret may still take when the server stops: less than its last answers have."""

RETRY_SECONDS = 5
"""The time after which the provider may try again, if it ever does."""

FIRST_DELAY, MAX_DELAY = 0.1, 5.0
"""Seconds that the first wrong secret of an address waits for its answer; each further one twice as long, at most the second."""

FORGIVEN_SECONDS = 60.0
"""The time without a wrong secret after which an address begins anew."""

MAX_WAITING = 50
"""Wrong secrets that wait for their answers at once; beyond it 429."""

MAX_ADDRESSES, MAX_ADDRESS = 1_000, 45
"""Addresses that are remembered, and characters of each: those of the longest spelling of an IPv6 address."""


@dataclass(slots=True)
class _Batch:
    """Reports that are written together. `kept` is None until it is known if they are on the disk."""

    reports: list[PushedReport] = field(default_factory=list)
    kept: bool | None = None


class Intake:
    """Writes reports to `ledger`, those that come within :data:`GATHER_SECONDS` in one transaction.

    There is no task of its own: the first that waits for a batch writes it, and if it is cancelled the next one does.
    To write a report twice changes nothing.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._open = _Batch()
        self._turn = anyio.Lock()
        self._failing = False

    async def keep(self, report: PushedReport) -> bool:
        """Return True once `report` is on the disk, and False if the ledger cannot be used."""
        batch = self._open
        batch.reports.append(report)
        if len(batch.reports) == MAX_BATCH:
            self._open = _Batch()
        async with self._turn:
            if batch.kept is None:
                await self._write(batch)
        return bool(batch.kept)

    async def _write(self, batch: _Batch) -> None:
        if batch is self._open:
            await anyio.sleep(GATHER_SECONDS)
        if batch is self._open:
            self._open = _Batch()
        try:
            await self._ledger.record_pushed(batch.reports)
        except LedgerUnavailableError as error:
            if not self._failing:
                logger.warning("Pushed reports are refused until the ledger can be used again. %s", error)
            batch.kept = False
        else:
            batch.kept = True
        self._failing = not batch.kept


class WrongSecrets:
    """Slows down who tries secrets, each address by itself."""

    def __init__(self) -> None:
        # How many in a row, and when the last one came; the address that came last is the last.
        self._tries: dict[str, tuple[int, float]] = {}
        self._waiting: set[str] = set()

    async def wait(self, address: str) -> bool:
        """Let time pass before the answer to a wrong secret from `address`; return False at once if it may not wait."""
        if address in self._waiting or len(self._waiting) >= MAX_WAITING:
            return False
        now = anyio.current_time()
        tries, last = self._tries.pop(address, (0, now))
        tries = 1 if now - last >= FORGIVEN_SECONDS else tries + 1
        self._tries[address] = tries, now
        if len(self._tries) > MAX_ADDRESSES:
            del self._tries[next(iter(self._tries))]
        self._waiting.add(address)
        try:
            # Beyond a few dozen tries the power would have no end.
            await anyio.sleep(min(MAX_DELAY, FIRST_DELAY * 2 ** min(tries - 1, 10)))
        finally:
            self._waiting.discard(address)
        return True


class DeliveryApp:
    """Takes pushed reports whose path ends in the secret with this `digest`, and passes every other path on to `app`.

    Neither Host nor a bearer token plays a part: a tunnel brings its own name, and the provider has no token.
    """

    def __init__(self, app: ASGIApp, digest: bytes, intake: Intake) -> None:
        self._app = app
        self._digest = digest
        self._intake = intake
        self._wrong = WrongSecrets()
        self._longest = math.inf
        self._waits: set[anyio.CancelScope] = set()

    def stop(self) -> None:
        """Let nothing wait longer than :data:`STOP_SECONDS` any more, so that every request is answered before the end."""
        self._longest = STOP_SECONDS
        for wait in self._waits:
            wait.deadline = min(wait.deadline, anyio.current_time() + STOP_SECONDS)

    @contextmanager
    def _at_most(self, seconds: float) -> Iterator[None]:
        """Raise :class:`TimeoutError` in the block after `seconds`, and earlier if the server stops."""
        with anyio.fail_after(min(seconds, self._longest)) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        status, headers = await self._take(scope, receive)
        text = "ok" if status == HTTPStatus.OK else status.phrase
        await PlainTextResponse(text, status, headers)(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive) -> tuple[HTTPStatus, dict[str, str]]:
        if scope["method"] != "POST":
            return HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"}
        secret = scope["path"].removeprefix(PREFIX).removesuffix("/")
        if not hmac.compare_digest(secret_digest(secret), self._digest):
            waits = True
            with suppress(TimeoutError), self._at_most(MAX_DELAY):
                waits = await self._wrong.wait(_address(scope))
            if waits:
                return HTTPStatus.NOT_FOUND, {}
            return HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(RETRY_SECONDS)}
        try:
            with self._at_most(BODY_SECONDS):
                body = await _body(Request(scope, receive))
            if len(body) > MAX_BODY:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {}
            report = read_pushed_report(body)
        except TimeoutError:
            # The rest of the body may never come.
            return HTTPStatus.REQUEST_TIMEOUT, {"Connection": "close"}
        except (MalformedAnswerError, ClientDisconnect):
            return HTTPStatus.BAD_REQUEST, {}
        if report.status is None or await self._intake.keep(report):
            return HTTPStatus.OK, {}
        return HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(RETRY_SECONDS)}


async def _body(request: Request) -> bytes:
    """Return the body, or as much of it as shows that it is larger than :data:`MAX_BODY`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            break
    return bytes(body)


def _address(scope: Scope) -> str:
    """Return the address that a request came from: behind a proxy on this machine the one that the proxy names."""
    peer: str = scope["client"][0] if scope["client"] else ""
    if not is_loopback(peer):
        return peer
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).rpartition(",")[2].strip()
    return forwarded[:MAX_ADDRESS] or peer
