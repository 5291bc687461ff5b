from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from iletimerkezi_mcp.ledger.folder import state_folder
from iletimerkezi_mcp.ledger.unavailable import LedgerUnavailableError


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"HOME": "/home/ayse"}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("linux", {"HOME": "/home/ayse", "XDG_STATE_HOME": "/state"}, Path("/state/iletimerkezi-mcp")),
        ("linux", {"HOME": "/home/ayse", "XDG_STATE_HOME": "state"}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("linux", {"HOME": "/home/ayse", "XDG_STATE_HOME": ""}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("freebsd14", {"HOME": "/home/ayse"}, Path("/home/ayse/.local/state/iletimerkezi-mcp")),
        ("darwin", {"HOME": "/Users/ayse"}, Path("/Users/ayse/Library/Application Support/iletimerkezi-mcp")),
        ("win32", {"LOCALAPPDATA": "C:/Users/a/AppData/Local"}, Path("C:/Users/a/AppData/Local/iletimerkezi-mcp")),
        ("win32", {"USERPROFILE": "C:/Users/a"}, Path("C:/Users/a/AppData/Local/iletimerkezi-mcp")),
    ],
)
def test_each_platform_has_its_own_place_for_state(platform: str, environment: dict[str, str], expected: Path) -> None:
    assert state_folder(environment, platform) == expected


def test_a_home_that_the_environment_does_not_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/found"))
    assert state_folder({"HOME": ""}, "linux") == Path("/found/.local/state/iletimerkezi-mcp")


def test_a_user_without_a_home_is_told_to_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> NoReturn:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(LedgerUnavailableError, match="ILETIMERKEZI_STATE_DIR"):
        state_folder({}, "linux")
