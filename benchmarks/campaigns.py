"""Campaigns from lists: 50,000 personal texts in one order, and one text to 1,000,000 people in twenty."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
from python_calamine import CalamineWorkbook

from iletimerkezi_mcp.ledger.sqlite import SqliteLedger
from iletimerkezi_mcp.provider.operation import request_body
from iletimerkezi_mcp.provider.orders import SEND_SMS, OutgoingMessage, OutgoingOrder, Sender
from iletimerkezi_mcp.server.ledger import ledger_account
from iletimerkezi_mcp.settings import load_settings
from iletimerkezi_mcp.sms.clock import system_clock
from iletimerkezi_mcp.sms.numbers import PhoneNumber

from .figure import Bar, Figure, Spread
from .host import PRODUCT, Host, account, hosting
from .lists import FILE, ROWS, write_workbook
from .process import peak
from .upstream import upstream
from .wire import HASH, KEY, SEND_PATH

MILLION = 1_000_000
ORDER = 50_000
TEMPLATE = "Sayın {{Ad Soyad}}, {{Şehir}} mağazamızdaki siparişiniz hazır, tutarı {{Tutar}} TL. Bilgi: {turn}."
PERSONAL = "Sayın {name}, {city} mağazamızdaki siparişiniz hazır, tutarı {amount} TL. Bilgi: {turn}."
ONE_TEXT = "Mağazamız yarın saat 10.00'da açılıyor. Bilgi: {turn}."


async def campaigns(rounds: int, people: int = MILLION) -> list[Figure]:
    """Measure the preview and the confirmed call of both, each beside the least that could do the same."""
    with upstream() as provider, tempfile.TemporaryDirectory() as folder:
        variables = account(
            provider.origin,
            ILETIMERKEZI_FILES_DIR=folder,
            ILETIMERKEZI_STATE_DIR=str(Path(folder) / "state"),
            ILETIMERKEZI_CHARSET="turkish",
            ILETIMERKEZI_MAX_LIST_RECIPIENTS=str(MILLION),
            ILETIMERKEZI_TEXTS_PER_ORDER=str(ORDER),
        )
        await _prove(variables)
        write_workbook(Path(folder) / FILE, hidden=False)
        _write_csv(Path(folder) / "long.csv", people)
        with httpx.Client(base_url=provider.origin, timeout=60) as client:
            personal = await _personal(rounds, Path(folder) / FILE, variables, client)
            return personal + await _million(rounds, Path(folder) / "long.csv", people, variables, client)


async def _personal(rounds: int, file: Path, variables: dict[str, str], client: httpx.Client) -> list[Figure]:
    floors: dict[str, list[float]] = {"preview": [], "confirmed": []}
    walls: dict[str, list[float]] = {"preview": [], "confirmed": []}
    async with hosting(PRODUCT, **variables) as product:
        for turn in range(rounds + 1):
            reading, rows = _timed(lambda: CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python())
            formatting, texts = _timed(
                lambda: [
                    PERSONAL.format(name=row[0], city=row[4], amount=row[2], turn=turn)  # noqa: B023 - called at once
                    for row in rows[1:]  # noqa: B023
                ]
            )
            numbers = [PhoneNumber(f"+90{row[1]:.0f}") for row in rows[1:]]
            messages = tuple(OutgoingMessage(text, (number,)) for text, number in zip(texts, numbers, strict=True))
            posting = _post(client, messages)
            preview, confirmed = await _confirmed(product, file.name, TEMPLATE.format(turn=turn), ROWS)
            if turn > 0:
                floors["preview"].append(reading + formatting)
                floors["confirmed"].append(reading + posting)
                walls["preview"].append(preview)
                walls["confirmed"].append(confirmed)
        most = peak(product.pid)
    return [
        Figure(
            "personal_preview",
            "`send_list` preview of 50,000 personal texts, beside reading the workbook and formatting each once",
            "ms",
            Spread.of(walls["preview"]),
            Spread.of(floors["preview"]),
            Bar("ratio", "most", 6),
        ),
        Figure(
            "personal_confirmed",
            "the confirmed call for them, beside the same POST and that reading",
            "ms",
            Spread.of(walls["confirmed"]),
            Spread.of(floors["confirmed"]),
            Bar("ratio", "most", 2),
        ),
        Figure(
            "personal_memory",
            "peak memory of the server by then",
            "MiB",
            Spread.of([most]),
            bar=Bar("value", "most", 250),
        ),
    ]


async def _million(
    rounds: int, file: Path, people: int, variables: dict[str, str], client: httpx.Client
) -> list[Figure]:
    floors: list[float] = []
    walls: list[float] = []
    async with hosting(PRODUCT, **variables) as product:
        # The HTTP client is loaded with the first request, and that of the floor was used before.
        await product.call("get_balance", {})
        for turn in range(max(1, rounds // 3)):
            reading, numbers = _timed(lambda: _read_csv(file))
            text = ONE_TEXT.format(turn=turn)
            posting = sum(
                _post(client, (OutgoingMessage(text, tuple(numbers[first : first + ORDER])),))
                for first in range(0, people, ORDER)
            )
            del numbers
            preview, confirmed = await _confirmed(product, file.name, text, people)
            floors.append(reading + posting)
            walls.append(preview + confirmed)
        most = peak(product.pid)
    return [
        Figure(
            "million",
            "a CSV of 1,000,000 rows, one text: preview and 20 orders, beside reading it once and 20 POSTs",
            "ms",
            Spread.of(walls),
            Spread.of(floors),
            Bar("ratio", "most", 3),
        ),
        Figure(
            "million_memory",
            "peak memory of the server by then",
            "MiB",
            Spread.of([most]),
            bar=Bar("value", "most", 400),
        ),
    ]


async def _confirmed(product: Host, file: str, text: str, people: int) -> tuple[float, float]:
    """Return the milliseconds of the preview and of the confirmed call."""
    given: dict[str, Any] = {"file": file, "text": text, "message_type": "transactional"}
    began = perf_counter()
    preview = await product.call("send_list", given)
    shown = perf_counter()
    answer = await product.call("send_list", {**given, "confirm": preview["confirm"]})
    ended = perf_counter()
    assert answer["outcome"] == "done", answer
    assert sum(order["recipients"] for order in answer["orders"]) == people, answer
    return (shown - began) * 1_000, (ended - shown) * 1_000


def _post(client: httpx.Client, messages: tuple[OutgoingMessage, ...]) -> float:
    body = request_body(KEY, HASH, SEND_SMS.encode(OutgoingOrder(Sender("FIRMAADI"), messages)))
    took, answer = _timed(lambda: client.post(SEND_PATH, content=body))
    assert answer.status_code == 200
    return took


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = perf_counter()
    found = work()
    return (perf_counter() - began) * 1_000, found


def _read_csv(file: Path) -> list[PhoneNumber]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter=";")
        next(rows)
        return [PhoneNumber(f"+90{row[1]}") for row in rows]


def _write_csv(file: Path, people: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines, delimiter=";")
        rows.writerow(["Ad Soyad", "GSM"])
        rows.writerows([f"Müşteri {place}", str(5_300_000_000 + place * 71)] for place in range(people))


async def _prove(variables: dict[str, str]) -> None:
    """Record that an order of several texts has shown the right total on this account."""
    settings = load_settings(variables, {})
    assert settings.state_dir is not None
    ledger = SqliteLedger(settings.state_dir, ledger_account(settings), clock=system_clock)
    await ledger.record_several_texts_proven()
    ledger.close()
