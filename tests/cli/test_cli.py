"""The command line."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp.server import Server

from iletimerkezi_mcp import __version__
from iletimerkezi_mcp.cli import main, program
from iletimerkezi_mcp.cli.commands import COMMANDS
from iletimerkezi_mcp.settings import SETTINGS
from iletimerkezi_mcp.transports import stdio
from tests import processes
from tests.cli.terminals import on_a_terminal
from tests.processes import COMMAND, environment
from tests.sandbox.bench import order as sandbox_order
from tests.tools.examples import EXAMPLES

FIRST, LAST = ", ".join(command.name for command in COMMANDS[:-1]), COMMANDS[-1].name

PUSH = "--push must be an address such as http://127.0.0.1:8000/delivery/SECRET."


def test_help_names_every_command_and_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0
    for setting in SETTINGS:
        assert setting.variable in shown
    for command in ("demo", "doctor", "sandbox"):
        assert command in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code, capsys.readouterr().out) == (0, f"iletimerkezi-mcp {__version__}\n")


def test_a_wrong_setting_is_one_sentence_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--api-url", "http://example.com"]) == 2
    stderr = capsys.readouterr().err
    assert stderr.startswith("iletimerkezi-mcp: --api-url (ILETIMERKEZI_API_URL) must begin with https://")
    assert stderr.count("\n") == 1


@pytest.mark.parametrize("given", [[], ["call"]], ids=["serve", "call"])
def test_a_tool_that_does_not_exist_is_one_sentence_and_exit_2(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--lang", "en", "--tools", "get_balance,send_mms"]) == 2
    assert capsys.readouterr().err.startswith(
        "iletimerkezi-mcp: --tools (ILETIMERKEZI_TOOLS) names send_mms, which is not a tool; the tools are send_sms, "
    )


def test_there_is_no_flag_for_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--api-key", "canary"], ["demo", "--api-hash=canary"]):
        assert main(words) == 2
        stderr = capsys.readouterr().err
        assert "process list" in stderr
        assert "canary" not in stderr


def test_the_console_script_and_the_module_are_the_same() -> None:
    script = Path(sys.executable).with_name("iletimerkezi-mcp")
    for command in ([str(script)], COMMAND):
        ran = processes.run([*command, "--version"])
        assert ran.stdout == f"iletimerkezi-mcp {__version__}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_the_sandbox_is_served_on_loopback_until_ctrl_c() -> None:
    command = [*COMMAND, "sandbox", "--port", "0"]
    with processes.running(command, env=environment(), stderr=subprocess.PIPE, encoding="utf-8") as served:
        assert served.stderr is not None
        origin = next(word for word in served.stderr.readline().split() if word.startswith("http")).rstrip(";")
        request = {"request": {"authentication": {"key": "k", "hash": "h"}}}
        answer = httpx.post(f"{origin}/v1/get-balance/json", json=request, trust_env=False)
        served.send_signal(signal.SIGINT)
        assert served.wait() == 0
    assert answer.json()["response"]["balance"]["sms"] == 100_000


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_the_sandbox_pushes_reports_to_the_url() -> None:
    with socket.create_server(("127.0.0.1", 0)) as receiver:
        receiver.settimeout(processes.BOUND)
        url = f"http://127.0.0.1:{receiver.getsockname()[1]}/delivery/secret"
        command = [*COMMAND, "sandbox", "--port", "0", "--push", url]
        with processes.running(command, env=environment(), stderr=subprocess.PIPE, encoding="utf-8") as served:
            assert served.stderr is not None
            origin = next(word for word in served.stderr.readline().split() if word.startswith("http")).rstrip(";")
            sent = sandbox_order("+905330000011", text="Merhaba")
            request = {"request": {"authentication": {"key": "k", "hash": "h"}, "order": sent}}
            answer = httpx.post(f"{origin}/v1/send-sms/json", json=request, trust_env=False)
            connection, _ = receiver.accept()
            with connection, connection.makefile("rb") as reading:
                line = reading.readline()
            assert line == b"POST /delivery/secret HTTP/1.1\r\n"
            # The receiver has gone without an answer, and is named by what happened alone.
            failure = served.stderr.readline()
            served.send_signal(signal.SIGINT)
            assert served.wait() == 0
    assert answer.json()["response"]["status"]["code"] == 200
    assert "A report could not be pushed (" in failure
    assert url not in failure


@pytest.mark.parametrize(
    "flag",
    ["--key", "--api_key", "--API-KEY", "--Api-Hash", "--hash", "--secret", "--auth-token", "--password", "-key"],
)
@pytest.mark.parametrize("command", [[], ["demo"], ["sandbox"]])
def test_whatever_looks_like_a_secret_is_refused_and_not_repeated(
    flag: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ([f"{flag}=CANARY"], [flag, "CANARY"]):
        assert main([*command, *words]) == 2
        stderr = capsys.readouterr().err
        assert "process list" in stderr
        assert "CANARY" not in stderr
        assert stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--colour=CANARY"], "there is no --colour; see --help."),
        (["--colour", "CANARY"], "there is no --colour; see --help."),
        (["-pCANARY"], "there is no -p; see --help."),
        (["--ports", "1"], "there is no --ports; see --help. Did you mean --port?"),
        (["CANARY"], f"the only commands are {FIRST} and {LAST}; without a command it serves MCP."),
        (["demo", "CANARY"], f"the only commands are {FIRST} and {LAST}; without a command it serves MCP."),
        (["--sender"], "--sender needs a value."),
        (["--sandbox=CANARY"], "--sandbox takes no value."),
        (["demo", "--json=CANARY"], "--json takes no value."),
        (["demo", "--sender", "CANARY"], "demo does not take --sender; see demo --help."),
        (["--sender", "CANARY", "demo"], "demo does not take --sender; see demo --help."),
        (["sandbox", "--api-url=CANARY"], "sandbox does not take --api-url; see sandbox --help."),
        (["--confirm-mode=CANARY", "sandbox"], "sandbox does not take --confirm-mode; see sandbox --help."),
        (
            ["docter", "CANARY"],
            f"the only commands are {FIRST} and {LAST}; without a command it serves MCP. Did you mean doctor?",
        ),
        (["demo", "--langage", "CANARY"], "demo does not take --langage; see demo --help. Did you mean --lang?"),
        (["call", "--charset", "ingilizce"], "--charset takes english, turkish, unicode. Did you mean english?"),
        (["sandbox", "--push", "ftp://127.0.0.1/CANARY"], PUSH),
        (["sandbox", "--push", "127.0.0.1/CANARY"], PUSH),
        (["sandbox", "--push", "http:///CANARY"], PUSH),
        (["sandbox", "--push", "http://[CANARY"], PUSH),
        (["sandbox", "--push", "http://127.0.0.1:99999/CANARY"], PUSH),
        (["sandbox", "--push", "http://127.0.0.1/CANARY\x00"], PUSH),
        (["sandbox", "--port", "99999"], "--port must be a whole number from 0 to 65535."),
        (["sandbox", "--port", "-1"], "--port must be a whole number from 0 to 65535."),
        (["sandbox", "--port", "CANARY"], "--port must be a whole number from 0 to 65535."),
        (
            ["--charset", "CANARY"],
            "--charset (ILETIMERKEZI_CHARSET) must be english, turkish or unicode.",
        ),
    ],
)
def test_wrong_usage_is_one_sentence_that_repeats_no_value(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILETIMERKEZI_LANG", "en")
    assert main(words) == 2
    assert capsys.readouterr() == ("", f"iletimerkezi-mcp: {message}\n")


def test_a_wrong_variable_is_one_sentence_without_any_flag(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ILETIMERKEZI_LANG", "tr")
    monkeypatch.setenv("ILETIMERKEZI_ABROAD", "x")
    for words in ([], ["--lang"]):
        assert main(words) == 2
    assert capsys.readouterr().err == (
        "iletimerkezi-mcp: ILETIMERKEZI_ABROAD 1 ya da 0 olmalı.\niletimerkezi-mcp: --lang bir değer ister.\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--lang", "tr", "--charset", "x"], "--charset (ILETIMERKEZI_CHARSET) english, turkish ya da unicode olmalı."),
        (["--colour", "--lang=tr"], "--colour diye bir seçenek yok; --help çıktısına bakın."),
        (["--lang", "de"], "--lang (ILETIMERKEZI_LANG) en ya da tr olmalı."),
        (["--sender"], "--sender bir değer ister."),
    ],
)
def test_wrong_usage_is_explained_in_turkish_if_that_is_the_language(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ILETIMERKEZI_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    assert main(words) == 2
    assert capsys.readouterr().err == f"iletimerkezi-mcp: {message}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="terminals as POSIX has them")
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["this is an MCP server", "Ctrl-C ends it."]), ("tr", ["bu bir MCP sunucusudur", "Kapatmak için Ctrl-C."])],
)
def test_started_on_a_terminal_it_says_what_it_is_and_what_to_try(language: str, words: list[str]) -> None:
    with on_a_terminal(["--sandbox", "--lang", language], COLUMNS="60") as typist:
        typist.sees(words[-1])
        typist.types("\x03")
        # Stopped while it starts, by the system in the middle of that, or while it serves.
        assert typist.end() in {130, -signal.SIGINT, 0}
    for part in (*words, "iletimerkezi-mcp demo", "config --list", "doctor"):
        assert part in " ".join(typist.shown.split())
    assert max(map(len, typist.shown.splitlines())) <= 60


def test_on_a_pipe_it_says_nothing_of_terminals() -> None:
    ran = processes.run_command_line(["--sandbox"])
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_port_in_use_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["sandbox", "--lang", "en", "--port", str(port)]) == 2
    stderr = capsys.readouterr().err
    assert stderr.startswith(f"iletimerkezi-mcp: The sandbox cannot listen at port {port} (")
    assert stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["--sandbox"], ["sandbox"]])
def test_a_folder_that_cannot_hold_the_sandbox_is_one_sentence(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = processes.run_command_line([*command, "--state-dir", str(tmp_path / "file" / "state")])
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("iletimerkezi-mcp: ")
    assert "--state-dir (ILETIMERKEZI_STATE_DIR)" in ran.stderr
    assert ran.stderr.count("\n") == 1


def closed_pipe() -> int:
    """The writing end of a pipe whose other end is closed."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.parametrize("arguments", [["demo"], ["--version"]])
def test_a_reader_that_has_gone_ends_it_quietly(arguments: list[str]) -> None:
    pipe = closed_pipe()
    try:
        ran = processes.run_command_line(arguments, stdout=pipe, PYTHONUNBUFFERED="")
    finally:
        os.close(pipe)
    assert (ran.returncode, ran.stderr) == (1, "")


def test_a_host_that_has_gone_ends_the_server_quietly() -> None:
    info = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "h", "version": "1"}}
    request = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": info}
    reading, writing = os.pipe()
    os.write(writing, json.dumps(request).encode() + b"\n")
    os.close(writing)
    pipe = closed_pipe()
    try:
        ran = processes.run_command_line(["--sandbox"], stdin=reading, stdout=pipe)
    finally:
        os.close(pipe)
        os.close(reading)
    assert ran.returncode in (0, 1)
    assert ran.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors as POSIX has them")
@pytest.mark.parametrize(
    ("closed", "arguments", "message"),
    [
        ("<&-", "--sandbox", "stdin is closed and must be open.\n"),
        (">&-", "--sandbox", "stdout is closed and must be open.\n"),
        (">&-", "demo", "stdout is closed and must be open.\n"),
    ],
)
def test_a_closed_stream_is_one_sentence(closed: str, arguments: str, message: str) -> None:
    command = ["sh", "-c", f'exec "$@" {arguments} {closed}', "sh", *COMMAND]
    ran = processes.run(command, env=environment(), stdin=None, stdout=None)
    assert (ran.returncode, ran.stderr) == (2, f"iletimerkezi-mcp: {message}")


def test_without_stderr_it_keeps_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["--colour"]) == 2
    sys.excepthook(ValueError, ValueError("x"), None)
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["demo"]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_ends_the_demo_quietly(tmp_path: Path) -> None:
    pipe = subprocess.PIPE
    variables = environment(TMPDIR=str(tmp_path))
    with processes.running([*COMMAND, "demo"], env=variables, stdout=pipe, stderr=pipe, encoding="utf-8") as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        stderr = running.stderr.read()
        assert (running.wait(), stderr) == (130, "")
    assert list(tmp_path.iterdir()) == []


def test_the_demo_prints_its_steps_succeeds_leaves_nothing_behind_and_ignores_the_operators_settings(
    tmp_path: Path,
) -> None:
    state = tmp_path / "state"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    ran = processes.run_command_line(
        ["demo"],
        TMPDIR=str(temporary),
        TEMP=str(temporary),
        ILETIMERKEZI_API_KEY="canary",
        ILETIMERKEZI_SENDER="ŞİRKET",
        ILETIMERKEZI_API_URL="wrong",
        ILETIMERKEZI_STATE_DIR=str(state),
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert "canary" not in ran.stdout
    assert "\x1b[" not in ran.stdout
    assert ran.stdout.startswith("With the server iletimerkezi-mcp, an AI assistant sends SMS")
    for part in (
        f"{len(EXAMPLES)} tools",
        "ı→i, ş→s",
        "finished, 2 delivered, 1 undelivered",
        "older than this answer: 2 delivered, 1 undelivered, 0 waiting.",
        "ONAY",
        "did you mean send_at?",
    ):
        assert part in ran.stdout
    assert ran.stdout.rstrip().endswith("Nothing real was sent.")
    assert list(temporary.iterdir()) == []
    assert not state.exists()


def test_a_server_that_ends_by_itself_exits_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Server[Any]] = []

    async def at_once(server: Server[Any], *_: object) -> None:
        served.append(server)

    monkeypatch.setattr(stdio, "serve_stdio", at_once)
    try:
        assert main(["--sandbox"]) == 0
    finally:
        gc.unfreeze()
    assert [server.name for server in served] == ["iletimerkezi-mcp"]


def test_a_defect_has_a_traceback_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> int:
        raise ExceptionGroup("tasks", [BrokenPipeError(), ValueError("canary-key")])

    monkeypatch.setenv("ILETIMERKEZI_API_KEY", "canary-key")
    monkeypatch.setattr(program, "serve", broken)
    with pytest.raises(ExceptionGroup) as caught:
        main([])
    sys.excepthook(ExceptionGroup, caught.value, None)
    stderr = capsys.readouterr().err
    assert "ValueError: [hidden]" in stderr
    assert "canary" not in stderr


def test_a_repeated_value_cannot_control_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ILETIMERKEZI_TOOLS", "\x1b[2Jsend_mms\n✓ all is well")
    assert main(["call", "--\x1b[1mlist"]) == 2
    assert main(["call", "--list"]) == 2
    stderr = capsys.readouterr().err
    assert stderr.count("\n") == 2
    assert "\x1b" not in stderr
    assert "\\u001b[2Jsend_mms\\u000a✓ all is well" in stderr
