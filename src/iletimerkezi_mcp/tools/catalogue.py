"""All tools, in the order in which they are listed."""

from __future__ import annotations

from typing import Any, Final

from .account import GET_BALANCE, GET_SENDER
from .blacklist import ADD_BLACKLIST, DELETE_BLACKLIST, GET_BLACKLIST
from .cancel import CANCEL_ORDER
from .card_answer import CARD_ANSWER
from .consents import IYS_CHECK, IYS_REGISTER
from .order_list import GET_REPORTS
from .order_report import GET_REPORT
from .registry import Registry
from .send import SEND_SMS
from .tool import Tool

TOOLS: Final[tuple[Tool[Any], ...]] = (
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
"""The tools of the account. Every list of them is made from this one."""


def _list_tools() -> tuple[Tool[Any], ...]:
    """Load the tools that work with lists: a server without a folder of lists starts without them."""
    from .list_catalogue import LIST_TOOLS

    return LIST_TOOLS


REGISTRY: Final = Registry(TOOLS, _list_tools, CARD_ANSWER)
"""The registry of all tools."""
