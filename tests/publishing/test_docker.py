"""The container's file: linted, complete, without root, and, where an engine runs, built and started."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from publishing.files import ROOT
from publishing.project import NAMESPACE
from tests.publishing.launched import ALL_TOOLS, launched

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
TAG = "iletimerkezi-mcp:test"


def _instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.partition(" ")[2] for line in joined.splitlines() if line.startswith(f"{name} ")]


def _hadolint() -> str:
    program = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("hadolint is not installed: the Dockerfile was not linted")
    return program


def test_the_linter_finds_nothing() -> None:
    ran = subprocess.run(
        [_hadolint(), "--no-color", str(ROOT / "Dockerfile")], capture_output=True, encoding="utf-8", timeout=60
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_linter_finds_what_is_wrong() -> None:
    ran = subprocess.run(
        [_hadolint(), "--no-color", "-"],
        input=DOCKERFILE.replace(":3.13-slim", ""),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert "DL3006" in ran.stdout


def test_it_runs_the_program_itself_without_root_with_its_state_in_a_volume() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    [entry_point] = _instructions("ENTRYPOINT")
    assert json.loads(entry_point) == list(scripts)
    [user] = _instructions("USER")
    assert int(user) > 0
    [volume] = _instructions("VOLUME")
    assert f"ILETIMERKEZI_STATE_DIR={volume}" in _instructions("ENV")[0]
    assert f"-o iletimerkezi -m 700 {volume}" in DOCKERFILE


def test_it_names_the_server_and_sets_no_secret() -> None:
    assert f'io.modelcontextprotocol.server.name="{NAMESPACE}"' in DOCKERFILE
    assert not re.search(r"API_KEY|API_HASH|TOKEN", DOCKERFILE)


def test_what_the_package_is_built_from_reaches_the_builder_and_nothing_else_does() -> None:
    first, *rest = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in rest if line.startswith("!")}
    copied = {source for line in _instructions("COPY") if not line.startswith("--from") for source in line.split()[:-1]}
    assert (first, allowed) == ("*", copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"pyproject.toml", "src", project["readme"], *project["license-files"]} == copied
    assert all((ROOT / source).exists() for source in copied)


def test_the_documents_have_no_container_file_of_their_own() -> None:
    remote = (ROOT / "docs" / "remote.md").read_text(encoding="utf-8")
    assert "[Dockerfile](../Dockerfile)" in remote
    assert "ENTRYPOINT [" not in remote
    assert not re.search(r"^FROM ", remote, re.MULTILINE)


@pytest.fixture
def docker() -> str:
    """An engine's command line, with the image built from the checkout."""
    program = shutil.which("docker")
    if program is None or subprocess.run([program, "info"], capture_output=True, timeout=60).returncode:
        pytest.skip("no container engine answers `docker info`: the container was not built")
    subprocess.run([program, "build", "--tag", TAG, "."], cwd=ROOT, check=True, timeout=550)
    return program


@pytest.mark.real_hosts
async def test_the_container_starts_without_credentials_and_lists_the_tools(docker: str, tmp_path: Path) -> None:
    started = await launched([docker, "run", "--rm", "--interactive", TAG], {}, tmp_path)
    assert started.tools == ALL_TOOLS


@pytest.mark.real_hosts
def test_the_container_does_not_run_as_root(docker: str) -> None:
    asked = [docker, "run", "--rm", "--entrypoint", "id", TAG, "-u"]
    who = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert int(who.stdout) > 0
