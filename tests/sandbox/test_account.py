from __future__ import annotations

from iletimerkezi_mcp.sandbox.fixtures import Fixtures

from .bench import ALI, OK, VELI, Bench


def test_the_balance_tells_credits_and_their_worth(bench: Bench) -> None:
    assert bench.ask("get-balance") == {"status": OK, "balance": {"amount": 30000.0, "sms": 100_000}}


def test_senders_come_in_the_order_of_their_approval(bench: Bench) -> None:
    assert bench.ask("get-sender") == {"status": OK, "senders": {"sender": ["FIRMAADI", "APITEST", "DEMO FIRMA"]}}


def test_a_new_account_has_no_senders() -> None:
    fresh = Bench(Fixtures())
    assert fresh.ask("get-sender") == {"status": OK, "senders": {"sender": []}}
    fresh.database.close()


def test_credits_are_reserved_at_acceptance_for_each_part_of_each_message(bench: Bench) -> None:
    bench.send(ALI, VELI, text="a" * 156)
    assert bench.credits() == 100_000 - 2 * 2


def test_an_undelivered_message_gives_its_credit_back_once_that_is_known(bench: Bench) -> None:
    bench.send(ALI, "+905000000112")
    assert bench.credits() == 99_998
    bench.wait(8)
    assert bench.credits() == 99_999


def test_a_stopped_order_gives_all_its_credits_back(bench: Bench) -> None:
    order_id = bench.send(ALI, VELI, sendDateTime="24/11/2026 10:00")
    assert bench.credits() == 99_998
    assert bench.code("cancel-order", order={"id": order_id}) == 200
    assert bench.credits() == 100_000
