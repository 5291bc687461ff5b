"""What a new world holds, so that every read shows something at once. The same on every machine."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

DAY = 86_400.0
"""Seconds of a day; Istanbul's clock is never put forward or back."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """What stands in a world when it is made. `credits` are what is left after the past orders."""

    credits: int = 1000
    senders: tuple[str, ...] = ()
    orders: tuple[PastOrder, ...] = ()
    blacklist: tuple[tuple[int, str], ...] = ()
    consents: tuple[PastConsent, ...] = ()


FIRST_ORDER = 312_891_245
"""The number of the first order of a world; each further one is one more."""

SEED = Seed(
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
"""The world that a person meets first: three senders, 1,000 credits, three orders, a blacklist, consents."""


def sow(db: sqlite3.Connection, seed: Seed, today: date, midnight: float) -> None:
    """Write `seed` into the empty tables of `db`. `midnight` begins `today`, in seconds since 1970."""
    spent = sum(fate == 111 for order in seed.orders for _, fate in order.messages)
    db.execute("INSERT INTO account (granted) VALUES (?)", (seed.credits + spent,))
    db.executemany("INSERT INTO senders (name) VALUES (?)", [(name,) for name in seed.senders])
    for order_id, order in enumerate(seed.orders, FIRST_ORDER):
        at = midnight - order.days_ago * DAY + 10 * 3600
        db.execute(
            "INSERT INTO orders (id, sender, accepted_at, send_at, digest) VALUES (?, ?, ?, ?, '')",
            (order_id, order.sender, at, at),
        )
        db.executemany(
            "INSERT INTO recipients (order_id, position, number, fate, settles_at, credits) VALUES (?, ?, ?, ?, ?, 1)",
            [(order_id, place, number, fate, at + 5) for place, (number, fate) in enumerate(order.messages)],
        )
    db.executemany(
        "INSERT INTO blacklist (number, added_at) VALUES (?, ?)",
        [(number, midnight - days * DAY + 9 * 3600) for days, number in seed.blacklist],
    )
    db.executemany(
        "INSERT INTO consents (brand_code, recipient, recipient_type, channel, status, source, consent_date,"
        " recorded_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                row.brand_code,
                row.recipient,
                row.recipient_type,
                row.channel,
                row.status,
                row.source,
                f"{(day := date.fromordinal(today.toordinal() - row.days_ago)).isoformat()} 10:30:00",
                day.isoformat(),
            )
            for row in seed.consents
        ],
    )
