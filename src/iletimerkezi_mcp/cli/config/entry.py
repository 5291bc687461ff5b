"""This server's entry in a host's file: as data, as the text that a person pastes, and merged into a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from iletimerkezi_mcp import settings
from iletimerkezi_mcp.settings import SETTINGS

from . import jsonc, toml
from .files import member
from .hosts import Host

COMMAND: Final = "uvx"
"""The program that runs the package without an installation; it comes with uv."""

PACKAGE: Final = "iletimerkezi-mcp"
"""The package, and the program in it."""

CREDENTIALS: Final = tuple(setting for setting in SETTINGS if setting.field in settings.CREDENTIALS)
"""The settings without which the live provider answers nothing."""

Secrets = Mapping[str, str]
"""The credentials' values by variable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One way to start the server. The sandbox needs no credentials."""

    sandbox: bool = False
    read_only: bool = False

    @property
    def name(self) -> str:
        """The host's name for the server. The sandbox has its own, so that a host can have both."""
        return "iletimerkezi-sandbox" if self.sandbox else "iletimerkezi"

    @property
    def args(self) -> tuple[str, ...]:
        flags = {setting.field: str(setting.flag) for setting in SETTINGS}
        switches = {"sandbox": self.sandbox, "read_only": self.read_only}
        return (PACKAGE, *(flags[field] for field, on in switches.items() if on))

    @property
    def variables(self) -> tuple[str, ...]:
        return () if self.sandbox else tuple(setting.variable for setting in CREDENTIALS)


def entry(host: Host, launch: Launch, secrets: Secrets | None = None) -> dict[str, Any]:
    """Return the server's own entry: with `secrets` in it, or else with what `host` has in their place."""
    members: dict[str, Any] = {"type": "stdio"} if host.transport_key else {}
    members |= {"command": COMMAND, "args": list(launch.args)}
    if launch.variables and secrets is None and host.credentials_source == "forwarding":
        members["env_vars"] = list(launch.variables)
    elif launch.variables:
        values = secrets or {variable: host.reference_to(variable) for variable in launch.variables}
        members["env"] = {variable: values[variable] for variable in launch.variables}
    return {**members, **host.timeouts}


def inputs(host: Host, launch: Launch, secrets: Secrets | None = None) -> list[dict[str, Any]]:
    """Return the inputs that the host asks the person for, without showing what is typed."""
    if host.credentials_source != "prompt" or secrets is not None:
        return []
    return [
        {
            "type": "promptString",
            "id": setting.variable,
            "description": f"iletiMerkezi {setting.description.en}",
            "password": True,
        }
        for setting in CREDENTIALS
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
    nothing. Raises :class:`.HostFileError`.
    """
    if not text.strip("\ufeff \t\r\n"):
        return block(host, launch, secrets)
    table = [host.key, launch.name]
    if host.format == "toml":
        return toml.put(text, table, _changes(host, launch, member(toml.read(text), table), secrets))
    for path, value in _changes(host, launch, member(jsonc.read(text), table), secrets).items():
        text = jsonc.put(text, [*table, *path], value)
    return _with_inputs(host, launch, text, secrets)


def _changes(host: Host, launch: Launch, present: Any, secrets: Secrets | None) -> dict[tuple[str, ...], Any]:
    """Return what has to be set in the entry `present` (None if there is none), by path; None for what has to go."""
    changes: dict[tuple[str, ...], Any] = {}
    forwarded = _list_at(present, "env_vars")
    for name, value in entry(host, launch, secrets).items():
        if name == "env":
            for variable, reference in value.items():
                if secrets is not None or not member(present, ["env", variable]):
                    changes["env", variable] = reference
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
        variable = prompt["id"]
        document = jsonc.read(text)
        asks = member(document, [host.key, launch.name, "env", variable]) == host.reference_to(variable)
        present = _list_at(document, "inputs")
        if asks and all(member(other, ["id"]) != variable for other in present):
            text = jsonc.put(text, ["inputs", len(present)], prompt)
    return text


def _list_at(document: Any, name: str) -> list[Any]:
    value = member(document, [name])
    return value if isinstance(value, list) else []
