"""Reports that are pushed to one process, told at another, kept when it is killed, and seen in no log."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.lowlevel
import httpx
import pytest

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.sms.clock import system_clock
from tests import processes
from tests.calls import GET_REPORT, GET_REPORTS, SEND, SEND_SMS
from tests.connections import http_client
from tests.hosting import ERAS, Mode
from tests.processes import environment
from tests.transports.pushes import files_with

from .killed import later, posix, variables
from .network import DELIVERY_SECRET, TOKENS, running, started_delivery
from .stdio_client import StdioClient, spoken
from .upstream import Answer, Upstream, simulated, upstream

NUMBER = "+905321234567"
ROOT = Path(__file__).parents[2]
SERVER = Path(sys.executable).with_name("iletimerkezi-mcp")


@dataclass
class SetUp:
    """A server on stdio, the process that takes reports into its folder, and the provider of both."""

    host: StdioClient
    provider: Upstream
    orders: list[str]
    path: str
    http: httpx.AsyncClient

    async def push(self, status: str) -> None:
        """Push a report about the last order."""
        body = {"id": 1, "packet_id": int(self.orders[-1]), "status": status, "to": NUMBER, "body": "kod QZ775533"}
        answer = await self.http.post(self.path, json={"report": body})
        assert (answer.status_code, answer.text) == (200, "ok")


@asynccontextmanager
async def set_up(mode: Mode, folder: Path, *, answers: bool = True) -> AsyncIterator[SetUp]:
    """Give all of these; unless the provider `answers`, it makes an order and the answer is lost."""
    orders: list[str] = []
    with SandboxDatabase(clock=system_clock) as database:
        simulation = simulated(Provider(database))

        def answer(operation: str, body: bytes) -> bytes | None:
            whole = simulation(operation, body)
            if operation != "send-sms" or whole is None:
                return whole
            orders.append(json.loads(whole.partition(b"\r\n\r\n")[2])["response"]["order"]["id"])
            return whole if answers else None

        async with serving_both(mode, folder, answer) as (host, provider, path, http):
            yield SetUp(host, provider, orders, path, http)


@asynccontextmanager
async def serving_both(
    mode: Mode, folder: Path, answer: Answer
) -> AsyncIterator[tuple[StdioClient, Upstream, str, httpx.AsyncClient]]:
    async with upstream(answer) as provider, http_client() as http:
        own = variables(folder, provider.origin)
        async with spoken(mode, **own) as host, started_delivery(**own) as taking:
            yield host, provider, f"{taking.address}/delivery/{DELIVERY_SECRET}", http
            assert await taking.end() == ""
        assert files_with(folder, DELIVERY_SECRET, "QZ775533") == []


@pytest.mark.parametrize("mode", ERAS)
async def test_a_report_that_one_process_takes_is_told_by_the_other(mode: Mode, tmp_path: Path) -> None:
    async with set_up(mode, tmp_path) as there:
        preview = await there.host.call(SEND_SMS, SEND)
        sent = await there.host.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        asked = {"order_id": sent["order_id"], "recipient": NUMBER}
        assert "pushed" not in await there.host.call(GET_REPORT, asked)
        assert there.orders == [sent["order_id"]]
        await there.push("undelivered")
        found = await there.host.call(GET_REPORT, asked)
        assert (found["pushed"]["undelivered"], found["pushed"]["newer"]) == (1, "provider")


@pytest.mark.parametrize("mode", ERAS)
async def test_who_follows_an_order_here_is_told_of_what_the_other_process_takes(mode: Mode, tmp_path: Path) -> None:
    async with set_up(mode, tmp_path) as there:
        preview = await there.host.call(SEND_SMS, SEND)
        sent = await there.host.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        uri = f"iletimerkezi://orders/{sent['order_id']}"
        if mode == "legacy":
            await there.host.ask("resources/subscribe", {"uri": uri})
        else:
            followed = {"notifications": {"resourceSubscriptions": [uri]}}
            await there.host.begin("subscriptions/listen", followed)
            while (await there.host.next()).get("method") != "notifications/subscriptions/acknowledged":
                """Something else."""
        requests = len(there.provider.posted)
        await there.push("delivered")
        while (told := await there.host.next()).get("method") != "notifications/resources/updated":
            """Something else."""
        assert told["params"]["uri"] == uri
        assert len(there.provider.posted) == requests


@pytest.mark.parametrize("mode", ERAS)
async def test_a_lost_answer_is_settled_with_the_help_of_reports_and_the_send_not_repeated(
    mode: Mode, tmp_path: Path
) -> None:
    async with set_up(mode, tmp_path, answers=False) as there:
        preview = await there.host.call(SEND_SMS, SEND)
        unknown = await there.host.call(SEND_SMS, {**SEND, "confirm": preview["confirm"]})
        assert unknown["outcome"] == "unknown"
        requests = len(there.provider.posted)
        await there.push("delivered")
        assert (await there.host.call(SEND_SMS, SEND))["outcome"] == "held_back"
        assert len(there.provider.posted) == requests
        await there.host.call(GET_REPORTS, {})
        again = await there.host.call(SEND_SMS, SEND)
        assert (again["outcome"], again["order_id"]) == ("held_back", there.orders[0])
        found = await there.host.call(GET_REPORT, {"order_id": there.orders[0], "recipient": NUMBER})
        assert found["pushed"]["delivered"] == 1
        assert [request.operation for request in there.provider.changes] == ["send-sms"]


@posix
async def test_every_report_that_was_answered_with_200_outlives_a_kill(tmp_path: Path) -> None:
    own = variables(tmp_path, "http://127.0.0.1:9")
    kept: set[str] = set()
    async with started_delivery(**own) as taking, http_client() as http:
        path = f"{taking.address}/delivery/{DELIVERY_SECRET}"

        async def push(worker: int) -> None:
            for place in range(250):
                order = str(1_000 * (worker + 1) + place)
                body = {"id": place, "packet_id": int(order), "status": "delivered", "to": NUMBER}
                try:
                    answer = await http.post(path, json={"report": body})
                except httpx.TransportError:
                    return
                assert answer.status_code == 200
                kept.add(order)

        async with anyio.create_task_group() as tasks:
            for worker in range(4):
                tasks.start_soon(push, worker)
            while len(kept) < 300:
                await anyio.lowlevel.checkpoint()
            taking.process.send_signal(signal.SIGKILL)
            await taking.process.wait()
    ledger = SqliteLedger(tmp_path, ledger_account(later(tmp_path, "http://127.0.0.1:9")), clock=system_clock)
    assert kept <= set(await ledger.pushed_about(NUMBER))
    ledger.close()


WAITING_LONGER = """
import sys
from iletimerkezi_mcp.cli import main
from iletimerkezi_mcp.transports import delivery
delivery.FIRST_DELAY = delivery.MAX_DELAY
sys.exit(main(sys.argv[1:]))
"""
"""The command line, but that the first wrong secret of an address waits as long as its sixth would."""


@posix
@pytest.mark.parametrize(("words", "notices"), [(["delivery"], 0), (["--transport", "streamable-http"], 1)])
async def test_a_stop_while_answers_wait_is_quiet_and_answers_them(
    words: list[str], notices: int, tmp_path: Path
) -> None:
    own = {**variables(tmp_path, "http://127.0.0.1:9"), **TOKENS, "ILETIMERKEZI_DELIVERY_SECRET": DELIVERY_SECRET}
    statuses: list[int] = []
    async with running([sys.executable, "-c", WAITING_LONGER, *words], own, notices) as at, http_client() as http:
        place = urlsplit(at.address)
        assert place.port is not None

        async def guess(number: int) -> None:
            headers = {"X-Forwarded-For": f"192.0.2.{number}"}
            statuses.append((await http.post(f"http://{place.netloc}/delivery/wrong", headers=headers)).status_code)

        async with anyio.create_task_group() as tasks, await anyio.connect_tcp("127.0.0.1", place.port) as slow:
            head = f"POST /delivery/{DELIVERY_SECRET} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
            await slow.send(head.encode() + b"{")
            for number in range(20):
                tasks.start_soon(guess, number)
                tasks.start_soon(guess, number)
            # Of the two of an address the second is refused at once, for the first waits.
            while len(statuses) < 20:
                await anyio.lowlevel.checkpoint()
            assert await at.end() == ""
            assert (await slow.receive()).startswith(b"HTTP/1.1 408 ")
    assert statuses == [429] * 20 + [404] * 20


def in_shell(line: str, folder: Path) -> dict[str, Any]:
    """Run a documented call in the state folder of the trial, and return its answer."""
    variables = environment(ILETIMERKEZI_STATE_DIR=str(folder), PATH=f"{SERVER.parent}:{os.environ['PATH']}")
    answer: dict[str, Any] = json.loads(processes.run(["bash", "-c", line], env=variables).stdout)
    return answer


@posix
@pytest.mark.parametrize(("page", "state"), [("delivery.md", "trying"), ("delivery.tr.md", "deneme")])
def test_the_documented_trial_shows_what_the_sandbox_pushed(page: str, state: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    [block] = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    assert block.count("8010") == 2
    assert block.count("sandbox --push ") == 1
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    block = block.replace("8010", str(port)).replace("sandbox --push ", "sandbox --port 0 --push ")
    assert "`kill %1 %2`" in text
    said = tmp_path / "said"
    with (
        said.open("wb") as errors,
        processes.running(
            ["bash", "-c", f"{block}read\nkill %1 %2\nwait"],
            cwd=tmp_path,
            env=environment(PATH=f"{SERVER.parent}:{os.environ['PATH']}"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        ) as shell,
    ):
        try:
            assert shell.stdout is not None
            preview = json.loads(shell.stdout.readline())
            while said.read_bytes().count(b"\n") < 2:
                assert shell.poll() is None
            call = block.splitlines()[-1]
            sent = in_shell(f"{call} --confirm {preview['confirm']}", tmp_path / state)
            ask = f"iletimerkezi-mcp call --sandbox {GET_REPORT} --order-id {sent['order_id']}"
            while "pushed" not in (report := in_shell(ask, tmp_path / state)):
                assert shell.poll() is None
            assert report["pushed"]["delivered"] + report["pushed"]["waiting"] == 1
            shell.communicate()
            assert said.read_bytes().count(b"\n") == 2
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
