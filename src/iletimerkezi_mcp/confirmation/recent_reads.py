"""The recent reads of this process, with their times: a preview uses them and asks the provider nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.provider.account import Balance
from iletimerkezi_mcp.provider.orders import OrderId, OrderList, OrderSummary
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.content import IysList, quote_some

from .latest import Latest

READ_HOLDS = timedelta(hours=1)
"""The time for which a preview goes by a look-up that found no consent."""

Reason = Literal["blacklist"] | IysList
"""The reason why a number gets nothing, or nothing commercial."""

_LEFT_OUT = {
    True: Text(
        "On the blacklist, by what was read or done here, so they get nothing: {numbers}.",
        "Buradan okunan ya da yapılan işleme göre kara listede, mesaj gitmez: {numbers}.",
    ),
    False: Text(
        "Without an ONAY in İYS when checked within the last hour, so they get nothing: {numbers}.",
        "Son bir saatteki sorguya göre İYS'de ONAY kaydı yok, mesaj gitmez: {numbers}.",
    ),
}

_COUNTED = Text("{number} of the recipients", "alıcılardan {number} kişi")


@dataclass(frozen=True, slots=True)
class RememberedOrder:
    """An order as a report or a list showed it.

    `scheduled` if the last report said no more than that its time has not come (456); `summary` is then what was read
    before, None if nothing was.
    """

    summary: OrderSummary | None
    at: datetime
    scheduled: bool


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence on a send from an earlier read. `against` if it says that the provider will refuse the send."""

    text: Text
    against: bool


@dataclass(slots=True)
class _Pages:
    """The pages that were read of one range of days, while the provider said that it has `count` orders.

    `since_uptime` is when the first of them was asked for, `pages` has the orders on each. `rows` has all that was ever shown of
    an order of this range: if two rows differ it is not certain, even if a later reading shows only one of them.
    `unreadable` counts the rows that could not be read or are of another day: with one of them the pages are never all
    that there are.
    """

    count: int
    since_uptime: float
    rows: dict[OrderId, dict[tuple[object, ...], OrderSummary]]
    unreadable: int = 0
    pages: dict[int, set[OrderId]] = field(default_factory=dict)

    @property
    def present(self) -> set[OrderId]:
        return set().union(*self.pages.values())

    @property
    def is_whole(self) -> bool:
        return len(self.present) == self.count and not self.unreadable


class RecentReads:
    """The last balance, the last list of senders, and the orders in reports and lists.

    `on_progress` is called with an order whose report differs from the one before it; it must neither block nor raise.
    """

    def __init__(self, on_progress: Callable[[OrderId], None] = lambda _: None) -> None:
        self._on_progress = on_progress
        self._balance: tuple[Balance, datetime] | None = None
        self._senders: tuple[tuple[str, ...], datetime] | None = None
        self._orders = Latest[str, RememberedOrder](1_000)
        self._ranges = Latest[tuple[date, date], _Pages](20)
        self.brand_codes: set[str] = set()
        """The brand codes that have had a consent record of anyone, and so are this account's: a few at most."""
        self._without_consent = Latest[tuple[str, ...], datetime](1_000)
        self._unreachable = Latest[tuple[str, Reason], datetime](10_000)
        self._fitting: dict[tuple[int, OrderId], set[str] | None] = {}
        """By unsettled attempt and order, the numbers on the report's pages that were read, None if one is not a recipient
        of the attempt: a few at most."""

    def remember_balance(self, balance: Balance, at: datetime) -> None:
        """Remember the balance."""
        self._balance = (balance, at)

    def balance(self) -> Balance | None:
        """Return the balance as it was last read."""
        return None if self._balance is None else self._balance[0]

    def remember_senders(self, senders: tuple[str, ...], at: datetime) -> None:
        """Remember the approved senders."""
        self._senders = (senders, at)

    def remember_order(self, order_id: OrderId, summary: OrderSummary | None, at: datetime) -> None:
        """Remember an order as a report or a list showed it; None, that its time has not come, erases nothing."""
        earlier = self._orders.get(order_id)
        scheduled = summary is None
        if summary is None and earlier is not None:
            summary = earlier.summary
        self._orders[order_id] = RememberedOrder(summary, at, scheduled)
        if earlier is not None and _progress(earlier.summary) != _progress(summary):
            self._on_progress(order_id)

    def remember_consent(self, key: tuple[str, ...], at: datetime, *, found: bool) -> None:
        """Remember if İYS has a record of `key`: brand code, recipient, type and channel."""
        if found:
            self._without_consent.pop(key, None)
            self.brand_codes.add(key[0])
        else:
            self._without_consent[key] = at

    def lacks_consent(self, key: tuple[str, ...], now: datetime) -> bool:
        """Return True if a look-up of the last hour found no record of `key`."""
        at = self._without_consent.get(key)
        return at is not None and now - at <= READ_HOLDS

    def remember_reach(self, number: str, reason: Reason, until: datetime | None) -> None:
        """Remember that the provider leaves `number` out, for `reason` and as far as is known till `until`; None: no more."""
        if until is None:
            self._unreachable.pop((number, reason), None)
        else:
            self._unreachable[number, reason] = max(until, self._unreachable.get((number, reason), until))

    def describe_unreachable(
        self, recipients: Sequence[str], iys_list: IysList | None, now: datetime, *, named: bool = True
    ) -> list[Text]:
        """Return a warning of the recipients to whom the provider will not send, by what was read or done here.

        They are `named`, or only counted.
        """
        reasons: tuple[Reason, ...] = ("blacklist",) if iys_list is None else ("blacklist", iys_list)
        warnings = []
        for reason in reasons:
            known = {number for (number, why), until in self._unreachable.items() if why == reason and until > now}
            numbers = [number for number in recipients if number in known] if known else []
            if numbers:
                whom = quote_some(numbers) if named else _COUNTED.format(number=len(numbers))
                warnings.append(_LEFT_OUT[reason == "blacklist"].format(numbers=whom))
        return warnings

    def remember_page(
        self, start: date, end: date, page: int, answer: OrderList, asked_uptime: float
    ) -> tuple[tuple[OrderSummary, ...], float | None]:
        """Remember a page of the orders from `start` to `end`: only all pages together show that an order is not there.

        Returns the orders on the pages read so far, an order that was shown in several ways once for each, and the time
        from which on they are all that there are (None: pages or rows are missing). A page that is read again, or another
        count, starts afresh. Both times are of the machine's uptime, in seconds: the wall clock may be set between two
        pages.
        """
        pages = self._ranges.get((start, end))
        if pages is None or pages.count != answer.count or page in pages.pages:
            pages = _Pages(answer.count, asked_uptime, {} if pages is None else pages.rows)
        self._ranges[start, end] = pages
        pages.pages[page] = {order.order_id for order in answer.orders}
        # One of another day shows that the answer is not to what was asked.
        pages.unreadable += answer.unreadable + sum(not _is_within(order, start, end) for order in answer.orders)
        for order in answer.orders:
            pages.rows.setdefault(order.order_id, {})[order.total, order.sender, order.submitted_at] = order
        present = pages.present
        known = tuple(
            order for order_id in pages.rows if order_id in present for order in pages.rows[order_id].values()
        )
        return known, pages.since_uptime if pages.is_whole else None

    def whole_lists(self) -> list[tuple[date, date, float]]:
        """Return the ranges of days of which all orders were read, each with the uptime since when."""
        return [(start, end, pages.since_uptime) for (start, end), pages in self._ranges.items() if pages.is_whole]

    def orders(self) -> list[OrderSummary]:
        """Return the orders that reports and lists showed; all that are on the pages of the ranges remembered are among them."""
        listed = [order for pages in self._ranges.values() for rows in pages.rows.values() for order in rows.values()]
        latest = [order.summary for order in self._orders.values() if order.summary is not None]
        return list({order.order_id: order for order in (*listed, *latest)}.values())

    def remember_page_of_report(self, attempt_id: int, order_id: OrderId, numbers: Sequence[str], *, fits: bool) -> int:
        """Remember a page of an order that may be an unsettled attempt's; `fits` if all numbers are the attempt's recipients.

        Returns on how many numbers that rests, all pages so far together; 0 if a page did not fit.
        """
        key = attempt_id, order_id
        earlier = self._fitting.get(key, set())
        together = None if earlier is None or not fits else earlier | set(numbers)
        self._fitting[key] = together
        return len(together or ())

    def may_fit(self, attempt_id: int, order_id: OrderId) -> bool:
        """Return whether no page of the order's report showed a number that is not the attempt's."""
        return self._fitting.get((attempt_id, order_id), set()) is not None

    def order(self, order_id: str) -> RememberedOrder | None:
        """Return an order as a report showed it."""
        return self._orders.get(order_id)

    def describe_balance(self, needed: int, now: datetime) -> Note | None:
        """Return a note on the balance and the credits needed, if credits were read."""
        if self._balance is None or self._balance[0].sms is None:
            return None
        sms, at = self._balance[0].sms, self._balance[1]
        enough = Text(
            "Balance: {balance} credits (read {age}); this needs at most {needed}",
            "Bakiye: {balance} kredi ({age} okundu); bu gönderim en çok {needed} kredi",
        )
        too_low = Text(
            "Balance: {balance} credits (read {age}); this needs up to {needed}, which is not enough",
            "Bakiye: {balance} kredi ({age} okundu); bu gönderim en çok {needed} kredi, bakiye yetmez",
        )
        against = sms < needed
        text = (too_low if against else enough).format(balance=int(sms), age=_age(at, now), needed=needed)
        return Note(text, against)

    def approved_senders(self) -> list[Text]:
        """Return a sentence with the approved senders, if they were read."""
        if self._senders is None or not self._senders[0]:
            return []
        return [Text("Approved: {names}.", "Onaylı: {names}.").format(names=quote_some(self._senders[0]))]

    def describe_sender(self, sender: str, now: datetime) -> Note | None:
        """Return a note that the sender is approved, or not, if the senders were read."""
        if self._senders is None:
            return None
        senders, at = self._senders
        against = sender not in senders
        approved = Text("Sender approved (checked {age})", "Başlık onaylı ({age} kontrol edildi)")
        not_approved = Text(
            "Sender NOT among the approved ones (checked {age})",
            "Başlık onaylılar arasında DEĞİL ({age} kontrol edildi)",
        )
        note = (not_approved if against else approved).format(age=_age(at, now))
        return Note(Text.join(". ", [note, *(self.approved_senders() if against else [])]), against)


def _is_within(order: OrderSummary, start: date, end: date) -> bool:
    return order.submitted_at is None or start <= order.submitted_at.astimezone(ISTANBUL).date() <= end


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
