from __future__ import annotations

import sys
from pathlib import Path

import pytest

from iletimerkezi_mcp.cli.doctor.launcher import uvx_finding
from iletimerkezi_mcp.cli.doctor.report import Finding


@pytest.fixture(autouse=True)
def _from_uvx(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "CACHEDIR.TAG").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "archive-v0" / "x"))


def _found(environment: dict[str, str], platform: str) -> Finding:
    return uvx_finding(environment, platform, launched=True)


def test_on_windows_a_host_has_the_path_of_a_terminal(tmp_path: Path) -> None:
    program = tmp_path / "uvx"
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    assert _found({"PATH": str(tmp_path)}, "win32").verdict == "ok"


def test_nobody_s_home_is_no_place_to_look(tmp_path: Path) -> None:
    assert _found({"PATH": str(tmp_path)}, "win32").verdict == "warning"
    assert _found({}, "win32").verdict == "warning"
