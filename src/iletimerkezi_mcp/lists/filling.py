"""The texts of a list: a template filled from each row, the rows that cannot be filled, and what the others cost."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from iletimerkezi_mcp.sms.alphabet import CharacterMode
from iletimerkezi_mcp.sms.escape import is_blank
from iletimerkezi_mcp.sms.part_counts import PartCount, PartCounter

from .template import Template


@dataclass(frozen=True)
class Filling:
    """The texts of a list's rows: each different one once, and which of them each row gets.

    `text_numbers` has a number for each row; `counts` has the parts of each text. The rows at the positions `empty` have
    nothing in a column that the text uses, and those at `too_long` are longer than any message: neither is sent.
    """

    template: Template
    texts: Sequence[str]
    counts: Sequence[PartCount]
    text_numbers: Sequence[int]
    empty: Sequence[int]
    too_long: Sequence[int]

    def sendable(self, left_out: Collection[int] = ()) -> Sequence[int]:
        """Return the positions of the rows that can be sent, without `left_out`."""
        unusable = {*self.empty, *self.too_long, *left_out}
        positions = range(len(self.text_numbers))
        return array("I", (row for row in positions if row not in unusable)) if unusable else positions

    def parts(self, positions: Sequence[int]) -> dict[int, int]:
        """Return how many of these rows have a text of so many parts, by parts."""
        if len(self.texts) == 1:
            return {self.counts[0].parts: len(positions)}
        by_text = Counter(map(self.text_numbers.__getitem__, positions))
        table: Counter[int] = Counter()
        for text, rows in by_text.items():
            table[self.counts[text].parts] += rows
        return dict(sorted(table.items()))

    def credits(self, positions: Sequence[int]) -> int:
        """Return the credits for these rows, at most."""
        return sum(parts * rows for parts, rows in self.parts(positions).items())

    def samples(self, positions: Sequence[int]) -> tuple[int, int, int]:
        """Return the positions of the first row, the one with the longest text and the one with the dearest, of these."""

        if len(self.texts) == 1:
            return (positions[0],) * 3

        def length(row: int) -> int:
            return len(self.texts[self.text_numbers[row]])

        def price(row: int) -> tuple[int, int]:
            return self.counts[self.text_numbers[row]].parts, length(row)

        return positions[0], max(positions, key=length), max(positions, key=price)

    def text(self, row: int) -> str:
        """Return the text of the row at this position."""
        return self.texts[self.text_numbers[row]]


def fill(
    template: Template,
    cells: Mapping[int, Sequence[str]],
    rows: int,
    mode: CharacterMode | None,
) -> Filling:
    """Fill `template` from the cells of `rows` rows, and count the parts of each text on an account in `mode`."""
    counter = PartCounter(mode)
    if not template.fields:
        count = counter.count(template.text)
        every_row = range(rows if count.too_long else 0)
        return Filling(template, [template.text], [count], array("I", [0]) * rows, (), every_row)
    numbers: dict[str, int] = {}
    text_numbers = array("I", [numbers.setdefault(text, len(numbers)) for text in template.fill(cells)])
    counts = list(map(counter.count, numbers))
    blank = {value for column in template.columns for value in set(cells[column]) if is_blank(value)}
    empty = {row for column in template.columns for row, value in enumerate(cells[column]) if value in blank}
    too_long = [row for row, number in enumerate(text_numbers) if counts[number].too_long and row not in empty]
    return Filling(template, list(numbers), counts, text_numbers, sorted(empty), too_long)
