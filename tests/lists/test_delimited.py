"""CSV files as Turkish businesses write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from iletimerkezi_mcp.lists import delimited
from iletimerkezi_mcp.lists.delimited import find_encoding
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.table import BATCH_ROWS

from .files import AYSE, BORA, CEM, column, read

_TURKISH = "Ad Soyad;GSM;Tutar\r\nAyşe Şahin;0532 123 45 67;1.250,50\r\nBora Iğdır;5331234567;12\r\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1254", "cp1254"),
        ("iso8859-9", "cp1254"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_the_encoding_is_found_by_rules(encoding: str, name: str, tmp_path: Path) -> None:
    recipients = read(tmp_path, _TURKISH.encode(encoding))
    assert (recipients.kind, recipients.encoding, recipients.delimiter) == ("csv", name, ";")
    assert recipients.numbers == (AYSE, BORA)
    assert [column.name for column in recipients.columns] == ["Ad Soyad", "GSM", "Tutar"]
    assert column(recipients, "Ad Soyad") == ["Ayşe Şahin", "Bora Iğdır"]
    assert column(recipients, "Tutar") == ["1.250,50", "12"]


@pytest.mark.parametrize(
    "content",
    [
        "Ad;GSM\r\nAyşe Şahin;0532 123 45 67".encode("cp857"),
        b"Ad;GSM\r\nA\x81;05321234567",
        "Ad;GSM\r\nŞule;05321234567".encode("utf-32"),
        "Ad;GSM\r\nŞule;05321234567".encode("utf-16")[:-1],
        b"Ad;GSM\0\r\nA;05321234567",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    ],
    ids=["dos", "undefined", "utf-32", "cut", "zero", "picture"],
)
def test_a_file_whose_letters_cannot_be_told_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(ListError, match="CSV UTF-8"):
        find_encoding(content)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_the_one_under_which_the_rows_are_equal(delimiter: str, tmp_path: Path) -> None:
    lines = ["Ad Soyad,GSM,Not", '"Ay, şe; x",0532 123 45 67,"a\tb|c"', "Bora,0533 123 45 67,"]
    text = "\n".join(lines).replace(",GSM,", f"{delimiter}GSM{delimiter}")
    text = text.replace('",', f'"{delimiter}').replace(',"', f'{delimiter}"')
    text = text.replace("Bora,", f"Bora{delimiter}").replace("67,", f"67{delimiter}")
    recipients = read(tmp_path, text)
    assert recipients.delimiter == delimiter
    assert recipients.numbers == (AYSE, BORA)
    assert column(recipients, "Ad Soyad") == ["Ay, şe; x", "Bora"]


def test_a_file_may_name_its_delimiter_in_a_line_that_excel_does_not_count(tmp_path: Path) -> None:
    recipients = read(tmp_path, "sep=^\r\nTel^Ad;Soyad\r\n05321234567^Ayşe; Şahin\r\n")
    assert (recipients.delimiter, recipients.header_row, list(recipients.rows)) == ("^", 1, [2])
    assert column(recipients, "Ad;Soyad") == ["Ayşe; Şahin"]


def test_one_column_needs_no_delimiter_and_no_header(tmp_path: Path) -> None:
    recipients = read(tmp_path, "5321234567\n0533 123 45 67\n")
    assert (recipients.delimiter, recipients.header_row, recipients.numbers) == (None, None, (AYSE, BORA))
    assert [(column.name, column.letter, column.kind) for column in recipients.columns] == [("", "A", "number")]


def test_two_numbers_in_a_cell_do_not_make_a_delimiter(tmp_path: Path) -> None:
    recipients = read(tmp_path, "Telefon\n0532 123 45 67, 0533 123 45 67\n0534 123 45 67\n0532 123 45 67\n")
    assert recipients.numbers == (CEM, AYSE)
    assert [(row.row, "more than one number" in row.reason.en) for row in recipients.refused] == [(2, True)]


def test_a_line_break_in_quotes_is_part_of_its_cell(tmp_path: Path) -> None:
    recipients = read(tmp_path, 'Not;GSM\n"bir\niki";05321234567\nüç;05331234567\n')
    assert column(recipients, "Not") == ["bir\niki", "üç"]
    assert list(recipients.rows) == [2, 3]


@pytest.mark.parametrize("row", ['"Ayşe;05321234567', '"Ayşe" Hanım;05321234567', '"' + "x" * 200_000 + ";05321234567"])
def test_quotation_marks_that_do_not_close_are_named_by_their_row(row: str, tmp_path: Path) -> None:
    with pytest.raises(ListError, match="row 3"):
        read(tmp_path, f"Ad;GSM\nBora;05331234567\n{row}\n")


def test_trailing_delimiters_and_blank_rows_say_nothing(tmp_path: Path) -> None:
    recipients = read(tmp_path, "GSM;Ad;;;\n05321234567;Ayşe;;;\n;;;;\n\n05331234567;Bora;;;\n;;;;\n")
    assert [column.name for column in recipients.columns] == ["GSM", "Ad"]
    assert (recipients.numbers, list(recipients.rows)) == ((AYSE, BORA), [2, 5])
    assert (recipients.row_count, recipients.skipped_rows) == (2, 0)


def test_a_used_range_far_wider_than_the_list_says_nothing(tmp_path: Path) -> None:
    recipients = read(tmp_path, f"GSM;Ad{';' * 16_382}\n05321234567;Ayşe{';' * 16_382}\n")
    assert ([column.name for column in recipients.columns], recipients.numbers) == (["GSM", "Ad"], (AYSE,))


def test_a_row_with_more_cells_than_the_header_is_refused(tmp_path: Path) -> None:
    recipients = read(tmp_path, "GSM;Not\n05321234567;iyi; günler\n05331234567;a\n05341234567\n")
    assert [refused.row for refused in recipients.refused] == [2]
    assert column(recipients, "Not") == ["a", ""]


@pytest.mark.parametrize("cells", [1, 1_001])
def test_a_cell_or_a_row_without_an_end_is_refused(cells: int, tmp_path: Path) -> None:
    row = ";".join(["x" * (200_000 // cells)] * cells)
    with pytest.raises(ListError, match="row 2" if cells == 1 else "columns"):
        read(tmp_path, f"GSM\n{row}\n" if cells == 1 else f"{row}\n05321234567\n")


@pytest.mark.parametrize("sign", ['"', "\r"])
def test_what_ends_a_cell_anyway_is_no_delimiter(sign: str, tmp_path: Path) -> None:
    recipients = read(tmp_path, f"sep={sign}\r\nGSM;Ad\r\n05321234567;Ayşe\r\n".replace('"', '""'))
    assert (recipients.delimiter, recipients.numbers) == (";", (AYSE,))


def test_a_row_that_is_wider_than_others_is_refused_also_if_its_last_cell_is_empty(tmp_path: Path) -> None:
    text = "Tel,Ad,Borç,Not\n" + "".join(f"0532123{place:04},Ayşe,50,\n" for place in range(700))
    recipients = read(tmp_path, text + "05331234567,Yılmaz, Bora,50,\n05341234567,Cem,1.250,50,\n,,,,,,\n")
    assert (len(recipients.numbers), [refused.row for refused in recipients.refused]) == (700, [702, 703])
    ended = "Tel,Ad,Borç\n05321234567,Ayşe,50,\n05331234567,Bora,,\n05341234567,Cem,1.250,50,\n05351234567,Deniz,50,\n"
    recipients = read(tmp_path, ended)
    assert (len(recipients.numbers), [refused.row for refused in recipients.refused]) == (3, [4])
    # Alone in its batch it is as wide as all rows of that.
    full = "Tel,Ad,Borç,Not\n" + "".join(f"0532123{place:04},Ayşe,50,\n" for place in range(BATCH_ROWS - 1))
    recipients = read(tmp_path, full + "05331234567,Yılmaz, Bora,50,\n")
    assert (len(recipients.numbers), [refused.row for refused in recipients.refused]) == (499, [501])


def test_a_file_that_no_delimiter_can_read_says_where(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="row 1"):
        read(tmp_path, '"' + "x" * 200_000)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("chunk", [*range(1, 12), 1000])
def test_where_a_file_is_cut_to_be_decoded_does_not_matter(
    end: str, encoding: str, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_CHUNK", chunk)
    monkeypatch.setattr(delimited, "_PIECE", chunk)
    lines = ["sep=;"] * (end == "\r\n") + ["Ad;GSM", f'"Ay{end}şe";5321234567', "", "Bora;5331234567", "C;5341234567"]
    recipients = read(tmp_path, end.join(lines).encode(encoding))
    assert recipients.numbers == (AYSE, BORA, CEM)
    assert column(recipients, "Ad") == [f"Ay{end}şe", "Bora", "C"]
    assert list(recipients.rows) == [2, 4, 5]


@pytest.mark.parametrize("chunk", [*range(1, 12), 1000])
def test_lines_without_quotation_marks_end_in_any_way(
    chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_CHUNK", chunk)
    monkeypatch.setattr(delimited, "_PIECE", chunk)
    recipients = read(tmp_path, "Ad;GSM\rAyşe;5321234567\r\n\nBora;5331234567\r\r\nC;5341234567\r")
    assert recipients.numbers == (AYSE, BORA, CEM)
    assert list(recipients.rows) == [2, 4, 6]
