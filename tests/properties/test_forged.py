"""Whatever is pushed, true or made up: it sends nothing, frees nothing, and no send that was made is taken for not made."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iletimerkezi_mcp.provider.pushed import PushedStatus
from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from tests.calls import GET_REPORT, GET_REPORTS, SEND_SMS
from tests.hosting import ERAS, Host, Mode
from tests.server.resources.reads import read
from tests.tools.pushing import Push, pushed_to
from tests.tools.reports import order

NUMBERS = ["+905330000011", "+905330000012", "+905330000013"]
READS = {"get-report", "get-reports"}
HOLD = 10 * 60.0

_SETS = st.sampled_from([NUMBERS[:1], NUMBERS[:2], NUMBERS[1:], NUMBERS])
_STATUSES: st.SearchStrategy[PushedStatus] = st.sampled_from(["accepted", "delivered", "undelivered"])
_PLACES = st.integers(0, 4)
_STEPS = st.one_of(
    st.tuples(st.just("send"), _SETS, st.sampled_from(["lost", "lost", "gone", "none"])),
    st.tuples(st.just("other"), _SETS),
    st.tuples(st.just("push"), _PLACES, _SETS, _STATUSES),
    st.tuples(st.just("push"), _PLACES, _SETS, _STATUSES),
    st.tuples(st.just("wait"), st.sampled_from([1, 61, 301])),
    st.tuples(st.just("list")),
    st.tuples(st.just("list")),
    st.tuples(st.just("report"), _PLACES),
    st.tuples(st.just("again"), _PLACES),
)


@dataclass(slots=True)
class _Sent:
    """A send as it reached the wire, and the order that was made of it, if one was."""

    arguments: dict[str, Any]
    at: float
    local_time: str
    order_id: str | None


@dataclass(slots=True)
class _World:
    """The provider with all orders, of this server and of others, and the reports that anyone makes up about them."""

    host: Host
    push: Push
    fault: str = "none"
    sent: list[_Sent] = field(default_factory=list)
    orders: list[str] = field(default_factory=lambda: ["999999"])

    async def step(self, kind: str, *given: Any) -> None:
        before, sends = len(self.host.wire.requests), len(self.sent)
        await getattr(self, kind)(*given)
        paths = set(self.host.wire.paths()[before:])
        assert paths <= (READS if kind in ("list", "report") else {"send-sms"} if kind == "send" else set())
        assert len(self.sent) == sends + (kind == "send")

    async def send(self, numbers: list[str], fault: str) -> None:
        arguments = {
            "recipients": numbers,
            "text": f"Metin {len(self.sent)}",
            "message_type": "transactional",
        }
        self.fault = fault
        await self.host.confirm(SEND_SMS, arguments)
        # Two sends of one second would have one name in what a list settles.
        self.host.clock.advance(seconds=1)

    async def other(self, numbers: list[str]) -> None:
        self.orders.append(order(self.host, (f"Başka {len(self.orders)}", numbers)))

    async def push_(self, order_id: str, numbers: list[str], status: PushedStatus) -> None:
        usage = await self._usage()
        await self.push(order_id, *((number, status) for number in numbers))
        assert await self._usage() == usage

    async def wait(self, seconds: int) -> None:
        self.host.clock.advance(seconds=seconds)

    async def list(self) -> None:
        self._check(await self.host.call(GET_REPORTS, start="2026-11-23", end="2026-11-23"))

    async def report(self, place: int) -> None:
        self._check(await self.host.call(GET_REPORT, order_id=self._order(place)))

    async def again(self, place: int) -> None:
        """Ask for a send once more: one that was made is held back for ten minutes at least."""
        if self.sent:
            sent = self.sent[place % len(self.sent)]
            answer = await self.host.call(SEND_SMS, sent.arguments)
            if sent.order_id is not None and self.host.clock.up - sent.at < HOLD:
                assert answer["outcome"] == "held_back"

    def answer(self, request: httpx.Request) -> httpx.Response | None:
        """Answer in the provider's place: a send may be made and its answer lost, or not be made."""
        if "send-sms" not in request.url.path:
            return None
        made = self.host.wire.provider.answer(request.url.path, request.content) if self.fault != "gone" else None
        order_id = str(made.body["response"]["order"]["id"]) if isinstance(made, JsonAnswer) else None
        [_, asked] = self.host.wire.requests[-1]
        text = asked["order"]["message"]["text"]
        numbers = asked["order"]["message"]["receipents"]["number"]
        arguments = {"recipients": numbers, "text": text, "message_type": "transactional"}
        self.sent.append(_Sent(arguments, self.host.clock.up, self.host.clock().isoformat(), order_id))
        if order_id is not None:
            self.orders.append(order_id)
        if self.fault == "none":
            assert isinstance(made, JsonAnswer)
            return httpx.Response(made.http_status, content=made.content)
        raise httpx.ReadError("gone", request=request)

    def _order(self, place: int) -> str:
        return self.orders[-1 - place % len(self.orders)]

    def _check(self, answer: dict[str, Any]) -> None:
        made = {sent.local_time for sent in self.sent if sent.order_id is not None}
        for one in answer.get("settled", []):
            assert one["outcome"] != "not_found" or one["sent_at"] not in made

    async def _usage(self) -> Any:
        return (await read(self.host, "iletimerkezi://policy"))["limits"]


def _play(mode: Mode, steps: list[tuple[Any, ...]]) -> None:
    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with pushed_to(Path(folder), mode=mode) as (host, push):
                world = _World(host, push)
                host.wire.broken = world.answer
                for kind, *given in steps:
                    if kind == "push":
                        await world.step("push_", world._order(given[0]), *given[1:])
                    else:
                        await world.step(kind, *given)
                await world.list()
                for place in range(len(world.sent)):
                    await world.again(place)

    asyncio.run(play())


@settings(max_examples=max(25, settings().max_examples // 4), deadline=None)
@example(
    "auto",
    # The order is the second send's: taken for the first one's, the second would be taken for not made.
    [
        ("send", NUMBERS[:2], "gone"),
        ("send", NUMBERS[1:2], "lost"),
        ("push", 0, NUMBERS[:1], "accepted"),
        ("wait", 301),
        ("list",),
        ("list",),
    ],
)
@given(st.sampled_from(ERAS), st.lists(_STEPS, min_size=4, max_size=12))
def test_no_report_that_anyone_makes_up_frees_a_send_or_makes_one(mode: Mode, steps: list[tuple[Any, ...]]) -> None:
    _play(mode, steps)
