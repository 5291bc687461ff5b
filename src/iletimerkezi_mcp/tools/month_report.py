"""The orders of a month as a table for a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.attempts import Attempt
from iletimerkezi_mcp.lists.writing import Cell
from iletimerkezi_mcp.provider.orders import OrderSummary
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.times import EARLIEST_DAY

from .errors import Problems
from .order_status import Status, label_of, status_of

MONTH_HEADER: Final = (
    Text("Order", "Gönderim no"),
    Text("Name", "Ad"),
    Text("Campaign", "Kampanya"),
    Text("Sender", "Başlık"),
    Text("Submitted", "Verildiği zaman"),
    Text("Send time", "Gönderim zamanı"),
    Text("Status", "Durum"),
    Text("Recipients", "Alıcı sayısı"),
    Text("Delivered", "İletilen"),
    Text("Undelivered", "İletilemeyen"),
    Text("Waiting", "Bekleyen"),
    Text("Price", "Ücret"),
)
"""The names of the columns."""

_STATUSES: Mapping[Status, Text] = {
    "scheduled": Text("scheduled", "ileri tarihli"),
    "sending": Text("still sending", "sürüyor"),
    "finished": Text("finished", "bitti"),
    "not_sent": Text("not sent", "gönderilmedi"),
    "other": Text("unknown", "belirsiz"),
}
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})|([0-9]{1,2})[./-]([0-9]{4})")


def parse_month(raw: str, now: datetime, problems: Problems) -> date:
    """Return the first day of the month that is written as 2026-11 or 11.2026; what is wrong with it goes to `problems`."""
    today = now.astimezone(ISTANBUL).date()
    match = _MONTH.fullmatch(raw.strip())
    year, month = (int(part) for part in (match[1] or match[4], match[2] or match[3])) if match else (0, 0)
    if not (EARLIEST_DAY.year <= year and 1 <= month <= 12):
        problems.add(
            "month", Text("must be a month like {month}", "{month} gibi bir ay olmalı").format(month=f"{today:%Y-%m}")
        )
        return today
    if date(year, month, 1) > today:
        problems.add("month", Text("lies in the future", "gelecekte bir ay"))
    return date(year, month, 1)


def month_rows(
    orders: Sequence[OrderSummary], attempts: Mapping[str, Attempt], now: datetime, say: Callable[[Text], str]
) -> Iterator[list[Cell]]:
    """Yield the row of each order, in the language of `say`; a count that the provider does not give is empty."""
    for order in orders:
        attempt = attempts.get(order.order_id)
        counts = (order.total, order.delivered, order.undelivered, order.waiting, order.price)
        yield [
            order.order_id,
            label_of(attempt) or "",
            (attempt and attempt.campaign) or "",
            order.sender or "",
            *("" if moment is None else say(_time(moment)) for moment in (order.submitted_at, order.send_at)),
            say(_STATUSES[status_of(order, now)]),
            *("" if number is None else number for number in counts),
        ]


def _time(moment: datetime) -> Text:
    return Text(f"{moment:%Y-%m-%d %H:%M}", f"{moment:%d.%m.%Y %H:%M}")
