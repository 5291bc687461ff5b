"""The facts that every published file repeats: from ``pyproject.toml``, and who publishes this server under which names."""

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

DESCRIPTION_TR: Final = (
    "iletiMerkezi SMS API'si için MCP sunucusu: geri alınamayan işlemlerden önce önizleme, bir de deneme ortamı."
)
"""The same sentence for Turkish readers."""

LICENSE: Final[str] = _PROJECT["license"]
KEYWORDS: Final[list[str]] = _PROJECT["keywords"]
REQUIRES_PYTHON: Final[str] = _PROJECT["requires-python"]
DEPENDENCIES: Final[list[str]] = _PROJECT["dependencies"]

OWNER: Final = "iletimerkezi-mcp"
"""The account on the repository host."""

PACKAGE: Final = "iletimerkezi-mcp"
"""The Python package, and the program that it installs."""

NAMESPACE: Final = f"io.github.{OWNER}/{PACKAGE}"
"""The server's name in the MCP registry, which the README has to name too (``mcp-name:``)."""

REPOSITORY: Final = f"https://github.com/{OWNER}/{PACKAGE}"
