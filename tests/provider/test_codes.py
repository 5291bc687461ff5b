from __future__ import annotations

import re

import pytest

from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider.codes import (
    ANSWER_CODES,
    MESSAGE_STATUSES,
    ORDER_STATUSES,
    ProviderCode,
    lookup,
    stays_commercial,
)
from iletimerkezi_mcp.provider.orders import MessageStatus, OrderStatus
from tests.calls import CANCEL_ORDER, DELETE_BLACKLIST, GET_BALANCE, GET_REPORT, GET_REPORTS, IYS_CHECK, IYS_REGISTER

PROVIDERS_WORDS = {
    200: "İşlem başarılı",
    400: "İstek çözümlenemedi",
    401: "Üyelik bilgileri hatalı",
    402: "Bakiye yetersiz",
    403: "Aktif abonelik bulunamadı",
    404: "API istek yapılan yönteme sahip değil",
    422: "İstek içerisindeki değerler doğrulanamadı.",
    429: "",
    450: "Gönderilen başlık kullanıma uygun değil",
    451: "Tekrar eden sipariş",
    452: "Mesaj alıcıları hatalı",
    453: "Sipariş boyutu aşıldı",
    454: "Mesaj metni boş",
    455: "Sipariş bulunamadı",
    456: "Sipariş gönderim tarihi henüz gelmedi",
    457: "Mesaj gönderim tarihinin formatı hatalı",
    458: "Tarih aralığı hatalı",
    459: "Başlık kısmı boş olamaz",
    460: "Başlık 11 karakterden fazla olmamalı ve Türkçe karakter içermemelidir.",
    464: "Page değeri 1 den başlamalı.",
    466: "Hatalı numara",
    467: "Evrak bilgisi eksik.",
    468: "IYS üzerinden sorgulama yapılıp, yapılmayacağını ayarlamalısınız.",
    469: "IYS listenizi seçmelisiniz, BIREYSEL veya TACIR.",
    470: "IYS kodunuzu ayarlamalısınız.",
    474: "Bu numara üzerindeki engelleme kaldırılamaz",
    503: "Sunucu geçici olarak servis dışı",
}

EVERY_ROW = {**ANSWER_CODES, **ORDER_STATUSES, **MESSAGE_STATUSES}


def test_the_table_holds_the_documented_codes_in_the_providers_own_words() -> None:
    assert {number: row.turkish for number, row in ANSWER_CODES.items()} == PROVIDERS_WORDS


@pytest.mark.parametrize("row", EVERY_ROW.values(), ids=map(str, EVERY_ROW))
def test_every_row_says_what_to_do_in_both_languages(row: ProviderCode) -> None:
    for text in (row.meaning, row.next_step):
        assert text.en
        assert text.tr
        assert text.en != text.tr
    assert row.next_step.en.endswith(".")
    assert row.next_step.tr.endswith(".")


def test_a_status_has_a_row_for_every_value_of_its_enumeration() -> None:
    assert set(ORDER_STATUSES) == set(OrderStatus)
    assert set(MESSAGE_STATUSES) == set(MessageStatus)


def test_only_a_server_failure_leaves_the_outcome_open() -> None:
    assert {number for number, row in ANSWER_CODES.items() if row.outcome == "unknown"} == {503}
    assert {number for number, row in ANSWER_CODES.items() if row.outcome == "done"} == {200}


def test_401_names_the_panels_switch_before_the_key_and_the_addresses() -> None:
    advice = lookup(401).next_step.en
    assert advice.index("Allow API access") < advice.index("key and hash") < advice.index("IP addresses")


@pytest.mark.parametrize("number", [468, 469, 470])
def test_an_iys_configuration_error_is_never_a_reason_to_send_as_transactional(number: int) -> None:
    assert lookup(number).next_step.en.endswith("Do not send this as transactional.")


def test_the_panels_iys_code_and_the_brand_code_are_told_apart() -> None:
    advice = lookup(470).next_step
    for words in (advice.en, advice.tr):
        assert IYS_CHECK in words
        assert "brand_code" in words


@pytest.mark.parametrize("number", [408, 500, 503, 999])
def test_what_may_have_been_done_is_not_to_be_tried_again(number: int) -> None:
    row = lookup(number)
    assert row.outcome == "unknown"
    assert "try again" not in row.next_step.en.lower()
    assert "A change may have been made: do not repeat it before you have looked" in row.next_step.en
    assert "yeniden deneyin" not in row.next_step.tr


def test_a_next_step_forbids_the_other_type_once() -> None:
    step = lookup(470).next_step
    assert stays_commercial(step) == step
    assert stays_commercial(lookup(402).next_step).tr.endswith(" Bunu transactional olarak göndermeyin.")


def test_474_leaves_open_whether_the_number_is_on_the_list() -> None:
    row = lookup(474, OPERATIONS[DELETE_BLACKLIST])
    assert row.meaning.en == "The number is not on the blacklist, or cannot be taken off it."
    assert "get_blacklist (number)" in row.next_step.en


def test_a_repeated_order_is_looked_up_and_the_text_left_alone() -> None:
    assert GET_REPORTS in lookup(451).next_step.en
    assert "do not change the text" in lookup(451).next_step.en


def test_a_code_means_what_it_means_for_the_operation() -> None:
    assert lookup(455) == lookup(455, OPERATIONS[GET_REPORT])
    assert "cannot be cancelled" in lookup(455, OPERATIONS[CANCEL_ORDER]).meaning.en
    assert "whole batch" in lookup(422, OPERATIONS[IYS_REGISTER]).meaning.en
    assert lookup(403, OPERATIONS[IYS_CHECK]) == lookup(403)
    assert "firewall" in lookup(403, OPERATIONS[GET_BALANCE]).meaning.en
    assert lookup(455, OPERATIONS[CANCEL_ORDER]).turkish == "Sipariş bulunamadı"


def test_an_unlisted_refusal_did_nothing_and_an_unlisted_failure_leaves_it_open() -> None:
    assert (lookup(499).outcome, lookup(499).turkish) == ("refused", "")
    assert (lookup(599).outcome, lookup(599).turkish) == ("unknown", "")


@pytest.mark.parametrize("code", sorted(ANSWER_CODES.keys() - {455, 456}))
def test_a_card_names_no_tool_after_a_refused_change(code: int) -> None:
    """Only reads answer 455 and 456 with these steps; who reads a card can call no tool."""
    for language in ("en", "tr"):
        words = ANSWER_CODES[code].next_step.to(language, "onlooker")
        assert not [tool for tool in OPERATIONS if re.search(rf"\b{tool}\b", words)]
