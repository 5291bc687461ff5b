"""A real server process pointed at a real HTTP server that speaks the contract, in either type of every drifting field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.http import serving
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sms.clock import system_clock
from tests.calls import (
    ADD_BLACKLIST,
    CANCEL_ORDER,
    DELETE_BLACKLIST,
    GET_BALANCE,
    GET_BLACKLIST,
    GET_REPORT,
    GET_REPORTS,
    GET_SENDER,
    IYS_CHECK,
    IYS_REGISTER,
    SEND_SMS,
)
from tests.e2e.stdio_client import StdioClient, spoken
from tests.hosting import ERAS, Mode
from tests.sandbox.response_variants import DOCUMENTED, EVERY_VARIANT, ResponseVariant, VaryingProvider

KEYS = {"ILETIMERKEZI_API_KEY": "a-key-of-some-length", "ILETIMERKEZI_API_HASH": "a-hash-of-some-length"}
SEND: dict[str, Any] = {"text": "Siparişiniz yola çıktı.", "message_type": "transactional"}
WHO = {"recipient": "05329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}


async def confirmed(wire: StdioClient, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    preview = await wire.call(tool, arguments)
    return await wire.call(tool, {**arguments, "confirm": preview["confirm"]})


def environment(origin: str, folder: Path) -> dict[str, str]:
    return {
        **KEYS,
        "ILETIMERKEZI_API_URL": origin,
        "ILETIMERKEZI_STATE_DIR": str(folder),
        "ILETIMERKEZI_SENDER": "FIRMAADI",
        "ILETIMERKEZI_BRAND_CODE": "123456",
    }


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize(
    "variant",
    [DOCUMENTED, EVERY_VARIANT, ResponseVariant(no_counters=True, plain_http=True)],
    ids=["documented", "varied", "as in 2024"],
)
async def test_all_eleven_tools_work_against_it(variant: ResponseVariant, mode: Mode, tmp_path: Path) -> None:
    outcomes: dict[str, str] = {}
    with SandboxDatabase() as database:
        async with (
            serving(VaryingProvider(database, variant=variant)) as origin,
            spoken(mode, **environment(origin, tmp_path)) as wire,
        ):
            for tool in (GET_BALANCE, GET_SENDER, GET_BLACKLIST, GET_REPORTS):
                outcomes[tool] = (await wire.call(tool, {}))["outcome"]
            later = {**SEND, "recipients": ["0532 123 45 67"], "send_at": "2099-12-25T10:00"}
            sent = await confirmed(wire, SEND_SMS, later)
            outcomes[SEND_SMS] = sent["outcome"]
            order = {"order_id": sent["order_id"]}
            outcomes[GET_REPORT] = (await wire.call(GET_REPORT, order))["status"]
            outcomes[CANCEL_ORDER] = (await confirmed(wire, CANCEL_ORDER, order))["outcome"]
            for tool in (ADD_BLACKLIST, DELETE_BLACKLIST):
                outcomes[tool] = (await confirmed(wire, tool, {"number": "05327654321"}))["outcome"]
            record = {**WHO, "status": "ONAY", "source": "HS_WEB"}
            given = {**record, "consent_date": system_clock().replace(microsecond=0, tzinfo=None).isoformat()}
            outcomes[IYS_REGISTER] = (await confirmed(wire, IYS_REGISTER, {"consents": [given]}))["outcome"]
            outcomes[IYS_CHECK] = (await wire.call(IYS_CHECK, WHO))["status"]
    assert outcomes == {
        GET_BALANCE: "ok",
        GET_SENDER: "ok",
        GET_BLACKLIST: "ok",
        GET_REPORTS: "ok",
        SEND_SMS: "done",
        GET_REPORT: "scheduled",
        CANCEL_ORDER: "done",
        ADD_BLACKLIST: "done",
        DELETE_BLACKLIST: "done",
        IYS_REGISTER: "done",
        IYS_CHECK: "ONAY",
    }


@pytest.mark.parametrize("mode", ERAS)
async def test_a_connection_dropped_after_the_order_was_made_is_unknown_and_only_one_order_exists(
    mode: Mode, tmp_path: Path
) -> None:
    lost = {**SEND, "recipients": ["+905000000900"]}
    with SandboxDatabase() as database:
        async with serving(Provider(database)) as origin, spoken(mode, **environment(origin, tmp_path)) as wire:
            before = (await wire.call(GET_REPORTS, {}))["count"]
            answer = await confirmed(wire, SEND_SMS, lost)
            held = await wire.call(SEND_SMS, lost)
            after = (await wire.call(GET_REPORTS, {}))["count"]
    assert (answer["outcome"], held["outcome"]) == ("unknown", "held_back")
    assert after == before + 1
