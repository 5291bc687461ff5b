"""The account: its balance and its approved senders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .decoding import read_amount, read_list, read_object, read_word, read_wrapper
from .operation import Operation


@dataclass(frozen=True, slots=True)
class Balance:
    """`amount` in Turkish lira, `sms` in credits; which of the two counts depends on the account."""

    amount: float
    sms: float


def _balance(response: Mapping[str, Any], request: None) -> Balance:
    balance = read_object(response.get("balance"))
    return Balance(read_amount(balance.get("amount")), read_amount(balance.get("sms")))


def _senders(response: Mapping[str, Any], request: None) -> tuple[str, ...]:
    return tuple(read_word(sender) for sender in read_list(read_wrapper(response, "senders", "sender").get("sender")))


GET_BALANCE: Final[Operation[None, Balance]] = Operation(
    name="get_balance", path="/v1/get-balance/json", changes=False, encode=lambda _: {}, decode=_balance
)
"""The balance (contract, section 7)."""

GET_SENDER: Final[Operation[None, tuple[str, ...]]] = Operation(
    name="get_sender", path="/v1/get-sender/json", changes=False, encode=lambda _: {}, decode=_senders
)
"""The approved senders, with their own spaces and case, as they have to be written (contract, section 8)."""
