"""Building the server from settings."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from mcp import Client

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.ledger import folder
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError, no_home
from iletimerkezi_mcp.server.build import build_server, ledger_folder
from iletimerkezi_mcp.settings import Settings, SettingsError
from tests.hosting import ERAS, LIVE, Mode


@pytest.mark.parametrize("mode", ERAS)
async def test_it_says_who_it_is_and_lists_its_tools_without_credentials(mode: Mode) -> None:
    async with Client(build_server(Settings()), mode=mode) as client:
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.version) == ("iletimerkezi-mcp", __version__)
        assert len((await client.list_tools()).tools) == 11


def test_the_ledger_is_in_the_state_folder_and_the_sandboxs_with_its_world(tmp_path: Path) -> None:
    assert ledger_folder(replace(LIVE, state_dir=tmp_path)) == tmp_path
    assert ledger_folder(Settings(sandbox=True, state_dir=tmp_path)) == tmp_path / "sandbox"
    assert ledger_folder(Settings(sandbox=True)) is None
    assert ledger_folder(LIVE).name == "iletimerkezi-mcp"  # type: ignore[union-attr]


def test_a_user_without_a_home_folder_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(environment: object, platform: str) -> Path:
        raise LedgerUnavailableError(no_home())

    monkeypatch.setattr("iletimerkezi_mcp.server.build.state_folder", homeless)
    with pytest.raises(SettingsError, match="ILETIMERKEZI_STATE_DIR"):
        build_server(LIVE)
    assert folder.state_folder(os.environ, "linux").name == "iletimerkezi-mcp"


async def test_in_the_sandbox_its_world_is_opened_and_closed_with_it(tmp_path: Path) -> None:
    for _ in range(2):
        async with Client(build_server(Settings(sandbox=True, state_dir=tmp_path))) as client:
            result = await client.call_tool("get_balance", {})
        assert result.structured_content is not None
        assert result.structured_content["sms"] == 1000
    assert (tmp_path / "sandbox" / "world.sqlite3").exists()
