"""The server as a host starts it: a real process, its pipes, its end."""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters

from iletimerkezi_mcp.server.build import GRACE_SECONDS
from iletimerkezi_mcp.transports.stdin import HOLD_SECONDS
from iletimerkezi_mcp.transports.stdio import LAST_SECONDS, STUCK_SECONDS
from tests import processes
from tests.calls import GET_BALANCE, GET_REPORTS, SEND, SEND_SMS
from tests.hosting import ERAS, Mode, text_of
from tests.processes import COMMAND, environment
from tests.provider.scripted import ScriptedServer, answer
from tests.tools.examples import listed

from .stdio_client import ACCOUNT, ENVELOPE, HANGING_RESOLVER, PATIENCE, PATIENT, StdioClient, spoken, started


@pytest.mark.parametrize("mode", ERAS)
async def test_a_host_does_the_main_job_over_stdio(mode: Mode) -> None:
    server = StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "--sandbox", "--lang", "tr"], env=environment()
    )
    with anyio.fail_after(60):
        async with Client(server, mode=mode) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == listed(mode)
            preview = await client.call_tool(SEND_SMS, SEND)
            assert preview.structured_content is not None
            sent = await client.call_tool(SEND_SMS, {**SEND, "confirm": preview.structured_content["confirm"]})
    assert not sent.is_error
    assert "| Siparişiniz yola çıktı, İyi günler." in text_of(preview)


@pytest.mark.parametrize("mode", ERAS)
async def test_a_hand_written_client_does_the_main_job_and_stdout_carries_nothing_but_protocol(mode: Mode) -> None:
    async with spoken(mode, "--sandbox") as wire:
        answer = await wire.ask("tools/list", {})
        assert len(answer["result"]["tools"]) == len(listed(mode))
        preview = await wire.call(SEND_SMS, SEND)
        sent = await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        assert sent["outcome"] == "done"
        assert wire.process.stdin is not None
        await wire.process.stdin.aclose()
        assert await wire.process.wait() == 0
        assert await wire.rest() == b""


async def _in_flight(wire: StdioClient) -> int:
    """Have the server wait for an answer that never comes, and return the call's id once it waits."""
    silent = {**SEND, "recipients": ["+905000000902"]}
    preview = await wire.call(SEND_SMS, silent)
    call = await wire.begin("tools/call", {"name": SEND_SMS, "arguments": {**silent, "confirm": preview["confirm"]}})
    # The provider has the order, so the request has begun and waits for its answer.
    while (await wire.call(GET_REPORTS, {}))["count"] < 4:
        """Ask again."""
    return call


@pytest.mark.parametrize("mode", ERAS)
async def test_a_begun_send_goes_on_in_the_background_when_the_host_cancels_its_call(mode: Mode) -> None:
    async with spoken(mode, "--sandbox") as wire:
        call = await _in_flight(wire)
        cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": call}}
        await wire.post(cancelled)
        held = await wire.call(SEND_SMS, {**SEND, "recipients": ["+905000000902"]})
    assert held["outcome"] == "held_back"
    assert "has been under way since" in held["summary"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "call in flight"])
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP", "stdin closed"])
async def test_the_process_ends_promptly_and_cleanly(mode: Mode, busy: bool, how: str) -> None:
    async with spoken(mode, "--sandbox") as wire:
        await wire.call(GET_BALANCE, {})
        if busy:
            await _in_flight(wire)
        assert wire.process.stdin is not None
        if how == "stdin closed":
            await wire.process.stdin.aclose()
        else:
            wire.process.send_signal(getattr(signal, how))
        assert await wire.process.wait() == 0
        assert wire.process.stderr is not None
        async for noise in wire.process.stderr:
            assert b"Traceback" not in noise


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("how", ["SIGTERM", "stdin closed"])
async def test_a_send_that_is_answered_in_the_last_moment_is_told(tmp_path: Path, mode: Mode, how: str) -> None:
    """The host gets the answer of a change that had begun, not just the end of the connection."""
    asked, go = anyio.Event(), anyio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await go.wait()
        await answer({"response": {"status": {"code": 200}, "order": {"id": "9"}}})(writer)

    variables = {"ILETIMERKEZI_STATE_DIR": str(tmp_path), **ACCOUNT}
    async with (
        ScriptedServer(late) as upstream,
        started(PATIENT, mode, ILETIMERKEZI_API_URL=upstream.url, **variables) as wire,
    ):
        preview = await wire.call(SEND_SMS, SEND)
        sending = {"name": SEND_SMS, "arguments": {**SEND, "confirm": preview["confirm"]}}
        await wire.begin("tools/call", sending)
        await asked.wait()
        assert wire.process.stdin is not None
        if how == "stdin closed":
            await wire.process.stdin.aclose()
        else:
            wire.process.send_signal(signal.SIGTERM)
        go.set()
        assert json.loads(await wire.rest())["result"]["structuredContent"]["order_id"] == "9"
        assert await wire.process.wait() == 0


@pytest.mark.parametrize("how", ["SIGTERM", "stdin closed"])
async def test_a_host_that_does_not_read_its_answers_cannot_keep_the_process(how: str) -> None:
    async with spoken("auto", "--sandbox") as wire:
        await wire.call(GET_BALANCE, {})
        # The answers are more than any pipe holds.
        for _ in range(60):
            await wire.begin("tools/list", {})
        assert wire.process.stdin is not None
        if how == "stdin closed":
            await wire.process.stdin.aclose()
        else:
            wire.process.send_signal(signal.SIGTERM)
        assert await wire.process.wait() == 0


async def test_a_name_look_up_that_hangs_cannot_keep_the_process(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HANGING_RESOLVER, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    variables = {"PYTHONPATH": path, "ILETIMERKEZI_API_URL": "https://hangs.invalid", "NO_PROXY": "*", **ACCOUNT}
    async with spoken("auto", **variables) as wire:
        await wire.begin("tools/call", {"name": GET_BALANCE, "arguments": {}})
        assert wire.process.stderr is not None
        assert b"looking up" in await wire.process.stderr.receive()
        assert wire.process.stdin is not None
        await wire.process.stdin.aclose()
        assert await wire.process.wait() == 0


async def test_every_line_that_is_no_message_is_answered() -> None:
    async with spoken("auto", "--sandbox") as wire:
        assert wire.process.stdin is not None
        for text in (r'"\ud83d"', "[" * 300 + "]" * 300, "1" * 5000):
            line = (
                b'{"jsonrpc":"2.0","id":99,"method":"tools/call","params":{"name":"send_sms","arguments":{"text":'
                + text.encode()
                + b"}}}\n"
            )
            await wire.process.stdin.send(line)
            assert (await wire.next())["error"]["code"] == -32600
        await wire.process.stdin.send(b"nonsense\n")
        nowhere = await wire.next()
        assert (nowhere["id"], nowhere["error"]["code"]) == (None, -32700)
        await wire.process.stdin.send('{"jsonrpc":"2.0","id":98,"method":"ş"}\n'.encode("windows-1254"))
        turkish = await wire.next()
        assert (turkish["id"], turkish["error"]["code"]) == (98, -32700)
        assert "Windows-1254" in turkish["error"]["message"]
        assert (await wire.call(GET_BALANCE, {}))["outcome"] == "ok"


async def test_a_first_line_behind_a_byte_order_mark_with_a_float_for_its_id_is_answered() -> None:
    async with spoken("auto", "--sandbox") as wire:
        assert wire.process.stdin is not None
        request = {"jsonrpc": "2.0", "id": 97.0, "method": "tools/list", "params": {"_meta": ENVELOPE}}
        await wire.process.stdin.send(codecs.BOM_UTF8 + json.dumps(request).encode() + b"\n")
        answer = await wire.next()
        assert answer["id"] == 97
        assert "tools" in answer["result"]


async def test_a_line_that_is_no_message_is_answered_in_the_operators_language() -> None:
    async with spoken("auto", "--sandbox", ILETIMERKEZI_LANG="tr") as wire:
        assert wire.process.stdin is not None
        await wire.process.stdin.send(b"nonsense\n")
        assert (await wire.next())["error"]["message"].startswith("Bu ileti okunamadı: ")


def test_every_call_of_a_file_is_answered(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    lines = [
        json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {**params, "_meta": ENVELOPE}})
        for number, params in enumerate([{"name": GET_BALANCE, "arguments": {}}, {"name": SEND_SMS, "arguments": SEND}])
    ]
    calls.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with calls.open("rb") as stdin:
        ran = processes.run([*COMMAND, "--sandbox"], env=environment(), stdin=stdin)
    answers = {item["id"]: item["result"] for item in map(json.loads, ran.stdout.splitlines())}
    assert (ran.returncode, ran.stderr, sorted(answers)) == (0, "", [0, 1])


def test_a_host_that_is_gone_ends_the_process_without_a_traceback() -> None:
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": ENVELOPE}}) + "\n"
    pipe = subprocess.PIPE
    command = [*COMMAND, "--sandbox"]
    with processes.running(command, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(line.encode())
        process.stdin.flush()
        assert (process.wait(60), process.stderr.read()) == (0, b"")


NOISY = """
import os
from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.transports import stdio
listen = stdio._read_to_end
async def noisy(*given):
    print("printed", flush=True)
    os.write(1, b"written\\n")
    await listen(*given)
stdio._read_to_end = noisy
main(["--sandbox"])
"""


def test_what_anything_prints_does_not_reach_the_host() -> None:
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": ENVELOPE}}) + "\n"
    command = [sys.executable, "-c", PATIENCE + NOISY]
    ran = processes.run(command, env=environment(), input=line)
    assert [json.loads(said)["id"] for said in ran.stdout.splitlines()] == [1]
    assert (ran.returncode, sorted(ran.stderr.splitlines())) == (0, ["printed", "written"])


@pytest.mark.skipif(sys.platform == "win32", reason="a shell as POSIX has it")
def test_a_closed_stderr_is_no_reason_not_to_serve() -> None:
    line = f"exec {shlex.join([*COMMAND, '--sandbox'])} </dev/null 2>&-"
    ran = processes.run(["sh", "-c", line], env=environment())
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_the_grace_for_what_has_begun_is_well_below_a_second() -> None:
    assert GRACE_SECONDS <= 0.6
    assert HOLD_SECONDS + STUCK_SECONDS + LAST_SECONDS < 1


async def test_the_sandboxs_world_lasts_with_a_state_folder(tmp_path: Path) -> None:
    for expected in (3, 4):
        async with spoken("auto", "--sandbox", "--state-dir", str(tmp_path)) as wire:
            assert (await wire.call(GET_REPORTS, {}))["count"] == expected
            preview = await wire.call(SEND_SMS, SEND)
            if expected == 3:
                await wire.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
            else:
                assert preview["outcome"] == "held_back"


def test_a_setting_that_does_not_parse_stops_the_start_with_one_sentence() -> None:
    ran = processes.run(COMMAND, env=environment(ILETIMERKEZI_CHARSET="latin5"))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "iletimerkezi-mcp: ILETIMERKEZI_CHARSET must be english, turkish or unicode.\n"


async def test_credentials_stand_in_nothing_that_leaves_the_process() -> None:
    secrets = {"ILETIMERKEZI_API_KEY": "canary-key-51f0", "ILETIMERKEZI_API_HASH": "canary-hash-77aa"}
    async with spoken("legacy", ILETIMERKEZI_API_URL="http://127.0.0.1:9", **secrets) as wire:
        answers = [
            await wire.ask("tools/list", {}),
            await wire.ask("tools/call", {"name": GET_BALANCE, "arguments": {}}),
            await wire.ask("tools/call", {"name": SEND_SMS, "arguments": SEND}),
        ]
        assert wire.process.stdin is not None
        await wire.process.stdin.aclose()
        await wire.process.wait()
        assert wire.process.stderr is not None
        noise = b"".join([chunk async for chunk in wire.process.stderr])
        command_line = " ".join(COMMAND)
    everything = json.dumps(answers) + noise.decode() + command_line
    assert "canary" not in everything
    assert answers[1]["result"]["structuredContent"]["outcome"] == "failed"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
def test_an_answer_that_cannot_be_written_ends_the_server_with_an_error(tmp_path: Path) -> None:
    ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, "--sandbox"],
            input=ping.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(ILETIMERKEZI_STATE_DIR=str(tmp_path)),
            timeout=60,
        )
    assert ended.returncode == 1
    assert b"No space left on device" in ended.stderr
