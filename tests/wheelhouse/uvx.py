"""``uvx`` as a host runs it, with the package and all that it needs from a folder of wheels instead of an index."""

from __future__ import annotations

import os
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

WHEELHOUSE = Path(__file__).parent / "wheels"
SETUP = "tests/wheelhouse/set-up"
REQUIRED = "REQUIRE_WHEELHOUSE"
"""Set where a missing wheelhouse is a failure and no reason to skip, as in ``.ci/run``."""


def wheelhouse() -> Path:
    """Return the folder of wheels, made beforehand from the package as it is now; without it the test is skipped, or fails."""
    if (problem := _problem()) is not None:
        said = f"{problem}: run {SETUP}"
        if os.environ.get(REQUIRED):
            pytest.fail(said)
        pytest.skip(said)
    return WHEELHOUSE


def uv_environment(wheels: Path, folder: Path) -> dict[str, str]:
    """Return what makes ``uvx`` take everything from `wheels`, keep it in `folder`, and look nowhere else."""
    (folder / "home").mkdir(exist_ok=True)
    return {
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)]),
        "HOME": str(folder / "home"),
        "USERPROFILE": str(folder / "home"),
        "UV_CACHE_DIR": str(folder / "cache"),
        "UV_FIND_LINKS": str(wheels),
        "UV_NO_CONFIG": "1",
        "UV_NO_INDEX": "1",
        "UV_OFFLINE": "1",
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
    }


def _problem() -> str | None:
    ours = sorted(WHEELHOUSE.glob("iletimerkezi_mcp-*.whl"))
    if len(ours) != 1:
        return "the wheelhouse has no wheel of this package"
    if not any(WHEELHOUSE.glob("hatchling-*.whl")):
        return "the wheelhouse has nothing that builds this package"
    with zipfile.ZipFile(ours[0]) as wheel:
        packed = {name: wheel.read(name) for name in wheel.namelist() if name.startswith("iletimerkezi_mcp/")}
    source = Path(__file__).parents[2] / "src"
    files = [path for path in (source / "iletimerkezi_mcp").rglob("*") if path.is_file() and path.suffix != ".pyc"]
    if packed != {path.relative_to(source).as_posix(): path.read_bytes() for path in files}:
        return "the wheelhouse is older than the package"
    return None
