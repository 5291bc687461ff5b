"""A shop's whole story: a spreadsheet of customers in, one person's yes, a file of those who were not reached out."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import anyio
import mcp.types as mcp_types
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.hosting import ERAS, Mode, text_of
from tests.processes import COMMAND, environment
from tests.transports.served import sdk_client

from .network import started

CUSTOMERS = 4_800
UNREACHED = "+905000000112"
TEMPLATE = "Sayın {Ad Soyad}, {Sipariş No} numaralı siparişiniz hazır."
BUDGET = 6_000
"""Tokens that the story may take of a model, without the list of tools (at four bytes)."""

Way = Literal["stdio", "http"]


def customers(folder: Path, number: int) -> list[tuple[str, str]]:
    """Write a list as a shop's program does, and return the names and orders in it; the fifth is out of reach."""
    rows = [(f"Müşteri{place} Çağlayan{place}", f"S-{10_000 + place}") for place in range(number)]
    with Workbook(folder / "müşteriler.xlsx") as book:
        sheet = book.add_worksheet("Kasım")
        sheet.write_row(0, 0, ["Müşteri listesi"])
        sheet.write_row(2, 0, ["Ad Soyad", "Cep Telefonu", "Sipariş No", "Tutar"])
        for place, row in enumerate(rows):
            phone: object = 5_320_000_000 + place if place != 4 else UNREACHED
            sheet.write_row(3 + place, 0, [row[0], phone, row[1], 12.5 + place])
        sheet.write_row(3 + number, 0, ["Yarım Numara", "0532 123", "S-1", 1])
    return rows


@dataclass
class Model:
    """What a model reads and writes in a conversation, and the person beside it."""

    client: Client | None = None
    read: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    count: int = 0

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        assert self.client is not None
        result = await self.client.call_tool(tool, arguments)
        self.read += [tool, json.dumps(arguments, ensure_ascii=False), text_of(result)]
        answer: dict[str, Any] = result.structured_content or {}
        self.read_structure(answer)
        return answer

    def read_structure(self, answer: dict[str, Any]) -> None:
        """Look for cells where hosts may put them before a model too."""
        assert "Çağlayan" not in json.dumps(answer, ensure_ascii=False)

    async def person(self, _: Any, form: mcp_types.ElicitRequestParams) -> mcp_types.ElicitResult:
        assert isinstance(form, mcp_types.ElicitRequestFormParams)
        self.forms.append(form.message)
        return mcp_types.ElicitResult(action="accept", content={"send": True, "count": f"{self.count:,}"})


@asynccontextmanager
async def connected(way: Way, mode: Mode, folder: Path, model: Model, *, asks: bool) -> AsyncIterator[None]:
    """Connect the model to a process of its own, whose lists are in `folder`."""
    options: dict[str, Any] = {"elicitation_callback": model.person} if asks else {}
    variables = {"ILETIMERKEZI_FILES_DIR": str(folder), "ILETIMERKEZI_STATE_DIR": str(folder / "state")}
    if way == "http":
        async with (
            started("streamable-http", "--sandbox", notices=0, **variables) as at,
            sdk_client("streamable-http", at.address, mode, **options) as client,
        ):
            model.client = client
            yield
        return
    server = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], "--sandbox"], env=environment(**variables))
    async with Client(server, mode=mode, **options) as client:
        model.client = client
        yield


async def finished(model: Model, campaign: str) -> dict[str, Any]:
    """Ask until every message has its final state; only the last answer is part of the story."""
    while True:
        before = len(model.read)
        answer = await model.call("get_campaigns", campaign=campaign)
        if answer["outcome"] == "ok" and not answer.get("waiting"):
            return answer
        del model.read[before:]
        await anyio.sleep(0.2)


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("way", ["stdio", "http"])
async def test_a_person_confirms_a_long_list_and_gets_a_file_of_those_not_reached(
    way: Way, mode: Mode, tmp_path: Path
) -> None:
    rows = customers(tmp_path, CUSTOMERS)
    model = Model(count=CUSTOMERS)
    with anyio.fail_after(110):
        async with connected(way, mode, tmp_path, model, asks=True):
            there = await model.call("open_list")
            assert "müşteriler.xlsx" in json.dumps(there, ensure_ascii=False)
            read = await model.call("open_list", file="müşteriler.xlsx")
            assert (read["recipients"], [one["row"] for one in read["refused_rows"]]) == (CUSTOMERS, [CUSTOMERS + 4])
            arguments = {"file": "müşteriler.xlsx", "text": TEMPLATE, "message_type": "transactional"}
            tomorrow = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}T10:00"
            looked = await model.call("send_list", **arguments, send_at=tomorrow, dry_run=True)
            assert (looked["outcome"], model.forms) == ("dry_run", [])
            sent = await model.call("send_list", **arguments)
            assert sent["outcome"] == "done", sent
            # The account is not proven yet: the first order is of twenty texts.
            assert [order["recipients"] for order in sent["orders"]] == [20, CUSTOMERS - 20]
            totals = await finished(model, sent["campaign"])
            assert (totals["delivered"], totals["undelivered"]) == (CUSTOMERS - 1, 1)
            saved = await model.call("save_report", campaign=sent["campaign"], show="undelivered", format="xlsx")
            assert saved["rows"] == 1
            again = await model.call("save_report", campaign=sent["campaign"], format="csv")
            assert again["rows"] == CUSTOMERS
            once_more = await model.call("open_list", file=Path(saved["path"]).name)
            assert once_more["recipients"] == 1
    (form,) = model.forms
    assert rows[0][0] in form
    assert f"{CUSTOMERS:,} recipients" in form
    sheet = CalamineWorkbook.from_path(tmp_path / Path(saved["path"]).name).get_sheet_by_index(0).to_python()
    assert any(rows[4][0] in row and rows[4][1] in row for row in sheet)
    with (tmp_path / Path(again["path"]).name).open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file, delimiter=";"))
    assert {rows[0][0], rows[4_799][0]} <= {cell for line in table for cell in line}
    told = "".join(model.read)
    assert "Çağlayan" not in told
    assert "532000" not in told
    assert len(told.encode()) / 4 <= BUDGET


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("way", ["stdio", "http"])
async def test_a_short_list_goes_out_with_a_code_and_the_model_sees_no_cell(
    way: Way, mode: Mode, tmp_path: Path
) -> None:
    rows = customers(tmp_path, 12)
    model = Model()
    with anyio.fail_after(110):
        async with connected(way, mode, tmp_path, model, asks=False):
            arguments = {"file": "müşteriler.xlsx", "text": TEMPLATE, "message_type": "transactional"}
            preview = await model.call("send_list", **arguments)
            assert preview["outcome"] == "preview"
            sent = await model.call("send_list", **arguments, confirm=preview["confirm"])
            assert (sent["outcome"], len(sent["orders"])) == ("done", 1)
            await finished(model, sent["campaign"])
            saved = await model.call("save_report", campaign=sent["campaign"], show="undelivered", format="csv")
    table = (tmp_path / Path(saved["path"]).name).read_text(encoding="utf-8-sig")
    assert rows[4][0] in table
    told = "".join(model.read)
    assert "Çağlayan" not in told
    assert "532000" not in told
