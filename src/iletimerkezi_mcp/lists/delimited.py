"""CSV and its relatives: the encoding and the delimiter by rules, because guessing garbles Turkish letters in silence."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, pairwise, zip_longest

from iletimerkezi_mcp.language import Text

from .error import ListError
from .layout import NoNumberColumnError, find_layout, is_number
from .table import BATCH_ROWS, MAX_COLUMNS, TOO_MANY_COLUMNS, Batch, Table, width

DELIMITERS = ";\t,|"
"""The delimiters that are tried, in the order in which they win if nothing else tells them apart."""

_SAMPLE_CHARACTERS = 256 * 1024
_SAMPLE_RECORDS = 300
_CHUNK = 1024 * 1024
_PIECE = 128 * 1024
"""Bytes that are decoded at once behind the first megabyte: what is made of them stays in the processor's cache."""

_SEPARATOR = re.compile(r'"?sep=([^"\r\n])"?\r?\n', re.IGNORECASE)
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_delimited(content: bytes, number_column: str | None, *, international: bool) -> Table:
    """Return the table that a CSV file holds. Raises :class:`ListError` for a file that is none, also while it is read."""
    encoding = find_encoding(content)
    head = io.TextIOWrapper(io.BytesIO(content), encoding, newline="").read(_SAMPLE_CHARACTERS)
    separator = _SEPARATOR.match(head)
    if separator is not None:
        delimiter = separator[1]
    else:
        delimiter = _find_delimiter(head, number_column, international=international)
    batches = _batches(content, encoding, delimiter, skip=len(separator[0]) if separator else 0)
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    return Table(kind="csv", batches=batches, encoding=name, delimiter=delimiter if delimiter in head else None)


def find_encoding(content: bytes) -> str:
    """Return the encoding of a text: by its mark, else UTF-16 by its zeros, UTF-8 or Windows-1254 if all of it fits."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark) and _fits(content, encoding):
            return encoding
    for encoding in _utf_16(content) if b"\0" in content[:_CHUNK] else ("utf-8", "cp1254"):
        if _fits(content, encoding):
            return encoding
    raise ListError(_NO_ENCODING)


def _utf_16(content: bytes) -> list[str]:
    """Return the UTF-16 that a text without a mark is in: most of its characters have a zero on the same side."""
    even, odd = content[:4096:2], content[1:4096:2]
    readings = (("utf-16-le", even, odd), ("utf-16-be", odd, even))
    return [name for name, low, high in readings if high.count(0) > len(high) // 2 and not low.count(0)]


def _fits(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for start in range(0, len(content), _CHUNK):
            last = start + _CHUNK >= len(content)
            if "\0" in decoder.decode(content[start : start + _CHUNK], final=last):
                return False
    except UnicodeDecodeError:
        return False
    return True


def _find_delimiter(head: str, number_column: str | None, *, international: bool) -> str:
    """Return the delimiter under which a header with the most numbers below and the most equal rows appear."""
    scores: dict[str, tuple[int, int, int, int]] = {}
    absent = [delimiter for delimiter in DELIMITERS if delimiter not in head]
    for delimiter in DELIMITERS:
        if delimiter in absent[1:]:
            # It reads as the first one that is absent.
            continue
        try:
            records = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), _SAMPLE_RECORDS))
        except csv.Error:
            continue
        widths = [len(record) for record in records if record]
        usual, rank, column = max(set(widths), key=widths.count, default=0), 1, None
        try:
            layout = find_layout(records, number_column, frozenset(), international=international)
            column = layout.number_column
            if layout.header is not None and layout.is_named:
                usual, rank = len(records[layout.header]), 2
        except NoNumberColumnError:
            rank = 0
        except ListError:
            rank = 2 if number_column is None else 0
        fitting = [record for record in records if 0 < width(record) <= usual]
        usable = sum(column is None or is_number(record, column, international=international) for record in fitting)
        scores[delimiter] = rank, usable, widths.count(usual), usual
    return max(scores, key=scores.__getitem__, default=DELIMITERS[0])


def _batches(content: bytes, encoding: str, delimiter: str, skip: int) -> Iterator[Batch]:
    pieces = _pieces(content, encoding, skip)
    if b'"' in content:
        yield from _read_rows(chain.from_iterable(map(_lines, pieces)), delimiter, 1)
        return
    # Without a quotation mark each line is a row, whatever it ends in.
    first, newlines = 1, io.IncrementalNewlineDecoder(None, translate=True)
    for piece in pieces:
        lines = newlines.decode(piece, final=True)
        columns = _equal_rows(lines, delimiter)
        batches = _read_rows(_lines(lines), delimiter, first) if columns is None else _divide(columns, first)
        for batch in batches:
            yield batch
            first += len(batch.rows)


def _equal_rows(lines: str, delimiter: str) -> Sequence[Sequence[str]] | None:
    """Return the cells of lines without quotation marks by column, or None unless all lines have equally many.

    That is so in most lists, and takes half of the time of :func:`_read_rows`, which reads the others, and refuses what is
    too wide or too long.
    """
    number, half = lines.count("\n"), csv.field_size_limit() // 2
    if not lines.endswith("\n"):
        return None
    if any("\n" not in lines[start : start + half] for start in range(0, len(lines) - half, half)):
        return None
    width = lines.count(delimiter, 0, lines.index("\n")) + 1
    if width > MAX_COLUMNS or lines.count(delimiter) != number * (width - 1):
        return None
    # The end of each line becomes a cell of its own: all lines have `width` cells if every next one is such an end.
    cells = lines.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    if cells[width :: width + 1].count("\n") != number:
        return None
    return [cells[place : -1 : width + 1] for place in range(width)]


def _divide(columns: Sequence[Sequence[str]], first: int) -> Iterator[Batch]:
    """Yield rows by :data:`BATCH_ROWS`; the first of them has the number `first`."""
    for start in range(0, len(columns[0]), BATCH_ROWS):
        cells = [column[start : start + BATCH_ROWS] for column in columns]
        yield Batch(range(first + start, first + start + len(cells[0])), cells)


def _read_rows(lines: Iterable[str], delimiter: str, first: int) -> Iterator[Batch]:
    """Yield the rows that `lines` hold, the first of which has the number `first`."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        records: list[list[str]] = []
        try:
            records.extend(islice(reader, BATCH_ROWS))
        except csv.Error as error:
            raise ListError(_BAD_QUOTES.format(row=str(first + len(records)))) from error
        if not records:
            return
        if max(map(len, records)) > MAX_COLUMNS:
            records = [record[: width(record)] for record in records]
            if max(map(len, records)) > MAX_COLUMNS:
                raise ListError(TOO_MANY_COLUMNS)
        columns: list[Sequence[str]] = [
            [record[place] for record in records] for place in range(min(map(len, records)))
        ]
        widths: list[int] = []
        if len(columns) < max(map(len, records)):
            widths, columns = list(map(len, records)), list(zip_longest(*records, fillvalue=""))
        yield Batch(range(first, first + len(records)), columns, widths)
        first += len(records)


def _lines(piece: str) -> Iterator[str]:
    return io.StringIO(piece, newline="")


def _pieces(content: bytes, encoding: str, skip: int) -> Iterator[str]:
    """Yield a text in pieces of whole lines, without its first `skip` characters."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    rest = ""
    for start, stop in pairwise([0, *range(_CHUNK, len(content), _PIECE), len(content)]):
        searched = max(0, len(rest) - 1)
        rest += decoder.decode(content[start:stop], final=stop == len(content))
        # A line may end in a carriage return alone; one at the very end may be half of an end.
        end = rest.rfind("\n", searched) + 1 or rest.rfind("\r", searched, -1) + 1
        yield rest[skip:end]
        skip, rest = max(0, skip - end), rest[end:]
    yield rest[skip:]


_NO_ENCODING = Text(
    "The characters of the file cannot be read with certainty; save it in Excel as “CSV UTF-8” and try again.",
    "Dosyanın karakterleri kesin olarak okunamıyor; Excel'de “CSV UTF-8” olarak kaydedip yeniden deneyin.",
)
_BAD_QUOTES = Text(
    "The quotation marks in row {row} do not close, so it cannot be told where the row ends; correct the row, or save the "
    "file in Excel again.",
    "{row}. satırdaki tırnak işaretleri kapanmıyor, satırın nerede bittiği anlaşılmıyor; satırı düzeltin ya da dosyayı "
    "Excel'de yeniden kaydedin.",
)
