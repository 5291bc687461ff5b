"""Every host that a block can be made for."""

from __future__ import annotations

from typing import Final

from iletimerkezi_mcp.language import Text

from .host import Format, Handing, Host
from .places import Place, everywhere

HOSTS: Final[tuple[Host, ...]] = (
    Host(
        id="claude-code",
        title="Claude Code",
        user=everywhere("~/.claude.json", moved=("CLAUDE_CONFIG_DIR", ".claude.json")),
        project=".mcp.json",
        typed=True,
        handing=Handing.EXPANDED,
        reference="${NAME:-}",
        afterwards=Text("claude mcp list shows it.", "claude mcp list komutu onu gösterir."),
        adds=("claude", "mcp", "add", "--scope", "user", "NAME", "--", "COMMAND"),
    ),
    Host(
        id="claude-desktop",
        title="Claude Desktop",
        user=Place(
            macos="~/Library/Application Support/Claude/claude_desktop_config.json",
            linux="~/.config/Claude/claude_desktop_config.json",
            windows="%APPDATA%/Claude/claude_desktop_config.json",
        ),
        project=None,
        handing=Handing.WRITTEN,
        afterwards=Text(
            "Settings > Developer > Edit Config opens the file that it reads; quit Claude Desktop and start it again.",
            "Okuduğu dosyayı Settings > Developer > Edit Config açar; Claude Desktop'tan çıkıp yeniden başlatın.",
        ),
    ),
    Host(
        id="cursor",
        title="Cursor",
        user=everywhere("~/.cursor/mcp.json"),
        project=".cursor/mcp.json",
        typed=True,
        handing=Handing.EXPANDED,
        reference="${env:NAME}",
        afterwards=Text("Turn it on in Cursor's settings, under MCP.", "Cursor ayarlarında MCP bölümünden açın."),
    ),
    Host(
        id="vscode",
        title="VS Code",
        user=Place(
            macos="~/Library/Application Support/Code/User/mcp.json",
            linux="~/.config/Code/User/mcp.json",
            windows="%APPDATA%/Code/User/mcp.json",
        ),
        project=".vscode/mcp.json",
        key="servers",
        typed=True,
        handing=Handing.ASKED,
        reference="${input:NAME}",
        afterwards=Text(
            "MCP: List Servers in the command palette starts it.",
            "Komut paletindeki MCP: List Servers ile başlatın.",
        ),
    ),
    Host(
        id="codex",
        title="Codex CLI",
        user=everywhere("~/.codex/config.toml", moved=("CODEX_HOME", "config.toml")),
        project=".codex/config.toml",
        format=Format.TOML,
        key="mcp_servers",
        # In seconds; it waits ten otherwise.
        patience={"startup_timeout_sec": 60},
        handing=Handing.FORWARDED,
        afterwards=Text("codex mcp list shows it.", "codex mcp list komutu onu gösterir."),
        adds=("codex", "mcp", "add", "NAME", "--", "COMMAND"),
    ),
    Host(
        id="gemini",
        title="Gemini CLI",
        user=everywhere("~/.gemini/settings.json", moved=("GEMINI_CLI_HOME", ".gemini/settings.json")),
        project=".gemini/settings.json",
        # In milliseconds: what calls get anyway, for `gemini mcp list` too, which waits five seconds otherwise.
        patience={"timeout": 600_000},
        handing=Handing.EXPANDED,
        reference="${NAME}",
        afterwards=Text("gemini mcp list shows it.", "gemini mcp list komutu onu gösterir."),
        adds=("gemini", "mcp", "add", "--scope", "user", "NAME", "COMMAND", "--"),
    ),
    Host(
        id="windsurf",
        title="Windsurf",
        user=everywhere("~/.codeium/windsurf/mcp_config.json"),
        project=None,
        handing=Handing.EXPANDED,
        reference="${env:NAME}",
        afterwards=Text("Press refresh in Cascade's MCP panel.", "Cascade'in MCP panelinde yenile düğmesine basın."),
    ),
    Host(
        id="zed",
        title="Zed",
        user=Place(
            macos="~/.config/zed/settings.json",
            linux="~/.config/zed/settings.json",
            windows="%APPDATA%/Zed/settings.json",
        ),
        project=".zed/settings.json",
        key="context_servers",
        handing=Handing.WRITTEN,
        afterwards=Text(
            "The Agent Panel's settings show a green dot beside it.",
            "Agent Panel ayarlarında yanında yeşil bir nokta belirir.",
        ),
    ),
)


def host_named(name: str) -> Host | None:
    """The host with that id, in any case."""
    return next((host for host in HOSTS if host.id == name.lower()), None)
