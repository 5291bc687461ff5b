"""What is committed for hosts and registries to read is what the code makes of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from publishing.files import PUBLISHED, ROOT, Published


@pytest.mark.parametrize("published", PUBLISHED, ids=lambda published: published.path)
def test_a_published_file_is_what_the_code_makes_of_it(published: Published) -> None:
    assert (ROOT / published.path).read_text(encoding="utf-8") == published.make()


def test_the_command_writes_nothing_where_nothing_is_stale() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "publishing"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
