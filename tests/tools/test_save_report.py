"""`save_report`: a report as a file that a spreadsheet opens, and that is a list itself."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from iletimerkezi_mcp.ledger.attempts import AttemptOutcome
from iletimerkezi_mcp.lists.folder import ListFolder
from iletimerkezi_mcp.lists.reading import read_list
from iletimerkezi_mcp.lists.table import ListOptions
from iletimerkezi_mcp.lists.writing import Cell, spreadsheet_number, write_table
from iletimerkezi_mcp.tools import campaign_run, save_report, whole_report
from tests.calls import GET_REPORT, SAVE_REPORT, SEND_LIST, SEND_SMS
from tests.hosting import ERAS, Mode, hosted, text_of
from tests.lists.workbooks import xlsx
from tests.tools.list_sends import CAMPAIGN, Failing, name, number, refused, texts, with_lists, write_list
from tests.tools.orders import SEND, answering, numbers, send
from tests.tools.reports import SLOW, UNREACHED, order, record_campaign, record_pushed, settings_of, status_of, table

AYSE, BORA = "+905330000011", "+905330000012"
LIST = (
    "Ad Soyad;GSM;Şehir;Not\n"
    f"Ayşe Kanarya;{AYSE};İstanbul;=1+1\n"
    f"Bora Kanarya;{BORA};;x\n"
    f"Cem Kanarya;{UNREACHED};İzmir;\n"
    f"Deniz Kanarya;{SLOW};Bursa;\n"
)
EVERYONE = [AYSE, BORA, UNREACHED, SLOW]


def done(order_id: str) -> AttemptOutcome:
    return AttemptOutcome("done", order_id=order_id)


@pytest.fixture
def list_file(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "liste.csv").write_text(LIST, encoding="utf-8")
    return tmp_path / "files" / "liste.csv"


@pytest.mark.parametrize("mode", ERAS)
async def test_a_report_of_a_campaign_has_the_columns_of_its_list_beside_each_number(
    tmp_path: Path, list_file: Path, mode: Mode
) -> None:
    settings = settings_of(tmp_path)
    async with hosted(settings, mode=mode) as host:
        first = order(host, ("Sayın Ayşe", [AYSE]), ("Sayın Bora", [BORA]))
        second = order(host, ("Sayın Cem", [UNREACHED]), ("Sayın Deniz", [SLOW]))
        steps = (([AYSE, BORA], done(first)), ([UNREACHED, SLOW], done(second)))
        await record_campaign(host, settings, "liste.csv", *steps, columns=(0, 2))
        host.clock.advance(seconds=20)
        result = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1"})
        answer = host.check(SAVE_REPORT, result)
    assert (answer["rows"], answer["orders"], answer["price"]) == (4, 2, 2)
    assert (answer["delivered"], answer["undelivered"], answer["waiting"]) == (2, 1, 1)
    path = Path(answer["path"])
    assert (path.parent, path.name) == (tmp_path / "files", "report-k-1-20261123-100020.xlsx")
    size, permissions = status_of(path)
    assert answer["bytes"] == size
    assert sys.platform == "win32" or permissions == 0o600
    assert table(path) == [
        ["GSM", "SMS status", "Ad Soyad", "Şehir"],
        ["0533 000 00 11", "delivered", "Ayşe Kanarya", "İstanbul"],
        ["0533 000 00 12", "delivered", "Bora Kanarya", ""],
        ["0500 000 01 12", "undelivered", "Cem Kanarya", "İzmir"],
        ["0500 000 01 10", "waiting", "Deniz Kanarya", "Bursa"],
    ]
    whole = json.dumps(answer, ensure_ascii=False) + text_of(result)
    assert [cell for cell in ("Kanarya", "İstanbul", "0533", "90533", "000 00") if cell in whole] == []


@pytest.mark.parametrize("mode", ERAS)
async def test_what_was_pushed_is_beside_the_status_that_the_provider_gives(
    tmp_path: Path, list_file: Path, mode: Mode
) -> None:
    settings = settings_of(tmp_path)
    async with hosted(settings, mode=mode) as host:
        first = order(host, ("Sayın Ayşe", [AYSE]), ("Sayın Bora", [BORA]))
        second = order(host, ("Sayın Cem", [UNREACHED]), ("Sayın Deniz", [SLOW]))
        steps = (([AYSE, BORA], done(first)), ([UNREACHED, SLOW], done(second)))
        await record_campaign(host, settings, "liste.csv", *steps, columns=(0,))
        await record_pushed(host, settings, first, (AYSE, "delivered"), (BORA, "accepted"))
        host.clock.advance(minutes=1)
        await record_pushed(host, settings, second, (UNREACHED, "undelivered"))
        at = host.clock()
        host.clock.advance(minutes=1)
        result = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1"})
        few = await host.call(SAVE_REPORT, campaign="k-1", show="waiting", save_as="bekleyen.csv")
        alone = await host.call(SAVE_REPORT, order_id=first, columns="all", save_as="tek.csv")
    answer = host.check(SAVE_REPORT, result)
    assert table(answer["path"]) == [
        ["GSM", "SMS status", "Pushed status", "Pushed at", "Ad Soyad"],
        ["0533 000 00 11", "delivered", "delivered", "2026-11-23 10:00", "Ayşe Kanarya"],
        ["0533 000 00 12", "delivered", "waiting", "2026-11-23 10:00", "Bora Kanarya"],
        ["0500 000 01 12", "undelivered", "undelivered", "2026-11-23 10:01", "Cem Kanarya"],
        ["0500 000 01 10", "waiting", "", "", "Deniz Kanarya"],
    ]
    counts = {"delivered": 1, "undelivered": 1, "waiting": 1}
    assert answer["pushed"] == {**counts, "at": at.isoformat(), "newer": "provider"}
    assert "older than this answer: 1 delivered, 1 undelivered, 1 waiting." in text_of(result)
    assert table(few["path"])[0] == ["GSM", "SMS status", "Ad Soyad"]
    assert alone["pushed"]["delivered"] == 1
    assert table(alone["path"])[0] == ["GSM", "SMS status", "Pushed status", "Pushed at", "Ad Soyad", "Şehir", "Not"]


async def test_those_who_were_not_reached_are_a_list_that_is_read_again(tmp_path: Path, list_file: Path) -> None:
    settings = settings_of(tmp_path, language="tr")
    async with hosted(settings) as host:
        order_id = order(host, *(("Sayın", [number]) for number in EVERYONE))
        await record_campaign(host, settings, "liste.csv", (EVERYONE, done(order_id)), columns=(0,))
        host.clock.advance(seconds=20)
        arguments = {"order_id": order_id, "show": "undelivered", "columns": "all", "save_as": "ulaşılamayan"}
        answer = await host.call(SAVE_REPORT, arguments, format="csv")
        again = await host.call(SAVE_REPORT, arguments, format="csv")
        whole = await host.call(SAVE_REPORT, {**arguments, "show": "all", "save_as": "hepsi.csv"})
    path = Path(answer["path"])
    assert path.name == "ulaşılamayan.csv"
    assert table(path) == [
        ["GSM", "SMS durumu", "Ad Soyad", "Şehir", "Not"],
        ["0500 000 01 12", "iletilemedi", "Cem Kanarya", "İzmir", ""],
    ]
    assert table(whole["path"])[1][-1] == "'=1+1"
    assert answer["summary"] == f"{path} dosyasına 1 alıcı yazıldı ({answer['bytes']} bayt)."
    assert (again["outcome"], "zaten var" in again["summary"]) == ("nothing_done", True)
    reading = await read_list(
        ListFolder(path.parent), ListOptions(path.name), international=False, wanted=lambda columns: range(len(columns))
    )
    assert (reading.numbers, reading.number_column, reading.cells[2]) == ((UNREACHED,), 0, ["Cem Kanarya"])


async def test_a_workbook_becomes_a_workbook_that_is_read_again(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    header = ["Ad", "Cep Tel", "Borç"]
    rows: list[list[Cell]] = [["Ayşe", "0533 000 00 11", 1250.5], ["Cem", "0500 000 01 12", 75]]
    folder = ListFolder(tmp_path / "files")
    folder.save("liste.xlsx", lambda file: write_table(file, "xlsx", header, rows))
    async with hosted(settings) as host:
        order_id = order(host, ("Sayın Ayşe", [AYSE]), ("Sayın Cem", [UNREACHED]))
        step = ([AYSE, UNREACHED], done(order_id))
        await record_campaign(host, settings, "liste.xlsx", step, columns=(0, 2))
        host.clock.advance(seconds=20)
        answer = await host.call(SAVE_REPORT, campaign="k-1")
    name = Path(answer["path"]).name
    reading = await read_list(
        folder, ListOptions(name), international=False, wanted=lambda columns: range(len(columns))
    )
    assert (reading.kind, reading.numbers) == ("xlsx", (AYSE, UNREACHED))
    assert [column.name for column in reading.columns] == ["Cep Tel", "SMS status", "Ad", "Borç"]
    assert [list(reading.cells[index]) for index in range(4)] == [
        ["0533 000 00 11", "0500 000 01 12"],
        ["delivered", "undelivered"],
        ["Ayşe", "Cem"],
        ["1.250,50", "75"],
    ]


async def test_a_report_of_a_report_has_its_own_status(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (tmp_path / "files" / "rapor.csv").write_text(f"Telefon;SMS status;Ad\n{AYSE};undelivered;Ayşe\n", encoding="utf-8")
    async with hosted(settings) as host:
        order_id = order(host, ("Sayın Ayşe", [AYSE]))
        await record_campaign(host, settings, "rapor.csv", ([AYSE], done(order_id)), columns=(2, 1))
        host.clock.advance(seconds=20)
        answer = await host.call(SAVE_REPORT, campaign="k-1", format="csv")
    assert table(answer["path"]) == [["Telefon", "SMS status", "Ad"], ["0533 000 00 11", "delivered", "Ayşe"]]


async def test_a_list_that_was_read_in_another_way_is_read_in_that_way_again(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (tmp_path / "files" / "iki.csv").write_text(f"Ad;Cep;Tel;Adres\nAyşe;{BORA};{AYSE};x\n", encoding="utf-8")
    (tmp_path / "files" / "müşteri.csv").write_text(f"Cep;Yedek\n{BORA};{AYSE}\n", encoding="utf-8")
    async with hosted(settings) as host:
        first, second = order(host, ("Sayın", [AYSE])), order(host, ("Bayın", [AYSE]))
        await record_campaign(host, settings, "iki.csv", ([AYSE], done(first)), columns=(0,), number_column="Tel")
        one = await host.call(SAVE_REPORT, order_id=first, format="csv")
        step = ([AYSE], done(second))
        fields: dict[str, Any] = {"columns": (0,), "number_column": "Yedek", "name": "k-2", "text": "Bayın"}
        await record_campaign(host, settings, "müşteri.csv", step, **fields)
        other = await host.call(SAVE_REPORT, order_id=second, format="csv")
    assert table(one["path"])[1] == ["0533 000 00 11", "waiting", "Ayşe"]
    assert table(other["path"]) == [["Phone", "SMS status", "Cep"], ["0533 000 00 11", "waiting", BORA]]


def _hide(book: Any, sheet: Any) -> None:
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(0, 0, None, None, {"hidden": True})


async def test_a_list_is_read_again_as_the_campaign_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_run, "CHECK_PAUSE", 0)
    people = [[name(place), f"0{number(place)[3:]}", f"0{number(50 + place)[3:]}"] for place in range(25)]
    content = xlsx(["Ad", "Yedek", "İletişim"], *people, finish=_hide)
    (tmp_path / "liste.xlsx").write_bytes(content)
    call = {**CAMPAIGN, "file": "liste.xlsx", "text": "Sayın {Ad}"}
    async with with_lists(tmp_path) as host:
        host.wire.broken = Failing(1, refused(402))
        stopped = await host.confirm(SEND_LIST, call, number_column="İletişim", include_hidden=True)
        host.wire.broken = None
        done = await host.confirm(SEND_LIST, call, campaign=stopped["campaign"])
        answer = await host.call(SAVE_REPORT, campaign=stopped["campaign"])
    assert (stopped["outcome"], done["outcome"]) == ("stopped", "done")
    assert [(row[0], row[2]) for row in table(answer["path"])[1:]] == [
        (spreadsheet_number(number(50 + place)), name(place)) for place in range(25)
    ]


def _change(file: Path) -> None:
    file.write_text(LIST.replace("Ayşe", "Veli"), encoding="utf-8")


def _remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(("change", "reason"), [(_change, "has changed since"), (_remove, "There is no file")])
async def test_without_the_list_as_it_was_there_are_numbers_alone(
    tmp_path: Path, list_file: Path, change: Callable[[Path], None], reason: str
) -> None:
    settings = settings_of(tmp_path)
    async with hosted(settings) as host:
        order_id = order(host, ("Sayın Ayşe", [AYSE]))
        await record_campaign(host, settings, "liste.csv", ([AYSE], done(order_id)), columns=(0,))
        change(list_file)
        result = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1"})
        answer = host.check(SAVE_REPORT, result)
    assert table(answer["path"])[0] == ["Phone", "SMS status"]
    assert reason in text_of(result)


async def test_a_text_without_fields_needs_no_list(tmp_path: Path, list_file: Path) -> None:
    settings = settings_of(tmp_path)
    async with hosted(settings) as host:
        order_id = order(host, ("Merhaba", [AYSE]))
        await record_campaign(host, settings, "liste.csv", ([AYSE], done(order_id)), columns=())
        _remove(list_file)
        result = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1"})
        answer = host.check(SAVE_REPORT, result)
    assert table(answer["path"])[0] == ["Phone", "SMS status"]
    assert "Without the list" not in text_of(result)


async def test_what_is_not_in_the_file_is_told(tmp_path: Path, list_file: Path) -> None:
    settings = settings_of(tmp_path)
    async with hosted(settings) as host:
        sent = order(host, ("Sayın Ayşe", [AYSE]))
        later = order(host, ("Sayın Bora", [BORA]), sendDateTime="25/12/2026 10:00")
        stopped = order(host, ("Sayın", [UNREACHED, "+905000000115"]))
        steps = (
            ([AYSE], done(sent)),
            ([BORA], done(later)),
            ([UNREACHED], done(stopped)),
            ([SLOW], AttemptOutcome("unknown")),
            (["+905330000099"], AttemptOutcome("refused", status_code=402)),
        )
        await record_campaign(host, settings, "liste.csv", *steps, columns=())
        result = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1"})
        answer = host.check(SAVE_REPORT, result)
        scheduled = await host.client.call_tool(SAVE_REPORT, {"order_id": later})
        whole_order = host.check(SAVE_REPORT, scheduled)
    assert (answer["rows"], answer["orders"]) == (1, 2)
    assert answer["summary"].endswith(" bytes). Not in the file: 1 order of unknown outcome, 1 recipient.")
    for line in (
        "Scheduled orders that have no report yet: 1.",
        "Orders that were not sent (cancelled or rejected): 1.",
        "Recipients of the campaign to whom nothing was sent: 1.",
    ):
        assert line in text_of(result)
    assert (whole_order["outcome"], whole_order["rows"], "path" in whole_order) == ("ok", 0, False)
    assert "Scheduled orders that have no report yet: 1." in text_of(scheduled)
    assert [path.name for path in (tmp_path / "files").glob("*.xlsx")] == [Path(answer["path"]).name]


async def test_an_order_that_was_sent_without_a_list_has_numbers_alone(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        order_id = await send(host, [*numbers(2), UNREACHED])
        foreign = await host.call(SAVE_REPORT, order_id="312891246", format="csv")
        host.clock.advance(seconds=20)
        answer = await host.call(SAVE_REPORT, order_id=order_id, show="delivered", format="csv")
        none = await host.call(SAVE_REPORT, order_id=order_id, show="waiting")
    assert table(answer["path"]) == [
        ["Phone", "SMS status"],
        *([n, "delivered"] for n in ("0530 000 00 00", "0530 000 00 01")),
    ]
    assert len(table(foreign["path"])) == 4
    assert (none["outcome"], none["rows"], "path" in none) == ("ok", 0, False)


async def test_fewer_recipients_than_were_handed_over_are_told_with_the_reason(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        order_id = await send(host, [*numbers(2), "+905330000091"])
        result = await host.client.call_tool(SAVE_REPORT, {"order_id": order_id})
        answer = host.check(SAVE_REPORT, result)
    assert answer["rows"] == 2
    reason = "the provider leaves out numbers on the account's blacklist."
    assert f"Recipients left out after they were handed over: 1; {reason}" in text_of(result)
    assert "They are not in the file, for the report does not name them." in text_of(result)


BLOCKED = "+905330000091"


def _add(list_file: Path, rows: str) -> None:
    list_file.write_text(LIST + rows, encoding="utf-8")


@pytest.mark.parametrize("mode", ERAS)
@pytest.mark.parametrize("columns", [(), (0,)])
async def test_who_was_left_out_by_the_provider_is_in_the_file_of_a_campaign(
    tmp_path: Path, list_file: Path, columns: tuple[int, ...], mode: Mode
) -> None:
    _add(list_file, f"Ece Kanarya;{BLOCKED};;\nFatma Kanarya;+905330000013;;\n")
    settings = settings_of(tmp_path)
    async with hosted(settings, mode=mode) as host:
        order_id = order(host, ("Sayın", [AYSE, BORA, BLOCKED]))
        step = ([AYSE, BORA, BLOCKED], done(order_id))
        await record_campaign(host, settings, "liste.csv", step, columns=columns)
        host.clock.advance(seconds=20)
        result = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1"})
        answer = host.check(SAVE_REPORT, result)
        host.clock.advance(seconds=1)
        delivered = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1", "show": "delivered"})
    assert (answer["rows"], answer["delivered"], answer["undelivered"]) == (3, 2, 0)
    assert table(answer["path"])[3] == ["0533 000 00 91", "left out by the provider", *["Ece Kanarya"] * len(columns)]
    assert "In the file these are “left out by the provider”." in text_of(result)
    assert "They are not in the file" in text_of(delivered)


async def test_who_was_left_out_is_not_guessed_if_other_recipients_have_no_report_either(
    tmp_path: Path, list_file: Path
) -> None:
    _add(list_file, f"Ece Kanarya;{BLOCKED};;\n")
    settings = settings_of(tmp_path)
    async with hosted(settings) as host:
        order_id = order(host, ("Sayın", [AYSE, BLOCKED]))
        steps = (([AYSE, BLOCKED], done(order_id)), ([SLOW], AttemptOutcome("unknown")))
        await record_campaign(host, settings, "liste.csv", *steps, columns=(0,))
        host.clock.advance(seconds=20)
        result = await host.client.call_tool(SAVE_REPORT, {"campaign": "k-1"})
        answer = host.check(SAVE_REPORT, result)
    assert answer["rows"] == 1
    assert "They are not in the file" in text_of(result)


async def test_all_pages_are_read_and_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[float, float | None]] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total))

    async with hosted(settings_of(tmp_path)) as host:
        order_id = order(host, ("Merhaba", [f"+90534{place:07d}" for place in range(2_500)]))
        result = await host.client.call_tool(SAVE_REPORT, {"order_id": order_id}, progress_callback=heard)
        answer = host.check(SAVE_REPORT, result)
        attempt = await send(host, numbers(3))
        await host.client.call_tool(SAVE_REPORT, {"order_id": attempt}, progress_callback=heard)
    assert answer["rows"] == 2_500
    assert len(table(answer["path"])) == 2_501
    assert told == [(1_000, None), (2_000, None), (2_500, None), (3, None)]


def page_of(rows: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    return {"order": {"id": "312891246", "status": 114, "message": rows, **fields}}


def paged(first: dict[str, Any], later: httpx.Response | dict[str, Any]) -> Callable[[httpx.Request], httpx.Response]:
    """Return what answers the first page with `first` and all others with `later`."""

    def answer(request: httpx.Request) -> httpx.Response:
        page = json.loads(request.content)["request"]["order"]["page"]
        body = first if page == "1" else later
        found: httpx.Response = body if isinstance(body, httpx.Response) else answering(body)(request)
        return found

    return answer


ROWS = [{"number": AYSE, "status": 111}, {"number": BORA, "status": 199}, {"number": "", "status": 111}]


async def test_a_report_without_a_total_ends_with_a_page_that_is_not_full(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        host.wire.broken = answering(page_of(ROWS))
        result = await host.client.call_tool(SAVE_REPORT, {"order_id": "312891246", "format": "csv"})
        answer = host.check(SAVE_REPORT, result)
    assert [row[1] for row in table(answer["path"])[1:]] == ["delivered", "status 199"]
    assert "Rows that the provider counts but does not show, or not readably: 1." in text_of(result)
    assert "price" not in answer


async def test_pages_that_do_not_add_up_are_told_or_end_the_call(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        host.wire.broken = answering(page_of(ROWS, total=9))
        same = await host.call(SAVE_REPORT, order_id="312891246")
        host.wire.broken = paged(page_of(ROWS, total=9), page_of([], total=9))
        fewer = await host.client.call_tool(SAVE_REPORT, {"order_id": "312891246"})
        host.wire.broken = paged(page_of(ROWS, total=9), httpx.Response(404))
        lost = await host.call(SAVE_REPORT, order_id="312891246")
    assert (same["outcome"], "same page" in same["summary"]) == ("nothing_done", True)
    assert "Rows that the provider counts but does not show, or not readably: 7." in text_of(fewer)
    assert lost["outcome"] in ("failed", "refused")
    assert len(list((tmp_path / "files").iterdir())) == 1


async def test_more_recipients_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_report, "MAX_RECIPIENTS", 2)
    async with hosted(settings_of(tmp_path)) as host:
        answer = await host.call(SAVE_REPORT, order_id="312891246")
    assert (answer["outcome"], "more than one file can hold" in answer["summary"]) == ("nothing_done", True)


async def test_a_month_has_every_order_with_its_counts_and_its_price(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, language="tr")
    async with hosted(settings) as host:
        order_id = (await host.confirm(SEND_SMS, SEND, recipients=numbers(2), label="Kasım"))["order_id"]
        later = order(host, ("Bayram", [AYSE]), sendDateTime="25/12/2026 10:00")
        gone = order(host, ("Merhaba", ["+905000000115"]))
        for place in range(35):
            order(host, (f"Deneme {place}", [AYSE]))
        host.clock.advance(seconds=20)
        answer = await host.call(SAVE_REPORT, month="2026-11", format="csv")
        empty = await host.call(SAVE_REPORT, month="2026-10")
    rows = {row[0]: row for row in table(answer["path"])[1:]}
    assert (answer["rows"], answer["orders"], answer["price"]) == (41, 41, 42)
    assert Path(answer["path"]).name == "rapor-2026-11-20261123-100020.csv"
    assert rows[order_id] == [
        *(order_id, "Kasım", "", "FIRMAADI", "23.11.2026 10:00", "23.11.2026 10:00"),
        *("bitti", "2", "2", "0", "0", "2"),
    ]
    assert rows[later][6:] == ["ileri tarihli", "1", "0", "0", "1", ""]
    assert rows[gone][6:] == ["gönderilmedi", "1", "0", "0", "0", ""]
    assert (empty["outcome"], empty["rows"], "path" in empty) == ("ok", 0, False)


async def test_a_month_is_read_in_ranges_that_the_provider_takes(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        await host.call(SAVE_REPORT, month="2026-10")
        await host.call(SAVE_REPORT, month="2026-11")
    ranges = [
        (fields["filter"]["start"], fields["filter"]["end"]) for path, fields in host.wire.requests if "reports" in path
    ]
    assert ranges == [
        ("2026-10-01", "2026-10-10"),
        ("2026-10-11", "2026-10-20"),
        ("2026-10-21", "2026-10-30"),
        ("2026-10-31", "2026-10-31"),
        ("2026-11-01", "2026-11-10"),
        ("2026-11-11", "2026-11-20"),
        ("2026-11-21", "2026-11-23"),
    ]


async def test_orders_of_a_month_that_cannot_all_be_read_are_told_or_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"id": 301, "status": 115}, {"id": 302, "status": 115, "price": 1}]
    async with hosted(settings_of(tmp_path)) as host:
        host.wire.broken = answering({"count": 3, "orders": [*rows, {"id": "x"}]})
        missing = await host.client.call_tool(SAVE_REPORT, {"month": "2026-10"})
        host.wire.broken = answering({"orders": rows})
        uncounted = await host.call(SAVE_REPORT, month="2026-11", format="csv")
        monkeypatch.setattr(whole_report, "MAX_MONTH_ORDERS", 1)
        many = await host.call(SAVE_REPORT, month="2026-11")
    assert "Rows that the provider counts but does not show, or not readably: 4." in text_of(missing)
    assert (uncounted["rows"], uncounted["price"]) == (2, 1)
    assert table(uncounted["path"])[1][4:] == ["", "", "not sent", "", "", "", "", ""]
    assert "more than one file can hold" in many["summary"]


async def test_an_order_without_a_report_is_in_its_month_without_a_price(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path)) as host:

        def wire(request: httpx.Request) -> httpx.Response | None:
            if request.url.path.endswith("get-report/json"):
                return httpx.Response(200, json={"response": {"status": {"code": 455, "message": "yok"}}})
            return None

        host.wire.broken = wire
        answer = await host.call(SAVE_REPORT, month="2026-11", format="csv")
    assert (answer["orders"], "price" in answer) == (3, False)
    assert [row[-1] for row in table(answer["path"])[1:]] == ["", "", ""]


@pytest.mark.parametrize(
    ("arguments", "nothing"),
    [
        ({"order_id": "312891245", "show": "undelivered"}, "no report shows such a recipient"),
        ({"order_id": "312891245", "show": "waiting"}, "no report shows such a recipient"),
        ({"month": "2027-01"}, "the month has no orders"),
    ],
)
async def test_without_anything_to_write_it_is_said_what_there_is_none_of(
    tmp_path: Path, arguments: dict[str, str], nothing: str
) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        answer = await host.call(SAVE_REPORT, arguments)
    assert (answer["rows"], answer["summary"]) == (0, f"Nothing was written: {nothing}.")


async def test_asked_too_early_it_says_that_there_is_no_report_yet(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        order_id = await send(host, numbers(2))
        later = {**SEND, "recipients": numbers(2), "text": "Yarın açığız.", "send_at": "2026-11-24T10:30"}
        scheduled = (await host.confirm(SEND_SMS, later))["order_id"]
        early = [
            await host.call(SAVE_REPORT, order_id=order_id, show="delivered"),
            await host.call(SAVE_REPORT, order_id=scheduled),
        ]
        host.wire.broken = answering({"order": {"id": order_id, "status": 113, "total": 2, "message": []}})
        early.append(await host.call(SAVE_REPORT, order_id=order_id))
    assert {(one["rows"], one["summary"], one["next_step"]) for one in early} == {
        (0, "Nothing was written: there is no such report yet.", "Call it again later.")
    }


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({}, "order_id or campaign or month is needed"),
        ({"order_id": "1", "month": "2026-11"}, "only one of the three"),
        ({"month": "2026-13"}, "must be a month like 2026-11"),
        ({"month": "Kasım"}, "must be a month like 2026-11"),
        ({"month": "2026-11", "show": "waiting"}, "show must be all with month"),
        ({"campaign": "k-9"}, "No campaign “k-9” was made here."),
        ({"order_id": "312891246", "save_as": "../a.csv"}, "is not the name of a file in the folder"),
    ],
)
async def test_what_cannot_be_written_is_said(tmp_path: Path, arguments: dict[str, str], reason: str) -> None:
    async with hosted(settings_of(tmp_path)) as host:
        answer = await host.call(SAVE_REPORT, arguments)
    assert answer["outcome"] == "nothing_done"
    assert reason in answer["summary"]
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize("mask", [False, True])
async def test_a_file_has_whole_numbers_also_if_answers_mask_them(tmp_path: Path, mask: bool) -> None:
    async with hosted(settings_of(tmp_path, mask_numbers=mask)) as host:
        result = await host.client.call_tool(SAVE_REPORT, {"order_id": "312891246"})
        answer = host.check(SAVE_REPORT, result)
    assert table(answer["path"])[1][0] == "0533 000 00 01"
    assert "0000001" not in text_of(result)
    assert "000 00 01" not in text_of(result)


async def test_it_is_offered_with_a_folder_alone_and_where_nothing_may_be_changed(tmp_path: Path) -> None:
    async with hosted(settings_of(tmp_path, read_only=True)) as host:
        listed = {tool.name: tool for tool in (await host.client.list_tools()).tools}
        assert (await host.call(SAVE_REPORT, order_id="312891246"))["rows"] == 3
    hints = listed[SAVE_REPORT].annotations
    assert hints is not None
    assert (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint) == (False, False, False)
    async with hosted(replace(settings_of(tmp_path), files_dir=None)) as host:
        assert SAVE_REPORT not in {tool.name for tool in (await host.client.list_tools()).tools}


async def test_a_ledger_that_cannot_be_used_keeps_a_campaign_from_being_found(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    (tmp_path / "state").rmdir()
    (tmp_path / "state").write_text("", encoding="utf-8")
    async with hosted(settings) as host:
        answer = await host.call(SAVE_REPORT, campaign="k-1")
        alone = await host.call(SAVE_REPORT, order_id="312891246")
    assert answer["outcome"] == "nothing_done"
    assert answer["next_step"] == "Tell the user."
    assert alone["rows"] == 3


async def test_a_call_that_is_cancelled_while_it_writes_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = anyio.Event()
    scope = anyio.CancelScope()

    def slow(file: Any, file_format: str, header: Any, rows: Any) -> None:
        anyio.from_thread.run_sync(writing.set)
        anyio.from_thread.run_sync(scope.cancel)
        for _ in rows:
            raise AssertionError("a row after the end")

    monkeypatch.setattr(save_report, "write_table", slow)
    async with hosted(settings_of(tmp_path)) as host:
        with scope:
            await host.client.call_tool(SAVE_REPORT, {"order_id": "312891246"})
        assert scope.cancelled_caught
        assert (await host.call(GET_REPORT, order_id="312891246"))["outcome"] == "ok"
    assert writing.is_set()
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
@pytest.mark.parametrize("mode", ERAS)
async def test_those_who_were_not_reached_are_sent_to_again_from_their_report(
    tmp_path: Path, mode: Mode, file_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_run, "CHECK_PAUSE", 0)
    write_list(tmp_path, 25, extra=f"Cem Kanarya;{UNREACHED};7\n")
    async with with_lists(tmp_path, mode) as host:
        campaign = (await host.confirm(SEND_LIST, CAMPAIGN))["campaign"]
        host.clock.advance(minutes=20)
        everyone = await host.call(SAVE_REPORT, campaign=campaign, format=file_format)
        host.clock.advance(seconds=1)
        unreached = await host.call(SAVE_REPORT, campaign=campaign, format=file_format, show="undelivered")
        again = {**CAMPAIGN, "file": Path(unreached["path"]).name, "text": "Sayın {Ad Soyad}, size ulaşamadık."}
        assert (await host.confirm(SEND_LIST, again))["outcome"] == "done"
    assert (everyone["rows"], everyone["delivered"], unreached["rows"], unreached["undelivered"]) == (26, 25, 1, 1)
    assert table(everyone["path"])[1] == ["0532 100 00 00", "delivered", name(0)]
    assert texts(host)[-1] == (UNREACHED, "Sayın Cem Kanarya, size ulaşamadık.")
