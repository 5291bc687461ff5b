"""The provider's side of the wire: bytes in, an answer out, by the rules of the contract."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from . import envelope
from . import magic_numbers as magic
from .account import GetBalance, GetSender
from .answers import Answer, Reply, reply
from .blacklist import AddBlacklist, DeleteBlacklist, GetBlacklist
from .consents import CheckConsent, RegisterConsents
from .database import World
from .orders import CancelOrder, SendSms
from .reports import GetReport, GetReports
from .request_context import Account, Call, Json, RefusalError
from .response_variants import NO_DRIFT, Drift


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name, and how its request is read."""

    name: str
    read: Callable[[Json, Account], Call]


OPERATIONS: dict[str, Operation] = {
    "/v1/send-sms/json": Operation("send-sms", SendSms.read),
    "/v1/cancel-order/json": Operation("cancel-order", CancelOrder.read),
    "/v1/get-report/json": Operation("get-report", GetReport.read),
    "/v1/get-reports/json": Operation("get-reports", GetReports.read),
    "/v1/get-balance/json": Operation("get-balance", GetBalance.read),
    "/v1/get-sender/json": Operation("get-sender", GetSender.read),
    "/v1/get-blacklist/json": Operation("get-blacklist", GetBlacklist.read),
    "/v1/add-blacklist/json": Operation("add-blacklist", AddBlacklist.read),
    "/v1/delete-blacklist/json": Operation("delete-blacklist", DeleteBlacklist.read),
    "/v1/consent/create/json": Operation("iys-register", RegisterConsents.read),
    "/v1/consent/show/json": Operation("iys-check", CheckConsent.read),
}
"""Path to operation: the provider's own table, apart from the client's."""


class Provider:
    """Answers requests about `world` for an `account`, in the types that `drift` says.

    Checks come in this order: path and method (404), JSON and envelope (400), credentials (401), the
    operation's own shape (400), a magic number, the operation's rules. A world that is locked for too long
    or cannot be written answers 503.
    """

    def __init__(self, world: World, account: Account | None = None, *, drift: Drift = NO_DRIFT) -> None:
        self._world = world
        self._account = account or Account()
        self._drift = drift

    def answer(self, path: str, body: bytes, *, method: str = "POST") -> Answer:
        """What comes back for one request. Never raises for anything that a client can send."""
        try:
            return self._answer(path, body, method)
        except RefusalError as refusal:
            return self._reply(refusal.code, retry_after=refusal.retry_after)
        except sqlite3.OperationalError:
            return self._reply(503)

    def _answer(self, path: str, body: bytes, method: str) -> Answer:
        operation = OPERATIONS.get(path)
        if operation is None or method != "POST":
            raise RefusalError(404)
        fields = envelope.read(body)
        _authenticate(envelope.child(fields, "authentication"))
        call = operation.read(fields, self._account)
        with self._world.visit(self._account) as desk:
            fault = magic.fault(operation.name, call.numbers(desk))
            if isinstance(fault, magic.Code):
                raise RefusalError(fault.code, retry_after=fault.retry_after)
            if fault is not None and not fault.done:
                return fault.answer
            result = call.act(desk)
        return self._reply(200, result) if fault is None else fault.answer

    def _reply(self, code: int, result: Json | None = None, *, retry_after: int | None = None) -> Reply:
        plain = reply(code, result, retry_after=retry_after)
        return Reply(200 if self._drift.plain_http else plain.http_status, self._drift.turn(plain.body), plain.headers)


def _authenticate(authentication: Json) -> None:
    """Any key and hash that are not empty will do, but for the one key that is wrong by definition."""
    key, secret = (envelope.text(authentication, name) for name in ("key", "hash"))
    if not key or not secret or key == magic.WRONG_KEY:
        raise RefusalError(401)
