"""The rules that all tools' arguments share, and the sentences about faults in them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.times import TimeError
from iletimerkezi_mcp.tools.errors import BadArgumentsError, Problems
from tests.calls import ADD_BLACKLIST, CANCEL_ORDER, GET_BLACKLIST, GET_REPORT, GET_REPORTS, IYS_CHECK, SEND_SMS
from tests.hosting import hosted

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
EMPTY = Text("is empty", "boş")
WRONG = Text("is wrong", "yanlış")

SEND: dict[str, Any] = {"recipients": ["05321234567"], "text": "Merhaba", "message_type": "transactional"}


def told(problems: Problems) -> Text:
    with pytest.raises(BadArgumentsError) as stopped:
        problems.stop()
    assert str(stopped.value) == stopped.value.reason.en
    return stopped.value.reason


def test_without_a_problem_nothing_stops() -> None:
    Problems().stop()


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
        answer = await host.call(SEND_SMS, {**SEND, "dry_run": value})
    assert answer["outcome"] == "nothing_done"
    assert "dry_run is unknown" in answer["summary"]


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
        typed = await host.call(SEND_SMS, {**SEND, "recipients": ["05321234567", 5]})
    assert many["summary"].endswith("The same goes for [1], [2], [3], [4]. And 49,995 more.")
    assert "recipients[1] is not a Turkish mobile number" in one["summary"]
    assert "recipients[1] must be a string" in typed["summary"]


@pytest.mark.parametrize("order_id", ["9" * 21, "12a", "-1", "", "１２"])
async def test_an_order_number_is_one_to_twenty_digits(order_id: str) -> None:
    async with hosted() as host:
        answer = await host.call(CANCEL_ORDER, order_id=order_id)
    assert answer["outcome"] == "nothing_done"
    assert "order_id must be digits only, at most 20" in answer["summary"]
