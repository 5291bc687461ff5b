"""Campaigns on record and their orders at the simulated provider, for the tests of reports."""

from __future__ import annotations

import csv
import io
import json
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from python_calamine import load_workbook

from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.provider.pushed import PushedStatus
from iletimerkezi_mcp.sandbox.answers import JsonAnswer
from iletimerkezi_mcp.server.ledger import ledger_account, ledger_folder
from iletimerkezi_mcp.settings import Settings
from tests.hosting import LIVE, Host
from tests.ledger.machine import TEXT, begun, campaign, stepped
from tests.tools.pushing import pusher

UNREACHED, SLOW = "+905000000112", "+905000000110"


def settings_of(tmp_path: Path, **more: Any) -> Settings:
    """Return settings with a folder of lists and a state folder, which are made."""
    for name in ("files", "state"):
        (tmp_path / name).mkdir(exist_ok=True)
    return replace(LIVE, files_dir=tmp_path / "files", state_dir=tmp_path / "state", **more)


def order(host: Host, *messages: tuple[str, Sequence[str]], **fields: Any) -> str:
    """Have the simulated provider take an order of several texts, and return its number."""
    listed = [{"text": text, "receipents": {"number": list(numbers)}} for text, numbers in messages]
    whole = {"sender": "FIRMAADI", "iys": "0", "message": listed, **fields}
    body = {"request": {"authentication": {"key": "k", "hash": "h"}, "order": whole}}
    answer = host.wire.provider.answer("/v1/send-sms/json", json.dumps(body).encode())
    assert isinstance(answer, JsonAnswer)
    return str(answer.body["response"]["order"]["id"])


async def record_campaign(
    host: Host, settings: Settings, file: str, *steps: tuple[Sequence[str], AttemptOutcome], **fields: Any
) -> None:
    """Put the campaign k-1 on record, and a step of it for each of `steps`: its recipients and what came of it."""
    assert settings.files_dir is not None
    digest = ListFolder(settings.files_dir).open(file).digest
    everyone = [number for numbers, _ in steps for number in numbers]
    ledger = SqliteLedger(ledger_folder(settings), ledger_account(settings), clock=host.clock, uptime=host.clock.uptime)
    parent = await begun(ledger, campaign(*everyone, file=file, file_digest=digest, **fields))
    for numbers, outcome in steps:
        await ledger.settle(await stepped(ledger, parent, *numbers, text=fields.get("text", TEXT)), outcome)
    await ledger.settle(parent, AttemptOutcome("done"))
    ledger.close()


async def record_pushed(host: Host, settings: Settings, order_id: str, *states: tuple[str, PushedStatus]) -> None:
    """Record that these states of numbers of an order were pushed."""
    ledger = SqliteLedger(ledger_folder(settings), ledger_account(settings), clock=host.clock, uptime=host.clock.uptime)
    await pusher(ledger)(order_id, *states)
    ledger.close()


def status_of(path: str | Path) -> tuple[int, int]:
    """Return the size and the permissions of a file."""
    status = Path(path).stat()
    return status.st_size, stat.S_IMODE(status.st_mode)


def table(path: str | Path) -> list[list[str]]:
    """Return the cells of a file that was written, as another program reads them."""
    content = Path(path).read_bytes()
    if str(path).endswith(".csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]
