"""A person approves or rejects on a card in the chat, with a code that no model is given."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from iletimerkezi_mcp.confirmation import approvals
from iletimerkezi_mcp.ledger.attempts import WAITING_LIFE
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server import approval_pages
from iletimerkezi_mcp.tools.answers import CARD_META
from tests.calls import CANCEL_ORDER, GET_REPORT, SEND, SEND_LIST, SEND_SMS
from tests.confirmation.cards import LARGE, Chat, audit_lines, chat, several
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.loop_clock import LoopClock
from tests.server.browsing import FakeBrowser, files_in, let_threads_run, post
from tests.tools.list_sends import CAMPAIGN, write_list


@pytest.mark.parametrize("mode", ERAS)
async def test_a_large_send_waits_for_the_card_and_goes_out_with_it(tmp_path: Path, mode: Mode) -> None:
    log = tmp_path / "audit.jsonl"
    async with chat(mode, audit_log=log) as at:
        waiting, code = await at.ask(LARGE)
        assert waiting["outcome"] == "waiting"
        assert "on the card" in waiting["summary"]
        assert code.partition(".")[0] == waiting["change"]
        assert len(code.partition(".")[2]) == 32
        opened, html = await at.press(code, "shown")
        assert (opened["state"], opened["outcome"]) == ("open", "waiting")
        assert "&lt;b&gt;kapalı&lt;/b&gt;" in html
        assert "To approve, type the number of recipients: 100" in html
        assert at.sends == 0
        done, html = await at.press(code, "approve", "100")
        assert (done["state"], done["outcome"], at.sends) == ("decided", "done", 1)
        assert "Ask in the chat what was delivered." in html
        assert GET_REPORT not in html
        told, _ = await at.ask(LARGE)
    assert (told["outcome"], told["confirmed_by"], told["way"]) == ("done", "person", "card")
    assert [(line["outcome"], line.get("way")) for line in audit_lines(log)] == [
        ("in_flight", "card"),
        ("done", "card"),
    ]


async def test_an_identical_call_waits_with_the_same_number_and_card() -> None:
    async with chat() as at:
        waiting, code = await at.show(LARGE)
        for confirm in (None, "ABCDEFGHJKLM", code, waiting["change"]):
            again, same = await at.ask(LARGE, **({} if confirm is None else {"confirm": confirm}))
            assert (again["outcome"], again["change"], same) == ("waiting", waiting["change"], code)
        assert at.sends == 0


async def test_a_no_is_a_no_and_its_card_shows_that() -> None:
    async with chat() as at:
        waiting, code = await at.show(LARGE)
        answered, html = await at.press(code, "reject")
        assert (answered["state"], answered["outcome"]) == ("decided", "declined")
        assert "you did not say yes" in html
        assert "Ask the assistant again" in html
        assert "the host" not in answered["next_step"]
        for decision in ("approve", "shown"):
            late, _ = await at.press(code, decision, 100)
            assert (late["state"], late["outcome"]) == ("decided", "declined")
        by_number = await at.host.call(GET_REPORT, {"order_id": waiting["change"]})
        assert "Nothing was done" in by_number["summary"]
        assert (await at.ask(LARGE))[0]["outcome"] == "declined"
        anew, other = await at.ask(LARGE)
        assert (anew["outcome"], at.sends) == ("waiting", 0)
        assert other != code


async def test_a_wrong_number_leaves_the_card_open_and_the_fifth_is_a_no() -> None:
    async with chat() as at:
        _, code = await at.show(LARGE)
        for count in (None, "99", 1000, "hundred"):
            answer, html = await at.press(code, "approve", count)
            assert answer["state"] == "open"
            assert "that was not 100" in html
        last, html = await at.press(code, "approve", 99)
        assert (last["state"], last["outcome"]) == ("decided", "declined")
        assert "the number typed was not 100" in html
        assert (await at.press(code, "approve", 100))[0]["outcome"] == "declined"
        assert at.sends == 0


@pytest.mark.parametrize("mode", ERAS)
async def test_below_the_threshold_the_card_stands_beside_the_code_and_uses_it_up(mode: Mode) -> None:
    async with chat(mode) as at:
        preview, code = await at.show(SEND)
        assert preview["outcome"] == "preview"
        assert "If this host shows its card, the user may decide there instead" in preview["next_step"]
        assert code
        assert (await at.press(code, "approve"))[0]["outcome"] == "done"
        told, _ = await at.ask(SEND, confirm=preview["confirm"])
        assert (told["outcome"], told["way"], at.sends) == ("done", "card", 1)
        again, _ = await at.ask(SEND, confirm=preview["confirm"])
        assert (again["outcome"], at.sends) == ("done", 1)


async def test_below_the_threshold_the_code_uses_the_card_up() -> None:
    async with chat() as at:
        preview, code = await at.show(SEND)
        assert (await at.ask(SEND, confirm=preview["confirm"]))[0]["way"] == "code"
        for decision in ("shown", "approve", "reject"):
            spent, html = await at.press(code, decision)
            assert (spent["state"], spent["outcome"]) == ("decided", "done")
            assert spent["order_id"] in html
        assert at.sends == 1


async def test_a_rejected_card_takes_the_code_with_it() -> None:
    async with chat() as at:
        preview, code = await at.show(SEND)
        await at.press(code, "reject")
        told, _ = await at.ask(SEND, confirm=preview["confirm"])
        assert told["outcome"] == "declined"
        again, _ = await at.ask(SEND, confirm=preview["confirm"])
        assert again["outcome"] == "nothing_done"
        assert at.sends == 0


async def test_a_new_preview_takes_the_place_of_the_older_card() -> None:
    async with chat() as at:
        _, older = await at.show(SEND)
        _, newer = await at.show(SEND)
        void, html = await at.press(older, "approve")
        assert (void["state"], void["outcome"], at.sends) == ("void", "nothing_done", 0)
        assert "no longer valid" in html
        assert (await at.press(newer, "approve"))[0]["outcome"] == "done"


async def test_a_card_in_another_session_voids_the_older_one(tmp_path: Path) -> None:
    async with chat(folder=tmp_path) as first:
        waiting, older = await first.show(LARGE)
        options = {"wire": first.host.wire, "clock": first.host.clock}
        async with chat("legacy", tmp_path, options=options) as second:
            again, newer = await second.ask(LARGE)
            assert again["change"] == waiting["change"]
            assert newer != older
            assert (await first.press(older, "shown"))[0]["state"] == "open"
            _, newer = await second.show(LARGE)
            for decision in ("shown", "approve"):
                void, html = await first.press(older, decision, 100)
                assert void["state"] == "void"
                assert "a newer one has taken its place" in html
            assert (await second.press(newer, "approve", 100))[0]["outcome"] == "done"
            assert (await first.ask(LARGE))[0]["outcome"] == "done"
        assert first.sends == 1


async def test_a_card_that_has_not_called_back_approves_nothing() -> None:
    async with chat() as at:
        _, code = await at.ask(LARGE)
        for decision in ("approve", "reject"):
            void, _ = await at.press(code, decision, 100)
            assert (void["state"], at.sends) == ("void", 0)
        assert (await at.press(code, "shown"))[0]["state"] == "open"


async def test_a_card_that_calls_back_too_late_is_void() -> None:
    async with chat() as at:
        _, code = await at.ask(LARGE)
        at.host.clock.advance(seconds=11)
        void, html = await at.press(code, "shown")
        assert void["state"] == "void"
        assert "It appeared too late" in html


async def until(at: Chat, condition: str) -> dict[str, Any]:
    with anyio.fail_after(60):
        while condition not in (answer := (await at.ask(LARGE))[0])["summary"]:
            await let_threads_run()
    return answer


async def test_where_no_card_is_shown_a_page_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(0))
    browser = FakeBrowser(tmp_path)
    async with chat(options={"browser": browser}) as at:
        waiting, code = await at.ask(LARGE)
        on_page = await until(at, "browser")
        assert on_page["change"] == waiting["change"]
        assert (await at.press(code, "shown"))[0]["state"] == "void"
        await post(browser.links[0], decision="approve", count="100")
        told, _ = await at.ask(LARGE)
    assert (told["outcome"], told["way"]) == ("done", "page")


async def test_where_neither_card_nor_page_is_shown_nothing_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(0))
    monkeypatch.setattr(approval_pages, "LOOKING_SECONDS", 0.0)
    log = tmp_path / "audit.jsonl"
    browser = FakeBrowser(tmp_path, opens=False)
    for options in ({}, {"browser": browser}):
        async with chat(audit_log=log, options=options) as at:
            await at.ask(LARGE)
            told = await until(at, "did not show")
        assert (told["outcome"], at.sends) == ("declined", 0)
        assert audit_lines(log)[-1]["reason"] == "no_card"


async def test_below_the_threshold_a_card_that_is_not_shown_leaves_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(0))
    async with chat() as at:
        preview, code = await at.ask(SEND)
        with anyio.fail_after(60):
            while (await at.press(code, "shown"))[0]["state"] != "void":
                await let_threads_run()
        assert (await at.ask(SEND, confirm=preview["confirm"]))[0]["outcome"] == "done"


async def test_only_a_cards_own_code_decides() -> None:
    async with chat() as at:
        waiting, code = await at.show(LARGE)
        preview, _ = await at.ask(SEND)
        for other in (
            waiting["change"],
            preview["confirm"],
            code[:-1],
            code.partition(".")[2],
            "w-00000000." + code.partition(".")[2],
            code.lower(),
            code + "A",
            "",
            "x" * 100,
            "\ud800",
        ):
            try:
                answer, _ = await at.press(other, "approve", 100)
            except UnicodeEncodeError:
                continue
            assert answer.get("state", "void") == "void"
            assert answer["outcome"] == "nothing_done"
        assert at.sends == 0
        again, _ = await at.ask(LARGE, confirm=code)
        assert again["outcome"] == "waiting"


async def test_a_host_without_cards_gets_none() -> None:
    async with hosted(LIVE) as host:
        at = Chat(host)
        assert (await at.ask(LARGE))[0]["outcome"] == "nothing_done"
        _, code = await at.ask(SEND)
        assert code == ""


async def test_with_human_the_smallest_change_waits_on_a_card() -> None:
    async with chat(confirm="human") as at:
        waiting, code = await at.show(SEND)
        assert (waiting["outcome"], waiting.get("confirm")) == ("waiting", None)
        assert (await at.press(code, "approve"))[0]["outcome"] == "done"


async def test_with_codes_alone_there_is_no_card() -> None:
    async with chat(confirm="code") as at:
        preview, code = await at.ask(LARGE)
        assert (preview["outcome"], code) == ("preview", "")


@pytest.mark.parametrize("mode", ERAS)
async def test_a_card_outlasts_its_process(tmp_path: Path, mode: Mode) -> None:
    async with several(tmp_path) as chats:
        async with chats(mode) as at:
            waiting, code = await at.show(LARGE)
        kept = b"".join(file.read_bytes() for file in files_in(tmp_path))
        for canary in (b"+905320000001", "kapalı".encode(), code.encode()):
            assert canary not in kept
        async with chats(mode) as at:
            again, _ = await at.ask(LARGE)
            assert (again["outcome"], again["change"]) == ("waiting", waiting["change"])
            shown, html = await at.press(code, "shown")
            assert shown["state"] == "open"
            assert "&lt;b&gt;kapalı" in html
            assert (await at.press(code, "approve", "99"))[0]["state"] == "open"
            done, _ = await at.press(code, "approve", "100")
            assert (done["outcome"], at.sends) == ("done", 1)
        async with chats(mode) as at:
            assert (await at.press(code, "approve", "100"))[0]["outcome"] == "done"
            by_number = await at.host.call(GET_REPORT, {"order_id": waiting["change"]})
            assert by_number["order_id"] == done["order_id"]
            told, _ = await at.ask(LARGE)
            assert (told["outcome"], told["order_id"]) == ("done", done["order_id"])
            assert (await at.ask(LARGE))[0]["outcome"] == "held_back"
            assert at.sends == 1


def sealed(folder: Path) -> list[Any]:
    """Return what the ledger in `folder` holds of each call that waits, or has waited, on a card."""
    with closing(sqlite3.connect(folder / LEDGER_FILE)) as file:
        return [row[0] for row in file.execute("SELECT sealed FROM waiting_change")]


@pytest.mark.parametrize(("decision", "count"), [("reject", None), ("approve", 100)])
async def test_what_was_sealed_is_deleted_with_the_decision(tmp_path: Path, decision: str, count: int | None) -> None:
    async with several(tmp_path) as chats, chats() as at:
        _, code = await at.show(LARGE)
        (kept,) = sealed(tmp_path)
        assert len(kept) > 1_000
        await at.press(code, decision, count)
        assert sealed(tmp_path) == [None]
        at.host.clock.advance(hours=2)
        await at.ask(SEND)
        assert len(sealed(tmp_path)) == 1


async def test_what_was_sealed_is_deleted_when_the_code_beside_the_card_is_used(tmp_path: Path) -> None:
    async with several(tmp_path) as chats, chats() as first, chats() as second:
        preview, code = await first.show(SEND)
        assert (await first.ask(SEND, confirm=preview["confirm"]))[0]["way"] == "code"
        assert sealed(tmp_path) == [None]
        assert (await second.press(code, "shown"))[0]["outcome"] == "done"
        assert (await second.ask(SEND, confirm=preview["confirm"]))[0]["way"] == "code"
        assert (await second.ask(SEND))[0]["outcome"] == "held_back"
        assert first.sends == 1


async def test_what_was_sealed_beside_a_code_is_deleted_after_ten_minutes(tmp_path: Path) -> None:
    clock = LoopClock()
    async with chat(folder=tmp_path) as at:
        await at.show(SEND)
        assert len(sealed(tmp_path)) == 1
        await clock.tick(WAITING_LIFE.total_seconds())
        with anyio.fail_after(60):
            while sealed(tmp_path):
                await let_threads_run()


async def test_what_came_of_it_is_told_by_another_process_while_the_card_s_verdict_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: Any) -> None:
        """End as a process does that is killed after the send."""

    async with several(tmp_path) as chats, chats() as first, chats() as second:
        _, code = await first.show(SEND)
        monkeypatch.setattr(SqliteLedger, "end_waiting", killed)
        assert (await first.press(code, "approve"))[0]["outcome"] == "done"
        assert sealed(tmp_path) == [None]
        assert (await second.ask(SEND))[0]["way"] == "card"
        assert (await second.press(code, "shown"))[0]["outcome"] == "done"
        assert first.sends == 1


async def test_a_no_is_told_by_a_later_process(tmp_path: Path) -> None:
    async with several(tmp_path) as chats:
        async with chats() as at:
            waiting, code = await at.show(LARGE)
            await at.press(code, "reject")
        async with chats() as at:
            assert (await at.press(code, "shown"))[0]["outcome"] == "declined"
            assert "was no" in (await at.host.call(GET_REPORT, {"order_id": waiting["change"]}))["summary"]
            assert (await at.ask(LARGE))[0]["outcome"] == "declined"
            assert (await at.ask(LARGE))[0]["outcome"] == "waiting"


async def test_two_processes_decide_once(tmp_path: Path) -> None:
    async with several(tmp_path) as chats, chats() as first, chats() as second:
        waiting, code = await first.show(LARGE)
        assert (await second.press(code, "shown"))[0]["state"] == "open"
        assert (await second.press(code, "approve", 100))[0]["outcome"] == "done"
        for decision in ("approve", "reject", "shown"):
            spent, _ = await first.press(code, decision, 100)
            assert (spent["state"], spent["outcome"]) == ("decided", "done")
        told, _ = await first.ask(LARGE)
        assert (told["outcome"], told["way"], first.sends) == ("done", "card", 1)
        assert (await first.host.call(GET_REPORT, {"order_id": waiting["change"]}))["order_id"] == told["order_id"]


async def test_a_call_that_can_no_longer_be_planned_sends_nothing(tmp_path: Path) -> None:
    async with several(tmp_path / "state") as chats:
        lists = tmp_path / "lists"
        lists.mkdir()
        write_list(lists, 120)
        log = tmp_path / "audit.jsonl"
        settings = {"files_dir": lists, "audit_log": log}
        async with chats(**settings) as at:
            _, code = await at.show(CAMPAIGN, SEND_LIST)
        (lists / CAMPAIGN["file"]).unlink()
        async with chats(**settings) as at:
            answer, _ = await at.press(code, "approve", 120)
            assert (answer["state"], answer["outcome"]) == ("decided", "nothing_done")
            assert CAMPAIGN["file"] in answer["summary"]
            assert at.sends == 0
        assert [line["outcome"] for line in audit_lines(log)] == ["nothing_done"]
        async with chats(**settings) as at:
            assert "no longer allowed" in (await at.press(code, "shown"))[0]["summary"]


async def test_a_tool_that_is_no_longer_offered_does_nothing(tmp_path: Path) -> None:
    async with several(tmp_path) as chats:
        async with chats() as at:
            _, code = await at.show(LARGE)
        async with chats(tools=(CANCEL_ORDER,)) as at:
            answer, _ = await at.press(code, "approve", 100)
            assert (answer["outcome"], at.sends) == ("nothing_done", 0)
            assert "not offered here" in answer["summary"]


async def test_a_card_that_is_ten_minutes_old_is_void_everywhere(tmp_path: Path) -> None:
    async with chat(folder=tmp_path) as at:
        waiting, code = await at.show(LARGE)
        at.host.clock.advance(minutes=10)
        for decision in ("approve", "shown"):
            assert (await at.press(code, decision, 100))[0]["state"] == "void"
        with pytest.raises(AssertionError):
            assert "waits for" in (await at.host.call(GET_REPORT, {"order_id": waiting["change"]}))["summary"]
        anew, other = await at.ask(LARGE)
        assert (anew["outcome"], at.sends) == ("waiting", 0)
        assert anew["change"] != waiting["change"]
        assert other != code


async def test_a_card_without_a_question_shows_what_its_call_came_to_in_words_for_a_person() -> None:
    async with chat() as at:
        result = await at.host.client.call_tool(SEND_SMS, {**LARGE, "dry_run": True})
        card = (result.meta or {})[CARD_META]
        assert list(card) == ["html"]
        assert "<h1>" in card["html"]
        assert "&lt;b&gt;kapalı&lt;/b&gt;" in card["html"]
        assert "end your turn" not in card["html"]
        preview = await at.host.client.call_tool(SEND_SMS, SEND)
        html = (preview.meta or {})[CARD_META]["html"]
        assert "Answer in the chat." in html
        assert "--confirm" not in html
        refused = await at.host.client.call_tool(SEND_SMS, {**LARGE, "text": ""})
        assert refused.meta is None or CARD_META not in refused.meta
    async with hosted(LIVE) as host:
        assert CARD_META not in ((await host.client.call_tool(SEND_SMS, LARGE)).meta or {})
