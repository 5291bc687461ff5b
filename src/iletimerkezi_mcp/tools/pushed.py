"""The reports that the provider pushed about orders, beside what it answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from iletimerkezi_mcp.language import Text, sentences
from iletimerkezi_mcp.ledger.pushed_reports import PushedCounts, PushedToNumber
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.sms.clock import describe_time

from .answers import AnswerPart, iso
from .context import ServerContext

Newer = Literal["pushed", "provider"]


class Pushed(AnswerPart):
    """The numbers of an order by the reports pushed until `at`, and if those or the provider's answer are `newer`.

    Of `contradicted` numbers another final state was pushed later.
    """

    delivered: int
    undelivered: int
    waiting: int
    at: str
    newer: Newer
    contradicted: int | None = None


async def read_pushed(order_ids: Iterable[str], context: ServerContext) -> dict[str, PushedCounts]:
    """Return what was pushed about orders from here; nothing if the ledger cannot be read, for a read goes on."""
    try:
        return await context.ledger.pushed(tuple(order_ids))
    except LedgerUnavailableError:
        return {}


async def read_pushed_to(order_id: str, numbers: Sequence[str], context: ServerContext) -> dict[str, PushedToNumber]:
    """Return what was pushed about numbers of an order from here; nothing as :func:`read_pushed` does."""
    try:
        return await context.ledger.pushed_to(order_id, numbers)
    except LedgerUnavailableError:
        return {}


def sum_of(counts: Collection[PushedCounts]) -> PushedCounts | None:
    """Return the counts of several orders as one; None without any."""
    if not counts:
        return None
    return PushedCounts(
        delivered=sum(one.delivered for one in counts),
        undelivered=sum(one.undelivered for one in counts),
        waiting=sum(one.waiting for one in counts),
        contradicted=sum(one.contradicted for one in counts),
        at=max(one.at for one in counts),
    )


def pushed_part(counts: PushedCounts | None, asked: datetime) -> Pushed | None:
    """Return `counts` as an answer has them; `asked` is when the provider was asked, by the wall clock."""
    if counts is None:
        return None
    return Pushed(
        delivered=counts.delivered,
        undelivered=counts.undelivered,
        waiting=counts.waiting,
        at=iso(counts.at) or "",
        newer=_newer(counts, asked),
        contradicted=counts.contradicted or None,
    )


def describe_pushed(counts: PushedCounts, asked: datetime) -> Text:
    """Return `counts` in a sentence, and in a second one that some of them were contradicted."""
    told = _COUNTS[_newer(counts, asked)].format(
        time=describe_time(counts.at),
        delivered=counts.delivered,
        undelivered=counts.undelivered,
        waiting=counts.waiting,
    )
    if not counts.contradicted:
        return told
    return sentences(told, _CONTRADICTED.format(number=counts.contradicted))


def _newer(counts: PushedCounts, asked: datetime) -> Newer:
    # A report that came while the provider answered may say more than the answer.
    return "pushed" if counts.at > asked else "provider"


_COUNTS: Mapping[Newer, Text] = {
    "provider": Text(
        "Pushed reports, the last change at {time}, older than this answer: {delivered} delivered, {undelivered} undelivered, "
        "{waiting} waiting.",
        "İletim bildirimleri (son değişiklik {time}, bu yanıttan eski): iletilen {delivered}, iletilemeyen {undelivered}, "
        "bekleyen {waiting}.",
    ),
    "pushed": Text(
        "Pushed reports, the last change at {time}, newer than this answer: {delivered} delivered, {undelivered} undelivered, "
        "{waiting} waiting.",
        "İletim bildirimleri (son değişiklik {time}, bu yanıttan yeni): iletilen {delivered}, iletilemeyen {undelivered}, "
        "bekleyen {waiting}.",
    ),
}
_CONTRADICTED = Text(
    "Numbers of which another final state was pushed later: {number}.",
    "Sonradan başka bir kesin durumu bildirilen numara: {number}.",
)
LATE = Text(
    "Older than an hour and not reported in full, though reports on other orders came before and after: {order_ids}.",
    "Bir saatten eski olup, öncesinde ve sonrasında başka gönderimlerinki geldiği hâlde iletim bildirimleri eksik olan "
    "gönderimler: {order_ids}.",
)
