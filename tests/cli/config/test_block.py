"""The content of a host's file."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest

from iletimerkezi_mcp.cli.config.block import add_command, block, entry, inputs
from iletimerkezi_mcp.cli.config.host import Format, Host, SecretSource
from iletimerkezi_mcp.cli.config.hosts import HOSTS, host_named
from iletimerkezi_mcp.cli.config.launch import Launch

SECRETS = {"ILETIMERKEZI_API_KEY": 'k"ey', "ILETIMERKEZI_API_HASH": "ha\\sh"}
LAUNCHES = [Launch(sandbox=sandbox, read_only=read_only) for sandbox in (False, True) for read_only in (False, True)]


def parsed(host: Host, text: str) -> dict[str, Any]:
    """The servers in a file of `host`."""
    document: dict[str, Any] = tomllib.loads(text) if host.format is Format.TOML else json.loads(text)
    servers: dict[str, Any] = document[host.key]
    return servers


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
@pytest.mark.parametrize("launch", LAUNCHES)
def test_a_block_is_the_entry_alone(host: Host, launch: Launch) -> None:
    assert parsed(host, block(host, launch)) == {launch.name: entry(host, launch)}


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_block_without_secrets_holds_what_the_host_has_in_their_place(host: Host) -> None:
    mine = entry(host, Launch())
    assert mine["command"] == "uvx"
    assert mine["args"] == ["iletimerkezi-mcp"]
    if host.secret_source is SecretSource.FORWARDING:
        assert (mine["env_vars"], "env" in mine) == (list(SECRETS), False)
    else:
        assert mine["env"] == {variable: host.reference.replace("NAME", variable) for variable in SECRETS}


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_block_with_secrets_holds_them_and_asks_for_nothing(host: Host) -> None:
    mine = parsed(host, block(host, Launch(), SECRETS))["iletimerkezi"]
    assert (mine["env"], "env_vars" in mine) == (SECRETS, False)
    assert inputs(host, Launch(), SECRETS) == []


def test_the_sandbox_has_its_own_name_and_needs_no_secret() -> None:
    launch = Launch(sandbox=True, read_only=True)
    for host in HOSTS:
        mine = parsed(host, block(host, launch))["iletimerkezi-sandbox"]
        assert mine["args"] == ["iletimerkezi-mcp", "--sandbox", "--read-only"]
        assert not mine.keys() & {"env", "env_vars"}


def test_vs_code_asks_for_what_the_entry_refers_to_and_hides_it() -> None:
    host = host_named("vscode")
    assert host is not None
    document = json.loads(block(host, Launch()))
    assert [(one["type"], one["password"]) for one in document["inputs"]] == [("promptString", True)] * 2
    asked = {f"${{input:{one['id']}}}" for one in document["inputs"]}
    assert set(document["servers"]["iletimerkezi"]["env"].values()) == asked
    assert "inputs" not in json.loads(block(host, Launch(sandbox=True)))


def test_the_hosts_that_are_command_lines_have_their_own_command() -> None:
    commands = {host.id: " ".join(add_command(host, Launch(sandbox=True))) for host in HOSTS}
    assert {host: command for host, command in commands.items() if command} == {
        "claude-code": "claude mcp add --scope user iletimerkezi-sandbox -- uvx iletimerkezi-mcp --sandbox",
        "codex": "codex mcp add iletimerkezi-sandbox -- uvx iletimerkezi-mcp --sandbox",
        "gemini": "gemini mcp add --scope user iletimerkezi-sandbox uvx -- iletimerkezi-mcp --sandbox",
    }
