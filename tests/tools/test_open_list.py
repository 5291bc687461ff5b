"""`open_list`: offered only with a folder, and without a cell in what a model reads."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from iletimerkezi_mcp.settings import Settings, SettingsError
from iletimerkezi_mcp.tools.card_answer import CARD_ANSWER
from iletimerkezi_mcp.tools.catalogue import REGISTRY, TOOLS
from iletimerkezi_mcp.tools.list_catalogue import LIST_TOOLS
from iletimerkezi_mcp.tools.open_list import mask_digits
from tests.hosting import ERAS, LIVE, MONDAY, Mode, hosted, text_of
from tests.lists.workbooks import xls, xlsx
from tests.tools.examples import listed

OPEN_LIST = "open_list"
LIST = (
    "Müşteri listesi;;;\n"
    "Ad Soyad;GSM;Şehir;Kart No\n"
    "Ayşe Kanarya;05361234567;İstanbul;4111 1111 1111 1111\n"
    "Bora Kanarya;5,33E+09;Ankara;\n"
    "Cem Kanarya;05361234567;;x\n"
    "ikinci adres;;İzmir;\n"
    "Deniz Kanarya;0534 123 45 67;;\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = tmp_path / "files"
    files.mkdir()
    (files / "liste.csv").write_text(LIST, encoding="utf-8")
    os.utime(files / "liste.csv", (MONDAY.timestamp(), MONDAY.timestamp()))
    return files


@pytest.mark.parametrize("mode", ERAS)
async def test_a_list_is_read_with_its_columns_counts_and_reasons(folder: Path, mode: Mode) -> None:
    async with hosted(replace(LIVE, files_dir=folder), mode=mode) as host:
        answer = await host.call(OPEN_LIST, file="liste.csv")
    assert host.wire.requests == []
    assert {name: answer[name] for name in ("format", "encoding", "delimiter", "header_row", "number_column")} == {
        "format": "csv",
        "encoding": "utf-8",
        "delimiter": ";",
        "header_row": 2,
        "number_column": "GSM",
    }
    assert (answer["rows"], answer["recipients"], answer["duplicates"]) == (5, 2, 1)
    assert (answer["refused"], answer["skipped_rows"], answer["hidden_rows"]) == (1, 1, 0)
    (refused,) = answer["refused_rows"]
    assert refused["row"] == 4
    assert "short form" in refused["reason"]
    assert answer["columns"][0] == {"letter": "A", "name": "Ad Soyad", "kind": "text", "longest": 13, "empty": 0}
    assert [column["empty"] for column in answer["columns"]] == [0, 0, 1, 1]
    assert answer["summary"] == "“liste.csv”: 2 recipients in 5 rows; the numbers are in column “GSM”."


@pytest.mark.parametrize("mode", ERAS)
async def test_no_cell_stands_in_what_a_model_reads(folder: Path, mode: Mode) -> None:
    async with hosted(replace(LIVE, files_dir=folder), mode=mode) as host:
        answer = await host.call(OPEN_LIST, file="liste.csv")
        result = await host.client.call_tool(OPEN_LIST, {"file": "liste.csv"})
    whole = json.dumps(answer, ensure_ascii=False) + text_of(result)
    assert [cell for cell in ("Kanarya", "536", "534", "İstanbul", "4111", "E+09", "Müşteri") if cell in whole] == []


@pytest.mark.parametrize("mode", ERAS)
async def test_a_sheet_of_a_csv_file_is_refused(folder: Path, mode: Mode) -> None:
    async with hosted(replace(LIVE, files_dir=folder), mode=mode) as host:
        answer = await host.call(OPEN_LIST, file="liste.csv", sheet="Kasım")
    assert answer["summary"] == "Nothing was done. The file is read as CSV, which has no sheets; leave out sheet."


async def test_a_model_sees_the_first_cells_if_the_operator_says_so(folder: Path) -> None:
    async with hosted(replace(LIVE, files_dir=folder, show_cells=True)) as host:
        answer = await host.call(OPEN_LIST, file="liste.csv")
        result = await host.client.call_tool(OPEN_LIST, {"file": "liste.csv"})
    cells = [column.get("cells") for column in answer["columns"]]
    assert cells == [["Ayşe Kanarya", "Deniz Kanarya"], None, ["İstanbul"], ["**** **** **** ****"]]
    assert "“Ayşe Kanarya”, “Deniz Kanarya”" in text_of(result)
    assert "536" not in text_of(result)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("1234567", "*******"),
        ("123456", "123456"),
        ("05.12.2026 10:30", "**.**.**** **:**"),
        ("12 TL, 3456789", "12 TL, *******"),
        ("٠٥٣٢ ١٢٣ ٤٥ ٦٧", "**** *** ** **"),
        ("５３６①②③4", "*******"),
        ("٣ kat, * 12", "٣ kat, * 12"),
    ],
)
def test_seven_digits_are_never_shown(cell: str, shown: str) -> None:
    assert mask_digits(cell) == shown


@pytest.mark.parametrize("column", ["Telefon", "Ayşe Kanarya", "05361234567", "D"])
async def test_a_wrong_column_shows_no_cell(folder: Path, column: str) -> None:
    (folder / "adsız.csv").write_text("Ayşe Kanarya;05361234567\nBora Kanarya;05371234567\n", encoding="utf-8")
    (folder / "mektup.txt").write_text("Sayın Kanarya,\ntel 0536\n", encoding="utf-8")
    async with hosted(replace(LIVE, files_dir=folder)) as host:
        for file in ("liste.csv", "adsız.csv", "mektup.txt"):
            answer = await host.client.call_tool(OPEN_LIST, {"file": file, "number_column": column})
            assert "Kanarya" not in text_of(answer).replace(f"“{column}”", "")


@pytest.mark.parametrize("mode", ERAS)
async def test_without_a_file_it_shows_what_lies_there(folder: Path, mode: Mode) -> None:
    async with hosted(replace(LIVE, files_dir=folder), mode=mode) as host:
        answer = await host.call(OPEN_LIST)
        (folder / "büyük.csv").write_bytes(b"x" * 3_000_000)
        (folder / "orta.csv").write_bytes(b"x" * 3_000)
        (folder / "fatura.pdf").write_bytes(b"x")
        more = await host.client.call_tool(OPEN_LIST, {})
    assert answer["files"] == [
        {"name": "liste.csv", "bytes": len(LIST.encode()), "modified": "2026-11-23T10:00:00+03:00"}
    ]
    assert answer["summary"] == "The folder has 1 list."
    assert (answer["lists"], answer["other_files"]) == (1, 0)
    assert "“büyük.csv”, 2 MB" in text_of(more)
    assert "“orta.csv”, 2 kB" in text_of(more)
    assert "fatura" not in text_of(more)
    assert "Files that are no lists: 1." in text_of(more)


async def test_an_empty_folder_asks_for_a_list(tmp_path: Path) -> None:
    async with hosted(replace(LIVE, files_dir=tmp_path)) as host:
        answer = await host.call(OPEN_LIST)
    assert answer["files"] == []
    assert "put a list" in answer["next_step"]


async def test_many_files_are_counted_and_the_newest_shown(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"{number}.csv").write_text("")
    async with hosted(replace(LIVE, files_dir=tmp_path)) as host:
        answer = await host.call(OPEN_LIST)
        result = await host.client.call_tool(OPEN_LIST, {})
    assert (len(answer["files"]), answer["lists"]) == (50, 60)
    assert answer["summary"] == "The folder has 60 lists."
    assert "Older lists that are not shown: 10." in text_of(result)


async def test_what_cannot_be_read_is_a_sentence(folder: Path) -> None:
    (folder / "iki.csv").write_text("Ev Tel;Cep\n05321234567;05331234567\n")
    async with hosted(replace(LIVE, files_dir=folder)) as host:
        missing = await host.call(OPEN_LIST, file="yok.csv")
        outside = await host.call(OPEN_LIST, file="../x.csv")
        two = await host.call(OPEN_LIST, file="iki.csv")
        chosen = await host.call(OPEN_LIST, file="iki.csv", number_column="cep")
    assert missing["outcome"] == outside["outcome"] == two["outcome"] == "nothing_done"
    assert "“yok.csv”" in missing["summary"]
    assert "“Ev Tel” 1, “Cep” 1" in two["summary"]
    assert (chosen["number_column"], chosen["recipients"]) == ("Cep", 1)


async def test_a_list_of_bare_numbers_has_one_column_without_a_name(folder: Path) -> None:
    (folder / "numaralar.txt").write_text("05321234567\n" * 2)
    async with hosted(replace(LIVE, files_dir=folder, language="tr")) as host:
        answer = await host.call(OPEN_LIST, file="numaralar.txt")
    assert answer["columns"] == [{"letter": "A", "kind": "number", "longest": 11, "empty": 0}]
    assert answer["number_column"] == "A"
    assert "header_row" not in answer
    assert "delimiter" not in answer
    assert answer["summary"] == "“numaralar.txt”: 2 satır içinde 1 alıcı; numaralar A sütununda."


@pytest.mark.parametrize(("people", "rows"), [(3, "3 (2), 4 (2)"), (30, "21 (2), 22 (2), …")])
async def test_repeated_numbers_are_named_in_one_line(folder: Path, people: int, rows: str) -> None:
    (folder / "aynı.csv").write_text("Ad;GSM\n" + "Ayşe;05321234567\n" * people, encoding="utf-8")
    async with hosted(replace(LIVE, files_dir=folder)) as host:
        lines = text_of(await host.client.call_tool(OPEN_LIST, {"file": "aynı.csv"})).splitlines()
    (line,) = [
        line for line in lines if line.startswith("Rows with the number of an earlier row, which is in brackets: 3")
    ]
    assert line.endswith(rows)


async def test_a_list_on_which_nobody_can_be_reached_says_why(folder: Path) -> None:
    (folder / "bozuk.csv").write_text("Ad\tGSM\n" + "Ayşe\t5,32E+09\n" * 30, encoding="utf-16")
    (folder / "~$bozuk.csv").write_text("")
    async with hosted(replace(LIVE, files_dir=folder)) as host:
        answer = await host.call(OPEN_LIST, file="bozuk.csv")
        result = await host.client.call_tool(OPEN_LIST, {"file": "bozuk.csv"})
    assert (answer["recipients"], answer["refused"], len(answer["refused_rows"])) == (0, 30, 20)
    assert "Nobody" in answer["next_step"]
    for words in ("UTF-16", "delimiter: tab", "open in another program", "no usable number: 30 (rows 2, 3, "):
        assert words in text_of(result)


async def test_without_a_folder_nothing_changes() -> None:
    async with hosted(LIVE) as host:
        assert [tool.name for tool in (await host.client.list_tools()).tools] == listed("auto")
        with pytest.raises(Exception, match="There is no tool of this name"):
            await host.client.call_tool(OPEN_LIST, {})


async def test_with_a_folder_the_tools_of_lists_come_last(folder: Path) -> None:
    async with hosted(replace(LIVE, files_dir=folder)) as host:
        names = [tool.name for tool in (await host.client.list_tools()).tools]
    assert names == [*(tool.name for tool in (*TOOLS, *LIST_TOOLS)), CARD_ANSWER.name]


def test_a_tool_of_lists_can_be_named_only_with_a_folder(tmp_path: Path) -> None:
    assert REGISTRY.offered(Settings(tools=(OPEN_LIST,), files_dir=tmp_path)).names == [OPEN_LIST]
    with pytest.raises(SettingsError, match="ILETIMERKEZI_FILES_DIR"):
        REGISTRY.offered(Settings(tools=(OPEN_LIST,)))


async def test_a_workbook_tells_its_sheet_and_what_is_hidden_in_it(folder: Path) -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.write_formula("D2", "=1/0", None, "#DIV/0!")

    rows: list[list[Any]] = [
        ["Ad", "GSM", "Gizli", "Borç", "Tutar"],
        ["Ayşe", 5361234567, "x", "", 12.5],
        ["Bora", 5371234567, "y", "", 7],
    ]
    (folder / "liste.xlsx").write_bytes(xlsx(*rows, finish=finish))
    (folder / "eski.xls").write_bytes(xls(*(row[:2] for row in rows)))
    async with hosted(replace(LIVE, files_dir=folder)) as host:
        answer = await host.call(OPEN_LIST, file="liste.xlsx")
        result = await host.client.call_tool(OPEN_LIST, {"file": "liste.xlsx"})
        whole = await host.call(OPEN_LIST, file="liste.xlsx", include_hidden=True)
        old = await host.call(OPEN_LIST, file="eski.xls")
        warned = await host.client.call_tool(OPEN_LIST, {"file": "eski.xls"})
    assert (answer["format"], answer["sheet"], answer["hidden_rows"], answer["recipients"]) == ("xlsx", "Liste", 1, 1)
    for words in (
        "Numbers from the list are filled in as 1.250,50",
        "Read as XLSX, sheet “Liste”",
        "Hidden columns that are left out: 1",
        "include_hidden true reads hidden rows and columns, too.",
        "Tell the user what is left out.",
        "Formulas without a value in column “Borç”: 1",
    ):
        assert words in text_of(result)
    assert (whole["hidden_rows"], whole["recipients"], len(whole["columns"])) == (0, 2, 5)
    assert whole["next_step"].startswith("In a text for all of them")
    assert (old["format"], "hidden_rows" in old, old["recipients"]) == ("xls", False, 2)
    assert text_of(warned).splitlines()[1].startswith("In XLS files hidden (filtered) rows cannot be told")
