"""The table of hosts that a block can be made for."""

from __future__ import annotations

from typing import Final

from iletimerkezi_mcp.language import Text

from .host import Host, Place

HOSTS: Final[tuple[Host, ...]] = (
    Host(
        id="claude-code",
        title="Claude Code",
        user_file=Place("~/.claude.json", relocation=("CLAUDE_CONFIG_DIR", ".claude.json")),
        project_file=".mcp.json",
        transport_key=True,
        credentials_source="reference",
        reference="${NAME:-}",
        next_step=Text("claude mcp list shows it.", "claude mcp list çıktısında görünür."),
    ),
    Host(
        id="claude-desktop",
        title="Claude Desktop",
        user_file=Place(
            "~/.config/Claude/claude_desktop_config.json",
            macos="~/Library/Application Support/Claude/claude_desktop_config.json",
            windows="%APPDATA%/Claude/claude_desktop_config.json",
        ),
        credentials_source="none",
        next_step=Text(
            "Quit Claude Desktop and start it again. Settings > Developer > Edit Config opens the file that it reads.",
            "Claude Desktop'tan çıkıp yeniden başlatın. Okuduğu dosya Settings > Developer > Edit Config ile açılır.",
        ),
    ),
    Host(
        id="cursor",
        title="Cursor",
        user_file=Place("~/.cursor/mcp.json"),
        project_file=".cursor/mcp.json",
        transport_key=True,
        credentials_source="reference",
        reference="${env:NAME}",
        next_step=Text(
            "Turn it on in Cursor's settings, under MCP.", "Cursor ayarlarının MCP bölümünde etkinleştirin."
        ),
    ),
    Host(
        id="vscode",
        title="VS Code",
        user_file=Place(
            "~/.config/Code/User/mcp.json",
            macos="~/Library/Application Support/Code/User/mcp.json",
            windows="%APPDATA%/Code/User/mcp.json",
        ),
        project_file=".vscode/mcp.json",
        key="servers",
        transport_key=True,
        credentials_source="prompt",
        reference="${input:NAME}",
        next_step=Text(
            "MCP: List Servers in the command palette starts it.",
            "Komut paletindeki MCP: List Servers ile başlatın.",
        ),
    ),
    Host(
        id="codex",
        title="Codex CLI",
        user_file=Place("~/.codex/config.toml", relocation=("CODEX_HOME", "config.toml")),
        project_file=".codex/config.toml",
        format="toml",
        key="mcp_servers",
        # In seconds; the default is ten.
        timeouts={"startup_timeout_sec": 60},
        credentials_source="forwarding",
        next_step=Text("codex mcp list shows it.", "codex mcp list çıktısında görünür."),
    ),
    Host(
        id="gemini",
        title="Gemini CLI",
        user_file=Place("~/.gemini/settings.json", relocation=("GEMINI_CLI_HOME", ".gemini/settings.json")),
        project_file=".gemini/settings.json",
        # In milliseconds: the default of calls, for `gemini mcp list` too, whose own default is five seconds.
        timeouts={"timeout": 600_000},
        credentials_source="reference",
        reference="${NAME}",
        next_step=Text("gemini mcp list shows it.", "gemini mcp list çıktısında görünür."),
    ),
    Host(
        id="windsurf",
        title="Windsurf",
        user_file=Place("~/.codeium/windsurf/mcp_config.json"),
        credentials_source="reference",
        reference="${env:NAME}",
        next_step=Text("Press refresh in Cascade's MCP panel.", "Cascade'in MCP panelinde yenile düğmesine basın."),
    ),
    Host(
        id="zed",
        title="Zed",
        user_file=Place("~/.config/zed/settings.json", windows="%APPDATA%/Zed/settings.json"),
        project_file=".zed/settings.json",
        key="context_servers",
        credentials_source="none",
        next_step=Text(
            "The Agent Panel's settings show it with a green dot.",
            "Agent Panel ayarlarında yeşil bir noktayla görünür.",
        ),
    ),
)


def host_named(name: str) -> Host | None:
    """Return the host with the id `name`, in any case; None if there is none."""
    return next((host for host in HOSTS if host.id == name.lower()), None)
