"""Splitting a list passes no limit: what codes and persons confirm within an hour counts together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import mcp.types as mcp_types
import pytest

from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from tests.calls import ADD_BLACKLIST, GET_BALANCE, IYS_REGISTER, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Host, Mode, hosted

from .scenes import Person, declaration, lost, people, send

Calls = Callable[..., dict[str, Any]]
CALLS: list[tuple[str, Calls]] = [(SEND_SMS, send), (IYS_REGISTER, declaration)]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(("tool", "calls"), CALLS)
async def test_ten_calls_of_99_pass_codes_once(mode: Mode, tool: str, calls: Calls) -> None:
    async with hosted(mode=mode) as host:
        assert (await host.confirm(tool, calls(0)))["outcome"] == "done"
        for place in range(1, 10):
            answer = await host.call(tool, calls(place))
            assert answer["outcome"] == "nothing_done"
            assert "all calls together" in answer["summary"]
            assert "with this it would be 198." in answer["summary"]
            assert "Splitting the list or spreading it over hours is no way around it." in answer["next_step"]
            assert "confirm" not in answer
        host.clock.advance(minutes=59, seconds=59)
        assert (await host.call(tool, calls(1)))["outcome"] == "nothing_done"
        host.clock.advance(seconds=1)
        assert (await host.call(tool, calls(1)))["outcome"] == "preview"
    assert len(host.wire.requests) == 1


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(("tool", "calls"), CALLS)
async def test_codes_that_were_issued_before_are_refused_too(mode: Mode, tool: str, calls: Calls) -> None:
    async with hosted(mode=mode) as host:
        previews = [await host.call(tool, calls(place)) for place in range(3)]
        answers = [await host.call(tool, calls(place), confirm=previews[place]["confirm"]) for place in range(3)]
    assert [answer["outcome"] for answer in answers] == ["done", "nothing_done", "nothing_done"]
    assert len(host.wire.requests) == 1


@pytest.mark.parametrize(("tool", "calls"), CALLS)
async def test_by_the_operators_word_codes_have_no_sum(tool: str, calls: Calls) -> None:
    async with hosted(replace(LIVE, confirm="code", max_recipients=5_000)) as host:
        for place in range(4):
            assert (await host.confirm(tool, calls(place)))["outcome"] in {"done", "refused"}
    assert len(host.wire.requests) == 4


async def test_each_tool_has_a_sum_of_its_own_and_what_counts_no_people_has_none() -> None:
    async with hosted(replace(LIVE, type_count_from=3)) as host:
        assert (await host.confirm(SEND_SMS, send(0, 2)))["outcome"] == "done"
        assert (await host.confirm(IYS_REGISTER, declaration(0, 2)))["outcome"] == "done"
        assert (await host.call(SEND_SMS, send(1, 1)))["outcome"] == "nothing_done"
        assert (await host.call(IYS_REGISTER, declaration(1, 1)))["outcome"] == "nothing_done"
        for number in people(5):
            assert (await host.confirm(ADD_BLACKLIST, number=number))["outcome"] == "done"


async def test_refused_and_unknown_ones_count_and_what_never_left_does_too() -> None:
    def no_connection(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    refused = httpx.Response(450, json={"response": {"status": {"code": 450}}})
    for broken in (lost, no_connection, lambda _: refused):
        async with hosted() as host:
            host.wire.broken = broken
            assert (await host.confirm(SEND_SMS, send(0)))["outcome"] in {"unknown", "refused", "nothing_done"}
            host.wire.broken = None
            assert (await host.call(SEND_SMS, send(1, 1)))["outcome"] == "nothing_done"


@pytest.mark.parametrize("mode", ERAS)
async def test_what_a_person_confirmed_leaves_the_codes_sum_as_it_is(mode: Mode, tmp_path: Path) -> None:
    settings = replace(LIVE, state_dir=tmp_path)
    async with hosted(settings, mode=mode, elicitation_callback=Person()) as host:
        for place in range(3):
            assert (await host.call(SEND_SMS, send(place)))["outcome"] == "done"
        async with hosted(settings, mode=mode, clock=host.clock, wire=host.wire) as without_forms:
            assert (await without_forms.confirm(SEND_SMS, send(5)))["outcome"] == "done"
            assert (await without_forms.call(SEND_SMS, send(6)))["outcome"] == "nothing_done"


async def test_what_codes_confirmed_counts_towards_the_number_that_a_person_types(tmp_path: Path) -> None:
    settings, person = replace(LIVE, state_dir=tmp_path), Person()
    async with hosted(settings) as without_forms:
        assert (await without_forms.confirm(SEND_SMS, send(1)))["outcome"] == "done"
        async with hosted(
            settings, clock=without_forms.clock, wire=without_forms.wire, elicitation_callback=person
        ) as host:
            assert (await host.call(SEND_SMS, send(2)))["outcome"] == "done"
    assert person.numbers == ["99"]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(("tool", "calls"), CALLS)
async def test_a_form_asks_for_the_number_of_the_call_that_carries_the_sum_over_each_multiple(
    mode: Mode, tool: str, calls: Calls
) -> None:
    person = Person()
    async with hosted(replace(LIVE, max_recipients=5_000), mode=mode, elicitation_callback=person) as host:
        for place, count in enumerate([40, 50, 9, 1, 60, 40, 99, 120, 90, 1]):
            assert (await host.call(tool, calls(place, count)))["outcome"] in {"done", "refused"}
        assert person.numbers == [None, None, None, "1", None, "40", None, "120", "90", None]
        host.clock.advance(hours=1)
        assert (await host.call(tool, calls(20, 99)))["outcome"] in {"done", "refused"}
    assert person.numbers[-1] is None


@pytest.mark.parametrize("mode", ERAS)
async def test_of_forms_that_are_open_at_once_the_one_that_completes_the_sum_is_asked_anew(
    mode: Mode, tmp_path: Path
) -> None:
    settings, hers, his = replace(LIVE, state_dir=tmp_path), Person(), Person()
    async with hosted(settings, mode=mode, elicitation_callback=hers) as first:

        async def slow(context: Any, params: Any) -> mcp_types.ElicitResult:
            if not his.numbers:
                assert (await first.call(SEND_SMS, send(1, 60)))["outcome"] == "done"
            return await his(context, params)

        async with hosted(settings, mode=mode, clock=first.clock, wire=first.wire, elicitation_callback=slow) as second:
            assert (await second.call(SEND_SMS, send(0, 60)))["outcome"] == "done"
    assert (hers.numbers, his.numbers) == ([None], [None, "60"])
    assert len(first.wire.requests) == 2


async def test_the_number_is_one_of_the_tool_itself() -> None:
    person = Person()
    async with hosted(replace(LIVE, type_count_from=3), elicitation_callback=person) as host:
        await host.call(SEND_SMS, send(0, 2))
        await host.call(IYS_REGISTER, declaration(0, 2))
        for number in people(4):
            await host.call(ADD_BLACKLIST, number=number)
        await host.call(SEND_SMS, send(1, 1))
    assert person.numbers == [*[None] * 6, "1"]


@pytest.mark.parametrize("mode", ERAS)
async def test_recipients_of_an_hour_are_those_of_all_texts_scheduled_ones_too(mode: Mode) -> None:
    async with hosted(replace(LIVE, confirm="code", max_recipients=300), mode=mode) as host:
        await host.confirm(SEND_SMS, send(0, 100))
        await host.confirm(SEND_SMS, {**send(1, 100), "send_at": "2026-11-25T10:00"})
        host.wire.broken = lost
        await host.confirm(SEND_SMS, send(2, 100))
        host.wire.broken = None
        for arguments in (send(3, 1), {**send(3, 1), "send_at": "2026-11-30T10:00"}):
            answer = await host.call(SEND_SMS, arguments)
            assert answer["outcome"] == "nothing_done"
            assert "this has 1, and 300 were confirmed in the last hour" in answer["summary"]
        host.clock.advance(hours=1)
        assert (await host.call(SEND_SMS, send(3, 1)))["outcome"] == "preview"


def dated(host: Host, ahead: timedelta) -> None:
    """Have every answer show a clock that is `ahead` of this machine's."""

    def answer(request: httpx.Request) -> httpx.Response:
        reply = host.wire.provider.answer(request.url.path, request.content)
        assert isinstance(reply, JsonAnswer)
        date = format_datetime((host.clock.now + ahead).astimezone(UTC), usegmt=True)
        return httpx.Response(reply.http_status, content=reply.content, headers={"Date": date})

    host.wire.broken = answer


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=30), "this machine's clock is 30 minutes behind the provider's"),
        (timedelta(seconds=61), "this machine's clock is 1 minute behind the provider's"),
        (timedelta(minutes=-5), "this machine's clock is 5 minutes ahead of the provider's"),
        (timedelta(seconds=60), None),
        (timedelta(seconds=-60), None),
        (timedelta(), None),
    ],
)
async def test_a_clock_that_is_wrong_refuses_scheduled_sends_and_no_others(
    mode: Mode, ahead: timedelta, words: str | None
) -> None:
    scheduled = {**SEND, "send_at": "2026-11-23T10:15"}
    async with hosted(mode=mode) as host:
        early = await host.call(SEND_SMS, scheduled)
        dated(host, ahead)
        for _ in range(2):
            assert (await host.call(GET_BALANCE))["outcome"] == "ok"
        answers = [
            await host.call(SEND_SMS, scheduled),
            await host.call(SEND_SMS, scheduled, confirm=early["confirm"]),
        ]
        now = await host.confirm(SEND_SMS, {**SEND, "text": "Hemen."})
        blocked = await host.confirm(ADD_BLACKLIST, number="05321234567")
    if words is None:
        assert [answer["outcome"] for answer in answers] == ["preview", "done"]
    else:
        assert [answer["outcome"] for answer in answers] == ["nothing_done"] * 2
        assert all(words in answer["summary"] for answer in answers)
    assert (now["outcome"], blocked["outcome"]) == ("done", "done")
