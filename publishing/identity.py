"""Who publishes this server and under which names: the one place where they stand."""

from __future__ import annotations

from typing import Final

OWNER: Final = "iletimerkezi-mcp"
"""The account on the repository host."""

PACKAGE: Final = "iletimerkezi-mcp"
"""The Python package, and the program that it installs."""

NAMESPACE: Final = f"io.github.{OWNER}/{PACKAGE}"
"""The server's name in the MCP registry, which the README has to name too (``mcp-name:``)."""

REPOSITORY: Final = f"https://github.com/{OWNER}/{PACKAGE}"
