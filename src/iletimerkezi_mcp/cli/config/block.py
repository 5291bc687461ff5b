"""The content of a host's file for this server: as data, and as the text that a person pastes."""

from __future__ import annotations

import json
from typing import Any

from .host import Format, Host, SecretSource
from .launch import COMMAND, CREDENTIALS, Launch, Secrets


def add_command(host: Host, launch: Launch) -> tuple[str, ...]:
    """Return the host's own command that adds the server, word by word; empty if the host has none.

    No secret is in it: key and hash come from the environment that the host is started in.
    """
    values = {"NAME": launch.name, "COMMAND": COMMAND}
    return (*(values.get(word, word) for word in host.add_command), *launch.args) if host.add_command else ()


def entry(host: Host, launch: Launch, secrets: Secrets | None = None) -> dict[str, Any]:
    """Return the server's own entry: with `secrets` in it, or else with what `host` has in their place."""
    members: dict[str, Any] = {"type": "stdio"} if host.typed else {}
    members |= {"command": COMMAND, "args": list(launch.args)}
    if launch.variables:
        if secrets is not None:
            members["env"] = {variable: secrets[variable] for variable in launch.variables}
        elif host.secret_source is SecretSource.FORWARDING:
            members["env_vars"] = list(launch.variables)
        else:
            members["env"] = {variable: host.reference_to(variable) for variable in launch.variables}
    return {**members, **host.timeouts}


def inputs(host: Host, launch: Launch, secrets: Secrets | None = None) -> list[dict[str, Any]]:
    """Return what the host has to ask the person for, hidden."""
    if host.secret_source is not SecretSource.PROMPT or secrets is not None:
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
    """Return the text of a file that holds nothing else."""
    servers = {host.key: {launch.name: entry(host, launch, secrets)}}
    if host.format is Format.TOML:
        import tomlkit

        return tomlkit.dumps(servers)
    prompts = inputs(host, launch, secrets)
    return json.dumps({"inputs": prompts, **servers} if prompts else servers, indent=2, ensure_ascii=False) + "\n"
