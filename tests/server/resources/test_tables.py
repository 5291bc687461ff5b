"""The tables of codes and limits."""

from __future__ import annotations

import pytest

from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.provider.codes import ANSWER_CODES, MESSAGE_STATUSES, ORDER_STATUSES, lookup
from iletimerkezi_mcp.provider.outcomes import OUTCOMES
from iletimerkezi_mcp.server.resources.tables import message_limits, status_codes
from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.parts import PART_SIZES

LANGUAGES: tuple[Language, ...] = ("en", "tr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_and_status_is_told_as_errors_tell_it(language: Language) -> None:
    told = status_codes(language)
    assert [row["code"] for row in told["answers"]] == list(ANSWER_CODES)
    assert [row["status"] for row in told["orders"]] == list(ORDER_STATUSES)
    assert [row["status"] for row in told["recipients"]] == list(MESSAGE_STATUSES)
    for row in told["answers"]:
        code = ANSWER_CODES[row["code"]]
        assert (row["meaning"], row["next_step"]) == (code.meaning.to(language), code.next_step.to(language))
        assert row["provider_says"] == code.turkish


def test_a_code_that_means_something_else_for_a_tool_is_told_with_the_tool() -> None:
    found = {
        (row["code"], tool): (other["meaning"], other["next_step"])
        for row in status_codes("en")["answers"]
        for other in row.get("for_some_tools", [])
        for tool in other["tools"]
    }
    expected = {
        (number, tool): (lookup(number, OPERATIONS[tool]).meaning.en, lookup(number, OPERATIONS[tool]).next_step.en)
        for number in ANSWER_CODES
        for tool in OPERATIONS
        if lookup(number, OPERATIONS[tool]) != ANSWER_CODES[number]
    }
    assert found == expected
    assert {(422, "iys_register"), (455, "cancel_order"), (403, "send_sms")} <= set(found)


def test_what_a_code_says_of_a_change_is_told() -> None:
    told = {row["code"]: row["of_a_change"] for row in status_codes("en")["answers"]}
    assert (told[200], told[450], told[503]) == (
        OUTCOMES["done"].meaning.en,
        OUTCOMES["refused"].meaning.en,
        OUTCOMES["unknown"].meaning.en,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_are_those_that_previews_reckon_with(language: Language) -> None:
    told = message_limits(None, language)
    rows = {row["alphabet"]: (row["units_in_one_part"], row["units_in_each_of_several"]) for row in told["alphabets"]}
    assert rows == {alphabet.value: limits for alphabet, limits in PART_SIZES.items()}
    assert (told["max_parts"], told["max_recipients"], told["max_sender_characters"]) == (7, 50_000, 11)
    assert told["two_units_each"] == {"GSM-7": "[\\]^{|}~€", "Turkish": "[\\]^{|}~"}
    assert [row["mode"] for row in told["modes"]] == ["english", "turkish", "unicode"]
    assert told["mode"] is None


def test_the_accounts_mode_is_told_where_it_is_known() -> None:
    assert message_limits(CharacterMode.TURKISH, "en")["mode"] == "turkish"
