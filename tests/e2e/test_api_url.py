"""A real server process pointed at a real HTTP server that speaks the contract, in either type of every drifting field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.database import SandboxDatabase
from iletimerkezi_mcp.sandbox.http import serving
from iletimerkezi_mcp.sandbox.provider import Provider
from iletimerkezi_mcp.sms.clock import system_clock
from tests.calls import CANCEL_ORDER, GET_REPORT, GET_REPORTS, IYS_CHECK, IYS_REGISTER, SEND_SMS
from tests.e2e.stdio_client import StdioClient, spoken
from tests.hosting import ERAS, Mode
from tests.sandbox.response_variants import DOCUMENTED, EVERY_VARIANT, ResponseVariant, VaryingProvider
from tests.tools.examples import EXAMPLES, READS

KEYS = {"ILETIMERKEZI_API_KEY": "a-key-of-some-length", "ILETIMERKEZI_API_HASH": "a-hash-of-some-length"}
SEND: dict[str, Any] = {"text": "Siparişiniz yola çıktı.", "message_type": "transactional"}


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
async def test_every_tool_works_against_it(variant: ResponseVariant, mode: Mode, tmp_path: Path) -> None:
    outcomes: dict[str, str] = {}
    with SandboxDatabase() as database:
        async with (
            serving(VaryingProvider(database, variant=variant)) as origin,
            spoken(mode, **environment(origin, tmp_path)) as wire,
        ):
            in_a_month = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT10:00}"
            later = {**EXAMPLES[SEND_SMS], "text": "Yarın oradayız.", "send_at": in_a_month}
            order = {"order_id": (await confirmed(wire, SEND_SMS, later))["order_id"]}
            report = await wire.call(GET_REPORT, order)
            (consent,) = EXAMPLES[IYS_REGISTER]["consents"]
            today = system_clock().replace(microsecond=0, tzinfo=None).isoformat()
            calls = {
                **EXAMPLES,
                CANCEL_ORDER: order,
                IYS_REGISTER: {"consents": [{**consent, "consent_date": today}]},
            }
            for tool, arguments in calls.items():
                call = wire.call(tool, arguments) if tool in READS else confirmed(wire, tool, arguments)
                outcomes[tool] = (await call)["outcome"]
            kept = await wire.call(
                IYS_CHECK, {name: consent[name] for name in ("recipient", "recipient_type", "channel")}
            )
    assert outcomes == {tool: "ok" if tool in READS else "done" for tool in EXAMPLES}
    assert (report["status"], kept["status"]) == ("scheduled", "ONAY")


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
