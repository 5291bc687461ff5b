"""How a change is confirmed from one client: what the policy and `dry_run` say of it, and what then happens."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import mcp.types as mcp_types
import pytest

from iletimerkezi_mcp.server.resources.catalogue import POLICY
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.settings.ways import ConfirmWay
from iletimerkezi_mcp.tools.answers import CARD_META
from tests.calls import SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import CARDS, ERAS, LIVE, Mode, hosted
from tests.server.browsing import FakeBrowser
from tests.server.resources.reads import read
from tests.transports.served import TRANSPORTS, Transport, served

from .cards import LARGE
from .scenes import Person

WORDS: dict[ConfirmWay, str] = {
    "form": "in a form",
    "card": "on a card in the chat",
    "page": "on a page in the browser of the machine that this server runs on",
    "code": "with the code of its preview",
}


def _expected(confirm: str, form: bool, cards: bool, screen: bool) -> tuple[list[ConfirmWay], list[ConfirmWay]]:
    """Return the ways below the threshold and from it on, worked out anew from the operator's documentation."""
    words = {"auto": "form,card,page,code", "human": "form,card,page"}.get(confirm, confirm).split(",")
    if words == ["code"]:
        return ["code"], ["code"]
    if "form" in words and form:
        return ["form"], ["form"]
    large: list[ConfirmWay] = []
    if "card" in words and cards:
        large = ["card"]
    elif "page" in words and screen:
        large = ["page"]
    if "code" not in words:
        return large, large
    return (["card", "code"] if large == ["card"] else ["code"]), large


def _happened(result: mcp_types.CallToolResult, person: Person, browser: FakeBrowser) -> list[ConfirmWay]:
    """Return the ways to which a call led."""
    answer = result.structured_content or {}
    if person.numbers:
        return ["form"]
    ways: dict[ConfirmWay, bool] = {
        "card": "code" in (result.meta or {}).get(CARD_META, {}),
        "page": bool(browser.links),
        "code": "confirm" in answer,
    }
    return [way for way, led_there in ways.items() if led_there]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("screen", [True, False])
@pytest.mark.parametrize("cards", [True, False])
@pytest.mark.parametrize("form", [True, False])
async def test_what_is_said_of_this_client_is_what_happens(
    mode: Mode, form: bool, cards: bool, screen: bool, tmp_path: Path
) -> None:
    for confirm in ("auto", "human", "code", "form", "card", "page", "form,page", "card,code", "page,code"):
        below, above = _expected(confirm, form, cards, screen)
        for arguments, expected in ((SEND, below), (LARGE, above)):
            person, browser = Person(), FakeBrowser(tmp_path)
            async with hosted(
                replace(LIVE, confirm=confirm),
                mode=mode,
                browser=browser if screen else None,
                elicitation_callback=person if form else None,
                **(CARDS if cards else {}),
            ) as host:
                said = (await read(host, POLICY))["confirmation"]["this_client"]
                looked = (await host.call(SEND_SMS, arguments, dry_run=True))["summary"]
                assert person.numbers == browser.links == []
                result = await host.client.call_tool(SEND_SMS, arguments)
            assert (said["below_threshold"], said["from_threshold"]) == (below, above)
            assert _happened(result, person, browser) == expected
            for way, words in WORDS.items():
                assert (words in said["summary"]) == (way in below + above)
                assert (words in looked) == (way in expected) or not expected
            if not expected:
                refusal = (result.structured_content or {})["summary"].removeprefix("Nothing was done. ")
                assert looked.endswith(f"It could not be confirmed here now. {refusal}")
                assert ("{number} or more" in said["summary"].replace("100", "{number}")) == bool(below)


@pytest.mark.parametrize(
    ("confirm", "summary", "looked"),
    [
        (
            "auto",
            (
                "Bu istemcinin bildirdiğine göre ondan gelen bir değişiklik sohbetteki kartta ya da önizlemesinin koduyla onaylanır; bir "
                "saatte toplam 100 ve üzeri alıcı ya da izin kaydında ise sohbetteki kartta."
            ),
            "Aynı çağrı dry_run olmadan kullanıcının onayını ister; onay sohbetteki kartta ya da önizlemesinin koduyla verilir.",
        ),
        (
            "page",
            (
                "Bu istemcinin bildirdiğine göre ondan gelen her değişiklik bu sunucunun çalıştığı makinenin tarayıcısında açılan "
                "sayfada onaylanır."
            ),
            (
                "Aynı çağrı dry_run olmadan kullanıcının onayını ister; onay bu sunucunun çalıştığı makinenin tarayıcısında açılan "
                "sayfada verilir."
            ),
        ),
    ],
)
async def test_it_is_said_in_turkish(confirm: str, summary: str, looked: str, tmp_path: Path) -> None:
    settings = replace(LIVE, language="tr", confirm=confirm)
    async with hosted(settings, browser=FakeBrowser(tmp_path), **CARDS) as host:
        assert (await read(host, POLICY))["confirmation"]["this_client"]["summary"] == summary
        assert (await host.call(SEND_SMS, SEND, dry_run=True))["summary"].endswith(looked)


async def test_a_person_at_a_terminal_is_not_told_what_they_will_see_next() -> None:
    async with hosted(replace(LIVE, audience="person"), elicitation_callback=Person()) as host:
        assert (await host.call(SEND_SMS, SEND, dry_run=True))["summary"] == "Only a preview: nothing was done."


async def test_a_host_that_refuses_the_form_it_promised_gets_the_next_way(tmp_path: Path) -> None:
    async def no_form(_: Any, __: Any) -> mcp_types.ErrorData:
        return mcp_types.ErrorData(code=mcp_types.METHOD_NOT_FOUND, message="no")

    browser = FakeBrowser(tmp_path)
    async with hosted(mode="legacy", browser=browser, elicitation_callback=no_form) as host:
        small, large = await host.call(SEND_SMS, SEND), await host.call(SEND_SMS, LARGE)
    assert (small["outcome"], large["outcome"], len(browser.links)) == ("preview", "waiting", 1)


@pytest.mark.parametrize("settings", [replace(LIVE, read_only=True), replace(LIVE, type_count_from=1)])
async def test_nothing_can_be_confirmed_by_codes_that_may_confirm_nothing(settings: Settings) -> None:
    async with hosted(settings) as host:
        said = (await read(host, POLICY))["confirmation"]["this_client"]
    assert said == {
        "below_threshold": [],
        "from_threshold": [],
        "summary": "By what this host has declared, nothing from it can be confirmed.",
    }


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_each_client_of_one_server_is_told_of_itself(transport: Transport, mode: Mode) -> None:
    hosts: list[tuple[dict[str, Any], list[str]]] = [
        ({}, []),
        ({"elicitation_callback": Person()}, ["form"]),
        (CARDS, ["card"]),
        ({}, []),
    ]
    async with served(transport) as server:
        for options, ways in hosts:
            async with server.client(mode, **options) as client:
                (content,) = (await client.read_resource(POLICY)).contents
                embedded = (await client.get_prompt("account_check")).messages[-1].content
            assert isinstance(content, mcp_types.TextResourceContents)
            assert isinstance(embedded, mcp_types.EmbeddedResource)
            assert isinstance(embedded.resource, mcp_types.TextResourceContents)
            for text in (content.text, embedded.resource.text):
                assert json.loads(text)["confirmation"]["this_client"]["from_threshold"] == ways


async def test_without_sessions_a_host_of_2025_has_declared_nothing() -> None:
    async with served(stateless=True) as server, server.client("legacy", elicitation_callback=Person()) as client:
        (content,) = (await client.read_resource(POLICY)).contents
    assert isinstance(content, mcp_types.TextResourceContents)
    assert json.loads(content.text)["confirmation"]["this_client"]["below_threshold"] == ["code"]
