"""What ``pyproject.toml`` says of the package, and its version: said there once, repeated in every published file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from iletimerkezi_mcp import __version__

ROOT: Final = Path(__file__).parents[1]
"""The checkout."""

_PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

VERSION: Final = __version__

DESCRIPTION: Final[str] = _PROJECT["description"]
"""One sentence, which the MCP registry limits to 100 characters."""

LICENSE: Final[str] = _PROJECT["license"]
KEYWORDS: Final[list[str]] = _PROJECT["keywords"]
REQUIRES_PYTHON: Final[str] = _PROJECT["requires-python"]
DEPENDENCIES: Final[list[str]] = _PROJECT["dependencies"]
