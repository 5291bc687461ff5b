"""The README says what is true: its tables are made from the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.sandbox.magic import MAGIC
from iletimerkezi_mcp.sandbox.seed import FIRST_ORDER, SEED
from iletimerkezi_mcp.settings import SETTINGS, load_settings
from iletimerkezi_mcp.tools.catalogue import all_tools
from tests.e2e.test_stdio import SEND, spoken

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HOSTS = [json.loads(block)["mcpServers"] for block in re.findall(r"```json\n(.*?)```", README, re.DOTALL)]


def _between(name: str) -> list[str]:
    return README.split(f"<!-- {name} -->\n")[1].split(f"<!-- /{name} -->")[0].splitlines()


def test_the_settings_table_is_that_of_the_settings() -> None:
    rows = ["| variable | flag | what it does |", "|---|---|---|"]
    bar = "\\|"
    for setting in SETTINGS:
        flag = "" if setting.flag is None else f"`{setting.flag}{' ' + setting.metavar if setting.metavar else ''}`"
        rows.append(f"| `{setting.variable}` | {flag.replace('|', bar)} | {setting.help.en} |")
    assert _between("settings") == rows


def test_the_magic_table_is_that_of_the_sandbox() -> None:
    rows = ["| value | what happens |", "|---|---|"]
    rows += [f"| `{row.value}` ({row.kind}) | {row.happens.en} |" for row in MAGIC]
    assert _between("magic") == rows


def test_the_tools_table_names_the_tools_in_their_order_and_says_which_change_something() -> None:
    rows = [line.split(" | ") for line in README.splitlines() if line.startswith("| `") and line.count(" | ") == 2]
    listed = [(row[0].strip("| `"), row[2].strip(" |")) for row in rows if row[0].strip("| `") in _names()]
    assert listed == [
        (spec.name, "no" if spec.annotations and spec.annotations.read_only_hint else "yes")
        for spec in all_tools().specs
    ]


def _names() -> set[str]:
    return {spec.name for spec in all_tools().specs}


def test_the_first_screen_holds_the_two_commands() -> None:
    first_screen = README.splitlines()[:24]
    assert sum(line.startswith("python3 -m venv .venv && ") for line in first_screen) == 2


def test_a_hosts_configuration_sets_what_a_send_needs() -> None:
    loaded = load_settings(HOSTS[0]["iletimerkezi"]["env"])
    assert (loaded.has_credentials, loaded.sender) == (True, "FIRMAADI")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("send_sms", {name: value for name, value in SEND.items() if name != "sender"}),
        (
            "iys_register",
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
    named = {number for _, number in SEED.blacklist}
    named |= {consent.recipient for consent in SEED.consents} | {SEED.consents[0].brand_code}
    named |= {number for order in SEED.orders for number, _ in order.messages}
    named |= {str(FIRST_ORDER + place) for place in range(len(SEED.orders))}
    assert set(re.findall(r"`([^`]+)`", told)) == named
    assert f"{SEED.credits:,} credits" in told


def test_links_to_files_lead_somewhere() -> None:
    linked = re.findall(r"\]\(([^):]+)\)", README)
    assert "SECURITY.md" in linked
    assert [name for name in linked if not (ROOT / name).exists()] == []
