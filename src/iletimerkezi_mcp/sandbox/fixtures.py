"""The content of a new sandbox, so that every read shows something at once. The same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from iletimerkezi_mcp.settings import DEFAULT_SANDBOX_CREDITS

from . import moments
from .consents import INSERT as INSERT_CONSENT
from .request_context import RequestContext


@dataclass(frozen=True, slots=True)
class PastOrder:
    """A finished order of one part: each number with what became of it, 111 or 112."""

    days_ago: int
    sender: str
    messages: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PastConsent:
    """A consent in the registry, from `days_ago` on."""

    days_ago: int
    recipient: str
    recipient_type: str
    channel: str
    status: str
    source: str
    brand_code: str = "123456"


FIRST_ORDER = 312_891_245
"""The number of a sandbox's first order; each further one is one more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixtures:
    """The content of a new sandbox. `credits` are those left after the past orders."""

    credits: int = DEFAULT_SANDBOX_CREDITS
    senders: tuple[str, ...] = ()
    orders: tuple[PastOrder, ...] = ()
    blacklist: tuple[tuple[int, str], ...] = ()
    consents: tuple[PastConsent, ...] = ()

    def insert(self, context: RequestContext) -> None:
        """Write all of it into the empty tables, as of today."""
        db, today = context.db, moments.today(context.now)
        midnight = moments.midnight(today)
        spent = sum(fate == 111 for order in self.orders for _, fate in order.messages)
        db.execute("INSERT INTO account (granted) VALUES (?)", (self.credits + spent,))
        db.executemany("INSERT INTO senders (name) VALUES (?)", [(name,) for name in self.senders])
        for order_id, order in enumerate(self.orders, FIRST_ORDER):
            at = midnight - order.days_ago * moments.DAY + 10 * 3600
            db.execute(
                "INSERT INTO orders (id, sender, accepted_at, send_at, digest) VALUES (?, ?, ?, ?, '')",
                (order_id, order.sender, at, at),
            )
            db.executemany(
                "INSERT INTO recipients (order_id, position, number, fate, settles_at, credits)"
                " VALUES (?, ?, ?, ?, ?, 1)",
                [(order_id, place, number, fate, at + 5) for place, (number, fate) in enumerate(order.messages)],
            )
        db.executemany(
            "INSERT INTO blacklist (number, added_at) VALUES (?, ?)",
            [(number, midnight - days * moments.DAY + 9 * 3600) for days, number in self.blacklist],
        )
        for row in self.consents:
            day = (today - timedelta(days=row.days_ago)).isoformat()
            key = (row.brand_code, row.recipient, row.recipient_type, row.channel)
            db.execute(INSERT_CONSENT, (*key, row.status, row.source, f"{day} 10:30:00", day))


FIXTURES = Fixtures(
    senders=("FIRMAADI", "APITEST", "DEMO FIRMA"),
    orders=(
        PastOrder(5, "DEMO FIRMA", (("+905330000001", 111), ("+905330000002", 111))),
        PastOrder(3, "FIRMAADI", (("+905330000001", 111), ("+905330000002", 111), ("+905330000003", 112))),
        PastOrder(1, "APITEST", (("+905330000099", 111),)),
    ),
    blacklist=((20, "+905330000091"), (12, "+905330000092"), (2, "+905330000093"), (1, "+905000000452")),
    consents=(
        PastConsent(30, "+905330000099", "BIREYSEL", "MESAJ", "ONAY", "HS_WEB"),
        PastConsent(40, "+905330000001", "BIREYSEL", "MESAJ", "ONAY", "HS_FIZIKSEL_ORTAM"),
        PastConsent(40, "+905330000002", "BIREYSEL", "MESAJ", "ONAY", "HS_ISLAK_IMZA"),
        PastConsent(60, "+905330000098", "BIREYSEL", "MESAJ", "ONAY", "HS_WEB"),
        PastConsent(10, "+905330000098", "BIREYSEL", "MESAJ", "RET", "IYS_WEB"),
        PastConsent(90, "+905330000097", "TACIR", "MESAJ", "ONAY", "HS_CAGRI_MERKEZI"),
        PastConsent(15, "+905330000097", "TACIR", "MESAJ", "RET", "IYS_MOBIL"),
        PastConsent(25, "ornek@example.com", "BIREYSEL", "EPOSTA", "ONAY", "HS_WEB"),
    ),
)
"""The usual content: three senders, credits, three orders, a blacklist, consents."""
