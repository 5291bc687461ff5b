from __future__ import annotations

from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.answers import ConnectionLoss, HtmlPage, JsonAnswer, Silence
from iletimerkezi_mcp.sandbox.magic_numbers import EVERYWHERE, MAGIC, Refusal
from iletimerkezi_mcp.sandbox.provider import OPERATIONS

from .bench import ALI, VELI, Bench, order

NUMBER = "+905000000"


def orders(bench: Bench) -> int:
    count: int = bench.ask("get-reports", filter={"start": "2026-11-23", "end": "2026-11-23"})["count"]
    return count


def test_every_value_stands_once_in_the_table_and_is_told_in_both_languages() -> None:
    assert len({row.value for row in MAGIC}) == len(MAGIC)
    assert all(row.happens.en and row.happens.tr and row.happens.en != row.happens.tr for row in MAGIC)


def test_a_number_decides_over_its_own_message_alone(bench: Bench) -> None:
    order_id = bench.send(ALI, NUMBER + "110", NUMBER + "111", NUMBER + "112")
    seen = []
    for seconds in (0, 8, 52, 10**6):
        bench.wait(seconds)
        seen.append([status for _, status in bench.fates(order_id)])
    assert seen == [
        [110, 110, 110, 110],
        [111, 110, 110, 112],
        [111, 110, 111, 112],
        [111, 110, 111, 112],
    ]
    assert bench.report(order_id)["status"] == 113


def test_one_number_stops_its_whole_order_after_acceptance(bench: Bench) -> None:
    order_id = bench.send(ALI, NUMBER + "115")
    assert bench.report(order_id)["status"] == 115
    assert bench.credits() == 100_000


@pytest.mark.parametrize("row", [row for row in MAGIC if isinstance(row.effect, Refusal) and row.kind == "number"])
def test_a_refusing_number_refuses_wherever_it_is_given_and_nothing_is_done(bench: Bench, row: Any) -> None:
    given: dict[str, dict[str, Any]] = {
        "send-sms": {"order": order(ALI, row.value)},
        "add-blacklist": {"blacklist": {"number": row.value}},
        "delete-blacklist": {"blacklist": {"number": row.value}},
        "consent/create": {"consent": {"brandCode": "1", "list": [{"recipient": row.value}]}},
        "consent/show": {"consent": {"brandCode": "1", "recipient": row.value}},
    }
    assert EVERYWHERE == given.keys() <= OPERATIONS.keys()
    for operation in row.on:
        assert bench.code(operation, **given[operation]) == row.effect.code
    assert (orders(bench), bench.ask("get-blacklist")["blacklist"]["count"]) == (0, 4)


def test_too_many_requests_come_with_the_seconds_to_wait(bench: Bench) -> None:
    answer = bench.answer("add-blacklist", blacklist={"number": NUMBER + "429"})
    assert isinstance(answer, JsonAnswer)
    assert answer.headers == (("Retry-After", "2"),)


@pytest.mark.parametrize(
    ("last", "answer", "made"),
    [
        ("900", ConnectionLoss(), 1),
        ("901", ConnectionLoss(), 0),
        ("902", Silence(), 1),
        ("903", Silence(), 0),
        ("904", HtmlPage(), 1),
        ("905", HtmlPage(), 0),
    ],
)
def test_an_answer_goes_astray_after_the_deed_or_before_it(bench: Bench, last: str, answer: object, made: int) -> None:
    assert bench.answer("send-sms", order=order(ALI, NUMBER + last)) == answer
    assert bench.answer("add-blacklist", blacklist={"number": NUMBER + last}) == answer
    assert (orders(bench), bench.ask("get-blacklist")["blacklist"]["count"]) == (made, 4 + made)
    assert bench.refused(ALI, text="Selam") == 200


def test_where_the_deed_is_refused_no_answer_goes_astray(bench: Bench) -> None:
    assert bench.refused(NUMBER + "900", sender="BASKA") == 450
    bench.answer("send-sms", order=order(NUMBER + "902"))
    assert bench.refused(NUMBER + "902") == 451


def test_of_several_numbers_the_first_in_the_list_decides(bench: Bench) -> None:
    assert bench.refused(ALI, NUMBER + "112", NUMBER + "503", VELI, NUMBER + "402") == 503
    assert bench.refused(NUMBER + "402", NUMBER + "503") == 402


def test_a_number_decides_only_over_the_operations_of_its_row(bench: Bench) -> None:
    assert bench.code("add-blacklist", blacklist={"number": NUMBER + "402"}) == 200
    assert bench.refused(ALI, NUMBER + "910") == 200


def test_the_answer_to_a_cancellation_can_be_lost(bench: Bench) -> None:
    order_id = bench.send(ALI, NUMBER + "910", sendDateTime="25/12/2026 10:00")
    assert bench.answer("cancel-order", order={"id": order_id}) == ConnectionLoss()
    assert bench.code("cancel-order", order={"id": order_id}) == 455
    assert bench.report(order_id)["status"] == 115
