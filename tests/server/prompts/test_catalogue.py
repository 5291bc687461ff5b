"""The prompts that are offered."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import mcp.types as mcp_types
import pytest

from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.settings import Settings
from tests.calls import GET_REPORT, SEND_SMS
from tests.hosting import ERAS, LIVE, Mode, hosted
from tests.server.prompts.asked import refused, text_of

NAMES = ["send_campaign", "delivery_review", "account_check", "consent_import"]
FILLED = {"send_campaign": {"idea": "Botlarda %20 indirim"}}


@pytest.mark.parametrize("mode", ERAS)
async def test_every_prompt_is_listed_titled_and_described_with_its_arguments(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        prompts = (await host.client.list_prompts()).prompts
    assert [prompt.name for prompt in prompts] == NAMES
    assert all(prompt.title and prompt.description for prompt in prompts)
    assert {
        prompt.name: [(argument.name, argument.required) for argument in prompt.arguments or []] for prompt in prompts
    } == {
        "send_campaign": [("idea", True), ("recipients", False), ("sender", False), ("language", False)],
        "delivery_review": [("order_id", False), ("days", False), ("language", False)],
        "account_check": [("language", False)],
        "consent_import": [("records", False), ("language", False)],
    }
    assert all(argument.description for prompt in prompts for argument in prompt.arguments or [])
    assert [prompt.name for prompt in prompts if (prompt.description or "").endswith(" Needs: idea.")] == [
        "send_campaign"
    ]


async def test_titles_are_in_the_operators_language_and_the_list_is_private() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        result = await host.client.list_prompts()
    assert [prompt.title for prompt in result.prompts] == [
        "Mesaj gönder",
        "Teslimatları incele",
        "Hesabı denetle",
        "İYS izinlerini bildir",
    ]
    assert (result.ttl_ms, result.cache_scope) == (3_600_000, "private")


@pytest.mark.parametrize(
    ("settings", "offered"),
    [
        (replace(LIVE, read_only=True), ["delivery_review", "account_check"]),
        (replace(LIVE, tools=(SEND_SMS, GET_REPORT)), ["send_campaign"]),
    ],
)
async def test_a_prompt_is_offered_where_its_tools_are(settings: Settings, offered: list[str]) -> None:
    async with hosted(settings) as host:
        assert [prompt.name for prompt in (await host.client.list_prompts()).prompts] == offered
        message = await refused(host, "consent_import")
    assert message == f"There is no prompt of this name. The prompts are: {', '.join(offered)}."


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("name", NAMES)
async def test_both_languages_name_the_same_tools_and_a_person_decides_in_each(mode: Mode, name: str) -> None:
    async with hosted(mode=mode) as host:
        english = await text_of(host, name, **FILLED.get(name, {}))
        turkish = await text_of(host, name, **FILLED.get(name, {}), language="tr")
    tools = [sorted({tool for tool in OPERATIONS if re.search(rf"\b{tool}\b", text)}) for text in (english, turkish)]
    assert tools[0] == tools[1] != []
    assert "I decide" in english
    assert "ben karar veririm" in turkish
    assert max(len(english), len(turkish)) < 2_500


async def test_the_argument_overrides_the_operators_language() -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        assert (await text_of(host, "account_check")).startswith("Bu hesaptan")
        assert (await text_of(host, "account_check", language="en")).startswith("Check whether")
        assert (await text_of(host, "account_check", language=" ")).startswith("Bu hesaptan")


async def test_the_policy_goes_with_the_check_of_the_account() -> None:
    async with hosted() as host:
        result = await host.client.get_prompt("account_check")
        content = result.messages[1].content
    assert isinstance(content, mcp_types.EmbeddedResource)
    assert isinstance(content.resource, mcp_types.TextResourceContents)
    assert content.resource.uri == "iletimerkezi://policy"
    assert json.loads(content.resource.text)["mode"] == "live"


@pytest.mark.parametrize("mode", ERAS)
async def test_what_is_wrong_with_an_argument_is_named(mode: Mode) -> None:
    campaign = "The arguments of send_campaign are: idea (required), recipients, sender, language."
    async with hosted(mode=mode) as host:
        assert await refused(host, "send_campaign") == f"idea is required. {campaign}"
        assert await refused(host, "send_campaign", idea="  ") == f"idea is required. {campaign}"
        message = await refused(host, "send_campaign", idea="x", audience="all")
        assert message == f"audience is not an argument of send_campaign. {campaign}"
        assert host.wire.requests == []


async def test_a_key_that_is_pasted_does_not_come_back() -> None:
    async with hosted() as host:
        text = await text_of(host, "send_campaign", idea=f"my key is {LIVE.secrets[0]}")
    assert LIVE.secrets[0] not in text
    async with hosted(replace(LIVE, mask_numbers=True)) as host:
        for argument in (f"{'x' * 55}{LIVE.secrets[0]}", f"{'x' * 45}{LIVE.secrets[0]}"):
            assert "live" not in await refused(host, "send_campaign", idea="x", **{argument: "1"})
        assert "live" not in await refused(host, "send_campaign", idea="x", sender=f"{'x' * 35}{LIVE.secrets[0]}")
