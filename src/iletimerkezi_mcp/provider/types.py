"""What goes to the provider and what comes back, in plain words and exact types.

The wire's own spellings and drifting types are absorbed in :mod:`.wire` and :mod:`.answers`; nothing above the
client sees them. Times are aware datetimes in Istanbul's time (fixed +03:00).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Literal, NewType

from iletimerkezi_mcp.sms.numbers import PhoneNumber

OrderId = NewType("OrderId", str)
"""The number of an order: digits only, as a string."""

Sender = NewType("Sender", str)
"""An approved sender name (başlık): at most 11 characters, no Turkish letters (contract, section 2)."""

BrandCode = NewType("BrandCode", str)
"""A brand's code in İYS: digits only, as a string."""

IysList = Literal["BIREYSEL", "TACIR"]
RecipientType = Literal["BIREYSEL", "TACIR"]
Channel = Literal["MESAJ", "ARAMA", "EPOSTA"]
ConsentStatus = Literal["ONAY", "RET"]

MAX_RECIPIENTS = 50_000
"""Recipients in one order (contract, section 2)."""

MAX_CONSENTS = 5_000
"""Consent records in one registration (contract, section 10.1)."""

MAX_PAGE_SIZE = 1_000
"""Rows of one page of a report or of the blacklist (contract, sections 5 and 9.1)."""

REPORTS_PAGE_SIZE = 30
"""Orders on one page of `get_reports`; fixed by the provider (contract, section 6)."""


class OrderStatus(IntEnum):
    """What the provider says of an order (contract, section 5)."""

    SENDING = 113
    FINISHED = 114
    NOT_SENT = 115


class MessageStatus(IntEnum):
    """What the provider says of one recipient's message (contract, section 5)."""

    WAITING = 110
    DELIVERED = 111
    UNDELIVERED = 112


@dataclass(frozen=True, slots=True)
class OutgoingOrder:
    """One message to many recipients, ready for the wire. `iys_list` None sends ``iys: "0"``."""

    sender: Sender
    text: str
    recipients: tuple[PhoneNumber, ...]
    iys_list: IysList | None = None
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order's counters. Older answers lack everything but `order_id` and `status`."""

    order_id: OrderId
    status: int
    total: int | None = None
    delivered: int | None = None
    undelivered: int | None = None
    waiting: int | None = None
    submitted_at: datetime | None = None
    send_at: datetime | None = None
    sender: str | None = None
    price: float | None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One recipient of an order. `number` is in the provider's spelling made canonical (``+90…``)."""

    number: str
    status: int


@dataclass(frozen=True, slots=True)
class OrderReport:
    """An order's counters and the recipients of one page."""

    summary: OrderSummary
    rows: tuple[MessageRow, ...]


@dataclass(frozen=True, slots=True)
class OrderList:
    """One page of the orders of a date range; `count` is the number of orders in the whole range."""

    count: int
    orders: tuple[OrderSummary, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """`amount` in Turkish lira, `sms` in credits; which of the two counts depends on the account."""

    amount: float
    sms: float


@dataclass(frozen=True, slots=True)
class BlacklistPage:
    """One page of blocked numbers; `count` is the whole list's length."""

    count: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One consent to declare to İYS. `recipient` is a canonical number, or an e-mail address for EPOSTA."""

    recipient: str
    recipient_type: RecipientType
    channel: Channel
    status: ConsentStatus
    source: str
    consent_date: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as İYS holds it. `status` and `source` are passed on as the registry spells them."""

    recipient: str
    recipient_type: str
    channel: str
    status: str
    source: str | None
    consent_date: datetime | None
