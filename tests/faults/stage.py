"""A host, a server and a provider with a fault between them that can be switched on and off."""

from __future__ import annotations

import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import anyio
from pydantic import SecretStr

from iletimerkezi_mcp.ledger.attempts import State
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider import OPERATIONS
from iletimerkezi_mcp.sandbox.http import serving
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.settings import Settings
from tests.calls import CANCEL_ORDER, SEND_SMS
from tests.e2e.canaries import HASH, KEY, secrets_in
from tests.hosting import LIVE, Host, Mode, Wire, hosted, text_of
from tests.provider.scripted import closed_port
from tests.sandbox.bench import Bench
from tests.tools.examples import EXAMPLES

from .certificate import self_signed
from .fault import TIMEOUTS, Altered, Fault, Instead, Unreachable
from .interposer import Interposer
from .proxy import Proxy

Door = Literal["in process", "tcp"]
"""``in process``: a transport in the network's place. ``tcp``: the real network, and a proxy on loopback."""

TOOLS = tuple(OPERATIONS)

NAMELESS = "provider.invalid"

BOUND = 60.0
"""Seconds beyond its limit after which a call is taken never to end."""


@dataclass(slots=True)
class Stage:
    """A played fault: the host that calls, what is between, and the provider that has done something or not."""

    host: Host
    bench: Bench
    between: Proxy | Interposer
    calls: Mapping[str, dict[str, Any]]
    account: tuple[str, ...]
    folder: Path
    ordered: int = 0

    async def call(self, tool: str, **more: Any) -> dict[str, Any]:
        """Call `tool`, hold it to its limit, and see that no secret is in its answer."""
        with anyio.fail_after(TIMEOUTS.call_seconds + BOUND):
            result = await self.host.client.call_tool(tool, {**self.calls[tool], **more})
        answer = self.host.check(tool, result)
        assert secrets_in(text_of(result) + json.dumps(answer)) == []
        return answer

    def arrived(self, tool: str) -> int:
        """Count the requests of `tool` that have come whole."""
        return self.between.arrived[OPERATIONS[tool].path.removeprefix("/v1/").removesuffix("/json")]

    def made(self, tool: str) -> int:
        """Count what `tool` has brought about at the provider's; 0 for a read."""
        call = self.calls[tool]
        match tool:
            case "send_sms":
                return self.orders() - self.ordered
            case "cancel_order":
                order = {"id": call["order_id"]}
                return int(self.bench.code("get-report", order=order) == 200 and self._cancelled(call["order_id"]))
            case "add_blacklist":
                return self._listed(call["number"])
            case "delete_blacklist":
                return 1 - self._listed(call["number"])
            case "iys_register":
                return int(self._consent(call["consents"][0]))
        return 0

    def orders(self) -> int:
        """Count the orders that the provider has of today."""
        today = f"{self.bench.now:%Y-%m-%d}"
        orders: list[Any] = self.bench.ask("get-reports", filter={"start": today, "end": today})["orders"]
        return len(orders)

    def _cancelled(self, order_id: str) -> bool:
        return bool(self.bench.report(order_id)["status"] == 115)

    def _listed(self, number: str) -> int:
        numbers: list[str] = self.bench.ask("get-blacklist")["blacklist"]["number"]
        return numbers.count(_canonical(number))

    def _consent(self, record: Mapping[str, str]) -> bool:
        asked = {"recipientType": record["recipient_type"], "type": record["channel"], "brandCode": LIVE.brand_code}
        return self.bench.code("consent/show", consent={**asked, "recipient": _canonical(record["recipient"])}) == 200

    async def ledger(self) -> dict[str, State]:
        """Return the one attempt of each changing tool, and see that no file of the ledger holds a secret."""
        clock = self.host.clock
        ledger = SqliteLedger(self.folder, self.account, clock=clock, uptime=clock.uptime)
        attempts = await ledger.latest(100)
        ledger.close()
        scheduled = attempts.pop()
        assert (scheduled.tool, scheduled.order_id) == (SEND_SMS, self.calls[CANCEL_ORDER]["order_id"])
        assert Counter(attempt.tool for attempt in attempts) == Counter(
            tool for tool in TOOLS if OPERATIONS[tool].changes
        )
        assert [file for file in self.folder.rglob("*") if file.is_file() and secrets_in(file.read_bytes())] == []
        return {attempt.tool: attempt.state for attempt in attempts}


def _canonical(number: str) -> str:
    return "+90" + number.replace(" ", "")[-10:]


def doors(fault: Fault) -> tuple[Door, ...]:
    """Return the doors through which `fault` can come: what is done to a connection needs one."""
    return ("in process", "tcp") if isinstance(fault.way, Instead | Altered) else ("tcp",)


@asynccontextmanager
async def staged(fault: Fault, door: Door, mode: Mode, folder: Path) -> AsyncIterator[Stage]:
    """Give a stage in the protocol version of `mode`, its ledger in `folder`; the fault is not switched on yet."""
    bench = Bench()
    async with AsyncExitStack() as held:
        held.callback(bench.database.close)
        wire, between, url = Wire(bench.provider), Interposer(bench.provider), "http://127.0.0.1:1"
        proxy: Proxy | None = None
        if door == "tcp":
            origin = await held.enter_async_context(serving(bench.provider))
            tls = self_signed(folder) if fault.way == Unreachable("untrusted") else None
            proxy = await held.enter_async_context(Proxy(origin, tls=tls))
            url = held.enter_context(_address(fault, proxy))
        wire.broken = between
        settings = replace(
            LIVE, api_key=SecretStr(KEY), api_hash=SecretStr(HASH), api_url=url, state_dir=folder / "state"
        )
        scheduled = await _scheduled(settings, bench)
        host = await held.enter_async_context(
            hosted(settings, mode=mode, wire=wire, timeouts=TIMEOUTS, over_tcp=door == "tcp")
        )
        calls = {**EXAMPLES, CANCEL_ORDER: {"order_id": scheduled}}
        stage = Stage(host, bench, proxy or between, calls, ledger_account(settings), folder / "state")
        stage.ordered = stage.orders()
        yield stage


async def _scheduled(settings: Settings, bench: Bench) -> str:
    """Send, while all is well, an order that can be cancelled and that the ledger knows."""
    async with hosted(settings, wire=Wire(bench.provider)) as before:
        sent = await before.confirm(SEND_SMS, {**EXAMPLES[SEND_SMS], "text": "Yarın", "send_at": "2026-11-24T10:30"})
    order_id: str = sent["order_id"]
    return order_id


@contextmanager
def _address(fault: Fault, proxy: Proxy) -> Iterator[str]:
    """Give the address that the server takes for the provider's."""
    match fault.way:
        case Unreachable("refused"):
            yield f"http://127.0.0.1:{closed_port()}"
        case Unreachable("name"):
            with patch.object(socket, "getaddrinfo", _nameless(socket.getaddrinfo)):
                yield f"http://{NAMELESS}"
        case Unreachable("reset, no tls"):
            yield f"http://{proxy.address}"
        case Unreachable():
            yield f"https://{proxy.address}"
        case _:
            yield f"http://{proxy.address}"


def _nameless(look_up: Any) -> Any:
    """Return the system's look-up, which asks no name service for the one name that does not exist."""

    def looked_up(host: Any, *rest: Any, **more: Any) -> Any:
        if host in (NAMELESS, NAMELESS.encode()):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *rest, **more)

    return looked_up
