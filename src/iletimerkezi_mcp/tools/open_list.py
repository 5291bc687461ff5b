"""`open_list`: what lies in the folder of the lists, and how one of them is read."""

from __future__ import annotations

import re
from typing import Annotated

from anyio import to_thread
from pydantic import Field

from iletimerkezi_mcp.language import Text, for_model, plural, sentences
from iletimerkezi_mcp.lists.error import ListError
from iletimerkezi_mcp.lists.folder import Entry
from iletimerkezi_mcp.lists.reading import read_list
from iletimerkezi_mcp.lists.table import ROWS_NAMED, Column, ColumnKind, FileKind, ListOptions, RecipientList
from iletimerkezi_mcp.sms.clock import describe_time
from iletimerkezi_mcp.sms.escape import quoted, within_quotes

from .answers import AnswerPart, ReadAnswer, ToolReply, iso
from .arguments import Arguments, argument
from .context import ServerContext
from .errors import BadArgumentsError
from .fields import Flag, capped_text
from .list_preview import amounts_written, describe_reading, reading_warnings
from .tool import ReadTool

_SHOWN = 40
FILE_NAME_SHOWN = 120
_DIGITS = re.compile(r"0(?:[\W_]{0,3}0){6,}")

FileArgument = Annotated[str, capped_text(400, "Its name, as open_list shows it.")]
SheetArgument = Annotated[str, capped_text(100, "If several have numbers.")]
NumberColumnArgument = Annotated[str, capped_text(100, "Name or letter, if several hold numbers.")]
IncludeHiddenArgument = Annotated[Flag, Field(description="Also hidden (filtered) rows and columns; ask first.")]


class OpenListArguments(Arguments):
    """The arguments of `open_list`."""

    file: FileArgument | None = None
    sheet: SheetArgument | None = None
    number_column: NumberColumnArgument | None = None
    include_hidden: IncludeHiddenArgument = False


class FileRow(AnswerPart):
    """A file in the folder."""

    name: str
    bytes: int
    modified: str


class ColumnRow(AnswerPart):
    """A column: its letter, its name if it has one, and what its cells are. `cells` only if the operator shows them."""

    letter: str
    name: str | None = None
    kind: ColumnKind
    longest: int
    empty: int
    uncalculated: int | None = None
    cells: list[str] | None = None


class RefusedRowAnswer(AnswerPart):
    """A row that is left out, by the number that a spreadsheet shows."""

    row: int
    reason: str


class OpenListAnswer(ReadAnswer):
    """`files` are the newest of the `lists` in the folder, by their endings; everything else is of the one that was read. `columns` excludes hidden ones."""

    files: list[FileRow] | None = None
    lists: int | None = None
    other_files: int | None = None
    file: str | None = None
    format: FileKind | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    columns: list[ColumnRow] | None = None
    number_column: str | None = None
    rows: int | None = None
    recipients: int | None = None
    duplicates: int | None = None
    refused: int | None = None
    refused_rows: list[RefusedRowAnswer] | None = None
    skipped_rows: int | None = None
    hidden_rows: int | None = None


async def open_list(arguments: OpenListArguments, context: ServerContext) -> ToolReply:
    try:
        if arguments.file is None:
            return _folder_reply(*await to_thread.run_sync(context.folder.entries), context)
        options = ListOptions(
            arguments.file,
            sheet=arguments.sheet,
            number_column=arguments.number_column,
            include_hidden=arguments.include_hidden,
        )
        recipients = await read_list(context.folder, options, international=context.settings.abroad)
    except ListError as error:
        raise BadArgumentsError(error.reason) from error
    return _list_reply(recipients, context)


def _folder_reply(entries: list[Entry], number: int, others: int, context: ServerContext) -> ToolReply:
    lines = [
        _ENTRY.format(name=_file_name(entry.name), size=_size(entry.size), time=describe_time(entry.modified))
        for entry in entries
    ]
    if number > len(entries):
        lines.append(_NEWEST.format(number=number - len(entries)))
    if others:
        lines.append(_OTHERS.format(number=others))
    summary = _FOLDER.format(files=plural(number, "list", "lists", "liste"))
    files = [
        FileRow(name=within_quotes(entry.name, FILE_NAME_SHOWN), bytes=entry.size, modified=iso(entry.modified) or "")
        for entry in entries
    ]
    next_step = _CHOOSE if entries else _PUT_A_FILE
    details = context.say(Text.join("\n", lines)) or None
    return context.reply(OpenListAnswer, summary, next_step, details, files=files, lists=number, other_files=others)


def _list_reply(found: RecipientList, context: ServerContext) -> ToolReply:
    number_column = found.columns[found.number_column]
    summary = Text(
        "{file}: {recipients} in {rows}; the numbers are in column {column}.",
        "{file}: {rows} içinde {recipients}; numaralar {column} sütununda.",
    ).format(
        file=_file_name(found.name),
        recipients=plural(len(found.numbers), "recipient", "recipients", "alıcı"),
        rows=plural(found.row_count, "row", "rows", "satır"),
        column=_label(number_column),
    )
    refused = [RefusedRowAnswer(row=row.row, reason=context.say(row.reason)) for row in found.refused]
    shows_cells = context.shows_cells
    return context.reply(
        OpenListAnswer,
        summary,
        _next_step(found),
        context.say(Text.join("\n", _describe(found, shows_cells=shows_cells))),
        file=within_quotes(found.name, FILE_NAME_SHOWN),
        format=found.kind,
        encoding=found.encoding,
        delimiter=found.delimiter,
        sheet=None if found.sheet is None else within_quotes(found.sheet, _SHOWN),
        header_row=found.header_row,
        columns=[
            ColumnRow(
                letter=column.letter,
                name=within_quotes(column.name, _SHOWN) or None,
                kind=column.kind,
                longest=column.longest,
                empty=column.empty,
                uncalculated=column.uncalculated or None,
                cells=shown_cells(column) if shows_cells and column is not number_column else None,
            )
            for column in found.columns
        ],
        number_column=within_quotes(number_column.name, _SHOWN) or number_column.letter,
        rows=found.row_count,
        recipients=len(found.numbers),
        duplicates=found.duplicates,
        refused=found.refused_count,
        refused_rows=refused or None,
        skipped_rows=found.skipped_rows,
        hidden_rows=found.hidden_rows if found.hidden_known else None,
    )


def _next_step(found: RecipientList) -> Text:
    if not found.numbers:
        return _NOBODY
    return _FILLED_IN if found.row_count == len(found.numbers) and not found.hidden_columns else _TELL_LEFT_OUT


def shown_cells(column: Column) -> list[str]:
    """Return the first cells of `column` as an operator may have a model see them: short, without seven digits."""
    return [within_quotes(mask_digits(cell), _SHOWN) for cell in column.first_cells]


def mask_digits(cell: str) -> str:
    """Return `cell` with each run of seven or more digits masked, whatever they look like and signs are between them."""
    digits = "".join("0" if sign.isdigit() else sign for sign in cell)
    masked = _DIGITS.sub(lambda match: match[0].replace("0", "*"), digits)
    return "".join("*" if sign == "*" else own for own, sign in zip(cell, masked, strict=True))


def _describe(found: RecipientList, *, shows_cells: bool) -> list[Text]:
    lines = [*reading_warnings(found), _describe_source(found)]
    lines += amounts_written(found.kind, found.columns)
    lines.append(_NO_NAMES if found.header_row is None else _NAMES_IN.format(row=str(found.header_row)))
    if found.hidden_columns:
        lines.append(_HIDDEN_COLUMNS.format(number=found.hidden_columns))
    if found.hidden_columns or found.hidden_rows:
        lines.append(_INCLUDE_HIDDEN.format(hidden=argument("include_hidden", "true")))
    for column in found.columns:
        lines.append(
            _COLUMN.format(column=_label(column), kind=_KINDS[column.kind], longest=column.longest, empty=column.empty)
        )
        if column.uncalculated:
            lines.append(_UNCALCULATED.format(column=_label(column), number=column.uncalculated))
        if shows_cells and column is not found.columns[found.number_column]:
            lines.append(_CELLS.format(cells=", ".join(f"“{cell}”" for cell in shown_cells(column))))
    lines += describe_reading(found, ROWS_NAMED)
    if found.repeated:
        rows = [f"{repeated.row} ({repeated.first})" for repeated in found.repeated]
        lines.append(_REPEATED.format(rows=", ".join([*rows, "…"] if found.duplicates > len(rows) else rows)))
    return lines


def _describe_source(found: RecipientList) -> Text:
    if found.kind != "csv":
        return _READ_SHEET.format(kind=found.kind.upper(), sheet=quoted(found.sheet or "", _SHOWN))
    encoding = {"utf-8": "UTF-8", "cp1254": "Windows-1254"}.get(found.encoding or "", "UTF-16")
    delimiter = {None: Text("none", "yok"), "\t": Text("tab", "sekme")}.get(found.delimiter)
    return _READ_CSV.format(encoding=encoding, delimiter=delimiter or quoted(found.delimiter or ""))


def _label(column: Column) -> str:
    return quoted(column.name, _SHOWN) if column.name else column.letter


def _file_name(name: str) -> str:
    return quoted(name, FILE_NAME_SHOWN)


def _size(size: int) -> str:
    return f"{size} B" if size < 1024 else f"{size // 1024} kB" if size < 1024**2 else f"{size // 1024**2} MB"


_KINDS: dict[ColumnKind, Text] = {
    "number": Text("phone numbers", "telefon numarası"),
    "text": Text("text", "metin"),
    "date": Text("dates", "tarih"),
    "amount": Text("figures or amounts", "sayı ya da tutar"),
    "empty": Text("empty", "boş"),
}
_FOLDER = Text("The folder has {files}.", "Klasörde {files} var.")
_ENTRY = Text("{name}, {size}, changed at {time}", "{name}, {size}, değişiklik: {time}")
_NEWEST = Text("Older lists that are not shown: {number}.", "Gösterilmeyen eski liste: {number}.")
_OTHERS = Text("Files that are no lists: {number}.", "Liste olmayan dosya: {number}.")
_CHOOSE = Text(
    "Call again with the file that the user means.",
    "Kullanıcının kastettiği dosya ile yeniden çağırın.",
    person=Text("Give the file's name with --file.", "Dosyanın adını --file ile verin."),
)
_PUT_A_FILE = Text(
    "Ask the user to put a list (XLSX or CSV) into the folder.",
    "Kullanıcıdan klasöre bir liste (XLSX ya da CSV) koymasını isteyin.",
    person=Text("Put a list (XLSX or CSV) into the folder.", "Klasöre bir liste (XLSX ya da CSV) koyun."),
)
_FILLED_IN = Text(
    "In a text for all of them, name a column in braces to have its cell filled in.",
    "Ortak metinde süslü parantez içindeki sütun adı o satırın hücresiyle doldurulur.",
)
_TELL_LEFT_OUT = sentences(
    for_model("Tell the user what is left out.", "Nelerin dışarıda kaldığını kullanıcıya söyleyin."), _FILLED_IN
)
_NOBODY = sentences(
    Text("Nobody on it can be reached as it is.", "Bu hâliyle listedeki kimseye ulaşılamaz."),
    for_model("Tell the user why.", "Nedenini kullanıcıya söyleyin."),
)
_READ_CSV = Text(
    "Read as CSV in {encoding}, delimiter: {delimiter}.", "CSV olarak okundu; {encoding}, ayırıcı: {delimiter}."
)
_READ_SHEET = Text("Read as {kind}, sheet {sheet}.", "{kind} olarak okundu, sayfa {sheet}.")
_NAMES_IN = Text("The columns' names are in row {row}.", "Sütun adları {row}. satırda.")
_NO_NAMES = Text("The columns have no names.", "Sütunların adı yok.")
_HIDDEN_COLUMNS = Text("Hidden columns that are left out: {number}.", "Dışarıda bırakılan gizli sütun: {number}.")
_INCLUDE_HIDDEN = Text("{hidden} reads hidden rows and columns, too.", "{hidden} gizli satır ve sütunları da okur.")
_COLUMN = Text(
    "Column {column}: {kind}; longest cell: {longest}; empty cells: {empty}.",
    "{column} sütunu: {kind}; en uzun hücre: {longest}; boş hücre: {empty}.",
)
_UNCALCULATED = Text(
    "Formulas without a value in column {column}: {number}. Open the file in Excel and save it.",
    "{column} sütununda değeri hesaplanmamış formül: {number}. Dosyayı Excel'de açıp kaydedin.",
)
_CELLS = Text("Its first cells: {cells}.", "İlk hücreleri: {cells}.")
_REPEATED = Text(
    "Rows with the number of an earlier row, which is in brackets: {rows}",
    "Numarası daha önceki bir satırda da olan satırlar (önceki parantezde): {rows}",
)

OPEN_LIST = ReadTool(
    name="open_list",
    title="Open a list",
    description="Shows the files in the operator's folder of lists, or how one is read: its columns, how many can be reached, "
    "which rows are refused and why. Free, no request. Cells are not shown. Use it before a send to a list.",
    summary=Text("the lists in the folder, and how one is read", "klasördeki listeler ve birinin nasıl okunduğu"),
    arguments=OpenListArguments,
    answer=OpenListAnswer,
    read=open_list,
    example={},
)
