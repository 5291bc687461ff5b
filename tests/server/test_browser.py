"""The browser of the machine's screen, if it has one."""

from __future__ import annotations

import sys
import tempfile
import webbrowser
from pathlib import Path

import pytest

from iletimerkezi_mcp.server.browser import GraphicalBrowser, graphical_browser


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
def test_a_browser_without_a_screen_of_its_own_is_none(
    name: str, opens: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser = Opened(name)
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    file = tmp_path / "ş.html"
    assert GraphicalBrowser(tmp_path).open(file) == opens
    assert browser.given == [file.as_uri()] * opens


def test_a_machine_without_any_browser_opens_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def none() -> None:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    assert not GraphicalBrowser(tmp_path).open(tmp_path / "a.html")
