"""Ready configuration for each host, as ``iletimerkezi-mcp config HOST`` prints it, and the hosts' own commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from iletimerkezi_mcp.cli.config.entry import COMMAND, Launch, block
from iletimerkezi_mcp.cli.config.hosts import HOSTS, Host

CLIENTS: Final[tuple[tuple[str, Callable[[], str]], ...]] = tuple(
    (f"manifests/clients/{host.id}.{host.format}", partial(block, host, Launch())) for host in HOSTS
)
"""The path of each file and what makes its text."""

_ADD_COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "claude-code": ("claude", "mcp", "add", "--scope", "user", "NAME", "--", "COMMAND"),
    "codex": ("codex", "mcp", "add", "NAME", "--", "COMMAND"),
    "gemini": ("gemini", "mcp", "add", "--scope", "user", "NAME", "COMMAND", "--"),
}
"""The commands for adding a server, of the hosts that are command lines; the program's arguments follow."""


def add_command(host: Host, launch: Launch) -> tuple[str, ...]:
    """Return the host's own command that adds the server, word by word; empty if the host has none.

    No secret is in it: key and hash come from the environment that the host is started in.
    """
    values = {"NAME": launch.name, "COMMAND": COMMAND}
    words = _ADD_COMMANDS.get(host.id)
    return (*(values.get(word, word) for word in words), *launch.args) if words else ()
