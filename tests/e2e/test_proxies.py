"""The reverse proxies of the documents in front of what they are for, as the pages write them but for ports and files."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx
import httpx2
import mcp.types as mcp_types
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.transports.http import delivering
from iletimerkezi_mcp.transports.tokens import secret_digest
from tests import processes
from tests.calls import SEND, SEND_SMS
from tests.connections import http_client
from tests.faults.certificate import self_signed
from tests.hosting import ERAS
from tests.transports.pushes import NUMBER, files_with, ledger_in, report
from tests.transports.served import ALI, AYSE, Streamable, bearer

from .network import DELIVERY_SECRET, started

DOCS = Path(__file__).parents[2] / "docs"
NAME = "im.example.com"

UNPACKED = os.pathsep.join(
    str(Path(__file__).parents[1] / "proxies" / "debian" / "usr" / place) for place in ("sbin", "bin")
)
"""The folders in which tests/proxies/set-up puts the programs that are not installed."""

NGINX = """
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {example}
}}
"""


def example(page: str, name: str) -> str:
    """Return the block of the page that is for the proxy `name`."""
    title = {"nginx": "nginx", "caddy": "Caddy"}[name]
    text = (DOCS / page).read_text(encoding="utf-8")
    return text.partition(f"\n{title}:\n\n```\n")[2].partition("\n```\n")[0]


def filled(text: str, changes: Mapping[str, str]) -> str:
    """Return `text` with the places of this test in it. Each has to be there, or the example says something else."""
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def program(name: str) -> str:
    path = shutil.which(name) or shutil.which(name, path=UNPACKED)
    if path is None:
        pytest.skip(f"{name} is not installed: its examples in the documents were not run")
    return path


@dataclass
class Proxy:
    """A running proxy: its origin, and the certificate to trust."""

    origin: str
    trust: ssl.SSLContext

    async def first_line(self, request: bytes) -> bytes:
        """Send a request, and return the first line of its answer, which may come before the request is read."""

        def ask() -> bytes:
            place = ("127.0.0.1", urlsplit(self.origin).port)
            with (
                socket.create_connection(place, timeout=processes.BOUND) as plain,
                self.trust.wrap_socket(plain, server_hostname=place[0]) as connection,
            ):
                with suppress(OSError):
                    connection.sendall(request)
                return connection.recv(1 << 10).partition(b"\r\n")[0]

        return await anyio.to_thread.run_sync(ask)


@asynccontextmanager
async def proxying(name: str, folder: Path, text: str, changes: Mapping[str, str]) -> AsyncIterator[Proxy]:
    """Run the proxy `name` with the example `text`, in which `changes` are made; what it logs is in `folder`."""
    command = program(name)
    self_signed(folder)
    certificate = folder / "certificate.pem"
    port = free_port()
    if name == "nginx":
        own = {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            f"/etc/ssl/{NAME}.pem": str(certificate),
            f"/etc/ssl/{NAME}.key": str(certificate),
        }
        file = folder / "nginx.conf"
        file.write_text(NGINX.format(folder=folder, example=filled(text, {**own, **changes})), encoding="utf-8")
        words: list[str | Path] = [command, "-p", folder, "-c", file, "-g", "daemon off; master_process off;"]
    else:
        site = f"https://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {certificate}"
        own = {f"\n{NAME} {{": f"\n{site}"}
        file = folder / "Caddyfile"
        text = filled(text, {**own, **changes})
        assert text.startswith("{\n")
        file.write_text("{\n\tadmin off\n\tauto_https off" + text.removeprefix("{"), encoding="utf-8")
        words = [command, "run", "--config", file, "--adapter", "caddyfile"]
    log = folder / "proxy.log"
    variables = processes.environment(HOME=str(folder))
    with log.open("wb") as output:
        async with processes.opened(
            words, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        ) as process:
            while not await _listens(port):
                assert process.returncode is None, log.read_text(encoding="utf-8")
            yield Proxy(f"https://127.0.0.1:{port}", ssl.create_default_context(cafile=certificate))


async def _listens(port: int) -> bool:
    try:
        async with await anyio.connect_tcp("127.0.0.1", port):
            return True
    except OSError:
        return False


@asynccontextmanager
async def before_workers(name: str, folder: Path) -> AsyncIterator[Proxy]:
    """Run the proxy `name` of docs/remote.md in front of two workers."""
    program(name)
    flags = ("--sandbox", "--state-dir", str(folder / "state"), "--allow-host", NAME)
    async with started("streamable-http", *flags) as first, started("streamable-http", *flags) as second:
        ports = {
            f"127.0.0.1:{number}": urlsplit(worker.address).netloc for number, worker in ((8001, first), (8002, second))
        }
        async with proxying(name, folder, example("remote.md", name), ports) as proxy:
            yield proxy
        assert files_with(folder, ALI, AYSE) == []


@pytest.mark.parametrize("name", ["nginx", "caddy"])
async def test_a_proxy_passes_on_sends_and_questions_and_keeps_a_session_at_its_worker(
    name: str, tmp_path: Path
) -> None:
    async def confirm(context: Any, params: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    async with before_workers(name, tmp_path) as proxy:
        for number, (mode, secret) in enumerate((mode, secret) for mode in ERAS for secret in (ALI, AYSE)):
            headers = {**bearer(secret), "Host": NAME}
            arguments = {**SEND, "text": f"Siparişiniz hazır {number}"}
            async with http_client(verify=proxy.trust, headers=headers) as http:
                wire = Streamable(http, f"{proxy.origin}/mcp", mode, secret)
                await wire.open()
                preview = await wire.call(SEND_SMS, arguments)
                assert (await wire.call(SEND_SMS, {**arguments, "confirm": preview["confirm"]}))["outcome"] == "done"
            # The question comes on the stream of the call, which goes on when it is answered.
            async with (
                httpx2.AsyncClient(verify=proxy.trust, headers=headers, timeout=60, trust_env=False) as client,
                Client(
                    streamable_http_client(f"{proxy.origin}/mcp", http_client=client),
                    mode=mode,
                    elicitation_callback=confirm,
                ) as host,
            ):
                sent = (
                    await host.call_tool(SEND_SMS, {**arguments, "text": f"Teşekkürler {number}"})
                ).structured_content
                assert sent is not None
                assert sent["outcome"] == "done", sent


@pytest.mark.parametrize("name", ["nginx", "caddy"])
async def test_a_proxy_lets_through_two_paths_and_no_larger_body_than_the_server(name: str, tmp_path: Path) -> None:
    async with before_workers(name, tmp_path) as proxy, http_client(verify=proxy.trust, headers={"Host": NAME}) as http:
        assert (await http.post(f"{proxy.origin}/mcp", json={})).status_code == 401
        assert (await http.get(f"{proxy.origin}/healthz")).text == "ok"
        for path in ("/", "/healthz/x", "/mcp/x", "/mcp%0a"):
            assert (await http.get(proxy.origin + path)).status_code == 404, path
        head = f"POST /mcp HTTP/1.1\r\nHost: {NAME}\r\nAuthorization: Bearer {ALI}\r\nContent-Length: {(8 << 20) + 1}\r\n\r\n"
        assert b" 413 " in await proxy.first_line(head.encode() + b" " * ((8 << 20) + 1))


SECRET, WRONG = DELIVERY_SECRET, "wr0ng-Secret_" + "y8" * 16
SERVICE = "127.0.0.1:8010"
"""The service behind the proxy, as docs/delivery.md has it."""


@asynccontextmanager
async def before_delivery(name: str, folder: Path) -> AsyncIterator[tuple[Proxy, SqliteLedger]]:
    """Run the proxy `name` of docs/delivery.md in front of what takes reports into the ledger."""
    ledger = ledger_in(folder)
    async with delivering(ledger, secret_digest(SECRET), "127.0.0.1", 0) as origin:
        changes = {SERVICE: urlsplit(origin).netloc}
        async with proxying(name, folder, example("delivery.md", name), changes) as proxy:
            yield proxy, ledger
    ledger.close()


@asynccontextmanager
async def before_nothing(folder: Path, name: str, text: str) -> AsyncIterator[Proxy]:
    """Run the proxy `name` with the example `text` in front of a service that is stopped."""
    with socket.socket() as stopped:
        stopped.bind(("127.0.0.1", 0))
        async with proxying(name, folder, text, {SERVICE: f"127.0.0.1:{stopped.getsockname()[1]}"}) as proxy:
            yield proxy


def test_the_examples_are_the_same_in_both_languages() -> None:
    for name in ("nginx", "caddy"):
        assert example("delivery.md", name) == example("delivery.tr.md", name) != ""


REFUSED_BY_THE_PROXY: dict[str, bytes] = {
    "400": f"POST /delivery/{SECRET} HTTP/1.1\r\n\r\n".encode(),
    "4": f"POST /delivery/{SECRET} HTTP/1.1\r\nHost: {NAME}\r\nX: {'x' * (2 << 20)}\r\n\r\n".encode(),
    "505": f"POST /delivery/{SECRET} HTTP/9.9\r\nHost: {NAME}\r\n\r\n".encode(),
    "404": f"POST /Delivery/{SECRET} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 0\r\n\r\n".encode(),
}
"""Requests that no service sees though the secret is in them, and the beginning of the status of each."""


async def in_chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size >> 10):
        yield b" " * 1024


@pytest.mark.parametrize("name", ["nginx", "caddy"])
async def test_a_proxy_passes_pushed_reports_on_and_logs_no_secret(name: str, tmp_path: Path) -> None:
    async with before_delivery(name, tmp_path) as (proxy, ledger):
        async with http_client(verify=proxy.trust, headers={"Host": NAME}) as http:
            path = f"{proxy.origin}/delivery/{SECRET}"
            answer = await http.post(path, json=report(packet_id=7))
            assert (answer.status_code, answer.text) == (200, "ok")
            assert await ledger.pushed_about(NUMBER) == ["7"]
            wrong = await http.post(f"{proxy.origin}/delivery/{WRONG}", json=report())
            assert (wrong.status_code, wrong.text) == (404, "Not Found")
            assert (await http.get(path)).status_code == {"nginx": 403, "caddy": 405}[name]
            assert (await http.post(path, content=b"{")).status_code == 400
            for large in (b" " * ((64 << 10) + 1), in_chunks(65 << 10)):
                # Caddy before 2.7 gives up on the service instead, unless that one has answered first.
                assert (await http.post(path, content=large)).status_code in (413, 502 if name == "caddy" else 413)
            plain = await http.post(path.replace("https:", "http:"), json=report())
            assert plain.status_code == 400
        for status, head in REFUSED_BY_THE_PROXY.items():
            assert f" {status}".encode() in await proxy.first_line(head)
        assert await ledger.pushed_about(NUMBER) == ["7"]
    assert files_with(tmp_path, SECRET, WRONG) == []


@pytest.mark.skipif(sys.platform != "linux", reason="a client with several addresses of loopback")
@pytest.mark.parametrize("name", ["nginx", "caddy"])
async def test_a_proxy_names_the_client_so_that_each_address_is_slowed_by_itself(name: str, tmp_path: Path) -> None:
    async with before_delivery(name, tmp_path) as (proxy, _):

        async def statuses(addresses: Sequence[str]) -> set[int]:
            """Post a wrong secret from each address at once; each claims to be yet another one."""
            found: set[int] = set()

            async def guess(place: int, address: str) -> None:
                transport = httpx.AsyncHTTPTransport(verify=proxy.trust, local_address=address)
                headers = {"Host": NAME, "X-Forwarded-For": f"192.0.2.{place}"}
                async with http_client(transport=transport, headers=headers) as http:
                    found.add((await http.post(f"{proxy.origin}/delivery/{WRONG}")).status_code)

            async with anyio.create_task_group() as tasks:
                for place, address in enumerate(addresses):
                    tasks.start_soon(guess, place, address)
            return found

        assert await statuses([f"127.0.0.{place}" for place in range(10, 20)]) == {404}
        assert await statuses(["127.0.0.9"] * 10) == {404, 429}


@pytest.mark.parametrize("name", ["nginx", "caddy"])
async def test_a_proxy_lets_only_the_path_of_reports_through_and_logs_no_secret_while_the_service_is_stopped(
    name: str, tmp_path: Path
) -> None:
    async with (
        before_nothing(tmp_path, name, example("delivery.md", name)) as proxy,
        http_client(verify=proxy.trust, headers={"Host": NAME}) as http,
    ):
        for word in (SECRET, WRONG):
            assert (await http.post(f"{proxy.origin}/delivery/{word}", json=report())).status_code == 502
        # What the proxy passed on would have had a 502 too.
        for path in ("/", "/mcp", "/healthz", f"/{SECRET}", f"/delivery/%2e%2e/{SECRET}"):
            assert (await http.post(proxy.origin + path, json=report())).status_code == 404, path
    assert files_with(tmp_path, SECRET, WRONG) == []


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("nginx", "    access_log off;\n"),
        ("nginx", "    error_log /dev/null;\n"),
        ("caddy", "\t\texclude http.log http.handlers\n"),
    ],
)
async def test_without_the_lines_against_it_a_proxy_logs_the_secret(name: str, lines: str, tmp_path: Path) -> None:
    text = filled(example("delivery.md", name), {lines: ""})
    async with (
        before_nothing(tmp_path, name, text) as proxy,
        http_client(verify=proxy.trust, headers={"Host": NAME}) as http,
    ):
        assert (await http.post(f"{proxy.origin}/delivery/{SECRET}", json=report())).status_code == 502
    assert files_with(tmp_path, SECRET) != []


async def test_caddy_logs_another_site_only_in_an_output_of_its_own(tmp_path: Path) -> None:
    own, plain = free_port(), free_port()
    sites = (
        f"\nhttp://127.0.0.1:{own} {{\n\tlog {{\n\t\toutput file {tmp_path}/own.log\n\t}}\n\trespond own\n}}\n"
        f"\nhttp://127.0.0.1:{plain} {{\n\tlog\n\trespond plain\n}}\n"
    )
    async with before_nothing(tmp_path, "caddy", example("delivery.md", "caddy") + sites), http_client() as http:
        while not (await _listens(own) and await _listens(plain)):
            pass
        assert (await http.get(f"http://127.0.0.1:{own}/other-own")).text == "own"
        assert (await http.get(f"http://127.0.0.1:{plain}/other-plain")).text == "plain"
    assert [file.name for file in files_with(tmp_path, "other-own", "other-plain")] == ["own.log"]
