"""The operator's own decisions: the character mode, the limits in force, who says yes, the transport."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.server.browser import graphical_browser
from iletimerkezi_mcp.server.resources.policy import confirmation_rule
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.transports.config import NetworkService

from .report import Finding, Subject


def character_mode_finding(settings: Settings) -> Finding:
    """Find if the operator has said how the account counts characters, which cannot be read."""
    if settings.character_mode is not None:
        summary = Text("Set to {mode}.", "{mode} olarak ayarlı.").format(mode=settings.character_mode.value)
        return Finding(Subject.CHARACTER_MODE, "ok", summary)
    summary = Text(
        "Unknown: previews show both readings, and limits count the more expensive one.",
        "Bilinmiyor: önizlemeler iki olasılığı da gösterir, sınırlar pahalı olana göre hesaplanır.",
    )
    if settings.sandbox:
        return Finding(Subject.CHARACTER_MODE, "ok", summary)
    next_step = Text(
        "Set ILETIMERKEZI_CHARSET as panel.iletimerkezi.com/settings/sms/encoding shows it.",
        "ILETIMERKEZI_CHARSET ayarını panel.iletimerkezi.com/settings/sms/encoding sayfasında göründüğü gibi yazın.",
    )
    return Finding(Subject.CHARACTER_MODE, "warning", summary, next_step)


def limits_finding(settings: Settings) -> Finding:
    summary = Text(
        "{recipients} in an hour, all texts together; {credits}; {consents}; {commercial}; {senders}; {allowed}.",
        "Bütün metinler birlikte bir saatte en çok {recipients}; {credits}; {consents}; {commercial}; {senders}; {allowed}.",
    )
    summary = summary.format(
        recipients=plural(settings.max_recipients, "recipient", "recipients", "alıcı"),
        credits=Text("credits without limit", "sınırsız kredi")
        if settings.daily_credits is None
        else plural(settings.daily_credits, "credit a day", "credits a day", "kredi (bir günde)"),
        consents=plural(
            settings.max_consents_per_day, "consent a day", "consents a day", "İYS izni bildirimi (bir günde)"
        ),
        commercial=Text("commercial messages allowed", "ticari ileti serbest")
        if settings.allow_commercial
        else Text("no commercial messages", "ticari ileti kapalı"),
        senders=Text("senders {senders}", "başlıklar: {senders}").format(senders=", ".join(settings.allowed_senders))
        if settings.allowed_senders
        else Text("any approved sender", "her onaylı başlık"),
        allowed=Text("recipients on a list of {number}", "alıcı listesinde {number} giriş").format(
            number=len(settings.allowed_recipients)
        )
        if settings.allowed_recipients
        else Text("any recipient", "her alıcı"),
    )
    if settings.files_dir is not None:
        campaign = Text(
            "A campaign from a list: at most {recipients} (ILETIMERKEZI_MAX_LIST_RECIPIENTS).",
            "Listeden bir kampanya: en çok {recipients} (ILETIMERKEZI_MAX_LIST_RECIPIENTS).",
        ).format(recipients=plural(settings.max_list_recipients, "recipient", "recipients", "alıcı"))
        summary = Text.join(" ", [summary, campaign])
    return Finding(Subject.LIMITS, "ok", summary)


_OR_LESS = Text(
    "Stricter: ILETIMERKEZI_CONFIRM=human, a person for every change, or a lower ILETIMERKEZI_TYPE_COUNT_FROM. Looser: a "
    "higher one, or ILETIMERKEZI_CONFIRM=code, codes for any size: a host that shows neither forms nor cards needs that for "
    "large lists, unless a page can open. One that declares forms but shows none needs it for every change. What your host "
    "has declared is in iletimerkezi://policy.",
    "Sıkılaştırmak için: ILETIMERKEZI_CONFIRM=human (her değişiklikte bir kişi) ya da daha düşük bir "
    "ILETIMERKEZI_TYPE_COUNT_FROM. Gevşetmek için: daha yükseği ya da ILETIMERKEZI_CONFIRM=code (her büyüklükte kod); "
    "form da kart da göstermeyen bir istemcide, sayfa da açılamıyorsa, büyük listeler bunu gerektirir; form gösterebildiğini "
    "bildirip göstermeyen bir istemcide ise her değişiklik. İstemcinizin ne bildirdiği iletimerkezi://policy kaynağındadır.",
)
_OR_CODES = Text(
    "Looser: ILETIMERKEZI_CONFIRM=auto, codes for small changes if the host cannot ask, or code, codes for any size. A host "
    "that cannot ask can change nothing as it is, unless a page may be and can be opened on its machine.",
    "Gevşetmek için: ILETIMERKEZI_CONFIRM=auto (istemci soramıyorsa küçük değişikliklerde kod) ya da code (her büyüklükte "
    "kod). Bu hâliyle soramayan bir istemci, makinesinde sayfaya da izin yoksa ya da açılamıyorsa hiçbir şeyi değiştiremez.",
)
_OR_A_PERSON = Text(
    "Stricter: ILETIMERKEZI_CONFIRM=auto or human, if a person is to be asked.",
    "Sıkılaştırmak için: bir kişiye sorulsun istiyorsanız ILETIMERKEZI_CONFIRM ayarını auto ya da human yapın.",
)

_NO_SCREEN = Text(
    "No page can open from here: neither DISPLAY nor WAYLAND_DISPLAY is set.",
    "Buradan sayfa açılamaz: DISPLAY da WAYLAND_DISPLAY da tanımlı değil.",
)


def confirmation_finding(settings: Settings) -> Finding:
    """Say who confirms a change, and how that is made stricter or looser: only here and in the documents."""
    may_page = settings.transport == "stdio" and "page" in settings.ways
    has_page = may_page and graphical_browser() is not None
    settings = replace(settings, page=has_page)
    summary = confirmation_rule(settings)
    if settings.read_only:
        return Finding(Subject.CONFIRMATION, "ok", summary)
    if may_page and not has_page:
        summary = Text.join(" ", [summary, _NO_SCREEN])
    if settings.codes_only and not settings.sandbox:
        return Finding(Subject.CONFIRMATION, "warning", summary, _OR_A_PERSON)
    if not settings.ways_here:
        return Finding(Subject.CONFIRMATION, "warning", summary, _OR_CODES)
    other_ways = _OR_A_PERSON if settings.codes_only else _OR_LESS if "code" in settings.ways else _OR_CODES
    return Finding(Subject.CONFIRMATION, "ok", Text.join(" ", [summary, other_ways]))


def transport_findings(settings: Settings) -> Iterator[Finding]:
    """Describe the transport as it would be served, and to whose tokens. Nothing is opened."""
    if settings.transport == "stdio":
        yield Finding(
            Subject.TRANSPORT, "ok", Text("stdio: the host starts the server.", "stdio: sunucuyu istemci başlatır.")
        )
        return
    try:
        service = NetworkService.of(settings)
    except SettingsError as error:
        yield Finding(Subject.TRANSPORT, "wrong", error.reason)
        return
    place = f"{service.transport}, {service.address}:{service.port}{service.path}"
    if service.tokens is None:
        summary = Text("{place}.", "{place}.").format(place=place)
    else:
        summary = Text("{place}, to the tokens {names}.", "{place}; kabul edilen token'lar: {names}.").format(
            place=place, names=", ".join(service.tokens.names)
        )
    yield Finding(Subject.TRANSPORT, "ok", summary)
    next_step = Text("Keep it only if that is intended.", "Yalnızca bilinçli bir seçimse böyle bırakın.")
    for notice in service.notices():
        yield Finding(Subject.TRANSPORT, "warning", notice, next_step)
