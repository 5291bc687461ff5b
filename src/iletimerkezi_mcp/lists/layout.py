"""The layout of a list: which row is the header, and which column holds the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from iletimerkezi_mcp.language import Text
from iletimerkezi_mcp.sms.escape import quoted
from iletimerkezi_mcp.sms.normalize import fold, normalize
from iletimerkezi_mcp.sms.numbers import MAX_WRITTEN

from .cells import column_index, column_letter
from .error import ListError
from .number_cell import read_number
from .template import MAX_NAME, comparison_name

_HEADER_WITHIN = 100
_VALID_WITHIN = 200
_COLUMNS_NAMED = 12

# In the spelling of fold(); names of importers, and what people call the column.
_NUMBER_WORD = re.compile(
    r"tel|tel(?:no|efon).*|gsm.*|cep|cep(?:no|tel|num).*|mobile?.*|(?:cell)?phone.*|msisdn|whatsapp"
)
_DIGITS = re.compile(r"(?:\D*\d){7}")
# "Tel yok" is a cell.
_CELL = re.compile(r"[0-9]{3}|\byok\b")
_NUMBER_NAMES = {"numara", "numaralar", "numarasi", "number", "numbers", "alici", "alicilar", "recipient", "recipients"}


class NoNumberColumnError(ListError):
    """No column holds a number that can be used."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The position of the header among the rows that were looked at, None if there is none, and the number column.

    `is_named` is True if the header is a name that is known, or was given.
    """

    header: int | None
    number_column: int
    is_named: bool


def is_number_name(name: str) -> bool:
    """Return True if a column of this name holds phone numbers, as people call them: Cep Telefonu, GSM No, Tel."""
    if len(name) > MAX_NAME:
        return False
    folded = fold(normalize(name))
    if "".join(filter(str.isalnum, folded)) in _NUMBER_NAMES:
        return True
    words = re.split(r"[\W_]+", folded)
    # "Tel yok" is a cell.
    return "yok" not in words and any(map(_NUMBER_WORD.fullmatch, words))


def is_number(row: Sequence[str], column: int, *, international: bool) -> bool:
    """Return True if the cell of `row` in `column` is a number that can be used."""
    cell = row[column] if column < len(row) else ""
    if not 7 <= len(cell) <= MAX_WRITTEN or not _DIGITS.match(cell):
        return False
    return isinstance(read_number(cell, international=international), str)


def find_layout(
    rows: Sequence[Sequence[str]],
    number_column: str | None,
    hidden: AbstractSet[int],
    *,
    international: bool,
    any_column: bool = False,
) -> Layout:
    """Return the layout of the list that begins with `rows`; `hidden` columns are not looked at.

    The header is a row above the numbers with a known name, or with `number_column` if that is given: a name of a column,
    or its letter. Without one, the only column with numbers is taken, if most of its cells are. Raises :class:`ListError`
    if it is not certain which, unless `any_column` will do: then it is the one with most numbers. Raises
    :class:`NoNumberColumnError` if there is none. No row of people is taken for names.
    """
    sample = _Sample(rows, hidden, international, any_column)
    if number_column is not None:
        return sample.named(number_column)
    without_numbers: Layout | None = None
    for position, row in enumerate(rows[:_HEADER_WITHIN]):
        known = sample.known(row)
        if any(sample.first_number(column, position) is not None for column in known):
            return sample.best_header(position)
        if len(known) == 1 and without_numbers is None and position < len(sample.above_numbers):
            without_numbers = Layout(position, known[0], is_named=True)
    columns, is_certain = sample.columns_with_numbers()
    if columns:
        header = sample.header_above(columns[0])
        names = [] if header is None else rows[header]
        return Layout(header, sample.only(columns, names, is_certain=is_certain), is_named=False)
    if without_numbers is not None:
        return without_numbers
    raise NoNumberColumnError(_NO_NUMBERS if not hidden else _NO_VISIBLE_NUMBERS.format(number=len(hidden)))


class _Sample:
    """The rows at the beginning of a list."""

    def __init__(
        self, rows: Sequence[Sequence[str]], hidden: AbstractSet[int], international: bool, any_column: bool
    ) -> None:
        self._rows, self._hidden, self._international, self._any_column = rows, hidden, international, any_column

    def visible(self, row: Sequence[str]) -> list[int]:
        return [column for column, cell in enumerate(row) if column not in self._hidden and cell.strip()]

    def is_number(self, row: Sequence[str], column: int) -> bool:
        return is_number(row, column, international=self._international)

    def is_person(self, row: Sequence[str]) -> bool:
        """Return True if `row` holds a number, of whatever country, also in a hidden column: its cells are no names."""
        return any(is_number(row, column, international=True) for column in range(len(row)))

    def known(self, row: Sequence[str]) -> list[int]:
        """Return the columns whose name in `row` says that they hold numbers."""
        return [] if self.is_person(row) else [column for column in self.visible(row) if is_number_name(row[column])]

    def first_number(self, column: int, below: int = -1) -> int | None:
        """Return the position of the first number in `column` below that position."""
        rows = enumerate(self._rows[below + 1 :], below + 1)
        return next((position for position, row in rows if self.is_number(row, column)), None)

    def names_in(self, position: int) -> int:
        """Return how many cells of a row could be names: texts that differ, as those of a merged title do not."""
        row = self._rows[position]
        return len({row[column].strip() for column in self.visible(row) if any(map(str.isalpha, row[column]))})

    def best_header(self, position: int) -> Layout:
        """Return the layout by the row with most names, from `position` on: a title or a cell may have such a word, too."""
        numbers = [self.first_number(column, position) for column in self.known(self._rows[position])]
        end = min(number for number in numbers if number is not None)
        position = max((row for row in range(position, end) if self.known(self._rows[row])), key=self.names_in)
        row = self._rows[position]
        usable = [column for column in self.known(row) if self.first_number(column, position) is not None]
        return Layout(position, self.only(usable or self.known(row), row), is_named=True)

    def columns_with_numbers(self) -> tuple[list[int], bool]:
        """Return the columns in which most cells are numbers that can be used, and True; without such, those with any.

        A column that is the only one is certain, too.
        """
        rows = [row for row in self._rows if any(row)][:_VALID_WITHIN]
        width = max(map(len, rows), default=0)
        shares = {}
        for column in range(width):
            if column in self._hidden:
                continue
            usable = sum(self.is_number(row, column) for row in rows)
            if usable:
                shares[column] = usable / sum(len(row) > column and bool(row[column].strip()) for row in rows)
        mostly = [column for column, share in shares.items() if share >= 0.5]
        return mostly or list(shares), bool(mostly) or width == 1

    def header_above(self, column: int) -> int | None:
        """Return the row with most names above the first number, of those whose cell there could be a name."""
        possible = []
        for position, row in enumerate(self._rows[: self.first_number(column) or 0]):
            cell = row[column].strip() if column < len(row) else ""
            is_name = len(cell) <= MAX_NAME and any(map(str.isalpha, cell)) and not _CELL.search(fold(cell))
            if is_name and not self.is_person(row):
                possible.append(position)
        return max(possible, key=self.names_in, default=None)

    @cached_property
    def first_row_of_numbers(self) -> int | None:
        """The position of the first row with a number, of those among which the header is."""
        rows = enumerate(self._rows[:_HEADER_WITHIN])
        return next((at for at, row in rows if self.is_person(row)), None)

    @cached_property
    def above_numbers(self) -> Sequence[Sequence[str]]:
        """The rows above the first number in any column. Without one they end at the first with several cells."""
        if self.first_row_of_numbers is not None:
            return self._rows[: self.first_row_of_numbers]
        return self._rows[: next((at for at, row in enumerate(self._rows, 1) if len(self.visible(row)) > 1), 1)]

    def named(self, name: str) -> Layout:
        key = comparison_name(name)
        for position, row in enumerate(self.above_numbers):
            exact = [column for column in self.visible(row) if row[column].strip() == name.strip()]
            same = exact or [column for column in self.visible(row) if comparison_name(row[column]) == key]
            if len(same) > 1:
                raise ListError(_SAME_NAME.format(name=quoted(name), letters=_letters(same)))
            if same:
                return Layout(position, same[0], is_named=True)
        width = max(map(len, self._rows), default=0)
        if re.fullmatch("[A-Za-z]{1,3}", name.strip()):
            column = column_index(name.strip())
            if column < width and column not in self._hidden:
                return self._by_letter(column)
        # Any file may be opened, so that a row of it is quoted only if it is the header above numbers.
        numbers, _ = self.columns_with_numbers()
        header = self.header_above(numbers[0]) if numbers else None
        names = [] if header is None else self._rows[header]
        columns = self.visible(names) or [column for column in range(width) if column not in self._hidden]
        listed = self.names(columns[:_COLUMNS_NAMED], names) or "A"
        raise ListError(_NO_SUCH_COLUMN.format(name=quoted(name), names=listed))

    def _by_letter(self, column: int) -> Layout:
        for position, row in enumerate(self.above_numbers):
            if column < len(row) and is_number_name(row[column]):
                return Layout(position, column, is_named=True)
        return Layout(self.header_above(column), column, is_named=True)

    def only(self, columns: list[int], header: Sequence[str], *, is_certain: bool = True) -> int:
        """Return the one of `columns`, or any; raise :class:`ListError` if there are several: only a person can choose."""
        if len(columns) == 1 and is_certain:
            return columns[0]
        usable = [sum(self.is_number(row, column) for row in self._rows) for column in columns]
        if self._any_column:
            return columns[usable.index(max(usable))]
        names = [comparison_name(header[column]) for column in columns if column < len(header)]
        if len(set(names)) < len(names):
            raise ListError(_SAME_NAME.format(name=quoted(header[columns[0]].strip()), letters=_letters(columns)))
        counts = ", ".join(f"{self.names([column], header)} {n}" for column, n in zip(columns, usable, strict=True))
        raise ListError(_UNCERTAIN.format(counts=counts, rows=len(self._rows)))

    @staticmethod
    def names(columns: Iterable[int], header: Sequence[str]) -> str:
        named = (header[column].strip() if column < len(header) else "" for column in columns)
        return ", ".join(
            quoted(name) if name else column_letter(column) for name, column in zip(named, columns, strict=True)
        )


def _letters(columns: list[int]) -> str:
    return ", ".join(map(column_letter, columns))


_NO_NUMBERS = Text(
    "The list has no column with mobile numbers.",
    "Listede cep numarası içeren bir sütun yok.",
)
_NO_VISIBLE_NUMBERS = Text(
    "The list has no column with mobile numbers among the visible ones; {number} are hidden and read only with include_hidden.",
    "Listenin görünen sütunlarında cep numarası yok; {number} sütun gizli, bunlar yalnızca include_hidden ile okunur.",
    person=Text(
        "The list has no column with mobile numbers among the visible ones; {number} are hidden and read only with "
        "--include-hidden.",
        "Listenin görünen sütunlarında cep numarası yok; {number} sütun gizli, bunlar yalnızca --include-hidden ile okunur.",
    ),
)
_SAME_NAME = Text(
    "More than one column is called {name}: {letters}. Rename one in the file, or give the letter as number_column.",
    "Adı {name} olan birden çok sütun var: {letters}. Dosyada birinin adını değiştirin ya da number_column olarak harfini verin.",
    person=Text(
        "More than one column is called {name}: {letters}. Rename one in the file, or give the letter with --number-column.",
        "Adı {name} olan birden çok sütun var: {letters}. Dosyada birinin adını değiştirin ya da --number-column ile harfini "
        "verin.",
    ),
)
_UNCERTAIN = Text(
    "It is not certain which column holds the numbers; usable ones in the first {rows} rows: {counts}. Ask which one to use "
    "and give it as number_column.",
    "Numaraların hangi sütunda olduğu kesin değil; ilk {rows} satırdaki kullanılabilir numaralar: {counts}. Hangisinin "
    "kullanılacağını sorup number_column olarak verin.",
    person=Text(
        "It is not certain which column holds the numbers; usable ones in the first {rows} rows: {counts}. Give one with "
        "--number-column.",
        "Numaraların hangi sütunda olduğu kesin değil; ilk {rows} satırdaki kullanılabilir numaralar: {counts}. Birini "
        "--number-column ile verin.",
    ),
)
_NO_SUCH_COLUMN = Text(
    "The list has no column {name}; its columns are {names}.",
    "Listede {name} adlı bir sütun yok; sütunları: {names}.",
)
