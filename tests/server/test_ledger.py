"""The place of the ledger on this machine."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from iletimerkezi_mcp.ledger.files import state_folder
from iletimerkezi_mcp.ledger.unavailable import NO_HOME, LedgerUnavailableError
from iletimerkezi_mcp.server.ledger import ledger_folder
from iletimerkezi_mcp.settings import Settings, SettingsError
from tests.hosting import LIVE


def test_the_ledger_is_in_the_state_folder_and_the_sandboxs_with_its_world(tmp_path: Path) -> None:
    assert ledger_folder(replace(LIVE, state_dir=tmp_path)) == tmp_path
    assert ledger_folder(Settings(sandbox=True, state_dir=tmp_path)) == tmp_path / "sandbox"
    assert ledger_folder(Settings(sandbox=True)) is None
    assert ledger_folder(LIVE).name == "iletimerkezi-mcp"  # type: ignore[union-attr]


def test_a_user_without_a_home_folder_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(environment: object, platform: str) -> Path:
        raise LedgerUnavailableError(NO_HOME)

    monkeypatch.setattr("iletimerkezi_mcp.server.ledger.state_folder", homeless)
    with pytest.raises(SettingsError, match="ILETIMERKEZI_STATE_DIR"):
        ledger_folder(LIVE)
    assert state_folder(os.environ, "linux").name == "iletimerkezi-mcp"
