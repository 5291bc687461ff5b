"""The cards on the wire: who is told of them, which tools have one, and the pages themselves."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import mcp.types as mcp_types
import pytest
from mcp import Client
from mcp.client.extension import advertise
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID

from iletimerkezi_mcp.confirmation.caller import Caller
from iletimerkezi_mcp.language import Language
from iletimerkezi_mcp.server import handlers
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.tools.account import GET_BALANCE
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from iletimerkezi_mcp.tools.tool import APPROVAL_CARD, DELIVERY_CARD
from tests.calls import GET_REPORT
from tests.connections import http_client
from tests.e2e.stdio_client import spoken
from tests.hosting import CARDS, ERAS, LIVE, Mode, hosted
from tests.tools.examples import CHANGES, EXAMPLES, READS
from tests.transports.served import ACCEPT, HANDSHAKE, answer_in, bearer, served

OTHER_TYPE = {"extensions": [advertise(EXTENSION_ID, {"mimeTypes": ["text/html"]})]}


@asynccontextmanager
async def listed(settings: Settings = LIVE, **options: Any) -> AsyncIterator[dict[str, dict[str, Any] | None]]:
    """Give the `_meta` of each tool that is listed."""
    async with Client(build_server(settings), **options) as client:
        yield {tool.name: tool.meta for tool in (await client.list_tools()).tools}


@pytest.mark.parametrize("mode", ERAS)
async def test_the_sdk_s_client_is_told_of_the_extension(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        assert host.client.server_capabilities is not None
        told = host.client.server_capabilities.extensions
    assert told == {EXTENSION_ID: {}}


@pytest.mark.parametrize("version", ["2025-06-18", "2025-11-25"])
async def test_the_handshake_itself_announces_the_extension_over_http(version: str) -> None:
    async with served() as at, http_client() as http:
        request = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {**HANDSHAKE, "protocolVersion": version},
        }
        response = await http.post(at.address, json=request, headers={**ACCEPT, **bearer()})
    result = answer_in(response, 1)["result"]
    assert result["protocolVersion"] == version
    assert result["capabilities"]["extensions"] == {EXTENSION_ID: {}}


async def test_the_handshake_itself_announces_the_extension_over_stdio() -> None:
    async with spoken("auto", "--sandbox") as wire:
        await wire.begin("initialize", HANDSHAKE)
        assert (await wire.next())["result"]["capabilities"]["extensions"] == {EXTENSION_ID: {}}


@pytest.mark.parametrize(("mode", "options"), [("legacy", CARDS), ("auto", CARDS), ("auto", {})])
async def test_the_tools_name_their_cards(mode: Mode, options: dict[str, Any]) -> None:
    async with listed(mode=mode, **options) as metas:
        assert metas.pop(CARD_ANSWER.name) == {"ui": {"visibility": ["app"]}}
        assert {name for name, meta in metas.items() if meta == {"ui": {"resourceUri": APPROVAL_CARD}}} == set(CHANGES)
        assert metas[GET_REPORT] == {"ui": {"resourceUri": DELIVERY_CARD}}
        assert [name for name in READS if metas[name]] == [GET_REPORT]


@pytest.mark.parametrize("options", [{}, OTHER_TYPE], ids=["nothing", "another type"])
async def test_a_host_of_the_earlier_era_without_cards_sees_the_list_as_before(options: dict[str, Any]) -> None:
    async with Client(build_server(LIVE), mode="legacy", **options) as client:
        tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == list(EXAMPLES)
    assert "ui://" not in "".join(tool.model_dump_json(by_alias=True) for tool in tools)


async def test_the_list_of_a_folder_s_campaigns_has_its_card_too() -> None:
    [campaigns] = [tool for tool in LIST_TOOLS if tool.name == "get_campaigns"]
    assert campaigns.card == DELIVERY_CARD


@pytest.mark.parametrize("ways", ["code", "form,page"])
async def test_changes_have_no_card_where_none_may_confirm_them(ways: str) -> None:
    async with listed(replace(LIVE, confirm=ways)) as metas:
        assert {name for name, meta in metas.items() if meta} == {GET_REPORT}


async def test_where_nothing_may_be_changed_no_tool_is_for_a_card_alone() -> None:
    async with listed(replace(LIVE, read_only=True)) as metas:
        assert {name for name, meta in metas.items() if meta} == {GET_REPORT}


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(("options", "shows"), [(CARDS, True), ({}, False), (OTHER_TYPE, False)])
async def test_a_call_says_if_its_host_shows_cards(
    mode: Mode, options: dict[str, Any], shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers = overheard(monkeypatch)
    async with hosted(mode=mode, **options) as host:
        await host.call(GET_BALANCE.name)
    assert [caller.shows_cards for caller in callers] == [shows]


def overheard(monkeypatch: pytest.MonkeyPatch) -> list[Caller]:
    """Return the list to which every caller of a tool is added."""
    callers: list[Caller] = []

    def record(*given: Any, **more: Any) -> Caller:
        callers.append(Caller(*given, **more))
        return callers[-1]

    monkeypatch.setattr(handlers, "Caller", record)
    return callers


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("language", ["en", "tr"])
@pytest.mark.parametrize("uri", [APPROVAL_CARD, DELIVERY_CARD])
async def test_a_card_is_one_small_page_that_asks_nothing_of_anywhere(mode: Mode, language: Language, uri: str) -> None:
    async with hosted(replace(LIVE, language=language), mode=mode) as host:
        [page] = (await host.client.read_resource(uri)).contents
        assert uri not in {resource.uri for resource in (await host.client.list_resources()).resources}
    assert isinstance(page, mcp_types.TextResourceContents)
    assert (page.uri, page.mime_type) == (uri, APP_MIME_TYPE)
    assert page.meta == {"ui": {"csp": {"connectDomains": [], "resourceDomains": []}, "prefersBorder": True}}
    assert len(page.text.encode()) < 60_000
    assert f'<html lang="{language}">' in page.text
    assert not re.search(r"https?:|//[a-z]+\.|\bsrc=|\bhref=|@import|url\(|\bfetch\b|XMLHttpRequest|eval\(", page.text)
    assert not re.search(r"\{[a-z_]+\}", page.text.partition("<style>")[0])


@pytest.mark.parametrize("uri", [APPROVAL_CARD, DELIVERY_CARD])
async def test_the_words_of_a_card_are_of_its_language_and_every_word_that_its_script_says_is_there(uri: str) -> None:
    words: dict[Language, dict[str, Any]] = {}
    scripts = set()
    for language in ("en", "tr"):
        async with hosted(replace(LIVE, language=language)) as host:
            [page] = (await host.client.read_resource(uri)).contents
        assert isinstance(page, mcp_types.TextResourceContents)
        found = re.search(r'<script type="application/json" id="words">(.*?)</script>', page.text)
        assert found is not None
        words[language] = json.loads(found[1])
        scripts.add(page.text.partition("</noscript>")[2].partition("<script>")[2])
    [script] = scripts
    assert words["en"].keys() == words["tr"].keys()
    said = set(re.findall(r"\bwords\.(\w+)", script)) | set(re.findall(r'\bsay\("(\w+)"', script))
    assert said <= words["en"].keys()
    for name, text in words["en"].items():
        if isinstance(text, str):
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", words["tr"][name])), name
