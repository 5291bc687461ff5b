"""Orders: sending and cancelling them, and reading what became of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Any, Final, NewType

from iletimerkezi_mcp.language import Text, for_onlooker, plural
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.content import IysList
from iletimerkezi_mcp.sms.numbers import PhoneNumber
from iletimerkezi_mcp.sms.times import read_moment, wire_send_at

from .decoding import (
    MalformedAnswerError,
    optional,
    read_amount,
    read_count,
    read_integer,
    read_number,
    read_object,
    read_rows,
    read_word,
)
from .errors import AcceptedUntracked
from .operation import FORBIDDEN, MAX_PAGE_SIZE, Fields, Operation, no_answer

OrderId = NewType("OrderId", str)
"""The number of an order: digits only, as a string."""

Sender = NewType("Sender", str)
"""An approved sender name (başlık): at most 11 characters, no Turkish letters (contract, section 2)."""

MAX_ORDER_RECIPIENTS = 50_000
"""Recipients in one order (contract, section 2)."""

REPORTS_PAGE_SIZE = 30
"""Orders on one page of `get_reports`; fixed by the provider (contract, section 6)."""

_ONE_DAY = timedelta(days=1)
_ORDER_ID = re.compile(r"(?!0+\Z)[0-9]{1,20}")


class OrderStatus(IntEnum):
    """The provider's statuses of an order (contract, section 5)."""

    SENDING = 113
    FINISHED = 114
    NOT_SENT = 115


class MessageStatus(IntEnum):
    """The provider's statuses of one recipient's message (contract, section 5)."""

    WAITING = 110
    DELIVERED = 111
    UNDELIVERED = 112


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One text, and all to whom it goes."""

    text: str
    recipients: tuple[PhoneNumber, ...]


@dataclass(frozen=True, slots=True)
class OutgoingOrder:
    """One or several messages of one sender, ready for the wire. `iys_list` None sends ``iys: "0"``.

    Each text is in one message only. Several are one order with one number; if its limit of recipients counts numbers
    or messages is not documented (contract, section 3).
    """

    sender: Sender
    messages: tuple[OutgoingMessage, ...]
    iys_list: IysList | None = None
    send_at: datetime | None = None

    @property
    def recipient_count(self) -> int:
        """The recipients of all messages."""
        return sum(len(message.recipients) for message in self.messages)


@dataclass(frozen=True, slots=True)
class ReportQuery:
    order_id: OrderId
    page: int = 1
    page_size: int = MAX_PAGE_SIZE


@dataclass(frozen=True, slots=True)
class OrdersQuery:
    """One page of the orders made from `start` to `end`, at most ten days with both (contract, section 6)."""

    start: date
    end: date
    page: int = 1


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
    """An order and one page of its recipients; `unreadable` is the number of rows that could not be read."""

    summary: OrderSummary
    rows: tuple[MessageRow, ...]
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class OrderList:
    """One page of the orders of a date range; `count` is the number of orders in the whole range.

    Without `is_counted` the answer did not hold it, and it is that of the page. `unreadable` is the number of rows that
    could not be read.
    """

    count: int
    orders: tuple[OrderSummary, ...]
    is_counted: bool = True
    unreadable: int = 0


def _order(order: OutgoingOrder) -> Fields:
    iys: dict[str, str] = {"iys": "0"}
    if order.iys_list is not None:
        iys = {"iys": "1", "iysList": order.iys_list}
    # ``receipents`` is the wire's own spelling.
    messages = [{"text": message.text, "receipents": {"number": message.recipients}} for message in order.messages]
    return {
        "order": {
            "sender": order.sender,
            "sendDateTime": [] if order.send_at is None else [wire_send_at(order.send_at)],
            **iys,
            # The documents show an object; the list, which several need, is known from the SDKs alone.
            "message": messages[0] if len(messages) == 1 else messages,
        }
    }


def _report_query(query: ReportQuery) -> Fields:
    # The numbers go as strings, as the documents have them.
    return {"order": {"id": query.order_id, "page": str(query.page), "rowCount": str(query.page_size)}}


def _orders_query(query: OrdersQuery) -> Fields:
    # Beside the filter `page` would have no effect.
    return {"filter": {"start": query.start.isoformat(), "end": query.end.isoformat(), "page": query.page}}


def read_order_id(value: object) -> OrderId:
    """Read the number of an order, as a number or as a string."""
    plain = str(value) if isinstance(value, str) else str(read_integer(value))
    if not _ORDER_ID.fullmatch(plain.strip()):
        raise MalformedAnswerError("not an order number")
    # One spelling, or the order of a send and that of a list would be two.
    return OrderId(plain.strip().lstrip("0"))


def _new_order_id(response: Mapping[str, Any], order: OutgoingOrder) -> OrderId:
    with suppress(MalformedAnswerError):
        return read_order_id(read_object(response.get("order")).get("id"))
    raise AcceptedUntracked(SEND_SMS)


def _report(response: Mapping[str, Any], query: ReportQuery) -> OrderReport:
    order = read_object(response.get("order"))
    if "id" in order and read_order_id(order["id"]) != read_order_id(query.order_id):
        raise MalformedAnswerError("the report of another order")
    return OrderReport(
        _summary({"id": query.order_id, **order}), *read_rows(order.get("message"), _message, besides=True)
    )


def _message(row: object) -> MessageRow:
    fields = read_object(row)
    return MessageRow(read_number(fields.get("number")), read_integer(fields.get("status")))


def _orders(response: Mapping[str, Any], query: OrdersQuery) -> OrderList:
    count = read_count(response.get("count"))
    if count is None and "orders" not in response:
        raise MalformedAnswerError("neither orders nor their count")
    orders, unreadable = read_rows(response.get("orders"), lambda row: _listed(row, query))
    return OrderList(
        len(orders) + unreadable if count is None else count,
        orders,
        is_counted=count is not None,
        unreadable=unreadable,
    )


def _listed(row: object, query: OrdersQuery) -> OrderSummary:
    """Read a row of a list, which may be a day off what was asked for: the provider's time zone is not documented."""
    order = _summary(row)
    if order.submitted_at is not None:
        day = order.submitted_at.astimezone(ISTANBUL).date()
        if not query.start - _ONE_DAY <= day <= query.end + _ONE_DAY:
            raise MalformedAnswerError("an order of another day")
    return order


def _summary(row: object) -> OrderSummary:
    order = read_object(row)
    return OrderSummary(
        order_id=read_order_id(order.get("id")),
        status=read_integer(order.get("status")),
        total=read_count(order.get("total")),
        delivered=read_count(order.get("delivered")),
        undelivered=read_count(order.get("undelivered")),
        waiting=read_count(order.get("waiting")),
        submitted_at=read_moment(order.get("submitAt")),
        send_at=read_moment(order.get("sendAt")),
        sender=optional(read_word, order.get("sender")),
        price=optional(read_amount, order.get("price")),
    )


def _find_order(order: OutgoingOrder) -> Text:
    return Text(
        "Call get_reports with start {day} and look for an order of {recipients} from {sender} submitted about then; tell "
        "the user what you find.",
        "get_reports çağırın (start {day}) ve o saatlerde verilmiş, {recipients}, {sender} başlıklı bir gönderim arayın; "
        "bulduğunuzu kullanıcıya söyleyin.",
        person=Text(
            "Look with get_reports (--start {day}) for an order of {recipients} from {sender} submitted about then.",
            "get_reports (--start {day}) ile o saatlerde verilmiş, {recipients}, {sender} başlıklı bir gönderim arayın.",
            person=Text(
                "Ask in the chat if an order of {recipients} from {sender} was submitted about then.",
                "O saatlerde {sender} başlıklı, {recipients} bir gönderim verilip verilmediğini sohbette sorun.",
            ),
        ),
    ).format(
        # The caller knows the day.
        day="{day}",
        recipients=plural(order.recipient_count, "recipient", "recipients", "alıcılı"),
        sender=order.sender,
    )


SEND_SMS: Final[Operation[OutgoingOrder, OrderId]] = Operation(
    name="send_sms",
    path="/v1/send-sms/json",
    changes=True,
    encode=_order,
    decode=_new_order_id,
    how_to_verify=_find_order,
    rate_limited=lambda order: order.recipient_count == 1,
)
"""Send an order (contract, section 3); accepted is not delivered.

An order to one recipient counts against the account's 100 messages a second (contract, section 2). An answer without
an order number raises :class:`.AcceptedUntracked`.
"""

CANCEL_ORDER: Final[Operation[OrderId, None]] = Operation(
    name="cancel_order",
    path="/v1/cancel-order/json",
    changes=True,
    encode=lambda order_id: {"order": {"id": order_id}},
    decode=no_answer,
    how_to_verify=lambda order_id: for_onlooker(
        Text(
            "Look with get_report (order_id {order_id}): not sent means that it was cancelled.",
            "get_report ile bakın (order_id {order_id}): “gönderilmedi” ise iptal edilmiştir.",
        ),
        "Ask in the chat for the report of order {order_id}: not sent means that it was cancelled.",
        "{order_id} numaralı gönderimin raporunu sohbette isteyin: “gönderilmedi” ise iptal edilmiştir.",
    ).format(order_id=order_id),
    own_codes={
        403: FORBIDDEN,
        455: (
            Text(
                "This order cannot be cancelled: it is not this account's, is already going out, or is finished or "
                "cancelled; the provider does not say which.",
                "Bu gönderim iptal edilemez: bu hesaba ait değil, gitmeye başlamış ya da zaten bitmiş veya iptal "
                "edilmiş; sağlayıcı hangisi olduğunu söylemez.",
            ),
            for_onlooker(
                Text("Check its status with get_report.", "Durumuna get_report ile bakın."),
                "Ask in the chat for its report.",
                "Raporunu sohbette isteyin.",
            ),
        ),
    },
)
"""Cancel an order that has not begun to go out; refused with 455 if it cannot be (contract, section 4)."""

GET_REPORT: Final[Operation[ReportQuery, OrderReport]] = Operation(
    name="get_report", path="/v1/get-report/json", changes=False, encode=_report_query, decode=_report
)
"""An order's counters and one page of its recipients; a scheduled order is refused with 456 (contract, section 5)."""

GET_REPORTS: Final[Operation[OrdersQuery, OrderList]] = Operation(
    name="get_reports", path="/v1/get-reports/json", changes=False, encode=_orders_query, decode=_orders
)
"""One page of the orders of some days (contract, section 6)."""
