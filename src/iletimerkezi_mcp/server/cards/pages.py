"""The pages of the cards: each is one file without a request to anywhere, in the language of the server."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import mcp.types as mcp_types
from mcp.server.apps import APP_MIME_TYPE

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.language import Language, Text
from iletimerkezi_mcp.tools.tool import APPROVAL_CARD, DELIVERY_CARD

_FOLDER = Path(__file__).parent

_SCRIPTS = {APPROVAL_CARD: "approval.js", DELIVERY_CARD: "delivery.js"}

LIFE = timedelta(hours=1)
"""The time for which a host may keep a page; it changes with the server only."""

_META = {"ui": {"csp": {"connectDomains": [], "resourceDomains": []}, "prefersBorder": True}}

_TITLE = Text("iletiMerkezi SMS", "iletiMerkezi SMS")
_LOADING = Text("Waiting for the host.", "İstemci bekleniyor.")
_NO_SCRIPT = Text(
    "This host runs no scripts here; the answer is in the chat.",
    "Bu istemci burada betik çalıştırmıyor; yanıt sohbette.",
)

_WORDS: Mapping[str, Text] = {
    "no_answer": Text("There was no answer.", "Yanıt gelmedi."),
    "cancelled": Text("The call was cancelled.", "Çağrı iptal edildi."),
    "sandbox": Text("sandbox, nothing real", "deneme ortamı, gerçek değil"),
}

_DELIVERY_WORDS: Mapping[str, Text] = {
    "delivery": Text("Delivery", "İletim"),
    "order": Text("Order {order}", "Gönderim no {order}"),
    "campaign": Text("Campaign {campaign}", "Kampanya {campaign}"),
    "campaigns": Text("Campaigns", "Kampanyalar"),
    "progress": Text(
        "Delivered {delivered} of {total} ({percent} %)", "{total} mesajdan {delivered} tanesi iletildi (%{percent})"
    ),
    "delivered": Text("Delivered: {number}", "İletilen: {number}"),
    "undelivered": Text("Undelivered: {number}", "İletilemeyen: {number}"),
    "waiting": Text("Waiting: {number}", "Bekleyen: {number}"),
    "undelivered_all": Text("Undelivered numbers", "İletilemeyen numaralar"),
    "undelivered_some": Text(
        "Undelivered numbers: {number} of {total}", "İletilemeyen numaralar: {total} numaradan {number} tanesi"
    ),
    "column_order": Text("Order", "Gönderim no"),
    "column_campaign": Text("Campaign", "Kampanya"),
    "column_list": Text("List", "Liste"),
    "column_state": Text("State", "Durum"),
    "column_recipients": Text("Recipients", "Alıcı"),
    "column_accepted": Text("Accepted", "Kabul edilen"),
    "column_left": Text("Left", "Kalan"),
    "column_delivered": Text("Delivered", "İletilen"),
    "column_undelivered": Text("Undelivered", "İletilemeyen"),
    "column_waiting": Text("Waiting", "Bekleyen"),
    "state_scheduled": Text("scheduled", "ileri tarihli"),
    "state_sending": Text("still sending", "gönderim sürüyor"),
    "state_finished": Text("finished", "gönderim bitti"),
    "state_not_sent": Text("not sent", "gönderilmedi"),
    "state_unknown": Text("of unknown outcome", "sonucu bilinmiyor"),
    "state_in_flight": Text("being handed over now", "şu anda aktarılıyor"),
    "state_refused": Text("refused", "reddedildi"),
    "state_nothing_done": Text("did not leave", "yola çıkmadı"),
    "state_not_found": Text("taken as not sent", "gitmemiş sayılıyor"),
    "state_cancelled": Text("cancelled", "iptal edildi"),
    "state_other": Text("not read", "okunmadı"),
    "progress_under_way": Text("under way", "sürüyor"),
    "progress_interrupted": Text("interrupted", "yarıda kaldı"),
    "progress_finished": Text("all orders accepted", "bütün gönderimler kabul edildi"),
    "progress_stopped": Text("stopped", "durdu"),
    "progress_cancelled": Text("cancelled", "iptal edildi"),
    "refresh": Text("Refresh", "Yenile"),
    "read_at": Text("As of {time}.", "Saat {time} itibarıyla."),
    "read_again": Text("As of {time}; it refreshes by itself.", "Saat {time} itibarıyla; kendiliğinden yenilenir."),
    "given_up": Text(
        "As of {time}; it no longer refreshes by itself.",
        "Saat {time} itibarıyla; artık kendiliğinden yenilenmez.",
    ),
    "read_failed": Text(
        "It could not be refreshed: {reason} The figures are those of {time}.",
        "Yenilenemedi: {reason} Sayılar saat {time} itibarıyladır.",
    ),
}


_APPROVAL_WORDS: Mapping[str, Text] = {
    "not_asked": Text("The server could not be asked. {reason}", "Sunucuya sorulamadı. {reason}"),
    "not_known": Text(
        "It is not known if your decision arrived, or what came of it. {reason} Ask again here: that only looks.",
        "Kararınızın ulaşıp ulaşmadığı ve ne olduğu bilinmiyor. {reason} Buradan yeniden sorun; bununla bir işlem yapılmaz.",
    ),
    "still_under_way": Text("It is still being done.", "Hâlâ yapılıyor."),
    "ask_again": Text("Ask again", "Yeniden sor"),
}


def read_card(uri: str, language: Language) -> mcp_types.ReadResourceResult | None:
    """Return the card at `uri` as the protocol carries it, None if it is not one's."""
    if uri not in _SCRIPTS:
        return None
    page = mcp_types.TextResourceContents(uri=uri, mime_type=APP_MIME_TYPE, text=card_page(uri, language), _meta=_META)
    return mcp_types.ReadResourceResult(contents=[page], ttl_ms=int(LIFE / timedelta(milliseconds=1)))


@cache
def card_page(uri: str, language: Language) -> str:
    """Return the page of a card."""
    texts = {**_WORDS, **(_DELIVERY_WORDS if uri == DELIVERY_CARD else _APPROVAL_WORDS)}
    words: dict[str, Any] = {name: text.to(language, "person") for name, text in texts.items()}
    words["app"] = {"name": "iletimerkezi-mcp", "version": __version__}
    parts = {
        "language": language,
        "title": escape(_TITLE.to(language)),
        "loading": escape(_LOADING.to(language)),
        "no_script": escape(_NO_SCRIPT.to(language)),
        "style": _part("card.css"),
        "words": json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"),
        "script": _part("bridge.js") + _part(_SCRIPTS[uri]),
    }
    return re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], _part("card.html"))


def _part(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
