"""The name that a person may have meant who typed another: slips of the keyboard, and the words of other languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.normalize import fold

SIMILARITY = 0.75
"""The least similarity of two words for one to be taken for a slip of the other."""

LONGEST = 40
"""Characters of a word that are compared."""

DID_YOU_MEAN = Text("{problem} Did you mean {close}?", "{problem} {close} mi demek istediniz?")

# Spelled as `fold` leaves them. A name has the same neighbours wherever it is: as a command, a tool, a flag or a value.
_NEIGHBOURS: Final[Mapping[str, str]] = {
    "commercial": "ticari kampanya reklam pazarlama promotional marketing kommerziell werbung",
    "transactional": "bilgilendirme bilgi islem hizmet informational notification transaktional",
    "BIREYSEL": "consumer individual privat tuketici",
    "TACIR": "merchant business esnaf gewerblich",
    "MESAJ": "sms message",
    "ARAMA": "call phone anruf",
    "EPOSTA": "email e-mail mail",
    "ONAY": "consent optin accept izin",
    "RET": "refusal optout reject red",
    "undelivered": "iletilmeyen iletilemeyen failed",
    "waiting": "bekleyen pending",
    "delivered": "iletilen sent",
    "all": "hepsi tumu alle",
    "none": "hicbiri hic",
    "turkish": "turkce tr",
    "english": "ingilizce en",
    "send_sms": "send sms gonder senden",
    "cancel_order": "cancel iptal stornieren",
    "get_report": "report rapor bericht status durum",
    "get_reports": "reports orders raporlar siparisler",
    "get_balance": "balance bakiye kredi guthaben",
    "get_sender": "sender senders baslik basliklar absender",
    "get_blacklist": "blacklist karaliste kara_liste",
    "add_blacklist": "block engelle",
    "delete_blacklist": "unblock remove_blacklist",
    "iys_check": "izin_sorgula check_consent",
    "iys_register": "izin_bildir register_consent",
    "call": "cagir run tool",
    "config": "configure install setup kur ayarla yapilandir",
    "demo": "dene try tanitim",
    "doctor": "check diagnose kontrol denetle",
    "sandbox": "deneme simulator",
    "state": "kvkk durum forget",
    "recipients": "to numbers phone alicilar alici numara",
    "recipient": "to alici",
    "text": "message msg mesaj metin",
    "message-type": "type kind tur tip",
    "iys-list": "liste iys",
    "sender": "from originator baslik absender",
    "send-at": "at date time schedule tarih zaman saat",
    "label": "name etiket ad",
    "confirm": "yes kod onay",
    "order-id": "order id siparis",
    "number": "phone numara",
    "lang": "language dil",
    "charset": "encoding character-mode karakter",
    "confirm-mode": "confirmation onay",
}


def closest(word: str, names: Iterable[str]) -> str | None:
    """Return that of `names` that `word` is a slip or a neighbour of, if there is one."""
    spellings: dict[str, str] = {}
    for name in names:
        for spelling in (name, *_NEIGHBOURS.get(name.lstrip("-"), "").split()):
            spellings.setdefault(fold(spelling).lstrip("-"), name)
    typed = fold(word[:LONGEST]).lstrip("-")
    found = get_close_matches(typed, spellings, 1, SIMILARITY)
    return spellings[found[0]] if found else None


def with_suggestion(problem: Text, word: str, names: Iterable[str]) -> Text:
    """Return `problem`, followed by the name that `word` was meant to be, if one is near."""
    close = closest(word, names)
    return problem if close is None else DID_YOU_MEAN.format(problem=problem, close=close)
