"""The tools' names, each from its record, and the sends that the tests share.

A test takes a name from here: so a tool can be renamed, and a file is found by what it tests and not by every name in it.
"""

from __future__ import annotations

from typing import Any, Final

from iletimerkezi_mcp.tools import (
    account,
    blacklist,
    campaigns,
    cancel,
    cancel_campaign,
    consents,
    order_list,
    order_report,
    register_list,
    save_report,
    send,
    send_list,
)

SEND_SMS: Final = send.SEND_SMS.name
SEND_LIST: Final = send_list.SEND_LIST.name
CANCEL_ORDER: Final = cancel.CANCEL_ORDER.name
GET_REPORT: Final = order_report.GET_REPORT.name
GET_REPORTS: Final = order_list.GET_REPORTS.name
GET_BALANCE: Final = account.GET_BALANCE.name
GET_SENDER: Final = account.GET_SENDER.name
GET_BLACKLIST: Final = blacklist.GET_BLACKLIST.name
ADD_BLACKLIST: Final = blacklist.ADD_BLACKLIST.name
DELETE_BLACKLIST: Final = blacklist.DELETE_BLACKLIST.name
IYS_REGISTER: Final = consents.IYS_REGISTER.name
IYS_CHECK: Final = consents.IYS_CHECK.name
GET_CAMPAIGNS: Final = campaigns.GET_CAMPAIGNS.name
CANCEL_CAMPAIGN: Final = cancel_campaign.CANCEL_CAMPAIGN.name
SAVE_REPORT: Final = save_report.SAVE_REPORT.name
REGISTER_LIST: Final = register_list.REGISTER_LIST.name

SEND: Final[dict[str, Any]] = {
    "recipients": ["0532 123 45 67"],
    "text": "Siparişiniz yola çıktı, İyi günler.",
    "message_type": "transactional",
    "sender": "FIRMAADI",
}
"""The arguments of a message to one person."""

SEND_TO_TWO: Final[dict[str, Any]] = {
    "recipients": ["05321234567", "05331112233"],
    "text": "Siparişiniz yola çıktı.",
    "message_type": "transactional",
}
"""The arguments of a message to two people, from the account's own sender."""
