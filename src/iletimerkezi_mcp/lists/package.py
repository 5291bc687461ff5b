"""The check of a workbook's archive before a library reads it: its size unpacked, the extent of its sheets, what is hidden.

The library allocates the whole extent of a sheet at once, two cells far apart included, and knows nothing of hidden rows.
Imported by the process that reads a workbook: nothing here loads more than the standard library. Whatever else it raises
means that the workbook is damaged.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from itertools import islice
from xml.etree import ElementTree

from .cells import column_index

MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes that the parts of a workbook may unpack to."""

MAX_CELLS = 10_000_000
"""Cells of a sheet from A1 to its last one, empty ones included."""

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space of the process that reads a workbook, where the system can limit it."""

_CHUNK = 1024 * 1024
_MAX_ROW = 64 * _CHUNK
_LAST_COLUMN = 1 << 14

# A value in quotation marks has no "<", so that none of these looks further than to the next.
# A row without height or a column without width cannot be seen either. Cells and their values, which are most elements, are
# passed over first.
_HIDDEN = re.compile(
    rb"<(?!c |v>|/)(?:\w+:)?(row|col)\s([^<>]*\b(?:hidden\s*=\s*[\"'](?:1|true)|(?:ht|width)\s*=\s*[\"']0(?:\.0*)?)[\"'][^<>]*)>"
)
_MAY_HIDE = (b"hidden", b'ht="0', b"ht='0", b'width="0', b"width='0")
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*[\"']([^\"']*)[\"']")
# A formula that the program which made the file did not work out, and one that failed.
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?:[^<>]*\st="e"|(?![^<>]*\st="str")[^<>]*>\s*<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*'
    rb"(?:<v\s*/>|<v>\s*</v>)?\s*</c>)"
)
# A cell that is not written as most are: within column Z and row 99,999, where the extent is no matter.
_UNUSUAL = re.compile(rb'<c(?![A-Za-z]| r="[A-Z][0-9]{1,5}")')
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"']([0-9]+)")
_CELL = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?<!/)>")
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]+)([0-9]+)[\"']")

_ODS = re.compile(
    rb"<table:table(\s[^<>]*>)|<table:table-column((?:[\s/][^<>]*)?>)|<table:table-row((?:\s[^<>]*?)?)(?:/>|>(.*?)</table:table-row>)"
    rb"|<(/?table:table-(?:row|column)-group[^<>]*)>",
    re.DOTALL,
)
_ODS_HIDDEN = re.compile(rb'table:visibility="(?:collapse|filter)"')
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^<>]*?)(/?)>")


class RefusedError(Exception):
    """A workbook that cannot be read: a word for the reason, and the names that the sentence needs."""

    def __init__(self, word: str, *names: str) -> None:
        super().__init__(word)
        self.word, self.names = word, names


class SheetFacts:
    """The facts that the archive holds of a sheet: rows from 1, columns from 0. `merged` is known of ODS only."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.uncalculated: set[tuple[int, int]] = set()
        self.merged: list[tuple[tuple[int, int], tuple[int, int]]] = []


class Package:
    """A workbook's archive. Raises :class:`RefusedError` for one that cannot be read safely."""

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(BytesIO(content))
        self._left = MAX_UNPACKED
        names = {"content.xml": "ods", "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb"}
        parts = self._archive.namelist()
        kind = next((kind for name, kind in names.items() if name in parts), None)
        if kind is None:
            raise RefusedError("not_a_workbook")
        self.kind: str = kind
        """The kind of workbook: xlsx, xlsb or ods."""
        if kind == "ods" and b"encryption-data" in self._small_part("META-INF/manifest.xml"):
            raise RefusedError("password")
        self._xlsx_sheets = self._find_sheets() if kind == "xlsx" else {}
        # What the library reads at once is unpacked, to see that it is not too much.
        for name in {part for part in parts if part.endswith((".xml", ".bin", ".rels"))} - set(
            self._xlsx_sheets.values()
        ):
            for _ in self._unpacked(name):
                pass
        self._ods_facts = self._read_ods() if kind == "ods" else {}

    def _find_sheets(self) -> dict[str, str]:
        """Return the part of each sheet of an XLSX file by the sheet's name."""
        # Its parser refuses what unfolds without end.
        relations = ElementTree.fromstring(self._small_part("xl/_rels/workbook.xml.rels"))  # noqa: S314
        workbook = ElementTree.fromstring(self._small_part("xl/workbook.xml"))  # noqa: S314
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        sheets = {}
        for sheet in workbook.iterfind(".//{*}sheet"):
            relation = next(value for name, value in sheet.items() if name.endswith("}id"))
            target = targets[relation]
            sheets[sheet.get("name", "")] = target[1:] if target.startswith("/") else f"xl/{target}"
        return sheets

    def facts(self, sheet: str) -> SheetFacts:
        """Return the facts of the sheet of this name."""
        if self.kind == "xlsx":
            return self._xlsx_facts(self._xlsx_sheets[sheet])
        return self._ods_facts[sheet] if self.kind == "ods" else SheetFacts()

    def _xlsx_facts(self, part: str) -> SheetFacts:
        facts, is_plain, is_usual = SheetFacts(), False, True
        for piece in self._pieces(part, b"row>"):
            if any(mark in piece for mark in _MAY_HIDE):
                for element, written in _HIDDEN.findall(piece):
                    attributes = dict(_ATTRIBUTE.findall(written))
                    if element == b"row":
                        facts.hidden_rows.add(int(attributes[b"r"]))
                    else:
                        last = min(int(attributes[b"max"]), _LAST_COLUMN)
                        facts.hidden_columns.update(range(int(attributes[b"min"]) - 1, last))
            if b"<f" in piece:
                places = _NO_VALUE.findall(piece)
                facts.uncalculated.update((int(row), column_index(letters.decode())) for letters, row in places)
            # With a prefix it does not begin so, nor does a cell.
            is_plain = is_plain or b"<sheetData" in piece
            is_usual = is_usual and _UNUSUAL.search(piece) is None
        if not (is_plain and is_usual):
            self._check_extent(part)
        return facts

    def _check_extent(self, part: str) -> None:
        """Raise :class:`RefusedError` if the cells of a sheet lie too far apart.

        A cell without a place comes right after the one before: it counts as the last of as many as there are.
        """
        rows = columns = 0
        self._left = MAX_UNPACKED
        for piece in self._pieces(part, b"row>"):
            cells = _CELL.findall(piece)
            places = _PLACE.findall(b"".join(cells))
            if len(places) < len(cells):
                written = _ROW.split(piece)
                rows = max([rows + len(written), *map(int, _ROW_NUMBER.findall(piece))])
                columns = max(columns, *(len(_CELL.findall(row)) for row in written))
            rows = max([rows, *map(int, {row for _, row in places})])
            columns = max(
                [columns, *(column_index(letters.decode()) + 1 for letters in {place[0] for place in places})]
            )
        if rows * columns > MAX_CELLS:
            raise RefusedError("extent")

    def _read_ods(self) -> dict[str, SheetFacts]:
        """Return the facts of each sheet by its name. A row or a cell may stand for a million like it."""
        sheets: dict[str, SheetFacts] = {}
        facts = SheetFacts()
        row = column = width = 0
        folded: list[bool] = []
        for piece in self._pieces("content.xml", b"</table:table-row>"):
            for table, table_column, written, cells, group in _ODS.findall(piece):
                if table:
                    name = dict(_ATTRIBUTE.findall(table))[b"table:name"]
                    facts = sheets[unescape(name.decode())] = SheetFacts()
                    row = column = width = 0
                elif table_column:
                    first, column = column, column + _number(table_column, b"columns-repeated")
                    if any(folded) or _ODS_HIDDEN.search(table_column):
                        facts.hidden_columns.update(range(first, min(column, _LAST_COLUMN)))
                elif group:
                    if group.startswith(b"/"):
                        folded.pop()
                    else:
                        folded.append(b'table:display="false"' in group)
                else:
                    last = _ods_cells(cells, row, facts)
                    first, row = row + 1, row + _number(written, b"rows-repeated")
                    if last:
                        width = max(width, last)
                        if row * width > MAX_CELLS:
                            raise RefusedError("extent")
                        if any(folded) or _ODS_HIDDEN.search(written):
                            facts.hidden_rows.update(range(first, row + 1))
        return sheets

    def _small_part(self, part: str) -> bytes:
        """Return a part of a few lines; of a large one only the beginning, which does not parse."""
        return b"".join(islice(self._unpacked(part), 16))

    def _pieces(self, part: str, end: bytes) -> Iterator[bytes]:
        """Yield a part in pieces that end with the end of a row."""
        rest = b""
        for chunk in self._unpacked(part):
            rows, mark, rest = (rest + chunk).rpartition(end)
            yield rows + mark
            if len(rest) > _MAX_ROW:
                raise RefusedError("columns")
        yield rest

    def _unpacked(self, part: str) -> Iterator[bytes]:
        """Yield a part as it really unpacks, whatever the archive says of its size."""
        info = self._archive.getinfo(part)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise RefusedError("damaged")
        info.file_size = sys.maxsize
        with self._archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise RefusedError("unpacked")
                yield chunk


def _ods_cells(cells: bytes, row: int, facts: SheetFacts) -> int:
    """Return the number of cells of a row up to the last that is not empty; note which are merged."""
    column = last = 0
    for written, is_empty in _ODS_CELL.findall(cells):
        if b"spanned" in written:
            down, across = _number(written, b"rows-spanned"), _number(written, b"columns-spanned")
            facts.merged.append(((row, column), (row + down - 1, column + across - 1)))
        column += _number(written, b"columns-repeated")
        if not is_empty:
            last = column
    return last


def _number(written: bytes, attribute: bytes) -> int:
    match = re.search(rb"number-%s=\"([0-9]+)\"" % attribute, written)
    return int(match[1]) if match else 1
