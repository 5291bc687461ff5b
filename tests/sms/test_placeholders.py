from __future__ import annotations

import pytest

from iletimerkezi_mcp.sms.placeholders import placeholders


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sayın {ad} {soyad}, siparişiniz hazır", ("{ad}", "{soyad}")),
        ("Sayın {{name}}, merhaba", ("{{name}}",)),
        ('{{ user.name|default("x") }} merhaba', ('{{ user.name|default("x") }}',)),
        ("{% if vip %}VIP{% endif %}", ("{% if vip %}", "{% endif %}")),
        ("Sayın [AD SOYAD],", ("[AD SOYAD]",)),
        ("Sayın [Müşteri Adı] borcunuz [TUTAR] TL", ("[Müşteri Adı]", "[TUTAR]")),
        ("Hi [First Name], your [order number]", ("[First Name]", "[order number]")),
        ("[isim1]", ("[isim1]",)),
        ("[ad_soyad]", ("[ad_soyad]",)),
        ("[...]", ("[...]",)),
        ("[XXX] TL", ("[XXX]",)),
        ("[link buraya]", ("[link buraya]",)),
        ("%s adet %d", ("%s", "%d")),
        ("%1$s %.2f", ("%1$s", "%.2f")),
        ("%(name)s", ("%(name)s",)),
        ("Merhaba <isim>", ("<isim>",)),
        ("<müşteri_adı>", ("<müşteri_adı>",)),
        ("$ad $musteri_adi", ("$ad", "$musteri_adi")),
        ("${ad} kodunuz", ("${ad}",)),
        ("$AD", ("$AD",)),
        ("#AD# merhaba", ("#AD#",)),
        ("@isim@", ("@isim@",)),
        ("%AD% %SOYAD%", ("%AD%", "%SOYAD%")),
        ("__AD__", ("__AD__",)),
        ("Sayın ______,", ("______",)),
        ("Sayın .....,", (".....",)),
        ("Sayın …,", ("...",)),
        ("XXX TL borcunuz", ("XXX",)),
        ("GG.AA.YYYY tarihinde SS:DD", ("GG.AA.YYYY", "SS:DD")),
        ("Sayın undefined,", ("undefined",)),
        ("NaN TL", ("NaN",)),
        ("[object Object]", ("[object Object]",)),
        ("{0} {}", ("{0}", "{}")),
        ("https://x.com/t/{kod}", ("{kod}",)),
        ("{tutar:.2f}", ("{tutar:.2f}",)),
        ("[İsim]'e", ("[İsim]",)),
        ("[[ad]]", ("[[ad]]",)),
        ("[tarihi] [saatiniz] [kodunuz]", ("[tarihi]", "[saatiniz]", "[kodunuz]")),
    ],
)
def test_an_unfilled_placeholder_is_found(text: str, found: tuple[str, ...]) -> None:
    assert placeholders(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "[1] ve [2]",
        "[Google] kodunuz 1234",
        "[DUYURU] Yarın kapalıyız",
        "[B186]",
        "[Kod: 1234]",
        "[Müşteri Hizmetleri] arayın",
        "%20 KDV dahil",
        "https://x.com/a%20b%d0%b1?x=%s1",
        "ali@firma.com",
        '{"kod": 1}',
        "{a: 1}",
        "a{2,3}",
        "5 < 6 ve 7 > 3",
        "<3 seviyoruz",
        "<b>önemli</b>",
        "$THYAO yükseldi $USD",
        "20$ ödendi $5",
        "#kampanya #indirim",
        "#1 #2",
        "@firma hesabı",
        "5400 XXXX XXXX 1234",
        "XXXX-1234 kartınız",
        "TR12 XXXX XXXX 99",
        "beden XXL XXXL",
        "**** 1234",
        "Bekleyin... geliyoruz",
        "Sayın Ali, ",
        "100%su",
        "_ __ ",
        "Null Bey geldi",
        "TRY [TL] 20",
        "yüzde 5%di",
        "{Bu bir not: önemli}",
        "<https://x.com>",
        "",
    ],
)
def test_what_only_looks_like_a_placeholder_is_left_alone(text: str) -> None:
    assert placeholders(text) == ()


def test_each_placeholder_is_named_once_and_in_order() -> None:
    assert placeholders("{soyad} [AD] {soyad} %s") == ("{soyad}", "[AD]", "%s")
