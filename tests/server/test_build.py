"""Building the server from settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from mcp import Client

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import Settings
from tests.calls import GET_BALANCE
from tests.hosting import ERAS, Mode
from tests.tools.examples import listed


@pytest.mark.parametrize("mode", ERAS)
async def test_it_says_who_it_is_and_lists_its_tools_without_credentials(mode: Mode) -> None:
    async with Client(build_server(Settings()), mode=mode) as client:
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.version) == ("iletimerkezi-mcp", __version__)
        assert [tool.name for tool in (await client.list_tools()).tools] == listed(mode)


async def test_in_the_sandbox_its_world_is_opened_and_closed_with_it(tmp_path: Path) -> None:
    for _ in range(2):
        async with Client(build_server(Settings(sandbox=True, state_dir=tmp_path))) as client:
            result = await client.call_tool(GET_BALANCE, {})
        assert result.structured_content is not None
        assert result.structured_content["sms"] == 100_000
    assert (tmp_path / "sandbox" / "world.sqlite3").exists()
