"""The context of one request, and the two ways in which a request can end early."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from iletimerkezi_mcp.sms.alphabet import CharacterMode

from .answers import FailedAnswer

Json = dict[str, Any]
"""A JSON object as it came or as it goes."""


class RefusalError(Exception):
    """The provider says no: `code` is one of the contract's section 12. Raised before anything is written.

    `retry_after` is in seconds and goes out as the header of that name.
    """

    def __init__(self, code: int, *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class UndoneError(Exception):
    """The request is not carried out, and `answer` takes the place of a proper answer."""

    def __init__(self, answer: FailedAnswer) -> None:
        super().__init__(answer)
        self.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedAccount:
    """The settings of the simulated account that the panel would hold.

    `mode` is the character mode, by default English as for a new account (contract, section 2). `abroad` lets
    numbers of other countries in. `brand_code` None is an account without İYS: code 470 on a send that asks İYS,
    403 on the consent operations.
    """

    mode: CharacterMode = CharacterMode.ENGLISH
    abroad: bool = False
    brand_code: str | None = "123456"


@dataclass(slots=True)
class RequestContext:
    """The open transaction `db`, the present moment `now` (seconds since 1970), the account and the operation.

    `answer`, if set, takes the place of a proper answer once the request has been carried out.
    """

    db: sqlite3.Connection
    now: float
    account: SimulatedAccount
    operation: str = ""
    answer: FailedAnswer | None = None
