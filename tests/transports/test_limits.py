"""Limits for network clients."""

from __future__ import annotations

import sys

import pytest

from iletimerkezi_mcp.transports.limits import MAX_CONNECTIONS, max_connections


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit a process's open files")
def test_half_of_the_files_that_a_process_may_open_are_left_for_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    for files, connections in ((1_024, 512), (65_536, MAX_CONNECTIONS), (resource.RLIM_INFINITY, MAX_CONNECTIONS)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, files=files: (files, files))
        assert max_connections() == connections
