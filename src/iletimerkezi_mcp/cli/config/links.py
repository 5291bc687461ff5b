"""Links that install the server with one click, where a host has such."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from .block import entry, inputs
from .launch import Launch
from .table import HOSTS

_HOSTS = {host.id: host for host in HOSTS}


def cursor_link(launch: Launch) -> str:
    """Opens Cursor, which shows the entry and asks before it takes it up."""
    shown = json.dumps(entry(_HOSTS["cursor"], launch), separators=(",", ":")).encode()
    config = quote(base64.b64encode(shown).decode(), safe="")
    return f"cursor://anysphere.cursor-deeplink/mcp/install?name={launch.name}&config={config}"


def cursor_page(launch: Launch) -> str:
    """The same through Cursor's own page, for documents whose readers drop links that are not of the web."""
    return f"https://cursor.com/en/install-mcp?{cursor_link(launch).partition('?')[2]}"


def vscode_link(launch: Launch) -> str:
    """Opens VS Code, which shows the entry, asks for the inputs and keeps them."""
    host = _HOSTS["vscode"]
    shown = {"name": launch.name, **entry(host, launch)}
    if asked := inputs(host, launch):
        shown["inputs"] = asked
    return f"vscode:mcp/install?{quote(json.dumps(shown, separators=(',', ':'), ensure_ascii=False), safe='')}"


def vscode_page(launch: Launch) -> str:
    """The same through VS Code's own page, for documents whose readers drop links that are not of the web."""
    return f"https://vscode.dev/redirect?url={quote(vscode_link(launch), safe='')}"
