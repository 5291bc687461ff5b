"""The fixtures go through the product's own construction, beside what the product offers."""

from __future__ import annotations

import mcp.types as mcp_types
import pytest
from mcp import Client, MCPError

from iletimerkezi_mcp.settings import Settings
from tests.calls import GET_BALANCE, SEND_SMS
from tests.hosting import ERAS, Mode, text_of

from .fixtures import build_with_fixtures


@pytest.mark.parametrize("mode", ERAS)
async def test_what_is_added_is_served_beside_what_the_product_offers(mode: Mode) -> None:
    async with Client(build_with_fixtures(Settings(sandbox=True)), mode=mode) as client:
        names = [tool.name for tool in (await client.list_tools()).tools]
        assert {SEND_SMS, "test_simple_text"} < set(names)
        assert text_of(await client.call_tool("test_simple_text", {})) == "This is a simple text response for testing."
        balance = await client.call_tool(GET_BALANCE, {})
        assert not balance.is_error
        [read] = (await client.read_resource("test://static-text")).contents
        assert isinstance(read, mcp_types.TextResourceContents)
        assert read.text == "This is the content of the static text resource."
        written = await client.get_prompt("test_prompt_with_arguments", {"arg1": "a", "arg2": "b"})
        assert isinstance(written.messages[0].content, mcp_types.TextContent)


async def test_the_registry_refuses_an_argument_that_a_fixture_does_not_know() -> None:
    async with Client(build_with_fixtures(Settings(sandbox=True))) as client:
        refused = await client.call_tool("test_simple_text", {"more": 1})
        assert refused.is_error
        assert "more" in text_of(refused)
        with pytest.raises(MCPError, match="no tool of this name"):
            await client.call_tool("test_of_nothing", {})


async def test_the_operator_leaves_out_any_tool() -> None:
    settings = Settings(sandbox=True, tools=(GET_BALANCE, "test_simple_text"))
    async with Client(build_with_fixtures(settings)) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == [GET_BALANCE, "test_simple_text"]
