"""What a workbook's archive says before a library reads it: what it really unpacks to, the extent of its sheets, what is hidden.

The library allocates the whole extent of a sheet at once, two cells far apart included, and knows nothing of hidden rows.
Imported by the process that reads a workbook: nothing here loads more than the standard library.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat

from .cells import column_index

MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes that the parts of a workbook may unpack to."""

MAX_CELLS = 10_000_000
"""Cells of a sheet from A1 to its last one, empty ones included."""

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space of the process that reads a workbook, where the system can limit it."""

_CHUNK = 1024 * 1024
_MAX_ELEMENT = 16 * _CHUNK
_SMALL_PART = 4 * _CHUNK
# Where a reference has no second letter, and none has six digits, the extent is within these.
_LAST_COLUMN, _LAST_ROW = 26, 99_999

_FAR = re.compile(rb'<c r="([A-Za-z]{2,}[0-9]+|[A-Za-z][0-9]{6,})"')
_HIDDEN_ROW = re.compile(rb'<row r="([0-9]+)"[^>]*\shidden="(?:1|true)"')
# A row that does not begin with its reference, and a cell whose reference is not within these; one pass over most sheets.
_UNUSUAL = re.compile(rb'<(?:c(?![A-Za-z]| r="[A-Z][0-9]{1,5}")|row(?![A-Za-z]| r="))')
# A row or a cell that does not begin with its reference.
_NOT_PLAIN = re.compile(rb'<(?:c(?![A-Za-z]| r=")|row(?![A-Za-z]| r="))')
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s([^>]*)>")
_ELEMENT = re.compile(rb"<(?:\w+:)?(row|c)\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"([\w:-]+)\s*=\s*[\"']([^\"']*)[\"']")
_REFERENCE = re.compile(rb"\$?([A-Za-z]*)\$?([0-9]*)")
# A formula that the program which made the file did not work out, and one that failed.
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]+)([0-9]+)"(?![^>]*\st="str")[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
    rb'|<c r="([A-Z]+)([0-9]+)"[^>]*\st="e"'
)
_TABLE_PART = re.compile(
    rb"<(/?)table:(table-column|table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^>]*?)(/?)>"
)


class RefusedError(Exception):
    """A workbook that cannot be read: a word for the reason, and the names that the sentence needs."""

    def __init__(self, word: str, *names: str) -> None:
        super().__init__(word)
        self.word, self.names = word, names


class SheetFacts:
    """What the archive says of a sheet: rows from 1, columns from 0. `merged` is known of ODS only."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.uncalculated: set[tuple[int, int]] = set()
        self.merged: list[tuple[tuple[int, int], tuple[int, int]]] = []


class Package:
    """A workbook's archive. Raises :class:`RefusedError` for one that cannot be read safely."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._left = MAX_UNPACKED
        try:
            self._parts = {info.filename: info for info in zipfile.ZipFile(BytesIO(content)).infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise RefusedError("damaged") from None
        if any(info.flag_bits & 1 for info in self._parts.values()):
            raise RefusedError("password")

        self.kind = self._kind()
        """The kind of workbook: xlsx, xlsb or ods."""
        self.sheets = self._xlsx_sheets() if self.kind == "xlsx" else {}
        """The part of each sheet of an XLSX file, by the sheet's name."""

    def _kind(self) -> str:
        self._main = ""
        if "content.xml" in self._parts:
            return "ods"
        if "_rels/.rels" in self._parts:
            for _, attributes in self._elements("_rels/.rels"):
                if attributes.get("Type", "").endswith("/officeDocument"):
                    self._main = attributes.get("Target", "").lstrip("/")
        kind = {"xml": "xlsx", "bin": "xlsb"}.get(self._main.rpartition(".")[2])
        if kind is None or "workbook" not in self._main:
            raise RefusedError("not_a_workbook")
        return kind

    def check(self) -> None:
        """Unpack what the library reads at once, besides the sheets of an XLSX file, to see that it is not too much."""
        sheets = set(self.sheets.values())
        for name in self._parts:
            if name.endswith((".xml", ".bin", ".rels")) and name not in sheets:
                for _ in self._unpacked(name):
                    pass

    def _xlsx_sheets(self) -> dict[str, str]:
        folder, _, file = self._main.rpartition("/")
        folder += "/" if folder else ""
        relations = {
            attributes["Id"]: attributes["Target"]
            for name, attributes in self._elements(f"{folder}_rels/{file}.rels")
            if name == "Relationship" and {"Id", "Target"} <= attributes.keys()
        }
        sheets = {}
        for name, attributes in self._elements(self._main):
            target = relations.get(attributes.get("id", ""))
            if name == "sheet" and "name" in attributes and target is not None:
                sheets[attributes["name"]] = target[1:] if target.startswith("/") else folder + target
        return sheets

    def xlsx_facts(self, part: str) -> SheetFacts:
        """Return the facts of a sheet. Most are written in one way, which is gone through without a look at each cell."""
        facts, plain, begun = SheetFacts(), True, False
        columns, rows = _LAST_COLUMN, _LAST_ROW
        for piece in self._pieces(part):
            if b"hidden" in piece:
                facts.hidden_rows.update(map(int, _HIDDEN_ROW.findall(piece)))
                if not begun:
                    _add_hidden_columns(piece, facts)
            if b"<f" in piece:
                _add_uncalculated(piece, facts)
            # With a prefix it does not begin so; the columns come before it.
            begun = begun or b"<sheetData" in piece
            if _UNUSUAL.search(piece) is None:
                continue
            plain = plain and _NOT_PLAIN.search(piece) is None
            for letters, digits in map(_reference, set(_FAR.findall(piece))):
                columns, rows = max(columns, column_index(letters) + 1), max(rows, int(digits))
        if not begun or not plain or columns * rows > MAX_CELLS:
            self._walk_xlsx(part, facts)
        return facts

    def _walk_xlsx(self, part: str, facts: SheetFacts) -> None:
        """Go through each row and cell; those without a reference come right after the one before."""
        row = column = last_row = last_column = 0
        self._left = MAX_UNPACKED
        for piece in self._pieces(part):
            for element, written in _ELEMENT.findall(piece):
                attributes = dict(_ATTRIBUTE.findall(written))
                letters, digits = _reference(attributes.get(b"r", b""))
                if element == b"row":
                    row, column = int(digits) if digits else row + 1, 0
                    if attributes.get(b"hidden") in (b"1", b"true"):
                        facts.hidden_rows.add(row)
                    continue
                column = column_index(letters) + 1 if letters else column + 1
                if not written.endswith(b"/"):
                    last_row, last_column = max(last_row, int(digits or row)), max(last_column, column)
        if last_row * last_column > MAX_CELLS:
            raise RefusedError("extent")

    def ods_facts(self) -> dict[str, SheetFacts]:
        """Return the facts of each sheet by its name. A row or a cell may stand for a million like it."""
        sheets: dict[str, SheetFacts] = {}
        walk = _OdsWalk()
        for piece in self._pieces("content.xml"):
            for closing, element, written, empty in _TABLE_PART.findall(piece):
                if element == b"table" and not closing:
                    walk = _OdsWalk()
                    attributes = dict(_ATTRIBUTE.findall(written))
                    sheets[_unescape(attributes.get(b"table:name", b""))] = walk.facts
                elif not closing:
                    walk.begin(element, dict(_ATTRIBUTE.findall(written)), is_empty=bool(empty))
                if element == b"table-row" and (closing or empty):
                    walk.end_row()
        return sheets

    @property
    def is_encrypted(self) -> bool:
        """True if the parts of an ODS file are encrypted."""
        return any(b"encryption-data" in chunk for chunk in self._unpacked("META-INF/manifest.xml"))

    def _elements(self, part: str) -> list[tuple[str, dict[str, str]]]:
        """Return the elements of a small part, in order, with their attributes; without namespaces."""
        found: list[tuple[str, dict[str, str]]] = []

        def add(name: str, attributes: dict[str, str]) -> None:
            found.append((_local(name), {_local(key): value for key, value in attributes.items()}))

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = add
        whole = b"".join(self._unpacked(part))
        if len(whole) > _SMALL_PART:
            raise RefusedError("unpacked")
        try:
            parser.Parse(whole, True)
        except expat.ExpatError:
            raise RefusedError("damaged") from None
        return found

    def _pieces(self, part: str) -> Iterator[bytes]:
        """Yield a part in pieces that end with a whole row, or at least with a whole tag."""
        rest = b""
        for chunk in self._unpacked(part):
            data = rest + chunk
            end = data.rfind(b"row>") + 4
            if end < 4:
                end = data.rfind(b">") + 1
            if len(data) - end > _MAX_ELEMENT:
                raise RefusedError("damaged")
            yield data[:end]
            rest = data[end:]
        yield rest

    def _unpacked(self, part: str) -> Iterator[bytes]:
        """Yield a part as it really unpacks, whatever the archive says of its size."""
        info = self._parts.get(part)
        if info is None:
            raise RefusedError("damaged")
        try:
            names = struct.unpack("<HH", self._content[info.header_offset + 26 : info.header_offset + 30])
            start = info.header_offset + 30 + sum(names)
            packed = memoryview(self._content)[start : start + info.compress_size]
            chunks = _inflated(packed) if info.compress_type == zipfile.ZIP_DEFLATED else _stored(packed, info)
            for chunk in chunks:
                self._left -= len(chunk)
                if self._left < 0:
                    raise RefusedError("unpacked")
                yield chunk
        except (struct.error, zlib.error):
            raise RefusedError("damaged") from None


class _OdsWalk:
    """Goes through the rows of one table of an ODS file."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self._row, self._column, self._last, self._width = 1, 0, 0, 0
        self._repeat, self._is_hidden, self._columns = 1, False, 0

    def begin(self, element: bytes, attributes: dict[bytes, bytes], *, is_empty: bool) -> None:
        """Take an element of a table: a column, a row or a cell."""
        if element == b"table-column":
            repeat = _repeat(attributes, b"table:number-columns-repeated")
            if _is_hidden(attributes):
                self.facts.hidden_columns.update(range(self._columns, min(self._columns + repeat, 1 << 14)))
            self._columns += repeat
        elif element == b"table-row":
            self._repeat, self._column, self._last = _repeat(attributes, b"table:number-rows-repeated"), 0, 0
            self._is_hidden = _is_hidden(attributes)
        else:
            repeat = _repeat(attributes, b"table:number-columns-repeated")
            across = _repeat(attributes, b"table:number-columns-spanned")
            down = _repeat(attributes, b"table:number-rows-spanned")
            if across > 1 or down > 1:
                first = (self._row - 1, self._column)
                self.facts.merged.append((first, (first[0] + down - 1, first[1] + across - 1)))
            self._column += repeat
            if not is_empty:
                self._last = self._column

    def end_row(self) -> None:
        """Take the end of a row: its cells stand for as many rows as it says."""
        if self._last:
            self._width = max(self._width, self._last)
            if (self._row + self._repeat - 1) * self._width > MAX_CELLS:
                raise RefusedError("extent")
            if self._is_hidden:
                self.facts.hidden_rows.update(range(self._row, self._row + self._repeat))
        self._row += self._repeat


def _reference(written: bytes) -> tuple[str, str]:
    match = _REFERENCE.fullmatch(written)
    if match is None or len(match[1]) > 4 or len(match[2]) > 8:
        raise RefusedError("damaged")
    return match[1].decode(), match[2].decode()


def _add_hidden_columns(piece: bytes, facts: SheetFacts) -> None:
    for written in _COLUMNS.findall(piece):
        attributes = dict(_ATTRIBUTE.findall(written))
        if attributes.get(b"hidden") in (b"1", b"true"):
            first, last = _number(attributes.get(b"min")), _number(attributes.get(b"max"))
            facts.hidden_columns.update(range(first - 1, min(last, 1 << 14)))


def _add_uncalculated(piece: bytes, facts: SheetFacts) -> None:
    for letters, row, failed_letters, failed_row in _NO_VALUE.findall(piece):
        place = int(row or failed_row), column_index((letters or failed_letters).decode())
        facts.uncalculated.add(place)


def _repeat(attributes: dict[bytes, bytes], name: bytes) -> int:
    return max(_number(attributes.get(name, b"1")), 1)


def _number(written: bytes | None) -> int:
    if written is None or not written.isdigit() or len(written) > 9:
        raise RefusedError("damaged")
    return int(written)


def _is_hidden(attributes: dict[bytes, bytes]) -> bool:
    return attributes.get(b"table:visibility") in (b"collapse", b"filter")


def _unescape(written: bytes) -> str:
    from html import unescape

    return unescape(written.decode("utf-8", "replace"))


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    data: bytes | memoryview = packed
    while not inflater.eof:
        chunk = inflater.decompress(data, _CHUNK)
        data = inflater.unconsumed_tail
        if not chunk and not data and not inflater.eof:
            raise RefusedError("damaged")
        yield chunk


def _stored(packed: memoryview, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.compress_type != zipfile.ZIP_STORED:
        raise RefusedError("damaged")
    for start in range(0, len(packed), _CHUNK):
        yield bytes(packed[start : start + _CHUNK])
