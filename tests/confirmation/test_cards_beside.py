"""A card beside other ways and other processes: codes, forms, pages, a ledger that was edited, a host that goes."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest

from iletimerkezi_mcp.confirmation import approvals
from iletimerkezi_mcp.confirmation.waiting import WaitingChange
from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.keys import FILE as KEY_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.tools.tool import ChangeTool
from tests.calls import GET_REPORT, SEND, SEND_LIST, SEND_SMS
from tests.confirmation.cards import LARGE, Chat, audit_lines, chat, defect, eventually, several, two, unavailable
from tests.confirmation.scenes import Asked, sha256
from tests.hosting import ERAS, Host, Mode
from tests.server.browsing import FakeBrowser, let_threads_run, post
from tests.tools.list_sends import CAMPAIGN, write_list

OTHER = {**LARGE, "text": "Mağazamız pazartesi açık."}


def edit(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / LEDGER_FILE, isolation_level=None)) as file:
        for statement in statements:
            file.execute(statement)


@pytest.mark.parametrize(
    "edits",
    [
        ["UPDATE waiting_change SET sealed = 'v1.AAAA'"],
        ["UPDATE waiting_change SET sealed = substr(sealed, 1, length(sealed) - 4) || 'AAAA'"],
        ["UPDATE waiting_change SET sealed = (SELECT max(sealed) FROM waiting_change)"],
        ["UPDATE waiting_change SET sealed = (SELECT min(sealed) FROM waiting_change)"],
        ["UPDATE card SET number = (SELECT max(number) FROM waiting_change)"],
        ["UPDATE card SET number = (SELECT min(number) FROM waiting_change)"],
    ],
)
async def test_a_change_that_was_edited_in_the_ledger_is_not_carried_out_in_place_of_another(
    tmp_path: Path, edits: list[str]
) -> None:
    async with several(tmp_path) as chats:
        async with chats() as at:
            shown = [(arguments, *await at.show(arguments)) for arguments in (LARGE, OTHER)]
        edit(tmp_path, *edits)
        async with chats() as at:
            for arguments, waiting, code in shown:
                before = at.sends
                answer, html = await at.press(code, "approve", 100)
                if at.sends > before:
                    assert at.host.wire.requests[-1][1]["order"]["message"]["text"] == arguments["text"]
                else:
                    assert answer["state"] == "void"
                    assert "açık" not in html
                    told = await at.host.call(GET_REPORT, {"order_id": waiting["change"]})
                    if "sealed" in edits[0]:
                        assert "no change of this number" in told["summary"]
                        assert (await at.ask(arguments))[0]["change"] != waiting["change"]
            assert at.sends < 2


FIELDS = [
    "number",
    "tool",
    "arguments",
    "code",
    "principal",
    "host",
    "preview",
    "warnings",
    "place",
    "shown",
    "typed",
    "counted",
    "title",
    "caution",
    "language",
]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        *((field, wrong) for field in FIELDS for wrong in (..., {"a": 1})),
        ("warnings", [1]),
        ("place", "table"),
        ("counted", "others"),
        ("language", "de"),
    ],
)
async def test_a_change_that_another_version_has_kept_is_void(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, field: str, wrong: Any
) -> None:
    own = WaitingChange.to_json

    def of_another_version(waiting: WaitingChange) -> bytes:
        kept: dict[str, Any] = {**json.loads(own(waiting)), field: wrong}
        assert sorted(kept) == sorted(FIELDS)
        return json.dumps({name: value for name, value in kept.items() if value is not ...}).encode("ascii")

    monkeypatch.setattr(WaitingChange, "to_json", of_another_version)
    async with several(tmp_path) as chats:
        async with chats() as at:
            waiting, code = await at.show(LARGE)
        async with chats() as at:
            for decision in ("shown", "approve"):
                assert (await at.press(code, decision, 100))[0]["state"] == "void"
            told = await at.host.call(GET_REPORT, {"order_id": waiting["change"]})
            assert "no change of this number" in told["summary"]
            anew, _ = await at.ask(LARGE)
            assert (anew["outcome"], at.sends) == ("waiting", 0)
            assert anew["change"] != waiting["change"]


async def test_a_change_from_another_folder_is_void(tmp_path: Path) -> None:
    for name in ("own", "other"):
        async with chat(folder=tmp_path / name) as at:
            _, code = await at.show(LARGE)
    with closing(sqlite3.connect(tmp_path / "other" / LEDGER_FILE)) as other:
        rows = [other.execute(f"SELECT * FROM {table}").fetchall() for table in ("waiting_change", "card")]
    with closing(sqlite3.connect(tmp_path / "own" / LEDGER_FILE)) as own, own:
        for table, content in zip(("waiting_change", "card"), rows, strict=True):
            places = ", ".join("?" * len(content[0]))
            own.executemany(f"INSERT INTO {table} VALUES ({places})", content)
    async with chat(folder=tmp_path / "own") as at:
        for decision in ("shown", "approve"):
            assert (await at.press(code, decision, 100))[0]["state"] == "void"
        assert at.sends == 0


async def test_a_key_that_was_replaced_approves_nothing(tmp_path: Path) -> None:
    async with several(tmp_path / "own") as chats:
        async with chats() as at:
            _, code = await at.show(LARGE)
        async with chat(folder=tmp_path / "other") as at:
            await at.show(LARGE)
        shutil.copy(tmp_path / "other" / KEY_FILE, tmp_path / "own" / KEY_FILE)
        async with chats() as at:
            answer, _ = await at.press(code, "approve", 100)
            assert (answer["outcome"], answer.get("state"), at.sends) == ("unknown", None, 0)


async def test_a_no_on_a_card_takes_the_codes_of_earlier_previews_with_it() -> None:
    async with chat() as at:
        earlier, _ = await at.ask(SEND)
        _, code = await at.show(SEND)
        await at.press(code, "reject")
        assert (await at.ask(SEND, confirm=earlier["confirm"]))[0]["outcome"] == "declined"
        assert (await at.ask(SEND, confirm=earlier["confirm"]))[0]["outcome"] == "nothing_done"
        assert at.sends == 0


@pytest.mark.parametrize("fails", ["plan", "ledger"])
async def test_a_no_takes_the_code_with_it_whatever_else_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    async with two(tmp_path) as (first, second):
        preview, code = await first.show(SEND)
        with monkeypatch.context() as patch:
            if fails == "plan":
                patch.setattr(ChangeTool, "plan_again", defect)
            else:
                patch.setattr(SqliteLedger, "look_up", unavailable)
            refused, _ = await second.press(code, "reject")
        if fails == "plan":
            assert (refused["state"], refused["outcome"]) == ("decided", "declined")
        for at in (first, second) * 2:
            assert (await at.ask(SEND, confirm=preview["confirm"]))[0]["outcome"] in ("declined", "nothing_done")
        assert first.sends == 0


async def test_a_no_that_cannot_be_recorded_is_not_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat() as at:
        _, code = await at.show(SEND)
        with monkeypatch.context() as patch:
            patch.setattr(SqliteLedger, "withdraw", unavailable)
            answer, _ = await at.press(code, "reject")
            assert (answer.get("state"), answer["outcome"]) == (None, "unknown")
        assert (await at.press(code, "shown"))[0]["state"] == "open"
        assert (await at.press(code, "reject"))[0]["outcome"] == "declined"


async def test_what_was_done_is_told_while_the_ledger_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chat() as at:
        _, code = await at.show(LARGE)
        await at.press(code, "approve", 100)
        with monkeypatch.context() as patch:
            patch.setattr(SqliteLedger, "show_card", unavailable)
            patch.setattr(SqliteLedger, "mark_told", unavailable)
            answer, _ = await at.press(code, "shown")
            assert answer["outcome"] == "unknown"
            assert "Nothing was done" not in answer["summary"]
            assert (await at.ask(LARGE))[0]["outcome"] == "done"


@pytest.mark.parametrize("polls", ["card", "number"])
async def test_a_campaign_that_was_told_to_go_on_is_told_to_have_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, polls: str
) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.confirmation.confirmation.ANSWER_SECONDS", 0.0)
    write_list(tmp_path, 120)
    async with chat(files_dir=tmp_path) as at:
        waiting, code = await at.show(CAMPAIGN, SEND_LIST)
        accepted = at.host.wire.waiting["/v1/send-sms/json"] = anyio.Event()
        await at.press(code, "approve", 120)
        for _ in range(2):
            assert (await at.ask(CAMPAIGN, SEND_LIST))[0]["outcome"] == "under_way"
        monkeypatch.setattr("iletimerkezi_mcp.confirmation.waiting.WAITING_LIFE", timedelta(0))
        assert (await at.ask(CAMPAIGN, SEND_LIST))[0]["outcome"] == "under_way"
        monkeypatch.undo()
        accepted.set()
        with anyio.fail_after(60):
            if polls == "card":
                while (await at.press(code, "shown"))[0]["state"] != "decided":
                    await let_threads_run()
            else:
                order = {"order_id": waiting["change"]}
                while "goes on" in (await at.host.call(GET_REPORT, order))["summary"]:
                    await let_threads_run()
        told, _ = await at.ask(CAMPAIGN, SEND_LIST)
        assert (told["outcome"], told["way"], at.sends) == ("done", "card", 2)


async def test_a_campaign_that_another_process_runs_is_told_until_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.confirmation.confirmation.ANSWER_SECONDS", 0.0)
    lists = tmp_path / "lists"
    lists.mkdir()
    write_list(lists, 120)
    async with several(tmp_path / "state") as chats, chats(files_dir=lists) as first, chats(files_dir=lists) as second:
        _, code = await first.show(CAMPAIGN, SEND_LIST)
        accepted = first.host.wire.waiting["/v1/send-sms/json"] = anyio.Event()
        assert (await first.press(code, "approve", 120))[0]["state"] == "under_way"
        assert (await second.ask(CAMPAIGN, SEND_LIST))[0]["outcome"] in ("under_way", "unknown")
        with anyio.fail_after(60):
            while first.sends == 0:
                await let_threads_run()
        for _ in range(2):
            assert (await second.ask(CAMPAIGN, SEND_LIST))[0]["outcome"] == "under_way"
        assert (await second.press(code, "shown"))[0]["state"] == "under_way"
        accepted.set()
        with anyio.fail_after(60):
            while (await first.press(code, "shown"))[0]["state"] != "decided":
                await let_threads_run()
        assert (await second.press(code, "shown"))[0]["state"] == "decided"
        assert (await second.ask(CAMPAIGN, SEND_LIST))[0]["outcome"] == "done"
        assert first.sends == 2


async def test_a_card_that_calls_back_while_it_is_given_up_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(0))
    entered, shown = anyio.Event(), anyio.Event()
    delete = SqliteLedger.delete_unless_shown

    async def late(self: SqliteLedger, number: str) -> bool:
        entered.set()
        await shown.wait()
        return await delete(self, number)

    monkeypatch.setattr(SqliteLedger, "delete_unless_shown", late)
    browser = FakeBrowser(tmp_path)
    async with chat(options={"browser": browser}) as at:
        _, code = await at.ask(LARGE)
        await entered.wait()
        assert (await at.press(code, "shown"))[0]["state"] == "open"
        shown.set()
        assert (await at.press(code, "approve", 100))[0]["outcome"] == "done"
        assert browser.links == []
        assert at.sends == 1


async def test_a_card_that_was_given_up_decides_no_more_than_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = FakeBrowser(tmp_path / "home")
    browser.folder.mkdir()
    async with several(tmp_path / "state") as chats:
        options = {"browser": browser}
        async with (
            chats() as other,
            chat(folder=tmp_path / "state", options={**several_options(other), **options}) as at,
        ):
            with monkeypatch.context() as patch:
                patch.setattr(approvals, "SHOWING_TIME", timedelta(0))
                _, code = await at.ask(LARGE)
                with anyio.fail_after(60):
                    while not browser.links:
                        await let_threads_run()
            async with anyio.create_task_group() as tasks:
                for each in (at, other):
                    for decision in ("shown", "approve"):
                        tasks.start_soon(partial(each.press, code, decision, 100))
                tasks.start_soon(partial(post, browser.links[0], decision="approve", count="100"))
            told, _ = await at.ask(LARGE)
            assert (told["outcome"], told["way"], at.sends) == ("done", "page", 1)


def several_options(at: Chat) -> dict[str, Any]:
    return {"wire": at.host.wire, "clock": at.host.clock}


async def test_a_card_that_nobody_showed_before_a_restart_can_be_shown_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with several(tmp_path) as chats:
        async with chats() as at:
            waiting, _ = await at.ask(LARGE)
        at.host.clock.advance(seconds=60)
        async with chats() as at:
            again, code = await at.ask(LARGE)
            assert again["change"] == waiting["change"]
            at.host.clock.advance(seconds=60)
            _, same = await at.ask(LARGE)
            assert same == code
            assert (await at.press(code, "shown"))[0]["state"] == "open"
            assert (await at.press(code, "approve", 100))[0]["outcome"] == "done"
        monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(0))
        async with chats() as at:
            monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(minutes=1))
            await at.ask(OTHER)
        monkeypatch.setattr(approvals, "SHOWING_TIME", timedelta(0))
        async with chats() as at:
            await at.ask(OTHER)
            assert "did not show" in (await eventually(at, "declined", OTHER))["summary"]


async def test_what_another_process_left_waiting_takes_no_room_once_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvals, "MAX_WAITING", 1)
    async with several(tmp_path) as chats:
        async with chats() as at:
            waiting, _ = await at.show(LARGE)
        async with chats() as at:
            with monkeypatch.context() as patch:
                patch.setattr(approvals, "WAITING_LIFE", timedelta(0))
                assert (await at.ask(LARGE))[0]["change"] == waiting["change"]
            with anyio.fail_after(60):
                while "no other is shown" in (answer := (await at.ask(OTHER))[0])["summary"]:
                    await let_threads_run()
            assert answer["outcome"] == "waiting"


@pytest.mark.parametrize("decision", ["approve", "reject"])
async def test_the_audit_log_says_which_preview_another_process_has_shown(tmp_path: Path, decision: str) -> None:
    log = tmp_path / "audit.jsonl"
    async with several(tmp_path / "state") as chats:
        async with chats(audit_log=log) as at:
            waiting, code = await at.show(LARGE)
        async with chats(audit_log=log) as at:
            await at.press(code, decision, 100)
        lines = audit_lines(log)
        assert lines
        assert {line["preview_digest"] for line in lines} == {sha256(waiting["preview"])}


async def test_a_waiting_change_has_its_warnings_after_a_restart(tmp_path: Path) -> None:
    warned = {**LARGE, "text": "Sayın {Ad}, yarın kapalıyız."}
    async with several(tmp_path) as chats:
        async with chats() as at:
            waiting, _ = await at.ask(warned)
            assert waiting["warnings"]
        async with chats() as at:
            again = (await at.ask(warned))[0]
            assert again["warnings"] == waiting["warnings"]
            assert waiting | again == waiting


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("first", ["card", "code"])
async def test_card_and_code_at_one_moment_send_once(tmp_path: Path, mode: Mode, first: str) -> None:
    async with several(tmp_path) as chats, chats(mode) as one, chats(mode) as two_:
        preview, code = await one.show(SEND)
        presses = [partial(one.press, code, "approve"), partial(two_.press, code, "approve")]
        calls = [partial(each.ask, SEND, confirm=preview["confirm"]) for each in (one, two_)]
        async with anyio.create_task_group() as tasks:
            for work in [*presses, *calls] if first == "card" else [*calls, *presses]:
                tasks.start_soon(work)
        assert one.sends == 1
        for decision in ("shown", "approve", "reject"):
            for each in (one, two_):
                assert (await each.press(code, decision))[0]["outcome"] == "done"
        again, _ = await two_.ask(SEND, confirm=preview["confirm"])
        assert (again["outcome"], one.sends) == ("done", 1)


@pytest.mark.parametrize("mode", ERAS)
async def test_approve_and_reject_at_one_moment_in_two_processes_agree(tmp_path: Path, mode: Mode) -> None:
    async with several(tmp_path) as chats, chats(mode) as first, chats(mode) as second:
        _, code = await first.show(LARGE)
        assert (await second.press(code, "shown"))[0]["state"] == "open"
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(first.press, code, "approve", 100))
            tasks.start_soon(partial(second.press, code, "reject"))
            tasks.start_soon(partial(first.press, code, "approve", 100))
            tasks.start_soon(partial(second.press, code, "approve", 100))
        outcomes = {(await each.press(code, "shown"))[0]["outcome"] for each in (first, second)}
        assert outcomes in ({"done"}, {"declined"})
        assert first.sends == (outcomes == {"done"})


async def test_a_form_and_a_card_for_one_change_send_once(tmp_path: Path) -> None:
    asked = Asked("accept", {"send": True, "count": "100"})
    async with several(tmp_path) as chats, chats() as cards:
        options = {**several_options(cards), "elicitation_callback": asked, "extensions": []}
        async with chat("legacy", tmp_path, options=options) as forms:
            _, code = await cards.show(LARGE)
            done, _ = await forms.ask(LARGE)
            assert (done["outcome"], done["way"]) == ("done", "form")
            late, _ = await cards.press(code, "approve", 100)
            assert (late["outcome"], cards.sends) == ("held_back", 1)
            _, code = await cards.show(OTHER)
            assert (await cards.press(code, "approve", 100))[0]["outcome"] == "done"
            assert (await forms.ask(OTHER))[0]["outcome"] == "held_back"
            assert cards.sends == 2


async def test_two_chats_cards_for_one_change_decide_once(tmp_path: Path) -> None:
    async with several(tmp_path) as chats, chats() as first, chats("legacy") as second:
        _, older = await first.show(LARGE)
        _, newer = await second.show(LARGE)
        async with anyio.create_task_group() as tasks:
            for each in (first, second):
                for code in (older, newer):
                    tasks.start_soon(partial(each.press, code, "approve", 100))
        assert (await first.press(older, "shown"))[0]["state"] == "void"
        assert (await second.press(newer, "shown"))[0]["outcome"] == "done"
        assert first.sends == 1


@pytest.mark.parametrize("language", ["en", "tr"])
async def test_a_card_shows_text_as_text(language: Language) -> None:
    text = "</script><script>alert(1)</script> ]]> <!-- {{x}}\u202e&amp; \"'\nÇok satırlı " + "ö" * 600
    async with chat(language=language) as at:
        waiting, code = await at.ask({**LARGE, "text": text, "label": "<img src=x onerror=alert(1)>"})
        _, html = await at.press(code, "shown")
        assert waiting["outcome"] == "waiting"
        assert "<script" not in html
        assert "</script" not in html
        assert "<img" not in html
        assert "<!--" not in html
        assert "\u202e" not in html
        assert "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt; &lt;!--" in html
        assert "ö" * 600 in html
        _, html = await at.press(code, "approve", "<b>1</b>")
        assert "<b>1" not in html
        assert at.sends == 0


@pytest.mark.parametrize(
    "count", ["100.0", "1e2", True, "١٠٠", "+100", "0x64", "1_00", "10 0", "１００", [100], {}, 1e300]
)
async def test_only_the_number_itself_is_that_number(count: Any) -> None:
    async with chat() as at:
        _, code = await at.show(LARGE)
        answer, _ = await at.press(code, "approve", count)
        assert (answer.get("state", "open"), at.sends) == ("open", 0)
        assert (await at.press(code, "approve", " 100 "))[0]["outcome"] == "done"


@pytest.mark.parametrize("hours", [-48, 48])
async def test_no_setting_of_the_clock_opens_or_ends_a_card(tmp_path: Path, hours: int) -> None:
    async with several(tmp_path) as chats, chats() as at:
        _, code = await at.show(LARGE)
        at.host.clock.jump(hours=hours)
        assert (await at.press(code, "shown"))[0]["state"] == "open"
        at.host.clock.advance(minutes=10)
        at.host.clock.jump(hours=-hours)
        for decision in ("shown", "approve"):
            assert (await at.press(code, decision, 100))[0]["state"] == "void"
        async with chats() as later:
            assert (await later.press(code, "approve", 100))[0]["state"] == "void"
        assert at.sends == 0


async def test_a_press_whose_host_goes_is_carried_out_once() -> None:
    async with chat() as at:
        _, code = await at.show(LARGE)
        accepted = at.host.wire.waiting["/v1/send-sms/json"] = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(at.press, code, "approve", 100))
            with anyio.fail_after(60):
                while at.sends == 0:
                    await let_threads_run()
            tasks.cancel_scope.cancel()
        assert (await at.press(code, "approve", 100))[0]["state"] == "under_way"
        accepted.set()
        with anyio.fail_after(60):
            while (answer := (await at.press(code, "shown"))[0])["state"] != "decided":
                await let_threads_run()
        assert (answer["outcome"], at.sends) == ("done", 1)


async def test_a_server_that_stops_after_a_yes_does_it_at_most_once(tmp_path: Path) -> None:
    async with several(tmp_path) as chats:
        for place in range(4):
            arguments = {**LARGE, "text": f"Duyuru {place}"}
            codes: list[str] = []

            async def stopped(host: Host, turns: int, code: str) -> None:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(partial(Chat(host).press, code, "approve", 100))
                    for _ in range(turns):
                        await anyio.lowlevel.checkpoint()
                    tasks.cancel_scope.cancel()

            async with chats() as at:
                before = at.sends
                _, code = await at.show(arguments)
                codes.append(code)
                await stopped(at.host, 10 * place * place, code)
            async with chats() as at:
                answer, _ = await at.press(code, "shown")
                if answer["state"] == "open":
                    assert at.sends == before
                    answer, _ = await at.press(code, "approve", 100)
                assert answer["state"] == "decided"
                assert at.sends <= before + 1
                told, _ = await at.ask(arguments)
                assert told["outcome"] == answer["outcome"]


async def test_many_calls_at_one_moment_show_no_more_cards_than_allowed() -> None:
    async with chat() as at:
        answers: list[str] = []

        async def ask(place: int) -> None:
            answers.append((await at.ask({**LARGE, "text": f"Duyuru {place}"}))[0]["outcome"])

        async with anyio.create_task_group() as tasks:
            for place in range(25):
                tasks.start_soon(ask, place)
        assert sorted(answers) == ["nothing_done"] * 5 + ["waiting"] * 20


async def test_a_card_is_about_those_who_have_not_had_the_text_at_the_click(tmp_path: Path) -> None:
    more = [f"+90533000{place:04}" for place in range(5)]
    rest = {**LARGE, "recipients": [*LARGE["recipients"], *more], "skip_recent": True}
    async with two(tmp_path) as (first, second):
        assert (await first.ask(rest, dry_run=True))[1] == ""
        _, code = await first.show(rest)
        meanwhile = {**LARGE, "recipients": more[:2]}
        assert (await second.host.confirm(SEND_SMS, meanwhile))["outcome"] == "done"
        assert (await second.press(code, "approve", 105))[0]["outcome"] == "declined"
        assert first.sends == 1
        assert "no longer allowed" in (await first.ask(rest))[0]["summary"]
        _, code = await first.show(rest)
        assert (await second.press(code, "approve", 103))[0]["outcome"] == "done"
        assert first.sends == 2


async def test_previews_at_one_moment_leave_one_card() -> None:
    async with chat() as at:
        codes: list[str] = []

        async def ask() -> None:
            codes.append((await at.ask(SEND))[1])

        async with anyio.create_task_group() as tasks:
            for _ in range(4):
                tasks.start_soon(ask)
        states = [(await at.press(code, "shown"))[0]["state"] for code in codes]
        assert sorted(states) == ["open", "void", "void", "void"]
        assert (await at.press(codes[states.index("open")], "approve"))[0]["outcome"] == "done"
        assert at.sends == 1


async def test_a_ledger_that_is_locked_when_the_time_is_over_ends_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = anyio.Event()

    async def locked(*_: Any) -> Any:
        looked.set()
        await unavailable()

    async with chat() as at:
        with monkeypatch.context() as patch:
            patch.setattr(approvals, "WAITING_LIFE", timedelta(0))
            patch.setattr(SqliteLedger, "waiting_change", locked)
            await at.ask(LARGE)
            with anyio.fail_after(60):
                await looked.wait()
        assert "no answer came" in (await eventually(at, "declined"))["summary"]
        assert at.sends == 0


async def test_a_preview_that_another_process_replaced_meanwhile_has_no_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_card = SqliteLedger.issue_card
    async with two(tmp_path) as (first, second):
        others: list[str] = []

        async def late(self: SqliteLedger, *given: str) -> str | None:
            if not others:
                others.append("")
                others[0] = (await second.ask(SEND))[1]
            return await issue_card(self, *given)

        monkeypatch.setattr(SqliteLedger, "issue_card", late)
        preview, code = await first.ask(SEND)
        assert (preview["outcome"], code) == ("preview", "")
        assert (await second.press(others[0], "shown"))[0]["state"] == "open"
