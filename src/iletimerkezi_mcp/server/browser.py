"""The graphical browser of the person at this machine."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_TEXT_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")


@dataclass(frozen=True, slots=True)
class GraphicalBrowser:
    """The browser in which the system opens pages; `folder` is one whose files it can read."""

    folder: Path

    def open(self, file: Path) -> bool:
        """Open `file`; False if there is no graphical browser."""
        # Looking for browsers starts programs, so it is done when one is needed.
        import webbrowser

        try:
            browser = webbrowser.get()
        except webbrowser.Error:
            return False
        if Path(getattr(browser, "name", "")).name in _TEXT_BROWSERS:
            return False
        return browser.open_new_tab(file.as_uri())


def graphical_browser() -> GraphicalBrowser | None:
    """Return the browser of this machine's screen; None if this process has no screen."""
    if sys.platform in ("win32", "darwin"):
        return GraphicalBrowser(Path(tempfile.gettempdir()))
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        # A browser in a sandbox of its own reads neither hidden folders nor the system's temporary one.
        return GraphicalBrowser(Path.home())
    return None
