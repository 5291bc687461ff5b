from __future__ import annotations

from typing import Any

from iletimerkezi_mcp.sandbox.answers import Reply
from iletimerkezi_mcp.sandbox.fixtures import Seed
from iletimerkezi_mcp.sandbox.response_variants import ALL_DRIFT, Drift

from .bench import ALI, Bench, order

DAY = {"start": "2026-11-23", "end": "2026-11-23"}


def ask(bench: Bench, operation: str, **fields: Any) -> dict[str, Any]:
    answer = bench.answer(operation, **fields)
    assert isinstance(answer, Reply)
    response: dict[str, Any] = answer.body["response"]
    return response


def test_every_drifting_field_has_its_other_type() -> None:
    bench = Bench(Seed(senders=("FIRMAADI",), blacklist=((1, "+905330000091"),), credits=5), drift=ALL_DRIFT)
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
    bench.world.close()


def test_the_documents_of_2024_lack_the_counters() -> None:
    bench = Bench(drift=Drift(no_counters=True))
    assert ask(bench, "get-report", order={"id": 312891247})["order"] == {
        "id": "312891247",
        "status": 114,
        "message": [{"number": "+905330000099", "status": 111}],
    }
    bench.world.close()


def test_one_switch_turns_one_field() -> None:
    bench = Bench(drift=Drift(bare_numbers=True))
    order_id = ask(bench, "send-sms", order=order(ALI, "nonsense"))["order"]["id"]
    assert ask(bench, "get-report", order={"id": order_id})["order"]["message"] == [
        {"number": 5330000011, "status": 110},
        {"number": "nonsense", "status": 112},
    ]
    assert len(ask(bench, "get-blacklist")["blacklist"]["number"]) == 4
    bench.world.close()


def test_an_error_may_come_under_http_200() -> None:
    bench = Bench(drift=Drift(string_codes=True, plain_http=True))
    assert bench.answer("get-balance", key="") == Reply(
        200, {"response": {"status": {"code": "401", "message": "Üyelik bilgileri hatalı"}}}
    )
    bench.world.close()
