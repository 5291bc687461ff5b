"""Workbooks of every kind, as people keep them: hidden rows, merged cells, dates, several sheets."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Final

import pytest

from iletimerkezi_mcp.lists import workbook_process
from iletimerkezi_mcp.lists.error import ListError

from .files import AYSE, BORA, CEM, column, read
from .workbooks import ods, ods_row, raw_xlsx, sheets, text_cell, xls, xlsb, xlsx

HEADER: Final[list[Any]] = ["Ad", "GSM"]
LIST: Final[list[list[Any]]] = [HEADER, ["Ayşe", 5321234567.0], ["Bora", "0533 123 45 67"]]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("xlsx", xlsx(*LIST)),
        ("xls", xls(*LIST)),
        ("xlsb", xlsb(["Ad", "GSM"], ["Ayşe", 5321234567.0], ["Bora", "0533 123 45 67"])),
        ("ods", ods("".join(ods_row(*row) for row in (HEADER, ["Ayşe", "5321234567"], ["Bora", "0533 123 45 67"])))),
    ],
)
def test_every_kind_of_workbook_is_read_by_its_content_and_not_by_its_name(
    kind: str, content: bytes, tmp_path: Path
) -> None:
    recipients = read(tmp_path, content, file="liste.csv")
    assert (recipients.kind, recipients.sheet, recipients.header_row) == (kind, "Liste", 1)
    assert (recipients.numbers, list(recipients.rows)) == ((AYSE, BORA), [2, 3])
    assert column(recipients, "Ad") == ["Ayşe", "Bora"]
    assert recipients.hidden_known == (kind in ("xlsx", "ods"))


def test_a_cell_is_shown_as_a_turk_would_write_it(tmp_path: Path) -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.write_datetime(
            1,
            11,
            datetime.datetime.fromisoformat("2026-12-05T09:05"),
            book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        )
        sheet.write_datetime(1, 12, datetime.time(14, 30, 5), book.add_format({"num_format": "hh:mm:ss"}))
        sheet.write_number(1, 13, 1.5, book.add_format({"num_format": "[h]:mm"}))

    values = [
        5321234567.0,
        0.1,
        1250.5,
        12.0,
        1e15,
        0.1 + 0.2,
        -1234567.125,
        1e-7,
        1 / 3,
        True,
        datetime.date(2026, 12, 5),
    ]
    names = ["GSM", *"abcdefghijklm"]
    recipients = read(tmp_path, xlsx(names, values, finish=finish))
    assert {name: column(recipients, name)[0] for name in names} == {
        "GSM": "5321234567",
        "a": "0,10",
        "b": "1.250,50",
        "c": "12",
        "d": "1000000000000000",
        "e": "0,30",
        "f": "-1.234.567,125",
        "g": "0,0000001",
        "h": "0,333333333333333",
        "i": "DOĞRU",
        "j": "05.12.2026",
        "k": "05.12.2026 09:05",
        "l": "14:30:05",
        "m": "36:00",
    }
    kinds = {column.name: column.kind for column in recipients.columns}
    assert (kinds["GSM"], kinds["b"], kinds["j"], kinds["i"]) == ("number", "amount", "date", "text")


def test_hidden_rows_are_left_out_counted_and_read_only_on_demand(tmp_path: Path) -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})

    content = xlsx(*LIST, ["", ""], finish=finish)
    recipients = read(tmp_path, content)
    assert (recipients.numbers, recipients.hidden_rows, recipients.row_count) == ((BORA,), 1, 2)
    whole = read(tmp_path, content, include_hidden=True)
    assert (whole.numbers, whole.hidden_rows) == ((AYSE, BORA), 0)
    assert whole.digest != recipients.digest


def test_a_hidden_column_is_no_field_and_holds_no_numbers(tmp_path: Path) -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.set_column(0, 0, None, None, {"hidden": True})

    content = xlsx(["Ev Tel", "Ad", "Cep"], ["0532 123 45 67", "Ayşe", "0533 123 45 67"], finish=finish)
    recipients = read(tmp_path, content)
    assert ([column.name for column in recipients.columns], recipients.hidden_columns) == (["Ad", "Cep"], 1)
    assert recipients.numbers == (BORA,)
    with pytest.raises(ListError, match="“Ev Tel” 1, “Cep” 1"):
        read(tmp_path, content, include_hidden=True)


def test_titles_stand_above_the_columns_names_and_merged_cells_have_one_value(tmp_path: Path) -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.merge_range("A1:D1", "Telefon listesi")
        sheet.merge_range("C3:D3", "Not")
        sheet.merge_range("A4:A5", "Yılmaz")

    rows = [[], ["01.11.2026"], ["Firma", "GSM"], ["", "0532 123 45 67", "a", "b"], ["", "0533 123 45 67"]]
    recipients = read(tmp_path, xlsx(*rows, finish=finish))
    assert (recipients.header_row, [column.name for column in recipients.columns]) == (
        3,
        ["Firma", "GSM", "Not", "Not"],
    )
    assert column(recipients, "Firma") == ["Yılmaz", "Yılmaz"]
    assert recipients.numbers == (AYSE, BORA)


def test_the_columns_keep_their_letters_if_the_list_begins_further_right(tmp_path: Path) -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.write_row(2, 2, ["GSM", "Ad"])
        sheet.write_row(3, 2, ["0532 123 45 67", ""])
        sheet.write_row(4, 2, ["0533 123 45 67", "Bora"])
        sheet.merge_range("E4:F4", "x")

    recipients = read(tmp_path, xlsx(finish=finish))
    assert [(column.letter, column.name) for column in recipients.columns][2:4] == [("C", "GSM"), ("D", "Ad")]
    assert list(recipients.rows) == [4, 5]


def test_the_first_visible_sheet_is_taken_unless_another_one_has_the_numbers(tmp_path: Path) -> None:
    numbers = [["GSM"], ["0532 123 45 67"]]
    others = [["GSM"], ["0533 123 45 67"]]
    assert read(tmp_path, sheets(Kapak=[["Açıklama"]], Liste=numbers)).sheet == "Liste"
    assert read(tmp_path, sheets(_Gizli=numbers, Liste=others)).sheet == "Liste"
    two = sheets(Mart=numbers, Nisan=others, Notlar=[["x"]])
    with pytest.raises(ListError, match="“Mart”, “Nisan”"):
        read(tmp_path, two)
    assert read(tmp_path, two, sheet="nisan").numbers == (BORA,)
    assert read(tmp_path, sheets(_Gizli=numbers, Liste=others), sheet="Gizli").numbers == (AYSE,)
    with pytest.raises(ListError, match="“Mart”, “Nisan”, “Notlar”"):
        read(tmp_path, two, sheet="Mayıs")
    with pytest.raises(ListError, match="no column with mobile numbers"):
        read(tmp_path, sheets(A=[["x"]], B=[]))
    ambiguous = sheets(A=[["Ev Tel", "Cep"], ["0532 123 45 67", "0533 123 45 67"]], B=[["x"]])
    with pytest.raises(ListError, match="“Ev Tel” 1, “Cep” 1"):
        read(tmp_path, ambiguous)
    assert read(tmp_path, ambiguous, number_column="Cep").sheet == "A"


def test_a_formula_without_a_value_is_refused_with_what_to_do(tmp_path: Path) -> None:
    data = (
        f'<row r="1">{text_cell("A1", "Ad")}{text_cell("B1", "GSM")}{text_cell("C1", "Borç")}</row>'
        f'<row r="2">{text_cell("A2", "Ayşe")}<c r="B2"><f>D2</f><v></v></c><c r="C2"><f>1+1</f></c></row>'
        f'<row r="3">{text_cell("A3", "Bora")}<c r="B3"><f>D3</f><v>5331234567</v></c><c r="C3" t="e"><f>1/0</f>'
        "<v>#DIV/0!</v></c></row>"
        f'<row r="4">{text_cell("A4", "Cem")}<c r="B4"><v>5341234567</v></c><c r="C4" t="str"><f>""</f><v></v></c></row>'
    )
    recipients = read(tmp_path, raw_xlsx(data))
    assert recipients.numbers == (BORA, CEM)
    (refused,) = recipients.refused
    assert (refused.row, "open the file in Excel and save it" in refused.reason.en) == (2, True)
    assert [(column.name, column.empty, column.uncalculated) for column in recipients.columns][2] == ("Borç", 2, 1)


_BARE = (
    "<row><c t='inlineStr'><is><t>GSM</t></is></c></row><row><c><v>5321234567</v></c></row>"
    "<row><c><v>5331234567</v></c></row>"
)
_OTHER_ORDER = (
    "<row r='1'><c r='A1' t='inlineStr'><is><t>GSM</t></is></c></row><row hidden='1' r='2'><c r='A2'><v>5321234567</v></c>"
    "</row><row r='3'><c r='A3'><v>5331234567</v></c></row>"
)


def test_other_programs_may_write_rows_and_cells_in_another_way(tmp_path: Path) -> None:
    assert read(tmp_path, raw_xlsx(_BARE)).numbers == (AYSE, BORA)
    for hidden in ("hidden='1'", "hidden='true'", "ht='0' customHeight='1'", "ht='0.0'"):
        recipients = read(tmp_path, raw_xlsx(_OTHER_ORDER.replace("hidden='1'", hidden)))
        assert (recipients.numbers, recipients.hidden_rows) == ((BORA,), 1)
    low = _OTHER_ORDER.replace("hidden='1'", 'ht="0.5" s="0"')
    assert read(tmp_path, raw_xlsx(low)).numbers == (AYSE, BORA)
    narrow = '<cols><col min="2" max="2" width="0" customWidth="1"/></cols>'
    assert read(tmp_path, raw_xlsx(_OTHER_ORDER, columns=narrow)).hidden_columns == 1


def test_elements_may_have_a_prefix_and_a_part_an_absolute_path(tmp_path: Path) -> None:
    data = (
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>GSM</x:t></x:is></x:c></x:row>'
        '<x:row r="2" hidden="1"><x:c r="A2"><x:v>5321234567</x:v></x:c></x:row>'
        '<x:row r="3"><x:c r="A3"><x:v>5331234567</x:v></x:c></x:row>'
    )
    recipients = read(tmp_path, raw_xlsx(data, prefix="x", target="/xl/worksheets/sheet1.xml"))
    assert (recipients.numbers, recipients.hidden_rows) == ((BORA,), 1)


def test_hidden_rows_and_columns_of_ods_are_known(tmp_path: Path) -> None:
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    rows = (
        ods_row("Ad", "GSM", "Gizli")
        + ods_row("Ayşe", "0532 123 45 67", "x", attributes='table:visibility="filter"')
        + ods_row("Bora", "0533 123 45 67", "y", attributes='table:number-rows-repeated="2"')
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    recipients = read(tmp_path, ods(columns + rows, name="A &amp; B"))
    assert (recipients.sheet, recipients.hidden_rows, recipients.hidden_columns) == ("A & B", 1, 1)
    assert (recipients.numbers, recipients.duplicates) == ((BORA,), 1)
    assert [column.name for column in recipients.columns] == ["Ad", "GSM"]


def test_grouped_rows_and_columns_of_ods_count_once_and_are_hidden_if_their_group_is_closed(tmp_path: Path) -> None:
    closed, collapsed = 'table:display="false"', 'table:visibility="collapse"'
    columns = (
        "<table:table-columns><table:table-column/></table:table-columns><table:table-column-group>"
        f"<table:table-column {collapsed}/></table:table-column-group><table:table-column/>"
    )
    rows = (
        ods_row("Ad", "Gizli", "GSM")
        + f"<table:table-row-group>{ods_row('Ayşe', 'x', '0532 123 45 67', attributes=collapsed)}"
        + f"<table:table-row-group {closed}>{ods_row('Cem', 'z', '0534 123 45 67')}</table:table-row-group>"
        + f"{ods_row('Bora', 'y', '0533 123 45 67')}</table:table-row-group>"
    )
    recipients = read(tmp_path, ods(columns + rows))
    assert (recipients.numbers, recipients.hidden_rows) == ((BORA,), 2)
    assert [column.name for column in recipients.columns] == ["Ad", "GSM"]
    hidden = columns.replace("-group>", f"-group {closed}>", 1).replace(collapsed, "")
    assert [column.name for column in read(tmp_path, ods(hidden + rows)).columns] == ["Ad", "GSM"]


def test_merged_cells_of_ods_have_one_value(tmp_path: Path) -> None:
    merged = (
        '<table:table-row><table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>Yılmaz</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="5321234567"/></table:table-row>'
        '<table:table-row><table:covered-table-cell/><table:table-cell office:value-type="float" office:value="5331234567"/>'
        "</table:table-row>"
    )
    recipients = read(tmp_path, ods(ods_row("Firma", "GSM") + merged))
    assert column(recipients, "Firma") == ["Yılmaz", "Yılmaz"]


def test_a_protected_workbook_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="protected with a password"):
        read(tmp_path, ods(ods_row("GSM"), **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}))
    locked = bytearray(xlsx(*LIST))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(signature)
        while place >= 0:
            locked[place + offset] |= 1
            place = locked.find(signature, place + 1)
    with pytest.raises(ListError, match="protected with a password"):
        read(tmp_path, bytes(locked))
    with pytest.raises(ListError, match="protected with a password"):
        read(tmp_path, xls(["GSM"]) + "EncryptedPackage".encode("utf-16-le"))


def test_a_wide_sheet_is_refused_by_its_columns(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="more than 1,000 columns"):
        read(tmp_path, xlsx(["GSM", *range(1_000)], ["05321234567", *range(1_000)]))


def test_a_long_list_is_sent_in_batches_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["GSM", "Tutar"], *([5_320_000_000 + row, row + 0.5] for row in range(2_500))]
    rows += [[] for _ in range(2_500)]
    recipients = read(tmp_path, xlsx(*rows, ["05339999999", 7]))
    assert (len(recipients.numbers), recipients.rows[-1]) == (2_501, 5_002)
    assert column(recipients, "Tutar")[-2:] == ["2.499,50", "7"]


def test_columns_beyond_the_alphabet_and_rows_beyond_a_hundred_thousand_are_read(tmp_path: Path) -> None:
    wide = [f"s{column}" for column in range(40)]
    assert read(tmp_path, xlsx([*wide, "GSM"], [*wide, "05321234567"])).columns[40].letter == "AO"
    far = f'<row r="1">{text_cell("A1", "GSM")}</row><row r="123456"><c r="A123456"><v>5321234567</v></c></row>'
    assert list(read(tmp_path, raw_xlsx(far)).rows) == [123_456]


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.9999999999999999, "1"), (1e-20, "0,00000000000000000001"), (123456.789, "123.456,789"), (-0.5, "-0,50")],
)
def test_a_number_is_written_as_a_sheet_keeps_it(number: float, text: str) -> None:
    assert workbook_process._number(number) == text


def test_a_moment_at_midnight_is_a_day() -> None:
    assert workbook_process._moment(datetime.datetime.fromisoformat("2026-12-05T00:00")) == "05.12.2026"


def test_merged_and_uncalculated_cells_outside_the_sheets_own_say_nothing(tmp_path: Path) -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.write(1, 1, "GSM")
        sheet.write(2, 1, "05321234567")
        sheet.merge_range("A1:A2", "")
        sheet.write_formula("A5", "=B9", None, "")
        sheet.write_formula("B5", "=B9", None, "")

    recipients = read(tmp_path, xlsx(finish=finish))
    assert (recipients.numbers, [refused.row for refused in recipients.refused]) == ((AYSE,), [5])


def test_hidden_columns_are_told_and_formulas_without_a_value_too(tmp_path: Path) -> None:
    data = (
        f'<row r="1">{text_cell("A1", "Ad")}{text_cell("B1", "GSM")}</row>'
        f'<row r="2">{text_cell("A2", "x")}<c r="B2"><v>5321234567</v></c><c r="C2"><f>1+1</f></c></row>'
    )
    columns = '<cols><col min="1" max="1" hidden="1"/><col min="2" max="3" hidden="0"/></cols>'
    recipients = read(tmp_path, raw_xlsx(data, columns=columns))
    assert (recipients.hidden_columns, recipients.numbers) == (1, (AYSE,))
    assert [(column.letter, column.uncalculated) for column in recipients.columns] == [("B", 0), ("C", 1)]
