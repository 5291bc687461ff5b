"""The eleven operations of the provider's JSON API, under the names of the tools that use them."""

from __future__ import annotations

from typing import Final, Literal

Operation = Literal[
    "send_sms",
    "cancel_order",
    "get_report",
    "get_reports",
    "get_balance",
    "get_sender",
    "get_blacklist",
    "add_blacklist",
    "delete_blacklist",
    "iys_register",
    "iys_check",
]

PATHS: Final[dict[Operation, str]] = {
    "send_sms": "/v1/send-sms/json",
    "cancel_order": "/v1/cancel-order/json",
    "get_report": "/v1/get-report/json",
    "get_reports": "/v1/get-reports/json",
    "get_balance": "/v1/get-balance/json",
    "get_sender": "/v1/get-sender/json",
    "get_blacklist": "/v1/get-blacklist/json",
    "add_blacklist": "/v1/add-blacklist/json",
    "delete_blacklist": "/v1/delete-blacklist/json",
    "iys_register": "/v1/consent/create/json",
    "iys_check": "/v1/consent/show/json",
}
"""Where each operation is posted, below the base address (contract, sections 3 to 10)."""

CHANGES: Final[frozenset[Operation]] = frozenset(
    {"send_sms", "cancel_order", "add_blacklist", "delete_blacklist", "iys_register"}
)
"""The operations that change something; the others only read."""
