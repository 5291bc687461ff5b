"""A list of 50,000 rows, read from a workbook: its time, the server's memory, and what it does to other calls meanwhile."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

import xlsxwriter
from python_calamine import CalamineWorkbook

from .bulk import PROBE_SECONDS, beside, probes
from .figure import Bar, Figure, Spread, p95
from .host import PRODUCT, account, hosting
from .process import peak
from .upstream import upstream

ROWS = 50_000
FILE = "list.xlsx"


async def lists(rounds: int, idle_calls: int) -> list[Figure]:
    """Read the same file with the bare library and with `open_list` in turn, then with other calls beside it."""
    bare: list[float] = []
    product_walls: list[float] = []
    with upstream() as provider, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        write_workbook(file)
        async with hosting(PRODUCT, **account(provider.origin, ILETIMERKEZI_FILES_DIR=folder)) as product:
            await product.call("get_balance", {})
            for turn in range(rounds + 1):
                began = perf_counter()
                cells = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
                read = perf_counter()
                answer = await product.call("open_list", {"file": FILE})
                ended = perf_counter()
                assert len(cells) == answer["rows"] + 1, answer
                if turn > 0:
                    bare.append((read - began) * 1_000)
                    product_walls.append((ended - read) * 1_000)
            most = peak(product.pid)
            idle = await probes(product, idle_calls * PROBE_SECONDS)
            busy: list[float] = []
            for _ in range(rounds):
                busy += await beside(product, product.line("open_list", {"file": FILE}))
    return [
        Figure(
            "open_list",
            "`open_list` of a workbook of 50,000 rows by 5",
            "ms",
            Spread.of(product_walls),
            Spread.of(bare),
            Bar("ratio", "most", 2),
        ),
        Figure("open_list_memory", "peak memory of the server by then", "MiB", Spread.of([most])),
        Figure(
            "beside_open_list",
            "`get_balance` while that runs: p95, beside idle",
            "ms",
            Spread.of([p95(busy)]),
            Spread.of([p95(idle)]),
            Bar("difference", "most", 50),
        ),
    ]


def write_workbook(file: Path, *, hidden: bool = True) -> None:
    """Write the list, with every tenth row hidden if `hidden`."""
    with xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet("Müşteriler")
        sheet.write_row(0, 0, ["Ad Soyad", "GSM", "Tutar", "Tarih", "Şehir"])
        for row in range(1, ROWS + 1):
            sheet.write_string(row, 0, f"Müşteri {row} Şahin")
            sheet.write_number(row, 1, 5_300_000_000 + row * 48_271 % 100_000_000)
            sheet.write_number(row, 2, row * 7919 % 500_000 / 100)
            sheet.write_datetime(row, 3, date(2026, 1 + row % 12, 1 + row % 28))
            sheet.write_string(row, 4, ("İstanbul", "Ankara", "Muğla")[row % 3])
            if hidden and row % 10 == 0:
                sheet.set_row(row, None, None, {"hidden": True})
