"""Ready configuration for each host, as ``iletimerkezi-mcp config HOST`` prints it, and the hosts' own commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from iletimerkezi_mcp.cli.config.entry import LAUNCH_LINE, PACKAGE, RELEASED, Launch, block
from iletimerkezi_mcp.cli.config.hosts import HOSTS, Host

_ADD_COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "claude-code": ("claude", "mcp", "add", "--scope", "user", "NAME", "--", "COMMAND"),
    "codex": ("codex", "mcp", "add", "NAME", "--", "COMMAND"),
    "gemini": ("gemini", "mcp", "add", "--scope", "user", "NAME", "COMMAND", "--"),
}
"""The commands for adding a server, of the hosts that are command lines; the program's arguments follow."""


def client_files(*, released: bool = RELEASED) -> tuple[tuple[str, Callable[[], str]], ...]:
    """Return the path of each file and what makes its text; before the release none would start."""
    files = ((f"manifests/clients/{host.id}.{host.format}", partial(block, host, Launch())) for host in HOSTS)
    return tuple(files) if released else ()


def documented(folder: str, *, released: bool = RELEASED) -> Launch:
    """Return the way to start the server that documents show: before the release the program of a checkout in `folder`."""
    return Launch(program=LAUNCH_LINE if released else (f"{folder}/.venv/bin/{PACKAGE}",))


def add_command(host: Host, launch: Launch) -> tuple[str, ...]:
    """Return the host's own command that adds the server, word by word; empty if the host has none.

    No secret is in it: key and hash come from the environment that the host is started in.
    """
    command, *arguments = launch.words
    values = {"NAME": launch.name, "COMMAND": command}
    words = _ADD_COMMANDS.get(host.id)
    return (*(values.get(word, word) for word in words), *arguments) if words else ()


def add_line(host: Host, *, released: bool = RELEASED) -> str:
    """Return the host's own command as a person types it in the folder of the checkout; empty if the host has none."""
    words = add_command(host, documented("$PWD", released=released))
    return " ".join(f'"{word}"' if "$" in word else word for word in words)
