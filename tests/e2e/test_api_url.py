"""A real server process pointed at a real HTTP server that speaks the contract, in either type of every drifting field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.http import serving
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sms.clock import system_clock
from tests.e2e.test_stdio import Wire, spoken
from tests.hosting import ERAS, Mode
from tests.sandbox.response_variants import DOCUMENTED, EVERY_VARIANT, ResponseVariant, VaryingProvider

KEYS = {"ILETIMERKEZI_API_KEY": "a-key-of-some-length", "ILETIMERKEZI_API_HASH": "a-hash-of-some-length"}
SEND: dict[str, Any] = {"text": "Siparişiniz yola çıktı.", "message_type": "transactional"}
WHO = {"recipient": "05329998877", "recipient_type": "BIREYSEL", "channel": "MESAJ"}


async def confirmed(wire: Wire, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
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
            for tool in ("get_balance", "get_sender", "get_blacklist", "get_reports"):
                outcomes[tool] = (await wire.call(tool, {}))["outcome"]
            later = {**SEND, "recipients": ["0532 123 45 67"], "send_at": "2099-12-25T10:00"}
            sent = await confirmed(wire, "send_sms", later)
            outcomes["send_sms"] = sent["outcome"]
            order = {"order_id": sent["order_id"]}
            outcomes["get_report"] = (await wire.call("get_report", order))["status"]
            outcomes["cancel_order"] = (await confirmed(wire, "cancel_order", order))["outcome"]
            for tool in ("add_blacklist", "delete_blacklist"):
                outcomes[tool] = (await confirmed(wire, tool, {"number": "05327654321"}))["outcome"]
            record = {**WHO, "status": "ONAY", "source": "HS_WEB"}
            given = {**record, "consent_date": system_clock().replace(microsecond=0, tzinfo=None).isoformat()}
            outcomes["iys_register"] = (await confirmed(wire, "iys_register", {"consents": [given]}))["outcome"]
            outcomes["iys_check"] = (await wire.call("iys_check", WHO))["status"]
    assert outcomes == {
        "get_balance": "ok",
        "get_sender": "ok",
        "get_blacklist": "ok",
        "get_reports": "ok",
        "send_sms": "done",
        "get_report": "scheduled",
        "cancel_order": "done",
        "add_blacklist": "done",
        "delete_blacklist": "done",
        "iys_register": "done",
        "iys_check": "ONAY",
    }


@pytest.mark.parametrize("mode", ERAS)
async def test_a_connection_dropped_after_the_order_was_made_is_unknown_and_only_one_order_exists(
    mode: Mode, tmp_path: Path
) -> None:
    lost = {**SEND, "recipients": ["+905000000900"]}
    with SandboxDatabase() as database:
        async with serving(Provider(database)) as origin, spoken(mode, **environment(origin, tmp_path)) as wire:
            before = (await wire.call("get_reports", {}))["count"]
            answer = await confirmed(wire, "send_sms", lost)
            held = await wire.call("send_sms", lost)
            after = (await wire.call("get_reports", {}))["count"]
    assert (answer["outcome"], held["outcome"]) == ("unknown", "held_back")
    assert after == before + 1
