"""The packages that hosts install from the repository itself: a Claude Code plugin with its marketplace, a Gemini CLI extension.

Until the package is on the index they start the server from their own folder, which is a checkout.
"""

from __future__ import annotations

import json
from typing import Any, Final

from iletimerkezi_mcp.cli.config.entry import RELEASED, Launch
from iletimerkezi_mcp.cli.config.hosts import HOSTS
from iletimerkezi_mcp.settings import CREDENTIALS

from .forms import ASKED_FIRST, form, title
from .inputs import INPUTS
from .project import DESCRIPTION, KEYWORDS, LICENSE, OWNER, PACKAGE, REPOSITORY, VERSION
from .skill import NAME, SKILL

PLUGIN: Final = ".claude-plugin/plugin.json"
MARKETPLACE: Final = ".claude-plugin/marketplace.json"
EXTENSION: Final = "gemini-extension.json"

_AUTHOR: Final = {"name": OWNER, "url": f"https://github.com/{OWNER}"}
_VARIABLES: Final = {field: INPUTS[field].setting.variable for field in ASKED_FIRST}


def _server(folder: str, released: bool) -> dict[str, Any]:
    """Return the command, which uvx runs from the index, or else from the host's variable `folder`."""
    source = () if released else ("--from", f"${{{folder}}}")
    return {"command": "uvx", "args": [*source, PACKAGE]}


def plugin_json(*, released: bool = RELEASED) -> str:
    """Return Claude Code's manifest. What is set in its own environment prevails over the form.

    So no form that was left alone takes back a sandbox, or a bar on changes, that the operator has set.
    """
    env = {variable: f"${{{variable}:-${{user_config.{field}}}}}" for field, variable in _VARIABLES.items()}
    return _document(
        {
            "name": NAME,
            "version": VERSION,
            "description": DESCRIPTION,
            "author": _AUTHOR,
            "homepage": REPOSITORY,
            "repository": REPOSITORY,
            "license": LICENSE,
            "keywords": KEYWORDS,
            "mcpServers": {Launch().name: _server("CLAUDE_PLUGIN_ROOT", released) | {"env": env}},
            "userConfig": form(ASKED_FIRST),
        }
    )


def marketplace_json() -> str:
    """Return the marketplace, whose only plugin is the repository that it is in."""
    return _document(
        {
            "name": PACKAGE,
            "owner": _AUTHOR,
            "metadata": {"description": DESCRIPTION},
            "plugins": [{"name": NAME, "source": "./", "description": DESCRIPTION, "category": "productivity"}],
        }
    )


def extension_json(*, released: bool = RELEASED) -> str:
    """Return Gemini CLI's manifest.

    A variable that is a setting of the extension reaches the server, but for key and hash: by their names Gemini CLI
    takes them for secrets of its own environment and keeps them back, so these are handed on by name.
    """
    gemini = next(host for host in HOSTS if host.id == "gemini")
    env = {INPUTS[field].setting.variable: f"${{{INPUTS[field].setting.variable}:-}}" for field in CREDENTIALS}
    return _document(
        {
            "name": NAME,
            "version": VERSION,
            "description": DESCRIPTION,
            "contextFileName": SKILL.as_posix(),
            "mcpServers": {Launch().name: _server("extensionPath", released) | {"env": env} | dict(gemini.timeouts)},
            "settings": [_setting(field, variable) for field, variable in _VARIABLES.items()],
        }
    )


def _setting(field: str, variable: str) -> dict[str, Any]:
    setting = {"name": title(field), "description": INPUTS[field].description, "envVar": variable}
    return {**setting, "sensitive": True} if INPUTS[field].setting.secret else setting


def _document(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
