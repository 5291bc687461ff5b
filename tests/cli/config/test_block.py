"""What a host's file has to hold, and the links that bring the same."""

from __future__ import annotations

import base64
import json
import tomllib
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from iletimerkezi_mcp.cli.config.block import add_command, block, entry, inputs
from iletimerkezi_mcp.cli.config.host import Format, Handing, Host
from iletimerkezi_mcp.cli.config.launch import Launch
from iletimerkezi_mcp.cli.config.links import cursor_link, cursor_page, vscode_link, vscode_page
from iletimerkezi_mcp.cli.config.table import HOSTS, host_named

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
def test_no_secret_stands_in_a_block_that_was_not_given_one(host: Host) -> None:
    mine = entry(host, Launch())
    assert mine["command"] == "uvx"
    assert mine["args"] == ["iletimerkezi-mcp"]
    if host.handing is Handing.FORWARDED:
        assert (mine["env_vars"], "env" in mine) == (list(SECRETS), False)
    else:
        assert mine["env"] == {variable: host.reference.replace("NAME", variable) for variable in SECRETS}


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_given_secrets_stand_in_it_and_nothing_is_asked(host: Host) -> None:
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


@pytest.mark.parametrize("launch", LAUNCHES)
def test_cursors_link_carries_the_entry(launch: Launch) -> None:
    host = host_named("cursor")
    assert host is not None
    link = urlsplit(cursor_link(launch))
    assert (link.scheme, link.netloc, link.path) == ("cursor", "anysphere.cursor-deeplink", "/mcp/install")
    said = parse_qs(link.query, strict_parsing=True)
    assert said["name"] == [launch.name]
    assert json.loads(base64.b64decode(said["config"][0], validate=True)) == entry(host, launch)


@pytest.mark.parametrize("launch", LAUNCHES)
def test_vs_codes_link_carries_the_entry_its_name_and_the_inputs(launch: Launch) -> None:
    host = host_named("vscode")
    assert host is not None
    scheme, _, carried = vscode_link(launch).partition("?")
    asked = inputs(host, launch)
    assert scheme == "vscode:mcp/install"
    assert json.loads(unquote(carried)) == {
        "name": launch.name,
        **entry(host, launch),
        **({"inputs": asked} if asked else {}),
    }


@pytest.mark.parametrize("launch", LAUNCHES)
def test_the_pages_of_the_web_lead_to_the_same(launch: Launch) -> None:
    assert urlsplit(cursor_page(launch)).query == urlsplit(cursor_link(launch)).query
    assert urlsplit(cursor_page(launch)).netloc == "cursor.com"
    page = urlsplit(vscode_page(launch))
    assert (page.scheme, page.netloc, page.path) == ("https", "vscode.dev", "/redirect")
    assert parse_qs(page.query, strict_parsing=True) == {"url": [vscode_link(launch)]}


def test_the_hosts_that_are_command_lines_have_a_command_of_their_own() -> None:
    commands = {host.id: " ".join(add_command(host, Launch(sandbox=True))) for host in HOSTS}
    assert {host: command for host, command in commands.items() if command} == {
        "claude-code": "claude mcp add --scope user iletimerkezi-sandbox -- uvx iletimerkezi-mcp --sandbox",
        "codex": "codex mcp add iletimerkezi-sandbox -- uvx iletimerkezi-mcp --sandbox",
        "gemini": "gemini mcp add --scope user iletimerkezi-sandbox uvx -- iletimerkezi-mcp --sandbox",
    }
