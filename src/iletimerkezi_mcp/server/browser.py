"""The graphical browser of the person at this machine. Run as a program it opens a link."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path

OPENING_SECONDS = 5.0
"""The time that a browser has to say that it cannot be opened."""

_TEXT_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")


@dataclass(frozen=True, slots=True)
class GraphicalBrowser:
    """The browser in which the system opens pages; `folder` is one whose files it can read."""

    folder: Path

    def open(self, file: Path) -> bool:
        """Open `file`; False if there is no graphical browser, or it said that it failed.

        A process of its own does it, for :mod:`webbrowser` hands the streams of this one on: what a browser prints would be
        in the host's log, which it would keep open after the end of the server.
        """
        try:
            opener = subprocess.run(  # noqa: S603
                [sys.executable, "-P", "-m", __name__, file.as_uri()],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=OPENING_SECONDS,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except subprocess.TimeoutExpired:
            # Some browsers return when they are closed.
            return True
        return opener.returncode == 0


def open_link(link: str) -> bool:
    """Open `link` in a new tab; False if there is no graphical browser, or it said that it failed."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    return Path(getattr(browser, "name", "")).name not in _TEXT_BROWSERS and browser.open_new_tab(link)


def graphical_browser() -> GraphicalBrowser | None:
    """Return the browser of this machine's screen; None if this process has no screen."""
    if sys.platform in ("win32", "darwin"):
        return GraphicalBrowser(Path(tempfile.gettempdir()))
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        # A browser in a sandbox of its own reads neither hidden folders nor the system's temporary one.
        return GraphicalBrowser(Path.home())
    return None


if __name__ == "__main__":
    sys.exit(not open_link(sys.argv[1]))
