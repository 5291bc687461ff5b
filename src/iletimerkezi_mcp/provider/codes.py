"""The provider's codes: the provider's own words for each, what it means, what to do next.

The single source (contract, section 12). Tool errors, the documents and the simulated provider's messages are made
from these tables. The provider's words may change; the numbers do not, so only numbers are ever compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from iletimerkezi_mcp.language import Text, for_onlooker

from .operation import Operation
from .outcomes import RequestOutcome


@dataclass(frozen=True, slots=True)
class ProviderCode:
    """A code, with the provider's own message in `turkish`: empty if the documentation has none.

    `outcome` is that of a change whose answer has this code. `tools` are the only ones that get it, empty if it may be any.
    """

    turkish: str
    meaning: Text
    next_step: Text
    outcome: RequestOutcome = "refused"
    tools: tuple[str, ...] = ()


_REPORT_DEFECT = Text(
    "This server has a defect, or the provider changed its API: report it; repeating will not help.",
    "Bu sunucuda bir hata var ya da sağlayıcı API'sini değiştirmiş: bildirin; yinelemek işe yaramaz.",
)
STAYS_COMMERCIAL: Final = Text("Do not send this as transactional.", "Bunu transactional olarak göndermeyin.")
"""The end of every refusal of a commercial send: a model that is refused tries the other type next."""


def stays_commercial(next_step: Text) -> Text:
    """Return `next_step` with :data:`STAYS_COMMERCIAL` at its end, once."""
    return next_step if next_step.en.endswith(STAYS_COMMERCIAL.en) else Text.join(" ", [next_step, STAYS_COMMERCIAL])


_LOOK_FIRST = for_onlooker(
    Text(
        "A read may be repeated in a few minutes. A change may have been made: do not repeat it before you have looked "
        "(get_reports, get_report, get_blacklist, iys_check).",
        "Okuma birkaç dakika sonra yinelenebilir. Değişiklik ise yapılmış olabilir: bakmadan yinelemeyin (get_reports, "
        "get_report, get_blacklist, iys_check).",
    ),
    "It may have been done: ask in the chat before you repeat it.",
    "Yapılmış olabilir: yinelemeden önce sohbette sorun.",
)
_USE_LISTED_SENDER = for_onlooker(
    Text("Use a sender that get_sender lists.", "get_sender listesinden bir başlık kullanın."),
    "Ask in the chat which senders are approved.",
    "Onaylı başlıkları sohbette sorun.",
)

ANSWER_CODES: Final[Mapping[int, ProviderCode]] = {
    200: ProviderCode(
        "İşlem başarılı",
        Text("The provider accepted it.", "Sağlayıcı kabul etti."),
        Text(
            "Accepted is not delivered: read the report later.",
            "Kabul edilmesi, iletildiği anlamına gelmez; raporu daha sonra okuyun.",
        ),
        "done",
    ),
    400: ProviderCode(
        "İstek çözümlenemedi",
        Text("The provider could not read the request.", "Sağlayıcı isteği çözümleyemedi."),
        _REPORT_DEFECT,
    ),
    401: ProviderCode(
        "Üyelik bilgileri hatalı",
        Text("The provider denied this account access.", "Sağlayıcı bu hesabın erişimine izin vermedi."),
        Text(
            "Ask the user to check in panel.iletimerkezi.com, in this order: the switch Allow API access (Settings > "
            "Security > Access Permissions), key and hash (Settings > Security > API Access), the allowed IP addresses "
            "(Settings > Security > Static IP). This server has to have the same key and hash (ILETIMERKEZI_API_KEY, "
            "ILETIMERKEZI_API_HASH); restart it after a change of them.",
            "Kullanıcı panel.iletimerkezi.com'da sırayla şunlara bakmalı: “API kullanımına izin ver” seçeneği (Ayarlar "
            "> Güvenlik > Erişim İzinleri), API anahtarı ve hash (Ayarlar > Güvenlik > API Erişimi), izinli IP "
            "adresleri (Ayarlar > Güvenlik > Sabit IP). Bu sunucuda aynı anahtar ve hash ayarlı olmalı "
            "(ILETIMERKEZI_API_KEY, ILETIMERKEZI_API_HASH); değiştirilirse sunucu yeniden başlatılmalı.",
            person=Text(
                "Check in panel.iletimerkezi.com, in this order: the switch Allow API access (Settings > Security > "
                "Access Permissions), key and hash (Settings > Security > API Access), the allowed IP addresses "
                "(Settings > Security > Static IP). This server has to have the same key and hash "
                "(ILETIMERKEZI_API_KEY, ILETIMERKEZI_API_HASH).",
                "panel.iletimerkezi.com'da sırayla şunlara bakın: “API kullanımına izin ver” seçeneği (Ayarlar > "
                "Güvenlik > Erişim İzinleri), API anahtarı ve hash (Ayarlar > Güvenlik > API Erişimi), izinli IP "
                "adresleri (Ayarlar > Güvenlik > Sabit IP). Bu sunucuda aynı anahtar ve hash ayarlı olmalı "
                "(ILETIMERKEZI_API_KEY, ILETIMERKEZI_API_HASH).",
            ),
        ),
    ),
    402: ProviderCode(
        "Bakiye yetersiz",
        Text("The balance is too low for this.", "Bakiye bunun için yetersiz."),
        for_onlooker(
            Text(
                "Ask the user to top up in the panel; get_balance shows what is left.",
                "Kullanıcıya panelden bakiye yüklemesini söyleyin; kalanı get_balance gösterir.",
                person=Text(
                    "Top up in the panel; get_balance shows what is left.",
                    "Panelden bakiye yükleyin; kalanı get_balance gösterir.",
                ),
            ),
            "Top up in the panel.",
            "Panelden bakiye yükleyin.",
        ),
    ),
    403: ProviderCode(
        "Aktif abonelik bulunamadı",
        Text("The account has no active İYS subscription.", "Hesabın etkin bir İYS aboneliği yok."),
        Text(
            "Ask the user to apply for İYS in the provider's panel.",
            "Kullanıcı, sağlayıcının panelinden İYS başvurusu yapmalı.",
            person=Text("Apply for İYS in the provider's panel.", "Sağlayıcının panelinden İYS başvurusu yapın."),
        ),
    ),
    404: ProviderCode(
        "API istek yapılan yönteme sahip değil",
        Text("There is no such method at the address that was called.", "Çağrılan adreste böyle bir yöntem yok."),
        Text(
            "Ask the operator to check ILETIMERKEZI_API_URL; if it is not set, the provider's own address is used.",
            "Yönetici ILETIMERKEZI_API_URL ayarını kontrol etmeli; boşsa sağlayıcının kendi adresi kullanılır.",
            person=Text(
                "Check ILETIMERKEZI_API_URL; if it is not set, the provider's own address is used.",
                "ILETIMERKEZI_API_URL ayarını kontrol edin; boşsa sağlayıcının kendi adresi kullanılır.",
            ),
        ),
    ),
    422: ProviderCode(
        "İstek içerisindeki değerler doğrulanamadı.",
        Text("The provider could not validate the values.", "Sağlayıcı değerleri doğrulayamadı."),
        Text(
            "Check the values with the user and call again; do not guess.",
            "Değerleri kullanıcıyla kontrol edip yeniden çağırın; tahmin etmeyin.",
            person=Text("Check the values and call again.", "Değerleri kontrol edip yeniden çağırın."),
        ),
    ),
    429: ProviderCode(
        "",
        Text("The provider is throttling this account for now.", "Sağlayıcı bu hesabı bir süre için yavaşlatıyor."),
        Text("Wait a minute, then try once more.", "Bir dakika bekleyip bir kez daha deneyin."),
    ),
    450: ProviderCode(
        "Gönderilen başlık kullanıma uygun değil",
        Text("The sender is not approved as written.", "Başlık bu yazılışla onaylı değil."),
        for_onlooker(
            Text(
                "Pick one that get_sender lists, with the same case and spaces.",
                "get_sender listesinden birini, büyük-küçük harfi ve boşlukları aynı olacak biçimde seçin.",
            ),
            "Ask in the chat which senders are approved.",
            "Onaylı başlıkları sohbette sorun.",
        ),
    ),
    451: ProviderCode(
        "Tekrar eden sipariş",
        Text(
            "An identical order (same text, same recipients) was accepted within the last ten minutes.",
            "Son on dakika içinde aynı gönderim (aynı metin, aynı alıcılar) kabul edilmiş.",
        ),
        for_onlooker(
            Text(
                "Find that order with get_reports for today; do not change the text to get past this.",
                "O gönderimi bugünün get_reports listesinde bulun; bunu aşmak için metni değiştirmeyin.",
            ),
            "Ask in the chat for that order's report.",
            "O gönderimin raporunu sohbette isteyin.",
        ),
    ),
    452: ProviderCode(
        "Mesaj alıcıları hatalı",
        Text(
            "There is no usable recipient: the numbers are wrong, on the account's blacklist or, for a commercial text, "
            "perhaps without İYS consent.",
            "Kullanılabilir alıcı yok: numaralar hatalı, hesabın kara listesinde ya da ticari iletide belki İYS izinsiz.",
        ),
        for_onlooker(
            Text(
                "Check the numbers, the blacklist with get_blacklist and, for a commercial text, a few numbers with iys_check.",
                "Numaraları kontrol edin, get_blacklist ile kara listeye, ticari iletide iys_check ile birkaç numaraya bakın.",
            ),
            "Ask in the chat which of these it is.",
            "Hangisi olduğunu sohbette sorun.",
        ),
    ),
    453: ProviderCode(
        "Sipariş boyutu aşıldı",
        Text("The text needs more than seven parts.", "Metin yedi boyu aşıyor."),
        Text(
            "Ask the user for a shorter text.",
            "Kullanıcıdan daha kısa bir metin isteyin.",
            person=Text("Shorten the text.", "Metni kısaltın."),
        ),
    ),
    454: ProviderCode(
        "Mesaj metni boş",
        Text("The text is empty.", "Mesaj metni boş."),
        Text(
            "Ask the user for the text.", "Metni kullanıcıdan isteyin.", person=Text("Give a text.", "Bir metin verin.")
        ),
    ),
    455: ProviderCode(
        "Sipariş bulunamadı",
        Text("This account has no such order.", "Bu hesapta böyle bir gönderim yok."),
        Text(
            "Find the order's number with get_reports for its day.",
            "Gönderim numarasını, o günün get_reports listesinde bulun.",
        ),
    ),
    456: ProviderCode(
        "Sipariş gönderim tarihi henüz gelmedi",
        Text("The order is scheduled and its time has not come.", "Gönderim ileri tarihli; zamanı henüz gelmedi."),
        Text(
            "Read the report after its time; until then cancel_order can stop it.",
            "Raporu zamanı gelince okuyun; o zamana kadar cancel_order ile durdurulabilir.",
        ),
    ),
    457: ProviderCode(
        "Mesaj gönderim tarihinin formatı hatalı",
        Text("The provider did not accept the send time.", "Sağlayıcı gönderim zamanını kabul etmedi."),
        Text("Give send_at again, to the minute.", "send_at değerini dakikasına kadar yeniden verin."),
    ),
    458: ProviderCode(
        "Tarih aralığı hatalı",
        Text("The provider did not accept the date range.", "Sağlayıcı tarih aralığını kabul etmedi."),
        Text("Ask for at most ten days at once.", "Bir seferde en çok on günü isteyin."),
        tools=("get_reports",),
    ),
    459: ProviderCode("Başlık kısmı boş olamaz", Text("The sender is empty.", "Başlık boş."), _USE_LISTED_SENDER),
    460: ProviderCode(
        "Başlık 11 karakterden fazla olmamalı ve Türkçe karakter içermemelidir.",
        Text(
            "The sender is longer than 11 characters or has Turkish letters.",
            "Başlık 11 karakterden uzun ya da Türkçe karakter içeriyor.",
        ),
        _USE_LISTED_SENDER,
    ),
    464: ProviderCode(
        "Page değeri 1 den başlamalı.",
        Text("Pages are counted from 1.", "Sayfalar 1'den başlar."),
        Text("Call again with page 1 or higher.", "1 ya da daha büyük bir sayfa numarasıyla yeniden çağırın."),
        tools=("get_report", "get_reports", "get_blacklist"),
    ),
    466: ProviderCode(
        "Hatalı numara",
        Text(
            "The provider does not accept this as a Turkish mobile number.",
            "Sağlayıcı bunu Türkiye cep numarası olarak kabul etmiyor.",
        ),
        Text(
            "Check the number with the user.",
            "Numarayı kullanıcıyla kontrol edin.",
            person=Text("Check the number.", "Numarayı kontrol edin."),
        ),
    ),
    467: ProviderCode(
        "Evrak bilgisi eksik.",
        Text("Documents are missing from the sender's application.", "Başlık başvurusunun evrakı eksik."),
        Text(
            "Ask the user to add them in the provider's panel.",
            "Kullanıcı evrakı sağlayıcının panelinde tamamlamalı.",
            person=Text("Add them in the provider's panel.", "Evrakı sağlayıcının panelinde tamamlayın."),
        ),
    ),
    468: ProviderCode(
        "IYS üzerinden sorgulama yapılıp, yapılmayacağını ayarlamalısınız.",
        Text(
            "The provider was not told whether to check İYS.",
            "Sağlayıcı, İYS'nin sorgulanıp sorgulanmayacağı bilgisini bulamadı.",
        ),
        stays_commercial(_REPORT_DEFECT),
    ),
    469: ProviderCode(
        "IYS listenizi seçmelisiniz, BIREYSEL veya TACIR.",
        Text(
            "The provider found no İYS list, BIREYSEL or TACIR, in the request.",
            "Sağlayıcı istekte İYS listesini (BIREYSEL ya da TACIR) bulamadı.",
        ),
        stays_commercial(
            Text(
                "Ask the user which list the recipients are on.",
                "Alıcıların hangi listede olduğunu kullanıcıya sorun.",
                person=Text(
                    "Choose the list that the recipients are on with --iys-list.",
                    "Alıcıların bulunduğu listeyi --iys-list ile seçin.",
                ),
            )
        ),
    ),
    470: ProviderCode(
        "IYS kodunuzu ayarlamalısınız.",
        Text("The account has no İYS code yet.", "Hesapta henüz İYS kodu tanımlı değil."),
        stays_commercial(
            for_onlooker(
                Text(
                    "Ask the user to set the İYS code in the provider's panel. iys_check cannot help: the panel's code is what "
                    "the provider sends with, and brand_code is the same code of the brand, but given with each call of "
                    "iys_check and iys_register; neither sets the other.",
                    "Kullanıcı İYS kodunu sağlayıcının panelinde tanımlamalı. iys_check burada işe yaramaz: sağlayıcı "
                    "gönderimde paneldeki kodu kullanır; brand_code ise markanın aynı kodudur, ama iys_check ve iys_register "
                    "çağrılarıyla verilir. Biri diğerini ayarlamaz.",
                    person=Text(
                        "Set the İYS code in the provider's panel. iys_check cannot help: the panel's code is what the "
                        "provider sends with, and brand_code is the same code of the brand, but given with each call of "
                        "iys_check and iys_register; neither sets the other.",
                        "İYS kodunu sağlayıcının panelinde tanımlayın. iys_check burada işe yaramaz: sağlayıcı gönderimde "
                        "paneldeki kodu kullanır; brand_code ise markanın aynı kodudur, ama iys_check ve iys_register "
                        "çağrılarıyla verilir. Biri diğerini ayarlamaz.",
                    ),
                ),
                "Set the İYS code in the provider's panel.",
                "İYS kodunu sağlayıcının panelinde tanımlayın.",
            )
        ),
    ),
    474: ProviderCode(
        "Bu numara üzerindeki engelleme kaldırılamaz",
        Text(
            "The number is not on the blacklist, or cannot be taken off it.",
            "Numara kara listede değil ya da kara listeden çıkarılamıyor.",
        ),
        for_onlooker(
            Text(
                "Check with get_blacklist (number) which of the two it is, and tell the user.",
                "Hangisi olduğuna get_blacklist ile (number) bakıp kullanıcıya söyleyin.",
                person=Text(
                    "Check with get_blacklist --number which of the two it is.",
                    "Hangisi olduğuna get_blacklist --number ile bakın.",
                ),
            ),
            "Ask in the chat which of the two it is.",
            "Hangisi olduğunu sohbette sorun.",
        ),
        tools=("delete_blacklist",),
    ),
    503: ProviderCode(
        "Sunucu geçici olarak servis dışı",
        Text(
            "The provider's server is temporarily out of service.", "Sağlayıcının sunucusu geçici olarak hizmet dışı."
        ),
        _LOOK_FIRST,
        "unknown",
    ),
}
"""The codes of `response.status.code`, for all operations."""

ORDER_STATUSES: Final[Mapping[int, ProviderCode]] = {
    113: ProviderCode(
        "Siparişin gönderimi devam ediyor",
        Text("going out", "gönderiliyor"),
        Text("Read the report again in a minute.", "Raporu bir dakika sonra yeniden okuyun."),
        "done",
    ),
    114: ProviderCode(
        "Siparişin gönderimi tamamlandı",
        Text("finished; the counters say what was delivered", "tamamlandı; kaçının iletildiğini sayaçlar gösterir"),
        Text(
            "Read the counters: finished is not delivered.",
            "Sayaçlara bakın: tamamlanması, iletildiği anlamına gelmez.",
        ),
        "done",
    ),
    115: ProviderCode(
        "Sipariş gönderilemedi",
        Text("not sent (cancelled or rejected)", "gönderilmedi (iptal ya da ret)"),
        Text("Nothing went out and nothing is charged for it.", "Hiçbir mesaj çıkmadı ve ücreti alınmaz."),
        "nothing_done",
    ),
}
"""The statuses of an order (contract, section 5)."""

MESSAGE_STATUSES: Final[Mapping[int, ProviderCode]] = {
    110: ProviderCode(
        "Mesaj gönderiliyor",
        Text("waiting", "bekliyor"),
        Text("Read the report again later.", "Raporu daha sonra yeniden okuyun."),
        "done",
    ),
    111: ProviderCode(
        "Mesaj gönderildi",
        Text("delivered", "iletildi"),
        Text("Nothing more to do.", "Yapılacak başka bir şey yok."),
        "done",
    ),
    112: ProviderCode(
        "Mesaj gönderilemedi",
        Text("not delivered, not charged", "iletilmedi, ücreti alınmadı"),
        Text(
            "The provider gives no reason; check the number and get_blacklist.",
            "Sağlayıcı nedenini bildirmez; numarayı ve get_blacklist listesini kontrol edin.",
        ),
        "done",
    ),
}
"""The statuses of one recipient's message (contract, section 5)."""

GAVE_UP_WAITING: Final = 408
"""The one HTTP status below 500 of a server that was already at work: what came of a change is unknown."""

_UNLISTED_REFUSAL = ProviderCode(
    "",
    Text(
        "The provider refused with a code that its documentation does not explain.",
        "Sağlayıcı, belgelerinde açıklanmayan bir kodla reddetti.",
    ),
    Text(
        "Tell the user the code; ask the provider's support what it means (destek@emarka.com.tr).",
        "Kodu kullanıcıya söyleyin; anlamını sağlayıcının destek ekibine sorun (destek@emarka.com.tr).",
        person=Text(
            "Ask the provider's support what the code means (destek@emarka.com.tr).",
            "Kodun anlamını sağlayıcının destek ekibine sorun (destek@emarka.com.tr).",
        ),
    ),
)
_UNLISTED_FAILURE = ProviderCode(
    "", Text("The provider's server failed.", "Sağlayıcının sunucusu hata verdi."), _LOOK_FIRST, "unknown"
)


def lookup(number: int, operation: Operation[Any, Any] | None = None) -> ProviderCode:
    """Return the row of an answer's code, with the meaning it has for `operation`; a general row for an unknown code."""
    refusal = 400 <= number < 500 and number != GAVE_UP_WAITING
    row = ANSWER_CODES.get(number) or (_UNLISTED_REFUSAL if refusal else _UNLISTED_FAILURE)
    if operation is not None and number in operation.own_codes:
        meaning, next_step = operation.own_codes[number]
        return replace(row, meaning=meaning, next_step=next_step)
    return row
