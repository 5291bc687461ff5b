"""The arguments of ``state``."""

from __future__ import annotations

from iletimerkezi_mcp.language import Language, Text

from .help_page import HelpParser, add_json


def state_arguments(parser: HelpParser, language: Language) -> None:
    """Add the arguments of ``state``."""
    parser.usage = Text(
        "%(prog)s [--json] [SETTINGS] about NUMBER | forget NUMBER --yes",
        "%(prog)s [--json] [AYARLAR] about NUMARA | forget NUMARA --yes",
    ).to(language)
    parser.description = Text(
        "Answer a person's request under KVKK (Law 6698): about lists the messages that the ledger still links to their "
        "number, with time, outcome, order and label, and says what it cannot know; it changes nothing. forget deletes "
        "the links. With them goes what holds a repeated message to that person back, and a send of unknown outcome "
        "may no longer be recognised.",
        "Kişinin KVKK (6698) kapsamındaki başvurusunu yanıtlar: about, defterin o numarayla bağını hâlâ tuttuğu mesajları "
        "zamanı, sonucu, gönderim numarası ve etiketiyle listeler, neyi bilemediğini söyler; hiçbir şeyi değiştirmez. forget bu "
        "bağları siler. Aynı mesajın o kişiye yeniden gitmesini önleyen kayıt da silinir; sonucu bilinmeyen bir gönderim "
        "artık tanınmayabilir.",
    ).to(language)
    action, number, yes = (
        Text("What to do.", "Yapılacak iş."),
        Text("The person's number, in any spelling.", "Kişinin numarası, nasıl yazılırsa yazılsın."),
        Text("Delete: forget needs it, and cannot be undone.", "Siler: forget bunu ister ve geri alınamaz."),
    )
    parser.add_argument("action", nargs="?", metavar="about|forget", help=action.to(language))
    metavar = Text("NUMBER", "NUMARA").to(language)
    parser.add_argument("number", nargs="?", metavar=metavar, help=number.to(language))
    parser.add_argument("--yes", action="store_true", help=yes.to(language))
    add_json(parser, language)
