"""The URIs of the resources."""

from __future__ import annotations

import re
from typing import Final

from iletimerkezi_mcp.provider.orders import OrderId

SCHEME: Final = "iletimerkezi://"

BALANCE: Final = SCHEME + "balance"
SENDERS: Final = SCHEME + "senders"
POLICY: Final = SCHEME + "policy"
STATUS_CODES: Final = SCHEME + "status-codes"
MESSAGE_LIMITS: Final = SCHEME + "message-limits"

ORDERS: Final = SCHEME + "orders/"
ORDER_TEMPLATE: Final = ORDERS + "{order_id}"

FIXED: Final = (BALANCE, SENDERS, POLICY, STATUS_CODES, MESSAGE_LIMITS)
"""The resources that are listed; an order's is made from the template."""

_ORDER = re.compile(re.escape(ORDERS) + r"([0-9]{1,20})")


def order_of(uri: str) -> OrderId | None:
    """Return the order at `uri`, None if it is not an order's."""
    match = _ORDER.fullmatch(uri)
    return None if match is None else OrderId(match[1])


def order_uri(order_id: str) -> str:
    """Return the URI of an order."""
    return ORDERS + order_id


def exists(uri: str) -> bool:
    """Return True if `uri` is a resource's; only the provider knows if the account has such an order."""
    return uri in FIXED or order_of(uri) is not None
