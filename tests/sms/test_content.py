from __future__ import annotations

from datetime import UTC, datetime

import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.clock import ISTANBUL
from iletimerkezi_mcp.sms.content import (
    IysList,
    MessageType,
    ends_with_suffix,
    is_night,
    meaning,
    offers_refusal,
    warnings,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ISTANBUL)
MIDNIGHT = datetime(2026, 11, 23, 21, 5, tzinfo=UTC)
REFUSAL = " SMS almak istemiyorsanız RET yazıp 3300'e gönderin."


@pytest.mark.parametrize(
    "text",
    [
        "SMS almak istemiyorsanız SIPRET yazıp 7890'a gönderin",
        "Iptal icin IPTAL yazip 4646ya SMS",
        "SMS iptali icin FIRMA RET yaz 8754e gonder",
        "Ret: ILR 3464",
        "SMSden cikmak icin:http://x",
        "SMS Red icin 08500000000",
        "Abonelikten cikmak icin link",
        "İPTAL: http://x",
        "RET FIRMA yaz 4607ye gonder",
        '"RET" yazıp 3300',
        "Reply STOP to opt out",
        "Text STOP to 1234",
        "Unsubscribe: x",
        "STOP yaz 3300",
        "İletileri reddetmek için x",
        "Ret linki: iim.to/x",
        "Ret https://iim.to/x",
        "Kampanya mesajlarını istemiyorsanız arayın",
        "Bilgilendirme almak istemezseniz",
        "SMS listesinden çıkmak için IPTAL yaz",
        'Reply "END"',
        "RET 3300",
        "Mesajlari durdurmak icin",
        "smsret yazıp 1111",
    ],
)
def test_a_way_to_refuse_is_found(text: str) -> None:
    assert offers_refusal(text)
    assert offers_refusal(text.replace("i", "İ").upper())


@pytest.mark.parametrize(
    "text",
    [
        "İndirim başladı",
        "Ücret yazılmaz! Hemen gel",
        "Red Bull 20 TL",
        "Non-stop eğlence burada",
        "İptal koşulsuz otel",
        "Ücretsiz iptal imkanı",
        "Kilo vermek istemiyor musunuz",
        "Ürün ret edilmez",
        "Bedava, ücreti için yazın",
        "SMS kodu ile sepette indirim",
        "Karetta gezisi yazın",
        "",
    ],
)
def test_other_uses_of_the_words_are_no_way_to_refuse(text: str) -> None:
    assert not offers_refusal(text)


@pytest.mark.parametrize(
    "text",
    ["x B186", "x b186", "x B 186", "x (B186)", "x [B186].", "x\nB186\n", "B186", "x.B186", "x ｂ１８６", "x B-186 "],
)
def test_an_operator_code_typed_at_the_end_is_seen(text: str) -> None:
    assert ends_with_suffix(text)


@pytest.mark.parametrize("text", ["", "x AB186", "x B1867", "B186 nolu sipariş", "x 186", "B186 B187"])
def test_another_code_is_not_the_operators(text: str) -> None:
    assert not ends_with_suffix(text)


@pytest.mark.parametrize(
    ("hour", "minute", "night"),
    [(20, 59, False), (21, 0, True), (23, 59, True), (0, 0, True), (8, 59, True), (9, 0, False), (12, 0, False)],
)
def test_the_night_is_from_nine_to_nine_in_istanbul(hour: int, minute: int, night: bool) -> None:
    moment = datetime(2026, 11, 23, hour, minute, tzinfo=ISTANBUL)
    assert is_night(moment) is night
    assert is_night(moment.astimezone(UTC)) is night


def transactional(text: str, *, when: datetime = NOON, sender: str = "FIRMAADI") -> tuple[Text, ...]:
    return warnings(text, message_type="transactional", iys_list=None, when=when, sender=sender)


def commercial(text: str, *, iys_list: IysList = "BIREYSEL", when: datetime = NOON) -> tuple[Text, ...]:
    return warnings(text, message_type="commercial", iys_list=iys_list, when=when, sender="FIRMAADI")


def test_a_plain_notice_raises_no_warning_even_at_night() -> None:
    assert transactional("Siparişiniz kargoya verildi.", when=MIDNIGHT) == ()


def test_a_proper_campaign_raises_no_warning() -> None:
    assert commercial("Kış indirimi %20!" + REFUSAL) == ()


def test_promotion_in_a_notice_is_named() -> None:
    assert transactional("Siparişiniz yolda. Sonrakinde %10 indirim!") == (
        Text(
            "Marked transactional, but it contains promotion: “%10”, “indirim”. "
            "If it promotes something or sends festive or birthday wishes, it is commercial by law: do not send it like this.",
            "Bilgilendirme olarak işaretli ama tanıtım içeriyor: “%10”, “indirim”. "
            "Bir şeyi tanıtıyor ya da kutluyorsa yasaya göre ticari iletidir: bu hâliyle göndermeyin.",
        ),
    )


def test_placeholders_are_named_up_to_five_with_how_many_more_there_are() -> None:
    assert transactional("{a} {b} {c} {d} {e} {f} {g}") == (
        Text(
            "Placeholder not filled in: “{a}”, “{b}”, “{c}”, “{d}”, “{e}” and 2 more. Every recipient would get it exactly like this.",
            "Doldurulmamış yer tutucu: “{a}”, “{b}”, “{c}”, “{d}”, “{e}” ve 2 tane daha. "
            "Alıcılar metni aynen böyle görür.",
        ),
    )


def test_a_long_placeholder_is_cut_and_control_characters_in_it_are_shown() -> None:
    (warning,) = transactional("{{" + "a" * 60 + "}} {{\t}}")
    assert warning.en == (
        "Placeholder not filled in: “{{"
        + "a" * 37
        + "…”, “{{\\u0009}}”. Every recipient would get it exactly like this."
    )


@pytest.mark.parametrize("sender", ["APITEST", "apitest", " APITEST "])
def test_the_test_sender_is_a_warning(sender: str) -> None:
    assert transactional("Deneme", sender=sender) == (
        Text(
            "Sender APITEST: the provider sends a fixed text of its own instead of this one, and may charge for it.",
            "Başlık APITEST: sağlayıcı bu metnin yerine kendi sabit metnini gönderir ve ücret alabilir.",
        ),
    )


def test_the_carriers_suffix_at_the_end_is_a_warning() -> None:
    assert transactional("Kodunuz 1234 B186") == (
        Text(
            "The text ends with B186. The carrier adds that itself, so it would appear twice; take it out.",
            "Metnin sonunda B186 yazıyor. Bu kodu operatör kendisi ekler, mesajda iki kez görünür; metinden çıkarın.",
        ),
    )


NO_REFUSAL = Text(
    "The text does not say how to refuse further messages; a commercial one must (Law 6563).",
    "Metin, sonraki mesajların nasıl reddedileceğini söylemiyor; ticari iletide bu zorunludur (6563 sayılı Kanun).",
)


def test_a_commercial_text_without_a_way_to_refuse_is_a_warning() -> None:
    assert commercial("Kış indirimi!") == (NO_REFUSAL,)
    assert commercial("Kış indirimi!", iys_list="TACIR") == (
        Text(f"{NO_REFUSAL.en} Merchants may refuse too.", f"{NO_REFUSAL.tr} Tacirlerin de ret hakkı vardır."),
    )


def test_a_commercial_text_at_night_is_a_warning_with_the_time_in_istanbul() -> None:
    assert commercial("Kış indirimi!" + REFUSAL, when=MIDNIGHT) == (
        Text(
            "It would go out at 00:05 in Istanbul, at night (21:00 to 09:00): no rule known here forbids that, but people complain.",
            "Gönderim saati İstanbul'da 00:05, yani gece (21:00-09:00): bunu yasaklayan bir kural bilinmiyor ama "
            "şikâyet getirir.",
        ),
    )


def test_all_warnings_are_given_the_most_serious_first() -> None:
    found = warnings(
        "Sayın {ad}, indirim! B186", message_type="transactional", iys_list=None, when=MIDNIGHT, sender="APITEST"
    )
    assert [warning.en.split()[0] for warning in found] == ["Sender", "Marked", "Placeholder", "The"]


@pytest.mark.parametrize(
    ("message_type", "iys_list", "en", "tr"),
    [
        ("transactional", None, "no consent is checked", "reddedenlere de gider"),
        ("commercial", "BIREYSEL", "without an ONAY", "ONAY kaydı olmayana"),
        ("commercial", "TACIR", "a RET in İYS binds", "RET kaydı bağlayıcıdır"),
    ],
)
def test_each_type_says_in_one_sentence_what_it_means_for_the_registry(
    message_type: MessageType, iys_list: IysList | None, en: str, tr: str
) -> None:
    sentence = meaning(message_type, iys_list)
    assert en in sentence.en
    assert tr in sentence.tr
    assert sentence.en.count(". ") == sentence.tr.count(". ") == 0


@pytest.mark.parametrize(("message_type", "iys_list"), [("transactional", "TACIR"), ("commercial", None)])
def test_a_list_goes_with_a_commercial_message_and_only_with_one(
    message_type: MessageType, iys_list: IysList | None
) -> None:
    with pytest.raises(ValueError, match="needs a list of İYS"):
        meaning(message_type, iys_list)


def test_how_to_refuse_may_be_known_of_a_text_of_which_this_is_a_part() -> None:
    def warned(text: str, known: bool | None) -> int:
        return len(
            warnings(
                text,
                message_type="commercial",
                iys_list="BIREYSEL",
                when=NOON,
                sender="FIRMAADI",
                says_how_to_refuse=known,
            )
        )

    assert (warned("İndirim.", None), warned("İndirim.", True), warned("İndirim." + REFUSAL, False)) == (1, 0, 1)
