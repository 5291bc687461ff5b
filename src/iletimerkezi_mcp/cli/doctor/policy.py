"""The operator's own decisions: the character mode, the limits in force, who says yes, the transport."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from iletimerkezi_mcp.language import Text, plural, sentences
from iletimerkezi_mcp.server.browser import graphical_browser
from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.settings.ways import describe_ways
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


_NO_CHANGES = Text("Nothing can be changed here.", "Burada hiçbir şey değiştirilemez.")
_NO_WAY = Text(
    "Nothing can be confirmed: only a page is allowed, and none can open here.",
    "Hiçbir şey onaylanamaz: yalnızca sayfaya izin var, o da burada açılamıyor.",
)
_ANY_CODE = Text(
    "A code confirms a change of any size; no person is asked.",
    "Her büyüklükteki değişikliği kod onaylar; kimseye sorulmaz.",
)
_BY_CODE = Text(
    "Only a code confirms: at most {most} recipients an hour.", "Yalnızca kod onaylar: saatte en çok {most} alıcı."
)
_BY_PERSON = Text("Only a person confirms, {ways}.", "Yalnızca bir kişi {ways} onaylar.")
_BY_PERSON_OR_CODE = Text(
    "A person confirms {ways}; if the host cannot ask, a code does: at most {most} recipients an hour.",
    "Bir kişi {ways} onaylar; istemci soramıyorsa kod: saatte en çok {most} alıcı.",
)
_NO_SCREEN = Text(
    "No page can open: DISPLAY and WAYLAND_DISPLAY are not set.",
    "Sayfa açılamaz: DISPLAY ve WAYLAND_DISPLAY tanımlı değil.",
)
_OTHERWISE = Text("ILETIMERKEZI_CONFIRM changes that.", "ILETIMERKEZI_CONFIRM ile değişir.")
_ASK = Text(
    "ILETIMERKEZI_CONFIRM=auto has a person asked.", "Bir kişiye sorulması için ILETIMERKEZI_CONFIRM=auto yapın."
)


def confirmation_finding(settings: Settings) -> Finding:
    """Say in one line who confirms a change; the documents have the rest."""
    may_page = settings.transport == "stdio" and "page" in settings.ways
    has_page = may_page and graphical_browser() is not None
    ways = replace(settings, page=has_page).ways_here
    if settings.read_only:
        return Finding(Subject.CONFIRMATION, "ok", _NO_CHANGES)
    if not ways:
        return Finding(Subject.CONFIRMATION, "warning", _NO_WAY, _ASK)
    if settings.codes_only and not settings.sandbox:
        return Finding(Subject.CONFIRMATION, "warning", _ANY_CODE, _ASK)
    people, most = [way for way in ways if way != "code"], settings.type_count_from - 1
    if not people:
        rule = _ANY_CODE if settings.codes_only else _BY_CODE.format(most=most)
    elif "code" in ways:
        rule = _BY_PERSON_OR_CODE.format(ways=describe_ways(people), most=most)
    else:
        rule = _BY_PERSON.format(ways=describe_ways(people))
    screen = [_NO_SCREEN] if may_page and not has_page else []
    return Finding(Subject.CONFIRMATION, "ok", sentences(rule, *screen, _OTHERWISE))


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
