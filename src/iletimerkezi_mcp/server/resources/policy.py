"""The operator's policy as a document: the mode, who must confirm, the limits, and what is left of them today."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import Any

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.confirmation.client_ways import client_ways
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.server.instructions import mode
from iletimerkezi_mcp.settings import SETTINGS, Settings
from iletimerkezi_mcp.settings.ways import describe_ways
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.tools.context import ServerContext

from .read_cache import Document

MAX_LISTED_RECIPIENTS = 100
"""Allowed recipients that are listed."""


async def policy(context: ServerContext, tools: list[str], caller: Caller) -> Document:
    """Return the rules in force now for the client of `caller`, and the offered `tools`, without an API request."""
    settings = context.settings
    ways = client_ways(settings, caller)
    return {
        "mode": "sandbox" if settings.sandbox else "live",
        "summary": context.say(mode(settings)),
        "transport": settings.transport,
        "stateless": not keeps_sessions(settings),
        "tools": tools,
        "read_only": settings.read_only,
        "confirmation": {
            "set_with": "ILETIMERKEZI_CONFIRM",
            "confirm": settings.confirm,
            "ways": list(settings.ways_here),
            "summary": context.say(_confirmation(settings)),
            "this_client": {
                "below_threshold": ways.below,
                "from_threshold": ways.above,
                "summary": context.say(ways.summary(settings.type_count_from)),
            },
        },
        "limits": _limits(settings),
        "today": await _left(context),
        "rules": await _rules(context),
        "masked_numbers": settings.mask_numbers,
        "audit_log": settings.audit_log is not None,
        "sender": settings.sender,
        "brand_code": settings.brand_code,
        "abroad": settings.abroad,
        "character_mode": None if settings.character_mode is None else settings.character_mode.value,
    }


_MEANINGS: dict[str, Text] = {
    "max_recipients": Text(
        "Recipients of all texts within a rolling hour, counted when they are confirmed. A larger list is neither to be "
        "split nor to be spread over hours: the operator decides.",
        "Son bir saatte bütün metinlerin toplam alıcı sayısı; onaylandıkları anda sayılır. Daha uzun bir liste bölünmez, "
        "saatlere yayılmaz: kararı yönetici verir.",
    ),
    "max_list_recipients": Text(
        "Recipients of one campaign from a list; the hour does not count them.",
        "Listeden bir kampanyanın alıcı sayısı; saatlik sınır bunları saymaz.",
    ),
    "type_count_from": Text(
        "From this many recipients or consents on the user types the number; null: no person is asked.",
        "Bu kadar alıcıdan ya da izin kaydından başlayarak kullanıcı sayıyı yazar; null: kişiye sorulmaz.",
    ),
    "max_credits_per_day": Text("Credits a day; null: no limit.", "Günlük kredi; null: sınırsız."),
    "max_consents_per_day": Text(
        "Consents declared to İYS in a day of Istanbul.", "İstanbul saatiyle bir günde İYS'ye bildirilen izin kaydı."
    ),
    "allow_commercial": Text("True: commercial messages may be sent.", "Ticari ileti gönderilip gönderilemeyeceği."),
    "allowed_senders": Text("The only senders allowed; null: all.", "İzin verilen başlıklar; null: hepsi."),
    "allowed_recipients": Text(
        "The only numbers, or prefixes that end in *, to which messages are sent; null: all.",
        "Mesaj gönderilebilen numaralar ya da * ile biten önekler; null: hepsi.",
    ),
}


def _limits(settings: Settings) -> dict[str, Any]:
    """Return each limit with what it means and the variable that sets it."""
    values: dict[str, Any] = {
        "max_recipients": settings.max_recipients,
        **({} if settings.files_dir is None else {"max_list_recipients": settings.max_list_recipients}),
        "type_count_from": None if settings.codes_only else settings.type_count_from,
        "max_credits_per_day": settings.daily_credits,
        "max_consents_per_day": settings.max_consents_per_day,
        "allow_commercial": settings.allow_commercial,
        "allowed_senders": list(settings.allowed_senders) or None,
        "allowed_recipients": list(settings.allowed_recipients[:MAX_LISTED_RECIPIENTS]) or None,
    }
    variables = {setting.field: setting.variable for setting in SETTINGS}
    rows = {
        name: {"value": value, "means": _MEANINGS[name].to(settings.language), "set_with": variables[name]}
        for name, value in values.items()
    }
    if (more := len(settings.allowed_recipients) - MAX_LISTED_RECIPIENTS) > 0:
        rows["allowed_recipients"]["more"] = more
    return rows


async def _left(context: ServerContext) -> dict[str, Any]:
    """Return what is left of the operator's limits on a day and on an hour; null if the ledger cannot be read.

    The day ends in Istanbul. None of it is the account's balance, and the names say so.
    """
    settings = context.settings
    try:
        usage, consents = await context.ledger.usage("recipients"), await context.ledger.usage("consents")
    except LedgerUnavailableError as error:
        figures = ["credits_sent_from_here", "daily_limit_left", "day_ends"]
        figures += ["recipients_left_in_hour", "consents_left_today", "codes_may_confirm"]
        return {**dict.fromkeys(figures), "summary": context.say(error.reason)}
    left = None
    summary = Text(
        "{used} credits used today by sends from here; no limit is set. The balance is separate (get_balance).",
        "Bugün buradan yapılan gönderimlerde {used} kredi kullanıldı; sınır yok. Bakiye ayrıdır (get_balance).",
    ).format(used=usage.credits_today)
    if settings.daily_credits is not None:
        left = max(0, settings.daily_credits - usage.credits_today)
        summary = Text(
            "{used} credits used today by sends from here, {left} left of the operator's limit until {day_ends}. The "
            "balance is separate (get_balance).",
            "Bugün buradan yapılan gönderimlerde {used} kredi kullanıldı; yöneticinin sınırından kalan: {left} kredi "
            "(sıfırlanma: {day_ends}). Bakiye ayrıdır (get_balance).",
        ).format(used=usage.credits_today, left=left, day_ends=describe_time(usage.day_ends))
    return {
        "credits_sent_from_here": usage.credits_today,
        "daily_limit_left": left,
        "day_ends": usage.day_ends.isoformat(timespec="seconds"),
        "recipients_left_in_hour": max(0, settings.max_recipients - usage.recipients_in_hour),
        "consents_left_today": max(0, settings.max_consents_per_day - consents.count_today),
        "codes_may_confirm": {
            "recipients": _codes_left(settings, usage.code_count_in_hour),
            "consents": _codes_left(settings, consents.code_count_in_hour),
        },
        "summary": context.say(summary),
    }


async def _rules(context: ServerContext) -> dict[str, Any]:
    """Return the standing rules that are live, under which messages are sent at once; null if the ledger cannot be read."""
    live: list[dict[str, Any]] | None = None
    with suppress(LedgerUnavailableError):
        live = [
            {field: value for field, value in asdict(rule.terms).items() if field != "approved_by"}
            | {"expires": rule.expires.isoformat(timespec="minutes")}
            for rule in await context.ledger.rules()
            if rule.live
        ]
    return {"set_with": "iletimerkezi-mcp rule", "summary": context.say(_RULES), "live": live}


_RULES = Text(
    "A message with exactly such a text, to one recipient from this sender, is sent at once, unread and "
    "without asking. Only a person at a terminal makes and revokes rules.",
    "Metni tam olarak böyle olan, bu başlıkla tek alıcıya giden mesaj hemen gönderilir: kimseye sorulmaz, kimse okumaz. "
    "Kuralları yalnızca terminaldeki bir kişi oluşturur ve kaldırır.",
)


def _codes_left(settings: Settings, used: int) -> int | None:
    """Return how many more codes alone may confirm in this hour, which have confirmed `used`; None if any number."""
    if settings.codes_only:
        return None
    return max(0, settings.type_count_from - 1 - used) if "code" in settings.ways else 0


def _confirmation(settings: Settings) -> Text:
    rule = confirmation_rule(settings)
    if keeps_sessions(settings) or settings.codes_only:
        return rule
    return Text(
        "{rule} This server keeps no sessions: hosts of the 2025 protocol cannot be asked.",
        "{rule} Bu sunucu oturum tutmaz: 2025 protokolünü kullanan istemcilere soru sorulamaz.",
    ).format(rule=rule)


_NO_CHANGES = Text("Nothing can be changed here.", "Burada hiçbir şey değiştirilemez.")
_NO_WAY = Text(
    "Nothing can be confirmed here: only a page in the browser is allowed, and none can be opened.",
    "Burada hiçbir şey onaylanamaz: yalnızca tarayıcıdaki sayfaya izin var, o da açılamıyor.",
)
_ANY_CODE = Text(
    "Every change is previewed and needs the code of its preview; no form is shown.",
    "Her değişiklik önce önizlenir ve önizlemenin kodunu ister; form gösterilmez.",
)
_BY_PERSON = Text(
    "A person confirms every change {ways}. They also type the number for {number} or more recipients or consents in one call, "
    "and whenever the hour's sum reaches another {number}.",
    "Her değişikliği bir kişi {ways} onaylar. Tek çağrıda {number} ve üzeri alıcı ya da izin kaydında ve son bir saatin toplamı "
    "her {number} arttığında sayıyı da yazar.",
)
_BY_PERSON_OR_CODE = Text(
    "If the host can ask, a person confirms {ways}. They also type the number for {number} or more recipients or consents in "
    "one call, and whenever the hour's sum reaches another {number}. If no form is shown, the code of the preview will "
    "do, too; codes confirm at most {most} recipients and {most} consents an hour.",
    "İstemci sorabiliyorsa bir kişi {ways} onaylar; tek çağrıda {number} ve üzeri alıcı ya da izin kaydında ve son bir saatin "
    "toplamı her {number} arttığında sayıyı da yazar. Form gösterilmiyorsa önizlemenin kodu da yeterlidir; kodla "
    "bir saatte en çok {most} alıcı ve {most} izin kaydı onaylanır.",
)
_BY_CODE = Text(
    "Every change needs the code of its preview; codes confirm at most {most} recipients and {most} consents an hour.",
    "Her değişiklik önizlemesinin kodunu ister; kodla bir saatte en çok {most} alıcı ve {most} izin kaydı onaylanır.",
)
_ON_A_PAGE = Text(
    "If a person is needed and the host cannot ask, a page opens in the browser of this machine, and they decide there.",
    "Bir kişinin onayı gerekiyor ve istemci soramıyorsa bu makinenin tarayıcısında bir sayfa açılır; karar orada verilir.",
)


def confirmation_rule(settings: Settings) -> Text:
    """Return who confirms a change, and by which of the ways that are on."""
    if settings.read_only:
        return _NO_CHANGES
    if settings.codes_only:
        return _ANY_CODE
    ways = settings.ways_here
    if not ways:
        return _NO_WAY
    number, most = settings.type_count_from, settings.type_count_from - 1
    by_host = [way for way in ways if way in ("form", "card")]
    if "code" not in ways:
        rule = _BY_PERSON.format(ways=describe_ways(by_host or ways), number=number)
    elif by_host:
        rule = _BY_PERSON_OR_CODE.format(ways=describe_ways(by_host), number=number, most=most)
    else:
        rule = _BY_CODE.format(most=most)
    return Text.join(" ", [rule, _ON_A_PAGE]) if "page" in ways and ways != ("page",) else rule


def keeps_sessions(settings: Settings) -> bool:
    """Return True if hosts of the 2025 protocol have a session, without which they can be neither asked nor notified."""
    return settings.transport == "stdio" or not settings.stateless
