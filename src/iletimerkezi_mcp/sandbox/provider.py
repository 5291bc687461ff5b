"""The provider's side of the wire: bytes in, an answer out, by the rules of the contract."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from . import envelope
from . import magic_numbers as magic
from .account import get_balance, get_senders
from .answers import ProviderAnswer, json_answer
from .blacklist import add_blacklist, delete_blacklist, get_blacklist
from .consents import check_consent, register_consents
from .database import SandboxDatabase
from .orders import cancel_order, send_sms
from .push import reports_between
from .reports import get_report, get_reports
from .request_context import Json, RefusalError, RequestContext, SimulatedAccount, UndoneError

OPERATIONS: dict[str, Callable[[Json, RequestContext], Json]] = {
    "send-sms": send_sms,
    "cancel-order": cancel_order,
    "get-report": get_report,
    "get-reports": get_reports,
    "get-balance": get_balance,
    "get-sender": get_senders,
    "get-blacklist": get_blacklist,
    "add-blacklist": add_blacklist,
    "delete-blacklist": delete_blacklist,
    "consent/create": register_consents,
    "consent/show": check_consent,
}
"""The provider's own table of operations, apart from the client's, by what is between ``/v1/`` and ``/json``.

Each takes the request's fields and returns what goes beside ``status`` in the answer. Raises :class:`RefusalError`.
"""


class Provider:
    """Answers requests about what is in `database`, for an `account`.

    Checks come in this order: path and method (404), JSON and envelope (400), credentials (401), the operation's own
    shape (400), a magic number, the operation's rules. A database that is locked for too long or cannot be written
    answers 503.
    """

    def __init__(self, database: SandboxDatabase, account: SimulatedAccount | None = None) -> None:
        self._database = database
        self._account = account or SimulatedAccount()

    def answer(self, path: str, body: bytes, *, method: str = "POST") -> ProviderAnswer:
        """Return what comes back for one request. Never raises for anything that a client can send."""
        try:
            return self._answer(path, body, method)
        except RefusalError as refusal:
            return json_answer(refusal.code, retry_after=refusal.retry_after)
        except UndoneError as failure:
            return failure.answer
        except sqlite3.OperationalError:
            return json_answer(503)

    def pushes(self, after: float, until: float) -> list[Json]:
        """Return the reports that are due from `after` until before `until`, in seconds since 1970; the earliest first.

        Each is due once, and nothing is remembered. Raises sqlite3.OperationalError as the database does.
        """
        with self._database.transaction(self._account) as context:
            return reports_between(context.db, after, until)

    def _answer(self, path: str, body: bytes, method: str) -> ProviderAnswer:
        name = path.removeprefix("/v1/").removesuffix("/json")
        if name not in OPERATIONS or path != f"/v1/{name}/json" or method != "POST":
            raise RefusalError(404)
        fields = envelope.read(body)
        _authenticate(envelope.child(fields, "authentication"))
        with self._database.transaction(self._account) as context:
            context.operation = name
            result = OPERATIONS[name](fields, context)
        return context.answer or json_answer(200, result)


def _authenticate(authentication: Json) -> None:
    """Accept any key and hash that are not empty, but for the one key that is wrong by definition."""
    key, secret = (envelope.text(authentication, name) for name in ("key", "hash"))
    if not key or not secret or key == magic.WRONG_KEY:
        raise RefusalError(401)
