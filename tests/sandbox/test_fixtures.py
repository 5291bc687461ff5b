from __future__ import annotations

from iletimerkezi_mcp.sandbox.fixtures import Fixtures, PastOrder

from .bench import Bench


def test_a_new_sandbox_shows_something_at_every_read(bench: Bench) -> None:
    assert bench.credits() == 100_000
    assert len(bench.ask("get-sender")["senders"]["sender"]) == 3
    assert bench.ask("get-reports", filter={"start": "2026-11-14", "end": "2026-11-23"})["count"] == 3
    assert bench.fates("312891246") == [("+905330000001", 111), ("+905330000002", 111), ("+905330000003", 112)]
    assert bench.ask("get-blacklist")["blacklist"]["count"] == 4


def test_past_orders_leave_the_credits_of_the_fixtures() -> None:
    bench = Bench(Fixtures(credits=5, orders=(PastOrder(1, "A", (("+905330000001", 111), ("+905330000002", 112))),)))
    assert bench.credits() == 5
    assert bench.report("312891245")["price"] == 1
    bench.database.close()
