from __future__ import annotations

from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.fixtures import FIXTURES
from iletimerkezi_mcp.sandbox.request_context import SimulatedAccount

from .bench import ALI, OK, Bench

SEEDED = [number for _, number in FIXTURES.blacklist]


def test_the_whole_list_comes_oldest_first(bench: Bench) -> None:
    assert bench.ask("get-blacklist") == {"status": OK, "blacklist": {"count": 4, "number": SEEDED}}


def test_a_page_holds_its_rows_and_the_count_is_of_all(bench: Bench) -> None:
    assert bench.ask("get-blacklist", blacklist={"page": "2", "rowCount": "3"})["blacklist"] == {
        "count": 4,
        "number": SEEDED[3:],
    }


def test_beyond_the_last_page_the_list_is_empty(bench: Bench) -> None:
    assert bench.ask("get-blacklist", blacklist={"page": 9})["blacklist"] == {"count": 4, "number": []}


def test_fields_beside_blacklist_are_not_seen(bench: Bench) -> None:
    assert bench.ask("get-blacklist", page="2", rowCount="1")["blacklist"]["number"] == SEEDED


def test_the_filter_is_by_the_moment_of_adding(bench: Bench) -> None:
    bench.wait(0.5)
    bench.ask("add-blacklist", blacklist={"number": ALI})
    for between, expected in (
        ({"start": "2026-11-23 10:00:00"}, [ALI]),
        ({"start": "2026-11-23 10:00:01"}, []),
        ({"start": "2026-11-23 10:00:00", "end": "2026-11-23 10:00:00"}, [ALI]),
        ({"end": "2026-11-12 00:00:00"}, SEEDED[:2]),
        ({"start": "2026-11-21 00:00:00", "end": "2026-11-22 23:59:59"}, SEEDED[2:]),
    ):
        found = bench.ask("get-blacklist", blacklist={"filter": between})["blacklist"]
        assert found == {"count": len(expected), "number": expected}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"page": 0}, 464),
        ({"rowCount": "many"}, 400),
        ({"filter": "today"}, 400),
        ({"filter": {"start": "2026-11-23"}}, 400),
        ({"filter": {"end": None}}, 400),
        ("all", 400),
    ],
)
def test_what_cannot_be_read_is_refused(bench: Bench, fields: Any, code: int) -> None:
    assert bench.code("get-blacklist", blacklist=fields) == code


def test_adding_twice_is_no_error_and_lists_once(bench: Bench) -> None:
    assert bench.ask("add-blacklist", blacklist={"number": "905330000011"}) == {"status": OK}
    assert bench.ask("add-blacklist", blacklist={"number": 5330000011}) == {"status": OK}
    assert bench.ask("get-blacklist")["blacklist"] == {"count": 5, "number": [*SEEDED, ALI]}


def test_deleting_works_once_and_is_474_after(bench: Bench) -> None:
    assert bench.ask("delete-blacklist", blacklist={"number": SEEDED[0]}) == {"status": OK}
    assert bench.ask("delete-blacklist", blacklist={"number": SEEDED[0]}) == {
        "status": {"code": 474, "message": "Bu numara üzerindeki engelleme kaldırılamaz"}
    }
    assert bench.ask("get-blacklist")["blacklist"]["number"] == SEEDED[1:]


def test_the_number_that_is_always_listed_cannot_be_taken_off(bench: Bench) -> None:
    for _ in range(2):
        assert bench.code("delete-blacklist", blacklist={"number": "+905000000452"}) == 474
        assert bench.code("add-blacklist", blacklist={"number": "+905000000452"}) == 200
    assert bench.ask("get-blacklist")["blacklist"]["count"] == 4


@pytest.mark.parametrize("operation", ["add-blacklist", "delete-blacklist"])
def test_a_number_of_no_turkish_carrier_is_466(bench: Bench, operation: str) -> None:
    for raw in ("905999999999", "+491721234567", ""):
        assert bench.code(operation, blacklist={"number": raw}) == 466


@pytest.mark.parametrize("operation", ["add-blacklist", "delete-blacklist"])
@pytest.mark.parametrize("number", [None, [ALI], True, {"number": ALI}])
def test_anything_but_one_number_is_400(bench: Bench, operation: str, number: object) -> None:
    assert bench.code(operation, blacklist={"number": number}) == 400
    assert bench.code(operation) == 400


def test_abroad_mode_lets_foreign_numbers_be_blocked() -> None:
    abroad = Bench(account=SimulatedAccount(abroad=True))
    assert abroad.code("add-blacklist", blacklist={"number": "+491721234567"}) == 200
    abroad.database.close()
