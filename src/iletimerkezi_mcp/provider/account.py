"""The account: its balance and its approved senders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .decoding import MalformedAnswerError, optional, read_amount, read_object, read_rows, read_word, read_wrapper
from .operation import Operation


@dataclass(frozen=True, slots=True)
class Balance:
    """`amount` in Turkish lira, `sms` in credits; which of the two counts depends on the account.

    An answer may hold only one of them; the other is None.
    """

    amount: float | None
    sms: float | None


@dataclass(frozen=True, slots=True)
class SenderList:
    """The approved senders, and the number of rows that could not be read."""

    senders: tuple[str, ...]
    unreadable: int = 0


def _balance(response: Mapping[str, Any], request: None) -> Balance:
    balance = read_object(response.get("balance"))
    amount, sms = optional(read_amount, balance.get("amount")), optional(read_amount, balance.get("sms"))
    if amount is None and sms is None:
        raise MalformedAnswerError("neither credits nor lira")
    return Balance(amount, sms)


def _senders(response: Mapping[str, Any], request: None) -> SenderList:
    return SenderList(*read_rows(read_wrapper(response, "senders", "sender").get("sender"), read_word))


GET_BALANCE: Final[Operation[None, Balance]] = Operation(
    name="get_balance", path="/v1/get-balance/json", changes=False, encode=lambda _: {}, decode=_balance
)
"""The balance (contract, section 7)."""

GET_SENDER: Final[Operation[None, SenderList]] = Operation(
    name="get_sender", path="/v1/get-sender/json", changes=False, encode=lambda _: {}, decode=_senders
)
"""The approved senders, with their own spaces and case, as they have to be written (contract, section 8)."""
