"""Workbooks for the tests, in memory: written by a library where there is one, else laid down byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Row = Sequence[Any]
Rows = Sequence[Row]


def xlsx(*rows: Row, finish: Callable[[Any, Any], None] = lambda book, sheet: None) -> bytes:
    """A workbook of one sheet with these rows; `finish` may add to it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet("Liste")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        finish(book, sheet)
    return out.getvalue()


def sheets(**named: Rows) -> bytes:
    """A workbook of several sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, rows in named.items():
            sheet = book.add_worksheet(name.strip("_"))
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name.startswith("_"):
                sheet.hide()
            else:
                sheet.activate()
    return out.getvalue()


def archive(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _root(main: str) -> str:
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="{main}"/></Relationships>'


def raw_xlsx(
    data: str, *, columns: str = "", prefix: str = "", target: str = "worksheets/sheet1.xml", **more: str
) -> bytes:
    """A workbook whose sheet holds `data` as it is."""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    colon = f"{prefix}:" if prefix else ""
    return archive(
        {
            "_rels/.rels": _root("xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="Liste" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": "<Relationships xmlns="
            '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/worksheet" Target="{target}"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<{colon}worksheet {name}="{MAIN}">{columns}<{colon}sheetData>{data}'
            f"</{colon}sheetData></{colon}worksheet>",
            **more,
        }
    )


def text_cell(reference: str, text: str) -> str:
    """A cell with its text in it."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def ods(table: str, *, name: str = "Liste", **more: str) -> bytes:
    """An ODS file with one table."""
    spaces = "".join(
        f' xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest/>",
            **more,
        }
    )


def ods_row(*cells: str, attributes: str = "") -> str:
    """A row of texts."""
    inside = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in cells
    )
    return f"<table:table-row {attributes}>{inside}</table:table-row>"


def xls(*rows: Row) -> bytes:
    """A workbook of Excel 97 ([MS-XLS] 2.4), with no more records than it takes."""

    def record(kind: int, content: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    def beginning(kind: int) -> bytes:
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 1997, 0, 0x600))

    def sheet_at(place: int) -> bytes:
        return record(0x85, struct.pack("<IBBBB", place, 0, 0, 5, 0) + b"Liste")

    book = beginning(5) + sheet_at(0) + record(0xA)
    book = beginning(5) + sheet_at(len(book)) + record(0xA) + beginning(0x10)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            place = struct.pack("<HHH", number, column, 0)
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                book += record(0x204, place + text)
            else:
                book += record(0x203, place + struct.pack("<d", value))
    return compound("Workbook", book + record(0xA))


def compound(name: str, stream: bytes) -> bytes:
    """A compound file ([MS-CFB]) with one stream: its header, the table of its sectors, the names, the stream."""
    end, free, sectors = 0xFFFFFFFE, 0xFFFFFFFF, max(len(stream), 4096) // 512 + 1
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    table = [0xFFFFFFFD, end, *range(3, sectors + 2), end]
    entries = b""
    for kind, entry, child, start, size in ((5, "Root Entry", 1, end, 0), (2, name, free, 2, sectors * 512)):
        encoded = f"{entry}\0".encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + struct.pack("<HBBIII", len(encoded), kind, 1, free, free, child)
        entries += bytes(36) + struct.pack("<IQ", start, size)
    table_sector = struct.pack("<128I", *table, *[free] * (128 - len(table)))
    return header + table_sector + entries.ljust(512, b"\0") + stream.ljust(sectors * 512, b"\0")


def xlsb(*rows: Row) -> bytes:
    """A binary workbook ([MS-XLSB] 2.4), with no more records than it takes."""

    def record(kind: int, content: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        assert len(content) < 128
        return number + bytes([len(content)]) + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    book = (
        record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Liste")) + record(144) + record(132)
    )
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    data = record(129) + record(148, extent) + record(145)
    for number, row in enumerate(rows):
        data += record(0, struct.pack("<I", number) + bytes(13))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            if isinstance(value, str):
                data += record(6, place + wide(value))
            else:
                data += record(5, place + struct.pack("<d", value))
    return archive(
        {
            "_rels/.rels": _root("xl/workbook.bin"),
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": "<Relationships xmlns="
            '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
            "xl/worksheets/sheet1.bin": data + record(146) + record(130),
        }
    )
