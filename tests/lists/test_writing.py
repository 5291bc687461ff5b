from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from iletimerkezi_mcp.lists import writing
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.writing import FileFormat, spreadsheet_number, write_table
from iletimerkezi_mcp.sms.numbers import parse_number

from .files import column, read

FORMATS: tuple[FileFormat, ...] = ("csv", "xlsx")
HEADER = ["Telefon", "Durum", "Tutar"]
ROWS = [["0532 123 45 67", "iletildi", "1.250,50"], ["0532 123 45 68", "iletilemedi", 'Ayşe;"Gül"\nYılmaz']]


def written(file_format: FileFormat, header: list[str] = HEADER, rows: list[list[str]] = ROWS) -> bytes:
    file = io.BytesIO()
    write_table(file, file_format, header, rows)
    return file.getvalue()


def cells_of(content: bytes, file_format: FileFormat) -> list[list[str]]:
    if file_format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    sheet = load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
    return [list(map(str, row)) for row in sheet.to_python()]


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_is_written_is_read_again(file_format: FileFormat) -> None:
    assert cells_of(written(file_format), file_format) == [HEADER, *ROWS]


def test_csv_is_what_a_spreadsheet_in_turkish_opens_with_a_double_click() -> None:
    content = written("csv", HEADER, [["0532 123 45 67", "iletildi", "1.250,50"]])
    assert content == b"\xef\xbb\xbfTelefon;Durum;Tutar\r\n0532 123 45 67;iletildi;1.250,50\r\n"


def test_a_sheet_has_text_cells_a_fixed_header_and_a_filter() -> None:
    with zipfile.ZipFile(io.BytesIO(written("xlsx", rows=[["=1+1", "@A1", "https://example.com"]]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<pane ySplit="1"' in sheet
    assert '<autoFilter ref="A1:C2"/>' in sheet
    assert sheet.count('t="inlineStr"') == 6
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_table_without_rows_has_its_header(file_format: FileFormat) -> None:
    assert cells_of(written(file_format, rows=[]), file_format) == [HEADER]


@pytest.mark.parametrize(
    ("cell", "in_csv"),
    [
        ("=1+1", "'=1+1"),
        ("+HYPERLINK(1)", "'+HYPERLINK(1)"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'\t'=1+1"),
        ("x,=2+5+cmd|' /C calc'!A0", "x,'=2+5+cmd|' /C calc'!A0"),
        ("x\t @SUM(A1)", "x\t' @SUM(A1)"),
        ("x\n+1,-1+1", "x\n'+1,'-1+1"),
        ('x,"=1+1', "x,'\"=1+1"),
        ("=1,=1", "'=1,'=1"),
        ("Ali, Veli - Ayşe", "Ali, Veli - Ayşe"),
        ("  =1+1", "'  =1+1"),
        ("＝1+1", "'＝1+1"),
        ("-125,50", "-125,50"),
        ("-", "-"),
        ("Ali = Veli", "Ali = Veli"),
        ("", ""),
        ("+90 5", "'+90 5"),
    ],
)
def test_no_cell_of_a_csv_file_is_run(cell: str, in_csv: str) -> None:
    assert cells_of(written("csv", [cell], [[cell]]), "csv") == [[in_csv], [in_csv]]


def test_a_guarded_cell_is_read_as_it_was(tmp_path: Path) -> None:
    cells = ["=1+1", "@Ayşe", "'tırnak'", "- %20", "Ayşe", "", "x,=1+1", "x\n -1,'a'", 'x,"@A1', "=1,=1", "Ali'nin, -5"]
    rows = [[f"0532 123 45 {place:02}", cell] for place, cell in enumerate(cells)]
    reading = read(tmp_path, written("csv", ["Telefon", "Not"], rows))
    assert column(reading, "Not") == cells


def test_what_is_not_a_character_does_no_harm() -> None:
    assert cells_of(written("csv", rows=[["a\ud800b"]]), "csv")[1] == ["a?b"]


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        ("+905321234567", "0532 123 45 67"),
        ("+4915112345678", "0049 15112345678"),
        ("+12025550123", "0012 025550123"),
        ("05330000012", "05330000012"),
    ],
)
def test_a_number_is_spelled_so_that_it_stays_text(number: str, cell: str) -> None:
    assert spreadsheet_number(number) == cell


@given(st.from_regex(r"\+90(5[0-5][0-9]{8})", fullmatch=True) | st.from_regex(r"\+4915[0-9]{8}", fullmatch=True))
def test_a_number_is_the_same_when_it_is_read_again(number: str) -> None:
    assert parse_number(spreadsheet_number(number), international=True) == number


def test_a_sheet_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(writing, "MAX_SHEET_ROWS", 3)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(cells_of(written("xlsx"), "xlsx")) == 3
    with pytest.raises(ListError, match="choose the format csv"):
        written("xlsx", rows=[*ROWS, ROWS[0]])
    assert len(cells_of(written("csv", rows=ROWS * 2), "csv")) == 5
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file_format", FORMATS)
def test_rows_that_cannot_be_made_end_the_writing(
    file_format: FileFormat, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def rows() -> Iterator[list[str]]:
        yield ROWS[0]
        raise InterruptedError

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(InterruptedError):
        write_table(io.BytesIO(), file_format, HEADER, rows())
    assert not list(tmp_path.iterdir())
