"""The browser of the machine's screen, if it has one."""

from __future__ import annotations

import shutil
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest

from iletimerkezi_mcp.server.browser import GraphicalBrowser, graphical_browser, open_link

posix = pytest.mark.skipif(shutil.which("sh") is None, reason="the browser is a shell script")


class Opened(webbrowser.GenericBrowser):
    """A browser that notes what it is given."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.given: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.given.append(url)
        return True


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_on_linux_a_screen_has_a_name_and_the_file_is_in_the_home(
    variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path))
    for each in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(each, raising=False)
    assert graphical_browser() is None
    monkeypatch.setenv(variable, ":0")
    assert graphical_browser() == GraphicalBrowser(Path.home())


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_there_is_always_a_screen(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert graphical_browser() == GraphicalBrowser(Path(tempfile.gettempdir()))


@pytest.mark.parametrize(("name", "opens"), [("firefox", True), ("/usr/bin/w3m", False), ("lynx", False)])
def test_a_browser_without_a_screen_of_its_own_is_none(name: str, opens: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Opened(name)
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    assert open_link("file:///a.html") == opens
    assert browser.given == ["file:///a.html"] * opens


def test_a_machine_without_any_browser_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    assert not open_link("file:///a.html")


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], GraphicalBrowser]:
    """Return how the system gets a browser that is a shell script."""

    def browser(script: str) -> GraphicalBrowser:
        program = tmp_path / "browser"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o700)
        monkeypatch.setenv("BROWSER", f"{program} %s")
        return GraphicalBrowser(tmp_path)

    return browser


@posix
def test_a_browser_has_none_of_this_process_s_streams(
    tmp_path: Path, scripted: Callable[[str], GraphicalBrowser], capfd: pytest.CaptureFixture[str]
) -> None:
    file, given = tmp_path / "ş.html", tmp_path / "given"
    browser = scripted(f'echo "$1" >{given}; echo out; echo err >&2; cat >>{given}')
    assert browser.open(file)
    assert given.read_text(encoding="utf-8") == f"{file.as_uri()}\n"
    assert capfd.readouterr() == ("", "")


@posix
def test_a_browser_that_fails_is_said_to(tmp_path: Path, scripted: Callable[[str], GraphicalBrowser]) -> None:
    assert not scripted("exit 3").open(tmp_path / "a.html")


@posix
def test_a_browser_that_returns_when_it_is_closed_counts_as_open(
    tmp_path: Path, scripted: Callable[[str], GraphicalBrowser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iletimerkezi_mcp.server.browser.OPENING_SECONDS", 0.0)
    assert scripted("exit 3").open(tmp_path / "a.html")
