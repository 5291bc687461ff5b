"""The values that bring about what one cannot otherwise produce: one table, from which the documents are made.

Numbers are ``+90 500 000 0`` and three digits, a code of the contract where there is one. Among several in
one list, a number that decides over the whole call (a refusal, a lost answer) does so for the first such
number in the list's order, however many ordinary ones stand around it; one that decides over its own
message touches no other. A refusal comes before every other rule but shape and credentials; an answer that
goes astray after the deed does so only where the deed is accepted, and is the plain refusal otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from iletimerkezi_mcp.language import Text

from .answers import Garbled, Lost, Silent

Fate = Literal["undelivered", "waiting", "slow", "blacklisted", "rejected"]
"""What becomes of one recipient; ``rejected`` ends the whole order as not sent (115)."""

RETRY_AFTER = 2
"""Seconds that the simulated 429 asks to wait."""

SLOW_SECONDS = 60
"""How long the slow number keeps its message waiting."""

EVERYWHERE = frozenset(
    {"send-sms", "add-blacklist", "delete-blacklist", "iys-register", "iys-check"},
)
"""The operations in which a number is given."""

CANCEL = frozenset({"cancel-order"})
SEND = frozenset({"send-sms"})


@dataclass(frozen=True, slots=True)
class Code:
    """The call is refused with `code` and nothing is done."""

    code: int
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Astray:
    """`answer` comes in place of the right one; the deed is done before it or not."""

    answer: Lost | Silent | Garbled
    done: bool


Fault = Code | Astray


@dataclass(frozen=True, slots=True)
class Magic:
    """One value of the table: what it is, what it does, on which operations, and that in words."""

    value: str
    kind: Literal["number", "key", "brand code"]
    effect: Fault | Fate
    happens: Text
    on: frozenset[str] = EVERYWHERE


def _number(last: str, effect: Fault | Fate, happens: Text, on: frozenset[str] = EVERYWHERE) -> Magic:
    return Magic(f"+905000000{last}", "number", effect, happens, on)


WRONG_KEY = "wrong-key"
"""The one API key that the simulated provider refuses; any other that is not empty will do."""

UNSUBSCRIBED_BRAND = "403403"
"""The brand code whose İYS subscription has ended."""

MAGIC: tuple[Magic, ...] = (
    _number(
        "110",
        "waiting",
        Text("The message waits for ever (110).", "Mesaj sonsuza dek beklemede kalır (110)."),
        SEND,
    ),
    _number(
        "111",
        "slow",
        Text("The message is delivered after a minute.", "Mesaj bir dakika sonra teslim edilir."),
        SEND,
    ),
    _number(
        "112",
        "undelivered",
        Text(
            "The message is not delivered (112); its credits come back.",
            "Mesaj teslim edilemez (112); kredisi iade edilir.",
        ),
        SEND,
    ),
    _number(
        "115",
        "rejected",
        Text(
            "The order is accepted, then not sent (115); its credits come back.",
            "Sipariş kabul edilir, ama gönderilmez (115); kredileri iade edilir.",
        ),
        SEND,
    ),
    _number(
        "452",
        "blacklisted",
        Text(
            "Always on the blacklist: skipped in a list, refused alone (452), cannot be taken off (474).",
            "Her zaman kara listededir: listede atlanır, tek başına reddedilir (452), listeden çıkarılamaz (474).",
        ),
        frozenset({"send-sms", "delete-blacklist"}),
    ),
    _number("400", Code(400), Text("Refused: not understood (400).", "Reddedilir: istek çözümlenemedi (400).")),
    _number("401", Code(401), Text("Refused: key or hash wrong (401).", "Reddedilir: üyelik bilgileri hatalı (401).")),
    _number(
        "402",
        Code(402),
        Text("Refused: balance exhausted (402).", "Reddedilir: bakiye yetersiz (402)."),
        SEND,
    ),
    _number(
        "429",
        Code(429, RETRY_AFTER),
        Text(
            f"Refused: too many requests (429), with Retry-After: {RETRY_AFTER} seconds.",
            f"Reddedilir: çok fazla istek (429); Retry-After: {RETRY_AFTER} saniye.",
        ),
    ),
    _number(
        "470",
        Code(470),
        Text("Refused: no İYS code set (470).", "Reddedilir: İYS kodu ayarlanmamış (470)."),
        SEND,
    ),
    _number("500", Code(500), Text("The server fails (500); nothing is done.", "Sunucu hatası (500); işlem yapılmaz.")),
    _number(
        "503",
        Code(503),
        Text("Out of service for a while (503); nothing is done.", "Geçici olarak hizmet dışı (503); işlem yapılmaz."),
    ),
    _number(
        "900",
        Astray(Lost(), done=True),
        Text("Done, but the answer is lost on its way.", "İşlem yapılır, ama yanıt yolda kaybolur."),
    ),
    _number(
        "901",
        Astray(Lost(), done=False),
        Text("Not done, and the connection drops.", "İşlem yapılmaz ve bağlantı kopar."),
    ),
    _number(
        "902",
        Astray(Silent(), done=True),
        Text("Done, but no answer ever comes (timeout).", "İşlem yapılır, ama hiç yanıt gelmez (zaman aşımı)."),
    ),
    _number(
        "903",
        Astray(Silent(), done=False),
        Text("Not done, and no answer ever comes (timeout).", "İşlem yapılmaz ve hiç yanıt gelmez (zaman aşımı)."),
    ),
    _number(
        "904",
        Astray(Garbled(), done=True),
        Text("Done, but a page of HTML comes back.", "İşlem yapılır, ama yanıt olarak bir HTML sayfası gelir."),
    ),
    _number(
        "905",
        Astray(Garbled(), done=False),
        Text("Not done, and a page of HTML comes back.", "İşlem yapılmaz ve yanıt olarak bir HTML sayfası gelir."),
    ),
    _number(
        "910",
        Astray(Lost(), done=True),
        Text(
            "A scheduled order with it can be cancelled, but the answer to that is lost.",
            "Bu numarayı içeren ileri tarihli sipariş iptal edilebilir, ama iptalin yanıtı kaybolur.",
        ),
        CANCEL,
    ),
    Magic(
        WRONG_KEY,
        "key",
        Code(401),
        Text(
            "Refused as an API key (401); any other key and hash that are not empty will do.",
            "API anahtarı olarak reddedilir (401); boş olmayan diğer her anahtar ve hash geçerlidir.",
        ),
        frozenset(),
    ),
    Magic(
        UNSUBSCRIBED_BRAND,
        "brand code",
        Code(403),
        Text("No active İYS subscription (403).", "Aktif İYS aboneliği yoktur (403)."),
        frozenset({"iys-register", "iys-check"}),
    ),
)
"""Every magic value."""

_FAULTS: dict[tuple[str, str], Fault] = {
    (operation, row.value): row.effect
    for row in MAGIC
    if row.kind == "number" and not isinstance(row.effect, str)
    for operation in row.on
}
FATES: dict[str, Fate] = {row.value: row.effect for row in MAGIC if isinstance(row.effect, str)}
"""The numbers that decide over their own message, and how."""

FAULT_NUMBERS = frozenset(number for _, number in _FAULTS)
"""The numbers that decide over a whole call."""


def fault(operation: str, numbers: Iterable[str]) -> Fault | None:
    """The fault that the first fitting number of `numbers` brings over `operation`, or None."""
    for number in numbers:
        if number in FAULT_NUMBERS and (found := _FAULTS.get((operation, number))):
            return found
    return None
