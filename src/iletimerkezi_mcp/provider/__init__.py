"""The provider's JSON API: its operations, the client that calls them, its codes and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .account import GET_BALANCE, GET_SENDER
from .blacklist import ADD_BLACKLIST, DELETE_BLACKLIST, GET_BLACKLIST
from .consents import IYS_CHECK, IYS_REGISTER
from .operation import Operation
from .orders import CANCEL_ORDER, GET_REPORT, GET_REPORTS, SEND_SMS

OPERATIONS: Final[Mapping[str, Operation[Any, Any]]] = {
    operation.name: operation
    for operation in (
        SEND_SMS,
        CANCEL_ORDER,
        GET_REPORT,
        GET_REPORTS,
        GET_BALANCE,
        GET_SENDER,
        GET_BLACKLIST,
        ADD_BLACKLIST,
        DELETE_BLACKLIST,
        IYS_REGISTER,
        IYS_CHECK,
    )
}
"""Every operation by its name."""
