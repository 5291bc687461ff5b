"""The values that bring about what cannot be produced otherwise: one table, from which the documents are made.

Numbers are ``+90 500 000 0`` and three digits, a code of the contract if there is one. Among several in one list, a
number that decides over the whole call (a refusal, a lost answer) does so for the first such number in the list's
order, however many ordinary ones surround it; one that decides over its own message touches no other. A refusal comes
before every other rule but shape and credentials; a call that is carried out loses its answer only if it is accepted,
and is refused as usual otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from iletimerkezi_mcp.language import Text

from .answers import ConnectionLoss, FailedAnswer, HtmlPage, Silence
from .request_context import RefusalError, RequestContext, UndoneError

Fate = Literal[
    "undelivered",
    "waiting",
    "slow",
    "blacklisted",
    "pushed_late",
    "pushed_twice",
    "pushed_out_of_order",
    "never_pushed",
    "rejected",
    "first_text_only",
    "messages_counted",
]
"""The fate of one recipient; the last three are its whole order's, whose own message is delivered as usual.

Those that are pushed in some way are of the reports that the provider pushes: the message is delivered as usual.

``rejected`` ends it as not sent (115), ``first_text_only`` loses all texts but the first, and with ``messages_counted``
the limit of an order counts its messages instead of its numbers.
"""

RETRY_AFTER = 2
"""Seconds that the simulated 429 asks to wait."""

SLOW_SECONDS = 60
"""The seconds that the slow number keeps its message waiting."""

LATE_SECONDS = 60
"""The seconds by which the final report of a message is pushed late."""

EVERYWHERE = frozenset({"send-sms", "add-blacklist", "delete-blacklist", "consent/create", "consent/show"})
"""The operations in which a number is given."""

CANCEL = frozenset({"cancel-order"})
SEND = frozenset({"send-sms"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """The call is refused with `code` and nothing is done."""

    code: int
    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """`answer` comes in place of a proper one; the call is carried out before it or not."""

    answer: FailedAnswer
    done: bool


Fault = Refusal | LostAnswer


@dataclass(frozen=True, slots=True)
class Magic:
    """One value of the table: what it is, what it does, on which operations, and that in words."""

    value: str
    kind: Literal["number", "key", "brand code"]
    effect: Fault | Fate
    happens: Text
    on: frozenset[str] = EVERYWHERE


def _number(last: str, effect: Fault | Fate, en: str, tr: str, on: frozenset[str] = EVERYWHERE) -> Magic:
    return Magic(f"+905000000{last}", "number", effect, Text(en, tr), on)


WRONG_KEY = "wrong-key"
"""The one API key that the simulated provider refuses; any other that is not empty will do."""

UNSUBSCRIBED_BRAND = "403403"
"""The brand code whose İYS subscription has ended."""

MAGIC: tuple[Magic, ...] = (
    _number("110", "waiting", "The message waits for ever (110).", "Mesaj sonsuza dek beklemede kalır (110).", SEND),
    _number("111", "slow", "The message is delivered after a minute.", "Mesaj bir dakika sonra teslim edilir.", SEND),
    _number(
        "112",
        "undelivered",
        "The message is not delivered (112); its credits come back.",
        "Mesaj teslim edilemez (112); kredisi iade edilir.",
        SEND,
    ),
    _number(
        "115",
        "rejected",
        "The order is accepted, then not sent (115); its credits come back.",
        "Gönderim kabul edilir, ama çıkmaz (115); kredileri iade edilir.",
        SEND,
    ),
    _number(
        "452",
        "blacklisted",
        "Always on the blacklist: skipped in a list, refused alone (452), cannot be taken off (474).",
        "Her zaman kara listededir: listede atlanır, tek başına reddedilir (452), listeden çıkarılamaz (474).",
        frozenset({"send-sms", "delete-blacklist"}),
    ),
    _number("400", Refusal(400), "Refused: not understood (400).", "Reddedilir: istek çözümlenemedi (400)."),
    _number("401", Refusal(401), "Refused: key or hash wrong (401).", "Reddedilir: üyelik bilgileri hatalı (401)."),
    _number("402", Refusal(402), "Refused: balance exhausted (402).", "Reddedilir: bakiye yetersiz (402).", SEND),
    _number(
        "429",
        Refusal(429, RETRY_AFTER),
        f"Refused: too many requests (429), with Retry-After: {RETRY_AFTER} seconds.",
        f"Reddedilir: çok fazla istek (429); Retry-After: {RETRY_AFTER} saniye.",
    ),
    _number("470", Refusal(470), "Refused: no İYS code set (470).", "Reddedilir: İYS kodu ayarlanmamış (470).", SEND),
    _number("500", Refusal(500), "The server fails (500); nothing is done.", "Sunucu hatası (500); işlem yapılmaz."),
    _number(
        "503",
        Refusal(503),
        "Out of service for a while (503); nothing is done.",
        "Geçici olarak hizmet dışı (503); işlem yapılmaz.",
    ),
    _number(
        "900",
        LostAnswer(ConnectionLoss(), done=True),
        "Done, but the answer is lost on its way.",
        "İşlem yapılır, ama yanıt yolda kaybolur.",
    ),
    _number(
        "901",
        LostAnswer(ConnectionLoss(), done=False),
        "Not done, and the connection drops.",
        "İşlem yapılmaz ve bağlantı kopar.",
    ),
    _number(
        "902",
        LostAnswer(Silence(), done=True),
        "Done, but no answer ever comes (timeout).",
        "İşlem yapılır, ama hiç yanıt gelmez (zaman aşımı).",
    ),
    _number(
        "903",
        LostAnswer(Silence(), done=False),
        "Not done, and no answer ever comes (timeout).",
        "İşlem yapılmaz ve hiç yanıt gelmez (zaman aşımı).",
    ),
    _number(
        "904",
        LostAnswer(HtmlPage(), done=True),
        "Done, but a page of HTML comes back.",
        "İşlem yapılır, ama yanıt olarak bir HTML sayfası gelir.",
    ),
    _number(
        "905",
        LostAnswer(HtmlPage(), done=False),
        "Not done, and a page of HTML comes back.",
        "İşlem yapılmaz ve yanıt olarak bir HTML sayfası gelir.",
    ),
    _number(
        "910",
        LostAnswer(ConnectionLoss(), done=True),
        "A scheduled order with it can be cancelled, but the answer to that is lost.",
        "Bu numarayı içeren ileri tarihli gönderim iptal edilebilir, ama iptalin yanıtı kaybolur.",
        CANCEL,
    ),
    _number(
        "920",
        "first_text_only",
        "Of an order of several texts only the first goes out, so that its total is too small.",
        "Birden çok metinli gönderimin yalnızca ilk metni çıkar; toplamı bu yüzden eksik olur.",
        SEND,
    ),
    _number(
        "921",
        "messages_counted",
        "The 50,000 of an order counts its messages, not their numbers.",
        "Bir gönderimdeki 50.000 sınırı numaraları değil mesajları sayar.",
        SEND,
    ),
    _number(
        "930",
        "pushed_late",
        "Delivered as usual, but the pushed report of it comes a minute late.",
        "Olağan biçimde teslim edilir, ama iletim bildirimi bir dakika geç gelir.",
        SEND,
    ),
    _number(
        "931",
        "pushed_twice",
        "Each of its pushed reports comes twice.",
        "İletim bildirimlerinin her biri iki kez gelir.",
        SEND,
    ),
    _number(
        "932",
        "pushed_out_of_order",
        "The pushed report that it is delivered comes a second before the one that it is on its way.",
        "Teslim edildiğini söyleyen iletim bildirimi, yola çıktığını söyleyenden bir saniye önce gelir.",
        SEND,
    ),
    _number(
        "933",
        "never_pushed",
        "Delivered as usual, but nothing is ever pushed about it.",
        "Olağan biçimde teslim edilir, ama hakkında hiç iletim bildirimi gelmez.",
        SEND,
    ),
    Magic(
        WRONG_KEY,
        "key",
        Refusal(401),
        Text(
            "Refused as an API key (401); any other key and hash that are not empty will do.",
            "API anahtarı olarak reddedilir (401); boş olmayan diğer her anahtar ve hash geçerlidir.",
        ),
        frozenset(),
    ),
    Magic(
        UNSUBSCRIBED_BRAND,
        "brand code",
        Refusal(403),
        Text("No active İYS subscription (403).", "Aktif İYS aboneliği yoktur (403)."),
        frozenset({"consent/create", "consent/show"}),
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


def apply(context: RequestContext, numbers: Iterable[str]) -> None:
    """Bring about the fault of the first of `numbers` that has one for the operation.

    Raises :class:`RefusalError` for a refusal and :class:`UndoneError` for a call that is not carried out; an answer
    that is lost afterwards is set in `context`.
    """
    for number in numbers:
        match _FAULTS.get((context.operation, number)):
            case Refusal(code, retry_after):
                raise RefusalError(code, retry_after=retry_after)
            case LostAnswer(answer, done=False):
                raise UndoneError(answer)
            case LostAnswer(answer):
                context.answer = answer
                return
