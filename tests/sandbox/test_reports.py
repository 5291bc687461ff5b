from __future__ import annotations

from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.fixtures import Fixtures

from .bench import ALI, CAN, OK, VELI, Bench

UNDELIVERED = "+905000000112"


def test_an_order_moves_from_sending_to_finished_as_time_passes(bench: Bench) -> None:
    order_id = bench.send(ALI, VELI, UNDELIVERED)
    seen = []
    for _ in range(10):
        report = bench.report(order_id)
        seen.append((report["status"], report["waiting"], report["delivered"] + report["undelivered"]))
        bench.wait(1)
    assert seen[0] == seen[1] == (113, 3, 0)
    assert seen[-1] == (114, 0, 3)
    assert [waiting for _, waiting, _ in seen] == sorted((waiting for _, waiting, _ in seen), reverse=True)
    assert all((status == 114) == (waiting == 0) and waiting + settled == 3 for status, waiting, settled in seen)


def test_a_finished_report_tells_everything(bench: Bench) -> None:
    order_id = bench.send(ALI, UNDELIVERED, text="a" * 200)
    bench.wait(60)
    assert bench.ask("get-report", order={"id": order_id, "page": "1", "rowCount": "1000"}) == {
        "status": OK,
        "order": {
            "id": order_id,
            "status": 114,
            "total": 2,
            "delivered": 1,
            "undelivered": 1,
            "waiting": 0,
            "submitAt": "2026-11-23 10:00:00",
            "sendAt": "2026-11-23 10:00:00",
            "sender": "FIRMAADI",
            "price": 2,
            "message": [{"number": ALI, "status": 111}, {"number": UNDELIVERED, "status": 112}],
        },
    }


def test_messages_settle_at_the_same_moment_in_every_world(bench: Bench) -> None:
    order_id = bench.send(*(f"+9053400000{place}{place}" for place in range(10)))
    seen = []
    for _ in range(9):
        seen.append(bench.report(order_id)["waiting"])
        bench.wait(1)
    assert seen == [10, 10, 9, 9, 6, 5, 4, 1, 0]


def test_a_scheduled_order_is_456_until_its_time(bench: Bench) -> None:
    order_id = bench.send(ALI, sendDateTime=["23/11/2026 10:01"])
    assert bench.ask("get-report", order={"id": order_id}) == {
        "status": {"code": 456, "message": "Sipariş gönderim tarihi henüz gelmedi"}
    }
    bench.wait(60)
    report = bench.report(order_id)
    assert (report["status"], report["submitAt"], report["sendAt"]) == (
        113,
        "2026-11-23 10:00:00",
        "2026-11-23 10:01:00",
    )


def test_a_cancelled_order_is_115_and_empty(bench: Bench) -> None:
    order_id = bench.send(ALI, VELI, sendDateTime=["23/11/2026 10:01"])
    bench.ask("cancel-order", order={"id": order_id})
    for _ in range(2):
        report = bench.report(order_id)
        assert report == {
            "id": order_id,
            "status": 115,
            "total": 2,
            "delivered": 0,
            "undelivered": 0,
            "waiting": 0,
            "submitAt": "2026-11-23 10:00:00",
            "sendAt": "2026-11-23 10:01:00",
            "sender": "FIRMAADI",
            "price": 0,
            "message": [],
        }
        bench.wait(120)


def test_a_report_is_read_in_pages_and_empty_beyond(bench: Bench) -> None:
    order_id = bench.send(ALI, VELI, CAN)
    pages = [
        [row["number"] for row in bench.report(order_id, page=page, rowCount="2")["message"]] for page in (1, 2, 3)
    ]
    assert pages == [[ALI, VELI], [CAN], []]


def test_a_page_of_a_report_holds_a_thousand_at_most(bench: Bench) -> None:
    order_id = bench.send(*(f"+9053400{place:05d}" for place in range(1000)))
    assert len(bench.report(order_id, rowCount=5000)["message"]) == 1000


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 400),
        ({"id": "1"}, 455),
        ({"id": "abc"}, 455),
        ({"id": None}, 455),
        ({"id": 312891245, "page": 0}, 464),
        ({"id": 312891245, "rowCount": 0}, 400),
    ],
)
def test_a_report_that_cannot_be_given_is_refused(bench: Bench, fields: dict[str, Any], code: int) -> None:
    assert bench.code("get-report", order=fields) == code


def test_the_number_of_an_order_may_be_an_integer(bench: Bench) -> None:
    assert bench.ask("get-report", order={"id": 312891246})["order"]["id"] == "312891246"


def test_the_orders_of_a_range_come_oldest_first_without_price_or_messages(bench: Bench) -> None:
    answer = bench.ask("get-reports", filter={"start": "2026-11-18", "end": "2026-11-20"})
    common = {"undelivered": 0, "waiting": 0, "status": 114}
    assert answer == {
        "status": OK,
        "count": 2,
        "orders": [
            {
                **common,
                "id": 312891245,
                "total": 2,
                "delivered": 2,
                "submitAt": "2026-11-18 10:00:00",
                "sendAt": "2026-11-18 10:00:00",
                "sender": "DEMO FIRMA",
            },
            {
                **common,
                "id": 312891246,
                "total": 3,
                "delivered": 2,
                "undelivered": 1,
                "submitAt": "2026-11-20 10:00:00",
                "sendAt": "2026-11-20 10:00:00",
                "sender": "FIRMAADI",
            },
        ],
    }


def test_a_scheduled_order_is_listed_as_sending_by_the_day_of_its_acceptance(bench: Bench) -> None:
    order_id = bench.send(ALI, sendDateTime="25/12/2026 10:00")
    answer = bench.ask("get-reports", filter={"start": "2026-11-23", "end": "2026-11-23"})
    assert [(order["id"], order["status"], order["waiting"]) for order in answer["orders"]] == [(int(order_id), 113, 1)]


def test_thirty_orders_make_a_page_and_only_the_page_inside_the_filter_counts(bench: Bench) -> None:
    for place in range(31):
        bench.send(ALI, text=f"Mesaj {place}")
    day = {"start": "2026-11-23", "end": "2026-11-23"}
    inside = [bench.ask("get-reports", filter={**day, "page": page}) for page in (1, 2, 3)]
    assert [(answer["count"], len(answer["orders"])) for answer in inside] == [(31, 30), (31, 1), (31, 0)]
    assert bench.ask("get-reports", filter=day, page=2) == inside[0]


def test_a_day_ends_with_its_last_second(bench: Bench) -> None:
    bench.wait(14 * 3600 - 0.5)
    late = bench.send(ALI)
    bench.wait(0.5)
    early = bench.send(VELI)
    for day, order_id in (("2026-11-23", late), ("2026-11-24", early)):
        answer = bench.ask("get-reports", filter={"start": day, "end": day})
        assert [order["id"] for order in answer["orders"]] == [int(order_id)]


def test_a_range_without_orders_is_empty() -> None:
    empty = Bench(Fixtures())
    assert empty.ask("get-reports", filter={"start": "2026-11-23", "end": "2026-11-23"}) == {
        "status": OK,
        "count": 0,
        "orders": [],
    }
    empty.database.close()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"start": "2026-11-13", "end": "2026-11-23"}, 200),
        ({"start": "2026-11-12", "end": "2026-11-23"}, 458),
        ({"start": "2026-11-23", "end": "2026-11-22"}, 458),
        ({"start": "23.11.2026", "end": "2026-11-23"}, 458),
        ({"start": "2026-11-23"}, 458),
        ({"start": "2026-11-23", "end": "2026-11-23", "page": 0}, 464),
        ([], 400),
    ],
)
def test_a_range_is_ten_days_at_most(bench: Bench, fields: Any, code: int) -> None:
    assert bench.code("get-reports", filter=fields) == code
