"""What a host's file has to hold for this server: as data, and as the text that a person pastes."""

from __future__ import annotations

import json
from typing import Any

from .host import Format, Handing, Host
from .launch import COMMAND, CREDENTIALS, Launch, Secrets


def add_command(host: Host, launch: Launch) -> tuple[str, ...]:
    """The host's own command that puts the server in, word by word; empty where it has none.

    No secret is in it: key and hash come from the environment that the host is started in.
    """
    values = {"NAME": launch.name, "COMMAND": COMMAND}
    return (*(values.get(word, word) for word in host.adds), *launch.args) if host.adds else ()


def entry(host: Host, launch: Launch, secrets: Secrets | None = None) -> dict[str, Any]:
    """The server's own entry. With `secrets` it holds them; else what `host` has in their place."""
    started: dict[str, Any] = {"type": "stdio"} if host.typed else {}
    started |= {"command": COMMAND, "args": list(launch.args)}
    if launch.variables:
        if secrets is not None:
            started["env"] = {variable: secrets[variable] for variable in launch.variables}
        elif host.handing is Handing.FORWARDED:
            started["env_vars"] = list(launch.variables)
        else:
            started["env"] = {variable: host.referring(variable) for variable in launch.variables}
    return {**started, **host.patience}


def inputs(host: Host, launch: Launch, secrets: Secrets | None = None) -> list[dict[str, Any]]:
    """What the host has to ask the person for, hidden."""
    if host.handing is not Handing.ASKED or secrets is not None:
        return []
    return [
        {
            "type": "promptString",
            "id": setting.variable,
            "description": f"iletiMerkezi {setting.help.en}",
            "password": True,
        }
        for setting in CREDENTIALS
        if setting.variable in launch.variables
    ]


def block(host: Host, launch: Launch, secrets: Secrets | None = None) -> str:
    """The text of a file that holds nothing else."""
    servers = {launch.name: entry(host, launch, secrets)}
    if host.format is Format.TOML:
        return table(f"{host.key}.{launch.name}", servers[launch.name])
    asked = inputs(host, launch, secrets)
    return json.dumps({**({"inputs": asked} if asked else {}), host.key: servers}, indent=2, ensure_ascii=False) + "\n"


def table(header: str, members: dict[str, Any]) -> str:
    """`members` as a TOML table with that `header`."""
    lines = [f"[{header}]", *(f"{name} = {toml(value)}" for name, value in members.items())]
    return "\n".join(lines) + "\n"


def toml(value: Any) -> str:
    """A value as TOML writes it: a text, a whole number, a list of them, or an object of them."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {toml(one)}" for name, one in value.items()) + " }"
    # Basic strings and arrays are written as in JSON, except for DEL (TOML 1.0, "String").
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
