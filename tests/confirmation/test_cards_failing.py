"""What becomes of a card if something else happens: nobody decides, the ledger is locked, a defect, another person."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client

from iletimerkezi_mcp.confirmation import approvals
from iletimerkezi_mcp.ledger.attempts import WAITING_LIFE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.tools.answers import CARD_META
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from iletimerkezi_mcp.tools.tool import ChangeTool
from tests.calls import GET_REPORT, SEND, SEND_LIST, SEND_SMS
from tests.confirmation.cards import LARGE, chat, defect, eventually, two, unavailable
from tests.hosting import CARDS, ERAS, Mode, hosted, text_of
from tests.loop_clock import LoopClock
from tests.server.browsing import let_threads_run
from tests.tools.list_sends import CAMPAIGN, write_list
from tests.transports.served import AYSE, served


async def test_nobody_decides_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "WAITING_LIFE", timedelta(0))
    async with chat() as at:
        await at.ask(LARGE)
        answer = await eventually(at, "declined")
        assert "no answer came" in answer["summary"]
        preview, _ = await at.ask(SEND)
        await let_threads_run()
        assert (await at.ask(SEND, confirm=preview["confirm"]))[0]["outcome"] == "done"


async def test_what_another_process_has_decided_is_no_silence_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = anyio.Event()
    forget = approvals.Approvals._forget

    def forgotten(self: approvals.Approvals, waiting: Any) -> None:
        forget(self, waiting)
        ended.set()

    monkeypatch.setattr(approvals.Approvals, "_forget", forgotten)
    clock = LoopClock()
    async with two(tmp_path) as (first, second):
        _, code = await first.show(LARGE)
        assert (await second.press(code, "approve", 100))[0]["outcome"] == "done"
        await clock.tick(WAITING_LIFE.total_seconds())
        with anyio.fail_after(60):
            await ended.wait()
        assert (await first.ask(LARGE))[0]["outcome"] == "done"
        assert first.sends == 1


async def test_two_identical_calls_at_once_wait_for_one_decision() -> None:
    async with chat() as at:
        answers: list[dict[str, Any]] = []

        async def ask() -> None:
            answers.append((await at.ask(LARGE))[0])

        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(ask)
        assert len({answer["change"] for answer in answers}) == 1


async def test_no_more_cards_than_a_person_can_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "MAX_WAITING", 1)
    async with chat() as at:
        _, code = await at.ask(SEND)
        assert code
        preview, code = await at.ask({**SEND, "text": "Yarın açığız."})
        assert (preview["outcome"], code) == ("preview", "")
        assert (await at.ask(LARGE))[0]["outcome"] == "waiting"
        refused, _ = await at.ask({**LARGE, "text": "Yarın açığız."})
        assert "no other is shown" in refused["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_while_it_is_carried_out_call_and_card_say_so(mode: Mode) -> None:
    async with chat(mode) as at:
        waiting, code = await at.show(LARGE)
        accepted = at.host.wire.waiting["/v1/send-sms/json"] = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(at.press, code, "approve", 100))
            while at.sends == 0:
                await let_threads_run()
            for decision in ("approve", "reject", "shown"):
                meanwhile, html = await at.press(code, decision, 100)
                assert (meanwhile["state"], meanwhile["outcome"]) == ("under_way", "unknown")
                assert "being carried out" in html
            told, none = await at.ask(LARGE)
            assert (told["outcome"], told["change"], none) == ("unknown", waiting["change"], "")
            accepted.set()
        assert (await at.ask(LARGE))[0]["outcome"] == "done"
        assert at.sends == 1


async def test_what_a_card_asks_about_a_campaign_takes_no_answer_from_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.confirmation.confirmation.ANSWER_SECONDS", 0.0)
    write_list(tmp_path, 120)
    async with chat(files_dir=tmp_path) as at:
        _, code = await at.show(CAMPAIGN, SEND_LIST)
        accepted = at.host.wire.waiting["/v1/send-sms/json"] = anyio.Event()
        first, _ = await at.press(code, "approve", 120)
        assert (first["state"], first["outcome"]) == ("under_way", "under_way")
        accepted.set()
        with anyio.fail_after(60):
            while (card := (await at.press(code, "shown"))[0])["state"] != "decided":
                await let_threads_run()
        assert card["outcome"] == "done"
        assert (await at.ask(CAMPAIGN, SEND_LIST))[0]["outcome"] == "done"
        assert at.sends == 2


async def test_what_was_done_is_told_even_if_the_ledger_cannot_note_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two(tmp_path) as (first, second):
        _, code = await first.show(LARGE)
        await first.press(code, "approve", 100)
        with monkeypatch.context() as patch:
            patch.setattr(SqliteLedger, "mark_told", unavailable)
            for at in (first, second):
                assert (await at.ask(LARGE))[0]["outcome"] == "done"
        assert (await second.ask(LARGE))[0]["outcome"] == "done"
        assert (await second.ask(LARGE))[0]["outcome"] == "held_back"
        assert first.sends == 1


async def test_what_was_done_and_cannot_be_read_now_is_not_said_to_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_list(tmp_path, 120)
    async with hosted() as host:
        options = {"wire": host.wire, "clock": host.clock}
        chats = partial(chat, folder=tmp_path / "state", options=options, files_dir=tmp_path)
        async with chats() as first, chats() as second:
            _, code = await first.show(CAMPAIGN, SEND_LIST)
            await first.press(code, "approve", 120)
            monkeypatch.setattr(SqliteLedger, "steps", unavailable)
            card, _ = await second.press(code, "shown")
            told, _ = await second.ask(CAMPAIGN, SEND_LIST)
        for answer in (card, told):
            assert answer["outcome"] == "unknown"
            assert "confirmed already, and what came of it cannot be read" in answer["summary"]


async def test_a_locked_ledger_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat() as at:
        assert (await at.press("x" * 32, "shown"))[0]["state"] == "void"
        _, code = await at.show(LARGE)
        with monkeypatch.context() as patch:
            patch.setattr(SqliteLedger, "change_on_card", unavailable)
            answer, _ = await at.press(code, "approve", 100)
            assert (answer.get("state"), answer["outcome"]) == (None, "unknown")
            assert "not known here" in answer["summary"]
        assert at.sends == 0
        assert (await at.press(code, "approve", 100))[0]["outcome"] == "done"


async def test_a_ledger_that_is_locked_when_it_has_to_show_leaves_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = anyio.Event()

    async def locked(*_: Any) -> Any:
        looked.set()
        await unavailable()

    async with chat() as at:
        with monkeypatch.context() as patch:
            patch.setattr(approvals, "SHOWING_TIME", timedelta(0))
            patch.setattr(SqliteLedger, "delete_unless_shown", locked)
            _, code = await at.ask(LARGE)
            with anyio.fail_after(60):
                await looked.wait()
        assert (await at.press(code, "shown"))[0]["state"] == "open"
        with monkeypatch.context() as patch:
            patch.setattr(SqliteLedger, "end_waiting", unavailable)
            assert (await at.press(code, "approve", 100))[0]["outcome"] == "done"
        assert (await at.press(code, "approve", 100))[0]["outcome"] == "done"
        assert at.sends == 1


async def test_a_defect_is_told_and_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two(tmp_path) as (first, second):
        _, code = await first.show(LARGE)
        with monkeypatch.context() as patch:
            patch.setattr(ChangeTool, "plan_again", defect)
            foreign, _ = await second.press(code, "approve", 100)
            assert (foreign["state"], foreign["outcome"]) == ("decided", "nothing_done")
        _, code = await first.show(SEND)
        with monkeypatch.context() as patch:
            patch.setattr(ChangeTool, "plan_again", defect)
            own, _ = await first.press(code, "approve")
            assert (own["state"], own["outcome"]) == ("decided", "unknown")
        assert first.sends == 0


async def test_its_number_tells_nothing_any_more_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat() as at:
        waiting, code = await at.show(LARGE)
        await at.press(code, "reject")
        monkeypatch.setattr("iletimerkezi_mcp.confirmation.waiting.WAITING_LIFE", timedelta(0))
        late = await at.host.call(GET_REPORT, {"order_id": waiting["change"]})
        assert "no change of this number" in late["summary"]


@pytest.mark.parametrize("mode", ERAS)
async def test_another_token_neither_sees_nor_decides(mode: Mode) -> None:
    async with served() as at, at.client(mode, **CARDS) as ali, at.client(mode, AYSE, **CARDS) as ayse:
        waiting = await ali.call_tool(SEND_SMS, {**LARGE, "sender": "FIRMAADI"})
        assert waiting.structured_content is not None
        card = (waiting.meta or {})[CARD_META]

        async def answer(client: Client, decision: str) -> dict[str, Any]:
            arguments = {"code": card["code"], "decision": decision, "count": 100}
            return (await client.call_tool(CARD_ANSWER.name, arguments)).structured_content or {}

        for decision in ("shown", "approve", "reject"):
            assert (await answer(ayse, decision))["state"] == "void"
        assert (await answer(ali, "approve"))["state"] == "void"
        told = await ayse.call_tool(GET_REPORT, {"order_id": waiting.structured_content["change"]})
        assert "kapalı" not in text_of(told)
        assert (await answer(ali, "shown"))["state"] == "open"
        assert (await answer(ayse, "approve"))["state"] == "void"
        assert (await answer(ali, "approve"))["outcome"] == "done"
        for decision in ("shown", "approve", "reject"):
            assert (await answer(ayse, decision))["state"] == "void"


async def test_a_preview_that_was_replaced_ends_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    forget = approvals.Approvals._forget

    def forgotten(self: approvals.Approvals, waiting: Any) -> None:
        forget(self, waiting)
        ended.append(len(self._waiting))

    monkeypatch.setattr(approvals.Approvals, "_forget", forgotten)
    clock = LoopClock()
    async with chat() as at:
        await at.show(SEND)
        await at.show(SEND)
        await clock.tick(WAITING_LIFE.total_seconds())
        with anyio.fail_after(60):
            while len(ended) < 2:
                await let_threads_run()
        assert ended == [1, 0]
