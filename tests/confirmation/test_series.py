"""A series: several requests under one confirmation, in the background where they take long, and never past a stop."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from iletimerkezi_mcp.confirmation import series
from iletimerkezi_mcp.confirmation.detached import DetachedRunner
from iletimerkezi_mcp.confirmation.series import ANSWER_SECONDS
from iletimerkezi_mcp.language import verbatim
from iletimerkezi_mcp.ledger.attempts import RUN_GAP, Attempt, AttemptOutcome
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError
from iletimerkezi_mcp.provider.client import ApiClient
from tests.calls import SEND_SMS
from tests.hosting import ERAS, LIVE, Host, ManualClock, Mode, hosted, text_of
from tests.loop_clock import LoopClock

from .scenes import Person, remember_only_the_latest
from .series_tool import CELL, NAME, PartsArguments, plan, registry

PEOPLE = [f"0532123450{last}" for last in range(6)]
ARGUMENTS: dict[str, Any] = {"recipients": PEOPLE, "campaign": "k-1"}
NO_BALANCE, LOST = "05000000402", "05000000900"


class Gate:
    """Lets a series begin its orders up to a place, and tells when it waits before the next one."""

    def __init__(self, closed_from: int = 1) -> None:
        self.waits = anyio.Event()
        self.opened = anyio.Event()
        self._closed_from = closed_from

    async def __call__(self, place: int) -> None:
        if place >= self._closed_from:
            self.waits.set()
            await self.opened.wait()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def outcomes(answer: dict[str, Any]) -> list[str]:
    return [order["outcome"] for order in answer["orders"]]


@asynccontextmanager
async def waiting_host(
    gate: Gate, mode: Mode = "auto", **options: Any
) -> AsyncIterator[tuple[Host, dict[str, Any], str]]:
    """Give a host whose series waits at `gate`, after its call was answered, with that answer and the code."""
    async with hosted(mode=mode, tools=registry(gate), **options) as host:
        clock = LoopClock()
        code = (await host.call(NAME, ARGUMENTS))["confirm"]
        answers: list[dict[str, Any]] = []

        async def call() -> None:
            answers.append(await host.call(NAME, ARGUMENTS, confirm=code))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call)
            await gate.waits.wait()
            while not answers:
                await clock.tick()
        yield host, answers[0], code


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("asked", [False, True], ids=["code", "form"])
async def test_one_yes_is_for_all_orders(mode: Mode, asked: bool, tmp_path: Path) -> None:
    log, person = tmp_path / "audit.jsonl", Person()
    options: dict[str, Any] = {"elicitation_callback": person} if asked else {}
    settings = replace(LIVE, audit_log=log, type_count_from=6 if asked else 100)
    async with hosted(settings, mode=mode, tools=registry(), **options) as host:
        answer = await (host.call if asked else host.confirm)(NAME, ARGUMENTS)
        # Nothing of a campaign counts towards the hour of single sends; the person typed the number of all.
        assert host.wire.paths() == ["send-sms"] * 3
    assert answer["outcome"] == "done"
    assert answer["summary"] == "All 3 orders are accepted."
    assert answer["confirmed_by"] == ("person" if asked else "code")
    assert (answer["campaign"], outcomes(answer)) == ("k-1", ["done"] * 3)
    assert person.numbers == (["6"] if asked else [])
    parent, *steps, end = lines(log)
    assert (parent["outcome"], parent["count"], end["outcome"], end["steps"]) == ("in_flight", 6, "done", 3)
    assert (parent["campaign"], parent.get("series"), end["attempt"]) == ("k-1", None, parent["attempt"])
    assert [(line["outcome"], line["count"]) for line in steps] == [("in_flight", 2), ("done", 2)] * 3
    assert {line["series"] for line in steps} == {parent["attempt"]}
    assert not any("seconds_since_preview" in line for line in steps)
    assert {line["confirmed_by"] for line in steps} == {answer["confirmed_by"]}
    assert parent["warnings"] == ["Mind this."]
    assert not any("recipients" in line for line in lines(log))
    assert CELL not in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", ERAS)
async def test_lines_for_people_are_in_the_form_and_in_no_answer(mode: Mode) -> None:
    shown: list[str] = []
    person = Person()

    async def look(context: Any, params: Any) -> Any:
        shown.append(params.message)
        return await person(context, params)

    async with hosted(mode=mode, tools=registry(), elicitation_callback=look) as host:
        result = await host.client.call_tool(NAME, ARGUMENTS)
        assert host.check(NAME, result)["outcome"] == "done"
    assert f"| Sayın {CELL}, siparişiniz yolda." in shown[0]
    assert CELL not in text_of(result) + json.dumps(result.structured_content, ensure_ascii=False)


@pytest.mark.parametrize("show_cells", [False, True])
async def test_lines_for_people_are_in_a_models_preview_only_if_the_operator_says_so(show_cells: bool) -> None:
    async with hosted(replace(LIVE, show_cells=show_cells), tools=registry()) as host:
        looked = await host.call(NAME, ARGUMENTS, dry_run=True)
        preview = await host.call(NAME, ARGUMENTS)
        done = await host.call(NAME, ARGUMENTS, confirm=preview["confirm"])
    assert [CELL in answer["preview"] for answer in (looked, preview, done)] == [show_cells, show_cells, False]


async def test_a_person_at_the_terminal_reads_them_and_waits_to_the_end() -> None:
    gate = Gate()
    async with hosted(replace(LIVE, audience="person"), tools=registry(gate)) as host:
        clock = LoopClock()
        preview = await host.call(NAME, ARGUMENTS)
        assert CELL in preview["preview"]
        async with anyio.create_task_group() as tasks:

            async def wait() -> None:
                await gate.waits.wait()
                for _ in range(3 * int(ANSWER_SECONDS)):
                    await clock.tick()
                gate.opened.set()

            tasks.start_soon(wait)
            answer = await host.call(NAME, ARGUMENTS, confirm=preview["confirm"])
    assert (answer["outcome"], outcomes(answer)) == ("done", ["done"] * 3)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_long_series_goes_on_in_the_background_and_the_same_call_says_how_far_it_is(mode: Mode) -> None:
    gate = Gate()
    async with waiting_host(gate, mode) as (host, answer, code):
        assert (answer["outcome"], outcomes(answer)) == ("under_way", ["done"])
        assert "Requests made so far: 1." in answer["summary"]
        assert "The same call again says how far it is. Look at it." in answer["next_step"]
        assert "LIVE" in answer["preview"]
        again = await host.call(NAME, ARGUMENTS, confirm=code)
        assert (again["outcome"], outcomes(again), again["confirmed_by"]) == ("under_way", ["done"], "code")
        assert again["summary"].startswith("This was confirmed already at 10:00")
        assert "preview" not in again
        gate.opened.set()
        end = await host.call(NAME, ARGUMENTS, confirm=code)
        while end["outcome"] == "under_way":
            end = await host.call(NAME, ARGUMENTS, confirm=code)
        assert (end["outcome"], outcomes(end)) == ("done", ["done"] * 3)
        assert host.wire.paths() == ["send-sms"] * 3
        # With other arguments that come to the same change, too.
        spelt = await host.call(NAME, {**ARGUMENTS, "recipients": [f"+9{number}" for number in PEOPLE]}, confirm=code)
        assert (spelt["outcome"], outcomes(spelt)) == ("done", ["done"] * 3)


@pytest.mark.parametrize("mode", ERAS)
async def test_after_a_form_the_same_call_says_how_far_it_is_and_then_once_how_it_ended(mode: Mode) -> None:
    gate, person = Gate(), Person()
    async with hosted(mode=mode, tools=registry(gate), elicitation_callback=person) as host:
        clock = LoopClock()
        answers: list[dict[str, Any]] = []

        async def call() -> None:
            answers.append(await host.call(NAME, ARGUMENTS))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call)
            await gate.waits.wait()
            while not answers:
                await clock.tick()
        again = await host.call(NAME, ARGUMENTS)
        gate.opened.set()
        while again["outcome"] == "under_way":
            again = await host.call(NAME, ARGUMENTS)
        assert (answers[0]["outcome"], again["outcome"], len(person.numbers)) == ("under_way", "done", 1)
        assert (await host.call(NAME, ARGUMENTS))["outcome"] == "held_back"
        assert len(host.wire.requests) == 3


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("known", [True, False])
async def test_a_host_that_asks_is_told_of_each_order(mode: Mode, known: bool) -> None:
    told: list[tuple[float, float | None]] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total))

    async with hosted(mode=mode, tools=registry()) as host:
        arguments = {**ARGUMENTS, "known": known}
        code = (await host.call(NAME, arguments))["confirm"]
        await host.client.call_tool(NAME, {**arguments, "confirm": code}, progress_callback=progress)
    assert told == [(done, 3 if known else None) for done in (1, 2, 3)]


async def test_progress_does_not_fall_behind_that_of_the_wait_for_a_person() -> None:
    told: list[tuple[float, float | None]] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total))

    async def hesitate(context: Any, params: Any) -> Any:
        for _ in range(25):
            await clock.tick()
        return await Person()(context, params)

    async with hosted(mode="legacy", tools=registry(), elicitation_callback=hesitate) as host:
        clock = LoopClock()
        await host.client.call_tool(NAME, ARGUMENTS, progress_callback=progress)
    assert told[-3:] == [(21, 23), (22, 23), (23, 23)]
    assert told == sorted(told, key=lambda row: row[0])


async def test_how_many_requests_there_will_be_need_not_be_known() -> None:
    gate = Gate()
    async with hosted(tools=registry(gate)) as host:
        clock = LoopClock()
        arguments = {**ARGUMENTS, "known": False}
        code = (await host.call(NAME, arguments))["confirm"]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.call, NAME, {**arguments, "confirm": code})
            await gate.waits.wait()
            await clock.tick(ANSWER_SECONDS)
        answer = await host.call(NAME, arguments, confirm=code)
    assert "Requests made so far: 1. Look" not in answer["summary"]
    assert answer["summary"].endswith("Requests made so far: 1.")


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("number", "outcome", "ended"), [(NO_BALANCE, "stopped", "refused"), (LOST, "unknown", "unknown")]
)
async def test_a_failure_in_the_middle_ends_it_there(
    mode: Mode, number: str, outcome: str, ended: str, tmp_path: Path
) -> None:
    log = tmp_path / "audit.jsonl"
    arguments = {**ARGUMENTS, "recipients": [*PEOPLE[:3], number, *PEOPLE[4:]]}
    async with hosted(replace(LIVE, audit_log=log), mode=mode, tools=registry()) as host:
        code = (await host.call(NAME, arguments))["confirm"]
        answer = await host.call(NAME, arguments, confirm=code)
        again = await host.call(NAME, arguments, confirm=code)
        assert len(host.wire.requests) == 2
    assert (answer["outcome"], outcomes(answer)) == (outcome, ["done", ended])
    assert answer["summary"].startswith("Order 1 ended it: ")
    assert (again["outcome"], outcomes(again)) == (outcome, ["done", ended])
    end = next(line for line in lines(log) if line["outcome"] == outcome and "steps" in line)
    assert (end["reason"], end["steps"]) == (ended, 2)


async def test_a_refusal_of_the_first_order_is_no_doubt() -> None:
    arguments = {**ARGUMENTS, "recipients": [NO_BALANCE, *PEOPLE]}
    clock = ManualClock()
    async with hosted(tools=registry(), clock=clock) as host:
        answer = await host.confirm(NAME, arguments)
        # With other arguments it is planned anew; what is left of it is said by the ledger of the campaign.
        usage = await host.call(NAME, {**arguments, "campaign": "k-2"}, dry_run=True)
    assert (answer["outcome"], outcomes(answer)) == ("stopped", ["refused"])
    assert usage["outcome"] == "dry_run"


@pytest.mark.parametrize("mode", ERAS)
async def test_an_order_that_overlaps_another_send_meanwhile_is_held_back(mode: Mode) -> None:
    gate = Gate()
    async with waiting_host(gate, mode) as (host, _, code):
        send = {"recipients": [PEOPLE[2]], "text": "Sayın {Ad}, siparişiniz yolda.", "message_type": "transactional"}
        assert (await host.confirm(SEND_SMS, send))["outcome"] == "done"
        gate.opened.set()
        while (end := await host.call(NAME, ARGUMENTS, confirm=code))["outcome"] == "under_way":
            """It goes on."""
        assert (end["outcome"], outcomes(end)) == ("stopped", ["done", "held_back"])
        assert len(host.wire.requests) == 2


@pytest.mark.parametrize("mode", ERAS)
async def test_a_whole_that_overlaps_is_held_back_before_anything_is_asked(mode: Mode) -> None:
    async with hosted(mode=mode, tools=registry()) as host:
        assert (await host.confirm(NAME, ARGUMENTS))["outcome"] == "done"
        answer = await host.call(NAME, {**ARGUMENTS, "campaign": "k-2", "recipients": [*PEOPLE[:2], "05331112233"]})
    assert answer["outcome"] == "held_back"
    assert "sent to 2 of the 3 recipients at 10:00" in answer["summary"]
    assert "their numbers are in the file" in answer["summary"]
    assert "+90532" not in answer["summary"]
    assert "after 10:10 on Monday 2026-11-23 the same text can be sent to them again" in answer["summary"]
    assert answer["next_step"].startswith("Tell the user. After that time the same call sends it to them.")


@pytest.mark.parametrize("mode", ERAS)
async def test_an_old_runner_that_was_overtaken_sends_nothing_more(mode: Mode, tmp_path: Path) -> None:
    gate, clock = Gate(), ManualClock()
    settings = replace(LIVE, state_dir=tmp_path)
    async with hosted(settings, mode=mode, tools=registry(gate), clock=clock) as old:
        loop = LoopClock()
        code = (await old.call(NAME, ARGUMENTS))["confirm"]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(old.call, NAME, {**ARGUMENTS, "confirm": code})
            await gate.waits.wait()
            await loop.tick(ANSWER_SECONDS)
        clock.advance(seconds=RUN_GAP.total_seconds())
        rest = {**ARGUMENTS, "recipients": PEOPLE[2:], "continues": True}
        async with hosted(settings, mode=mode, tools=registry(), clock=clock, wire=old.wire) as new:
            assert (await new.confirm(NAME, rest))["outcome"] == "done"
        # As if the machine had not slept for the old one.
        clock.up -= 60
        gate.opened.set()
        while (end := await old.call(NAME, ARGUMENTS, confirm=code))["outcome"] == "under_way":
            """It goes on."""
        assert len(old.wire.requests) == 3
    assert (end["outcome"], outcomes(end)) == ("stopped", ["done"])
    assert "another call has continued, ended or cancelled it" in end["summary"]


async def test_after_the_machine_slept_between_two_orders_nothing_more_goes_out() -> None:
    gate, clock = Gate(), ManualClock()
    async with waiting_host(gate, clock=clock) as (host, _, code):
        clock.advance(seconds=RUN_GAP.total_seconds())
        gate.opened.set()
        end = await host.call(NAME, ARGUMENTS, confirm=code)
        while end["outcome"] == "under_way":
            end = await host.call(NAME, ARGUMENTS, confirm=code)
    assert (end["outcome"], len(host.wire.requests)) == ("stopped", 1)
    assert "this machine slept" in end["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_the_first_order_has_to_leave_soon_after_the_yes(mode: Mode) -> None:
    clock = ManualClock()

    async def sleep(_: int) -> None:
        clock.advance(seconds=46)

    async with hosted(mode=mode, tools=registry(sleep), clock=clock) as host:
        answer = await host.confirm(NAME, ARGUMENTS)
    assert (answer["outcome"], outcomes(answer), host.wire.requests) == ("stopped", ["nothing_done"], [])
    assert "the confirmation was out of date" in answer["summary"]


async def test_later_orders_may_follow_as_long_as_it_takes() -> None:
    clock = ManualClock()

    async def take_time(place: int) -> None:
        clock.advance(seconds=100 if place else 0)

    async with hosted(tools=registry(take_time), clock=clock) as host:
        assert (await host.confirm(NAME, ARGUMENTS))["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
async def test_stopping_the_server_stops_after_the_order_under_way(mode: Mode, tmp_path: Path) -> None:
    gate, log, clock = Gate(), tmp_path / "audit.jsonl", ManualClock()
    settings = replace(LIVE, state_dir=tmp_path / "state", audit_log=log)
    async with waiting_host(gate, mode, settings=settings, clock=clock) as (host, _, code):
        pass
    end = lines(log)[-1]
    assert (end["outcome"], end["reason"], end["steps"]) == ("stopped", "server_stopped", 1)
    async with hosted(settings, mode=mode, tools=registry(), clock=clock, wire=host.wire) as later:
        answer = await later.call(NAME, ARGUMENTS, confirm=code)
    assert answer["outcome"] == "stopped"
    assert (
        "Of its requests 1 were accepted, 0 have an unknown outcome, and 0 were not carried out." in answer["summary"]
    )
    assert "get_campaigns with k-1" in answer["next_step"]
    assert len(host.wire.requests) == 1


@pytest.mark.parametrize("in_time", [True, False])
async def test_the_order_under_way_gets_its_time_when_the_host_has_gone(
    in_time: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, ending, log = anyio.Event(), anyio.Event(), tmp_path / "audit.jsonl"
    finish = DetachedRunner.finish

    async def end(runner: DetachedRunner, grace: float) -> None:
        ending.set()
        await finish(runner, 0)

    monkeypatch.setattr(DetachedRunner, "finish", end)
    monkeypatch.setattr(series, "STEP_SECONDS", 60 if in_time else 0)

    async def stay(place: int) -> None:
        if place == 1:
            reached.set()

    async with hosted(replace(LIVE, audit_log=log), tools=registry(stay)) as host:
        code = (await host.call(NAME, ARGUMENTS))["confirm"]
        real = host.wire.handle_async_request

        async def slow(request: httpx.Request) -> httpx.Response:
            if reached.is_set():
                sent.set()
                await (ending.wait() if in_time else anyio.sleep_forever())
            return await real(request)

        sent = anyio.Event()
        monkeypatch.setattr(type(host.wire), "handle_async_request", lambda _, request: slow(request))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.client.call_tool, NAME, {**ARGUMENTS, "confirm": code})
            await sent.wait()
            tasks.cancel_scope.cancel()
    step, last = lines(log)[-2:]
    assert (step["outcome"], last["outcome"]) == (("done", "stopped") if in_time else ("unknown", "unknown"))
    assert (last["reason"], last["steps"]) == ("server_stopped", 2)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_host_that_hangs_up_does_not_stop_what_has_begun(mode: Mode) -> None:
    gate = Gate()
    async with hosted(mode=mode, tools=registry(gate)) as host:
        code = (await host.call(NAME, ARGUMENTS))["confirm"]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.client.call_tool, NAME, {**ARGUMENTS, "confirm": code})
            await gate.waits.wait()
            tasks.cancel_scope.cancel()
        gate.opened.set()
        while (end := await host.call(NAME, ARGUMENTS, confirm=code))["outcome"] == "under_way":
            """It goes on."""
        assert (end["outcome"], len(host.wire.requests)) == ("done", 3)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_host_that_hangs_up_before_the_first_order_stops_it(mode: Mode) -> None:
    gate = Gate(closed_from=0)
    async with hosted(mode=mode, tools=registry(gate)) as host:
        code = (await host.call(NAME, ARGUMENTS))["confirm"]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.client.call_tool, NAME, {**ARGUMENTS, "confirm": code})
            await gate.waits.wait()
            tasks.cancel_scope.cancel()
        while (end := await host.call(NAME, ARGUMENTS, confirm=code))["outcome"] == "under_way":
            """The cancellation is on its way."""
        assert (end["outcome"], host.wire.requests) == ("stopped", [])
        assert "the call was cancelled before the first request" in end["summary"]


async def test_a_kill_between_two_orders_is_told_as_that(tmp_path: Path) -> None:
    gate, clock = Gate(), ManualClock()
    settings = replace(LIVE, state_dir=tmp_path)
    async with hosted(settings, tools=registry(gate), clock=clock) as host:
        loop = LoopClock()
        code = (await host.call(NAME, ARGUMENTS))["confirm"]
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.call, NAME, {**ARGUMENTS, "confirm": code})
            await gate.waits.wait()
            await loop.tick(ANSWER_SECONDS)
        # Another process sees what a kill would leave.
        async with hosted(settings, tools=registry(), clock=clock, wire=host.wire) as other:
            running = await other.call(NAME, ARGUMENTS, confirm=code)
            clock.advance(seconds=RUN_GAP.total_seconds())
            killed = await other.call(NAME, ARGUMENTS, confirm=code)
        assert len(host.wire.requests) == 1
    assert (running["outcome"], killed["outcome"]) == ("under_way", "stopped")
    assert "in another process" in running["summary"]
    assert "It was not finished." in killed["summary"]


async def test_what_another_process_has_finished_is_told_as_done(tmp_path: Path) -> None:
    clock = ManualClock()
    settings = replace(LIVE, state_dir=tmp_path)
    arguments = {"recipients": PEOPLE}
    async with hosted(settings, tools=registry(), clock=clock) as first:
        code = (await first.call(NAME, arguments))["confirm"]
        assert (await first.call(NAME, arguments, confirm=code))["outcome"] == "done"
    async with hosted(settings, tools=registry(), clock=clock) as second:
        answer = await second.call(NAME, arguments, confirm=code)
    assert answer["outcome"] == "done"
    assert "It is finished. Of its requests 3 were accepted" in answer["summary"]
    assert "get_campaigns" not in answer["next_step"]


@pytest.mark.parametrize("place", [0, 1])
async def test_a_defect_ends_it_and_is_told_as_one(place: int, caplog: pytest.LogCaptureFixture) -> None:
    async def fail(reached: int) -> None:
        if reached == place:
            raise ValueError("no")

    async with hosted(tools=registry(fail)) as host:
        answer = await host.confirm(NAME, ARGUMENTS)
    assert (answer["outcome"], len(host.wire.requests)) == ("stopped", place)
    assert "It stopped before it was finished: this server failed" in answer["summary"]
    assert "send_parts failed in an unforeseen way" in caplog.text


async def test_a_defect_in_a_request_leaves_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: Any, __: Any, ___: Any, *, on_sent: Any) -> None:
        on_sent()
        raise ValueError("no")

    async with hosted(tools=registry()) as host:
        code = (await host.call(NAME, ARGUMENTS))["confirm"]
        monkeypatch.setattr(ApiClient, "call", fail)
        answer = await host.call(NAME, ARGUMENTS, confirm=code)
    assert answer["outcome"] == "unknown"
    assert "one of its requests may have been carried out: this server failed" in answer["summary"]


async def test_an_order_with_an_earlier_orders_number_is_doubt() -> None:
    body: list[bytes] = []

    def same(request: httpx.Request) -> httpx.Response | None:
        order = {"response": {"status": {"code": "200", "message": "ok"}, "order": {"id": 7}}}
        body.append(b"")
        return httpx.Response(200, json=order, request=request)

    async with hosted(tools=registry()) as host:
        host.wire.broken = same
        answer = await host.confirm(NAME, ARGUMENTS)
    assert (answer["outcome"], outcomes(answer), len(body)) == ("unknown", ["done", "unknown"], 2)


async def test_without_the_ledger_no_further_order_begins(tmp_path: Path) -> None:
    folder = tmp_path / "state"

    async def lose(place: int) -> None:
        if place == 1:
            folder.rename(tmp_path / "moved")

    async with hosted(replace(LIVE, state_dir=folder), tools=registry(lose)) as host:
        answer = await host.confirm(NAME, ARGUMENTS)
        assert len(host.wire.requests) == 1
        (tmp_path / "moved").rename(folder)
    assert (answer["outcome"], outcomes(answer)) == ("stopped", ["done"])
    assert str(folder) in answer["summary"]


@pytest.mark.parametrize("place", [0, 1])
async def test_without_its_line_in_the_audit_log_nothing_leaves(place: int, tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    log = folder / "audit.jsonl"

    async def lose(reached: int) -> None:
        if reached == place:
            log.unlink()
            folder.rmdir()

    async with hosted(replace(LIVE, audit_log=log), tools=registry(lose)) as host:
        answer = await host.confirm(NAME, ARGUMENTS)
    assert (answer["outcome"], len(host.wire.requests)) == ("stopped", place)
    assert "nothing is done without it" in answer["summary"]
    assert answer["summary"].count("lacks a line on this") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
async def test_without_the_line_of_the_confirmation_nothing_begins() -> None:
    async with hosted(replace(LIVE, audit_log=Path("/dev/full")), tools=registry()) as host:
        answer = await host.confirm(NAME, ARGUMENTS)
    assert (answer["outcome"], host.wire.requests) == ("stopped", [])
    assert "nothing is done without it" in answer["summary"]


async def test_a_line_that_could_not_be_marked_as_written_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "audit.jsonl"
    settings = replace(LIVE, audit_log=log, state_dir=tmp_path / "state")

    async def fail(*_: Any) -> None:
        raise LedgerUnavailableError(verbatim("locked"))

    async with hosted(settings, tools=registry()) as host:
        with monkeypatch.context() as patch:
            patch.setattr(SqliteLedger, "mark_audited", fail)
            assert (await host.confirm(NAME, ARGUMENTS))["outcome"] == "done"
    async with hosted(settings, tools=registry(), clock=host.clock) as restarted:
        with anyio.fail_after(60):
            while len(late := [line for line in lines(log) if "written_late" in line]) < 4:
                # The ledger answers in turn.
                await restarted.call(NAME, {**ARGUMENTS, "campaign": "k-2"})
    assert [(line["outcome"], line.get("series"), line["campaign"]) for line in late] == [
        ("done", None, "k-1"),
        *[("done", 1, "k-1")] * 3,
    ]


async def test_without_the_ledger_the_end_is_told_with_what_was_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = SqliteLedger.settle

    async def fail(ledger: SqliteLedger, attempt: Attempt, outcome: AttemptOutcome, **options: Any) -> bool:
        if attempt.parent is None:
            raise LedgerUnavailableError(verbatim("locked"))
        return await settle(ledger, attempt, outcome, **options)

    monkeypatch.setattr(SqliteLedger, "settle", fail)
    async with hosted(tools=registry()) as host:
        answer = await host.confirm(NAME, ARGUMENTS)
    assert (answer["outcome"], answer["summary"]) == (
        "done",
        "All 3 orders are accepted. The ledger cannot be used: locked",
    )


async def test_once_the_server_was_asked_to_stop_no_further_order_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    stopping = anyio.Event()

    async def stop(place: int) -> None:
        if place == 1:
            stopping.set()

    monkeypatch.setattr(DetachedRunner, "is_stopping", property(lambda _: stopping.is_set()))
    async with hosted(tools=registry(stop)) as host:
        answer = await host.confirm(NAME, ARGUMENTS)
    assert (answer["outcome"], outcomes(answer)) == ("stopped", ["done"])
    assert "It stopped before it was finished: this server was stopped." in answer["summary"]


async def test_only_the_latest_series_are_told_of_from_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    remember_only_the_latest(monkeypatch)
    async with hosted(tools=registry()) as host:
        code = (await host.call(NAME, ARGUMENTS))["confirm"]
        await host.call(NAME, ARGUMENTS, confirm=code)
        await host.confirm(NAME, {"recipients": ["05331112233"], "text": "Merhaba"})
        answer = await host.call(NAME, ARGUMENTS, confirm=code)
    assert "It is finished." in answer["summary"]


async def test_a_series_makes_no_request_of_its_own() -> None:
    change = plan(PartsArguments(recipients=PEOPLE))
    with pytest.raises(NotImplementedError):
        await change.execute(None, lambda: None)  # type: ignore[arg-type]
