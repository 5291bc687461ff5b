"""What earlier answers of this process told, with the time: a preview uses it and asks nothing itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from iletimerkezi_mcp.language import Text, count, plural
from iletimerkezi_mcp.provider.account import Balance
from iletimerkezi_mcp.provider.orders import OrderId, OrderSummary

ORDERS_REMEMBERED = 1_000
"""Of the orders that reports showed, the latest this many are remembered."""


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """An order as a report showed it. `summary` None: scheduled, and nothing more was told (456)."""

    summary: OrderSummary | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What an earlier answer says about a send, and whether it says that the provider will refuse it."""

    text: Text
    against: bool


class RecentReads:
    """The last balance, the last list of senders, and the orders that reports have shown.

    `on_progress` is called with an order whose report differs from the one before it; it must neither block nor raise.
    """

    def __init__(self, on_progress: Callable[[OrderId], None] = lambda _: None) -> None:
        self._on_progress = on_progress
        self._balance: tuple[Balance, datetime] | None = None
        self._senders: tuple[tuple[str, ...], datetime] | None = None
        self._orders: OrderedDict[str, SeenOrder] = OrderedDict()

    def saw_balance(self, balance: Balance, at: datetime) -> None:
        """A balance was read."""
        self._balance = (balance, at)

    def saw_senders(self, senders: tuple[str, ...], at: datetime) -> None:
        """The approved senders were read."""
        self._senders = (senders, at)

    def saw_order(self, order_id: OrderId, summary: OrderSummary | None, at: datetime) -> None:
        """Remember an order as a report showed it."""
        earlier = self._orders.get(order_id)
        self._orders[order_id] = SeenOrder(summary, at)
        self._orders.move_to_end(order_id)
        if len(self._orders) > ORDERS_REMEMBERED:
            self._orders.popitem(last=False)
        if earlier is not None and _progress(earlier.summary) != _progress(summary):
            self._on_progress(order_id)

    def order(self, order_id: str) -> SeenOrder | None:
        """What a report showed of this order."""
        return self._orders.get(order_id)

    def tell_balance(self, needed: int, now: datetime) -> Told | None:
        """The balance against the credits needed, where a balance was read."""
        if self._balance is None:
            return None
        balance, at = self._balance
        enough = balance.sms >= needed
        text = (
            Text("Balance ", "Bakiye (")
            + _age(at, now)
            + Text(": ", "): ")
            + count(int(balance.sms))
            + Text(" credits, needed at most ", " kredi, en çok gereken ")
            + count(needed)
            + (Text("", "") if enough else Text(": not enough", ": yetmez"))
        )
        return Told(text, against=not enough)

    def tell_sender(self, sender: str, now: datetime) -> Told | None:
        """Whether the sender was among the approved ones, where they were read."""
        if self._senders is None:
            return None
        senders, at = self._senders
        if sender in senders:
            return Told(Text("Sender approved (read ", "Başlık onaylı (okunma: ") + _age(at, now) + ")", against=False)
        text = Text("Sender NOT among the approved ones (read ", "Başlık onaylılar arasında DEĞİL (okunma: ")
        return Told(text + _age(at, now) + ")", against=True)


def _progress(summary: OrderSummary | None) -> tuple[int | None, ...]:
    """Return what changes while an order is sent. Reports on one order and on many differ in the rest."""
    if summary is None:
        return ()
    return (summary.status, summary.total, summary.delivered, summary.undelivered, summary.waiting)


def _age(at: datetime, now: datetime) -> Text:
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes == 0:
        return Text("just now", "az önce")
    if minutes < 120:
        return plural(minutes, "minute ago", "minutes ago", "dakika önce")
    return plural(minutes // 60, "hour ago", "hours ago", "saat önce")
