"""A person's click on a page: a real server on stdio whose host has no forms, and a real browser."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import httpx
import pytest

from tests.calls import GET_REPORT, SEND_LIST, SEND_SMS
from tests.connections import http_client
from tests.e2e.card_host import needs_chromium
from tests.e2e.desk import desk, given_to, look, screen
from tests.hosting import ERAS, Mode
from tests.node.tools import needs_node_tools

from . import killed
from .stdio_client import spoken
from .upstream import Stage, upstream

LARGE = {
    "recipients": [f"+90532000{place:04}" for place in range(120)],
    "text": "Mağazamız yarın kapalı.\nİyi günler dileriz.",
    "message_type": "transactional",
}

posix = pytest.mark.skipif(shutil.which("sh") is None, reason="the browser is a shell script")


async def press(link: str, decision: str, **fields: str) -> httpx.Response:
    origin = "http://" + urlsplit(link).netloc
    async with http_client() as http:
        return await http.post(
            link, data={"decision": decision, **fields}, headers={"Origin": origin}, follow_redirects=True
        )


@posix
@pytest.mark.parametrize("mode", ERAS)
async def test_4800_recipients_go_out_with_a_click_and_with_nothing_else(tmp_path: Path, mode: Mode) -> None:
    lists = anyio.Path(tmp_path / "lists")
    await lists.mkdir()
    rows = [f"Müşteri {place};0532 000 {place // 100:02} {place % 100:02}" for place in range(4_800)]
    await (lists / "liste.csv").write_text("\n".join(["Ad Soyad;Telefon", *rows]), encoding="utf-8")
    campaign = {"file": "liste.csv", "text": "Sayın {Ad Soyad}, siparişiniz hazır.", "message_type": "transactional"}
    secret = "k" * 20
    async with desk(tmp_path, mode, "--files-dir", str(lists), ILETIMERKEZI_API_KEY=secret) as at:
        waiting = await at.call(SEND_LIST, **campaign)
        link = await at.link()
        for confirm in (waiting["change"], urlsplit(link).path[1:], "ABCDEFGHJKLM"):
            again = await at.call(SEND_LIST, **campaign, confirm=confirm)
            assert (again["outcome"], again["change"]) == ("waiting", waiting["change"])
        async with http_client() as http:
            assert "Müşteri 0" in (await http.get(link)).text
        assert "Müşteri 0" not in json.dumps(waiting, ensure_ascii=False)
        await press(link, "approve", count="4.800")
        told = await at.call(SEND_LIST, **campaign)
    assert (told["outcome"], told["way"], told["recipients"]) == ("done", "page", 4_800)
    inherited = await anyio.Path(tmp_path / "environment").read_text()
    assert "DISPLAY" in inherited
    assert secret not in inherited


@needs_node_tools
@needs_chromium
@pytest.mark.parametrize(
    ("language", "width", "theme", "script"),
    [("en", 1200, "light", True), ("tr", 360, "dark", True), ("tr", 1200, "light", False), ("en", 360, "dark", False)],
)
async def test_a_real_browser_shows_it_and_a_click_approves(
    tmp_path: Path, language: str, width: int, theme: str, script: bool
) -> None:
    async with desk(tmp_path, "auto", "--lang", language) as at:
        waiting = await at.call(SEND_SMS, **LARGE)
        link = await at.link()
        looked = await look(tmp_path, link, width=width, theme=theme, script=script, count="120", press="approve")
        told = await at.call(GET_REPORT, order_id=waiting["change"])
    assert looked["problems"] == []
    assert looked.get("violations", []) == []
    assert not looked["wide"]
    assert {urlsplit(request).netloc for request in looked["requests"]} == {urlsplit(link).netloc}
    assert "İyi günler dileriz." in looked["text"]
    assert ("Reddet" if language == "tr" else "Reject") in looked["text"]
    assert looked["address"] == link
    assert told["order_id"] in looked["after"]


@needs_node_tools
@needs_chromium
async def test_a_real_browser_shows_it_in_no_frame(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.call(SEND_SMS, **LARGE)
        looked = await look(tmp_path, await at.link(), width=800, theme="light", script=True, frame=True)
        assert "Mağazamız" not in looked["framed"]
        assert (await at.call(SEND_SMS, **LARGE))["outcome"] == "waiting"


@killed.posix
@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("stage", ["arrived", "ordered", "answered"])
async def test_a_server_that_is_killed_at_the_click_sends_nothing_twice(
    tmp_path: Path, mode: Mode, stage: Stage
) -> None:
    async with upstream(stop_at=stage) as up, anyio.create_task_group() as tasks:
        settings = {**killed.variables(tmp_path / "state", up.origin), **await screen(tmp_path)}
        async with spoken(mode, **settings) as doomed:
            assert (await doomed.call(SEND_SMS, LARGE))["outcome"] == "waiting"
            link = await given_to(tmp_path)

            async def click() -> None:
                with suppress(httpx.TransportError):
                    await press(link, "approve", count="120")

            tasks.start_soon(click)
            await up.reached[stage].wait()
            doomed.process.kill()
            await doomed.process.wait()
        up.released.set()
        with pytest.raises(httpx.ConnectError):
            await press(link, "approve", count="120")
        async with spoken(mode, **settings) as fresh:
            same = await fresh.call(SEND_SMS, LARGE)
            with pytest.raises(httpx.ConnectError):
                await press(link, "approve", count="120")
        tasks.cancel_scope.cancel()
    assert same["outcome"] == "held_back"
    assert stage == "answered" or "has been under way since" in same["summary"]
    assert [each.operation for each in up.changes] == ["send-sms"]


@killed.posix
async def test_a_page_whose_server_was_killed_before_the_click_has_done_nothing(tmp_path: Path) -> None:
    async with upstream() as up:
        settings = {**killed.variables(tmp_path / "state", up.origin), **await screen(tmp_path)}
        async with spoken("auto", **settings) as doomed:
            waiting = await doomed.call(SEND_SMS, LARGE)
            link = await given_to(tmp_path)
            doomed.process.kill()
            await doomed.process.wait()
        with pytest.raises(httpx.ConnectError):
            await press(link, "approve", count="120")
        async with spoken("auto", **settings) as fresh:
            unknown = await fresh.call(GET_REPORT, {"order_id": waiting["change"]})
            assert "no change of this number" in unknown["summary"]
            assert (await fresh.call(SEND_SMS, LARGE))["outcome"] == "waiting"
            assert up.changes == []
            await press(await given_to(tmp_path), "approve", count="120")
            assert (await fresh.call(SEND_SMS, LARGE))["outcome"] == "done"
    assert len(up.changes) == 1
