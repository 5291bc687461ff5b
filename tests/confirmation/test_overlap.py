"""A text that a person has, or may have, is held back from that person, whoever else is in the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from iletimerkezi_mcp.ledger.ledger import Superseded
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from tests.calls import GET_REPORTS, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Host, Mode, hosted

from .scenes import Asked, unknown

A, B, C = "+905321234567", "+905331112233", "+905341112244"

LISTS: list[tuple[list[str], list[str]]] = [
    ([A], [A]),
    ([B], [B]),
    ([A, B], [A, B]),
    ([C, B, A], [B, A]),
    ([C, A], [A]),
]
"""Lists that come after a send to A and B, and those of each that have the text."""


def yes() -> Asked:
    return Asked("accept", {"send": True})


def numbers_of(answer: dict[str, Any]) -> str:
    """Return the numbers that a held send names."""
    summary: str = answer["summary"]
    return summary.partition("): ")[2].partition(". It will")[0]


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("by_person", [False, True])
@pytest.mark.parametrize(("recipients", "held"), LISTS)
async def test_an_accepted_send_holds_back_every_list_that_shares_a_person(
    mode: Mode, by_person: bool, recipients: list[str], held: list[str]
) -> None:
    asked = yes()
    options: dict[str, Any] = {"elicitation_callback": asked} if by_person else {}
    async with hosted(mode=mode, **options) as host:
        confirm = host.call if by_person else host.confirm
        first = await confirm(SEND_SMS, SEND)
        answer = await host.call(SEND_SMS, SEND, recipients=recipients)
        assert (answer["outcome"], answer["order_id"]) == ("held_back", first["order_id"])
        assert numbers_of(answer) == ", ".join(held)
        assert f"(order {first['order_id']})" in answer["summary"]
        assert "10:10 on Monday 2026-11-23" in answer["summary"]
        assert ("skip_recent true" in answer["next_step"]) == (len(held) < len(recipients))
        assert "confirm" not in answer
        assert "preview" not in answer
        host.clock.advance(minutes=10)
        assert (await confirm(SEND_SMS, SEND, recipients=recipients))["outcome"] == "done"
    assert len(asked.shown) == 2 * by_person
    assert len(host.wire.requests) == 2


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(("recipients", "held"), LISTS)
async def test_an_unknown_send_holds_back_every_list_that_shares_a_person(
    mode: Mode, recipients: list[str], held: list[str]
) -> None:
    async with hosted(mode=mode) as host:
        await unknown(host)
        host.clock.advance(hours=23, minutes=59)
        answer = await host.call(SEND_SMS, SEND, recipients=recipients)
        assert answer["outcome"] == "held_back"
        assert "at 10:00 on Monday 2026-11-23, and its outcome is unknown: " + ", ".join(held) in answer["summary"]
        assert answer["next_step"].startswith(f"Read {GET_REPORTS} of that day")
        assert ("skip_recent true" in answer["next_step"]) == (len(held) < len(recipients))
        assert "order_id" not in answer
    assert host.wire.paths() == ["send-sms"]


@pytest.mark.parametrize("mode", ERAS)
async def test_a_day_after_an_unknown_send_it_is_possible_and_the_preview_warns_first(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await unknown(host)
        host.clock.advance(hours=24, minutes=1)
        preview = await host.call(SEND_SMS, SEND, recipients=[B, C])
        assert preview["outcome"] == "preview"
        first = preview["preview"].splitlines()[1]
        assert first.startswith(
            "! This may arrive twice: the same text may have been sent to some of these recipients at 10:00 on Mon"
        )
        assert first == "! " + preview["warnings"][0]
        assert (await host.call(SEND_SMS, SEND, recipients=[C]))["outcome"] == "preview"
        done = await host.call(SEND_SMS, SEND, recipients=[B, C], confirm=preview["confirm"])
    assert done["outcome"] == "done"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_form_warns_first_too(mode: Mode, tmp_path: Path) -> None:
    settings, asked = replace(LIVE, state_dir=tmp_path), yes()
    async with hosted(settings, mode=mode) as host:
        await unknown(host)
        host.clock.advance(hours=24, minutes=1)
    async with hosted(settings, mode=mode, clock=host.clock, elicitation_callback=asked) as host:
        assert (await host.call(SEND_SMS, SEND, recipients=[A]))["outcome"] == "done"
    assert asked.shown[0].message.splitlines()[1] == (
        "! This may arrive twice: the same text may have been sent to this recipient at 10:00 on Monday 2026-11-23, "
        "and nothing has shown its outcome since."
    )


@pytest.mark.parametrize("mode", ERAS)
async def test_a_scheduled_send_holds_back_until_ten_minutes_after_its_time(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        first = await host.confirm(SEND_SMS, SEND, send_at="2026-11-26T10:00")
        for wait in ({"minutes": 11}, {"hours": 25}, {"days": 1, "hours": 22, "minutes": 55}):
            host.clock.advance(**wait)
            for when in ({}, {"send_at": "2026-11-29T10:00"}):
                answer = await host.call(SEND_SMS, SEND, recipients=[A, C], **when)
                assert (answer["outcome"], answer["order_id"]) == ("held_back", first["order_id"])
                assert answer["summary"] == (
                    "Not sent: this text is scheduled for 1 of the 2 recipients, at 10:00 on Thursday 2026-11-26 (order "
                    f"{first['order_id']}): {A}. It will not go out by itself; after 10:10 on Thursday 2026-11-26 the same "
                    "text can be sent to them again, if that is wanted."
                )
                cancel = f"To send it at another time, cancel order {first['order_id']} first."
                assert cancel in answer["next_step"]
        host.clock.advance(minutes=4)
        assert (await host.call(SEND_SMS, SEND, recipients=[A, C]))["outcome"] == "preview"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_scheduled_send_of_unknown_outcome_holds_back_as_long_and_is_warned_of_later(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        await unknown(host, send_at="2026-11-26T10:00")
        host.clock.advance(hours=24, minutes=1)
        answer = await host.call(SEND_SMS, SEND, recipients=[A])
        assert answer["outcome"] == "held_back"
        assert "10:10 on Thursday 2026-11-26" in answer["summary"]
        host.clock.advance(days=2, minutes=9)
        preview = await host.call(SEND_SMS, SEND, recipients=[A])
        assert preview["outcome"] == "preview"
        assert preview["preview"].splitlines()[1].startswith("! This may arrive twice")


async def test_two_unknown_sends_hold_back_together() -> None:
    async with hosted() as host:
        await unknown(host, recipients=[A])
        host.clock.advance(hours=1)
        await unknown(host, recipients=[B])
        held = await host.call(SEND_SMS, SEND, recipients=[A, B, C])
        assert "to 2 of the 3 recipients at 11:00" in held["summary"]
        assert f"{A}, {B}. Sends of this text that hold it back: 2. It will not go out" in held["summary"]
        assert "after 11:00 on Tuesday 2026-11-24" in held["summary"]
        host.clock.advance(hours=23)
        half = await host.call(SEND_SMS, SEND, recipients=[A, B, C])
        assert f"{B}. It will not go out by itself; after 11:00 on Tuesday 2026-11-24" in half["summary"]


async def test_five_of_the_held_are_named() -> None:
    many = [f"+9053200000{number:02}" for number in range(7)]
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND, recipients=many)
        answer = await host.call(SEND_SMS, SEND, recipients=[*many[::-1], C])
    assert "to 7 of the 8 recipients" in answer["summary"]
    assert numbers_of(answer) == ", ".join([*many[:1:-1], "…"])


async def test_a_send_that_is_under_way_holds_back() -> None:
    answers: list[dict[str, Any]] = []
    async with hosted() as host:

        async def meanwhile() -> None:
            answers.append(await host.call(SEND_SMS, SEND, recipients=[A, C]))

        first = await during(host, meanwhile)
    assert first["outcome"] == "done"
    assert answers[0]["outcome"] == "held_back"
    assert (
        "a send of this text to 1 of the 2 recipients has been under way since 10:00 on Monday 2026-11-23: +90532"
        in (answers[0]["summary"])
    )


async def during(host: Host, meanwhile: Any) -> dict[str, Any]:
    """Confirm a send, and do `meanwhile` before its request is answered."""
    import anyio

    arrived, go = anyio.Event(), anyio.Event()
    answers: list[dict[str, Any]] = []
    handle = type(host.wire).handle_async_request

    async def slow(wire: Any, request: Any) -> Any:
        arrived.set()
        await go.wait()
        return await handle(wire, request)

    async def send() -> None:
        answers.append(await host.confirm(SEND_SMS, SEND))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(host.wire), "handle_async_request", slow)
        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(send)
                await arrived.wait()
                await meanwhile()
                go.set()
    return answers[0]


@pytest.mark.parametrize(
    ("recipients", "whom"), [([A], "alıcıya"), ([A, B], "2 alıcının hepsine"), ([A, B, C], "3 alıcıdan 2 kişiye")]
)
async def test_it_says_so_in_turkish(recipients: list[str], whom: str) -> None:
    async with hosted(replace(LIVE, language="tr")) as host:
        first = await host.confirm(SEND_SMS, SEND)
        answer = await host.call(SEND_SMS, SEND, recipients=recipients)
    assert answer["summary"] == (
        f"Gönderilmedi: bu metin {whom} daha önce gönderildi (23.11.2026 Pazartesi 10:00, gönderim no {first['order_id']}): "
        f"{', '.join(recipients[:2])}. Kendiliğinden gönderilmeyecek; istenirse aynı metin bu alıcılara şu zamandan "
        "sonra yeniden gönderilebilir: 23.11.2026 Pazartesi 10:10."
    )


async def test_an_order_that_a_report_finds_holds_back_as_an_accepted_one() -> None:
    async with hosted() as host:
        await host.confirm(SEND_SMS, SEND, recipients=[A, "+905000000900"])
        host.clock.advance(minutes=5)
        await host.call(GET_REPORTS)
        answer = await host.call(SEND_SMS, SEND, recipients=[A])
        assert "(order " in answer["summary"]
        assert answer["order_id"].isdigit()


async def test_a_scheduled_send_holds_back_until_ten_minutes_after_its_time_by_the_providers_clock() -> None:
    async with hosted() as host:
        truth = host.clock.now
        host.clock.jump(hours=3)
        date = format_datetime(truth.astimezone(UTC), usegmt=True)
        body = {"response": {"status": {"code": 200}, "order": {"id": 7}}}
        host.wire.broken = lambda _: httpx.Response(200, json=body, headers={"Date": date})
        done = await host.confirm(SEND_SMS, SEND, send_at=f"{host.clock.now + timedelta(minutes=15):%Y-%m-%dT%H:%M}")
        assert done["outcome"] == "done"
        # The ledger answers in turn: it has the provider's time before this.
        await host.call(SEND_SMS, SEND, text="Bir başka bilgi.")
        host.clock.jump(hours=-3)
        for hours in (1, 2):
            host.clock.advance(hours=1)
            assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back", hours
        host.clock.advance(hours=1, minutes=24)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "held_back"
        host.clock.advance(minutes=2)
        assert (await host.call(SEND_SMS, SEND))["outcome"] == "preview"


async def test_a_campaign_that_another_call_has_begun_meanwhile_is_planned_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def begin(*_: object, **__: object) -> Superseded:
        return Superseded()

    monkeypatch.setattr(SqliteLedger, "begin", begin)
    async with hosted(replace(LIVE, confirm="code")) as host:
        answer = await host.confirm(SEND_SMS, SEND)
    assert answer["outcome"] == "nothing_done"
    assert "This campaign, or another one of its file and text, was begun, continued or ended" in answer["summary"]
    assert host.wire.requests == []
