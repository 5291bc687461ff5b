"""The operator's own decisions: the character mode, the limits in force, who says yes, the transport."""

from __future__ import annotations

from collections.abc import Iterator

from iletimerkezi_mcp.confirmation.policy import SendPolicy
from iletimerkezi_mcp.language import Text, plural
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
    limits = SendPolicy.of(settings)
    summary = Text(
        "{recipients} in an hour, all texts together; {credits}; {consents}; {commercial}; {senders}; {allowed}.",
        "Bütün metinler birlikte bir saatte en çok {recipients}; {credits}; {consents}; {commercial}; {senders}; {allowed}.",
    )
    return Finding(
        Subject.LIMITS,
        "ok",
        summary.format(
            recipients=plural(limits.max_recipients, "recipient", "recipients", "alıcı"),
            credits=Text("credits without limit", "sınırsız kredi")
            if limits.max_credits_per_day is None
            else plural(limits.max_credits_per_day, "credit a day", "credits a day", "kredi (bir günde)"),
            consents=plural(
                limits.max_consents_per_day, "consent a day", "consents a day", "İYS izni bildirimi (bir günde)"
            ),
            commercial=Text("commercial messages allowed", "ticari ileti serbest")
            if limits.allow_commercial
            else Text("no commercial messages", "ticari ileti kapalı"),
            senders=Text("senders {senders}", "başlıklar: {senders}").format(senders=", ".join(limits.senders))
            if limits.senders
            else Text("any approved sender", "her onaylı başlık"),
            allowed=Text("recipients on a list of {number}", "alıcı listesinde {number} giriş").format(
                number=len(limits.recipients)
            )
            if limits.recipients
            else Text("any recipient", "her alıcı"),
        ),
    )


def confirmation_finding(settings: Settings) -> Finding:
    summary = confirmation_rule(settings)
    if settings.confirm == "code" and not (settings.sandbox or settings.read_only):
        next_step = Text(
            "Set ILETIMERKEZI_CONFIRM to auto or human if a person is to be asked.",
            "Bir kişiye sorulsun istiyorsanız ILETIMERKEZI_CONFIRM ayarını auto ya da human yapın.",
        )
        return Finding(Subject.CONFIRMATION, "warning", summary, next_step)
    return Finding(Subject.CONFIRMATION, "ok", summary)


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
