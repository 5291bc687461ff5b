"""The doctor's findings on pushed reports."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from iletimerkezi_mcp.ledger.files import LEDGER_FILE
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.settings import Settings
from iletimerkezi_mcp.sms.clock import describe_time, system_clock
from tests.calls import GET_REPORT, SEND_SMS
from tests.hosting import ManualClock, hosted
from tests.tools.orders import SEND
from tests.tools.pushing import pusher

from .clinic import HASH, KEY, visited

SECRET = "Qx7_canary-9Kd2mZ4tR8vB1nL6wP3sH5jF0gA"
TOKENS = "cron:0123456789abcdef0123456789abcdef"
URL = "http://127.0.0.1:9"


def _settings(folder: Path) -> Settings:
    return Settings(
        api_key=SecretStr(KEY),
        api_hash=SecretStr(HASH),
        api_url=URL,
        sender="FIRMAADI",
        confirm="code",
        state_dir=folder,
    )


async def test_without_a_secret_the_doctor_says_how_the_path_is_turned_on(tmp_path: Path) -> None:
    visit = await visited(tmp_path)
    assert visit.verdicts("delivery") == ["ok"]
    assert visit.advice("delivery").strip() == (
        "No pushed reports are taken with these settings: ILETIMERKEZI_DELIVERY_SECRET is not set (iletimerkezi-mcp token "
        "--delivery makes one)."
    )


@pytest.mark.parametrize(
    ("variables", "served", "url"),
    [
        ({}, "Pushed reports are taken while iletimerkezi-mcp delivery runs.", "https://YOUR-NAME/delivery/ with"),
        (
            {"TRANSPORT": "streamable-http", "HTTP_TOKEN": TOKENS, "ALLOW_HOST": "sms.example.com,b.example.com"},
            "Pushed reports are taken by this server (streamable-http).",
            "https://sms.example.com/delivery/ with",
        ),
    ],
    ids=["stdio", "network"],
)
async def test_with_a_secret_the_doctor_says_who_takes_them_and_which_url_the_panel_needs(
    tmp_path: Path, variables: Any, served: str, url: str
) -> None:
    visit = await visited(tmp_path, DELIVERY_SECRET=SECRET, **variables)
    assert visit.verdicts("delivery") == ["ok"]
    advice = visit.advice("delivery")
    assert advice.startswith(f"{served} None is on record. In iletiMerkezi's panel, under ")
    assert f"Ayarlar > API > Webhook (Bildirim Adresi), enter {url} the value of ILETIMERKEZI_DELIVERY_SECRET" in advice
    assert SECRET not in visit.output


async def test_the_last_report_and_the_orders_that_wait_are_told(tmp_path: Path) -> None:
    settings, clock = _settings(tmp_path), ManualClock(system_clock())
    clock.jump(hours=-3)
    look: Any = {"STATE_DIR": str(tmp_path), "API_URL": URL, "API_HASH": None}
    async with hosted(settings, clock=clock) as host:
        ids = []
        with closing(SqliteLedger(tmp_path, ledger_account(settings), clock=clock, uptime=clock.uptime)) as ledger:
            for place in range(3):
                answer = await host.confirm(SEND_SMS, SEND, recipients=["+905321234567"], text=f"Sıra {place}")
                ids.append(answer["order_id"])
                if place != 1:
                    await pusher(ledger)(answer["order_id"], ("+905321234567", "delivered"))
                    last = describe_time(clock())
                clock.advance(minutes=1)
            # It says again what is known.
            await pusher(ledger)(ids[2], ("+905321234567", "delivered"))
    on = await visited(tmp_path, DELIVERY_SECRET=SECRET, **look)
    off = await visited(tmp_path, **look)
    for visit in (on, off):
        assert visit.verdicts("delivery") == ["ok", "warning"]
        assert (
            f"though reports on other orders came before and after: {ids[1]}. Have the assistant read each ({GET_REPORT})"
            in visit.advice("delivery")
        )
        assert f"The last that changed a state was received at {last.en}." in visit.advice("delivery")


async def test_a_report_that_was_deleted_after_a_day_is_not_said_never_to_have_come(tmp_path: Path) -> None:
    settings, clock = _settings(tmp_path), ManualClock(system_clock())
    clock.jump(hours=-25)
    with closing(SqliteLedger(tmp_path, ledger_account(settings), clock=clock, uptime=clock.uptime)) as ledger:
        await pusher(ledger)("7", ("+905321234567", "delivered"))
        clock.advance(hours=25)
        await ledger.prune()
    visit = await visited(tmp_path, DELIVERY_SECRET=SECRET, STATE_DIR=str(tmp_path), API_URL=URL, API_HASH=None)
    assert "None is on record." in visit.advice("delivery")


async def test_a_ledger_that_cannot_be_read_is_the_ledger_s_finding(tmp_path: Path) -> None:
    async with hosted(_settings(tmp_path)) as host:
        await host.confirm(SEND_SMS, SEND, recipients=["+905321234567"])
    (tmp_path / LEDGER_FILE).write_bytes(b"x" * 4096)
    visit = await visited(tmp_path, STATE_DIR=str(tmp_path), API_URL=URL, API_HASH=None)
    assert (visit.verdicts("ledger"), visit.verdicts("delivery")) == (["wrong"], ["not_checked"])


async def test_a_secret_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    visit = await visited(tmp_path, DELIVERY_SECRET="canary")
    assert visit.verdicts("delivery") == ["not_checked"]
