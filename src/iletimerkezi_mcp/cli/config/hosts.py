"""The hosts, i.e. MCP applications, that a block can be made for: the file of each, and the source of its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from iletimerkezi_mcp.language import ExplainedError, Text

CredentialsSource = Literal["reference", "prompt", "forwarding", "none"]
"""The source of the credentials if they are not in the host's file.

A `reference` in the file is replaced by the variable's value in the host's own environment. With `prompt` the host asks
the person, hidden, once, and keeps the answer. With `forwarding` the file names the variables of the host's own
environment that are passed on. With `none` the person writes the secret into the file; until then it is empty, which
is unset.
"""

TransportType = Literal["stdio", "http"]
"""The word for a transport in an entry's ``type``."""

AskedIn = Literal["form", "card"]
"""A thing in which a host can show a person a question of a server: a form (MCP elicitation) or a card (MCP Apps)."""

_NO_HOME = Text(
    "the user has no home folder, so this host's file has no place; use --project.",
    "kullanıcının ev klasörü yok, bu yüzden istemcinin dosyası için yer yok; --project ile deneyin.",
)


class NoHomeError(ExplainedError):
    """The user has no home folder, and so no place for the host's file."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the user's, as people write it: ``~`` is the home folder, ``%APPDATA%`` Windows' folder of that name.

    It is the one on Linux unless another is named for the platform.
    ``~/.config`` on Linux is ``XDG_CONFIG_HOME`` if that is an absolute path (XDG Base Directory Specification 0.8).
    `relocation` is the variable that moves the host's own folder, if it has one, and the file's path from there.
    """

    linux: str
    macos: str | None = None
    windows: str | None = None
    relocation: tuple[str, str] | None = None

    def on(self, platform: str) -> str:
        """Return the path as people write it on `platform` (as in ``sys.platform``; unknown ones are as Linux)."""
        return {"darwin": self.macos, "win32": self.windows}.get(platform) or self.linux

    def path(self, environment: Mapping[str, str], platform: str) -> Path:
        """Return the file's path, without a look at the disk. Raises :class:`NoHomeError`."""
        if self.relocation is not None and (folder := environment.get(self.relocation[0])):
            return Path(folder) / self.relocation[1]
        base, _, rest = self.on(platform).partition("/")
        if base == "%APPDATA%":
            roaming = environment.get("APPDATA")
            return (Path(roaming) if roaming else _home(environment, platform) / "AppData" / "Roaming") / rest
        configuration = Path(environment.get("XDG_CONFIG_HOME", ""))
        if platform not in ("darwin", "win32") and rest.startswith(".config/") and configuration.is_absolute():
            return configuration / rest.removeprefix(".config/")
        return _home(environment, platform) / rest


def _home(environment: Mapping[str, str], platform: str) -> Path:
    if folder := environment.get("USERPROFILE" if platform == "win32" else "HOME"):
        return Path(folder)
    try:
        return Path.home()
    except RuntimeError:
        raise NoHomeError(_NO_HOME) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One MCP application. `id` is its name on the command line, `title` the name that people call it by.

    `project_file` is its file for one project, relative to the project's folder; None if it has none. In JSON, comments
    and commas before a closing bracket are understood, and kept. The servers are the members of `key`. `reference` is
    what the file says in place of a secret, with ``NAME`` for the variable. `types` are the transports that an
    entry names. The URL of a remote server is the member `url_key`; None if the file takes no such server. `timeouts` are members
    of an entry without which the host gives up before a first start, which fetches the packages, is done, or before a person has
    answered a question. `next_step` says what makes the host use the block. `shows` is what it can show a person by its documents
    or sources of November 2026; none of it was tried.
    """

    id: str
    title: str
    user_file: Place
    project_file: str | None = None
    format: Literal["json", "toml"] = "json"
    key: str = "mcpServers"
    types: tuple[TransportType, ...] = ()
    url_key: str | None = "url"
    timeouts: Mapping[str, int] = field(default_factory=dict)
    credentials_source: CredentialsSource
    reference: str = ""
    next_step: Text
    shows: tuple[AskedIn, ...] = ()

    def reference_to(self, variable: str) -> str:
        return self.reference.replace("NAME", variable)


HOSTS: Final[tuple[Host, ...]] = (
    Host(
        id="claude-code",
        title="Claude Code",
        user_file=Place("~/.claude.json", relocation=("CLAUDE_CONFIG_DIR", ".claude.json")),
        project_file=".mcp.json",
        types=("stdio", "http"),
        credentials_source="reference",
        reference="${NAME:-}",
        next_step=Text("claude mcp list shows it.", "claude mcp list çıktısında görünür."),
        shows=("form",),
    ),
    Host(
        id="claude-desktop",
        title="Claude Desktop",
        user_file=Place(
            "~/.config/Claude/claude_desktop_config.json",
            macos="~/Library/Application Support/Claude/claude_desktop_config.json",
            windows="%APPDATA%/Claude/claude_desktop_config.json",
        ),
        url_key=None,
        credentials_source="none",
        next_step=Text(
            "Quit Claude Desktop and start it again. Settings > Developer > Edit Config opens the file that it reads.",
            "Claude Desktop'tan çıkıp yeniden başlatın. Okuduğu dosya Settings > Developer > Edit Config ile açılır.",
        ),
        shows=("card",),
    ),
    Host(
        id="cursor",
        title="Cursor",
        user_file=Place("~/.cursor/mcp.json"),
        project_file=".cursor/mcp.json",
        types=("stdio",),
        credentials_source="reference",
        reference="${env:NAME}",
        next_step=Text(
            "Turn it on in Cursor's settings, under MCP.", "Cursor ayarlarının MCP bölümünde etkinleştirin."
        ),
        shows=("form", "card"),
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
        types=("stdio", "http"),
        credentials_source="prompt",
        reference="${input:NAME}",
        next_step=Text(
            "MCP: List Servers in the command palette starts it.",
            "Komut paletindeki MCP: List Servers ile başlatın.",
        ),
        shows=("form", "card"),
    ),
    Host(
        id="codex",
        title="Codex CLI",
        user_file=Place("~/.codex/config.toml", relocation=("CODEX_HOME", "config.toml")),
        project_file=".codex/config.toml",
        format="toml",
        key="mcp_servers",
        # In seconds: a first start fetches the packages (default 10); a question waits five minutes (default 60 to 300).
        timeouts={"startup_timeout_sec": 60, "tool_timeout_sec": 600},
        credentials_source="forwarding",
        next_step=Text("codex mcp list shows it.", "codex mcp list çıktısında görünür."),
        shows=("form",),
    ),
    Host(
        id="gemini",
        title="Gemini CLI",
        user_file=Place("~/.gemini/settings.json", relocation=("GEMINI_CLI_HOME", ".gemini/settings.json")),
        project_file=".gemini/settings.json",
        url_key="httpUrl",
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
        url_key="serverUrl",
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
