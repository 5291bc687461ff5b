"""The instructions that a model reads before its first call: at most 1,500 bytes."""

from __future__ import annotations

from collections.abc import Mapping

from iletimerkezi_mcp.language import Text, plural
from iletimerkezi_mcp.server.resources.catalogue import STATUS_CODES
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.settings.ways import describe_ways
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from iletimerkezi_mcp.tools.registry import Registry
from iletimerkezi_mcp.tools.send import SEND_SMS

MAX_BYTES = 1_500

_SANDBOX = Text(
    "SANDBOX: the provider is simulated. No message is real, nothing costs anything. Say so to the user once.",
    "DENEME ORTAMI: sağlayıcı simülasyondur. Mesajlar gerçek değildir, ücret yok. Kullanıcıya bir kez söyleyin.",
)
_LIVE = Text("LIVE: messages reach people and cost credits.", "CANLI: mesajlar insanlara ulaşır ve kredi harcar.")
_LIVE_READ_ONLY = Text("LIVE: a real account, for reading only.", "CANLI: gerçek hesap, yalnızca okunur.")

_READ_ONLY = Text(
    "Reads one company's SMS account at iletiMerkezi (Turkey); nothing can be changed here.",
    "Bir şirketin iletiMerkezi SMS hesabını yalnızca okur; burada hiçbir şey değiştirilemez.",
)

_CHANGES = Text(
    "Runs one company's SMS account at iletiMerkezi (Turkey). These do nothing without a yes: {tools}. The host "
    "asks the person in the same call, or the answer is waiting (card, page) or a preview and a code. Show a preview in the user's "
    "language, text, numbers, names and amounts unchanged, and call again with its code only after they agreed; with dry_run "
    "only look. outcome: done is accepted, not delivered; unknown may have been done, look before "
    "repeating. Status codes: resource {codes}. message_type is a legal statement; if unsure ask. Times are "
    "Istanbul's.",
    "Bir şirketin iletiMerkezi SMS hesabını kullanır. Onay olmadan şu araçlar hiçbir şey yapmaz: {tools}. İstemci aynı "
    "çağrıda sorar ya da yanıt waiting (kart, sayfa) veya önizleme ve koddur. Önizlemeyi kullanıcının dilinde gösterin; metin, "
    "numara, ad ve tutarlar değişmesin. Kodla ancak onayından sonra çağırın; yalnızca bakmak için dry_run. "
    "outcome: done kabul edildi, iletildi değil; unknown yapılmış olabilir, yinelemeden önce bakın. "
    "Durum kodları: {codes}. message_type hukuki beyandır; emin değilseniz sorun. Saatler İstanbul "
    "saati.",
)

_SENDER = Text("Default sender: {sender}. {letters}", "Varsayılan başlık: {sender}. {letters}")
_NO_SENDER = Text(
    "No default sender: name one (get_sender). {letters}", "Varsayılan başlık yok: get_sender'dan seçin. {letters}"
)
_LETTERS: Mapping[CharacterMode | None, Text] = {
    None: Text(
        "Character mode unknown until the operator sets ILETIMERKEZI_CHARSET as in the panel: Turkish letters may "
        "arrive plain (ş as s); previews show both.",
        "Karakter modu bilinmiyor; yönetici paneldekini ILETIMERKEZI_CHARSET ile belirtir: Türkçe harfler yalın "
        "ulaşabilir (ş yerine s); önizleme ikisini gösterir.",
    ),
    CharacterMode.ENGLISH: Text(
        "English character mode: Turkish letters such as ş, ğ and ı arrive as s, g and i.",
        "İngilizce karakter modu: ş, ğ, ı gibi Türkçe harfler s, g, i olarak ulaşır.",
    ),
    CharacterMode.TURKISH: Text(
        "Turkish character mode: Turkish letters arrive as written.",
        "Türkçe karakter modu: Türkçe harfler yazıldığı gibi ulaşır.",
    ),
    CharacterMode.UNICODE: Text(
        "Unicode character mode: every letter arrives as written.",
        "Unicode karakter modu: bütün harfler yazıldığı gibi ulaşır.",
    ),
}

_LIMITS = Text(
    "Limits of the operator, who set this up: at most {limits}. Splitting a list or spreading it over hours is no way "
    "around; the operator decides.",
    "Yöneticinin (sunucuyu kuranın) sınırları: {limits}. Liste bölünerek ya da yayılarak aşılmaz; karar "
    "yöneticinindir.",
)


def mode(settings: Settings, tools: Registry = REGISTRY) -> Text:
    """Return the sentence that says if the provider is real, and what that means."""
    if settings.sandbox:
        return _SANDBOX
    return _LIVE if _offered_changes(settings, tools) else _LIVE_READ_ONLY


def _offered_changes(settings: Settings, tools: Registry) -> list[str]:
    return [tool.name for tool in tools.offered(settings).tools if tool.changes]


def instructions(settings: Settings, tools: Registry = REGISTRY) -> str:
    """Return the mode, how a change is confirmed, and the operator's limits, so that a model plans within them."""
    lines = [mode(settings, tools)]
    changes = _offered_changes(settings, tools)
    if not changes:
        lines.append(_READ_ONLY)
    else:
        lines.append(_CHANGES.format(tools=", ".join(changes), codes=STATUS_CODES))
        if SEND_SMS.name in changes:
            lines.append(_sending(settings))
        lines.append(_LIMITS.format(limits=Text.join("; ", _limits(settings))))
    return Text.join("\n", lines).to(settings.language)


def _sending(settings: Settings) -> Text:
    """Return the default sender, and what becomes of Turkish letters."""
    letters = _LETTERS[settings.character_mode]
    if settings.sender is None:
        return _NO_SENDER.format(letters=letters)
    return _SENDER.format(sender=settings.sender, letters=letters)


def _limits(settings: Settings) -> list[Text]:
    """Return the limits in force. Of lists only the length is given, because they may be long."""
    hourly = Text("{number} recipients an hour in all", "saatte toplam {number} alıcı")
    clauses = [hourly.format(number=settings.max_recipients)]
    if settings.files_dir is not None:
        campaign = Text("{number} in a campaign", "kampanyada {number}")
        clauses.append(campaign.format(number=settings.max_list_recipients))
    if settings.daily_credits is not None:
        daily = Text("{number} credits a day", "günde {number} kredi")
        clauses.append(daily.format(number=settings.daily_credits))
    consents = Text("{number} consents declared a day", "günde {number} İYS izni bildirimi")
    clauses.append(consents.format(number=settings.max_consents_per_day))
    if not settings.allow_commercial:
        clauses.append(Text("no commercial messages", "ticari ileti yok"))
    only = Text("only {allowed}", "yalnızca {allowed}")
    if count := len(settings.allowed_recipients):
        allowed = plural(
            count, "allowed recipient or prefix", "allowed recipients or prefixes", "izinli alıcı ya da önek"
        )
        clauses.append(only.format(allowed=allowed))
    if count := len(settings.allowed_senders):
        clauses.append(only.format(allowed=plural(count, "allowed sender", "allowed senders", "izinli başlık")))
    if settings.mask_numbers:
        clauses.append(Text("numbers are masked", "numaralar gizlenir"))
    clauses.append(_confirmation(settings))
    return clauses


_ANY_CODE = Text("codes for any size", "alıcı sayısı ne olursa olsun onay koduyla")
_BY_PERSON = Text(
    "only a person's own yes counts, {ways}",
    "yalnızca bir kişinin kendi onayı geçerlidir, {ways}",
)
_BY_CODE = Text(
    "codes confirm at most {most} recipients and {most} consents an hour",
    "kodla saatte en çok {most} alıcı ve {most} izin",
)
_TYPES_NUMBER = Text(
    "{codes}; from {number} on the user types the number {ways}",
    "{codes}; {number} ve üzerinde kişi sayıyı {ways} yazar",
)
_NO_WAY = Text("nothing can be confirmed here", "burada hiçbir şey onaylanamaz")


def _confirmation(settings: Settings) -> Text:
    """Return the ways to confirm a change that are on, and how far codes go."""
    if settings.codes_only:
        return _ANY_CODE
    by_person = [way for way in settings.ways_here if way != "code"]
    if "code" not in settings.ways:
        return _BY_PERSON.format(ways=describe_ways(by_person)) if by_person else _NO_WAY
    codes = _BY_CODE.format(most=settings.type_count_from - 1)
    if not by_person:
        return codes
    return _TYPES_NUMBER.format(codes=codes, number=settings.type_count_from, ways=describe_ways(by_person))
