"""The machine on which the figures were taken."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("mcp", "pydantic", "pydantic_core", "anyio", "httpx", "httpcore")


def machine() -> dict[str, str]:
    """Return processor, cores, system and versions, and nothing that names the machine."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
    }


def load() -> float:
    """Return how many processes wanted to compute in the last minute, on average."""
    return round(os.getloadavg()[0], 1)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()
