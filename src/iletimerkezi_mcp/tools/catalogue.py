"""All tools, in the order in which they are listed."""

from __future__ import annotations

from typing import Any, Final

from .account import GET_BALANCE, GET_SENDER
from .blacklist import ADD_BLACKLIST, DELETE_BLACKLIST, GET_BLACKLIST
from .campaigns import GET_CAMPAIGNS
from .cancel import CANCEL_ORDER
from .cancel_campaign import CANCEL_CAMPAIGN
from .card_answer import CARD_ANSWER
from .consents import IYS_CHECK, IYS_REGISTER
from .open_list import OPEN_LIST
from .order_list import GET_REPORTS
from .order_report import GET_REPORT
from .register_list import REGISTER_LIST
from .registry import Registry
from .save_report import SAVE_REPORT
from .send import SEND_SMS
from .send_list import SEND_LIST
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

LIST_TOOLS: Final[tuple[Tool[Any], ...]] = (
    OPEN_LIST,
    SEND_LIST,
    GET_CAMPAIGNS,
    CANCEL_CAMPAIGN,
    SAVE_REPORT,
    REGISTER_LIST,
)
"""The tools that work with the operator's folder of lists, and are offered only if there is one."""

REGISTRY: Final = Registry(TOOLS, LIST_TOOLS, CARD_ANSWER)
"""The registry of all tools."""
