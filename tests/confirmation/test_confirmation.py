"""Preview, confirm, act, through the tools that go this way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from pydantic import SecretStr

from iletimerkezi_mcp.confirmation.detached import DetachedRunner, ServerStoppedError
from iletimerkezi_mcp.confirmation.pending_change import Acceptance
from iletimerkezi_mcp.server.build import build_server
from iletimerkezi_mcp.settings import Settings
from tests.calls import ADD_BLACKLIST, DELETE_BLACKLIST, SEND_SMS
from tests.calls import SEND_TO_TWO as SEND
from tests.hosting import ERAS, LIVE, Mode, hosted, text_of


@pytest.mark.parametrize("mode", ERAS)
async def test_a_code_is_valid_for_the_same_arguments_in_another_order_and_spelling(mode: Mode) -> None:
    async with hosted(mode=mode) as host:
        preview = await host.call(SEND_SMS, SEND)
        answer = await host.call(
            SEND_SMS,
            {**SEND, "recipients": ["+90 533 111 22 33", "0532 123 45 67"], "sender": "FIRMAADI"},
            confirm=preview["confirm"],
        )
    assert answer["outcome"] == "done"


@pytest.mark.parametrize(
    "changed",
    [
        {"recipients": ["05321234567"]},
        {"text": "Siparişiniz hazır."},
        {"message_type": "commercial", "iys_list": "BIREYSEL"},
        {"sender": "DEMO FIRMA"},
        {"send_at": "2026-11-24T10:00"},
    ],
)
async def test_changed_arguments_do_nothing_and_get_a_preview_and_a_code_of_their_own(changed: dict[str, Any]) -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND)
        answer = await host.call(SEND_SMS, {**SEND, **changed}, confirm=preview["confirm"])
        assert (answer["outcome"], host.wire.requests) == ("nothing_done", [])
        assert "issued for something else" in answer["summary"]
        assert answer["preview"]
        right = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
        other = await host.call(SEND_SMS, {**SEND, **changed}, confirm=answer["confirm"])
    assert right["outcome"] == "done"
    assert other["outcome"] in {"done", "held_back"}


async def test_a_forged_or_expired_code_does_nothing() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND)
        forged = await host.call(SEND_SMS, SEND, confirm="AAAAAAAAAAAA")
        flag = await host.call(SEND_SMS, SEND, confirm=True)
        host.clock.advance(minutes=10)
        expired = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert [answer["outcome"] for answer in (forged, flag, expired)] == ["nothing_done"] * 3
    assert "did not issue" in forged["summary"]
    assert "expired" in expired["summary"]
    assert host.wire.requests == []


async def test_a_code_works_once() -> None:
    async with hosted() as host:
        preview = await host.call(SEND_SMS, SEND)
        first = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
        again = await host.call(SEND_SMS, SEND, confirm=preview["confirm"])
    assert (first["outcome"], again["outcome"]) == ("done", "done")
    assert again["order_id"] == first["order_id"]
    assert "Nothing more was done now" in again["summary"]
    assert "confirm" not in again
    assert host.wire.paths() == ["send-sms"]


async def test_a_code_of_one_tool_is_not_valid_for_another() -> None:
    async with hosted() as host:
        preview = await host.call(ADD_BLACKLIST, number="05321234567")
        answer = await host.call(DELETE_BLACKLIST, number="05321234567", confirm=preview["confirm"])
    assert (answer["outcome"], host.wire.requests) == ("nothing_done", [])


async def test_a_send_that_the_servers_end_cuts_off_is_unknown() -> None:
    async def stopped(_: Any) -> Acceptance:
        raise ServerStoppedError

    async with hosted() as host:
        host.wire.broken = lambda _: None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(DetachedRunner, "run", lambda self, work: stopped(work))
            answer = await host.confirm(SEND_SMS, SEND)
    assert answer["outcome"] == "unknown"
    assert "stopped while the request was under way" in answer["summary"]


@pytest.mark.parametrize(("key", "shown"), [("short-key", "LIVE: "), ("a-longer-key-7f3a", "LIVE, key …7f3a: ")])
async def test_the_keys_end_is_shown_if_that_is_a_small_part_of_it(key: str, shown: str) -> None:
    async with hosted(replace(LIVE, api_key=SecretStr(key))) as host:
        preview = await host.call(SEND_SMS, SEND)
    assert preview["preview"].startswith(shown)


async def test_a_newer_preview_does_not_void_an_older_code() -> None:
    async with hosted() as host:
        older = await host.call(SEND_SMS, SEND)
        await host.call(SEND_SMS, SEND)
        assert (await host.call(SEND_SMS, SEND, confirm=older["confirm"]))["outcome"] == "done"


async def test_a_preview_begins_with_what_to_do_with_it() -> None:
    async with hosted() as host:
        result = await host.client.call_tool(SEND_SMS, SEND)
    assert text_of(result).startswith(
        "preview: Nothing has been sent. Show all of this in the user's language, text, numbers, names and amounts "
        "unchanged, and end your turn; repeat the call with the code only after they agree in a message of their own."
    )


@pytest.mark.parametrize(
    "change",
    [
        {"recipients": ["+905000000402"]},
        {"recipients": ["+905000000470"]},
        {"sender": "NOT MINE"},
        {"confirm": "AAAAAAAAAAAA", "recipients": ["0532"]},
        {"iys_list": None},
        {"send_at": "2026-11-23T10:01"},
    ],
)
async def test_every_refusal_of_a_commercial_send_ends_the_same(change: dict[str, Any]) -> None:
    campaign = {**SEND, "message_type": "commercial", "iys_list": "BIREYSEL", **change}
    async with hosted() as host:
        answer = await host.call(SEND_SMS, campaign)
        if answer["outcome"] == "preview":
            answer = await host.call(SEND_SMS, campaign, confirm=answer["confirm"])
    assert answer["outcome"] in {"nothing_done", "refused"}
    assert answer["next_step"].endswith("Do not send this as transactional.")


async def test_a_held_back_campaign_ends_the_same() -> None:
    campaign = {**SEND, "message_type": "commercial", "iys_list": "TACIR"}
    async with hosted() as host:
        await host.confirm(SEND_SMS, campaign)
        held = await host.call(SEND_SMS, campaign)
    assert held["outcome"] == "held_back"
    assert held["next_step"].endswith("Do not send this as transactional.")


SANDBOX_CODE = "Without a state folder the sandbox forgets its codes when its process ends"


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("lasting", [False, True])
async def test_in_the_sandbox_a_host_with_a_process_for_each_call_hears_what_its_codes_need(
    mode: Mode, lasting: bool, tmp_path: Path
) -> None:
    settings = Settings(sandbox=True, sender="FIRMAADI", state_dir=tmp_path if lasting else None)
    answers = []
    for code in (None, "K7Q2M9XW4TBA"):
        async with Client(build_server(settings), mode=mode) as client:
            answer = (await client.call_tool(SEND_SMS, {**SEND, "confirm": code})).structured_content
            assert answer is not None
            answers.append(answer)
    assert [answer["outcome"] for answer in answers] == ["preview", "nothing_done"]
    assert (SANDBOX_CODE in answers[1]["summary"]) == (not lasting)
    assert ("ILETIMERKEZI_STATE_DIR" in answers[1]["summary"]) == (not lasting)
