"""The demo of a text: pushed reports arrive in it, and it fails where a step of its story does."""

from __future__ import annotations

import errno
import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp.client.stdio import StdioServerParameters

from iletimerkezi_mcp.cli.demo import command, stage
from iletimerkezi_mcp.cli.demo.pushing import pushing
from iletimerkezi_mcp.cli.demo.sms_story import SmsStory
from iletimerkezi_mcp.cli.terminal import Output
from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sandbox import push
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import Settings, load_settings
from iletimerkezi_mcp.sms.clock import Clock, system_clock
from iletimerkezi_mcp.transports import http
from tests.calls import GET_REPORT
from tests.hosting import LIVE, QUICK, Wire

NO_PUSHES = partial(SmsStory, pushes=nullcontext(Text("No pushes.", "Bildirim yok.")))
"""The story on a machine that opens no port."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An operator whose ledger is the test's own."""
    return replace(LIVE, state_dir=tmp_path)


async def played(capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings, **changed: Any) -> tuple[int, str]:
    """Exit code and output of a demo against a server of its own."""
    settings = replace(settings, **changed)
    server = build_server(settings, transport=lambda: wire, timeouts=QUICK)
    code = await command.play(settings, Output(sys.stdout), server, NO_PUSHES)
    return code, capsys.readouterr().out


@pytest.fixture
def wire() -> Any:
    with SandboxDatabase() as database:
        yield Wire(Provider(database))


def finished(request: httpx.Request) -> httpx.Response | None:
    """Answer for a report that the order has finished, and leave all else to the provider."""
    if "/get-report/" not in request.url.path:
        return None
    order = {"status": 114, "delivered": 2, "undelivered": 1, "waiting": 0}
    return httpx.Response(200, json={"response": {"status": {"code": 200}, "order": order}})


def quick_clock() -> Clock:
    """Return a clock that runs twenty times as fast, so that messages are reported soon."""
    start = system_clock()
    return lambda: start + 20 * (system_clock() - start)


async def played_in_sandbox(capsys: pytest.CaptureFixture[str], folder: Path) -> str:
    """Return what a demo writes whose server shares `folder` with the process that takes pushed reports."""
    sandbox = load_settings({"ILETIMERKEZI_STATE_DIR": str(folder)}, {"sandbox": "1", "language": "en"})
    clock = quick_clock()
    story = partial(SmsStory, pushes=pushing(sandbox, clock))
    code = await command.play(sandbox, Output(sys.stdout), build_server(sandbox, clock=clock), story)
    written = capsys.readouterr()
    assert (code, written.err) == (0, ""), written.out
    return written.out.partition("3. The report as it fills")[2].partition("\n\n4.")[0]


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push, "PERIOD", 0.01)
    monkeypatch.setattr(stage, "POLL_SECONDS", 0.02)


@pytest.mark.usefixtures("quickly")
async def test_pushed_reports_arrive_and_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = await played_in_sandbox(capsys, tmp_path)
    assert "pushes each message's report to a port" in report
    assert "older than this answer: 2 delivered, 1 undelivered, 0 waiting." in report
    assert "+905000000112: undelivered." in report


@pytest.mark.usefixtures("quickly")
async def test_where_no_port_can_be_opened_it_says_so_and_goes_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(http, "listen", refuse)
    report = await played_in_sandbox(capsys, tmp_path)
    assert (
        "Pushed reports cannot be shown: no port could be opened at 127.0.0.1 ([Errno 24] Too many open files)."
        in report
    )
    assert "Pushed reports, the last" not in report


async def test_reports_that_are_not_pushed_end_it(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "REPORT_SECONDS", 1)
    monkeypatch.setattr(stage, "POLL_SECONDS", 0.2)
    wire.broken = finished
    server = build_server(settings, transport=lambda: wire, timeouts=QUICK)
    code = await command.play(settings, Output(sys.stdout), server, partial(SmsStory, pushes=nullcontext(None)))
    assert (code, capsys.readouterr().out.splitlines()[-1]) == (1, "✗ get_report: what is awaited did not come in time")


async def test_an_outcome_that_is_not_the_expected_one_ends_it(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings
) -> None:
    code, shown = await played(capsys, wire, settings, sender=None)
    assert code == 1
    assert shown.endswith("✗ send_sms: nothing_done, expected preview\n")


async def test_an_order_that_does_not_finish_ends_it(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "REPORT_SECONDS", 0)
    code, shown = await played(capsys, wire, settings)
    assert code == 1
    assert shown.endswith("✗ get_report: what is awaited did not come in time\n")


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        (
            "get-report",
            {"order": {"status": 114, "delivered": 3, "undelivered": 0, "waiting": 0}},
            GET_REPORT,
        ),
        ("get-blacklist", {"blacklist": {"count": 0, "number": []}}, "number_on_page: False, expected True"),
    ],
)
async def test_an_answer_that_is_not_the_expected_one_ends_it(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings, path: str, body: dict[str, Any], named: str
) -> None:
    def answer(request: httpx.Request) -> httpx.Response | None:
        if f"/{path}/" not in request.url.path:
            return finished(request)
        return httpx.Response(200, json={"response": {"status": {"code": 200}, **body}})

    wire.broken = answer
    code, shown = await played(capsys, wire, settings)
    assert code == 1
    assert named in shown.splitlines()[-1]


async def test_in_json_the_story_is_one_object_in_the_operators_language(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings
) -> None:
    wire.broken = finished
    settings = replace(settings, language="tr")
    server = build_server(settings, transport=lambda: wire, timeouts=QUICK)
    code = await command.play(settings, Output(sys.stdout, as_json=True), server, NO_PUSHES)
    story = json.loads(capsys.readouterr().out)
    assert (code, story["ok"], story["failure"]) == (0, True, None)
    assert story["steps"][0] == {"step": "1. Hangi sunucuya bağlandım?"}


async def test_a_failure_is_told_in_json_too(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings
) -> None:
    settings = replace(settings, sender=None)
    server = build_server(settings, transport=lambda: wire, timeouts=QUICK)
    code = await command.play(settings, Output(sys.stdout, as_json=True), server, NO_PUSHES)
    story = json.loads(capsys.readouterr().out)
    assert (code, story["ok"], story["failure"]) == (1, False, "send_sms: nothing_done, expected preview")


async def test_a_failure_is_told_in_the_language_of_the_story(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings
) -> None:
    code, shown = await played(capsys, wire, settings, sender=None, language="tr")
    assert code == 1
    assert shown.startswith("iletimerkezi-mcp sunucusuyla ")
    assert shown.endswith("✗ send_sms: nothing_done, beklenen: preview\n")


async def test_the_report_is_one_line_for_each_change_until_it_is_whole(
    capsys: pytest.CaptureFixture[str], wire: Wire, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = [(113, 0, 0, 3), (113, 0, 0, 3), (113, 1, 0, 2), (114, 2, 1, 0)]

    def answer(request: httpx.Request) -> httpx.Response | None:
        if "/get-report/" not in request.url.path:
            return None
        code, delivered, undelivered, waiting = statuses.pop(0)
        order = {
            "status": code,
            "delivered": delivered,
            "undelivered": undelivered,
            "waiting": waiting,
        }
        return httpx.Response(200, json={"response": {"status": {"code": 200}, "order": order}})

    wire.broken = answer
    monkeypatch.setattr(stage, "POLL_SECONDS", 0)
    code, shown = await played(capsys, wire, settings)
    told = shown.partition("3. The report as it fills")[2].partition("\n\n4.")[0]
    assert (code, statuses) == (0, [])
    assert [
        line[line.index("Order ") :].partition(": ")[2]
        for line in told.splitlines()
        if "Order " in line and "→" not in line
    ][:3] == [
        "still sending, 0 delivered, 0 undelivered, 3 waiting.",
        "still sending, 1 delivered, 0 undelivered, 2 waiting.",
        "finished, 2 delivered, 1 undelivered, 0 waiting.",
    ]
    assert told.count("→ get_report") == 1


def test_the_server_has_folders_of_the_demos_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ILETIMERKEZI_STATE_DIR", "/the/operators/own")
    monkeypatch.setenv("ILETIMERKEZI_API_KEY", "canary")
    server = command.temporary_server(tmp_path, None, "tr")
    own = {name: value for name, value in (server.env or {}).items() if name.startswith("ILETIMERKEZI_")}
    assert own == {"ILETIMERKEZI_STATE_DIR": str(tmp_path)}
    assert server.args[-3:] == ["--sandbox", "--lang", "tr"]


async def test_a_server_that_does_not_start_ends_it_with_one_sentence(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    gone = StdioServerParameters(command=sys.executable, args=["-c", ""])
    code = await command.play(settings, Output(sys.stdout), gone, NO_PUSHES)
    assert (code, capsys.readouterr().out.splitlines()[-1]) == (1, "✗ the server failed: Connection closed")
