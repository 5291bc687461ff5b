"""The tools that work with lists, in the order in which they are listed; :mod:`.catalogue` loads them when they are offered."""

from __future__ import annotations

from typing import Any, Final

from .campaigns import GET_CAMPAIGNS
from .cancel_campaign import CANCEL_CAMPAIGN
from .open_list import OPEN_LIST
from .register_list import REGISTER_LIST
from .save_report import SAVE_REPORT
from .send_list import SEND_LIST
from .tool import Tool

LIST_TOOLS: Final[tuple[Tool[Any], ...]] = (
    OPEN_LIST,
    SEND_LIST,
    GET_CAMPAIGNS,
    CANCEL_CAMPAIGN,
    SAVE_REPORT,
    REGISTER_LIST,
)
"""The tools that work with the operator's folder of lists, and are offered only if there is one."""
