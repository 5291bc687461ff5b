"""The text of a standing rule: the messages that have it, and all that it must not be."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iletimerkezi_mcp.sms.alphabet import compose
from iletimerkezi_mcp.sms.rule_text import MAX_FIELD_LENGTH, MAX_FIELDS, RuleTextError, parse_rule_text

ORDER = parse_rule_text("Siparişiniz {no:12} yola çıktı.")
NAMED = parse_rule_text("Sayın {ad:20:letters}, {no:8} numaralı randevunuz onaylandı.")


def named(name: str) -> bool:
    """Return True if a message with this name has the text of a rule."""
    return NAMED.matches(f"Sayın {name}, 7 numaralı randevunuz onaylandı.")


@pytest.mark.parametrize("number", ["1", "12345", "123456789012"])
def test_the_words_with_a_value_in_each_field_match(number: str) -> None:
    assert ORDER.matches(f"Siparişiniz {number} yola çıktı.")


@pytest.mark.parametrize("name", ["Ali", "Ayşe Gül Öz", "İnci", "Kâmil", "Zoë", "x" * 20])
def test_letters_are_latin_with_single_blanks(name: str) -> None:
    assert named(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Siparişiniz  yola çıktı.",
        "Siparisiniz 12 yola çıktı.",
        "siparişiniz 12 yola çıktı.",
        "SİPARİŞİNİZ 12 YOLA ÇIKTI.",
        "Siparişiniz 12 yola çıktı",
        "Siparişiniz 12 yola çıktı. ",
        " Siparişiniz 12 yola çıktı.",
        "Siparişiniz 12 yola çıktı..",
        "Siparişiniz 12 yola çıktı.\n",
        "Siparişiniz\u00a012 yola çıktı.",
        "Siparişiniz 12 yola\u200b çıktı.",
        "Siparişіniz 12 yola çıktı.",  # a Cyrillic і
        "Siparişiniz 12 yola cikti.",
        "Siparişiniz 1234567890123 yola çıktı.",
        "Siparişiniz 12a yola çıktı.",
        "Siparişiniz A12 yola çıktı.",
        "Siparişiniz 1 2 yola çıktı.",
        "Siparişiniz 12\n yola çıktı.",
        "Siparişiniz 12\u202e yola çıktı.",
        "Siparişiniz ١٢ yola çıktı.",
        "Siparişiniz １２ yola çıktı.",
        "Siparişiniz 1² yola çıktı.",
        "Siparişiniz 12. yola çıktı.",
        "Siparişiniz -12 yola çıktı.",
        "Siparişiniz +9 yola çıktı.",
        "Siparişiniz firma.com yola çıktı.",
        "Siparişiniz 12 yola çıktı. Siparişiniz 13 yola çıktı.",
        "Siparişiniz {no:12} yola çıktı.",
    ],
)
def test_a_text_that_is_nearly_the_same_is_another(text: str) -> None:
    assert not ORDER.matches(text)
    assert not ORDER.matches(compose(text))


def test_a_text_has_to_be_composed_as_it_is_sent() -> None:
    decomposed = "Siparis\u0327iniz 12 yola c\u0327\u0131kt\u0131."
    assert not ORDER.matches(decomposed)
    assert ORDER.matches(compose(decomposed))


@pytest.mark.parametrize(
    "name",
    [
        "",
        " Ali",
        "Ali ",
        "Ali  Veli",
        "Ali\tVeli",
        "Ali\nVeli",
        "Ali\rVeli",
        "Ali\u2028Veli",
        "Ali\u00a0Veli",
        "Ali7",
        "Ali-Veli",
        "O'Hara",
        "A.",
        "firma.com",
        "firma .com",
        "ali@firma",
        "http://firma",
        "firma。com",
        "fırma\u00b7com",
        "x" * 21,
        "A\u0301\u0301li",
        "Ali\u0308",
        "А\u043bи",
        "αλι",
        "علي",
        "अली",
        "李",
        "Ali\u200d",
        "Ali\u202e",
        "Ali\ufeff",
        "😀",
        "ſanli",
        "ﬁrma",
        "Ａli",
        "Ali × Veli",
        "a_b",
        "{ad}",
    ],
)
def test_letters_hold_nothing_else(name: str) -> None:
    assert not named(name)


@pytest.mark.parametrize("text", ["Ali Kaya", "Ali Veli Kaya"])
def test_a_text_that_can_be_read_in_two_ways_has_the_same_bounds_in_each(text: str) -> None:
    both = parse_rule_text("Sayın {ad:9:letters} {soyad:9:letters} randevunuz onaylandı.")
    assert both.matches(f"Sayın {text} randevunuz onaylandı.")
    assert not both.matches("Sayın Ali randevunuz onaylandı.")
    assert not both.matches(f"Sayın {'a' * 10} {'b' * 9} randevunuz onaylandı.")
    assert not both.matches("Sayın aaa aaa aaa aaa aaaa randevunuz onaylandı.")


def test_a_value_may_hold_the_words_behind_it() -> None:
    rule = parse_rule_text("Sayın {ad:20:letters} geldi ve gitti")
    assert rule.matches("Sayın Ali geldi ve gitti")
    assert rule.matches("Sayın Ali geldi ve geldi ve gitti")


def test_words_alone_are_a_rule_too() -> None:
    rule = parse_rule_text("Mağazamız bugün saat 18:00'de kapanıyor.\nfirma.com")
    assert rule.matches("Mağazamız bugün saat 18:00'de kapanıyor.\nfirma.com")
    assert not rule.matches("Mağazamız bugün saat 18:00'de kapanıyor.")
    assert rule.example() == rule.example(2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Siparişiniz {no} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:12 yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:12:digit} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:12:Letters} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {{no:12}} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {a b:12} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:0} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:41} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:١٢} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:6}{ad:20:letters} yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz " + "{n:1}, " * 9 + "yola çıktı.", "A field is written {no:12}"),
        ("Siparişiniz {no:12} yola çıktı. ", "no invisible characters"),
        ("Siparişiniz {no:12} yola\u200b çıktı.", "no invisible characters"),
        ("Siparişiniz {no:12} yola\u202e çıktı.", "no invisible characters"),
        ("Siparişiniz {no:12} yola\x1b çıktı.", "no invisible characters"),
        ("{x:40:letters}", "need at least 10 letters"),
        ("Not: {x:40:letters} 1234567890", "need at least 10 letters"),
        ("Takip adresi: firma.com/{no:8} iyi günler", "no part of a link"),
        ("Takip adresi: https://{ad:8:letters} iyi günler", "no part of a link"),
        ("Takip adresi: {ad:8:letters}.com iyi günler", "no part of a link"),
        ("Takip adresi: {no:3}.com iyi günler", "no part of a link"),
        ("Takip adresi: firma.{ad:8:letters} iyi günler", "no part of a link"),
        ("Takip adresi: firma\n.{ad:8:letters} iyi günler", "no part of a link"),
        ("Takip adresi: {ad:8:letters}@firma iyi günler", "no part of a link"),
        ("Takip adresi: WWW{no:8} iyi günler", "no part of a link"),
        ("Takip adresi: {a:3}.{b:3}.{c:3}.{d:3} iyi günler", "no part of a link"),
        ("Takip adresi: 192.168.1.{d:3} iyi günler", "no part of a link"),
        ("Takip adresi: firma。{ad:8:letters} iyi günler", "no part of a link"),
        ("Yeni yıl kampanyamız {no:8} ile başladı", "never sent unread: Marked transactional"),
        ("Sayın [AD], siparişiniz {no:8} yola çıktı", "never sent unread: Placeholder not filled"),
    ],
)
def test_a_text_that_no_rule_can_have_is_refused(text: str, words: str) -> None:
    with pytest.raises(RuleTextError, match=re.escape(words)):
        parse_rule_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sayın {ad:20:letters}. İyi günler dileriz.",
        "Siparişiniz #{no:8}'dir, firma.com adresinde.",
        "A.Ş. {no:8} numaralı işleminiz tamam. Bilgi: firma.com",
        "Tarih {gun:2}.{ay:2}.{yil:4} saat {s:2}:{d:2} olarak kaydedildi.",
    ],
)
def test_a_full_stop_or_a_link_elsewhere_does_no_harm(text: str) -> None:
    rule = parse_rule_text(text)
    assert rule.matches(rule.example(2))
    assert rule.matches(rule.example())


def test_examples_are_short_and_as_long_and_dear_as_any() -> None:
    assert NAMED.example(2) == "Sayın âl, 12 numaralı randevunuz onaylandı."
    assert NAMED.example() == "Sayın âliâliâliâliâliâliâl, 12345678 numaralı randevunuz onaylandı."


def test_no_text_takes_long() -> None:
    rule = parse_rule_text("abcdefghij " + " ".join(["{x:40:letters}"] * 8) + ".")
    for text in ("abcdefghij " + "a " * 990, "abcdefghij " + "a" * 1900, "." * 2000, "1 " * 1000):
        assert not rule.matches(text)


@given(st.text(max_size=30), st.randoms(use_true_random=False))
def test_whatever_a_value_is_the_message_is_plain(value: str, chance: random.Random) -> None:
    text = compose(f"Sayın {value}, 7 numaralı randevunuz onaylandı.")
    if NAMED.matches(text):
        assert re.fullmatch(r"Sayın [A-Za-zÀ-ž ]{1,20}, [0-9]{1,8} numaralı randevunuz onaylandı\.", text)
    changed = list(ORDER.example())
    place = chance.randrange(len(changed))
    if changed[place] not in "0123456789":
        changed[place] = chance.choice([sign for sign in "aЕ é1.\u200b" if sign != changed[place]])
        assert not ORDER.matches("".join(changed))


def test_the_bounds_are_those_of_the_words() -> None:
    assert (MAX_FIELDS, MAX_FIELD_LENGTH) == (8, 40)
