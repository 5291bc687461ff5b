"""The demo fails where a step of its story does; that it succeeds is shown at the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from iletimerkezi_mcp import demo
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sandbox.world import World
from iletimerkezi_mcp.server import build_server
from tests.hosting import LIVE, QUICK, Wire


async def played(capsys: pytest.CaptureFixture[str], wire: Wire, **changed: Any) -> tuple[int, str]:
    """Exit code and output of a demo against a server of its own."""
    settings = replace(LIVE, **changed)
    server = build_server(settings, transport=lambda: wire, limits=QUICK)
    code = await demo.play(settings, False, server)
    return code, capsys.readouterr().out


@pytest.fixture
def wire() -> Any:
    with World() as world:
        yield Wire(Provider(world))


async def test_an_outcome_that_is_not_the_expected_one_ends_it(capsys: pytest.CaptureFixture[str], wire: Wire) -> None:
    code, shown = await played(capsys, wire, sender=None)
    assert code == 1
    assert shown.endswith("✗ send_sms: nothing_done, expected preview\n")


async def test_an_order_that_does_not_finish_ends_it(
    capsys: pytest.CaptureFixture[str], wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "REPORT_SECONDS", 0)
    code, shown = await played(capsys, wire)
    assert code == 1
    assert "did not finish" in shown


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (
            "get-report",
            {"order": {"id": "1", "status": 114, "delivered": 3, "undelivered": 0, "waiting": 0}},
            "get_report",
        ),
        ("get-blacklist", {"blacklist": {"count": 0, "number": []}}, "number_on_page: False, expected True"),
    ],
)
async def test_an_answer_that_is_not_the_expected_one_ends_it(
    capsys: pytest.CaptureFixture[str], wire: Wire, path: str, body: dict[str, Any], named: str
) -> None:
    finished = {"order": {"id": "1", "status": 114, "delivered": 2, "undelivered": 1, "waiting": 0}}

    def answer(request: httpx.Request) -> httpx.Response | None:
        given = {"get-report": finished, path: body}
        found = next((given[name] for name in given if f"/{name}/" in request.url.path), None)
        return None if found is None else httpx.Response(200, json={"response": {"status": {"code": 200}, **found}})

    wire.broken = answer
    code, shown = await played(capsys, wire)
    assert code == 1
    assert named in shown.splitlines()[-1]


async def test_a_failure_is_told_in_json_too(capsys: pytest.CaptureFixture[str], wire: Wire) -> None:
    settings = replace(LIVE, sender=None)
    code = await demo.play(settings, True, build_server(settings, transport=lambda: wire, limits=QUICK))
    story = json.loads(capsys.readouterr().out)
    assert (code, story["ok"], story["failure"]) == (1, False, "send_sms: nothing_done, expected preview")
