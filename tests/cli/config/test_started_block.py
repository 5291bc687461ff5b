"""The block that `config` writes starts the server: as a host starts it, from each kind of installation."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from iletimerkezi_mcp import __version__
from tests import processes
from tests.publishing.launched import ALL_TOOLS, launched
from tests.wheelhouse.uvx import uv_environment, wheelhouse

ROOT = Path(__file__).parents[3]
WHEEL = f"iletimerkezi_mcp-{__version__}-py3-none-any.whl"
SOURCES = {"an index": None, "a wheel": WHEEL, "a folder": "checkout"}


@pytest.fixture(scope="module")
def uv(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of uv; what the first start installs serves the others."""
    return uv_environment(wheelhouse(), tmp_path_factory.mktemp("uv"))


def written(command: list[str], folder: Path, uv: dict[str, str]) -> list[str]:
    """Return the command line in the file of Cursor, after `command` has written it in `folder`."""
    variables = {**uv, "HOME": str(folder), "USERPROFILE": str(folder)}
    ran = processes.run([*command, "config", "cursor", "--sandbox", "--write"], env=variables, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    file = folder / ".cursor" / "mcp.json"
    mine = json.loads(file.read_text(encoding="utf-8"))["mcpServers"]["iletimerkezi-sandbox"]
    return [mine["command"], *mine["args"]]


async def starts(command: list[str], folder: Path, uv: dict[str, str]) -> None:
    """See that `command` starts this server, from a folder that has nothing to do with it."""
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    server = await launched(command, uv, elsewhere)
    assert (server.version, server.tools[: len(ALL_TOOLS)]) == (__version__, ALL_TOOLS)


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
async def test_uvx_starts_what_it_was_run_with(source: str | None, tmp_path: Path, uv: dict[str, str]) -> None:
    named = []
    if source == WHEEL:
        shutil.copy(wheelhouse() / WHEEL, tmp_path)
    elif source:
        shutil.copytree(ROOT / "src", tmp_path / source / "src", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, tmp_path / source)
    if source:
        named = ["--from", str(tmp_path / source)]
    given = ["--from", f"./{source}"] if source else []
    command = written(["uvx", *given, "iletimerkezi-mcp"], tmp_path, uv)
    assert command == ["uvx", *named, "iletimerkezi-mcp", "--sandbox"]
    await starts(command, tmp_path, uv)


async def test_a_tool_of_uv_starts_by_its_own_program(tmp_path: Path, uv: dict[str, str]) -> None:
    tool = {**uv, "UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    ran = processes.run(["uv", "tool", "install", "iletimerkezi-mcp"], env=tool)
    assert ran.returncode == 0, ran.stderr
    (program,) = (tmp_path / "bin").iterdir()
    command = written([str(program)], tmp_path, uv)
    assert Path(command[0]).is_relative_to(tmp_path / "tools")
    await starts(command, tmp_path, {})


async def test_a_virtual_environment_starts_by_its_own_program(tmp_path: Path) -> None:
    command = written([sys.executable, "-m", "iletimerkezi_mcp"], tmp_path, processes.environment())
    assert Path(command[0]).is_relative_to(sys.prefix)
    await starts(command, tmp_path, {})
