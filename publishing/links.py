"""Links that install the server with one click, for the hosts that have such links."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

from iletimerkezi_mcp.cli.config.entry import Launch, entry, inputs
from iletimerkezi_mcp.cli.config.hosts import HOSTS

_HOSTS = {host.id: host for host in HOSTS}


def cursor_link(launch: Launch) -> str:
    """Return the link that opens Cursor, which shows the entry and asks before it adds it."""
    data = json.dumps(entry(_HOSTS["cursor"], launch), separators=(",", ":")).encode()
    config = quote(base64.b64encode(data).decode(), safe="")
    return f"cursor://anysphere.cursor-deeplink/mcp/install?name={launch.name}&config={config}"


def cursor_page(launch: Launch) -> str:
    """Return the same through Cursor's own page, for documents whose readers drop links that are not of the web."""
    return f"https://cursor.com/en/install-mcp?{cursor_link(launch).partition('?')[2]}"


def vscode_link(launch: Launch) -> str:
    """Return the link that opens VS Code, which shows the entry, asks for the inputs and keeps them."""
    host = _HOSTS["vscode"]
    added = {"name": launch.name, **entry(host, launch)}
    if prompts := inputs(host, launch):
        added["inputs"] = prompts
    return f"vscode:mcp/install?{quote(json.dumps(added, separators=(',', ':'), ensure_ascii=False), safe='')}"


def vscode_page(launch: Launch) -> str:
    """Return the same through VS Code's own page, for documents whose readers drop links that are not of the web."""
    return f"https://vscode.dev/redirect?url={quote(vscode_link(launch), safe='')}"
