"""The files that are committed for hosts and registries are what the code makes. Nothing here writes one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from publishing import __main__ as command
from publishing.files import PUBLISHED, ROOT, Published


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda published: published.path)
def test_a_published_file_is_what_the_code_makes_of_it(published: Published) -> None:
    assert (ROOT / published.path).read_text(encoding="utf-8") == published.make()


def test_the_check_is_quiet_if_nothing_is_stale() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "publishing", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.fixture
def stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of two published files, one of them stale."""
    monkeypatch.setattr("publishing.files.ROOT", tmp_path)
    files = (Published("fresh.txt", lambda: "fresh\n"), Published("folder/stale.txt", lambda: "new\n"))
    monkeypatch.setattr(command, "PUBLISHED", files)
    (tmp_path / "fresh.txt").write_text("fresh\n", encoding="utf-8")
    return tmp_path


def test_the_check_names_what_is_stale_and_writes_nothing(stale: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check"]) == 1
    assert capsys.readouterr().out == "folder/stale.txt\n"
    assert not (stale / "folder").exists()


def test_the_command_writes_and_names_what_is_stale(stale: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 0
    assert capsys.readouterr().out == "folder/stale.txt\n"
    assert (stale / "folder" / "stale.txt").read_text(encoding="utf-8") == "new\n"
    assert command.main([]) == 0
    assert capsys.readouterr().out == ""


def test_the_command_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--all"]) == 2
    assert capsys.readouterr().err == "usage: python -m publishing [--check]\n"
