"""The operator's policy as a document: the mode, who must say yes, the limits, and what is left of them today."""

from __future__ import annotations

from typing import Any

from iletimerkezi_mcp.confirmation.policy import Limits
from iletimerkezi_mcp.language import Text, count
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.server.transport_info import TransportInfo
from iletimerkezi_mcp.settings import SETTINGS, Settings
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.tools.context import ServerContext

from .read_cache import Document

SHOWN = 100
"""Allowed recipients that are listed."""


async def policy(app: ServerContext, transport_info: TransportInfo, tools: list[str]) -> Document:
    """What is in force now, for the `tools` that are offered. No API request."""
    settings, limits = app.settings, Limits.of(app.settings)
    return {
        "mode": "sandbox" if settings.sandbox else "live",
        "told": app.say(_mode(settings)),
        "transport": transport_info.transport,
        "stateless": transport_info.stateless,
        "tools": tools,
        "read_only": settings.read_only,
        "confirmation": {
            "set_with": "ILETIMERKEZI_CONFIRM",
            "confirm": settings.confirm,
            "type_count_from": None if settings.confirm == "code" else settings.type_count_from,
            "told": app.say(_confirmation(settings, transport_info)),
        },
        "limits": _limits(limits, settings),
        "today": await _today(limits, app),
        "masked_numbers": settings.mask_numbers,
        "audit_log": settings.audit_log is not None,
        "sender": settings.sender,
        "brand_code": settings.brand_code,
        "abroad": settings.abroad,
        "character_mode": None if settings.character_mode is None else settings.character_mode.value,
    }


_MEANS: dict[str, Text] = {
    "max_recipients": Text("Recipients of one text within an hour.", "Bir metnin bir saat içindeki alıcıları."),
    "max_credits_per_day": Text("Credits a day; null: no limit.", "Günlük kredi; null: sınırsız."),
    "allow_commercial": Text("Whether commercial messages may be sent.", "Ticari ileti gönderilip gönderilemeyeceği."),
    "allowed_senders": Text("The only senders allowed; null: all.", "İzin verilen başlıklar; null: hepsi."),
    "allowed_recipients": Text(
        "The only numbers allowed, or with * their beginnings; null: all.",
        "İzin verilen numaralar, * ile başlangıçları; null: hepsi.",
    ),
}


def _limits(limits: Limits, settings: Settings) -> dict[str, Any]:
    """Each limit with what it means and the variable that sets it."""
    values: dict[str, Any] = {
        "max_recipients": limits.max_recipients,
        "max_credits_per_day": limits.max_credits_per_day,
        "allow_commercial": limits.allow_commercial,
        "allowed_senders": list(limits.senders) or None,
        "allowed_recipients": list(limits.recipients[:SHOWN]) or None,
    }
    variables = {each.field: each.variable for each in SETTINGS}
    told = {
        name: {"value": value, "means": _MEANS[name].to(settings.language), "set_with": variables[name]}
        for name, value in values.items()
    }
    if (more := len(limits.recipients) - SHOWN) > 0:
        told["allowed_recipients"]["more"] = more
    return told


async def _today(limits: Limits, app: ServerContext) -> dict[str, Any]:
    """Credits used and left until the day ends in Istanbul; null where the ledger cannot be read."""
    try:
        usage = await app.records.usage()
    except LedgerUnavailableError as error:
        return {"credits_used": None, "credits_left": None, "day_ends": None, "told": app.say(error.reason)}
    most = limits.max_credits_per_day
    left = None if most is None else max(0, most - usage.credits_today)
    told = count(usage.credits_today) + Text(" credits used today", " kredi bugün kullanıldı")
    if left is not None:
        told += Text(", ", ", ") + count(left) + Text(" left until ", " kredi kaldı; sıfırlanma: ")
        told += describe_time(usage.day_ends)
    return {
        "credits_used": usage.credits_today,
        "credits_left": left,
        "day_ends": usage.day_ends.isoformat(timespec="seconds"),
        "told": app.say(told + "."),
    }


def _mode(settings: Settings) -> Text:
    if settings.sandbox:
        return Text(
            "The provider is simulated: nothing is real.", "Sağlayıcı bir simülasyondur: hiçbir şey gerçek değil."
        )
    if settings.read_only:
        return Text("A live account, for reading only.", "Canlı hesap, yalnızca okumak için.")
    return Text(
        "A live account: messages reach people and cost credits.", "Canlı hesap: mesajlar ulaşır ve kredi harcar."
    )


def _confirmation(settings: Settings, transport_info: TransportInfo) -> Text:
    told = who_says_yes(settings)
    if transport_info.stateless and settings.confirm != "code":
        cannot = Text(
            " This server keeps no sessions: hosts of the 2025 protocol cannot be asked.",
            " Bu sunucu oturum tutmaz: 2025 protokolünü kullanan istemcilere soru sorulamaz.",
        )
        told += cannot
    return told


def who_says_yes(settings: Settings) -> Text:
    """Who confirms a change, and how."""
    if settings.read_only:
        return Text("Nothing can be changed here.", "Burada hiçbir şey değiştirilemez.")
    typed = count(settings.type_count_from)
    match settings.confirm:
        case "human":
            return (
                Text(
                    "A person says yes in a form to every change; from ",
                    "Her değişikliği bir kişi formda onaylar; ",
                )
                + typed
                + Text(" recipients on they type the number.", " alıcıdan itibaren sayıyı da yazar.")
            )
        case "code":
            return Text(
                "Every change is previewed and needs the code of its preview; no form is shown.",
                "Her değişiklik önce önizlenir ve önizlemenin kodunu ister; form gösterilmez.",
            )
        case _:
            return (
                Text(
                    "A person says yes in a form where the host can show one, else the code of the preview is needed; from ",
                    "İstemci form gösterebiliyorsa bir kişi onaylar, gösteremiyorsa önizlemenin kodu gerekir; ",
                )
                + typed
                + Text(" recipients on only the form will do.", " alıcıdan itibaren yalnızca form geçerlidir.")
            )
