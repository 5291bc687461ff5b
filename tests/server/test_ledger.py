"""The place of the ledger on this machine."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from mcp import Client

from iletimerkezi_mcp.ledger.files import state_folder
from iletimerkezi_mcp.ledger.unavailable import NO_HOME, LedgerUnavailableError
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.server.ledger import ledger_account, ledger_folder
from iletimerkezi_mcp.settings import Settings, SettingsError
from tests.calls import GET_BALANCE, GET_REPORTS
from tests.hosting import ERAS, LIVE, ManualClock, Mode, Wire
from tests.sandbox.response_variants import DOCUMENTED, VaryingProvider


def test_the_ledger_is_in_the_state_folder_and_the_sandboxs_with_its_world(tmp_path: Path) -> None:
    assert ledger_folder(replace(LIVE, state_dir=tmp_path)) == tmp_path
    assert ledger_folder(Settings(sandbox=True, state_dir=tmp_path)) == tmp_path / "sandbox"
    assert ledger_folder(Settings(sandbox=True)) is None
    assert ledger_folder(LIVE).name == "iletimerkezi-mcp"  # type: ignore[union-attr]


def test_each_spelling_of_an_address_is_one_account() -> None:
    here = [replace(LIVE, api_url=f"http://{name}:8080") for name in ("localhost", "127.0.0.1", "[::1]", "127.0.0.2")]
    assert len({ledger_account(settings) for settings in here}) == 1
    there = [replace(LIVE, api_url=url) for url in ("https://api.example", "https://api.example:443")]
    assert len({ledger_account(settings) for settings in there}) == 1
    others = [
        replace(LIVE, api_url=url) for url in ("http://localhost:8081", "http://api.example", "https://api.example:80")
    ]
    assert len({ledger_account(settings) for settings in (*here, *there, *others)}) == 5


def test_a_user_without_a_home_folder_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(environment: object, platform: str) -> Path:
        raise LedgerUnavailableError(NO_HOME)

    monkeypatch.setattr("iletimerkezi_mcp.server.ledger.state_folder", homeless)
    with pytest.raises(SettingsError, match="ILETIMERKEZI_STATE_DIR"):
        ledger_folder(LIVE)
    assert ledger_folder(replace(LIVE, read_only=True)) is None
    assert state_folder(os.environ, "linux").name == "iletimerkezi-mcp"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_server_that_changes_nothing_needs_no_home_folder(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(environment: object, platform: str) -> Path:
        raise LedgerUnavailableError(NO_HOME)

    monkeypatch.setattr("iletimerkezi_mcp.server.ledger.state_folder", homeless)
    with SandboxDatabase(clock=ManualClock()) as database:
        wire = Wire(VaryingProvider(database, None, DOCUMENTED))
        server = build_server(replace(LIVE, read_only=True), clock=ManualClock(), transport=lambda: wire)
        async with Client(server, mode=mode) as client:
            for tool in (GET_BALANCE, GET_REPORTS):
                result = await client.call_tool(tool, {})
                assert result.structured_content is not None
                assert result.structured_content["outcome"] == "ok"
