"""The blacklist: reading, adding, taking off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from tests.calls import ADD_BLACKLIST, DELETE_BLACKLIST, GET_BLACKLIST
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of
from tests.sandbox.response_variants import ResponseVariant


async def test_a_number_is_blocked_and_unblocked_after_its_preview() -> None:
    async with hosted() as host:
        preview = await host.call(ADD_BLACKLIST, number="0532 765 43 21")
        assert "codes and delivery notices too" in preview["preview"]
        assert host.wire.requests == []
        added = await host.call(ADD_BLACKLIST, number="+905327654321", confirm=preview["confirm"])
        assert (added["outcome"], added["number"]) == ("done", "+905327654321")
        on_it = await host.call(GET_BLACKLIST, number="05327654321")
        assert on_it["number_on_page"] is True
        off = await host.confirm(DELETE_BLACKLIST, number="05327654321")
        assert "no consent" in off["next_step"]
        again = await host.confirm(DELETE_BLACKLIST, number="05327654321")
        gone = await host.call(GET_BLACKLIST, number="05327654321")
    assert (again["outcome"], again["code"]) == ("refused", 474)
    assert gone["number_on_page"] is False
    assert host.wire.requests[0] == (
        "/v1/add-blacklist/json",
        {
            "authentication": {"key": "live-key-7f3a", "hash": "live-hash-91c2"},
            "blacklist": {"number": "+905327654321"},
        },
    )


async def test_the_list_says_how_many_and_which() -> None:
    async with hosted(variant=ResponseVariant(string_counts=True)) as host:
        answer = await host.call(GET_BLACKLIST)
        recent = await host.call(GET_BLACKLIST, added_from="2026-11-20", added_to="2026-11-23T12:00")
    assert answer["count"] == 4
    assert len(answer["numbers"]) == 4
    assert len(recent["numbers"]) == 2
    assert host.wire.requests[1][1]["blacklist"]["filter"] == {
        "start": "2026-11-20 00:00:00",
        "end": "2026-11-23 12:00:00",
    }


async def test_a_page_of_a_thousand_is_cut_short_and_says_how_to_get_the_rest() -> None:
    many = [f"+9053{n:08}" for n in range(1_000)]
    async with hosted() as host:
        host.wire.broken = lambda _: httpx.Response(
            200, json={"response": {"status": {"code": 200}, "blacklist": {"count": 7_906, "number": many}}}
        )
        result = await host.client.call_tool(GET_BLACKLIST, {})
        answer = host.check(GET_BLACKLIST, result)
        found = await host.call(GET_BLACKLIST, number=many[500])
        absent = await host.call(GET_BLACKLIST, number="05321111111")
    assert len(answer["numbers"]) == 150
    assert "page_size 150 and page 1, 2, …" in answer["next_step"]
    assert len(str(result.structured_content)) + len(str(result.content)) < 6_000
    assert found["number_on_page"] is True
    assert "numbers" not in found
    assert absent["number_on_page"] is False
    assert "page 2" in absent["next_step"]


@pytest.mark.parametrize(
    ("tool", "arguments", "named"),
    [
        (ADD_BLACKLIST, {"number": "12"}, "number"),
        (DELETE_BLACKLIST, {"number": "02125554433"}, "mobile"),
        (GET_BLACKLIST, {"number": "nobody"}, "number"),
        (GET_BLACKLIST, {"added_from": "2026-13-01"}, "Monday 2026-11-23"),
        (GET_BLACKLIST, {"added_to": "yesterday"}, "added_to"),
        (GET_BLACKLIST, {"added_from": "2026-11-20", "added_to": "2026-11-01"}, "before added_from"),
        (ADD_BLACKLIST, {}, "number is required"),
    ],
)
async def test_wrong_arguments_are_named_before_any_request(tool: str, arguments: dict[str, str], named: str) -> None:
    async with hosted() as host:
        answer = await host.call(tool, arguments)
    assert answer["outcome"] == "nothing_done"
    assert named in answer["summary"]
    assert host.wire.requests == []


@pytest.mark.parametrize("tool", [ADD_BLACKLIST, DELETE_BLACKLIST])
async def test_an_unknown_outcome_says_where_to_look(tool: str) -> None:
    async with hosted() as host:
        answer = await host.confirm(tool, number="+905000000901")
    assert answer["outcome"] == "unknown"
    assert "get_blacklist (number +905000000901)" in answer["next_step"]


def listing(count: int | None, numbers: list[str]) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(
        200, json={"response": {"status": {"code": 200}, "blacklist": {"count": count, "number": numbers}}}
    )


THREE = ["+905330000091", "+905330000092", "+905330000093"]


async def test_a_number_that_the_whole_list_does_not_hold_is_not_blocked() -> None:
    async with hosted() as host:
        result = await host.client.call_tool(GET_BLACKLIST, {"number": "05321111111"})
        answer = host.check(GET_BLACKLIST, result)
        assert "Looked at" not in text_of(result)
        host.wire.broken = listing(0, [])
        empty = await host.call(GET_BLACKLIST, number="05321111111")
    assert (answer["number_on_page"], answer["summary"]) == (False, "+905321111111 is not on the blacklist.")
    assert answer["next_step"] == (
        "The blacklist holds no message back; for commercial ones İYS decides too (iys_check)."
    )
    assert empty["summary"] == "+905321111111 is not on the blacklist."


async def test_a_number_that_is_blocked_gets_no_message() -> None:
    async with hosted() as host:
        host.wire.broken = listing(2_000, THREE)
        answer = await host.call(GET_BLACKLIST, number=THREE[1], page=2)
    assert answer["number_on_page"] is True
    assert answer["summary"] == "+905330000092 is on the blacklist."
    assert answer["next_step"] == "It gets no SMS of the account, of any kind; delete_blacklist lifts that."


async def test_a_number_on_no_page_so_far_is_looked_for_on_the_next_or_in_a_shorter_list() -> None:
    async with hosted() as host:
        host.wire.broken = listing(6, THREE)
        first = await host.call(GET_BLACKLIST, number="05321111111", page_size=3)
        last = await host.call(GET_BLACKLIST, number="05321111111", page_size=3, page=2)
        recent = await host.call(GET_BLACKLIST, number="05321111111", page_size=3, page=2, added_from="2026-11-01")
    assert first["summary"] == "+905321111111 is not on page 1; page 2 of 2 is next."
    assert last["summary"] == "+905321111111 is not on page 2."
    assert first["next_step"] == (
        "To look for +905321111111 further, call again with page 2. A later added_from makes the list shorter."
    )
    assert last["next_step"] == "If no other page shows it either, it is not blocked."
    assert recent["next_step"] == "If no other page shows it either, it was not added in that time."


async def test_without_a_count_a_full_page_may_not_be_all() -> None:
    async with hosted() as host:
        host.wire.broken = listing(None, THREE)
        full = await host.call(GET_BLACKLIST, number="05321111111", page_size=3)
        every = await host.call(GET_BLACKLIST, page_size=3)
        later = await host.call(GET_BLACKLIST, number="05321111111", page_size=4, page=2)
        recent = await host.call(GET_BLACKLIST, number="05321111111", page_size=3, added_from="2026-11-01")
        whole = await host.call(GET_BLACKLIST, number="05321111111", page_size=4)
        host.wire.broken = listing(None, [])
        empty = await host.call(GET_BLACKLIST, page=2)
    assert full["summary"] == recent["summary"] == "+905321111111 is not on page 1."
    assert full["next_step"].startswith("To look for +905321111111 further, call again with page 2.")
    assert (full.get("count"), full["number_on_page"]) == (None, False)
    assert every["summary"].endswith("the provider did not tell how many numbers there are.")
    assert every["next_step"] == "For the next rows call again with page 2."
    assert later["next_step"] == "If no other page shows it either, it is not blocked."
    assert (whole["summary"], whole["count"]) == ("+905321111111 is not on the blacklist.", 3)
    assert empty["summary"] == every["summary"]


async def test_a_row_that_cannot_be_read_costs_that_row_and_a_number_may_be_in_it() -> None:
    async with hosted() as host:
        host.wire.broken = listing(4, [*THREE, "call us"])
        result = await host.client.call_tool(GET_BLACKLIST, {})
        every = host.check(GET_BLACKLIST, result)
        absent = await host.call(GET_BLACKLIST, number="05321111111")
        recent = await host.call(GET_BLACKLIST, added_from="2026-11-20")
        host.wire.broken = listing(3, [*THREE, "call us"])
        contradicted = await host.call(GET_BLACKLIST, number="05321111111")
    assert (every["numbers"], every["unreadable"], every["count"]) == (THREE, 1, 4)
    assert "Rows of this page that could not be read and are left out: 1." in text_of(result)
    assert "call us" not in text_of(result)
    assert recent["count"] == 4
    assert (absent["summary"], absent["unreadable"]) == ("+905321111111 is not on page 1.", 1)
    assert contradicted["summary"] == "+905321111111 is not on page 1."


@pytest.mark.parametrize("count", [2, 9_000])
async def test_with_a_time_the_numbers_of_that_time_are_counted(count: int) -> None:
    """The documentation does not say if the filter applies to the count too."""
    async with hosted() as host:
        host.wire.broken = listing(count, THREE[:2])
        answer = await host.call(GET_BLACKLIST, added_from="2026-11-20")
        absent = await host.call(GET_BLACKLIST, added_to="2026-11-20", number="05321111111")
    assert (answer["count"], answer["summary"]) == (2, "Added to the blacklist in that period: 2.")
    assert absent["summary"] == "+905321111111 was not added in that time."
    assert "leave out added_from and added_to" in absent["next_step"]


async def test_beyond_the_last_page_the_last_one_is_named() -> None:
    async with hosted() as host:
        host.wire.broken = listing(7_906, [])
        result = await host.client.call_tool(GET_BLACKLIST, {"page": 9})
        answer = host.check(GET_BLACKLIST, result)
    assert "Page 9 holds no rows; there are 7,906." in text_of(result)
    assert answer["next_step"] == "The last page is 8; call again with that or an earlier one."


async def test_turkish_answers_speak_of_messages() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        answer = await host.call(GET_BLACKLIST)
        absent = await host.call(GET_BLACKLIST, number="05321111111")
        wrong = await host.call(GET_BLACKLIST, added_from="2026-11-20", added_to="2026-11-01")
    assert answer["next_step"] == "Bu numaralara hesaptan hiçbir SMS gitmez."
    assert absent["summary"] == "+905321111111 kara listede değil."
    assert "added_to değeri added_from'dan önce." in wrong["summary"]


async def test_two_bad_ends_of_a_range_tell_the_time_once() -> None:
    async with hosted() as host:
        answer = await host.call(GET_BLACKLIST, added_from="x", added_to="y")
    assert answer["summary"].count("It is now") == 1
    assert answer["summary"].endswith("It is now 10:00 on Monday 2026-11-23 in Istanbul.")


@pytest.mark.parametrize("mode", ERAS)
async def test_blocking_says_what_it_does_not_stop_and_what_has_been_done(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        preview = await host.call(ADD_BLACKLIST, number="05321111111", dry_run=True)
        added = await host.confirm(ADD_BLACKLIST, number="05321111111")
        removed = await host.confirm(DELETE_BLACKLIST, number="05321111111")
    async with hosted(replace(LIVE, language="tr"), mode=mode) as host:
        onizleme = await host.call(ADD_BLACKLIST, number="05321111111", dry_run=True)
        alindi = await host.confirm(ADD_BLACKLIST, number="05321111111")
        cikarildi = await host.confirm(DELETE_BLACKLIST, number="05321111111")
        liste = await host.call(GET_BLACKLIST)
        yeni = await host.call(GET_BLACKLIST, added_from="2026-11-23")
    assert "but neither calls nor e-mail; it is not known if it stops orders already scheduled" in preview["preview"]
    assert "and has an ONAY on file, register a RET" in preview["preview"]
    assert "ileri tarihli gönderimleri durdurup durdurmadığı bilinmiyor" in onizleme["preview"]
    assert added["summary"] == "+905321111111 was put on the blacklist."
    assert removed["summary"] == "+905321111111 was taken off the blacklist."
    assert alindi["summary"] == "+905321111111 kara listeye alındı."
    assert cikarildi["summary"] == "+905321111111 kara listeden çıkarıldı."
    assert liste["summary"] == "Kara listede 4 numara var."
    assert yeni["summary"] == "Bu sürede kara listeye 0 numara eklenmiş."


@pytest.mark.parametrize("number", [None, "+905321234567"])
async def test_a_later_page_of_a_period_that_is_not_full_is_its_last(number: str | None) -> None:
    asked = {"added_from": "2026-11-20", "page": 2, "page_size": 10, **({} if number is None else {"number": number})}
    async with hosted() as host:
        host.wire.broken = listing(7_906, THREE)
        answer = await host.call(GET_BLACKLIST, asked)
    assert answer["count"] == 13
    assert "page 3" not in answer["summary"] + answer["next_step"]
