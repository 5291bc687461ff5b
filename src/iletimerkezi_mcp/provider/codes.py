"""The provider's codes: the number, its own words, what it means, what it says of a change, what to do next.

The single source (contract, section 12). Tool errors, the documents and the simulated
provider's messages are made from these tables. The provider's words may change; the
numbers do not, so only numbers are ever compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from iletimerkezi_mcp.language import Text

from .outcomes import RequestOutcome


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    `turkish` is the provider's own message, empty where the documentation has none. `outcome` is what the
    code says of a call that changes something.
    """

    number: int
    turkish: str
    meaning: Text
    outcome: RequestOutcome
    next_step: Text


def _table(*rows: Code) -> Mapping[int, Code]:
    return MappingProxyType({row.number: row for row in rows})


_NEVER_TRANSACTIONAL = Text(
    " A commercial message must not go out as transactional because of this.",
    " Bu nedenle ticari bir ileti bilgilendirme (transactional) olarak gönderilmemelidir.",
)
_OUR_FAULT = Text(
    "This is a fault of this server or of a version change at the provider: report it; repeating will not help.",
    "Bu, bu sunucunun hatası ya da sağlayıcıda bir sürüm değişikliği: bildirin; yinelemek işe yaramaz.",
)

ANSWER_CODES: Final = _table(
    Code(
        200,
        "İşlem başarılı",
        Text("The provider accepted it.", "Sağlayıcı kabul etti."),
        "done",
        Text(
            "Accepted is not delivered: read the report later.",
            "Kabul edilmek iletilmek değildir: raporu daha sonra okuyun.",
        ),
    ),
    Code(
        400,
        "İstek çözümlenemedi",
        Text("The provider could not read the request.", "Sağlayıcı isteği çözümleyemedi."),
        "refused",
        _OUR_FAULT,
    ),
    Code(
        401,
        "Üyelik bilgileri hatalı",
        Text(
            "The provider did not let this account in.",
            "Sağlayıcı bu hesabın girişine izin vermedi.",
        ),
        "refused",
        Text(
            "The user checks in panel.iletimerkezi.com, in this order: the switch Allow API access (Settings > "
            "Security > Access Permissions), key and hash (Settings > Security > API Access), the allowed IP addresses "
            "(Settings > Security > Static IP).",
            "Kullanıcı panel.iletimerkezi.com'da sırayla şunlara bakmalı: “API kullanımına izin ver” seçeneği (Ayarlar "
            "> Güvenlik > Erişim İzinleri), API anahtarı ve hash (Ayarlar > Güvenlik > API Erişimi), izinli IP "
            "adresleri (Ayarlar > Güvenlik > Sabit IP).",
        ),
    ),
    Code(
        402,
        "Bakiye yetersiz",
        Text("The balance is too low for this.", "Bakiye bunun için yetersiz."),
        "refused",
        Text(
            "Tell the user to top up in the panel; get_balance shows what is left.",
            "Kullanıcıya panelden bakiye yüklemesini söyleyin; kalanı get_balance gösterir.",
        ),
    ),
    Code(
        403,
        "Aktif abonelik bulunamadı",
        Text(
            "The account has no active İYS subscription.",
            "Hesabın etkin bir İYS aboneliği yok.",
        ),
        "refused",
        Text(
            "The user applies for İYS in the provider's panel.",
            "Kullanıcı, sağlayıcının panelinden İYS başvurusu yapmalı.",
        ),
    ),
    Code(
        404,
        "API istek yapılan yönteme sahip değil",
        Text(
            "There is no such method at the address that was called.",
            "Çağrılan adreste böyle bir yöntem yok.",
        ),
        "refused",
        Text(
            "The operator checks ILETIMERKEZI_API_URL; unset, it is the provider's own address.",
            "Yönetici ILETIMERKEZI_API_URL ayarını kontrol etmeli; boşsa sağlayıcının kendi adresi kullanılır.",
        ),
    ),
    Code(
        422,
        "İstek içerisindeki değerler doğrulanamadı.",
        Text("The provider could not validate the values.", "Sağlayıcı değerleri doğrulayamadı."),
        "refused",
        Text(
            "Check the values with the user and call again; do not guess.",
            "Değerleri kullanıcıyla kontrol edip yeniden çağırın; tahmin etmeyin.",
        ),
    ),
    Code(
        429,
        "",
        Text(
            "The provider is holding this account back for a while.",
            "Sağlayıcı bu hesabı bir süre için yavaşlatıyor.",
        ),
        "refused",
        Text("Wait a minute, then try once more.", "Bir dakika bekleyip bir kez daha deneyin."),
    ),
    Code(
        450,
        "Gönderilen başlık kullanıma uygun değil",
        Text("The sender is not approved as written.", "Başlık bu yazılışla onaylı değil."),
        "refused",
        Text(
            "Pick one that get_sender lists, with the same case and spaces.",
            "get_sender listesinden birini, büyük-küçük harfi ve boşlukları aynı olacak biçimde seçin.",
        ),
    ),
    Code(
        451,
        "Tekrar eden sipariş",
        Text(
            "An equal order (same text, same recipients) was accepted within the last ten minutes.",
            "Son on dakika içinde aynı sipariş (aynı metin, aynı alıcılar) kabul edilmiş.",
        ),
        "refused",
        Text(
            "Find that order with get_reports of today; do not change the text to get past this.",
            "O siparişi bugünün get_reports listesinde bulun; bunu aşmak için metni değiştirmeyin.",
        ),
    ),
    Code(
        452,
        "Mesaj alıcıları hatalı",
        Text(
            "There is no usable recipient: the numbers are wrong or on the account's blacklist.",
            "Kullanılabilir alıcı yok: numaralar hatalı ya da hesabın kara listesinde.",
        ),
        "refused",
        Text(
            "Check the numbers and look into get_blacklist.",
            "Numaraları kontrol edin ve get_blacklist ile kara listeye bakın.",
        ),
    ),
    Code(
        453,
        "Sipariş boyutu aşıldı",
        Text("The text needs more than seven parts.", "Metin yedi parçayı aşıyor."),
        "refused",
        Text("Ask the user for a shorter text.", "Kullanıcıdan daha kısa bir metin isteyin."),
    ),
    Code(
        454,
        "Mesaj metni boş",
        Text("The text is empty.", "Mesaj metni boş."),
        "refused",
        Text("Ask the user for the text.", "Metni kullanıcıdan isteyin."),
    ),
    Code(
        455,
        "Sipariş bulunamadı",
        Text("This account has no such order.", "Bu hesapta böyle bir sipariş yok."),
        "refused",
        Text(
            "Find the order's number with get_reports of its day.",
            "Siparişin numarasını, gününün get_reports listesinde bulun.",
        ),
    ),
    Code(
        456,
        "Sipariş gönderim tarihi henüz gelmedi",
        Text(
            "The order is scheduled and its time has not come.",
            "Sipariş ileri tarihli; gönderim zamanı henüz gelmedi.",
        ),
        "refused",
        Text(
            "Read the report after its time; until then cancel_order can stop it.",
            "Raporu zamanı gelince okuyun; o zamana kadar cancel_order ile durdurulabilir.",
        ),
    ),
    Code(
        457,
        "Mesaj gönderim tarihinin formatı hatalı",
        Text("The provider did not accept the send time.", "Sağlayıcı gönderim zamanını kabul etmedi."),
        "refused",
        Text("Give send_at again, to the minute.", "send_at değerini dakikasına kadar yeniden verin."),
    ),
    Code(
        458,
        "Tarih aralığı hatalı",
        Text("The provider did not accept the date range.", "Sağlayıcı tarih aralığını kabul etmedi."),
        "refused",
        Text("Ask for at most ten days at once.", "Bir seferde en çok on günü isteyin."),
    ),
    Code(
        459,
        "Başlık kısmı boş olamaz",
        Text("The sender is empty.", "Başlık boş."),
        "refused",
        Text("Name a sender that get_sender lists.", "get_sender listesinden bir başlık verin."),
    ),
    Code(
        460,
        "Başlık 11 karakterden fazla olmamalı ve Türkçe karakter içermemelidir.",
        Text(
            "The sender is longer than 11 characters or has Turkish letters.",
            "Başlık 11 karakterden uzun ya da Türkçe karakter içeriyor.",
        ),
        "refused",
        Text("Name a sender that get_sender lists.", "get_sender listesinden bir başlık verin."),
    ),
    Code(
        464,
        "Page değeri 1 den başlamalı.",
        Text("Pages are counted from 1.", "Sayfalar 1'den başlar."),
        "refused",
        Text("Call again with page 1 or higher.", "1 ya da daha büyük bir sayfa numarasıyla yeniden çağırın."),
    ),
    Code(
        466,
        "Hatalı numara",
        Text(
            "The provider does not take this for a Turkish mobile number.",
            "Sağlayıcı bunu Türkiye cep numarası saymıyor.",
        ),
        "refused",
        Text("Check the number with the user.", "Numarayı kullanıcıyla kontrol edin."),
    ),
    Code(
        467,
        "Evrak bilgisi eksik.",
        Text("Papers of the sender's application are missing.", "Başlık başvurusunun evrakı eksik."),
        "refused",
        Text(
            "The user completes them in the provider's panel.", "Kullanıcı evrakı sağlayıcının panelinde tamamlamalı."
        ),
    ),
    Code(
        468,
        "IYS üzerinden sorgulama yapılıp, yapılmayacağını ayarlamalısınız.",
        Text(
            "The provider found no word on whether İYS is to be asked.",
            "Sağlayıcı, İYS'nin sorgulanıp sorgulanmayacağı bilgisini bulamadı.",
        ),
        "refused",
        _OUR_FAULT + _NEVER_TRANSACTIONAL,
    ),
    Code(
        469,
        "IYS listenizi seçmelisiniz, BIREYSEL veya TACIR.",
        Text(
            "The provider found no İYS list, BIREYSEL or TACIR.",
            "Sağlayıcı İYS listesini (BIREYSEL ya da TACIR) bulamadı.",
        ),
        "refused",
        Text("Ask the user which list the recipients are on.", "Alıcıların hangi listede olduğunu kullanıcıya sorun.")
        + _NEVER_TRANSACTIONAL,
    ),
    Code(
        470,
        "IYS kodunuzu ayarlamalısınız.",
        Text("The account has no İYS code yet.", "Hesapta henüz İYS kodu tanımlı değil."),
        "refused",
        Text(
            "The user sets the İYS code in the provider's panel.",
            "Kullanıcı İYS kodunu sağlayıcının panelinde tanımlamalı.",
        )
        + _NEVER_TRANSACTIONAL,
    ),
    Code(
        474,
        "Bu numara üzerindeki engelleme kaldırılamaz",
        Text(
            "The number is not on the blacklist, or cannot be taken off it.",
            "Numara kara listede değil ya da kara listeden çıkarılamıyor.",
        ),
        "refused",
        Text(
            "See with get_blacklist (number) which of the two it is, and tell the user.",
            "Hangisi olduğuna get_blacklist ile (number) bakıp kullanıcıya söyleyin.",
        ),
    ),
    Code(
        503,
        "Sunucu geçici olarak servis dışı",
        Text(
            "The provider's server is out of service for a while.",
            "Sağlayıcının sunucusu geçici olarak hizmet dışı.",
        ),
        "unknown",
        Text("Try again in a few minutes.", "Birkaç dakika sonra yeniden deneyin."),
    ),
)
"""What `response.status.code` may say to the eleven operations."""

ORDER_STATUSES: Final = _table(
    Code(
        113,
        "Siparişin gönderimi devam ediyor",
        Text("going out", "gönderiliyor"),
        "done",
        Text("Read the report again in a minute.", "Raporu bir dakika sonra yeniden okuyun."),
    ),
    Code(
        114,
        "Siparişin gönderimi tamamlandı",
        Text("finished; the counters say what was delivered", "tamamlandı; iletilenleri sayaçlar söyler"),
        "done",
        Text("Read the counters: finished is not delivered.", "Sayaçlara bakın: tamamlanmak iletilmek değildir."),
    ),
    Code(
        115,
        "Sipariş gönderilemedi",
        Text("not sent (cancelled or rejected)", "gönderilmedi (iptal ya da ret)"),
        "nothing_done",
        Text(
            "Nothing went out and nothing is charged for it.",
            "Hiçbir mesaj çıkmadı ve ücreti alınmaz.",
        ),
    ),
)
"""What an order's `status` says (contract, section 5)."""

MESSAGE_STATUSES: Final = _table(
    Code(
        110,
        "Mesaj gönderiliyor",
        Text("waiting", "bekliyor"),
        "done",
        Text("Read the report again later.", "Raporu daha sonra yeniden okuyun."),
    ),
    Code(
        111,
        "Mesaj gönderildi",
        Text("delivered", "iletildi"),
        "done",
        Text("Nothing more to do.", "Yapılacak başka bir şey yok."),
    ),
    Code(
        112,
        "Mesaj gönderilemedi",
        Text("not delivered, not charged", "iletilmedi, ücreti alınmadı"),
        "done",
        Text(
            "The provider gives no reason; check the number and get_blacklist.",
            "Sağlayıcı neden bildirmez; numarayı ve get_blacklist listesini kontrol edin.",
        ),
    ),
)
"""What one recipient's `status` says (contract, section 5)."""

_IYS_REFUSED = (
    Text(
        "İYS's rules refused at least one record, and with it the whole batch.",
        "İYS kuralları en az bir kaydı, onunla birlikte tüm listeyi reddetti.",
    ),
    Text(
        "Check with the user: the brand code; a date not older than three working days and later than the stored "
        "record's; no RET as a first record; no record twice. Never move a date or a source to get past this.",
        "Kullanıcıyla kontrol edin: marka kodu; en çok üç iş günü önceki ve kayıtlı olandan sonraki bir tarih; ilk "
        "kaydın RET olmaması; aynı kaydın iki kez geçmemesi. Bunu aşmak için tarihi ya da kaynağı asla değiştirmeyin.",
    ),
)
_NOT_CANCELLABLE = (
    Text(
        "This order cannot be cancelled: it is not this account's, is already going out, or is finished or cancelled; "
        "the provider does not say which.",
        "Bu sipariş iptal edilemez: bu hesaba ait değil, gönderimi başlamış ya da zaten bitmiş veya iptal edilmiş; "
        "sağlayıcı hangisi olduğunu söylemez.",
    ),
    Text("See what became of it with get_report.", "Durumunu get_report ile görün."),
)
_FORBIDDEN = (
    Text(
        "Access was forbidden, by the provider or by a firewall on the way.",
        "Erişim, sağlayıcı ya da aradaki bir güvenlik duvarı tarafından engellendi.",
    ),
    Text(
        "The user checks the panel's access permissions and allowed IP addresses, then the network.",
        "Kullanıcı önce paneldeki erişim izinlerine ve izinli IP adreslerine, sonra ağa bakmalı.",
    ),
)

_IN_PLACE: Final[Mapping[tuple[str, int], tuple[Text, Text]]] = MappingProxyType(
    {("iys_register", 422): _IYS_REFUSED, ("cancel_order", 455): _NOT_CANCELLABLE}
)
"""Where one operation gives a code another meaning."""

_IYS: Final = frozenset({"iys_register", "iys_check"})


def lookup(number: int, operation: str | None = None) -> Code:
    """The row of an answer's code, in the meaning it has for `operation`. An unknown code gets a general row."""
    row = ANSWER_CODES.get(number)
    if row is None:
        return _unlisted(number)
    if operation is None:
        return row
    words = _IN_PLACE.get((operation, number))
    if number == 403 and operation not in _IYS:
        words = _FORBIDDEN
    return row if words is None else Code(number, row.turkish, words[0], row.outcome, words[1])


def _unlisted(number: int) -> Code:
    if 400 <= number < 500:
        return Code(
            number,
            "",
            Text(
                "The provider refused with a code that its documentation does not explain.",
                "Sağlayıcı, belgelerinde açıklanmayan bir kodla reddetti.",
            ),
            "refused",
            Text(
                "Tell the user the code; ask the provider's support what it means (destek@emarka.com.tr).",
                "Kodu kullanıcıya söyleyin; anlamını sağlayıcının destek ekibine sorun (destek@emarka.com.tr).",
            ),
        )
    return Code(
        number,
        "",
        Text("The provider's server failed.", "Sağlayıcının sunucusu hata verdi."),
        "unknown",
        Text("Try again in a few minutes.", "Birkaç dakika sonra yeniden deneyin."),
    )


def order_status(number: int) -> Code:
    """The row of an order's status; one that is not listed is told by its number."""
    return ORDER_STATUSES.get(number) or _odd_status(number)


def message_status(number: int) -> Code:
    """The row of one recipient's status; one that is not listed is told by its number."""
    return MESSAGE_STATUSES.get(number) or _odd_status(number)


def _odd_status(number: int) -> Code:
    return Code(
        number,
        "",
        Text(f"status {number}, which the documentation does not explain", f"belgelerde açıklanmayan durum {number}"),
        "unknown",
        Text("Read it again later.", "Daha sonra yeniden okuyun."),
    )
