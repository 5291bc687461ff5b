"""The hosts' own tools, as `set-up` beside this installs them; nothing is downloaded here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.node.tools import NODE

FOLDER = Path(__file__).parent
SETUP = "tests/node/hosts/set-up"
_MODULES = FOLDER / "node_modules"
_PROGRAMS = {
    "claude": "@anthropic-ai/claude-code/cli-wrapper.cjs",
    "gemini": "@google/gemini-cli/bundle/gemini.js",
    "mcpb": "@anthropic-ai/mcpb/dist/cli/cli.js",
}
"""Each program and its script for Node; that of Claude Code finds the binary, which no script has put in its place."""


def _node() -> str | None:
    return str(NODE) if NODE.exists() else shutil.which("node")


def _missing() -> str | None:
    installed = _MODULES / ".installed"
    if not installed.exists():
        return f"the hosts' own tools are not installed: run {SETUP}, which needs npm"
    if installed.read_bytes() != (FOLDER / "package.json").read_bytes():
        return f"the hosts' own tools are not those of tests/node/hosts/package.json: run {SETUP}"
    return None if _node() else "there is no Node to run the hosts' own tools with: run tests/node/set-up"


needs_host_tools = pytest.mark.skipif(_missing() is not None, reason=_missing() or "")


def programs(folder: Path) -> Path:
    """Return `folder`, made, with the programs in it."""
    folder.mkdir()
    for name, script in _PROGRAMS.items():
        program = folder / name
        program.write_text(f"#!/bin/sh\nexec '{_node()}' '{_MODULES / script}' \"$@\"\n", encoding="utf-8")
        program.chmod(0o755)
    return folder
