"""What a careful person would want to be told about a message before it goes out.

Nothing here refuses anything: each finding is a sentence for the preview, and people decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Literal

from iletimerkezi_mcp.language import Text

from .clock import ISTANBUL
from .escape import escape
from .normalize import fold, normalize
from .placeholders import placeholders
from .promotion import promotional_words

MessageType = Literal["transactional", "commercial"]
"""What a message is under Law 6563, by its content alone."""

IysList = Literal["BIREYSEL", "TACIR"]
"""Which register of İYS a commercial message is checked against: consumers or merchants."""

TEST_SENDER = "APITEST"
"""The provider's own sender for tests; it replaces the text (contract, section 3, "APITEST")."""

NIGHT_BEGINS = 21
"""The hour in Istanbul from which a commercial message is a nuisance."""

NIGHT_ENDS = 9
"""The hour in Istanbul from which it no longer is."""

_SHOWN = 5
_SHOWN_LENGTH = 40


@cache
def _operator_code() -> re.Pattern[str]:
    return re.compile(r"(?<!\w)b[\s._-]?186[\s\])}>.!]*\Z")


# In the spelling of fold(), after which a text tells how to refuse.
_REFUSALS = (
    # SMS almak istemiyorsanız, mesaj almamak için, kampanya iletilerini istemiyorsanız
    r"al(?:mak|mayi)\s+istem[ei]\w*|almamak\s+icin|(?:sms|msj|mesaj|ileti|bildirim|duyuru)\w*[^.!?\n]{0,30}istem[ei]\w+",
    # RET yazıp 3300'e, FIRMARET yaz, Red için, Ret: https://…, RET 3300
    r"(?<!uc)re[td](?:\s+\w+)?[\s'\"]+(?:yaz\w*|gonder\w*|icin|link\w*|hakk\w*|bildir\w*)",
    r"(?<!\w)(?:sms\s?)?re[td]\s?(?::|https?:|www\.|\d{4})|(?<!\w)reddet\w*",
    # İptal için, SMS iptal, İPTAL yazıp, İptal: …, abonelikten çıkmak
    r"(?<!\w)(?:sms|msj|mesaj|ileti|liste|abonelik)\w*\s+(?:\w+\s+)?(?:iptal|cik|ayril|durdur|kapat|engelle)\w*",
    r"(?<!\w)iptal(?:i|\s+etmek)?\s+icin|(?<!\w)iptal[\s'\"]*(?:yaz|gonder)|(?<!\w)iptal\s?:|(?<!\w)cik(?:mak|is)\s+icin",
    # English
    r"unsubscri|opt(?:ing)?[\s-]?out|(?<!\w)stop\s?(?:yaz|to\s|sms|:|\d{4})",
    r"(?:reply|text|send|write|yaz\w*)\W{1,3}(?:stop|no|end|cancel|quit)(?!\w)|stop\s+(?:receiving|getting|these)",
)


@cache
def _refusal() -> re.Pattern[str]:
    return re.compile("|".join(_REFUSALS))


def typed_operator_code(text: str) -> bool:
    """Whether `text` ends with the operator code B186, which the carrier appends itself (contract, section 2)."""
    return _operator_code().search(fold(normalize(text))) is not None


def offers_refusal(text: str) -> bool:
    """Whether `text` tells how to refuse further messages, in Turkish or English."""
    return _refusal().search(fold(normalize(text))) is not None


def is_night(moment: datetime) -> bool:
    """Whether `moment` (aware) lies between 21:00 and 09:00 in Istanbul; 21:00 does, 09:00 does not."""
    hour = moment.astimezone(ISTANBUL).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def warnings(
    text: str, *, message_type: MessageType, iys_list: IysList | None, when: datetime, sender: str
) -> tuple[Text, ...]:
    """What to mind about `text`, the gravest first; empty where nothing is.

    `when` is the moment it goes out, aware; for a send at once, the present one.
    """
    found: list[Text] = []
    if sender.strip().upper() == TEST_SENDER:
        found.append(_TEST)
    if message_type == "transactional" and (words := promotional_words(text)):
        found.append(
            Text(
                "Marked transactional, yet it reads as promotion: ",
                "Bilgilendirme olarak işaretli ama tanıtım içeriyor: ",
            )
            + _quoted(words)
            + Text(
                ". If it promotes or greets, it is commercial by law: do not send it like this.",
                ". Bir şeyi tanıtıyor ya da kutluyorsa yasaya göre ticari iletidir: bu hâliyle göndermeyin.",
            )
        )
    if unfilled := placeholders(text):
        found.append(
            Text("Not filled in: ", "Doldurulmamış yer tutucu: ")
            + _quoted(unfilled)
            + Text(". Every recipient would read it just so.", ". Alıcılar metni aynen böyle görür.")
        )
    if message_type == "commercial" and not offers_refusal(text):
        found.append(_NO_REFUSAL[iys_list])
    if message_type == "commercial" and is_night(when):
        at = f"{when.astimezone(ISTANBUL):%H:%M}"
        found.append(
            Text(
                f"It would go out at {at} in Istanbul, at night (21:00 to 09:00); people complain about that.",
                f"Gönderim saati İstanbul'da {at}, yani gece (21.00-09.00); bu saatteki ticari ileti şikâyet getirir.",
            )
        )
    if typed_operator_code(text):
        found.append(_CODE_TYPED)
    return tuple(found)


def meaning(message_type: MessageType, iys_list: IysList | None) -> Text:
    """What the type of a message means for İYS, in one sentence (contract, sections 3 and 10.6).

    Raises :class:`ValueError` for a commercial message without a list, or another one with a list.
    """
    if (message_type == "commercial") is (iys_list is None):
        raise ValueError("a list of İYS goes with a commercial message, and only with one")
    return _MEANINGS[iys_list]


_TEST = Text(
    "Sender APITEST: the provider sends a fixed text of its own instead of this one, and may charge for it.",
    "Başlık APITEST: sağlayıcı bu metnin yerine kendi sabit metnini gönderir ve ücret alabilir.",
)

_CODE_TYPED = Text(
    "The text ends with B186. The carrier adds that itself, so it would stand there twice; take it out.",
    "Metnin sonunda B186 yazıyor. Bu kodu operatör kendisi ekler, mesajda iki kez görünür; metinden çıkarın.",
)

_REFUSAL_MISSING = Text(
    "The text does not tell how to refuse further messages; a commercial one must (Law 6563).",
    "Metin, sonraki mesajların nasıl reddedileceğini söylemiyor; ticari iletide bu zorunludur (6563 sayılı Kanun).",
)

_NO_REFUSAL: dict[IysList | None, Text] = {
    None: _REFUSAL_MISSING,
    "BIREYSEL": _REFUSAL_MISSING,
    "TACIR": _REFUSAL_MISSING + Text(" Merchants may refuse too.", " Tacirlerin de ret hakkı vardır."),
}

_MEANINGS: dict[IysList | None, Text] = {
    None: Text(
        "Transactional: no consent is checked and people who refused campaigns get it too; with any promotion or "
        "greeting in it the law makes it commercial, and the sender is liable.",
        "Bilgilendirme: izin sorgulanmaz, kampanya mesajlarını reddedenlere de gider; içinde tanıtım ya da kutlama "
        "varsa yasa onu ticari ileti sayar ve sorumluluk gönderene aittir.",
    ),
    "BIREYSEL": Text(
        "Commercial, consumers (BIREYSEL): the provider asks İYS for each recipient, and whoever has no ONAY there gets "
        "nothing; how many that are shows only in the report.",
        "Ticari, bireysel alıcılar (BIREYSEL): sağlayıcı her alıcıyı İYS'den sorgular, orada ONAY kaydı olmayana mesaj "
        "gitmez; bunların kaç kişi olduğu ancak raporda görülür.",
    ),
    "TACIR": Text(
        "Commercial, merchants (TACIR): no prior consent is needed, but a RET in İYS binds.",
        "Ticari, tacirler (TACIR): önceden izin gerekmez ama İYS'deki RET kaydı bağlayıcıdır.",
    ),
}


def _quoted(words: Sequence[str]) -> Text:
    """The first few of `words` in quotation marks, and how many more there are."""
    quoted = Text.join(", ", [f"“{escape(word, _SHOWN_LENGTH)}”" for word in words[:_SHOWN]])
    more = len(words) - _SHOWN
    return quoted + Text(f" and {more} more", f" ve {more} tane daha") if more > 0 else quoted
