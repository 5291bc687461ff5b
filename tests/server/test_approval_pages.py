"""A person approves or rejects on a page in their browser, where the host shows no forms."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx
import mcp.types as mcp_types
import pytest
from anyio.abc import SocketStream

from iletimerkezi_mcp.confirmation import approvals
from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.server import approval_pages
from tests.calls import GET_REPORT, SEND, SEND_LIST, SEND_SMS
from tests.confirmation.scenes import Person
from tests.connections import http_client
from tests.hosting import ERAS, LIVE, Host, Mode, hosted
from tests.server.browsing import FakeBrowser, files_in, get, let_threads_run, post
from tests.tools.list_sends import CAMPAIGN, write_list

LARGE = {
    "recipients": [f"+90532000{place:04}" for place in range(100)],
    "text": "Mağazamız yarın <b>kapalı</b>.",
    "message_type": "transactional",
}


@asynccontextmanager
async def at_a_screen(folder: Path, mode: Mode = "auto", **settings: Any) -> AsyncIterator[tuple[Host, FakeBrowser]]:
    browser = FakeBrowser(folder)
    async with hosted(replace(LIVE, **settings), mode=mode, browser=browser) as host:
        yield host, browser


@pytest.mark.parametrize("mode", ERAS)
async def test_a_large_send_waits_for_a_click_and_goes_out_with_it(tmp_path: Path, mode: Mode) -> None:
    async with at_a_screen(tmp_path, mode) as (host, browser):
        waiting = await host.call(SEND_SMS, LARGE)
        assert waiting["outcome"] == "waiting"
        assert "browser" in waiting["summary"]
        assert "send-sms" not in host.wire.paths()
        again = await host.call(SEND_SMS, LARGE, confirm="ABCDEFGHJKLM")
        assert (again["outcome"], again["change"]) == ("waiting", waiting["change"])
        (link,) = browser.links
        shown = await get(link)
        assert "&lt;b&gt;kapalı&lt;/b&gt;" in shown.text
        assert "100" in shown.text
        done = await post(link, decision="approve", count="100")
        assert "send-sms" in host.wire.paths()
        assert "Ask in the chat what was delivered." in done.text
        assert GET_REPORT not in done.text
        told = await host.call(SEND_SMS, LARGE)
    assert (told["outcome"], told["confirmed_by"], told["way"]) == ("done", "person", "page")


async def test_a_no_is_a_no(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        (link,) = browser.links
        answered = await post(link, decision="reject")
        assert "you did not say yes" in answered.text
        late = await post(link, decision="approve", count="100")
        assert "you did not say yes" in late.text
        told = await host.call(SEND_SMS, LARGE)
        assert (told["outcome"], told.get("order_id")) == ("declined", None)
        anew = await host.call(SEND_SMS, LARGE)
    assert anew["outcome"] == "waiting"
    assert "send-sms" not in host.wire.paths()


async def test_a_wrong_number_approves_nothing_and_the_fifth_is_a_no(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        (link,) = browser.links
        for count in ("", "99", "1000", "hundred"):
            assert "that was not 100" in (await post(link, decision="approve", count=count)).text
        assert "send-sms" not in host.wire.paths()
        last = await post(link, decision="approve", count="99")
        assert "the number typed was not 100" in last.text
        assert "the number typed was not 100" in (await post(link, decision="approve", count="100")).text
        told = await host.call(SEND_SMS, LARGE)
    assert told["outcome"] == "declined"
    assert "send-sms" not in host.wire.paths()


async def test_what_came_of_it_is_told_by_its_number(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        number = (await host.call(SEND_SMS, LARGE))["change"]
        waiting = await host.call(GET_REPORT, {"order_id": number})
        assert "waits for the user's yes" in waiting["summary"]
        await post(browser.links[0], decision="approve", count="100")
        done = await host.call(GET_REPORT, {"order_id": number})
        assert done["order_id"]
        assert "get-report" not in host.wire.paths()
        unknown = await host.call(GET_REPORT, {"order_id": "w-00000000"})
        assert "no change of this number" in unknown["summary"]


async def test_only_its_own_link_origin_and_host_decide(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        (link,) = browser.links
        parts = urlsplit(link)
        origin = f"http://{parts.netloc}"
        form = {"decision": "approve", "count": "100"}
        async with http_client() as http:
            for headers in ({}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1"}):
                assert (await http.post(link, data=form, headers=headers)).status_code == 403
            rebound = {"Origin": origin, "Host": f"evil.example:{parts.port}"}
            assert (await http.post(link, data=form, headers=rebound)).status_code == 404
            assert (await http.get(link, headers={"Host": "localhost"})).status_code == 404
            for path in ("", "/", "/x", parts.path + "x", parts.path[:-1], parts.path + "/x"):
                for method in ("GET", "POST"):
                    answer = await http.request(method, origin + path, headers={"Origin": origin})
                    assert (answer.status_code, answer.text) in {(404, ""), (404, "Not Found")}
            assert (await http.put(link, headers={"Origin": origin})).status_code == 405
            odd = [
                "decision=approve&decision=reject",
                "count=100",
                "decision=approve&" * 9,
                "x" * 5000,
                "decision=both",
            ]
            for body in odd:
                kind = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
                assert (await http.post(link, content=body, headers=kind)).status_code in (200, 303)
        assert "send-sms" not in host.wire.paths()
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "waiting"


async def test_a_page_is_kept_nowhere_and_framed_nowhere(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        (link,) = browser.links
        assert len(urlsplit(link).path) == 44
        assert files_in(tmp_path) != []
        shown = await get(link)
        assert files_in(tmp_path) == []
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["x-frame-options"] == "DENY"
    assert shown.headers["referrer-policy"] == "same-origin"
    policy = shown.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in shown.text
    assert "http" not in shown.text


async def test_looking_decides_nothing(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        for _ in range(3):
            assert "Approve" in (await get(browser.links[0])).text
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "waiting"
    assert "send-sms" not in host.wire.paths()


async def test_without_a_browser_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval_pages, "LOOKING_SECONDS", 0.0)
    async with at_a_screen(tmp_path) as (host, browser):
        browser.opens = False
        answer = await host.call(SEND_SMS, LARGE)
        assert answer["outcome"] == "nothing_done"
        assert "but nobody can be asked here." in answer["summary"]
        assert files_in(tmp_path) == []
        with suppress(httpx.ConnectError):
            assert (await get(browser.links[0])).status_code == 404


async def test_without_a_folder_for_the_browser_nothing_waits(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path / "missing") as (host, browser):
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "nothing_done"
    assert browser.links == []


@pytest.mark.parametrize("language", ["en", "tr"])
async def test_instructions_and_policy_say_that_a_page_opens(tmp_path: Path, language: Language) -> None:
    async with at_a_screen(tmp_path, language=language) as (host, _):
        instructions = host.client.instructions or ""
        read = await host.client.read_resource("iletimerkezi://policy")
    (content,) = read.contents
    assert isinstance(content, mcp_types.TextResourceContents)
    for words in (instructions, content.text):
        assert ("page" if language == "en" else "sayfa") in words
    assert len(instructions.encode()) <= 1_500


async def test_a_page_ends_with_its_server(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
    with pytest.raises(httpx.ConnectError):
        await get(browser.links[0])
    assert files_in(tmp_path) == []
    assert "send-sms" not in host.wire.paths()


async def test_with_human_every_change_waits(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path, confirm="human") as (host, browser):
        waiting = await host.call(SEND_SMS, SEND)
        assert waiting["outcome"] == "waiting"
        assert 'name="count"' not in (await get(browser.links[0])).text
        await post(browser.links[0], decision="approve")
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "done"


async def test_with_codes_for_any_size_no_page_opens(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path, confirm="code") as (host, browser):
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "preview"
    assert browser.links == []


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("ways", "small", "large", "asked"),
    [
        ("form", "done", "done", 2),
        ("page", "waiting", "waiting", 0),
        ("form,page", "done", "done", 2),
        ("page,code", "preview", "waiting", 0),
        ("form,code", "done", "done", 2),
        ("card", "nothing_done", "nothing_done", 0),
        ("card,code", "preview", "nothing_done", 0),
    ],
)
async def test_only_the_ways_that_are_allowed_are_taken(
    tmp_path: Path, mode: Mode, ways: str, small: str, large: str, asked: int
) -> None:
    person = Person()
    settings, browser = replace(LIVE, confirm=ways), FakeBrowser(tmp_path)
    async with hosted(settings, mode=mode, browser=browser, elicitation_callback=person) as host:
        outcomes = [(await host.call(SEND_SMS, each))["outcome"] for each in (SEND, LARGE)]
    assert (outcomes, len(person.numbers)) == ([small, large], asked)
    assert len(browser.links) == outcomes.count("waiting")


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    ("ways", "large", "next_step"),
    [
        ("form", "nothing_done", "an app that asks them in a form of its own (MCP elicitation)"),
        ("form,code", "nothing_done", "in a form, but nobody can be asked here."),
        ("form,page", "waiting", ""),
    ],
)
async def test_without_a_form_the_other_ways_are_taken_or_named(
    tmp_path: Path, mode: Mode, ways: str, large: str, next_step: str
) -> None:
    async with at_a_screen(tmp_path, mode, confirm=ways) as (host, browser):
        answer = await host.call(SEND_SMS, LARGE)
        small = await host.call(SEND_SMS, SEND, confirm="ABCDEFGHJKLM")
    assert (answer["outcome"], len(browser.links)) == (large, 2 * (large == "waiting"))
    assert next_step in answer["summary"] + answer["next_step"]
    assert ("confirm" in small) == ("code" in ways)


async def test_a_yes_on_a_page_counts_where_forms_are_not_allowed(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path, confirm="page") as (host, browser):
        await host.call(SEND_SMS, SEND)
        await post(browser.links[0], decision="approve")
        told = await host.call(SEND_SMS, SEND)
    assert (told["outcome"], told["way"]) == ("done", "page")


async def test_a_code_that_no_longer_suffices_opens_a_page(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        first = {**LARGE, "recipients": LARGE["recipients"][:60]}
        second = {**LARGE, "recipients": LARGE["recipients"][60:], "text": "Yarın açığız."}
        codes = [(await host.call(SEND_SMS, each))["confirm"] for each in (first, second)]
        assert (await host.call(SEND_SMS, first, confirm=codes[0]))["outcome"] == "done"
        waiting = await host.call(SEND_SMS, second, confirm=codes[1])
        assert waiting["outcome"] == "waiting"
        await post(browser.links[0], decision="approve", count="40")
        assert (await host.call(SEND_SMS, second))["outcome"] == "done"


async def test_a_code_that_no_longer_suffices_opens_no_page_for_what_is_held_back(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        first = {**LARGE, "recipients": LARGE["recipients"][:60]}
        second = {**first, "recipients": LARGE["recipients"][20:60], "label": "Yeniden"}
        codes = [(await host.call(SEND_SMS, each))["confirm"] for each in (first, second)]
        assert (await host.call(SEND_SMS, first, confirm=codes[0]))["outcome"] == "done"
        assert (await host.call(SEND_SMS, second, confirm=codes[1]))["outcome"] == "held_back"
    assert browser.links == []


async def test_a_preview_that_is_no_longer_right_is_not_approved(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        near = {**LARGE, "recipients": LARGE["recipients"][:5], "text": "MAĞAZAMIZ YARIN <B>KAPALI</B>."}
        assert (await host.confirm(SEND_SMS, near))["outcome"] == "done"
        answer = await post(browser.links[0], decision="approve", count="100")
        assert "no longer open" in answer.text
    assert host.wire.paths().count("send-sms") == 1


async def test_nobody_decides_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approvals, "WAITING_LIFE", timedelta(0))
    async with at_a_screen(tmp_path) as (host, _):
        await host.call(SEND_SMS, LARGE)
        with anyio.fail_after(60):
            while (again := await host.call(SEND_SMS, LARGE))["outcome"] in ("waiting", "unknown"):
                await let_threads_run()
    assert again["outcome"] == "declined"
    assert "in the 10 minutes" in again["summary"]
    assert "send-sms" not in host.wire.paths()


@pytest.mark.parametrize("language", ["en", "tr"])
async def test_the_preview_stands_on_the_page_as_text(tmp_path: Path, language: Language) -> None:
    text = "<script>alert(1)</script> {{x}}\u202e&amp; \"'\nÇok satırlı"
    async with at_a_screen(tmp_path, language=language) as (host, browser):
        await host.call(SEND_SMS, {**LARGE, "text": text})
        shown = (await get(browser.links[0])).text
    assert f'lang="{language}"' in shown
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "\u202e" not in shown
    assert "Çok satırlı" in shown


async def test_while_it_is_carried_out_call_and_page_say_so(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        waiting = await host.call(SEND_SMS, LARGE)
        accepted = host.wire.waiting["/v1/send-sms/json"] = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(partial(post, browser.links[0], decision="approve", count="100"))
            while "send-sms" not in host.wire.paths():
                await let_threads_run()
            meanwhile = await host.call(SEND_SMS, LARGE)
            shown = await get(browser.links[0])
            second = await post(browser.links[0], decision="approve", count="100")
            wrong = await post(browser.links[0], decision="approve", count="1")
            accepted.set()
        assert (meanwhile["outcome"], meanwhile["change"]) == ("unknown", waiting["change"])
        assert "may have been done already" in meanwhile["summary"]
        for page in (shown, second, wrong):
            assert "It is being done." in page.text
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "done"
    assert host.wire.paths().count("send-sms") == 1


async def test_a_defect_after_a_yes_is_told_as_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        monkeypatch.setattr("iletimerkezi_mcp.confirmation.change_result.for_type", None)
        answer = await post(browser.links[0], decision="approve", count="100")
        assert "It may have been done" in answer.text
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "unknown"


@pytest.mark.parametrize("change", ["added", "gone"])
@pytest.mark.parametrize("way", ["page", "form"])
async def test_what_is_barred_since_the_preview_is_not_sent(tmp_path: Path, way: str, change: str) -> None:
    barred = tmp_path / "barred.txt"
    barred.write_text("+905321999999\n", encoding="ascii")
    ad = {**LARGE, "message_type": "commercial", "text": "İndirim! RET için 3850.", "send_at": "2026-11-24T10:00"}

    def bar() -> None:
        if change == "gone":
            barred.unlink()
            return
        barred.write_text(f"+905321999999\n{LARGE['recipients'][7]}\n", encoding="ascii")

    async def person(_: Any, form: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        bar()
        return mcp_types.ElicitResult(action="accept", content={"send": True, "count": "100"})

    settings = replace(LIVE, do_not_contact=barred)
    (tmp_path / "home").mkdir()
    browser = FakeBrowser(tmp_path / "home")
    options: dict[str, Any] = {"elicitation_callback": person} if way == "form" else {}
    async with hosted(settings, mode="legacy", browser=browser, **options) as host:
        answer = await host.call(SEND_SMS, ad, iys_list="BIREYSEL")
        if way == "page":
            bar()
            await post(browser.links[0], decision="approve", count="100")
            answer = await host.call(SEND_SMS, ad, iys_list="BIREYSEL")
    assert answer["outcome"] == "nothing_done"
    assert "ILETIMERKEZI_DO_NOT_CONTACT" in answer["summary"]
    assert "send-sms" not in host.wire.paths()


async def test_equal_calls_at_once_have_one_page(tmp_path: Path) -> None:
    async with at_a_screen(tmp_path) as (host, browser):
        answers: list[dict[str, Any]] = []

        async def call() -> None:
            answers.append(await host.call(SEND_SMS, LARGE))

        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(call)
        assert len(browser.links) == 1
    assert len({(answer["outcome"], answer["change"]) for answer in answers}) == 1


async def test_no_more_pages_than_a_person_can_look_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.confirmation.approvals.MAX_WAITING", 2)
    async with at_a_screen(tmp_path) as (host, browser):
        for place in range(3):
            answer = await host.call(SEND_SMS, {**LARGE, "text": f"Duyuru {place}"})
        assert "no other is shown" in answer["summary"]
        assert len(browser.links) == 2
        await post(browser.links[0], decision="reject")
        assert (await host.call(SEND_SMS, {**LARGE, "text": "Duyuru 3"}))["outcome"] == "waiting"


@dataclass(eq=False)
class SlowBrowser(FakeBrowser):
    """Returns when it is closed."""

    closed: threading.Event = field(default_factory=threading.Event)

    def open(self, file: Path) -> bool:
        super().open(file)
        self.closed.wait(60)
        return self.opens


@pytest.mark.parametrize("mode", ERAS)
async def test_a_browser_that_fails_and_shows_the_page_all_the_same_is_waited_for(tmp_path: Path, mode: Mode) -> None:
    async with at_a_screen(tmp_path, mode) as (host, browser):
        browser.opens = False
        answers: list[dict[str, Any]] = []

        async def call() -> None:
            answers.append(await host.call(SEND_SMS, LARGE))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call)
            while not browser.links:
                await let_threads_run()
            await get(browser.links[0])
        await post(browser.links[0], decision="approve", count="100")
        told = await host.call(SEND_SMS, LARGE)
    assert (answers[0]["outcome"], told["outcome"]) == ("waiting", "done")
    assert host.wire.paths().count("send-sms") == 1


async def test_a_page_that_was_looked_at_is_open_whatever_the_browser_says(tmp_path: Path) -> None:
    browser = SlowBrowser(tmp_path, opens=False)
    async with hosted(LIVE, browser=browser) as host:
        answers: list[dict[str, Any]] = []

        async def call() -> None:
            answers.append(await host.call(SEND_SMS, LARGE))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(call)
            while not browser.links:
                await let_threads_run()
            await get(browser.links[0])
            browser.closed.set()
    assert answers[0]["outcome"] == "waiting"


async def test_a_call_that_is_cancelled_meanwhile_leaves_nothing_waiting(tmp_path: Path) -> None:
    browser = SlowBrowser(tmp_path)
    async with hosted(LIVE, browser=browser) as host:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.call, SEND_SMS, LARGE)
            while not browser.links:
                await let_threads_run()
            tasks.cancel_scope.cancel()
        browser.closed.set()
        with anyio.fail_after(60):
            while files_in(tmp_path):
                await let_threads_run()
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "waiting"
        assert len(browser.links) == 2


async def test_a_campaign_that_goes_on_is_told_as_far_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.confirmation.confirmation.ANSWER_SECONDS", 0.0)
    (tmp_path / "lists").mkdir()
    write_list(tmp_path / "lists", 120)
    settings = replace(LIVE, files_dir=tmp_path / "lists")
    browser = FakeBrowser(tmp_path)
    async with hosted(settings, browser=browser) as host:
        waiting = await host.call(SEND_LIST, {**CAMPAIGN, "text": "Kapalıyız."})
        accepted = host.wire.waiting["/v1/send-sms/json"] = anyio.Event()
        page = await post(browser.links[0], decision="approve", count="120")
        assert "under way" in page.text
        accepted.set()
        with anyio.fail_after(60):
            while "goes on" in (told := await host.call(GET_REPORT, {"order_id": waiting["change"]}))["summary"]:
                await let_threads_run()
    assert "accepted" in told["summary"]


@asynccontextmanager
async def connection(link: str) -> AsyncIterator[SocketStream]:
    parts = urlsplit(link)
    assert parts.port is not None
    async with await anyio.connect_tcp("127.0.0.1", parts.port) as stream:
        yield stream


def slow_form(link: str) -> bytes:
    """Return a form that approves, without its last byte."""
    parts = urlsplit(link)
    body = "decision=approve&count=100"
    head = [
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"Origin: http://{parts.netloc}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", body[:-1]]).encode()


async def test_connections_that_send_nothing_keep_neither_the_page_nor_its_server_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approval_pages, "RESULT_SECONDS", 0.0)
    async with at_a_screen(tmp_path) as (host, browser), AsyncExitStack() as stack:
        await host.call(SEND_SMS, LARGE)
        (link,) = browser.links
        head = slow_form(link).split(b"\r\n")[0]
        for place in range(approval_pages.MAX_CONNECTIONS + 5):
            idle = await stack.enter_async_context(connection(link))
            await idle.send(head if place % 2 else b"G")
        assert "Approve" in (await get(link)).text
        await post(link, decision="reject")
        with anyio.fail_after(60):
            with suppress(anyio.EndOfStream, anyio.BrokenResourceError):
                await idle.receive()
            while True:
                try:
                    async with connection(link):
                        await let_threads_run()
                except OSError:
                    break
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "declined"
    assert "send-sms" not in host.wire.paths()


async def test_a_form_that_comes_too_slowly_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval_pages, "BODY_SECONDS", 0.0)
    async with at_a_screen(tmp_path) as (host, browser):
        await host.call(SEND_SMS, LARGE)
        (link,) = browser.links
        async with connection(link) as slow:
            await slow.send(slow_form(link))
            assert (await slow.receive()).startswith(b"HTTP/1.1 303 ")
            await slow.send(b"0")
        assert "Approve" in (await get(link)).text
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "waiting"
    assert "send-sms" not in host.wire.paths()


async def test_a_form_that_is_whole_when_its_page_is_gone_decides_nothing(tmp_path: Path) -> None:
    browser = SlowBrowser(tmp_path)
    browser.closed.set()
    async with hosted(LIVE, browser=browser) as host, AsyncExitStack() as stack:
        # The server that pages share stays as long as this one.
        await host.call(SEND_SMS, {**LARGE, "text": "Duyuru"})
        await get(browser.links[0])
        browser.closed.clear()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(host.call, SEND_SMS, LARGE)
            while len(browser.links) < 2:
                await let_threads_run()
            slow = await stack.enter_async_context(connection(browser.links[1]))
            await slow.send(slow_form(browser.links[1]))
            while files_in(tmp_path):
                await let_threads_run()
            tasks.cancel_scope.cancel()
        browser.closed.set()
        while (await get(browser.links[1])).status_code != 404:
            await let_threads_run()
        await slow.send(b"0")
        assert (await slow.receive()).startswith(b"HTTP/1.1 404 ")
        assert (await host.call(SEND_SMS, LARGE))["outcome"] == "waiting"
    assert "send-sms" not in host.wire.paths()


MORE = [f"+90532999{place:04}" for place in range(10)]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_page_is_about_those_who_have_not_had_the_text_at_the_click(tmp_path: Path, mode: Mode) -> None:
    first = {**LARGE, "recipients": LARGE["recipients"][:5]}
    rest = {**LARGE, "recipients": [*LARGE["recipients"], *MORE], "skip_recent": True}
    async with at_a_screen(tmp_path, mode) as (host, browser):
        assert (await host.confirm(SEND_SMS, first))["outcome"] == "done"
        assert (await host.call(SEND_SMS, rest))["outcome"] == "waiting"
        meanwhile = {**LARGE, "recipients": MORE[:2]}
        assert (await host.confirm(SEND_SMS, meanwhile))["outcome"] == "done"
        assert "no longer open" in (await post(browser.links[0], decision="approve", count="105")).text
        assert (await host.call(SEND_SMS, rest))["outcome"] == "declined"
        assert (await host.call(SEND_SMS, rest))["outcome"] == "waiting"
        await post(browser.links[1], decision="approve", count="103")
        told = await host.call(SEND_SMS, rest)
    assert (told["outcome"], told["way"], told["recipients"]) == ("done", "page", 103)
    sends = [body for path, body in host.wire.requests if "send-sms" in path]
    sent = [number for body in sends for number in body["order"]["message"]["receipents"]["number"]]
    assert sorted(sent) == sorted([*LARGE["recipients"], *MORE])
