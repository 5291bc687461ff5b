"""This server's entry in a host's file: as data, as the text that a person pastes, and merged into a file.

An entry starts the server on this machine, or names the URL of one that runs elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from iletimerkezi_mcp import settings
from iletimerkezi_mcp.settings import SETTINGS

from . import jsonc, toml
from .files import member, occupied
from .hosts import Host, TransportType

RELEASED: Final = False
"""True once the package is on the index; everything that shows a launch line reads it."""

PACKAGE: Final = "iletimerkezi-mcp"
"""The package, and the program in it."""

LAUNCH_LINE: Final = ("uvx", PACKAGE)
"""The words that run the package from the index without an installation; uvx comes with uv."""

CREDENTIALS: Final = tuple(setting for setting in SETTINGS if setting.field in settings.CREDENTIALS)
"""The settings without which the live provider answers nothing."""

TOKEN: Final = next(setting.variable for setting in SETTINGS if setting.field == "http_token")
"""The variable that a remote server's token is in, on the machine of its host."""

_ELSEWHERE: Final = frozenset({"url", "httpUrl", "serverUrl"})
"""The members of an entry whose server runs elsewhere, of all hosts."""

Secrets = Mapping[str, str]
"""The credentials' values by variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One way to the server: the words of its `program`, or the `url` at which it is served. The sandbox needs no credentials.

    `fixed` has the variables whose values are in the block, because many hosts pass none of their own on.
    """

    program: tuple[str, ...] = LAUNCH_LINE
    sandbox: bool = False
    read_only: bool = False
    url: str | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The host's name for the server. The sandbox and a remote server have their own, so that a host can have all."""
        return "iletimerkezi-remote" if self.url else "iletimerkezi-sandbox" if self.sandbox else "iletimerkezi"

    @property
    def words(self) -> tuple[str, ...]:
        """The command line that starts the server."""
        flags = {setting.field: str(setting.flag) for setting in SETTINGS}
        switches = {"sandbox": self.sandbox, "read_only": self.read_only}
        return (*self.program, *(flags[field] for field, on in switches.items() if on))

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that hold what the server, or the host in its place, must not be without."""
        credentials = (TOKEN,) if self.url else tuple(setting.variable for setting in CREDENTIALS)
        return () if self.sandbox else credentials


def entry(host: Host, launch: Launch, secrets: Secrets | None = None) -> dict[str, Any]:
    """Return the server's own entry: with `secrets` in it, or else with what `host` has in their place."""
    transport: TransportType = "http" if launch.url else "stdio"
    members: dict[str, Any] = {"type": transport} if transport in host.types else {}
    if launch.url:
        if host.credentials_source == "forwarding":
            token: dict[str, Any] = {"bearer_token_env_var": TOKEN}
        else:
            token = {"headers": {"Authorization": f"Bearer {host.reference_to(TOKEN)}"}}
        return {**members, str(host.url_key): launch.url, **token, **host.timeouts}
    command, *args = launch.words
    members |= {"command": command, "args": args}
    if launch.variables and secrets is None and host.credentials_source == "forwarding":
        members["env_vars"] = list(launch.variables)
    elif launch.variables:
        values = secrets or {variable: host.reference_to(variable) for variable in launch.variables}
        members["env"] = {variable: values[variable] for variable in launch.variables}
    if launch.fixed:
        members["env"] = {**members.get("env", {}), **launch.fixed}
    return {**members, **host.timeouts}


def inputs(host: Host, launch: Launch, secrets: Secrets | None = None) -> list[dict[str, Any]]:
    """Return the inputs that the host asks the person for, without showing what is typed."""
    if host.credentials_source != "prompt" or secrets is not None:
        return []
    return [
        {
            "type": "promptString",
            "id": setting.variable,
            "description": "iletiMerkezi token" if launch.url else f"iletiMerkezi {setting.description.en}",
            "password": True,
        }
        for setting in SETTINGS
        if setting.variable in launch.variables
    ]


def block(host: Host, launch: Launch, secrets: Secrets | None = None) -> str:
    """Return the text of a file with this entry alone."""
    servers = {host.key: {launch.name: entry(host, launch, secrets)}}
    if host.format == "toml":
        import tomlkit

        return tomlkit.dumps(servers)
    prompts = inputs(host, launch, secrets)
    return json.dumps({"inputs": prompts, **servers} if prompts else servers, indent=2, ensure_ascii=False) + "\n"


def merge(host: Host, launch: Launch, text: str, secrets: Secrets | None = None) -> str:
    """Return `text`, the content of the host's file, with the entry in it, and all else as it was.

    An entry of that name that is there already gets the launch line. Its other members stay, and so do its timeouts
    and the credentials that a person has written into it, unless `secrets` gives new ones. Merging twice changes
    nothing. Raises :class:`.HostFileError`, also if a server on this machine has to take the place of a remote one, or the
    other way round: no host takes an entry that is both.
    """
    if not text.strip("\ufeff \t\r\n"):
        return block(host, launch, secrets)
    table = [host.key, launch.name]
    present = member(toml.read(text) if host.format == "toml" else jsonc.read(text), table)
    if isinstance(present, dict) and present.keys() & ({"command"} if launch.url else _ELSEWHERE):
        raise occupied(".".join(table))
    changes = _changes(host, launch, present, secrets)
    if host.format == "toml":
        return toml.put(text, table, changes)
    for path, value in changes.items():
        text = jsonc.put(text, [*table, *path], value)
    return _with_inputs(host, launch, text, secrets)


def _changes(host: Host, launch: Launch, present: Any, secrets: Secrets | None) -> dict[tuple[str, ...], Any]:
    """Return what has to be set in the entry `present` (None if there is none), by path; None for what has to go."""
    changes: dict[tuple[str, ...], Any] = {}
    forwarded = _list_at(present, "env_vars")
    for name, value in entry(host, launch, secrets).items():
        if isinstance(value, dict):
            for inner, reference in value.items():
                if secrets is not None or inner in launch.fixed or not member(present, [name, inner]):
                    changes[name, inner] = reference
        elif name == "env_vars":
            missing = [
                variable for variable in value if variable not in forwarded and not member(present, ["env", variable])
            ]
            if missing:
                changes["env_vars",] = [*forwarded, *missing]
        elif name not in host.timeouts or member(present, [name]) is None:
            changes[name,] = value
    if secrets is not None and forwarded:
        changes["env_vars",] = [name for name in forwarded if name not in secrets] or None
    return changes


def _with_inputs(host: Host, launch: Launch, text: str, secrets: Secrets | None) -> str:
    """Return `text` with the inputs that its entry refers to, as far as they are missing."""
    for prompt in inputs(host, launch, secrets):
        document = jsonc.read(text)
        asks = host.reference_to(prompt["id"]) in str(member(document, [host.key, launch.name]))
        present = _list_at(document, "inputs")
        if asks and all(member(other, ["id"]) != prompt["id"] for other in present):
            text = jsonc.put(text, ["inputs", len(present)], prompt)
    return text


def _list_at(document: Any, name: str) -> list[Any]:
    value = member(document, [name])
    return value if isinstance(value, list) else []
