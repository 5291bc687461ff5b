"""The command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.settings import SETTINGS
from tests.e2e.test_stdio import COMMAND, environment


def test_help_names_every_command_and_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    for setting in SETTINGS:
        assert setting.variable in shown
    for command in ("demo", "sandbox"):
        assert command in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"iletimerkezi-mcp {__version__}\n")


def test_a_wrong_setting_is_one_sentence_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--api-url", "http://example.com"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("iletimerkezi-mcp: --api-url (ILETIMERKEZI_API_URL) must begin with https://")
    assert said.count("\n") == 1


def test_there_is_no_flag_for_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    for given in (["--api-key", "canary"], ["demo", "--api-hash=canary"]):
        assert main(given) == 2
        said = capsys.readouterr().err
        assert "process list" in said
        assert "canary" not in said


def test_the_console_script_and_the_module_are_the_same() -> None:
    script = Path(sys.executable).with_name("iletimerkezi-mcp")
    for command in ([str(script)], COMMAND):
        ran = subprocess.run([*command, "--version"], capture_output=True, text=True, encoding="utf-8", check=True)
        assert ran.stdout == f"iletimerkezi-mcp {__version__}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_the_sandbox_is_served_on_loopback_until_ctrl_c() -> None:
    with subprocess.Popen(
        [*COMMAND, "sandbox", "--port", "0"], env=environment(), stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as served:
        assert served.stderr is not None
        origin = next(word for word in served.stderr.readline().split() if word.startswith("http")).rstrip(";")
        request = {"request": {"authentication": {"key": "k", "hash": "h"}}}
        answer = httpx.post(f"{origin}/v1/get-balance/json", json=request, trust_env=False)
        served.send_signal(signal.SIGINT)
        assert served.wait(timeout=30) == 0
    assert answer.json()["response"]["balance"]["sms"] == 1000


def test_the_demo_tells_its_story_and_ends_well() -> None:
    ran = subprocess.run(
        [*COMMAND, "demo"],
        env={**environment(), "ILETIMERKEZI_API_KEY": "canary"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "\x1b[" not in ran.stdout
    assert "canary" not in ran.stdout + ran.stderr
    for part in (
        "11 tools",
        "Turkish alphabet",
        "finished: delivered 2, undelivered 1",
        "ONAY",
        "did you mean send_at?",
    ):
        assert part in ran.stdout
    assert ran.stdout.rstrip().endswith("Nothing real was sent.")


def test_the_demo_can_speak_turkish_and_json() -> None:
    ran = subprocess.run(
        [*COMMAND, "demo", "--json", "--lang", "tr"],
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    story = json.loads(ran.stdout)
    assert (story["ok"], story["failure"]) == (True, None)
    assert story["steps"][0] == {"step": "1. Kime bağlandım?"}


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_the_demo_is_in_colour_on_a_terminal() -> None:
    import pty

    ours, theirs = pty.openpty()
    variables = {name: value for name, value in environment(TERM="xterm").items() if name != "NO_COLOR"}
    with subprocess.Popen([*COMMAND, "demo"], env=variables, stdout=theirs, stderr=theirs) as running:
        os.close(theirs)
        shown = b""
        try:
            while chunk := os.read(ours, 65536):
                shown += chunk
        except OSError:
            """The terminal's other end is closed: the demo is over."""
        assert running.wait(timeout=60) == 0
    os.close(ours)
    assert b"\x1b[32m" in shown
