"""The README is short, its first command is on the first screen, and what the sandbox begins with is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.cli.config.entry import LAUNCH_LINE, RELEASED
from iletimerkezi_mcp.sandbox.fixtures import FIRST_ORDER, FIXTURES
from publishing.project import REPOSITORY
from tests.calls import IYS_REGISTER, SEND, SEND_SMS
from tests.e2e.stdio_client import spoken

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.tr.md")
TWO_SCREENS = 90
"""Lines of a page at an ordinary size, tables and picture apart."""


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", READMES)
def test_the_first_screen_holds_the_demo_and_the_end_holds_the_tests(name: str) -> None:
    commands = [place for place, line in enumerate(lines(name)) if line.startswith("python3 -m venv .venv && ")]
    demo, tests = commands
    assert demo < 20
    assert lines(name)[demo].endswith("iletimerkezi-mcp demo")
    assert lines(name)[demo - 1].startswith(f"git clone {REPOSITORY} && cd ")
    headings = [place for place, line in enumerate(lines(name)) if line.startswith("## ")]
    assert tests > headings[-1]


@pytest.mark.parametrize("name", READMES)
def test_it_is_at_most_two_screens_before_the_links_to_the_rest(name: str) -> None:
    headings = [place for place, line in enumerate(lines(name)) if line.startswith("## ")]
    assert headings[-2] <= TWO_SCREENS


@pytest.mark.parametrize("name", READMES)
def test_it_shows_no_launch_line_that_does_not_work_yet(name: str) -> None:
    assert (" ".join(LAUNCH_LINE) in "\n".join(lines(name))) == RELEASED


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
async def test_the_sandbox_needs_nothing_else(tool: str, arguments: dict[str, Any]) -> None:
    async with spoken("legacy", "--sandbox") as wire:
        assert (await wire.call(tool, arguments))["outcome"] == "preview"


def test_what_the_sandbox_begins_with_is_listed() -> None:
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    told = page.split("It begins with")[1].split("\n\n`iletimerkezi-mcp sandbox`")[0]
    named = {number for _, number in FIXTURES.blacklist}
    named |= {consent.recipient for consent in FIXTURES.consents} | {FIXTURES.consents[0].brand_code}
    named |= {number for order in FIXTURES.orders for number, _ in order.messages}
    named |= {str(FIRST_ORDER + place) for place in range(len(FIXTURES.orders))}
    assert set(re.findall(r"`([^`]+)`", told)) == named
    assert f"{FIXTURES.credits:,} credits" in told
