"""What one request works with: the books, the present time and the account's settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from iletimerkezi_mcp.sms.alphabet import CharacterMode

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The settings of the simulated account that the panel would hold.

    `mode` is the character mode, by default English as for a new account (contract, section 2). `abroad`
    lets numbers of other countries in. `brand_code` None is an account without İYS: code 470 on a send that
    asks İYS, 403 on the consent operations.
    """

    mode: CharacterMode = CharacterMode.ENGLISH
    abroad: bool = False
    brand_code: str | None = "123456"


@dataclass(frozen=True, slots=True)
class RequestContext:
    """The open transaction `db`, the present moment `now` (seconds since 1970) and the account."""

    db: sqlite3.Connection
    now: float
    account: Account


class Call(Protocol):
    """A request whose shape is right, ready to be carried out."""

    def numbers(self, desk: RequestContext) -> Iterable[str]:
        """The numbers it is about, in the order given; a magic one among them decides what happens."""

    def act(self, desk: RequestContext) -> Json:
        """Do it and give what stands beside ``status`` in the answer. Raises :class:`RefusalError`."""
