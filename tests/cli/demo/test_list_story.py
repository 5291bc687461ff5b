"""The demo of a list: it plays to its end as a program, and fails where a step of its story does."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from iletimerkezi_mcp.cli.demo import command, list_story, stage
from iletimerkezi_mcp.cli.demo.list_story import ListStory
from iletimerkezi_mcp.cli.terminal import Output
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.server.build import build_server
from tests.hosting import LIVE, QUICK, Wire
from tests.processes import run_command_line


@pytest.mark.parametrize("language", ["en", "tr"])
def test_it_plays_to_its_end_and_leaves_no_folder(language: str, tmp_path: Path) -> None:
    played = run_command_line(["demo", "--lists", "--lang", language], TMPDIR=str(tmp_path))
    assert played.returncode == 0, played.stdout
    assert played.stdout.splitlines()[-1].startswith("✓")
    before, _, form = played.stdout.partition("3. ")
    assert "Çelik" not in before
    assert "Sayın Ayşe Yılmaz, S-4800" in form
    assert "0500 000 01 12" in played.stdout.partition("5. ")[2]
    assert list(tmp_path.glob("iletimerkezi-mcp-demo-*")) == []


async def test_it_tells_what_came_out_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "REPORT_SECONDS", 0)
    lists = tmp_path / "lists"
    lists.mkdir()
    settings = replace(LIVE, state_dir=tmp_path / "state", files_dir=lists)

    def full(_: httpx.Request) -> None:
        """Let the provider answer."""

    with SandboxDatabase() as database:
        wire = Wire(Provider(database))
        wire.broken = full
        server: Any = build_server(settings, transport=lambda: wire, timeouts=QUICK)
        code = await command.play(settings, Output(sys.stdout, as_json=True), server, partial(ListStory, folder=lists))
    story = json.loads(capsys.readouterr().out)
    assert (code, story["failure"]) == (1, "get_campaigns: what is awaited did not come in time")


async def test_a_short_list_asks_for_no_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(list_story, "CUSTOMERS", 60)
    lists = tmp_path / "lists"
    lists.mkdir()
    settings = replace(LIVE, state_dir=tmp_path / "state", files_dir=lists)
    with SandboxDatabase() as database:
        server: Any = build_server(settings, transport=lambda: Wire(Provider(database)), timeouts=QUICK)
        code = await command.play(settings, Output(sys.stdout), server, partial(ListStory, folder=lists))
    shown = capsys.readouterr().out
    assert code == 0, shown
    assert "The person reads it and says yes." in shown
