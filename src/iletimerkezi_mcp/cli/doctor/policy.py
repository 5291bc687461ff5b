"""What the operator allows: the character mode reckoned with, the limits in force, who says yes."""

from __future__ import annotations

from iletimerkezi_mcp.confirmation.policy import Limits
from iletimerkezi_mcp.language import Text, count, plural
from iletimerkezi_mcp.server.resources.policy import confirmation_rule
from iletimerkezi_mcp.settings import Settings

from .findings import Finding, Subject, fine, mind


def character_mode_finding(settings: Settings) -> Finding:
    """Whether anybody has told how the account counts characters, which cannot be read."""
    if settings.character_mode is not None:
        mode = settings.character_mode.value
        return fine(Subject.CHARACTER_MODE, Text(f"Set to {mode}.", f"{mode} olarak ayarlı."))
    said = Text(
        "Unknown: previews show both readings, and limits reckon with the dearer.",
        "Bilinmiyor: önizlemeler iki olasılığı da gösterir, sınırlar pahalı olana göre hesaplanır.",
    )
    if settings.sandbox:
        return fine(Subject.CHARACTER_MODE, said)
    return mind(
        Subject.CHARACTER_MODE,
        said,
        Text(
            "Set ILETIMERKEZI_CHARSET as panel.iletimerkezi.com/settings/sms/encoding shows it.",
            "ILETIMERKEZI_CHARSET ayarını panel.iletimerkezi.com/settings/sms/encoding sayfasında göründüğü gibi yazın.",
        ),
    )


def limits_finding(settings: Settings) -> Finding:
    """The limits that every send has to keep."""
    limits = Limits.of(settings)
    parts = [
        plural(limits.max_recipients, "recipient", "recipients", "alıcı")
        + Text(" of a text in an hour", " (metin başına, bir saatte)"),
        Text("credits without limit", "sınırsız kredi")
        if limits.max_credits_per_day is None
        else plural(limits.max_credits_per_day, "credit a day", "credits a day", "kredi (bir günde)"),
        Text("commercial messages allowed", "ticari ileti serbest")
        if limits.allow_commercial
        else Text("no commercial messages", "ticari ileti kapalı"),
        Text("any approved sender", "her onaylı başlık")
        if not limits.senders
        else Text("senders ", "başlıklar ") + ", ".join(limits.senders),
        Text("any recipient", "her alıcı")
        if not limits.recipients
        else Text("recipients on a list of ", "alıcı listesi: ") + count(len(limits.recipients)),
    ]
    return fine(Subject.LIMITS, Text.join("; ", parts) + ".")


def confirmation_finding(settings: Settings) -> Finding:
    """Who says yes to a change."""
    said = confirmation_rule(settings)
    if settings.confirm == "code" and not (settings.sandbox or settings.read_only):
        return mind(
            Subject.CONFIRMATION,
            said,
            Text(
                "Set ILETIMERKEZI_CONFIRM to auto or human if a person is to be asked.",
                "Bir kişiye sorulsun istiyorsanız ILETIMERKEZI_CONFIRM ayarını auto ya da human yapın.",
            ),
        )
    return fine(Subject.CONFIRMATION, said)
