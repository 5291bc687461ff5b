"""All tools, in the order in which they are listed."""

from __future__ import annotations

from typing import Any

from .account import GET_BALANCE, GET_SENDER
from .blacklist import ADD_BLACKLIST, DELETE_BLACKLIST, GET_BLACKLIST
from .consents import IYS_CHECK, IYS_REGISTER
from .listed import written
from .orders import CANCEL_ORDER, SEND_SMS
from .registry import Registry, Tool
from .reports import GET_REPORT, GET_REPORTS

ALL: tuple[Tool[Any], ...] = (
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


def all_tools() -> Registry:
    """A registry of the eleven tools."""
    return Registry(ALL, written)
