"""Real hosts say themselves that the block works: no account, no model, nothing leaves the machine."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from iletimerkezi_mcp.cli.config.entry import LAUNCH_LINE, TOKEN, Launch
from iletimerkezi_mcp.cli.config.hosts import HOSTS
from iletimerkezi_mcp.tools.catalogue import REGISTRY
from publishing.clients import add_command
from tests import processes
from tests.real_hosts.installed import Machine, machine, warm
from tests.transports.served import ALI

pytestmark = pytest.mark.real_hosts

ACCOUNT = {"ILETIMERKEZI_API_KEY": "a-key-of-the-test", "ILETIMERKEZI_API_HASH": "a-hash-of-the-test"}
LAUNCHES = (Launch(), Launch(sandbox=True))
TOOLS = sorted(spec.name for spec in REGISTRY.specs)
CONNECTED = {"claude-code": "claude", "gemini": "gemini"}
"""The hosts whose `mcp list` starts the servers, and their programs."""

HEALTHY = r"^\W*{name}: {way} .*- (?:✔ |✓ )?Connected$"


@pytest.fixture(scope="session")
def uv(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return warm(tmp_path_factory.mktemp("uv"))


@pytest.fixture
def mine(tmp_path: Path, uv: dict[str, str]) -> Machine:
    return machine(tmp_path, uv)


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Launch]:
    """A server on loopback that takes Ali's token."""
    variables = processes.environment(**{TOKEN: f"ali:{ALI}", "ILETIMERKEZI_STATE_DIR": str(tmp_path / "state")})
    command = [*processes.COMMAND, "--sandbox", "--transport", "streamable-http", "--port", "0"]
    with processes.running(command, env=variables, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr is not None
        address = re.search(r"http://\S+", process.stderr.readline())
        assert address is not None
        yield Launch(url=address[0])
        process.send_signal(signal.SIGINT)
        process.wait()


def config(mine: Machine, host: str) -> None:
    """Put both servers into the host's file, as a person does."""
    for flags in ([], ["--sandbox"]):
        mine.run(*LAUNCH_LINE, "config", host, *flags, "--write")


def is_connected(said: str, launch: Launch) -> bool:
    wanted = HEALTHY.format(name=re.escape(launch.name), way=re.escape(launch.url or " ".join(launch.words)))
    return re.search(wanted, said, re.MULTILINE) is not None


@pytest.mark.parametrize("host", CONNECTED)
def test_a_host_with_our_block_in_its_file_says_connected(host: str, mine: Machine) -> None:
    config(mine, host)
    said = mine.run(CONNECTED[host], "mcp", "list")
    assert [is_connected(said, launch) for launch in LAUNCHES] == [True, True], said
    # Nothing was set, and nothing but what is empty came: no reference reaches the server as it is written.
    assert "${" not in mine.started_with()


@pytest.mark.parametrize("host", CONNECTED)
def test_a_host_hands_the_credentials_of_its_environment_to_the_server(host: str, mine: Machine) -> None:
    config(mine, host)
    said = mine.run(CONNECTED[host], "mcp", "list", **ACCOUNT)
    assert is_connected(said, LAUNCHES[0]), said
    for variable, value in ACCOUNT.items():
        assert f"{variable}={value}\n" in mine.started_with()


async def test_codex_with_our_block_in_its_file_lists_the_servers_and_their_tools(mine: Machine) -> None:
    config(mine, "codex")
    said = mine.run("codex", "mcp", "list")
    for launch in LAUNCHES:
        assert re.search(rf"^{launch.name} +uvx +{' '.join(launch.words[1:])} .* enabled ", said, re.MULTILINE), said
    assert await mine.codex_tools(**ACCOUNT) == {launch.name: TOOLS for launch in LAUNCHES}
    for variable, value in ACCOUNT.items():
        assert f"{variable}={value}\n" in mine.started_with()


async def test_codex_starts_the_server_where_no_credentials_are_set(mine: Machine) -> None:
    config(mine, "codex")
    assert await mine.codex_tools() == {launch.name: TOOLS for launch in LAUNCHES}


async def test_every_host_adds_the_launch_line_with_its_own_command(mine: Machine) -> None:
    launch = LAUNCHES[1]
    commands = [command for host in HOSTS if (command := add_command(host, launch))]
    assert [command[0] for command in commands] == ["claude", "codex", "gemini"]
    for command in commands:
        mine.run(*command)
    # What a host wrote itself is what config writes, but for the time it waits.
    for host in (*CONNECTED, "codex"):
        said = mine.run(*LAUNCH_LINE, "config", host, "--sandbox", "--write")
        assert ("has it already" in said) == (host == "claude-code"), said
    for program in CONNECTED.values():
        said = mine.run(program, "mcp", "list")
        assert is_connected(said, launch), said
    assert await mine.codex_tools() == {launch.name: TOOLS}


async def test_every_host_reaches_a_remote_server_with_the_token_of_its_environment(
    mine: Machine, remote: Launch
) -> None:
    loopback = {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    for host in (*CONNECTED, "codex"):
        mine.run("iletimerkezi-mcp", "config", host, "--url", str(remote.url), "--write")
    for program in CONNECTED.values():
        said = mine.run(program, "mcp", "list", **loopback, **{TOKEN: ALI})
        assert is_connected(said, remote), said
    assert await mine.codex_tools(**loopback, **{TOKEN: ALI}) == {remote.name: TOOLS}
