"""The official conformance suite against the product, and against the product with the suite's fixtures added.

Both are built and served by the product's own code on a real socket; no failure is expected anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from mcp import MCPDeprecationWarning

from iletimerkezi_mcp.server.build import McpServer, build_server
from tests.node.tools import CONFORMANCE, needs_node_tools, run
from tests.transports.served import served

from .fixtures import build_with_fixtures
from .scenarios import NOT_TESTABLE, REQUIRED, REVISIONS, UNSCORED, WITHOUT_FIXTURES, Revision

pytestmark = [
    needs_node_tools,
    # The suite still asks for logging and sampling.
    pytest.mark.filterwarnings(f"ignore::{MCPDeprecationWarning.__module__}.{MCPDeprecationWarning.__qualname__}"),
]

_FOLDER = re.compile(r"server-(.+)-[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9-]+Z")


@dataclass(frozen=True, slots=True)
class Report:
    """The suite's verdict: its exit status and output, and for each scenario the checks that did not succeed."""

    status: int
    output: str
    problems: dict[str, list[str]]


async def judged(build: Callable[..., McpServer], revision: Revision, folder: Path) -> Report:
    """Have the suite judge the server that `build` makes by all that `revision` requires.

    The suite has no token to show, and so it is served without one, on loopback.
    """
    async with served("streamable-http", build=build, no_auth=True, http_token=None) as at:
        url = at.address.replace("127.0.0.1", "localhost")
        wanted = ("--url", url, "--requirements", revision, "--output-dir", str(folder / "checks"))
        ran = await run(CONFORMANCE, "server", *wanted, home=folder)
    return Report(ran.status, ran.out + ran.err, _problems(folder / "checks"))


def _problems(folder: Path) -> dict[str, list[str]]:
    problems = {}
    for path in folder.glob("*/checks.json"):
        match = _FOLDER.fullmatch(path.parent.name)
        assert match is not None, path.parent.name
        problems[match[1]] = [
            f"{check['id']}: {check.get('errorMessage')}"
            for check in json.loads(path.read_text(encoding="utf-8"))
            if check["status"] in ("FAILURE", "WARNING")
        ]
    return problems


@pytest.mark.parametrize("revision", REVISIONS)
async def test_all_that_a_revision_requires_passes_and_no_failure_is_expected(
    revision: Revision, tmp_path: Path
) -> None:
    report = await judged(build_with_fixtures, revision, tmp_path)
    assert report.status == 0, report.output
    problems = {name: checks for name, checks in report.problems.items() if not name.startswith(UNSCORED)}
    assert len(problems) >= REQUIRED[revision]
    assert {name: checks for name, checks in problems.items() if checks} == {}


@pytest.mark.parametrize("revision", REVISIONS)
async def test_the_product_itself_passes_all_that_needs_no_fixture(revision: Revision, tmp_path: Path) -> None:
    report = await judged(build_server, revision, tmp_path)
    for name in WITHOUT_FIXTURES[revision]:
        problems = report.problems[name]
        assert [problem for problem in problems if NOT_TESTABLE not in problem] == [], name
        assert not problems or name == "server-stateless", name
