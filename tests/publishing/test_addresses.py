"""No file of the repository names the address of a package registry: whoever installs decides which one it is."""

from __future__ import annotations

import subprocess

import pytest

from publishing.files import PUBLISHED, ROOT

REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("ghcr", "io"),
        ("docker", "io"),
        ("docker", "com"),
        ("quay", "io"),
        ("crates", "io"),
        ("debian", "org"),
    )
)
"""Written in parts, so that this file names none of them either."""


def _tracked() -> list[str]:
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    ran = subprocess.run(asked, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60)
    if ran.returncode:
        pytest.skip("not a git checkout: which files are tracked cannot be asked")
    return [name for name in ran.stdout.split("\0") if name and (ROOT / name).is_file()]


def named_in(text: str) -> list[str]:
    """The registries that `text` names."""
    return [registry for registry in REGISTRIES if registry in text.lower()]


def test_no_file_names_a_registrys_address() -> None:
    tracked = _tracked()
    assert {published.path for published in PUBLISHED} <= set(tracked)
    told = {name: named_in((ROOT / name).read_text(encoding="utf-8", errors="replace")) for name in tracked}
    assert {name: named for name, named in told.items() if named} == {}


@pytest.mark.parametrize("registry", REGISTRIES)
def test_an_address_would_be_seen(registry: str) -> None:
    assert named_in(f'"registryBaseUrl": "https://{registry.upper()}/"') == [registry]
