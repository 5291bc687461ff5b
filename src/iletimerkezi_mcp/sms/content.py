"""Warnings about a message that a careful person would want before it goes out.

Nothing here refuses anything: each warning is a sentence for the preview, and people decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal

from iletimerkezi_mcp.language import Text, verbatim

from .broken_text import broken_words
from .clock import ISTANBUL
from .escape import quoted
from .normalize import fold, normalize
from .placeholders import placeholders
from .promotion import promotional_words

MessageType = Literal["transactional", "commercial"]
"""The type of a message under Law 6563, by its content alone."""

IysList = Literal["BIREYSEL", "TACIR"]
"""The register of İYS that a commercial message is checked against: consumers or merchants."""

TEST_SENDER = "APITEST"
"""The provider's own sender for tests; it replaces the text (contract, section 3, "APITEST")."""

NIGHT: Final = 21
"""The hour at which the night begins in Istanbul."""

_QUOTED_WORDS = 5


# In the spelling of fold(): the ways in which a text says how to refuse.
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


def ends_with_suffix(text: str) -> bool:
    """Return True if `text` ends with B186, the suffix that the carrier appends itself (contract, section 2)."""
    return re.search(r"(?<!\w)b[\s._-]?186[\s\])}>.!]*\Z", fold(normalize(text))) is not None


def offers_refusal(text: str) -> bool:
    """Return True if `text` says how to refuse further messages, in Turkish or English."""
    return re.search("|".join(_REFUSALS), fold(normalize(text))) is not None


def is_night(moment: datetime) -> bool:
    """Return True if `moment` (aware) lies between 21:00 and 09:00 in Istanbul; 21:00 does, 09:00 does not."""
    return not 9 <= moment.astimezone(ISTANBUL).hour < NIGHT


def next_night(moment: datetime) -> datetime:
    """Return when the night begins after `moment` (aware), which is not in one."""
    return moment.astimezone(ISTANBUL).replace(hour=NIGHT, minute=0, second=0, microsecond=0)


def warnings(
    text: str,
    *,
    message_type: MessageType,
    iys_list: IysList | None,
    when: datetime,
    sender: str,
    says_how_to_refuse: bool | None = None,
) -> tuple[Text, ...]:
    """Return what to check in `text` before it is sent, the most serious first.

    `when` is the moment it goes out, aware; for a send at once, the present. `says_how_to_refuse` is what is known of the
    whole message, if `text` is only a part of it.
    """
    warnings: list[Text] = []
    if sender.strip().upper() == TEST_SENDER:
        warnings.append(_TEST)
    if message_type == "transactional" and (words := promotional_words(text)):
        warnings.append(_PROMOTIONAL.format(words=quote_some(words)))
    if unfilled := placeholders(text):
        warnings.append(_UNFILLED.format(placeholders=quote_some(unfilled)))
    warnings += [template.format(words=quote_some(words)) for template, words in broken_words(text).items()]
    if says_how_to_refuse is None:
        says_how_to_refuse = offers_refusal(text)
    if message_type == "commercial" and not says_how_to_refuse:
        warnings.append(_NO_REFUSAL_FOR_MERCHANTS if iys_list == "TACIR" else _NO_REFUSAL)
    if message_type == "commercial" and is_night(when):
        warnings.append(_AT_NIGHT.format(time=f"{when.astimezone(ISTANBUL):%H:%M}"))
    if ends_with_suffix(text):
        warnings.append(_SUFFIX_TYPED)
    return tuple(warnings)


def meaning(message_type: MessageType, iys_list: IysList | None) -> Text:
    """Return what the type of a message means for İYS, in one sentence (contract, sections 3 and 10.6).

    Raises :class:`ValueError` for a commercial message without a list, or another one with a list.
    """
    if (message_type == "commercial") is (iys_list is None):
        raise ValueError("a commercial message needs a list of İYS, and only a commercial one has it")
    return _MEANINGS[iys_list]


_TEST = Text(
    "Sender APITEST: the provider sends a fixed text of its own instead of this one, and may charge for it.",
    "Başlık APITEST: sağlayıcı bu metnin yerine kendi sabit metnini gönderir ve ücret alabilir.",
)

_PROMOTIONAL = Text(
    "Marked transactional, but it contains promotion: {words}. If it promotes something or sends festive or birthday "
    "wishes, it is commercial by law: do not send it like this.",
    "Bilgilendirme olarak işaretli ama tanıtım içeriyor: {words}. Bir şeyi tanıtıyor ya da kutluyorsa yasaya göre "
    "ticari iletidir: bu hâliyle göndermeyin.",
)

_UNFILLED = Text(
    "Placeholder not filled in: {placeholders}. Every recipient would get it exactly like this.",
    "Doldurulmamış yer tutucu: {placeholders}. Alıcılar metni aynen böyle görür.",
)

_NO_REFUSAL = Text(
    "The text does not say how to refuse further messages; a commercial one must (Law 6563).",
    "Metin, sonraki mesajların nasıl reddedileceğini söylemiyor; ticari iletide bu zorunludur (6563 sayılı Kanun).",
)

_NO_REFUSAL_FOR_MERCHANTS = Text(
    "The text does not say how to refuse further messages; a commercial one must (Law 6563). Merchants may refuse too.",
    "Metin, sonraki mesajların nasıl reddedileceğini söylemiyor; ticari iletide bu zorunludur (6563 sayılı Kanun). "
    "Tacirlerin de ret hakkı vardır.",
)

_AT_NIGHT = Text(
    "It would go out at {time} in Istanbul, at night (21:00 to 09:00): no rule known here forbids that, but people complain.",
    "Gönderim saati İstanbul'da {time}, yani gece (21:00-09:00): bunu yasaklayan bir kural bilinmiyor ama "
    "şikâyet getirir.",
)

_SUFFIX_TYPED = Text(
    "The text ends with B186. The carrier adds that itself, so it would appear twice; take it out.",
    "Metnin sonunda B186 yazıyor. Bu kodu operatör kendisi ekler, mesajda iki kez görünür; metinden çıkarın.",
)

_MEANINGS: dict[IysList | None, Text] = {
    None: Text(
        "Transactional: no consent is checked, and people who refused campaigns get it too; any promotion, festive or "
        "birthday greeting in it makes it commercial by law, and the sender is liable.",
        "Bilgilendirme: izin sorgulanmaz, kampanya mesajlarını reddedenlere de gider; içinde tanıtım, bayram ya da "
        "doğum günü kutlaması varsa yasa onu ticari ileti sayar ve sorumluluk gönderene aittir.",
    ),
    "BIREYSEL": Text(
        "Commercial, consumers (BIREYSEL): the provider checks each recipient in İYS, and those without an ONAY there get "
        "nothing; only the report shows how many.",
        "Ticari, bireysel alıcılar (BIREYSEL): sağlayıcı her alıcıyı İYS'den sorgular, orada ONAY kaydı olmayana mesaj "
        "gitmez; bunların kaç kişi olduğu ancak raporda görülür.",
    ),
    "TACIR": Text(
        "Commercial, merchants (TACIR): no prior consent is needed, but a RET in İYS binds.",
        "Ticari, tacirler (TACIR): önceden izin gerekmez ama İYS'deki RET kaydı bağlayıcıdır.",
    ),
}


def quote_some(words: Sequence[str]) -> Text:
    """Return the first few of `words` in quotation marks, and the number of the others."""
    named = ", ".join(quoted(word) for word in words[:_QUOTED_WORDS])
    more = len(words) - _QUOTED_WORDS
    if more <= 0:
        return verbatim(named)
    return Text("{named} and {more} more", "{named} ve {more} tane daha").format(named=named, more=more)
