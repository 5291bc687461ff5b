from __future__ import annotations

from typing import Any

from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from iletimerkezi_mcp.sandbox.fixtures import Fixtures
from tests.sandbox.response_variants import EVERY_VARIANT, ResponseVariant

from .bench import ALI, Bench, order

DAY = {"start": "2026-11-23", "end": "2026-11-23"}


def ask(bench: Bench, operation: str, **fields: Any) -> dict[str, Any]:
    answer = bench.answer(operation, **fields)
    assert isinstance(answer, JsonAnswer)
    response: dict[str, Any] = answer.body["response"]
    return response


def test_every_drifting_field_has_its_other_type() -> None:
    bench = Bench(Fixtures(senders=("FIRMAADI",), blacklist=((1, "+905330000091"),), credits=5), variant=EVERY_VARIANT)
    ok = {"code": "200", "message": "İşlem başarılı"}
    assert ask(bench, "get-reports", filter=DAY) == {"status": ok, "count": "0", "orders": {}}
    assert ask(bench, "send-sms", order=order(ALI)) == {"status": ok, "order": {"id": 312891245}}
    bench.wait(8)
    counters = {"total": "1", "delivered": "1", "undelivered": "0", "waiting": "0"}
    rest = {"submitAt": "2026-11-23 10:00:00", "sendAt": "2026-11-23 10:00:00", "sender": "FIRMAADI", **counters}
    assert ask(bench, "get-report", order={"id": 312891245}) == {
        "status": ok,
        "order": {
            "id": 312891245,
            "status": "114",
            "price": 0.5,
            "message": {"number": 5330000011, "status": "111"},
            **rest,
        },
    }
    assert ask(bench, "get-reports", filter=DAY) == {
        "status": ok,
        "count": "1",
        "orders": [{"id": "312891245", "status": "114", **rest}],
    }
    assert ask(bench, "get-balance") == {"status": ok, "balance": {"amount": "1.2", "sms": "4"}}
    assert ask(bench, "get-sender") == {"status": ok, "senders": {"sender": "FIRMAADI"}}
    assert ask(bench, "get-blacklist") == {"status": ok, "blacklist": {"count": "1", "number": 5330000091}}
    bench.database.close()


def test_the_documents_of_2024_lack_the_counters() -> None:
    bench = Bench(variant=ResponseVariant(no_counters=True))
    assert ask(bench, "get-report", order={"id": 312891247})["order"] == {
        "id": "312891247",
        "status": 114,
        "message": [{"number": "+905330000099", "status": 111}],
    }
    bench.database.close()


def test_one_switch_turns_one_field() -> None:
    bench = Bench(variant=ResponseVariant(bare_numbers=True))
    order_id = ask(bench, "send-sms", order=order(ALI, "nonsense"))["order"]["id"]
    assert ask(bench, "get-report", order={"id": order_id})["order"]["message"] == [
        {"number": 5330000011, "status": 110},
        {"number": "nonsense", "status": 112},
    ]
    assert len(ask(bench, "get-blacklist")["blacklist"]["number"]) == 4
    bench.database.close()


def test_an_error_may_come_under_http_200() -> None:
    bench = Bench(variant=ResponseVariant(string_codes=True, plain_http=True))
    assert bench.answer("get-balance", key="") == JsonAnswer(
        200, {"response": {"status": {"code": "401", "message": "Üyelik bilgileri hatalı"}}}
    )
    bench.database.close()
