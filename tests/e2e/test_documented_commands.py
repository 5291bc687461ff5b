"""Every command that the documents name does what they say: it is found in them, and run."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.cli.commands import parse
from iletimerkezi_mcp.cli.config.hosts import HOSTS
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.transports.config import NetworkService
from publishing.clients import add_line
from tests import processes
from tests.calls import GET_BALANCE
from tests.processes import environment
from tests.transports.served import ALI, AYSE
from tests.wheelhouse.uvx import uv_environment, wheelhouse

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "README.tr.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
PROGRAMS = (
    "iletimerkezi-mcp",
    "uvx",
    "uv",
    "python3",
    "claude",
    "codex",
    "gemini",
    "docker",
    "systemctl",
    "useradd",
    "export",
    "python",
    "tests/",
    "scripts/",
    ".venv/bin/",
    ".ci/",
)
SERVER = Path(sys.executable).with_name("iletimerkezi-mcp")
PLACEHOLDERS = {"HOST": "cursor", "TOOL": GET_BALANCE, "NUMBER": "+905321234567", "NUMARA": "+905321234567"}
SERVED = re.compile(r"http://127\.0\.0\.1:\d+")


def _commands(document: Path) -> list[str]:
    """Return what is in code marks, or in a block without a language, and begins with a program's name."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", "").splitlines()]
    lines += [line.removeprefix("ExecStart=/opt/iletimerkezi-mcp/bin/") for line in lines]
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return [
        " ".join(command.split())
        for command in (*lines, *inline)
        if re.match(rf"(?:{'|'.join(map(re.escape, PROGRAMS))})(?![-@_])", command) and not command.endswith(".py")
    ]


FOUND = sorted({command for document in DOCUMENTS for command in _commands(document)})


def ours(command: str, folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run the server's own program, in the sandbox, with a state folder that goes with the test."""
    given = {**PLACEHOLDERS, "FOLDER": str(folder)}
    words = [given.get(word, word) for word in shlex.split(command)[1:]]
    return processes.run(
        [SERVER, *words],
        env=environment(
            ILETIMERKEZI_SANDBOX="1",
            ILETIMERKEZI_STATE_DIR=str(folder),
            ILETIMERKEZI_HTTP_TOKEN=f"ali:{ALI}",
            HOME=str(folder),
        ),
        **options,
    )


def ends_well(command: str, folder: Path) -> None:
    """See that it does its work and exits with 0; without a host the server ends at once."""
    ran = ours(command, folder, stdin=subprocess.DEVNULL)
    assert ran.returncode == 0, ran.stderr
    assert command.endswith("iletimerkezi-mcp") or ran.stdout


def writes_the_block(command: str, folder: Path) -> None:
    """See that the file of the host that it names is there afterwards."""
    ran = ours(command, folder)
    assert ran.returncode == 0, ran.stderr
    host = next(host for host in HOSTS if host.id == PLACEHOLDERS.get(command.split()[2], command.split()[2]))
    assert "iletimerkezi" in host.user_file.path({"HOME": str(folder)}, sys.platform).read_text(encoding="utf-8")


def is_tried_with_config(command: str, _: Path) -> None:
    """See that the tests that start the written block run it."""
    started = (ROOT / "tests" / "cli" / "config" / "test_started_block.py").read_text(encoding="utf-8")
    assert all(f'"{word}"' in started for word in command.split() if word != "X")


def serves(command: str, folder: Path) -> None:
    """See that it prints where it listens, and ends when it is told to."""
    words = [*shlex.split(command)[1:], "--port", "0"]
    secrets = {"ILETIMERKEZI_HTTP_TOKEN": f"ali:{ALI}", "ILETIMERKEZI_DELIVERY_SECRET": AYSE}
    variables = {"ILETIMERKEZI_SANDBOX": "1", **secrets}
    with processes.running(
        [SERVER, *words],
        env=environment(ILETIMERKEZI_STATE_DIR=str(folder), **variables),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        assert SERVED.search(process.stderr.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait() in (0, 130)


def may_start(command: str, _: Path) -> None:
    """See that its flags are understood and that it may serve; it is not started, for it would leave loopback."""
    words = shlex.split(command.partition("iletimerkezi-mcp --")[2].replace("%i", "8001"))
    flags = parse(["--" + words[0], *words[1:]], "en")[1]
    NetworkService.of(load_settings({"ILETIMERKEZI_HTTP_TOKEN": f"ali:{ALI}"}, flags))


def is_understood(command: str, _: Path) -> None:
    """See that its words are understood; it takes seconds, and the command line's own test runs it to its end."""
    parse(shlex.split(command)[1:], "en")


def is_in_ci(command: str, _: Path) -> None:
    """See that it is part of what runs before a change lands, word for word or by its place in the README."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    if command.startswith("python3 -m venv"):
        assert "line demo" in script
        assert "line pytest" in script
        assert "'.[dev]'" in script
    else:
        assert all(part.strip().removeprefix(".venv/bin/") in script for part in command.split("&&"))


def is_a_module(command: str, _: Path) -> None:
    """See that its module exists; another test compares what it writes with what is committed."""
    assert find_spec(command.split(" -m ")[1].split()[0]) is not None


def selects_tests(command: str, _: Path) -> None:
    """See that its folder exists, its marker is one of ours, and a test has it."""
    words = shlex.split(command.partition(" -m pytest")[2])
    markers = [words[place + 1] for place, word in enumerate(words) if word == "-m"]
    folders = [word for word in words if word not in ("-q", "-m", "-n", "auto", "--dist", "loadfile", *markers)]
    assert all((ROOT / folder).is_dir() for folder in folders)
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("*/test_*.py"))
    for marker in markers:
        assert f'"{marker}: ' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        assert f"pytest.mark.{marker}" in tests


def is_a_script(command: str, _: Path) -> None:
    """See that the file may be run and is what a shell can read."""
    file = ROOT / command.split()[0]
    assert file.stat().st_mode & 0o100
    assert processes.run(["bash", "-n", file]).returncode == 0


def runs_from_wheels(command: str, folder: Path) -> None:
    """Run it with uv, which takes the package from the wheelhouse; without one, skip or fail."""
    variables = uv_environment(wheelhouse(), folder)
    given = {"ILETIMERKEZI_SANDBOX": "1", "ILETIMERKEZI_STATE_DIR": str(folder / "state")}
    variables |= given | {"UV_TOOL_DIR": str(folder / "tools"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
    ran = processes.run(shlex.split(command), env=variables)
    assert ran.returncode == 0, ran.stderr


def is_tried_with_the_host(command: str, _: Path) -> None:
    """See that it is what the table makes, for that is what the tests with the real hosts run."""
    assert command in [add_line(host) for host in HOSTS]


def is_tried_with_the_package(command: str, _: Path) -> None:
    """See that the tests with the hosts' own tools use this part of the host; what asks on a terminal was tried by hand."""
    program, part = shlex.split(command)[:2]
    assert f'"{program}", "{part}", ' in (ROOT / "tests" / "publishing" / "test_host_tools.py").read_text(
        encoding="utf-8"
    )


def makes_tokens(command: str, folder: Path) -> None:
    """See that a shell makes tokens that the server takes."""
    line = f'PATH="{SERVER.parent}:$PATH"; {command}; printf %s "$ILETIMERKEZI_HTTP_TOKEN"'
    ran = processes.run(["bash", "-c", line], env=environment(HOME=str(folder)))
    assert [one.partition(":")[0] for one in ran.stdout.split(",")] == ["ali", "ayse"]
    assert all(len(one.partition(":")[2]) >= 32 for one in ran.stdout.split(","))


def names_the_unit(command: str, _: Path) -> None:
    """See that the page describes the unit that it names; nothing of the system is touched."""
    page = (ROOT / "docs" / "remote.md").read_text(encoding="utf-8")
    assert "/etc/systemd/system/iletimerkezi-mcp@.service" in page
    assert command in {
        "useradd --system iletimerkezi",
        "systemctl enable --now iletimerkezi-mcp@8001 iletimerkezi-mcp@8002",
    }


def builds(command: str, _: Path) -> None:
    """See that it builds the checkout's Dockerfile, which other tests lint and, with an engine, build."""
    assert command == "docker build --tag iletimerkezi-mcp ."
    assert (ROOT / "Dockerfile").exists()


WAYS: Mapping[str, Callable[[str, Path], None]] = {
    r"iletimerkezi-mcp( --help| --version| token( --delivery)?| doctor| config HOST( --url \S+)?| config [a-z-]+| config --list| call| call TOOL| rule list| state about NUMBER| state forget (NUMBER|NUMARA) --yes)?": ends_well,
    r"iletimerkezi-mcp config ([a-z-]+|HOST) --write( --sandbox| --files-dir FOLDER)?": writes_the_block,
    r"iletimerkezi-mcp (demo( --lists)?|delivery --port 8010)": is_understood,
    r"iletimerkezi-mcp (sandbox|delivery|--transport streamable-http)": serves,
    r"iletimerkezi-mcp --transport .+": may_start,
    r"docker run .+": may_start,
    r"docker build .+": builds,
    r"export .+": makes_tokens,
    r"(systemctl|useradd) .+": names_the_unit,
    r"uvx --from X( iletimerkezi-mcp)?|uv tool install": is_tried_with_config,
    r"(uvx|uv tool install) .*iletimerkezi-mcp.*": runs_from_wheels,
    r"(claude|codex|gemini) mcp add .+": is_tried_with_the_host,
    r"(claude|gemini) (mcp|plugin|extensions) .+": is_tried_with_the_package,
    r"python3 -m venv .+|\.venv/bin/ruff .+": is_in_ci,
    r".+ -m pytest .+": selects_tests,
    r"(\.venv/bin/)?python -m (?!pytest).+": is_a_module,
    r"(tests(/\w+)+/(set-up|run)|\.ci/run|scripts/check)": is_a_script,
    r"tests/\w+|uvx|uv|export": lambda command, _: None,
}
"""The trial of each kind of command; the last are names of folders and programs."""


def _way(command: str) -> Callable[[str, Path], None] | None:
    own = command.removeprefix(".venv/bin/") if command.startswith(".venv/bin/iletimerkezi-mcp") else command
    return next((way for pattern, way in WAYS.items() if re.fullmatch(pattern, own)), None)


@pytest.mark.skipif(sys.platform == "win32", reason="commands as POSIX has them")
@pytest.mark.parametrize("command", FOUND)
def test_a_documented_command_works(command: str, tmp_path: Path) -> None:
    way = _way(command)
    assert way is not None, "a document names a command that no test runs"
    way(command, tmp_path)


def test_the_documents_name_commands() -> None:
    assert len(FOUND) > 30
    assert {".venv/bin/iletimerkezi-mcp doctor", "iletimerkezi-mcp doctor"} <= set(FOUND)
