"""The hosts that ``set-up`` beside this installs, run in a home of their own from which nothing gets out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.streams.buffered import BufferedByteReceiveStream

from tests import processes
from tests.wheelhouse.uvx import uv_environment, wheelhouse

PROGRAMS = Path(__file__).parent / "node_modules" / ".bin"
SETUP = "tests/real_hosts/set-up"
NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody answers for: the discard port of this machine."""

SILENT = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), NOWHERE),
    "CI": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "GEMINI_TELEMETRY_ENABLED": "false",
}
"""Telemetry, reports and updates off, and no way out for what is sent all the same."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A home, a project in it, and the programs of the hosts. `seen` is what the server was started with."""

    project: Path
    seen: Path
    environment: dict[str, str]

    def run(self, program: str, *arguments: str, **variables: str) -> str:
        """Return what `program` prints on both its streams; it has to end well."""
        ran = subprocess.run(
            [self._found(program), *arguments],
            cwd=self.project,
            env={**self.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=180,
        )
        assert ran.returncode == 0, ran.stdout
        return ran.stdout

    async def codex_tools(self, **variables: str) -> dict[str, list[str]]:
        """Return the tools of each server as Codex itself lists them once it has started it."""
        command = [self._found("codex"), "app-server"]
        variables = {**self.environment, **variables}
        async with processes.opened(
            command, bound=180, cwd=self.project, env=variables, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            out = BufferedByteReceiveStream(process.stdout)

            async def ask(number: int, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
                assert process.stdin is not None
                message = {"id": number, "method": method, "params": params}
                await process.stdin.send(json.dumps(message).encode() + b"\n")
                while True:
                    answer = json.loads(await out.receive_until(b"\n", 1 << 24))
                    if answer.get("id") == number:
                        result = answer["result"]
                        assert isinstance(result, dict)
                        return result

            await ask(1, "initialize", {"clientInfo": {"name": "test", "title": "test", "version": "1"}})
            await process.stdin.send(b'{"method": "initialized"}\n')
            listed = await ask(2, "mcpServerStatus/list", {})
            return {server["name"]: sorted(server["tools"]) for server in listed["data"]}

    def started_with(self) -> str:
        """Return the variables of ours that every start of the server so far was given."""
        return self.seen.read_text(encoding="utf-8") if self.seen.exists() else ""

    def _found(self, program: str) -> str:
        found = shutil.which(program, path=self.environment["PATH"])
        assert found is not None, program
        return found


def warm(folder: Path) -> dict[str, str]:
    """Return the environment of ``uvx``, which has run the package once: some hosts wait five seconds, a first start takes more.

    Skips the tests aloud where the hosts are not installed.
    """
    if not PROGRAMS.is_dir():
        pytest.skip(f"no hosts are installed: run {SETUP}")
    return warm_uvx(folder)


def warm_uvx(folder: Path) -> dict[str, str]:
    """Return the environment of ``uvx``, which has run the package once."""
    if sys.platform == "win32":
        pytest.skip("the launch line is recorded by a shell script")
    uv = uv_environment(wheelhouse(), folder)
    uvx = Path(sysconfig.get_path("scripts")) / "uvx"
    once = {**uv, "UV_COMPILE_BYTECODE": "1"}
    subprocess.run([uvx, "iletimerkezi-mcp", "--version"], env=once, check=True, capture_output=True, timeout=180)
    return uv


def machine(folder: Path, uv: Mapping[str, str], programs: Path = PROGRAMS) -> Machine:
    """Return a machine of its own in `folder`, on which the hosts are in `programs`."""
    seen, shim, project = folder / "seen", folder / "bin" / "uvx", folder / "home" / "project"
    shim.parent.mkdir()
    project.mkdir(parents=True)
    # Hosts hand on few variables, so those that keep uvx off the network are set where it is started.
    kept = "\n".join(f"export {name}='{value}'" for name, value in uv.items() if name.startswith("UV_"))
    uvx = Path(sysconfig.get_path("scripts")) / "uvx"
    shim.write_text(
        f"#!/bin/sh\nenv | grep '^ILETIMERKEZI_' >>'{seen}'\n{kept}\nexec '{uvx}' \"$@\"\n", encoding="utf-8"
    )
    shim.chmod(0o755)
    path = os.pathsep.join([str(shim.parent), str(programs), uv["PATH"]])
    # Gemini starts no server in a folder that nobody has trusted.
    trusted = folder / "home" / ".gemini" / "trustedFolders.json"
    trusted.parent.mkdir()
    trusted.write_text(json.dumps({str(project): "TRUST_FOLDER"}), encoding="utf-8")
    environment = {**SILENT, "HOME": str(folder / "home"), "PATH": path, "LANG": "C.UTF-8", "ILETIMERKEZI_LANG": "en"}
    return Machine(project, seen, environment)
