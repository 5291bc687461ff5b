"""The arguments of ``rule``."""

from __future__ import annotations

from iletimerkezi_mcp.language import Language, Text

from .help_page import HelpParser

RULE_NUMBERS = {
    "per_hour": (60, 10_000, Text("Messages in an hour", "Bir saatteki mesaj")),
    "per_day": (500, 10_000, Text("Messages in 24 hours", "24 saatteki mesaj")),
    "per_person": (3, 10_000, Text("Messages to one person in 24 hours", "Bir kişiye 24 saatte giden mesaj")),
    "days": (90, 365, Text("Days until the rule ends", "Kuralın biteceği gün sayısı")),
}
"""The numbers of a rule: each with its default, the most that it may be, and what it means."""


def rule_arguments(parser: HelpParser, language: Language) -> None:
    """Add the arguments of ``rule``."""
    parser.usage = Text(
        "%(prog)s [SETTINGS] list | new NAME [LIMITS] | revoke NAME",
        "%(prog)s [AYARLAR] list | new AD [SINIRLAR] | revoke AD",
    ).to(language)
    parser.description = Text(
        "A rule lets an assistant send one text to one recipient at once, unread and without asking: for agents "
        "that work unattended. new asks on a terminal for the text, fixed words with bounded fields such as {no:12} "
        "(digits) or {name:20:letters}, or for @ and the name of a file with it; shows examples, and asks for a yes. No tool "
        "makes, changes or revokes a rule.",
        "Kural, bir asistanın bir metni tek alıcıya hemen, kimseye sormadan ve kimse okumadan göndermesini sağlar: başında "
        "kimsenin olmadığı ajanlar içindir. new, metni terminalde sorar: sabit sözcükler ve {no:12} (rakam) ya da "
        "{ad:20:letters} (harf) gibi uzunluğu sınırlı alanlar, ya da @ ve metnin bulunduğu dosyanın adı; örnekler gösterir ve "
        "onay ister. Hiçbir araç kural oluşturmaz, değiştirmez, kaldırmaz.",
    ).to(language)
    action = Text("What to do.", "Yapılacak iş.").to(language)
    name = Text("The rule's name: small letters, digits and hyphens.", "Kuralın adı: küçük harf, rakam ve tire.")
    parser.add_argument("action", nargs="?", metavar="list|new|revoke", help=action)
    parser.add_argument("name", nargs="?", metavar=Text("NAME", "AD").to(language), help=name.to(language))
    metavar = Text("NUMBER", "SAYI").to(language)
    for field, (default, most, words) in RULE_NUMBERS.items():
        help_ = Text("{words} (default {default}, at most {most}).", "{words} (varsayılan {default}, en çok {most}).")
        help_ = help_.format(words=words, default=default, most=most)
        flag = "--" + field.replace("_", "-")
        parser.add_argument(flag, dest=field, default=str(default), metavar=metavar, help=help_.to(language))
