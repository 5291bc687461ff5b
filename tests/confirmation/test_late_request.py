"""A yes that is used long after it was given, because the machine slept or the process was paused: nothing leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import mcp.types as mcp_types
import pytest

from tests.calls import ADD_BLACKLIST, SEND, SEND_SMS
from tests.hosting import ERAS, Host, ManualClock, Mode, hosted

from .scenes import YES

ARGUMENTS = {
    SEND_SMS: {**SEND, "send_at": "2026-11-23T10:05"},
    ADD_BLACKLIST: {"number": "05321234567"},
}


def asleep(host: Host, *, wall: timedelta, uptime: timedelta) -> list[str]:
    """Have the first try of each change fail to connect, and the clocks move before the second; return the changes' paths."""
    paths: list[str] = []

    def broken(request: httpx.Request) -> None:
        paths.append(request.url.path)
        if len(paths) == 1:
            host.clock.now += wall
            host.clock.up += uptime.total_seconds()
            raise httpx.ConnectError("no network yet", request=request)

    host.wire.broken = broken
    return paths


@dataclass(slots=True)
class PausedClock(ManualClock):
    """A clock at which the process is paused the next time that it is looked at, for `pause` seconds."""

    pause: float = 0

    def __call__(self) -> datetime:
        self.up, self.pause = self.up + self.pause, 0
        return self.now


@pytest.mark.parametrize(("seconds", "outcome"), [(45, "done"), (46, "nothing_done")])
@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("asked", [False, True], ids=["code", "form"])
async def test_a_yes_ages_while_its_call_is_planned(mode: Mode, asked: bool, seconds: int, outcome: str) -> None:
    clock = PausedClock()

    async def yes(context: Any, params: Any) -> mcp_types.ElicitResult:
        clock.pause = seconds
        return await YES()(context, params)

    person: dict[str, Any] = {"elicitation_callback": yes} if asked else {}
    async with hosted(mode=mode, clock=clock, **person) as host:
        answer = await host.call(SEND_SMS, SEND)
        if not asked:
            clock.pause = seconds
            answer = await host.call(SEND_SMS, SEND, confirm=answer["confirm"])
    assert (answer["outcome"], len(host.wire.paths())) == (outcome, int(outcome == "done"))


@pytest.mark.parametrize("mode", ERAS)
async def test_a_person_may_take_minutes_to_say_yes(mode: Mode) -> None:
    clock = ManualClock()

    async def yes(context: Any, params: Any) -> mcp_types.ElicitResult:
        clock.advance(minutes=4)
        return await YES()(context, params)

    async with hosted(mode=mode, clock=clock, elicitation_callback=yes) as host:
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("tool", ARGUMENTS)
@pytest.mark.parametrize("asked", [False, True], ids=["code", "form"])
async def test_after_the_machine_slept_nothing_leaves_and_the_user_is_asked_anew(
    mode: Mode, tool: str, asked: bool
) -> None:
    person: dict[str, Any] = {"elicitation_callback": YES()} if asked else {}
    async with hosted(mode=mode, **person) as host:
        paths = asleep(host, wall=timedelta(hours=1), uptime=timedelta(hours=1))
        answer = await (host.call if asked else host.confirm)(tool, ARGUMENTS[tool])
        host.wire.broken = None
    assert (answer["outcome"], len(paths)) == ("nothing_done", 1)
    assert "the confirmation was out of date" in answer["summary"]
    assert "Ask the user if it is still to be done" in answer["next_step"]


@pytest.mark.parametrize(
    ("wall", "uptime", "outcome"),
    [(45, 45, "done"), (3600, 0, "done"), (0, 46, "nothing_done"), (-3600, 45, "done")],
)
async def test_a_yes_ages_by_the_uptime_alone(wall: int, uptime: int, outcome: str) -> None:
    async with hosted() as host:
        asleep(host, wall=timedelta(seconds=wall), uptime=timedelta(seconds=uptime))
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == outcome


async def test_the_night_that_begins_before_the_request_leaves_is_shown_first() -> None:
    commercial = {**SEND, "message_type": "commercial", "iys_list": "BIREYSEL"}
    async with hosted() as host:
        host.clock.jump(hours=10, minutes=59, seconds=50)
        paths = asleep(host, wall=timedelta(seconds=10), uptime=timedelta(seconds=10))
        answer = await host.confirm(SEND_SMS, commercial)
        host.wire.broken = None
        again = await host.call(SEND_SMS, commercial)
    assert (answer["outcome"], len(paths), again["outcome"]) == ("nothing_done", 1, "preview")
    assert any("night" in warning for warning in again["warnings"])


async def test_what_slept_did_not_leave_and_holds_nothing_back() -> None:
    async with hosted() as host:
        asleep(host, wall=timedelta(minutes=2), uptime=timedelta(minutes=2))
        await host.confirm(SEND_SMS, SEND)
        host.wire.broken = None
        assert (await host.confirm(SEND_SMS, SEND))["outcome"] == "done"
        assert host.wire.paths().count("send-sms") == 2
