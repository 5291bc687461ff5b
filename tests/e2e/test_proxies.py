"""The reverse proxies of ``docs/remote.md`` in front of two workers, as the page writes them but for ports and files."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx2
import mcp.types as mcp_types
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests import processes
from tests.calls import SEND, SEND_SMS
from tests.connections import http_client
from tests.faults.certificate import self_signed
from tests.hosting import ERAS
from tests.transports.served import ALI, AYSE, Streamable, bearer

from .network import started

PAGE = Path(__file__).parents[2] / "docs" / "remote.md"
NAME = "im.example.com"

NGINX = """
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {example}
}}
"""


def example(title: str) -> str:
    """Return the block of the page that follows the line `title`."""
    return PAGE.read_text(encoding="utf-8").partition(f"\n{title}:\n\n```\n")[2].partition("\n```\n")[0]


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
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed: its example in docs/remote.md was not run")
    return path


@dataclass
class Proxy:
    """A running proxy: the address of the service behind it, and the certificate to trust."""

    address: str
    trust: ssl.SSLContext


@asynccontextmanager
async def proxied(name: str, folder: Path) -> AsyncIterator[Proxy]:
    """Run the proxy `name` in front of two workers."""
    command = program(name)
    self_signed(folder)
    certificate = folder / "certificate.pem"
    flags = ("--sandbox", "--state-dir", str(folder / "state"), "--allow-host", NAME)
    async with started("streamable-http", *flags) as first, started("streamable-http", *flags) as second:
        port = free_port()
        ports = {
            f"127.0.0.1:{number}": urlsplit(worker.address).netloc for number, worker in ((8001, first), (8002, second))
        }
        if name == "nginx":
            text = filled(
                example(name),
                {
                    "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
                    f"/etc/ssl/{NAME}.pem": str(certificate),
                    f"/etc/ssl/{NAME}.key": str(certificate),
                    **ports,
                },
            )
            file = folder / "nginx.conf"
            file.write_text(NGINX.format(folder=folder, example=text), encoding="utf-8")
            words: list[str | Path] = [command, "-p", folder, "-c", file, "-g", "daemon off; master_process off;"]
        else:
            text = filled(
                example("Caddy"),
                {
                    "{\n\tservers {": "{\n\tadmin off\n\tauto_https off\n\tservers {",
                    f"\n{NAME} {{": f"\nhttps://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {certificate}",
                    **ports,
                },
            )
            file = folder / "Caddyfile"
            file.write_text(text, encoding="utf-8")
            words = [command, "run", "--config", file, "--adapter", "caddyfile"]
        log = folder / "proxy.log"
        variables = processes.environment(HOME=str(folder))
        with log.open("wb") as output:
            async with processes.opened(
                words, env=variables, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            ) as process:
                while not await _listens(port):
                    assert process.returncode is None, log.read_text(encoding="utf-8")
                yield Proxy(f"https://127.0.0.1:{port}/mcp", ssl.create_default_context(cafile=certificate))
        for secret in (ALI, AYSE):
            assert secret not in log.read_text(encoding="utf-8")


async def _listens(port: int) -> bool:
    try:
        async with await anyio.connect_tcp("127.0.0.1", port):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("name", ["nginx", "caddy"])
async def test_a_proxy_passes_on_sends_and_questions_and_keeps_a_session_at_its_worker(
    name: str, tmp_path: Path
) -> None:
    async def confirm(context: Any, params: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        return mcp_types.ElicitResult(action="accept", content={"send": True})

    async with proxied(name, tmp_path) as proxy:
        for number, (mode, secret) in enumerate((mode, secret) for mode in ERAS for secret in (ALI, AYSE)):
            headers = {**bearer(secret), "Host": NAME}
            arguments = {**SEND, "text": f"Siparişiniz hazır {number}"}
            async with http_client(verify=proxy.trust, headers=headers) as http:
                wire = Streamable(http, proxy.address, mode, secret)
                await wire.open()
                preview = await wire.call(SEND_SMS, arguments)
                assert (await wire.call(SEND_SMS, {**arguments, "confirm": preview["confirm"]}))["outcome"] == "done"
            # The question comes on the stream of the call, which goes on when it is answered.
            async with (
                httpx2.AsyncClient(verify=proxy.trust, headers=headers, timeout=60, trust_env=False) as client,
                Client(
                    streamable_http_client(proxy.address, http_client=client), mode=mode, elicitation_callback=confirm
                ) as host,
            ):
                sent = (
                    await host.call_tool(SEND_SMS, {**arguments, "text": f"Teşekkürler {number}"})
                ).structured_content
                assert sent is not None
                assert sent["outcome"] == "done", sent


@pytest.mark.parametrize("name", ["nginx", "caddy"])
async def test_a_proxy_lets_through_one_path_and_no_larger_body_than_the_server(name: str, tmp_path: Path) -> None:
    async with proxied(name, tmp_path) as proxy, http_client(verify=proxy.trust, headers={"Host": NAME}) as http:
        assert (await http.post(proxy.address, json={})).status_code == 401
        for path in ("/", "/healthz", "/mcp/x", "/mcp%0a"):
            assert (await http.get(proxy.address.replace("/mcp", path))).status_code == 404, path
        too_large = await http.post(proxy.address, content=b" " * ((8 << 20) + 1), headers=bearer())
        assert too_large.status_code == 413
