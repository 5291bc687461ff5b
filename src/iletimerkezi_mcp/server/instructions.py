"""What a model is told before its first call: at most 1,500 bytes."""

from __future__ import annotations

from iletimerkezi_mcp.confirmation.policy import Limits
from iletimerkezi_mcp.language import Text, count
from iletimerkezi_mcp.settings import Settings

MAX_BYTES = 1_500

_SANDBOX = Text(
    "SANDBOX: the provider is simulated. No message is real, nothing costs anything. Say so to the user.",
    "DENEME ORTAMI: sağlayıcı bir simülasyondur. Hiçbir mesaj gerçek değildir, hiçbir şey ücretlendirilmez. "
    "Kullanıcıya söyleyin.",
)
_LIVE = Text("LIVE: messages reach people and cost credits.", "CANLI: mesajlar insanlara ulaşır ve kredi harcar.")

_READ_ONLY = Text(
    "Works one company's SMS account at iletiMerkezi (Turkey), for reading only: nothing can be changed here.",
    "Bir şirketin iletiMerkezi SMS hesabını yalnızca okur; burada hiçbir şey değiştirilemez.",
)

_CHANGES = Text(
    "Works one company's SMS account at iletiMerkezi (Turkey). send_sms, cancel_order, add_blacklist, delete_blacklist "
    "and iys_register do nothing before a yes: either the host asks the person in the same call, or the first call "
    "answers with a preview and a code. Show a preview word for word, and call again with its code only after the user "
    "agreed. outcome says what happened: done is accepted, not delivered; unknown may have been done, look before "
    "repeating. message_type is a legal statement; if unsure ask. Times are Istanbul's.",
    "Bir şirketin iletiMerkezi SMS hesabını kullanır. send_sms, cancel_order, add_blacklist, delete_blacklist ve "
    "iys_register bir evet olmadan hiçbir şey yapmaz: ya istemci aynı çağrıda kullanıcıya sorar ya da ilk çağrı önizleme "
    "ve onay kodu verir. Önizlemeyi kelimesi kelimesine gösterin, kodla ancak kullanıcı onayladıktan sonra çağırın. "
    "outcome sonucu söyler: done kabul edildi demektir, iletildi değil; unknown yapılmış olabilir, yinelemeden önce "
    "bakın. message_type hukuki beyandır; emin değilseniz sorun. Saatler İstanbul saatidir.",
)


def instructions(settings: Settings) -> str:
    """The mode, the way to a change, and the operator's limits, so that a model plans within them."""
    lines = [_SANDBOX if settings.sandbox else _LIVE]
    if settings.read_only:
        lines.append(_READ_ONLY)
    else:
        lines += [_CHANGES, Text("Limits set by the operator: ", "Yöneticinin sınırları: ") + _limits(settings) + "."]
    return Text.join("\n", lines).to(settings.language)


def _limits(settings: Settings) -> Text:
    limits = Limits.of(settings)
    told = [
        Text("one text to at most ", "bir metin saatte en çok ")
        + count(limits.max_recipients)
        + Text(" recipients an hour", " alıcıya"),
    ]
    if limits.max_credits_per_day is not None:
        told.append(
            Text("at most ", "günde en çok ") + count(limits.max_credits_per_day) + Text(" credits a day", " kredi")
        )
    if not limits.allow_commercial:
        told.append(Text("no commercial messages", "ticari ileti yok"))
    if limits.recipients:
        told.append(
            Text("only ", "yalnızca izinli ")
            + count(len(limits.recipients))
            + Text(" allowed recipients or prefixes", " alıcı ya da önek")
        )
    if limits.senders:
        told.append(
            Text("only ", "yalnızca izinli ") + count(len(limits.senders)) + Text(" allowed senders", " başlık")
        )
    if settings.mask_numbers:
        told.append(Text("numbers are masked", "numaralar gizlenir"))
    match settings.confirm:
        case "human":
            told.append(Text("only a person's yes in a form counts", "yalnızca bir kişinin formdaki onayı geçerlidir"))
        case "code":
            told.append(Text("codes for any size", "alıcı sayısı ne olursa olsun onay koduyla"))
        case _:
            told.append(
                Text("from ", "")
                + count(settings.type_count_from)
                + Text(" recipients a form is needed", " alıcıdan itibaren form gerekir")
            )
    return Text.join("; ", told)
