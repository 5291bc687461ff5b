"""The prompts as they are where lists are read from files, too."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from iletimerkezi_mcp.server.prompts.list_jobs import CAMPAIGN_FROM_LIST, LIST_PROMPTS
from iletimerkezi_mcp.server.prompts.prompt import Prompt
from iletimerkezi_mcp.tools.catalogue import TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from tests.calls import IYS_REGISTER, REGISTER_LIST
from tests.hosting import ERAS, LIVE, MONDAY, Mode, hosted
from tests.server.prompts.asked import text_of

NAMES = [tool.name for tool in (*TOOLS, *LIST_TOOLS)]


@pytest.mark.parametrize("mode", ERAS)
async def test_an_import_leads_through_the_list_where_its_tools_are_offered(mode: Mode, tmp_path: Path) -> None:
    async with hosted(replace(LIVE, files_dir=tmp_path), mode=mode) as host:
        prompts = (await host.client.list_prompts()).prompts
        text = await text_of(host, "consent_import", records="izinler.xlsx")
        turkish = await text_of(host, "consent_import", language="tr")
        campaign = await text_of(host, "send_campaign", idea="20% off")
    assert "In steps 4 and 5 call send_list" in campaign
    assert [prompt.name for prompt in prompts] == [
        "send_campaign",
        "delivery_review",
        "account_check",
        "consent_import",
    ]
    assert text.startswith("Help me declare consents to İYS.\nWhat I have: “izinler.xlsx”\n\nThis is a legal statement")
    assert "In steps 4 and 5 call register_list" in text
    assert "older than 3 working days" in text
    assert "bütün satırlar için bir kez register_list çağır" in turkish


async def test_without_a_tool_of_lists_the_records_are_typed(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, files_dir=tmp_path, tools=(IYS_REGISTER, REGISTER_LIST))) as host:
        text = await text_of(host, "consent_import")
    assert "4. Call iys_register" in text
    assert REGISTER_LIST not in text


@pytest.mark.parametrize("prompt", LIST_PROMPTS, ids=lambda prompt: prompt.name)
def test_both_languages_name_the_same_tools_and_a_person_decides_in_each(prompt: Prompt) -> None:
    text = prompt.write({"idea": "Botlarda %20 indirim"}, MONDAY)
    tools = [sorted({tool for tool in NAMES if re.search(rf"\b{tool}\b", words)}) for words in (text.en, text.tr)]
    assert tools[0] == tools[1] != []
    assert "I decide" in text.en
    assert "ben karar veririm" in text.tr
    assert max(len(text.en), len(text.tr)) < 2_500


def test_a_campaign_begins_with_what_the_person_has_in_mind() -> None:
    text = CAMPAIGN_FROM_LIST.write({"idea": "20% off", "recipients": "musteriler.xlsx"}, MONDAY)
    assert text.en.startswith(
        "Help me send an SMS. What I have in mind: “20% off”\nIt goes to: “musteriler.xlsx”\n\nGo step"
    )
    assert "A column goes into the text as {Column name}" in text.en
    assert "süslü" not in text.tr
