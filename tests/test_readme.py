"""The README says what is true: its tables are made from the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.fixtures import FIRST_ORDER, FIXTURES
from iletimerkezi_mcp.settings import load_settings
from tests.calls import IYS_REGISTER, SEND, SEND_SMS
from tests.e2e.stdio_client import spoken

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOSTS = [json.loads(block)["mcpServers"] for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)]


def test_the_first_screen_holds_the_two_commands() -> None:
    first_screen = README.splitlines()[:24]
    assert sum(line.startswith("python3 -m venv .venv && ") for line in first_screen) == 2


def test_a_hosts_configuration_sets_what_a_send_needs() -> None:
    loaded = load_settings(HOSTS[0]["iletimerkezi"]["env"])
    assert (loaded.has_credentials, loaded.sender) == (True, "FIRMAADI")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (SEND_SMS, {name: value for name, value in SEND.items() if name != "sender"}),
        (
            IYS_REGISTER,
            {
                "consents": [
                    {
                        "recipient": "+905329998877",
                        "recipient_type": "BIREYSEL",
                        "channel": "MESAJ",
                        "status": "RET",
                        "source": "HS_WEB",
                        "consent_date": "2020-01-02T10:00:00",
                    }
                ]
            },
        ),
    ],
)
async def test_the_sandbox_as_a_host_starts_it_needs_nothing_else(tool: str, arguments: dict[str, Any]) -> None:
    host = HOSTS[1]["iletimerkezi-sandbox"]
    assert host.keys() == {"command", "args"}
    async with spoken("legacy", *host["args"]) as wire:
        assert (await wire.call(tool, arguments))["outcome"] == "preview"


def test_what_the_sandbox_begins_with_is_listed() -> None:
    told = README.split("It begins with")[1].split("\n\n`iletimerkezi-mcp sandbox`")[0]
    named = {number for _, number in FIXTURES.blacklist}
    named |= {consent.recipient for consent in FIXTURES.consents} | {FIXTURES.consents[0].brand_code}
    named |= {number for order in FIXTURES.orders for number, _ in order.messages}
    named |= {str(FIRST_ORDER + place) for place in range(len(FIXTURES.orders))}
    assert set(re.findall(r"`([^`]+)`", told)) == named
    assert f"{FIXTURES.credits:,} credits" in told
