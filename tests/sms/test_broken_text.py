from __future__ import annotations

import pytest

from iletimerkezi_mcp.sms.broken_text import broken_words
from tests.calls import SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, Mode, hosted

WRONG_ENCODING, LOST, CODES = "Letters were read", "Characters were lost", "Codes stand"


@pytest.mark.parametrize(
    ("text", "beginning", "words"),
    [
        ("Sipari\ufffdiniz yolda", LOST, ("Sipari\ufffdiniz",)),
        ("SipariÅŸiniz yola Ã§Ä±ktÄ±.", WRONG_ENCODING, ("SipariÅŸiniz", "Ã§Ä±ktÄ±.")),
        ("Ä°yi gÃ¼nler", WRONG_ENCODING, ("Ä°yi", "gÃ¼nler")),
        ("Sipari\u00c5\u009finiz", WRONG_ENCODING, ("Sipari\u00c5\u009finiz",)),
        ("DoÄŸum gÃ¼nÃ¼", WRONG_ENCODING, ("DoÄŸum", "gÃ¼nÃ¼")),
        ("GrÃ¶ÃŸe", WRONG_ENCODING, ("GrÃ¶ÃŸe",)),
        ("Sayın üyemiz, â€œyeniâ€\u009d", WRONG_ENCODING, ("â€œyeniâ€\u009d",)),
        ("Firma\u00e2\u0080\u0099dan", WRONG_ENCODING, ("Firma\u00e2\u0080\u0099dan",)),
        ("Tutar: 100â‚º, 50â‚¬", WRONG_ENCODING, ("100â‚º,", "50â‚¬")),
        ("Kutlarız ğŸ‰", WRONG_ENCODING, ("ğŸ‰",)),
        ("Thanks ðŸ˜€", WRONG_ENCODING, ("ðŸ˜€",)),
        ("Sipariþiniz hazýr", WRONG_ENCODING, ("Sipariþiniz", "hazýr")),
        ("ÝYÝ GÜNLER, kargonuz daðýtýmda", WRONG_ENCODING, ("ÝYÝ", "daðýtýmda")),
        (r"Merhaba\nSiparişiniz yolda", CODES, (r"Merhaba\nSiparişiniz",)),
        (r"Sipari\u015finiz yolda.\n", CODES, (r"Sipari\u015finiz", r"yolda.\n")),
        (r"Sayın \"Ayşe\"", CODES, (r"\"Ayşe\"",)),
        ("Ali &amp; Veli", CODES, ("&amp;",)),
        ("Fırat&#39;ın kargosu &nbsp;yolda", CODES, ("Fırat&#39;ın", "&nbsp;yolda")),
        ("&Uuml;cret: &#x20BA;100", CODES, ("&Uuml;cret:", "&#x20BA;100")),
        ("https://a.com/?a=1&amp;b=2", CODES, ("https://a.com/?a=1&amp;b=2",)),
        ("Siparişiniz%20yolda", CODES, ("Siparişiniz%20yolda",)),
        ("Ay%C5%9Fe%20Han%C4%B1m", CODES, ("Ay%C5%9Fe%20Han%C4%B1m",)),
        ("Merhaba%0AAyşe", CODES, ("Merhaba%0AAyşe",)),
    ],
)
def test_a_damaged_text_is_recognised_by_the_words_that_show_it(
    text: str, beginning: str, words: tuple[str, ...]
) -> None:
    ((warning, shown),) = broken_words(text).items()
    assert warning.en.startswith(beginning)
    assert shown == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Siparişiniz yola çıktı. Kargo takip: AB123. İyi günler.",
        "Değerli üyemiz, 12.345,67 TL borcunuz 30.11.2026 tarihine kadar ödenmelidir. Bilgi: 0850 123 45 67",
        "Tüm ürünlerde %20 indirim! %50'ye varan fırsatlar, %20KDV dahil, ürünlerde%20indirim, mağazada%20'ye varan",
        "Stoklarda%20az kaldı, sepette%20daha ucuz, fiyatlara%20zam, everything%20off",
        "Kâğıt, hâlâ, ÂDEM, RÜZGÂR, İLÂN, MÜTALÂA, “HÂLÂ”, «HÂLÂ», HALÂ… Mahkûm, millî. Ümit & Oğlu A.Ş.",
        "„Ä“ und ‚Ö‘ – Grüße aus MÜNCHEN, Straße 5, Äpfel, ÄRZTE, „MENÜ“, Übergröße: 5 °C, 10 £, ½ Preis, §5",
        "Don’t miss it: café, naïve, façade, jalapeño, crème brûlée — “quotes”, 5€, 100₺, R&D; AT&T; H&M; M&S;",
        "https://firma.com/?q=a%20b&c=d%C5%9F&copy=1 www.firma.com.tr/yol%20u?a=1&b=2; firma.com/a%20b%0A",
        "Takip: firma.io/x?y=%2C;z Kod: 123456 B186",
        r"C:\nakliye\raporlar\tablo.xlsx ve \\sunucu\ntlm\rapor dosyası",
        "Ödeme: 5/6 taksit, and/or, ¯-_(^^)_/¯ :) 😀 ❤️ 👍🏽 🇹🇷",
        "Dobrý den, vaše zásilka je připravena. Góðan daginn, sendingin þín er komin í hús.",
        "Randevunuz 10:00'da; adres: Ş. Ağa Cd. No:5/A",
        "Faiz %3,20; oran %20. Katılım %20artışla, yüzde%20hisse",
    ],
)
def test_an_ordinary_text_is_not_taken_for_a_damaged_one(text: str) -> None:
    assert broken_words(text) == {}


@pytest.mark.parametrize("mode", ERAS)
async def test_the_preview_warns_of_a_damaged_text_and_quotes_it(mode: Mode) -> None:
    text = "SipariÅŸiniz \ufffd" + r" yolda.\nAli &amp; " + "x" * 60 + r"\t"
    async with hosted(mode=mode) as host:
        preview = await host.call(SEND_SMS, SEND, text=text)
    lines = preview["preview"].split("\n")
    assert (
        "! Letters were read in a wrong encoding: “SipariÅŸiniz”. Every recipient would get them exactly like this."
        in lines
    )
    assert any(line.startswith("! Characters were lost before the text came here") for line in lines)
    assert any(line.startswith(r"! Codes stand in place of characters: “yolda.\nAli”, “&amp;”, “xxx") for line in lines)
    assert len(preview["warnings"]) == 3
