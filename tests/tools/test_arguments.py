"""The rules that all tools' arguments share, and the sentences about faults in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.times import TimeError
from iletimerkezi_mcp.tools.arguments import HOSTS_OWN
from iletimerkezi_mcp.tools.errors import BadArgumentsError, Problems
from tests.calls import (
    ADD_BLACKLIST,
    CANCEL_ORDER,
    GET_BALANCE,
    GET_BLACKLIST,
    GET_REPORT,
    GET_REPORTS,
    IYS_CHECK,
    IYS_REGISTER,
    SEND_SMS,
)
from tests.hosting import ERAS, Mode, hosted

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
EMPTY = Text("is empty", "boş")
WRONG = Text("is wrong", "yanlış")

TWO = ["05321234567", "05321234568"]
CHECK: dict[str, Any] = {"recipient": "05330000099", "recipient_type": "TACIR", "channel": "MESAJ"}
CONSENT: dict[str, Any] = {
    "recipient": "0532 999 88 77",
    "recipient_type": "BIREYSEL",
    "channel": "MESAJ",
    "status": "ONAY",
    "source": "HS_WEB",
    "consent_date": "2026-11-20T14:30:00",
}
SEND: dict[str, Any] = {"recipients": ["05321234567"], "text": "Merhaba", "message_type": "transactional"}


def told(problems: Problems) -> Text:
    with pytest.raises(BadArgumentsError) as stopped:
        problems.raise_if_any()
    assert str(stopped.value) == stopped.value.reason.en
    return stopped.value.reason


def test_without_a_problem_nothing_stops() -> None:
    Problems().raise_if_any()


def test_each_problem_is_a_sentence() -> None:
    problems = Problems()
    problems.add("text", EMPTY)
    problems.add("sendr", Text("is no argument; did you mean sender?", "parametre değil; sender mi?"))
    assert told(problems) == Text(
        "text is empty. sendr is no argument; did you mean sender?", "text boş. sendr parametre değil; sender mi?"
    )


def test_the_same_reason_is_given_once_for_all_entries_of_a_list() -> None:
    problems = Problems()
    for index in (0, 3, 7):
        problems.add(f"consents[{index}].recipient", EMPTY)
    problems.add("consents[3].source", EMPTY)
    problems.add("consents[4].recipient", WRONG)
    assert told(problems) == Text(
        "consents[0].recipient is empty. The same goes for [3], [7]. consents[3].source is empty. "
        "consents[4].recipient is wrong.",
        "consents[0].recipient boş. Aynısı şunlar için de geçerli: [3], [7]. consents[3].source boş. "
        "consents[4].recipient yanlış.",
    )


def test_of_many_entries_with_the_same_reason_a_few_are_named_and_all_are_counted() -> None:
    problems = Problems()
    for index in range(2_005):
        problems.add(f"recipients[{index}]", EMPTY)
    assert told(problems) == Text(
        "recipients[0] is empty. The same goes for [1], [2], [3], [4] and 2,000 more.",
        "recipients[0] boş. Aynısı şunlar için de geçerli: [1], [2], [3], [4] ve 2.000 alan daha.",
    )


def test_the_rest_is_counted_by_what_it_weighs() -> None:
    problems = Problems()
    for number in range(7):
        problems.add(f"field{number}", EMPTY)
    problems.add("field6", EMPTY)
    problems.add_more(40_000)
    said = told(problems)
    assert said.en.endswith("field4 is empty. And 40,003 more.")
    assert said.tr.endswith("field4 boş. 40.003 sorun daha var.")


def test_the_present_time_is_told_once_and_last() -> None:
    problems = Problems()
    for index in range(2):
        problems.add_time(f"consents[{index}].consent_date", TimeError(Text("lies ahead", "ileride")), NOW)
    problems.add_time("start", TimeError(Text("is no day", "gün değil")), NOW)
    problems.add("text", EMPTY)
    assert told(problems) == Text(
        "consents[0].consent_date lies ahead. The same goes for [1]. start is no day. text is empty. "
        "It is now 10:00 on Monday 2026-11-23 in Istanbul.",
        "consents[0].consent_date ileride. Aynısı şunlar için de geçerli: [1]. start gün değil. text boş. "
        "İstanbul'da şu an 23.11.2026 Pazartesi 10:00.",
    )


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (SEND_SMS, {**SEND, "confirm": "", "sender": "", "send_at": " ", "iys_list": "", "label": "\u200b"}),
        (GET_REPORT, {"order_id": "312891245", "recipient": "", "show": "", "page": ""}),
        (GET_REPORTS, {"start": "", "end": "", "page": None}),
        (GET_BLACKLIST, {"number": "", "added_from": "", "added_to": "", "page_size": ""}),
        (IYS_CHECK, {"brand_code": "", "recipient": "05330000099", "recipient_type": "TACIR", "channel": "MESAJ"}),
    ],
)
async def test_an_optional_argument_that_is_blank_is_an_absent_one(tool: str, arguments: dict[str, Any]) -> None:
    async with hosted() as host:
        answer = await host.call(tool, arguments)
    assert answer["outcome"] in {"preview", "ok"}


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        (SEND_SMS, {**SEND, "text": ""}, "text must not be empty"),
        (SEND_SMS, {**SEND, "message_type": ""}, "message_type must be transactional or commercial"),
        (GET_REPORT, {"order_id": " "}, "order_id must be digits"),
        (GET_REPORT, {}, "order_id is required"),
        (ADD_BLACKLIST, {"number": ""}, "number has no digits"),
    ],
)
async def test_a_required_argument_that_is_blank_is_refused(tool: str, arguments: dict[str, Any], named: str) -> None:
    async with hosted() as host:
        answer = await host.call(tool, arguments)
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert host.wire.requests == []


@pytest.mark.parametrize("value", [None, ""])
async def test_an_argument_that_does_not_exist_is_refused_whatever_its_value(value: object) -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, {**SEND, "simulate": value})
    assert answer["outcome"] == "nothing_done"
    assert "simulate is unknown" in answer["summary"]


@pytest.mark.parametrize("text", ["\u200b", "\u00ad\ufeff", "\u3164", "\u2800 ", "\x00"])
async def test_a_text_in_which_nothing_can_be_seen_is_not_sent(text: str) -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, {**SEND, "text": text})
    assert answer["outcome"] == "nothing_done"
    assert "text must not be blank" in answer["summary"]


async def test_every_refused_recipient_is_counted_and_numbered_from_zero() -> None:
    async with hosted() as host:
        many = await host.call(SEND_SMS, {**SEND, "recipients": ["nobody"] * 50_000})
        one = await host.call(SEND_SMS, {**SEND, "recipients": ["05321234567", "0212 555 44 33"]})
        typed = await host.call(SEND_SMS, {**SEND, "recipients": ["05321234567", True]})
    assert many["summary"].endswith(
        "The same goes for entry 2 (“nobody”), entry 3 (“nobody”), entry 4 (“nobody”), entry 5 ("
        "“nobody”). And 49,995 more."
    )
    assert "recipients, entry 2 (“0212 555 44 33”) is not a Turkish mobile number" in one["summary"]
    assert "recipients[1] must be a string" in typed["summary"]


@pytest.mark.parametrize("order_id", ["9" * 21, "12a", "-1", "", "１２"])
async def test_an_order_number_is_one_to_twenty_digits(order_id: str) -> None:
    async with hosted() as host:
        answer = await host.call(CANCEL_ORDER, order_id=order_id)
    assert answer["outcome"] == "nothing_done"
    assert "order_id must be digits only, at most 20" in answer["summary"]


ROUNDED = "is too large to be exact as a number with a decimal point, so it may have been rounded to another one"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("tool", "arguments", "plain"),
    [
        (GET_REPORT, {"order_id": 312891245, "page": 1.0}, {"order_id": "312891245"}),
        (GET_REPORT, {"order_id": 312891245.0, "page": "1"}, {"order_id": "312891245"}),
        (GET_REPORT, {"order_id": "312891245.0", "page_size": " 150.0 "}, {"order_id": "312891245", "page_size": 150}),
        (GET_BLACKLIST, {"number": 905330000091.0}, {"number": "905330000091"}),
        (ADD_BLACKLIST, {"number": 5330000099}, {"number": "5330000099"}),
        (IYS_CHECK, {**CHECK, "recipient": 5330000099.0, "brand_code": 123456.0}, {**CHECK, "brand_code": "123456"}),
        (IYS_REGISTER, {"consents": [{**CONSENT, "recipient": 5329998877}]}, {"consents": [CONSENT]}),
        (IYS_REGISTER, {"consents": json.dumps([CONSENT])}, {"consents": [CONSENT]}),
        (SEND_SMS, {**SEND, "recipients": [5321234567, 905321234568.0]}, {**SEND, "recipients": TWO}),
        (SEND_SMS, {**SEND, "recipients": json.dumps([5321234567, "0532 123 45 68"])}, {**SEND, "recipients": TWO}),
        (SEND_SMS, {**SEND, "skip_recent": "False", "dry_run": "false"}, SEND),
        (SEND_SMS, {**SEND, "skip_recent": "true"}, {**SEND, "skip_recent": True}),
        (SEND_SMS, {**SEND, "toolCallId": "call_1", "sessionId": ["x"]}, SEND),
        (GET_BALANCE, {"toolCallId": "call_1"}, {}),
    ],
)
async def test_what_hosts_write_in_another_way_is_the_same_call(
    tool: str, arguments: dict[str, Any], plain: dict[str, Any], mode: Mode
) -> None:
    async with hosted(mode=mode) as host:
        answer = await host.call(tool, arguments)
        same = await host.call(tool, plain)
    assert answer["outcome"] in ("preview", "ok"), answer
    assert {**answer, "confirm": ""} == {**same, "confirm": ""}


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        (GET_REPORT, {"order_id": 2.0**53}, f"order_id {ROUNDED}; give its digits as a string."),
        (GET_REPORT, {"order_id": 312891245.5}, "order_id must be a string"),
        (GET_REPORT, {"order_id": True}, "order_id must be a string"),
        (GET_REPORT, {"order_id": "1", "page": "1.000"}, "page must be a whole number"),
        (GET_REPORT, {"order_id": "1", "page": 1.5}, "page must be a whole number"),
        (GET_REPORT, {"order_id": "1", "page": True}, "page must be a whole number"),
        (GET_REPORT, {"order_id": "1", "page": 1e300}, "page must be 1,000,000 or less"),
        (GET_REPORT, {"order_id": "1", "page": "9" * 5_000}, "page must be a whole number"),
        (GET_REPORT, {"order_id": "1", "page": -1.0}, "page must be 1 or more"),
        (ADD_BLACKLIST, {"number": 9.053212345671e18}, f"number {ROUNDED}"),
        (ADD_BLACKLIST, {"number": False}, "number must be a string"),
        (SEND_SMS, {**SEND, "recipients": "05321234567"}, "recipients must be a list (a JSON array)"),
        (SEND_SMS, {**SEND, "recipients": '["05321234567"'}, "recipients must be a list (a JSON array)"),
        (SEND_SMS, {**SEND, "recipients": '{"0": "05321234567"}'}, "recipients must be a list (a JSON array)"),
        (SEND_SMS, {**SEND, "recipients": "[" * 100_000}, "recipients must be a list (a JSON array)"),
        (SEND_SMS, {**SEND, "recipients": "[]"}, "recipients must not be empty"),
        (SEND_SMS, {**SEND, "recipients": [2.0**60]}, "recipients[0] must be a string"),
        (SEND_SMS, {**SEND, "text": 5}, "text must be a string"),
        (SEND_SMS, {**SEND, "toolcallid": "call_1"}, "toolcallid is unknown"),
        (SEND_SMS, {**SEND, "session_id": "1"}, "session_id is unknown"),
        (IYS_REGISTER, {"consents": [{**CONSENT, "toolCallId": "call_1"}]}, "consents[0].toolCallId is unknown"),
    ],
)
async def test_what_may_be_meant_otherwise_is_refused_by_name(
    tool: str, arguments: dict[str, Any], named: str, mode: Mode
) -> None:
    async with hosted(mode=mode) as host:
        answer = await host.call(tool, arguments)
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert host.wire.requests == []


@pytest.mark.parametrize("value", ["true", " True "])
async def test_a_dry_run_that_came_as_text_is_one(value: str) -> None:
    async with hosted() as host:
        answer = await host.call(ADD_BLACKLIST, number=5330000099.0, dry_run=value)
    assert answer["outcome"] == "dry_run"
    assert "confirm" not in answer


async def test_a_list_that_came_as_text_has_no_more_fields_than_another() -> None:
    entry = {f"unknown{number}": 1 for number in range(60)}
    async with hosted() as host:
        answer = await host.call(IYS_REGISTER, {"consents": json.dumps([entry] * 1_000)})
    assert answer["summary"] == "Nothing was done. The call may hold at most 50,000 fields in all."


async def test_no_tool_has_an_argument_that_hosts_add_by_themselves() -> None:
    async with hosted() as host:
        for tool in (await host.client.list_tools()).tools:
            assert not tool.input_schema["properties"].keys() & HOSTS_OWN


async def test_a_consent_list_with_a_transactional_message_is_to_be_left_out_and_nothing_else() -> None:
    async with hosted() as host:
        answer = await host.call(SEND_SMS, {**SEND, "iys_list": "BIREYSEL"})
    assert "iys_list does not go with transactional; leave it out, or give NONE." in answer["summary"]
    assert "commercial" not in answer["summary"] + answer["next_step"]
