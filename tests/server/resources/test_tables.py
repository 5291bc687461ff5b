"""The tables of codes and limits."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider.codes import ANSWER_CODES, MESSAGE_STATUSES, ORDER_STATUSES, lookup
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.server.resources.tables import message_limits, status_code, status_codes
from iletimerkezi_mcp.sms.alphabet import Alphabet, CharacterMode
from iletimerkezi_mcp.sms.parts import measure
from tests.calls import CANCEL_ORDER, DELETE_BLACKLIST, GET_BLACKLIST, GET_REPORT, GET_REPORTS, IYS_REGISTER, SEND_SMS

LANGUAGES: tuple[Language, ...] = ("en", "tr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_and_status_reads_as_in_errors(language: Language) -> None:
    document = status_codes(language)
    assert [row["code"] for row in document["codes"]] == list(ANSWER_CODES)
    assert [row["status"] for row in document["orders"]] == list(ORDER_STATUSES)
    assert [row["status"] for row in document["recipients"]] == list(MESSAGE_STATUSES)
    for row in document["codes"]:
        code = ANSWER_CODES[row["code"]]
        assert (row["meaning"], row["next_step"]) == (code.meaning.to(language), code.next_step.to(language))
        assert row["provider_says"] == code.turkish


def test_a_code_that_means_something_else_for_a_tool_names_the_tool() -> None:
    for_tools = {
        (row["code"], tool): (other["meaning"], other["next_step"])
        for row in status_codes("en")["codes"]
        for other in row.get("for_some_tools", [])
        for tool in other["tools"]
    }
    expected = {
        (number, tool): (lookup(number, OPERATIONS[tool]).meaning.en, lookup(number, OPERATIONS[tool]).next_step.en)
        for number in ANSWER_CODES
        for tool in OPERATIONS
        if lookup(number, OPERATIONS[tool]) != ANSWER_CODES[number]
    }
    assert for_tools == expected
    assert {(422, IYS_REGISTER), (455, CANCEL_ORDER), (403, SEND_SMS)} <= set(for_tools)


def test_a_code_says_what_it_means_for_a_change() -> None:
    meanings = {row["code"]: row.get("after_a_change") for row in status_codes("en")["codes"]}
    assert (meanings[200], meanings[450], meanings[503]) == (
        OUTCOMES["done"].meaning.en,
        OUTCOMES["refused"].meaning.en,
        OUTCOMES["unknown"].meaning.en,
    )
    only = {row["code"]: row.get("only_from") for row in status_codes("en")["codes"]}
    assert (only[464], meanings[464]) == ([GET_REPORT, GET_REPORTS, GET_BLACKLIST], None)
    assert (only[474], meanings[474]) == ([DELETE_BLACKLIST], OUTCOMES["refused"].meaning.en)
    assert only[200] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_code_can_be_read_alone(language: Language) -> None:
    for kind, rows in status_codes(language).items():
        for row in rows:
            assert status_code(row.get("code") or row["status"], language) == {kind: [row]}


def test_a_code_that_is_not_documented_has_the_meaning_of_its_kind_and_no_other_number_has_one() -> None:
    refused, failed = status_code(499, "en"), status_code(508, "en")
    assert refused is not None
    assert failed is not None
    assert refused["codes"][0]["after_a_change"] == OUTCOMES["refused"].meaning.en
    assert failed["codes"][0]["after_a_change"] == OUTCOMES["unknown"].meaning.en
    assert status_code(199, "en") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_are_those_of_previews(language: Language) -> None:
    document = message_limits(None, language)
    for row in document["alphabets"]:
        alphabet = Alphabet(row["alphabet"])
        for parts, most in enumerate(row["most_units_in_1_2_3_parts"], 1):
            assert measure("a" * most, alphabet).parts == parts
            # More than seven are refused, and some of the readings take a little more for seven.
            assert parts == 7 or measure("a" * (most + 1), alphabet).parts == parts + 1
    assert document["alphabets"][0]["most_units_in_1_2_3_parts"] == [155, 301, 454, 607, 760, 913, 1066]
    assert (document["max_parts"], document["max_recipients"], document["max_sender_characters"]) == (7, 50_000, 11)
    assert document["two_units_each"] == {"GSM-7": "[\\]^{|}~€", "Turkish": "[\\]^{|}~"}
    assert [row["mode"] for row in document["modes"]] == ["english", "turkish", "unicode"]
    assert document["mode"] is None


def test_the_accounts_mode_is_in_the_document_if_it_is_known() -> None:
    assert message_limits(CharacterMode.TURKISH, "en")["mode"] == "turkish"
