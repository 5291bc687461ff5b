"""Each host's configuration of the released package is one that the host understands, and its command starts the server."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from iletimerkezi_mcp.cli.config.entry import Launch
from iletimerkezi_mcp.cli.config.hosts import HOSTS, Host, host_named
from iletimerkezi_mcp.settings import load_settings
from publishing.clients import add_command, add_line, client_files
from publishing.files import ROOT
from tests.calls import GET_BALANCE
from tests.tools.examples import EXAMPLES, listed
from tests.wheelhouse.uvx import uv_environment, wheelhouse

ACCOUNT = {"ILETIMERKEZI_API_KEY": "a-key-of-the-test", "ILETIMERKEZI_API_HASH": "a-hash-of-the-test"}


@pytest.fixture(scope="session")
def uv(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of ``uvx``; what the first start installs serves the others."""
    return uv_environment(wheelhouse(), tmp_path_factory.mktemp("uv"))


def published(host: Host) -> dict[str, Any]:
    """The server's entry in the published file of `host`, read as the host reads it."""
    text = dict(client_files(released=True))[f"manifests/clients/{host.id}.{host.format}"]()
    document: dict[str, Any] = tomllib.loads(text) if host.format == "toml" else json.loads(text)
    assert document.keys() <= {host.key, "inputs"}
    (mine,) = document[host.key].values()
    assert isinstance(mine, dict)
    return mine


def handed(host: Host, mine: dict[str, Any], account: dict[str, str]) -> dict[str, str]:
    """The variables that `host` starts the server with where `account` is its environment, or what it was told."""
    if host.credentials_source == "forwarding":
        return {name: account[name] for name in mine["env_vars"]}
    references = {host.reference_to(name): value for name, value in account.items()}
    return {name: references[value] if value else "" for name, value in mine["env"].items()}


def test_there_is_a_file_for_every_host_after_the_release_and_none_before() -> None:
    assert len(client_files(released=True)) == len(HOSTS)
    assert client_files(released=False) == ()
    written = {path.relative_to(ROOT).as_posix() for path in (ROOT / "manifests").glob("clients/*")}
    assert written == {path for path, _ in client_files()}


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
def test_a_host_hands_over_the_credentials(host: Host) -> None:
    loaded = load_settings(handed(host, published(host), ACCOUNT))
    # An empty variable is an unset one: where the host hands nothing over, the person has yet to write them.
    assert loaded.has_credentials == (host.credentials_source != "none")


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.id)
async def test_a_hosts_command_starts_a_server_that_lists_the_tools(host: Host, uv: dict[str, str]) -> None:
    mine = published(host)
    server = StdioServerParameters(
        command=mine["command"],
        args=mine["args"],
        env={**uv, **handed(host, mine, ACCOUNT), "ILETIMERKEZI_SANDBOX": "1"},
    )
    with anyio.fail_after(180):
        async with Client(server, mode="legacy") as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == list(EXAMPLES)
            balance = await client.call_tool(GET_BALANCE, {})
    assert balance.structured_content is not None
    assert balance.structured_content["outcome"] == "ok"


async def test_as_printed_it_starts_and_says_that_the_credentials_are_missing(uv: dict[str, str]) -> None:
    host = host_named("claude-desktop")
    assert host is not None
    mine = published(host)
    server = StdioServerParameters(command=mine["command"], args=mine["args"], env={**uv, **mine["env"]})
    with anyio.fail_after(180):
        async with Client(server, mode="auto") as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == listed("auto")
            refused = await client.call_tool(GET_BALANCE, {})
    assert refused.structured_content is not None
    assert refused.structured_content["outcome"] == "nothing_done"
    assert "ILETIMERKEZI_API_KEY" in refused.structured_content["next_step"]


def test_the_wheelhouse_is_a_must_where_that_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.wheelhouse.uvx.WHEELHOUSE", tmp_path)
    monkeypatch.setitem(os.environ, "REQUIRE_WHEELHOUSE", "1")
    with pytest.raises(pytest.fail.Exception, match="has no wheel of this package"):
        wheelhouse()
    monkeypatch.delitem(os.environ, "REQUIRE_WHEELHOUSE")
    with pytest.raises(pytest.skip.Exception, match="has no wheel"):
        wheelhouse()


@pytest.mark.parametrize(
    ("released", "program"), [(True, "uvx{} iletimerkezi-mcp"), (False, '"$PWD/.venv/bin/iletimerkezi-mcp"{}')]
)
def test_a_person_types_the_command_of_a_checkout_until_the_package_is_on_the_index(
    released: bool, program: str
) -> None:
    lines = [line for host in HOSTS if (line := add_line(host, released=released))]
    assert lines == [
        f"claude mcp add --scope user iletimerkezi -- {program.format('')}",
        f"codex mcp add iletimerkezi -- {program.format('')}",
        f"gemini mcp add --scope user iletimerkezi {program.format(' --')}",
    ]


def test_the_hosts_that_are_command_lines_have_their_own_command() -> None:
    commands = {host.id: " ".join(add_command(host, Launch(sandbox=True))) for host in HOSTS}
    assert {host: command for host, command in commands.items() if command} == {
        "claude-code": "claude mcp add --scope user iletimerkezi-sandbox -- uvx iletimerkezi-mcp --sandbox",
        "codex": "codex mcp add iletimerkezi-sandbox -- uvx iletimerkezi-mcp --sandbox",
        "gemini": "gemini mcp add --scope user iletimerkezi-sandbox uvx -- iletimerkezi-mcp --sandbox",
    }
