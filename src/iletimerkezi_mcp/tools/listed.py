"""The tools as `tools/list` shows them, written out beforehand: deriving their schemas takes a tenth of a start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import mcp.types as mcp_types

FILE = Path(__file__).with_name("listed.json")
"""What ``python -m publishing`` makes of the tools' models; a test says when it is stale."""


def written() -> Mapping[str, mcp_types.Tool]:
    """Each tool by its name."""
    listed = json.loads(FILE.read_text(encoding="utf-8"))["tools"]
    return {tool["name"]: mcp_types.Tool.model_validate(tool) for tool in listed}
