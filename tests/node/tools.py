"""The official Node tools, as `tests/node/set-up` installs them; nothing is downloaded here."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import anyio
import pytest

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
NODE = MODULES / "node" / "bin" / "node"
CONFORMANCE = MODULES / "@modelcontextprotocol" / "conformance" / "dist" / "index.js"
INSPECTOR = MODULES / "@modelcontextprotocol" / "inspector" / "clients" / "launcher" / "build" / "index.js"

RUN_SECONDS = 120.0
"""The longest that one run of a tool may take."""


def _missing() -> str | None:
    installed = MODULES / ".installed"
    if not installed.exists():
        return "the official Node tools are not installed: run tests/node/set-up, which needs npm"
    if installed.read_bytes() != (FOLDER / "package.json").read_bytes():
        return "the official Node tools are not those of tests/node/package.json: run tests/node/set-up"
    return None


needs_node_tools = pytest.mark.skipif(_missing() is not None, reason=_missing() or "")


@dataclass(frozen=True, slots=True)
class Ran:
    """The answer of a tool: its exit status and all that it printed."""

    status: int
    out: str
    err: str


async def run(tool: Path, *arguments: str, home: Path) -> Ran:
    """Run a tool to its end. Whatever it keeps between runs goes to `home`."""
    with anyio.fail_after(RUN_SECONDS):
        ran = await anyio.run_process(
            [NODE, tool, *arguments], check=False, stderr=subprocess.PIPE, env=environment(home)
        )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def environment(home: Path) -> dict[str, str]:
    """Return the environment without the operator's settings or a proxy, and in which coverage is not measured.

    What Node has compiled is kept: the tools start many times, and most of that is compiling.
    """
    left_out = ("ILETIMERKEZI_", "COVERAGE_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NODE_OPTIONS")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(left_out)}
    own = {"HOME": str(home), "NO_COLOR": "1", "NODE_COMPILE_CACHE": str(MODULES / ".compiled")}
    return {**kept, **own}
