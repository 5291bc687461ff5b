from __future__ import annotations

import pytest

from iletimerkezi_mcp.sms.promotion import promotional_words

PROMOTIONAL = [
    "Sezon sonu: seçili ürünlerde %50! Mağazalarımıza bekleriz.",
    "INDIRIM BASLADI! Butun urunlerde gecerli.",
    "Kacirilmayacak firsatlar seni bekliyor.",
    "Ramazan Bayramınızı kutlar, sağlık ve mutluluk dileriz.",
    "İyi bayramlar! Çelik Otomotiv",
    "Sepetinizde kalan ürünler tükenmeden siparişinizi tamamlayın.",
    "Sepetin seni bekliyor, hemen al!",
    "Sepetteki ürünlerine bir göz at.",
    "Kupon kodunuz: HOSGELDIN50, 300 TL üzeri alışverişlerde geçerli.",
    "2 al 1 öde! Sadece bugün.",
    "3 alana 1 bedava, tüm şubelerde.",
    "Bugün 500 TL üzeri siparişlerde ücretsiz kargo.",
    "Kargo bizden: tüm siparişlerde kargo ücretsiz!",
    "Çekilişe katıl, 10 kişiden biri ol.",
    "Size özel tekliflerimizi incelediniz mi? Özel fiyatlarla şubemizde.",
    "Sadece size özel! Detaylar için tıklayın.",
    "Avantajlı paketlerimiz için 0850 000 00 00",
    "Her alışverişte puan kazanın, dilediğiniz gibi harcayın.",
    "Yeni sezon ürünlerimiz raflarda, keşfedin.",
    "Son gün! Kaçırma.",
    "Son 2 gün, stoklarla sınırlı.",
    "Yeni mağazamızın açılışına davetlisiniz.",
    "Memnuniyet anketimize katılır mısınız? https://iim.to/a1",
    "Dünkü ziyaretinizi değerlendirin: https://iim.to/b2",
    "Arkadaşını davet et, 100 TL kazan.",
    "Hediye çekiniz hazır, mağazalarımızda kullanabilirsiniz.",
    "Ön onaylı kredi limitiniz hazır, hemen başvurun.",
    "Deneme bonusu veren tek adres!",
    "Efsane Cuma başladı.",
    "Peşin fiyatına 9 taksit mağazamızda.",
    "Anneler Günü'ne özel çiçekler 299 TL'den başlayan fiyatlarla.",
    "Ucuz uçak biletleri satışta.",
    "Yüzde 20 daha ucuz alışveriş için tıklayın.",
    "Randevunuz yarın 10:00'da. Kampanyalarımız için: firma.com",
    "Big sale starts tomorrow at all our stores.",
    "SALE! Everything must go.",
    "Get 20% off everything this weekend.",
    "Special offer for our members, shop now.",
    "You left something in your cart.",
    "Free shipping on orders over 50 EUR.",
    "Use coupon SUMMER at checkout.",
    "Happy birthday from all of us at Firma!",
    "How did we do? Please take our survey.",
    "Merry Christmas and best wishes.",
    "Don't miss out, last chance today.",
    "Your order has shipped. Enjoy a gift card with your next one.",
    "Black Friday geldi, %70'e varan fırsat.",
    "Bu hafta tüm ayakkabılarda yarı fiyat!",
    "Yaza merhaba de, bikiniler %30 daha hesaplı",
    "Büyük açılış! İlk 100 kişiye sürpriz.",
    "Sürpriz ödüller seni bekliyor, katıl kazan!",
    "Yılbaşı alışverişiniz bizden, 200 TL'ye 50 TL bizden.",
    "500 TL ve üzeri alışverişe 100 TL para puan",
    "Yeni ürünlerimiz geldi, hemen inceleyin.",
    "Tatil planın hazır mı? Erken rezervasyon başladı.",
    "Ev kredisinde %1,89 faiz oranı, hemen başvur",
    "Sevgililer Günü için çiçek siparişi ver",
    "Bizi Google'da yorumlayın",
    "Hizmetimizi 1-5 arası puanlayın",
    "Görüşleriniz bizim için değerli",
    "Bizi tavsiye eder misiniz? 0-10 arası yanıtlayın.",
    "Kaçmaz fiyatlar Hipermarkette",
    "Fuarda standımıza bekleriz",
    "Son saatler, tükenmeden al",
    "Yeni koleksiyonumuz çıktı",
    "Siparişin yolda, bir dahaki siparişe %15 bizden!",
    "50% OFF all items",
    "Save 20 TL",
    "Refer a friend and earn 10 EUR",
    "Season's greetings",
    "Enjoy 2 for 1 on pizzas tonight",
    "Claim your bonus",
    "Sepetine ekle",
    "Favori ürünün stoklara geri geldi",
    "Baktığın üründe fiyat düştü",
    "Sana özel %10",
]

NOTICES = [
    "Siparişiniz kargoya verildi. Takip no: 1234567890 B186",
    "Kuryemiz adresinizde sizi bulamadı. Yeni teslimat günü: 12.03.2026",
    "Size özel onay kodunuz 883241, kimseyle paylaşmayınız.",
    "Hesabınıza yeni bir cihazdan giriş yapıldı: İstanbul, 12:40.",
    "Randevunuzu kaçırmayın: yarın 09:00, Dr. Demir, Kadıköy.",
    "Diş muayeneniz için yarın 15:00'te bekliyoruz.",
    "Faturanızı ödemek için son gün bugün. Firma Elektrik",
    "Son gün yarın: aidat borcunuz 1.250 TL.",
    "Borcunuz 1.200 TL'dir, ödeme için son 3 gün.",
    "Ödemeniz alındı, teşekkür ederiz. Tutar 450 TL, %20 KDV dahildir.",
    "Gecikme faizi aylık %4,25 olarak uygulanacaktır.",
    "Paketinizin %80'i kullanıldı, kalan 2 GB.",
    "Yüzde 10 komisyon oranı 1 Ocak'tan itibaren geçerlidir.",
    "İade talebiniz onaylandı, 3 iş günü içinde kartınıza yansır.",
    "İade kodunuz 8812. İade kargo gönderimi ücretsizdir.",
    "Bizi 0850 000 00 00 numaralı ücretsiz hattımızdan arayabilirsiniz.",
    "Poliçeniz yenilendi, belgeleriniz e-posta ile gönderildi.",
    "Başvurunuz değerlendirmeye alındı, sonucu SMS ile bildireceğiz.",
    "Başvurunuz değerlendirildi ve onaylandı.",
    "Veli toplantımız 12 Mart 18:00'de, davetlisiniz.",
    "Olağan genel kurul toplantımıza davetlisiniz: 20 Mart 11:00.",
    "Davetiye kodunuz: 8831",
    "Sayın Hediye Kaya, siparişiniz hazırlanıyor.",
    "Hediye Hanım, randevunuz yarın 11:00.",
    "Bayram tatilinde 9-12 Nisan arası şubemiz kapalıdır, teslimatlar 13 Nisan'da.",
    "Bugün e-Devlet üzerinden başvurunuzu yapmanız için son gün.",
    "hediyesepeti.com siparişiniz hazırlanıyor: https://www.indirim.com/t/12",
    "Çiçek Sepeti siparişiniz teslim edildi.",
    "Soru için indirim@firma.com adresine yazın.",
    "İlk fırsatta bizi arayınız, dosyanızda eksik evrak var.",
    "Şale Otel rezervasyonunuz onaylandı.",
    "Kazan dairesi bakımı nedeniyle sıcak su 14:00'te kesilecek.",
    "Doğruluk payı %50 kalan şarj: %12",
    "Davayı kazandınız, gerekçeli karar ektedir.",
    "TOKİ kura çekilişi sonuçları açıklandı.",
    "Avantaj Kart ekstreniz hazır.",
    "Dosyayı indirin: https://firma.com/d/aX%20b",
    "Your one-time code is 482913.",
    "Please don't miss your appointment tomorrow at 10:00.",
    "Feel free to call us about your invoice.",
    "We can offer you another slot on Monday.",
    "Battery at 20%. The price includes 20% VAT.",
    "Your job offer letter is ready to sign.",
    "Ürünü ücretsiz deneme süreniz 3 gün içinde bitiyor, sonrasında aylık 99 TL alınacaktır.",
    "Aboneliğinizin ilk ay ücretsiz dönemi sona erdi.",
    "Siparişinizdeki hediye paketi hazırlandı.",
    "Araç muayenenizin son günü 12.04.2026.",
    "Vergi borcu yapılandırmasında son gün 31 Aralık.",
    "Güncel bakiyeniz 1.230,50 TL. 120 puanınız var.",
    "Puanlarınız 31.12.2026 tarihinde silinecektir.",
    "Öğrencimiz bugün derse gelmedi.",
    "Mezuniyet töreni davetiyeniz okuldan alınabilir.",
    "15 Temmuz günü şubemiz kapalıdır.",
    "Kadınlar günü matinesi bileti: 2 kişilik, salon 3.",
    "Arabulucu görüşmesi için davet ediyoruz: 5 Mayıs 10:00.",
    "Mülakata davet edildiniz: 5 Mayıs 10:00.",
    "Ali sizi WhatsApp grubuna davet etti.",
    "Hasar dosyanızda %50 kusur oranı belirlenmiştir.",
    "Depozito olarak %30 ön ödeme alınmıştır.",
    "Peşinatın %20'si tahsil edildi.",
    "Sınav sonucunuz: %85 başarı.",
    "Devamsızlık sınırınız %20'ye ulaştı.",
    "Kira bedeliniz %25 artırılmıştır.",
    "Güneş paneliniz bugün %90 verimle çalıştı.",
    "Sipariş değerlendirme süreciniz tamamlandı.",
    "Kazanınızın periyodik bakımı yarın yapılacaktır.",
    "Trafik kazanız ile ilgili dosya açıldı.",
    "Sıranız geldi, şubede sizi bekliyoruz.",
    "Mağaza teslimatınız hazır, mağazamızdan teslim alınız.",
    "Fiyat teklifiniz hazır, e-postanızı kontrol ediniz.",
    "Kayıt yenileme için son gün 30 Haziran",
    "İndirme bağlantınız: https://x.com/f",
    "Uygulamayı indirin, faturanızı görün.",
    "Satış sözleşmeniz hazır, imza için bekliyoruz.",
    "Satışa sunulan aracınızın ilanı yayında.",
    "Ücretsiz iptal süreniz yarın 18:00'de doluyor.",
    "Bayram Ali Yılmaz adına randevu oluşturuldu.",
    "Ramazan Bey, aracınız hazır.",
    "Mutlu Yılmaz adına gönderiniz var.",
    "Your free trial ends tomorrow; you will be charged 9.99.",
    "Rate change: interest is 3.5% from May.",
    "Sale of your vehicle is registered.",
    "Hurry is not needed, your ticket is valid all day.",
    "Delivery due today. Please visit us with your ID.",
    "We saved 5 documents for you.",
    "Do not share this code. Firma never asks for it.",
    "Anneannenizin ilaç raporu bitti.",
    "Kutlu Bey, kargonuz geldi.",
    "Günlük limitiniz doldu.",
    "2026 yılı kutlama komitesi toplantısı 12:00.",
]


@pytest.mark.parametrize("text", PROMOTIONAL)
def test_promotion_is_noticed(text: str) -> None:
    assert promotional_words(text) != ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Toplu alımlarda iskonto uygulanır.", "iskonto"),
        ("Yılbaşı armağanınız mağazada.", "armağanınız"),
        ("Üyelere ayrıcalıklı dünya.", "ayrıcalıklı"),
        ("Yeni modelin lansmanı 5 Mayıs'ta.", "lansmanı"),
        ("Yeni telefon ön satışta.", "ön satışta"),
        ("Şubemizde 300 TL'ye varan çekler.", "TL'ye varan"),
        ("Katılanlara telefon kazanma şansı.", "kazanma şansı"),
        ("Sürprizler sizi karşılıyor.", "Sürprizler sizi"),
        ("Stoklar tükenmeden uğrayın.", "Stoklar tükenmeden"),
        ("Sınırlı sayıda üretildi.", "Sınırlı sayıda"),
        ("Uygulamada yenilikleri keşfet.", "keşfet"),
        ("Alışverişe başlamak için tıklayın.", "Alışverişe başlamak"),
        ("Evlerimiz satışa çıktı.", "satışa çıktı"),
        ("Şube açılışımız cumartesi.", "açılışımız"),
        ("İyi ki doğdun Ayşe!", "İyi ki doğdun"),
        ("Ziyaretinizi değerlendirir misiniz?", "değerlendirir misiniz"),
        ("Our summer campaign is here.", "campaign"),
        ("Tickets are here, buy now.", "buy now"),
        ("A coffee for free today.", "for free"),
        ("Delivery is free!", "free"),
        ("Buy one get one.", "Buy one get one"),
        ("For a limited time in our shops.", "limited time"),
        ("Hurry up, they are going fast.", "Hurry up"),
        ("See the new arrivals.", "new arrivals"),
        ("Please rate us on the store.", "rate us"),
        ("Please leave us a review.", "leave us a review"),
    ],
)
def test_a_promotional_word_is_found_alone(text: str, word: str) -> None:
    assert promotional_words(text) == (word,)


@pytest.mark.parametrize("text", NOTICES)
def test_a_plain_notice_is_left_in_peace(text: str) -> None:
    assert promotional_words(text) == ()


@pytest.mark.parametrize(
    "word", ["İNDİRİM", "INDIRIM", "indirim", "indırım", "İndirim", "ındırım", "i̇ndirim", "ＩＮＤＩＲＩＭ"]
)
def test_a_word_is_known_in_every_spelling_of_its_i(word: str) -> None:
    assert len(promotional_words(f"Bugün {word} var.")) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hafta sonu %50İNDİRİM", ("İNDİRİM",)),
        ("Size 2kupon", ("kupon",)),
        ("Ayakkabıda 3AL2ÖDE", ("3AL2ÖDE",)),
        ("_İNDİRİM_ başladı", ("İNDİRİM",)),
        ("__buy_now__", ("buy_now",)),
        ("Koleksiyonu _keşfet_", ("keşfet",)),
        ("kampanya_1@firma.com adresine yazın", ()),
    ],
)
def test_a_digit_or_an_underscore_beside_a_word_hides_none(text: str, words: tuple[str, ...]) -> None:
    assert promotional_words(text) == words


@pytest.mark.parametrize("word", ["іndіrim", "kamрanya", "fırѕat", "İΝDİRİM"])
def test_letters_of_other_scripts_drawn_alike_hide_no_word(word: str) -> None:
    assert promotional_words(f"Bugün {word} var.") == (word,)


def test_words_are_quoted_as_written_each_once_and_in_order() -> None:
    text = "FIRSAT! %20 indirim, fırsat, İNDİRİM; kampanyamız\nvar, son   fırsat."
    assert promotional_words(text) == ("FIRSAT", "%20", "indirim", "kampanyamız", "son fırsat")


def test_an_invisible_character_hides_no_word() -> None:
    assert promotional_words("in\u200bdi\u00adrim") == ("indirim",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("%20 indirim", ("%20", "indirim")),
        ("% 20 indirim", ("% 20", "indirim")),
        ("20% discount", ("20%", "discount")),
        ("Yüzde 20 indirim", ("Yüzde 20", "indirim")),
        ("Sana özel %10", ("%10",)),
        ("İndirim oranı: %20", ("İndirim",)),
        ("%20", ()),
        ("%20 KDV dahil", ()),
        ("KDV %20, kampanya", ("kampanya",)),
        ("indirim" + " x" * 40 + " %20", ("indirim",)),
        ("%20" + " x" * 40 + " indirim", ("indirim",)),
        ("https://firma.com/a%20b kampanya", ("kampanya",)),
    ],
)
def test_a_percentage_counts_only_beside_promotion(text: str, words: tuple[str, ...]) -> None:
    assert promotional_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Son gün, kaçırmayın!", ("Son gün", "kaçırmayın")),
        ("Ödeme için son gün, kaçırmayın.", ()),
        ("Son gün: vergi beyannamenizi kaçırmayın.", ()),
        ("Don't miss it!", ("Don't miss",)),
        ("Don’t miss your flight.", ()),
    ],
)
def test_pressing_words_count_unless_they_speak_of_a_duty(text: str, words: tuple[str, ...]) -> None:
    assert promotional_words(text) == words


def test_the_path_of_a_link_counts_and_its_host_does_not() -> None:
    assert promotional_words("https://indirim.com/kampanya") == ("kampanya",)


def test_a_word_inside_another_is_not_that_word() -> None:
    assert promotional_words("sepetçi, uncoupons, mahsale, Şale, antifırsat") == ()


@pytest.mark.parametrize(
    "unseen",
    ["\u200b", "\u2066", "\u202e", "\ufe0f", "\u180b", "\u3164", "\u061c", "\U000e0020", "\x08", "\x0b", "\x1f"],
)
def test_nothing_that_cannot_be_seen_hides_a_word(unseen: str) -> None:
    assert promotional_words(f"Büyük in{unseen}di{unseen}rim") == ("indirim",)


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u2003", "\u2800", "\n", "\t"])
def test_any_blank_parts_words(blank: str) -> None:
    assert promotional_words(f"Hep son{blank}fırsat") == ("son fırsat",)
